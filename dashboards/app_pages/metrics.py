"""What does each number mean, where does it come from, and where is it used?"""

from __future__ import annotations

from dashboards.components import charts, definitions
from dashboards.components.current import get_desk
from dashboards.components.figures import measure, show_figures
from dashboards.components.layout import heading
from dashboards.components.panels import panel, row, table_panel
from dashboards.components.tables import show_prose

desk = get_desk()
catalogue = definitions.read(desk)
found = definitions.search(desk, catalogue)
heading(desk, "metrics", definitions.sentence(desk, catalogue))
if entry := definitions.choose(desk, found):
    name = entry.definition.name
    left, right = row(desk, 3, 2)
    with left:
        table_panel(
            desk, "definition", definitions.told(desk, entry), title=desk.label(name), show=definitions.show_definition
        )
    with right:
        figures = measure(desk, [name])
        show_figures(desk, list(figures.values()))
        series = desk.frame([name], grain=desk.view.grain)
        if name in figures and series.height:
            panel(
                desk,
                "metric_trend",
                charts.trend(desk, series, name),
                series,
                title=desk.titled("overview.trend", name),
                note=desk.t("chart.note"),
            )
        if entry.streams:
            table_panel(
                desk,
                "metric_streams",
                definitions.streams(desk, entry),
                title=desk.t("catalogue.streams"),
                note=desk.t("catalogue.streams_note"),
            )
table_panel(
    desk,
    "catalogue",
    definitions.table(desk, found),
    title=desk.t("catalogue.title", n=len(found), of=len(catalogue)),
    note=desk.t("catalogue.note"),
    when_empty=desk.t("catalogue.none"),
    show=show_prose,
)
