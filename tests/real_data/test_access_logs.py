"""Server logs through the line, against a reading of the same lines by Python's own means."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

ROOT = Path(__file__).parents[2]
SEEDS = ROOT / "dbt_project" / "seeds"
HALF_AN_HOUR = dt.timedelta(minutes=30)
NAMES = {
    "NASA_access_log_Aug95_excerpt.log": "NASA, Kennedy Space Center",
    "advertools_combined_no_errors.log": "Download server",
    "advertools_combined_with_errors.log": "The same with errors",
    "apache_logs.gz": "A technician's blog",
    "advertools_nginx_access.log": "An analytics tool's site",
    "advertools_dreamhost_apache_access.log": "A site of robots",
}
PART = re.compile(r'"((?:\\.|[^"\\])*)"|\[([^\]]*)\]|(\S+)')


@dataclass(frozen=True)
class Request:
    """One line of a log."""

    file: str
    host: str
    agent: str
    moment: dt.datetime
    request: str
    status: int
    size: str

    @property
    def target(self) -> str:
        """What was asked for."""
        words = self.request.split(" ")
        return " ".join(words[1:-1] if words[-1].startswith("HTTP/") else words[1:])


def parse(file: str, line: str) -> Request | None:
    """The line cut into its parts, one after the other; nothing where they are not those of a log."""
    parts = [(m.group(1), m.group(2), m.group(3)) for m in PART.finditer(line)]
    plain = [part[2] for part in parts]
    if len(parts) not in (7, 9) or None in (plain[0], plain[1], plain[2], plain[5], plain[6]):
        return None
    if parts[3][1] is None or parts[4][0] is None or not (plain[5].isdigit() and re.fullmatch(r"\d+|-", plain[6])):
        return None
    if len(parts) == 9 and (parts[7][0] is None or parts[8][0] is None):
        return None
    moment = dt.datetime.strptime(parts[3][1], "%d/%b/%Y:%H:%M:%S %z").astimezone(dt.UTC).replace(tzinfo=None)
    agent = parts[8][0] if len(parts) == 9 else "-"
    return Request(file, plain[0], agent, moment, parts[4][0], int(plain[5]), plain[6])


@pytest.fixture(scope="session")
def lines(shared_data: Path) -> dict[str, list[str]]:
    """Each file's lines that are not blank."""
    folder = shared_data / "web_access_logs"
    texts = {path.name: path.read_bytes() for path in sorted(folder.iterdir())}
    return {
        name: (gzip.decompress(data) if name.endswith(".gz") else data)
        .decode()
        .replace("\n\n", "\n")
        .strip()
        .split("\n")
        for name, data in texts.items()
    }


@pytest.fixture(scope="session")
def requests(lines: dict[str, list[str]]) -> list[Request]:
    """What was asked, each request once: the download server's log is there twice."""
    found = [parse(name, line) for name, rows in lines.items() for line in rows]
    return [one for one in found if one and one.file != "advertools_combined_with_errors.log"]


def seed(name: str) -> list[dict[str, str]]:
    """A seed's rows."""
    with (SEEDS / f"{name}.csv").open(encoding="utf-8") as file:
        return sorted(csv.DictReader(file), key=lambda row: int(row["priority"]))


def reason(request: Request) -> str | None:
    """Why a request is no page view, by its method and answer and then by the rules, which are data."""
    if not re.match(r"[A-Z]+ ", request.request):
        return "no request"
    if not request.request.startswith("GET "):
        return "other method"
    if not 200 <= request.status < 300 and request.status != 304:
        return "not answered"
    hits = [
        rule for rule in seed("request_rules") if re.fullmatch(rule["target_pattern"], request.target, re.IGNORECASE)
    ]
    return hits[0]["reason"].replace("_", " ") if hits else None


def is_bot(request: Request) -> bool:
    """Whether a rule on user agents or paths calls it one; logs of 1995 are kept by the company's own rule."""
    fields = {"user_agent": request.agent, "page_path": "/" + request.target.split("?")[0].strip("/")}
    rules = [rule for rule in seed("traffic_rules") if rule["field"] in fields and rule["kind"] == "bot"]
    hit = any(re.fullmatch(rule["pattern"], fields[rule["field"]], re.IGNORECASE) for rule in rules)
    return hit and request.moment.year != 1995


