"""What people find and read: search queries, the pages they lead to, content items, and what came of each."""

from __future__ import annotations

from html import escape

import polars as pl

from dashboards.components.desk import Desk
from dashboards.components.figures import Figure
from dashboards.components.view import Span

CHANNEL = "organic_search"
KINDS = ("all", "brand", "non_brand")
LISTED = 200
LOST_LISTED = 50
_ITEMS = """
    select content_id as content_item, title, topic, format, published_date, url_path as landing_page
    from marts.dim_content_items
"""


def queries(desk: Desk, shown: int | None = LISTED) -> pl.DataFrame:
    """Return search queries with clicks, impressions, click rate and weighted position, the most clicked first."""
    names = ["search_clicks", "search_impressions", "search_click_rate", "search_position"]
    kinds = ["query_kind"] if desk.by(names, "query_kind") else []
    frame = desk.frame(names, by=["query", *kinds])
    return frame.sort("search_clicks", "search_impressions", "query", descending=[True, True, False]).slice(0, shown)


def _spans(desk: Desk, clicks: Figure | None) -> tuple[Span, Span] | None:
    """The days over which clicks are compared, and those before; nothing where nothing is compared."""
    if clicks is None or clicks.compared is None or desk.view.shift is None:
        return None
    return clicks.compared, clicks.compared.back(desk.view.shift)


def lost(desk: Desk, clicks: Figure | None, shown: int | None = LOST_LISTED) -> pl.DataFrame:
    """Return queries that brought fewer clicks than in the days before, the largest loss first, with both positions.

    Only queries that were shown often enough in both periods to have a position (X9).
    """
    spans = _spans(desk, clicks)
    names = ["search_clicks", "search_impressions", "search_position"]
    if spans is None or not desk.by(names, "query"):
        return pl.DataFrame()
    now, before = (desk.frame(names, by=["query"], span=span) for span in spans)
    both = now.join(before, on="query", suffix="_before").filter(
        (pl.col("search_impressions") >= desk.minimum) & (pl.col("search_impressions_before") >= desk.minimum)
    )
    changed = both.with_columns(
        (pl.col("search_clicks") - pl.col("search_clicks_before")).alias("clicks_change"),
        (pl.col("search_position") - pl.col("search_position_before")).alias("position_change"),
    )
    fewer = changed.filter(pl.col("clicks_change") < 0).sort("clicks_change", "query").slice(0, shown)
    kept = ("query", "search_clicks", "search_clicks_before", "search_position", "search_position_before")
    return fewer.select(*kept, "position_change")


def lost_note(desk: Desk, clicks: Figure | None) -> str:
    """Return which days are compared, and how often a query must have been shown."""
    spans = _spans(desk, clicks)
    if spans is None:
        return ""
    after, before = (desk.t.span(span.start, span.end) for span in spans)
    return str(desk.t("content.lost_note", after=after, before=before, n=desk.minimum))


def landing_pages(desk: Desk, shown: int | None = LISTED) -> pl.DataFrame:
    """Return pages with how they show in search, and what the visits from search that began on them brought."""
    found = desk.frame(["search_impressions", "search_clicks", "search_position"], by=["landing_page"])
    visits = ["sessions", "engaged_session_rate", "conversion_rate", "orders", "revenue_gross"]
    came = desk.narrowed(channel=CHANNEL).frame(desk.by(visits, "landing_page"), by=["landing_page"])
    both = found.join(came, on="landing_page", how="full", coalesce=True) if came.width > 1 else found
    return desk.top(both, "search_clicks").slice(0, shown)


def content(desk: Desk, shown: int | None = LISTED) -> pl.DataFrame:
    """Return content items with their views, and the visits and orders that began on them, the most viewed first."""
    read = desk.frame(["content_views", "content_minutes_per_view", "content_shares"], by=["content_item"])
    items = desk.rows(_ITEMS).join(read, on="content_item", how="inner")
    visits = ["sessions", "conversion_rate", "orders", "revenue_gross"]
    came = desk.frame(desk.by(visits, "landing_page"), by=["landing_page"])
    both = items.join(came, on="landing_page", how="left") if came.width > 1 else items
    return desk.top(both.drop("content_item"), "content_views").slice(0, shown)


def worst(desk: Desk, lost_queries: pl.DataFrame) -> str:
    """Return which query lost the most clicks, in words; nothing where none lost any."""
    if lost_queries.height == 0:
        return ""
    row = lost_queries.row(0, named=True)
    values = {name: desk.show(name.removesuffix("_before"), row[name]) for name in lost_queries.columns[1:5]}
    return str(desk.t("content.worst", query=escape(row["query"]), **values))
