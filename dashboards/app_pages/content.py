"""Which content and which searches bring visits and orders, and where are positions lost?"""

from __future__ import annotations

from functools import partial

from dashboards.components import charts, found
from dashboards.components.answers import answer, came
from dashboards.components.current import get_desk
from dashboards.components.empty import missing
from dashboards.components.figures import measure, show_figures
from dashboards.components.layout import group, heading
from dashboards.components.panels import panel, row, table_panel
from dashboards.components.slices import pick

SEARCH = ("search_impressions", "search_clicks", "search_click_rate", "search_position")
VISITS = ("sessions", "engaged_session_rate", "orders", "revenue_net")
CONTENT = ("content_views", "content_minutes_per_view")

desk = get_desk()
kinds = desk.by(("search_clicks",), "query_kind")
kind = pick(desk, "query_kind", found.KINDS) if kinds else found.KINDS[0]
searched = desk if kind == found.KINDS[0] else desk.narrowed(query_kind=kind)
search, content = measure(searched, SEARCH), measure(desk, CONTENT)
through = desk.narrowed(channel=found.CHANNEL)
visits = measure(through, VISITS) if desk.has("web") else {}
fewer = partial(found.lost, searched, search.get("search_clicks"))
lost = fewer()
heading(desk, "content", answer(desk, search | content), came(desk, "content.through", visits), found.worst(desk, lost))
if search:
    group(desk.t("content.in_search"))
    show_figures(searched, list(search.values()))
if visits:
    group(desk.t("content.visits"))
    show_figures(through, list(visits.values()))
if content:
    group(desk.t("content.read"))
    show_figures(desk, list(content.values()))

absent = missing(desk, "search", "content")
if "search" not in absent:
    clicks = searched.frame(["search_clicks", "search_impressions", "search_position"], grain=desk.view.grain)
    earlier = desk.view.before
    before = searched.frame(["search_clicks"], grain=desk.view.grain, span=earlier) if earlier else None
    by_kind = searched.frame(kinds, by=["query_kind"], grain=desk.view.grain)
    left, right = row(desk, 1, 1)
    with left:
        panel(
            desk,
            "search_trend",
            charts.trend(searched, clicks, "search_clicks", before),
            clicks,
            title=desk.titled("overview.trend", "search_clicks"),
            note=desk.t("chart.note"),
        )
    with right:
        panel(
            desk,
            "search_kinds",
            charts.stacked(searched, by_kind, "search_clicks", "query_kind") if kinds else None,
            by_kind,
            title=desk.titled("content.kinds", "search_clicks"),
            note=desk.t("chart.note"),
        )
    table_panel(
        desk,
        "lost_queries",
        lost,
        title=desk.t("content.lost"),
        note=found.lost_note(desk, search.get("search_clicks")),
        when_empty=desk.t("content.none_lost"),
        whole=partial(fewer, None),
    )
    table_panel(
        desk,
        "queries",
        found.queries(searched),
        title=desk.t("content.queries"),
        whole=partial(found.queries, searched, None),
    )
    if desk.by(SEARCH, "landing_page"):
        table_panel(
            desk,
            "landing_pages",
            found.landing_pages(searched),
            title=desk.t("content.landing_pages"),
            note=desk.t("content.landing_pages_note"),
            whole=partial(found.landing_pages, searched, None),
        )
if "content" not in absent and content:
    topics = desk.frame(desk.by(CONTENT, "content_topic"), by=["content_topic"])
    left, right = row(desk, 2, 3)
    with left:
        panel(
            desk,
            "content_topics",
            charts.bars(desk, topics, "content_views", "content_topic"),
            desk.top(topics, "content_views"),
            title=desk.titled("content.topics", "content_views"),
        )
    with right:
        table_panel(
            desk,
            "content_items",
            found.content(desk),
            title=desk.t("content.items"),
            note=desk.t("content.items_note"),
            of=("content", "web"),
            whole=partial(found.content, desk, None),
        )