def sessions(views: list[Request]) -> int:
    """Visits: a visitor's views with no gap over half an hour between."""
    last: dict[tuple[str, str], dt.datetime] = {}
    count = 0
    for view in sorted(views, key=lambda view: view.moment):
        visitor = (view.host.lower(), view.agent.lower())
        count += visitor not in last or view.moment - last[visitor] > HALF_AN_HOUR
        last[visitor] = view.moment
    return count


def test_each_line_is_a_request_a_repeat_or_aside(
    marts: duckdb.DuckDBPyConnection, lines: dict[str, list[str]], page_says: Callable[..., None]
) -> None:
    """X2, X8: lines of each file = requests landed + lines in quarantine + what another log had already."""
    landed = dict(
        marts.sql(
            "select parse_filename(_file), count(*) from work.landing_access_logs.requests group by all"
        ).fetchall()
    )
    aside = dict(
        marts.sql("select parse_filename(file), count(*) from work.workspace.quarantine group by all").fetchall()
    )
    for name, rows in lines.items():
        good = sum(parse(name, line) is not None for line in rows)
        broken = len(rows) - good
        repeats = good - landed.get(name, 0)
        assert (name, aside.get(name, 0)) == (name, broken)
        assert repeats == (good if name == "advertools_combined_with_errors.log" else 0)
        page_says(NAMES[name], len(rows), good - repeats, repeats, broken)
    ((duplicates,),) = marts.sql(
        "select sum(duplicates)::bigint from work.workspace.batches where source = 'access_logs'"
    ).fetchall()
    assert duplicates == len(lines["advertools_combined_no_errors.log"])


def test_page_views_are_answered_gets_that_no_rule_names(
    marts: duckdb.DuckDBPyConnection, requests: list[Request], page_says: Callable[..., None]
) -> None:
    """I10: requests by the reason why they are no page view, as the reconciliation says them."""
    reasons = Counter(reason(request) or "page view" for request in requests)
    found = marts.sql(
        "select coalesce(replace(left_out_reason, '_', ' '), 'page view'), count(*)"
        " from work.intermediate.int_web__access_log_requests group by all"
    ).fetchall()
    assert dict(found) == dict(reasons)
    for name, count in reasons.most_common():
        page_says(name.capitalize(), count)
    ((explanation, left),) = marts.sql(
        "select explanation, left_out::bigint from work.marts.fct_reconciliation"
        " where check_name = 'page_views_of_requests'"
    ).fetchall()
    assert left == len(requests) - reasons["page view"]
    assert f"{reasons['asset']} asset" in explanation


def test_visits_are_those_of_people_as_far_as_agents_tell(
    marts: duckdb.DuckDBPyConnection, requests: list[Request], page_says: Callable[..., None]
) -> None:
    """S1, I10: per year, views, views without bots, visitors and visits, from the lines themselves."""
    views = [request for request in requests if reason(request) is None]
    for year in sorted({view.moment.year for view in views}):
        of_year = [view for view in views if view.moment.year == year]
        people = [view for view in of_year if not is_bot(view)]
        visitors = len({(view.host.lower(), view.agent.lower()) for view in people})
        (found,) = marts.sql(f"""
            select count(*), sum(pageviews)::bigint, count(distinct visitor_id) from work.marts.fct_sessions
            where year(session_date) = {year} and channel not in (select channel from work.workspace.channel_rules)
        """).fetchall()
        assert (year, *found) == (year, sessions(people), len(people), visitors)
        page_says(str(year), len(of_year), len(people), visitors, sessions(people))


def test_no_address_is_anywhere_in_the_lake_or_the_warehouse(
    marts: duckdb.DuckDBPyConnection, requests: list[Request]
) -> None:
    """G1: no column of what was landed holds a host of the logs in clear."""
    hosts = {request.host for request in requests if re.fullmatch(r"[\d.]+", request.host)}
    marts.execute("create table hosts (host varchar)")
    marts.executemany("insert into hosts values (?)", [(host,) for host in sorted(hosts)])
    columns = [name for (name, *_) in marts.sql("describe work.landing_access_logs.requests").fetchall()]
    for column in set(columns) - {"bytes_sent", "user_agent", "referrer", "target"}:
        found = f"select count(*) from work.landing_access_logs.requests join hosts on host = {column}::varchar"
        assert (column, marts.sql(found).fetchall()) == (column, [(0,)])
