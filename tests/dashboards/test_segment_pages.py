"""Lists of persons are saved as segments from pages, asked of on pages, and shown, in both languages (S10, M3, U4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from fake_metrics import FakeMetrics
from streamlit.testing.v1 import AppTest
from test_dashboard_pages import charts, text

from dashboards.components.i18n import words
from dashboards.questions.retention import Activity, Question, Retention
from dashboards.segments import files
from dashboards.segments.asked import Asked, CustomerPersons, FunnelPersons, PathPersons, RetentionPersons, StagePersons
from dashboards.segments.members import Segments
from opsloop.workspace import Workspace

OPEN = Callable[..., AppTest]
CARTS = FunnelPersons.model_validate(
    {
        "funnel": {"steps": [{"event": "add_to_cart"}, {"event": "purchase"}]},
        "from": "2026-01-01",
        "to": "2026-02-20",
        "step": 2,
        "who": "lost",
    }
)
# Where each list of persons is saved from, and the kind of question that it is.
LISTS = {
    "funnel": ("funnel", FunnelPersons),
    "path": ("funnel", PathPersons),
    "retention": ("retention", RetentionPersons),
    "stage": ("retention", StagePersons),
    "churn": ("customers", CustomerPersons),
}


def fill(app: AppTest, key: str, name: str, kind: str = "static") -> AppTest:
    """Fill in the form of a list and press its button."""
    app.text_input(key=f"w_save_{key}_name").set_value(name)
    app.text_input(key=f"w_save_{key}_en").set_value("Left a cart")
    app.text_input(key=f"w_save_{key}_zh").set_value("放弃购物车")
    app.radio(key=f"w_save_{key}_kind").set_value(kind)
    button = next(one for one in app.button if one.key and one.key.startswith(f"FormSubmitter:save_{key}"))
    return button.click().run()


def listed(app: AppTest) -> int:
    """The number of persons in the title over the list of the funnel's step."""
    return max(frame.value.shape[0] for frame in app.dataframe if "Entered at" in frame.value.columns)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("key", LISTS)
def test_a_list_is_saved_as_a_segment_from_its_page(key: str, lang: str, workspace: Workspace, open_page: OPEN) -> None:
    """S10: the file holds the question of the list that was open, and as many persons as are listed."""
    page, kind = LISTS[key]
    app = fill(open_page(page, lang, stage_move="customer~customer", funnel_who="reached"), key, "left_a_cart")
    assert not app.exception
    segment = files.read(workspace, "left_a_cart")
    assert isinstance(segment.question, kind)
    assert (segment.label_en, segment.label_zh, segment.kind) == ("Left a cart", "放弃购物车", "static")
    assert segment.saved is not None
    said = words(lang)["segments.saved"].format(name="left_a_cart", n=f"{segment.saved.persons:,}")
    assert [message.value for message in app.success] == [said]


def test_as_many_are_saved_as_are_listed_and_the_choices_are_those_of_the_page(
    workspace: Workspace, open_page: OPEN
) -> None:
    """S10, M3: who was lost at the step that the address names, days that move where the reader wants it."""
    asked = {"funnel_steps": "add_to_cart~purchase", "funnel_step": "2", "funnel_who": "lost"}
    app = open_page("funnel", **asked)
    persons = listed(app)
    fill(app, "funnel", "left_a_cart", "moving")
    segment = files.read(workspace, "left_a_cart")
    question = segment.question
    assert isinstance(question, FunnelPersons)
    assert (segment.kind, segment.days, question.step, question.who) == ("living", "moving", 2, "lost")
    span = app.session_state["desk"].view.span
    assert (question.start, question.end) == (span.start, span.end)
    assert segment.saved is not None
    assert segment.saved.persons == persons > 0


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(("name", "problem"), [("Left a Cart", "wrong"), ("", "wrong"), ("carts", "taken")])
def test_a_name_that_cannot_be_is_one_clear_line(
    name: str, problem: str, lang: str, workspace: Workspace, open_page: OPEN
) -> None:
    """M3, U4: in the reader's language, and nothing is saved."""
    Segments(workspace, FakeMetrics()).save("carts", ("X", "X"), CARTS, "static")  # type: ignore[arg-type]
    app = fill(open_page("retention", lang), "retention", name)
    assert [error.value for error in app.error] == [words(lang)[f"segments.name_{problem}"].format(name=name)]
    assert files.names(workspace) == ["carts"]


def test_a_workspace_that_cannot_be_written_is_said(
    workspace: Workspace, open_page: OPEN, monkeypatch: pytest.MonkeyPatch
) -> None:
    """X8's habit: no disk rights end in one line on the page."""

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(files, "save", refuse)
    app = fill(open_page("retention", "zh"), "retention", "carts")
    assert not app.exception
    assert [error.value for error in app.error] == [
        words("zh")["segments.cannot_write"].format(why="Permission denied")
    ]


