"""The few kinds of chart that pages use; what is not settled is dashed or lighter."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import altair as alt
import polars as pl

from dashboards.components import palette, theme
from dashboards.components.axes import number_axis, plain, time_axis, with_period_text, with_shown
from dashboards.components.desk import Desk
from dashboards.components.periods import MATURE, with_state

HEIGHT = 250
BAR_STEP = 24
# Width of a letter at the end of a bar, as a share of the bars in a narrow panel.
_LETTER = 0.045
_FAINT = 0.42


def series(desk: Desk, frame: pl.DataFrame, metric: str, grain: str) -> pl.DataFrame:
    """Return a metric's series as charts draw it: with maturity, and with its texts for the tooltip."""
    staged = with_state(frame, grain, desk.view.span, desk.settled(metric), desk.today, desk.arrived(metric))
    staged = staged.filter(pl.col(metric).is_not_null())
    return with_period_text(desk, with_shown(desk, staged, metric))


def trend(
    desk: Desk,
    frame: pl.DataFrame,
    metric: str,
    before: pl.DataFrame | None = None,
    *,
    grain: str | None = None,
    height: int = HEIGHT,
) -> theme.Drawing:
    """Return a line of one metric over time, with the period before it as a thin grey line."""
    now = series(desk, frame, metric, grain or desk.view.grain)
    colours = {desk.t("chart.now"): theme.accent()}
    layers = _dashing_lines(desk, now.with_columns(pl.lit(desk.t("chart.now")).alias("line")), metric, colours)
    if before is not None and before.height and desk.view.shift is not None:
        layers.insert(0, _line_before(desk, frame, before, metric))
    return theme.dressed(alt.layer(*layers).properties(height=height))


def _line_before(desk: Desk, frame: pl.DataFrame, before: pl.DataFrame, metric: str) -> alt.Chart:
    """Return the earlier period moved under the present one, period by period."""
    size = min(frame.height, before.height)
    moved = with_shown(desk, before.head(size), metric).with_columns(
        frame["period"].head(size), pl.Series("period_text", [desk.t.date(day) for day in before["period"].head(size)])
    )
    base = alt.Chart(plain(moved.select("period", metric, "shown", "period_text")))
    line: alt.Chart = base.mark_line(color=palette.NEUTRAL, strokeWidth=1.3).encode(
        x=_time(desk, frame), y=alt.Y(f"{metric}:Q"), tooltip=_tips(desk, metric, None)
    )
    return line


def _dashing_lines(desk: Desk, data: pl.DataFrame, metric: str, colours: Mapping[str, str]) -> list[alt.Chart]:
    """Return a solid line over settled periods and a dashed one onward from the last of them."""
    present = [name for name in colours if name in set(data["line"])]
    scale = alt.Scale(domain=present, range=[colours[name] for name in present])
    legend = alt.Legend() if len(present) > 1 else None
    is_mature = pl.col("maturity") == MATURE
    columns = ["period", metric, "line", "shown", "period_text", "maturity"]
    encode = {
        "x": _time(desk, data),
        "y": alt.Y(f"{metric}:Q", axis=number_axis(desk, desk.catalogue[metric].unit)),
        "color": alt.Color("line:N", scale=scale, legend=legend),
        "tooltip": _tips(desk, metric, "line" if len(present) > 1 else None),
    }
    settled = data.filter(is_mature).select(columns)
    solid = alt.Chart(plain(settled)).mark_line(point=_points(data)).encode(**encode)
    rest = unsettled_runs(data).select([*columns, "run"])
    base = alt.Chart(plain(rest)).mark_line(strokeDash=[3, 4], opacity=0.75, point=_points(data))
    dashed = base.encode(detail=alt.Detail("run:N"), **encode)
    # An empty layer would be a picture without a name to a screen reader.
    return [line for line, rows in ((dashed, rest), (solid, settled)) if rows.height]


def unsettled_runs(data: pl.DataFrame) -> pl.DataFrame:
    """Return the unsettled stretches of each line, numbered, each with the settled points it begins and ends at."""
    runs: list[dict[str, object]] = []
    for line in data.partition_by("line", maintain_order=True):
        rows = line.to_dicts()
        for at, (left, right) in enumerate(itertools.pairwise(rows)):
            if left["maturity"] != MATURE or right["maturity"] != MATURE:
                runs += [left | {"run": at}, right | {"run": at}]
        if len(rows) == 1 and rows[0]["maturity"] != MATURE:
            runs.append(rows[0] | {"run": 0})
    return pl.DataFrame(runs, schema={**data.schema, "run": pl.Int64})


def _points(data: pl.DataFrame) -> alt.OverlayMarkDef | bool:
    return alt.OverlayMarkDef(size=26, filled=True) if data.height <= 60 else alt.OverlayMarkDef(size=40, opacity=0)


def _time(desk: Desk, frame: pl.DataFrame, padding: int = 6) -> alt.X:
    scale = alt.Scale(padding=padding)
    return alt.X("period:T", scale=scale, axis=time_axis(desk, desk.view.grain, frame["period"]))


