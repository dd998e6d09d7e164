"""The frame around every page: styles, heading with the answer, and the line that names the snapshot (U5)."""

from __future__ import annotations

import datetime as dt

import streamlit as st

from dashboards.components import theme
from dashboards.components.desk import Desk

LANGUAGE_TAGS = {"en": "en", "zh": "zh-CN"}
_STYLES = """
<style>
  .block-container, [data-testid="stMainBlockContainer"] {
    padding-top: 2.6rem; padding-bottom: 2rem; max-width: 1440px;
  }
  [data-testid="stMetricValue"] { font-variant-numeric: tabular-nums; letter-spacing: -0.01em; }
  [data-testid="stMetricLabel"] { opacity: 0.9; }
  [data-testid="stVerticalBlock"] { gap: 0.75rem; }
  .ops-answer { font-size: 1.06rem; line-height: 1.55; max-width: 62rem; margin: 0 0 0.35rem 0; }
  .ops-question { opacity: 0.72; margin: -0.4rem 0 0.15rem 0; font-size: 0.95rem; }
  .ops-foot { font-size: 0.8rem; opacity: 0.72; line-height: 1.6;
              border-top: 1px solid rgba(128, 140, 150, 0.25); padding-top: 0.6rem; margin-top: 0.6rem; }
  .ops-foot b { font-weight: 600; }
  [class*="st-key-figures_"] { display: grid !important; gap: 0.6rem;
                               grid-template-columns: repeat(auto-fill, minmax(198px, 1fr)); }
  [class*="st-key-figures_"] > div { height: 100%; }
  .ops-figure-foot { margin: 0.15rem 0 0 0; font-size: 0.8rem; line-height: 1.45; opacity: 0.72; }
  .ops-spark { display: block; width: 100%; height: 30px; }
  .ops-table { overflow-x: auto; }
  .ops-table table { width: 100%; border-collapse: collapse; font-size: 0.9rem; font-variant-numeric: tabular-nums; }
  .ops-table th, .ops-table td { text-align: left; padding: 0.28rem 0.9rem 0.28rem 0; white-space: nowrap;
                                 border-bottom: 1px solid rgba(128, 140, 150, 0.2); }
  .ops-table th { font-weight: 600; opacity: 0.8; }
  .ops-prose td, .ops-prose th { vertical-align: top; padding-right: 0.6rem; }
  .ops-prose td.ops-long { white-space: normal; min-width: 7.5rem; }
  .ops-group { font-size: 0.95rem; font-weight: 600; margin: 0.5rem 0 -0.35rem 0; padding: 0; }
  .ops-facts { display: grid; grid-template-columns: minmax(7rem, max-content) 1fr; gap: 0.3rem 1rem;
               margin: 0 !important; padding: 0 !important; font-size: 0.92rem; line-height: 1.5; }
  .ops-facts dt, .ops-facts dd { margin: 0 !important; padding: 0 !important; overflow-wrap: anywhere; }
  .ops-facts dt { font-weight: 600; opacity: 0.8; }
  [data-testid="stCaptionContainer"] { color: inherit !important; opacity: 0.78; }
  [data-testid="stCaptionContainer"] code { color: inherit !important; }
  h5 { padding: 0 0 0.3rem 0 !important; }
  [class*="st-key-head_"] > :last-child, [class*="st-key-head_"] > :last-child > * { width: auto !important;
                                                                                      flex: 0 0 auto; }
  [class*="st-key-head_"] [data-testid="stMarkdownContainer"] { margin-bottom: 0 !important; }
  [class*="st-key-head_"] button { padding: 0 !important; min-height: 0 !important; line-height: 1.4; }
  .ops-standing { margin: 0; font-size: 0.78rem; line-height: 1.4; opacity: 0.78; }
  @media (max-width: 640px) {
    .block-container, [data-testid="stMainBlockContainer"] { padding-left: 0.9rem; padding-right: 0.9rem; }
    [class*="st-key-figures_"] { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  }
</style>
"""

# White on the bright blue that stands out from a dark page cannot be read.
_DARK = f"""
<style>
  [data-testid="stMultiSelect"] span[title], [data-testid="stMultiSelect"] span[title] ~ *,
  [data-testid="stBaseButton-primary"], [data-testid="stBaseButton-primaryFormSubmit"],
  [data-testid="stBaseButton-primary"] p, [data-testid="stBaseButton-primaryFormSubmit"] p {{
    color: {theme.GROUNDS["dark"]} !important;
  }}
</style>
"""


def styles() -> None:
    """Set spacing and type that the theme cannot."""
    st.html(_STYLES + (_DARK if theme.is_dark() else ""))


def speak(lang: str) -> None:
    """Tell the browser the language of the page, so that a screen reader pronounces it and fonts fit (U4)."""
    tag = LANGUAGE_TAGS[lang]
    st.html(f"<script>document.documentElement.lang = '{tag}'</script>", unsafe_allow_javascript=True, width="content")


def heading(desk: Desk, page: str, *sentences: str, dated: bool = True) -> None:
    """Begin a page: its name, its question, the answer that the numbers give, and the period they are of."""
    desk.page, desk.is_dated = page, dated
    st.title(desk.t(f"pages.{page}.title"))
    st.html(f'<p class="ops-question">{desk.t(f"pages.{page}.question")}</p>')
    answer = ("" if desk.t.lang == "zh" else " ").join(text.strip() for text in sentences if text.strip())
    st.html(f'<p class="ops-answer" data-testid="answer">{answer}</p>')
    if dated:
        st.caption(desk.period_line())


def group(title: str) -> None:
    """Head a group of figures."""
    st.html(f'<h2 class="ops-group">{title}</h2>')


def footer(desk: Desk) -> None:
    """End a page: snapshot, cut-off, zone and currency."""
    snapshot = desk.metrics.snapshot
    parts = [
        desk.t("layout.snapshot", name=str(snapshot.id)),
        desk.t("layout.made", when=desk.t.moment(local(desk, snapshot.created_at))),
        desk.t("layout.cut_off", when=desk.t.moment(local(desk, snapshot.cut_off))),
        desk.t("layout.until", day=desk.t.date(desk.today)),
        desk.t("layout.zone", zone=desk.workspace.settings.time_zone, currency=desk.currency),
    ]
    notes = desk.t("layout.maturity", n=desk.minimum)
    st.html(f'<div class="ops-foot" data-testid="footer">{" · ".join(parts)}<br>{notes}</div>')


def local(desk: Desk, instant: dt.datetime | str | None) -> dt.datetime | None:
    """Return an instant in the reporting zone."""
    if instant is None:
        return None
    moment = dt.datetime.fromisoformat(instant) if isinstance(instant, str) else instant
    aware = moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    return aware.astimezone(desk.workspace.zone)
