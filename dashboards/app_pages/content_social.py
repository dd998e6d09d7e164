"""What do people find, read and say, and does it bring them to us?"""

from __future__ import annotations

from dashboards.components import charts, media, palette
from dashboards.components.answers import answer
from dashboards.components.current import get_desk
from dashboards.components.empty import missing
from dashboards.components.figures import measure, show_figures
from dashboards.components.layout import heading
from dashboards.components.panels import panel, row, table_panel
from dashboards.components.slices import slice_by

FIGURES = (
    "search_clicks",
    "search_click_rate",
    "search_position",
    "social_reach",
    "social_engagement_rate",
    "mentions",
    "negative_mention_rate",
    "share_of_voice",
    "messages_sent",
    "message_click_rate",
    "private_contacts_new",
    "first_reply_minutes",
)

desk = get_desk()
slice_by(desk, "platform")
figures = measure(desk, FIGURES)
heading(desk, "content_social", answer(desk, figures))
show_figures(desk, list(figures.values()))

absent = missing(desk, "search", "content", "social", "mentions", "messages", "private")
left, right = row(desk, 1, 1)
if "search" not in absent:
    clicks = desk.frame(["search_clicks", "search_impressions", "search_position"], grain=desk.view.grain)
    before = desk.frame(["search_clicks"], grain=desk.view.grain, span=desk.view.before) if desk.view.before else None
    with left:
        panel(
            desk,
            "search_trend",
            charts.trend(desk, clicks, "search_clicks", before),
            clicks,
            title=desk.titled("content.search", "search_clicks"),
            note=desk.t("chart.note"),
        )
    with right:
        table_panel(desk, "queries", media.queries(desk), title=desk.t("content.queries"))
if "content" not in absent:
    table_panel(
        desk, "content_items", media.content(desk), title=desk.t("content.items"), note=desk.t("content.items_note")
    )
left, right = row(desk, 1, 1)
if "social" not in absent and desk.by(("social_reach",), "platform"):
    reach = desk.frame(["social_reach"], by=["platform"], grain=desk.view.grain)
    with left:
        panel(
            desk,
            "social_reach",
            charts.stacked(desk, reach, "social_reach", "platform"),
            reach,
            title=desk.titled("content.reach", "social_reach"),
            note=desk.t("chart.note"),
        )
    with right:
        table_panel(desk, "posts", media.posts(desk), title=desk.t("content.posts"))
left, right = row(desk, 1, 1)
if "mentions" not in absent:
    voices = media.sentiment(desk)
    with left:
        panel(
            desk,
            "mentions_by_sentiment",
            media.columns(desk, voices, "sentiment", palette.SENTIMENTS),
            voices,
            title=desk.t("content.sentiment"),
            note=desk.t("chart.note"),
        )
    with right:
        brands = media.brands(desk)
        panel(
            desk,
            "brands",
            media.brand_chart(desk, brands),
            brands,
            title=desk.t("content.brands"),
            note=desk.t("content.brands_note"),
        )
    table_panel(desk, "negative_mentions", media.complaints(desk), title=desk.t("content.complaints"))
left, right = row(desk, 1, 1)
if "messages" not in absent:
    campaigns = desk.frame(
        desk.by(("messages_sent", "message_click_rate", "unsubscribe_rate"), "campaign"), by=["campaign"]
    )
    with left:
        table_panel(desk, "messages", desk.top(campaigns, "messages_sent"), title=desk.t("content.messages"))
if "private" not in absent:
    contacts = desk.frame(["private_contacts_new", "private_contacts_lost"], grain=desk.view.grain)
    with right:
        panel(
            desk,
            "private_contacts",
            charts.trend(desk, contacts, "private_contacts_new"),
            contacts,
            title=desk.titled("content.contacts", "private_contacts_new"),
            note=desk.t("chart.note"),
        )