def _tips(desk: Desk, metric: str, line: str | None) -> list[alt.Tooltip]:
    tips = [alt.Tooltip("period_text:N", title=desk.t("columns.period"))]
    if line == "line":
        tips.append(alt.Tooltip("line:N", title=desk.t("chart.what")))
    return [*tips, alt.Tooltip("shown:N", title=desk.label(metric))]


def named(desk: Desk, frame: pl.DataFrame, by: str) -> pl.DataFrame:
    """Return the frame with the reader's word for each value of a dimension in a column `line`."""
    return frame.with_columns(pl.Series("line", [desk.value_label(by, value) for value in frame[by]], dtype=pl.String))


def colours_of(data: pl.DataFrame, by: str, colours: Mapping[str, str] | None) -> dict[str, str]:
    """Return the colour of each word in `line`: its value's own where it has one, grey for those without."""
    names = dict(zip(data[by].to_list(), data["line"].to_list(), strict=True))
    known = palette.series_colours(key for key in names if key) if colours is None else colours
    ordered = [*[key for key in known if key in names], *[key for key in names if key not in known]]
    return {names[key]: known.get(key, palette.NEUTRAL) for key in ordered}


def column_width(periods: int) -> int:
    """Return the width in pixels at which columns of a half-wide chart do not touch."""
    return max(3, min(24, 210 // max(periods, 1)))


def stacked(
    desk: Desk, frame: pl.DataFrame, metric: str, by: str, colours: Mapping[str, str] | None = None
) -> theme.Drawing:
    """Return columns over time, stacked by a dimension; periods that are not settled are lighter."""
    data = named(desk, series(desk, frame, metric, desk.view.grain), by)
    shades = colours_of(data, by, colours)
    scale = alt.Scale(domain=list(shades), range=list(shades.values()))
    width = column_width(data["period"].n_unique())
    chart = (
        alt.Chart(plain(data.select("period", metric, "line", "shown", "period_text", "maturity")))
        .mark_bar(size=width, cornerRadiusEnd=0)
        .encode(
            x=_time(desk, data, padding=18),
            y=alt.Y(f"{metric}:Q", stack=True, axis=number_axis(desk, desk.catalogue[metric].unit)),
            color=alt.Color("line:N", scale=scale),
            opacity=theme.opacity(f"datum.maturity === '{MATURE}'", 1, _FAINT),
            tooltip=_tips(desk, metric, "line"),
        )
    )
    return theme.dressed(chart.properties(height=HEIGHT))


def room_for_text(values: pl.Series, texts: pl.Series) -> alt.Scale:
    """Return a scale that leaves room for the value written at the end of the longest bar, in a narrow panel too."""
    numbers = values.cast(pl.Float64).drop_nulls().to_list()
    longest = max(texts.str.len_chars().drop_nulls().to_list(), default=0)
    room = min(1.1 + _LETTER * longest, 1.65)
    return alt.Scale(domain=[min([0.0, *numbers]), max([0.0, *numbers]) * room or 1.0], nice=False)


def bars(
    desk: Desk,
    frame: pl.DataFrame,
    metric: str,
    by: str,
    colours: Mapping[str, str] | None = None,
    order: Sequence[str] | None = None,
) -> theme.Drawing:
    """Return lying bars, the longest first, each with its value; those on too few cases are faint (X9)."""
    base = desk.base_of(metric)
    few = pl.col(base) < desk.minimum if base and base in frame.columns else pl.lit(value=False)
    data = named(desk, with_shown(desk, frame.filter(pl.col(metric).is_not_null()), metric), by)
    data = data.with_columns(few.fill_null(value=False).alias("few"))
    shades = colours_of(data, by, colours) if colours else dict.fromkeys(data["line"].to_list(), theme.accent())
    sort = list(order) if order else data.sort(metric, descending=True, nulls_last=True)["line"].to_list()
    y = alt.Y("line:N", sort=sort, axis=alt.Axis(title=None))
    source = plain(data.select("line", metric, "shown", "few"))
    bar = (
        alt.Chart(source)
        .mark_bar(size=15)
        .encode(
            x=alt.X(f"{metric}:Q", axis=None, scale=room_for_text(data[metric], data["shown"])),
            y=y,
            color=alt.Color("line:N", scale=alt.Scale(domain=list(shades), range=list(shades.values())), legend=None),
            opacity=theme.opacity("datum.few", _FAINT, 1),
            tooltip=[alt.Tooltip("line:N", title=desk.label(by)), alt.Tooltip("shown:N", title=desk.label(metric))],
        )
    )
    text = (
        alt.Chart(source)
        .mark_text(align="left", dx=5)
        .encode(x=alt.X(f"{metric}:Q"), y=y, text=alt.Text("shown:N"), opacity=theme.opacity("datum.few", 0.6, 1))
    )
    height = max(90, BAR_STEP * max(data["line"].n_unique(), 1) + 12)
    return theme.dressed(alt.layer(bar, text).properties(height=height))
