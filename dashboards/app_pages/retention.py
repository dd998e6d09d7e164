"""Do people come back, and are newer cohorts better than older ones?"""

from __future__ import annotations

from dashboards.components import cohorts
from dashboards.components.answers import answer
from dashboards.components.current import get_desk
from dashboards.components.empty import missing
from dashboards.components.figures import measure, show_figures
from dashboards.components.layout import heading
from dashboards.components.panels import panel, row
from dashboards.components.slices import pick

FIGURES = ("retention_rate", "repeat_rate", "repeat_customers", "customers", "active_customers")

desk = get_desk()
grain = pick(desk, "cohort_grain", ("week", "month"))
activity = pick(desk, "activity", cohorts.activities(desk) or ("order",))
figures = measure(desk, FIGURES)
grid = cohorts.grid(desk, grain, activity)
curve = cohorts.curve(desk, grain, activity)
heading(desk, "retention", answer(desk, figures), cohorts.sentence(desk, curve, grain, activity))
show_figures(desk, list(figures.values()))

if not missing(desk, "retention"):
    left, right = row(desk, 3, 2)
    with left:
        panel(
            desk,
            "retention_grid",
            cohorts.grid_chart(desk, grid),
            grid,
            title=desk.t("retention.grid", activity=desk.t(f"values.activity.{activity}")),
            note=desk.t("retention.grid_note", n=desk.minimum),
        )
    with right:
        panel(
            desk,
            "retention_curve",
            cohorts.curve_chart(desk, curve),
            curve,
            title=desk.t("retention.curve"),
            note=desk.t("retention.curve_note"),
        )
missing(desk, *(topic for topic in ("orders",) if not desk.has(topic)))
