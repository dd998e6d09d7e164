"""How far do our accounts reach, what is said of us, and what do customers answer?"""

from __future__ import annotations

from functools import partial

from dashboards.components import charts, media, palette
from dashboards.components.answers import answer, came
from dashboards.components.current import get_desk
from dashboards.components.empty import missing
from dashboards.components.figures import measure, show_figures
from dashboards.components.layout import group, heading
from dashboards.components.panels import panel, row, table_panel
from dashboards.components.slices import slice_by

POSTS = ("social_reach", "social_engagement_rate", "social_followers_gained")
SAID = ("mentions", "negative_mention_rate", "share_of_voice")
ANSWERED = ("net_promoter_score", "satisfaction_mean", "survey_responses")
VISITS = ("sessions", "engaged_session_rate", "orders", "revenue_net")

desk = get_desk()
slice_by(desk, "platform")
through = desk.narrowed(channel=media.CHANNEL)
groups = {name: (desk, measure(desk, names)) for name, names in (("posts", POSTS), ("said", SAID))}
groups["visits"] = (through, measure(through, VISITS) if desk.has("web") else {})
groups["answered"] = (desk, measure(desk, ANSWERED))
brought = came(desk, "social.through", groups["visits"][1])
heading(desk, "social", answer(desk, groups["said"][1] | groups["posts"][1] | groups["answered"][1]), brought)
for name, (asker, figures) in groups.items():
    if any(not figure.is_silent for figure in figures.values()):
        group(desk.t(f"social.{name}_figures"))
        show_figures(asker, list(figures.values()))

absent = missing(desk, "social", "mentions", "surveys")
if "social" not in absent and desk.by(("social_reach",), "platform"):
    reach = desk.frame(["social_reach"], by=["platform"], grain=desk.view.grain)
    platforms = desk.frame(
        ["social_reach", "social_engagements", "social_engagement_rate", "social_followers_gained"], by=["platform"]
    )
    left, right = row(desk, 1, 1)
    with left:
        panel(
            desk,
            "social_reach",
            charts.stacked(desk, reach, "social_reach", "platform"),
            reach,
            title=desk.titled("social.reach", "social_reach"),
            note=desk.t("chart.note"),
        )
    with right:
        table_panel(desk, "networks", desk.top(platforms, "social_reach"), title=desk.t("social.platforms"))
    formats = desk.frame(["social_engagement_rate", "social_reach"], by=["post_format"])
    left, right = row(desk, 2, 3)
    with left:
        panel(
            desk,
            "formats",
            charts.bars(desk, formats, "social_engagement_rate", "post_format"),
            desk.top(formats, "social_engagement_rate"),
            title=desk.titled("social.formats", "social_engagement_rate"),
            note=desk.t("chart.small_note", n=desk.minimum),
        )
    with right:
        table_panel(
            desk,
            "posts",
            media.posts(desk),
            title=desk.t("social.posts"),
            of=("social",),
            whole=partial(media.posts, desk, None),
        )
if "mentions" not in absent:
    voices, brands = media.sentiment(desk), media.brands(desk)
    left, right = row(desk, 1, 1)
    with left:
        panel(
            desk,
            "mentions_by_sentiment",
            media.columns(desk, voices, "sentiment", palette.SENTIMENTS),
            voices,
            title=desk.t("social.sentiment"),
            note=desk.t("chart.note"),
        )
    with right:
        panel(
            desk,
            "brands",
            media.brand_chart(desk, brands),
            brands,
            title=desk.t("social.brands"),
            note=desk.t("social.brands_note"),
        )
    table_panel(
        desk,
        "negative_mentions",
        media.complaints(desk),
        title=desk.t("social.complaints"),
        of=("mentions",),
        whole=partial(media.complaints, desk, None),
    )
score = next((name for name in ANSWERED[:2] if name in desk.known(ANSWERED) and desk.totals([name])[name]), None)
if "surveys" not in absent and score:
    answers = desk.frame([score, "survey_responses"], grain=desk.view.grain)
    kinds = desk.frame(desk.by([score, "survey_responses"], "product_category"), by=["product_category"])
    left, right = row(desk, 1, 1)
    with left:
        panel(
            desk,
            "answers_trend",
            charts.trend(desk, answers, score),
            answers,
            title=desk.titled("social.answers", score),
            note=desk.t("chart.note"),
        )
    with right:
        table_panel(desk, "answers_by_product", desk.top(kinds, "survey_responses"), title=desk.t("social.products"))