def save(workspace: Workspace, name: str, question: Asked = CARTS, kind: str = "static") -> int:
    """Save a segment of the made-up company and return how many are in it."""
    labels = (f"English {name}", f"中文 {name}")
    saved = Segments(workspace, FakeMetrics()).save(name, labels, question, kind).saved  # type: ignore[arg-type]
    assert saved is not None
    return saved.persons


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("page", ["funnel", "retention"])
def test_the_address_names_the_segment_that_is_asked_of(
    page: str, lang: str, workspace: Workspace, open_page: OPEN
) -> None:
    """U2, M3: `saved_segment` narrows the page's own questions, and the page says to whom."""
    persons = save(workspace, "carts")
    everybody, some = open_page(page, lang), open_page(page, lang, saved_segment="carts")
    assert not some.exception
    assert some.query_params["saved_segment"] in ("carts", ["carts"])
    label = {"en": "English carts", "zh": "中文 carts"}[lang]
    assert [info.value for info in some.info] == [
        words(lang)[f"segments.only_{page}"].format(label=label, n=f"{persons:,}")
    ]
    assert [info.value for info in everybody.info] == []
    assert "saved_segment" not in everybody.query_params


def test_the_funnel_of_a_segment_has_nobody_else(workspace: Workspace, open_page: OPEN) -> None:
    """S10, X1: the persons listed at the first step are the segment's, and what is saved lies within it."""
    persons = save(workspace, "carts")
    address = {"funnel_steps": "add_to_cart~purchase", "funnel_step": "1", "saved_segment": "carts"}
    app = open_page("funnel", start="2026-01-01", end="2026-02-20", **address)
    assert listed(app) == persons
    fill(app, "funnel", "within_carts")
    assert files.read(workspace, "within_carts").question.within == "carts"


def test_the_cells_of_a_segment_have_nobody_else(workspace: Workspace, open_page: OPEN) -> None:
    """S10, X1: who of the segment was back, of those who were back."""
    save(workspace, "carts")
    fake: Any = FakeMetrics()
    own = set(fake.rows(f"from {Segments(workspace, fake).relation('carts')}")["person_id"])
    session = Activity("session")
    back = Retention(fake).persons(Question(session, session), dt.date(2025, 12, 15), 4, 4)
    some = own & set(back["person_id"])
    assert 0 < len(some) < back.height
    app = open_page("retention", cell_cohort="2025-12-15", cell_period="4", saved_segment="carts")
    persons = [frame.value for frame in app.dataframe if "First seen" in frame.value.columns]
    assert len(persons[0]) == len(some)


def test_a_segment_of_the_address_that_is_not_there_is_everybody(workspace: Workspace, open_page: OPEN) -> None:
    """U2: what makes no sense is ignored."""
    save(workspace, "carts")
    app = open_page("funnel", saved_segment="../carts")
    assert not app.exception
    assert list(app.info) == []


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_customers_page_shows_segments_with_size_and_overlap(
    lang: str, workspace: Workspace, open_page: OPEN
) -> None:
    """M3, D2, U4: each with its question in words; pairs with how many are in both; a broken file is one line."""
    persons = save(workspace, "carts")
    cell = RetentionPersons(starts="session", returns="session", cohort="2025-12-15", periods=(1, 1))  # type: ignore[arg-type]
    stage = StagePersons(week="2026-03-02", stage_before="customer", stage="customer", within="carts")  # type: ignore[arg-type]
    path = PathPersons.model_validate(
        {"from": "2026-01-01", "to": "2026-02-20", "source": "add_to_cart", "node": "event"}
    )
    for name, question in {
        "cell": cell,
        "stage": stage,
        "path": path,
        "high": CustomerPersons(churn_band="high"),
    }.items():
        save(workspace, name, question, "living")
    (workspace.segments / "broken.yaml").write_text("kind: dead", encoding="utf-8")
    app = open_page("customers", lang)
    assert not app.exception
    own = words(lang)
    table = next(frame.value for frame in app.dataframe if own["columns.segment_question"] in frame.value.columns)
    row = table[table[own["columns.saved_segment"]] == {"en": "English carts", "zh": "中文 carts"}[lang]].iloc[0]
    assert row[own["columns.persons"]] == row[own["columns.persons_saved"]] == persons
    assert own["values.segment_kind.static"] == row[own["columns.segment_kind"]]
    asked = " ".join(table[own["columns.segment_question"]])
    assert {"en": "lost before", "zh": "之前流失"}[lang] in asked
    assert {"en": "within English carts", "zh": "限于中文 carts"}[lang] in asked
    pairs = next(frame.value for frame in app.dataframe if own["columns.persons_both"] in frame.value.columns)
    assert len(pairs) == 10
    told = [warning.value for warning in app.warning]
    assert len(told) == 1
    assert "segments/broken.yaml" in told[0]


def test_sizes_are_drawn_once_there_are_two_days(workspace: Workspace, open_page: OPEN) -> None:
    """M3: size over time is what each snapshot had; of one day the last snapshot's."""
    save(workspace, "carts")
    path = workspace.segments / "carts.sizes.csv"
    known = files.sizes(workspace, "carts").row(0)
    earlier = "\n".join(f"2026030{n}T000000-b1,2026-03-0{1 if n < 3 else 3},9,{n},0,0,0" for n in (1, 2, 3))
    path.write_text(path.read_text(encoding="utf-8") + earlier + "\n", encoding="utf-8")
    app = open_page("customers")
    assert not app.exception
    drawn = [spec.get("data", {}).get("values", []) for spec in charts(app)]
    points = next(values for values in drawn if values and "saved_segment" in values[0])
    assert [point["persons"] for point in points] == [2, 3, known[3]]


def test_a_company_without_segments_is_told_how_to_make_one(open_page: OPEN) -> None:
    """M3: no filter for nothing, and a word on where segments come from."""
    app = open_page("customers")
    assert words("en")["segments.none"] in text(app)
    assert all(box.key != "w_saved_segment" for box in open_page("funnel").selectbox)
