"""The dirt that is injected last, at known places, and the list of it that tests compare with the quarantine."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from opsloop.demo.ads import PLATFORMS, RESTATED_DAYS
from opsloop.demo.calendar import outage, viral
from opsloop.demo.damage import DUPLICATE, Wound, damage, move_rows
from opsloop.demo.finance import algorithm_change, missing_fx_days
from opsloop.demo.plan import DAY, Plan

MISSING, TYPE, RANGE, SET, PATTERN, RAGGED, JSON = (
    "missing_key wrong_type out_of_range not_accepted bad_pattern ragged broken_json".split()
)
RECORDS = {"hubspot/contacts": "results", "hubspot/deals": "results", "wecom/contact_daily": "behavior_data"}
# Which file of a stream, as a share of its files, and what to put in.
WOUNDS: tuple[tuple[str, float, tuple[Wound, ...]], ...] = (
    ("ga4/events", 0.55, (Wound(MISSING, "user_pseudo_id"), Wound(MISSING, "event_timestamp"))),
    ("ga4/events", 0.72, (Wound(MISSING, "event_name"), Wound(RANGE, "event_timestamp", -5))),
    ("search_console/search_performance", 0.42, (Wound(RANGE, "clicks", -3), Wound(TYPE, "position", "n/a"))),
    (
        "search_console/search_performance",
        0.75,
        (Wound(TYPE, "date", "2026-02-30"), Wound(RAGGED), Wound(MISSING, "query", "")),
    ),
    (
        "google_ads/ad_daily",
        0.5,
        (
            Wound(RANGE, "cost_micros", -1_200_000, "metrics.cost_micros"),
            Wound(TYPE, "clicks", "many", "metrics.clicks"),
            Wound(MISSING, "ad_id", "", "ad_group_ad.ad.id"),
            Wound(RAGGED, value=True),
        ),
    ),
    (
        "meta_ads/ad_daily",
        0.62,
        (
            Wound(JSON),
            Wound(RANGE, "spend", "-3.20"),
            Wound(MISSING, "date_day", None, "date_start"),
            Wound(TYPE, "impressions", "lots"),
        ),
    ),
    (
        "ocean_engine/ad_daily",
        0.7,
        (
            Wound(TYPE, "spend", "--", "消耗"),
            Wound(MISSING, "date_day", "", "日期"),
            Wound(RAGGED),
            Wound(RANGE, "impressions", -40, "展示数"),
        ),
    ),
    (
        "hubspot/contacts",
        0.6,
        (
            Wound(MISSING, "contact_id", None, "id"),
            Wound(SET, "lifecyclestage", "zombie"),
            Wound(TYPE, "createdate", "last Tuesday"),
        ),
    ),
    (
        "hubspot/deals",
        0.66,
        (Wound(SET, "dealstage", "maybe"), Wound(TYPE, "amount", "about 9k"), Wound(RANGE, "amount", "-500.00")),
    ),
    ("shopify/orders", 0.45, (Wound(JSON), Wound(MISSING, "order_id", None, "id"), Wound(PATTERN, "currency", "yuan"))),
    ("shopify/orders", 0.85, (Wound(TYPE, "created_at", "yesterday"), Wound(SET, "financial_status", "unclear"))),
    ("shopify/products", 0.0, (Wound(RANGE, "price", -5.0), Wound(MISSING, "product_id", "", "id"))),
    (
        "social/posts",
        0.55,
        (
            Wound(RANGE, "reach", -1),
            Wound(TYPE, "snapshot_date", "2026-02-30"),
            Wound(RAGGED, value=True),
            Wound(MISSING, "post_id", ""),
        ),
    ),
    (
        "listening/mentions",
        0.8,
        (Wound(JSON), Wound(SET, "sentiment", "furious"), Wound(MISSING, "mention_id"), Wound(RANGE, "reach", -10)),
    ),
    ("mailchimp/messages", 0.6, (Wound(TYPE, "sent_at", "soon"), Wound(MISSING, "message_id", ""), Wound(RAGGED))),
    (
        "wecom/contact_daily",
        0.5,
        (
            Wound(RANGE, "reply_percentage", 140.0),
            Wound(MISSING, "employee_id", None, "userid"),
            Wound(RANGE, "chat_cnt", -2),
        ),
    ),
    (
        "qualtrics/responses",
        0.7,
        (
            Wound(RANGE, "nps_score", 11, "Q_NPS"),
            Wound(TYPE, "nps_score", "ten", "Q_NPS"),
            Wound(MISSING, "response_id", "", "ResponseId"),
        ),
    ),
    ("wordpress/posts", 0.99, (Wound(SET, "status", "lost"), Wound(MISSING, "content_id", None, "id"))),
    ("company/campaign_calendar", 0.0, (Wound(TYPE, "starts_on", "2026/99/01"),)),
    ("company/fx_rates", 0.5, (Wound(RANGE, "rate", -7.1), Wound(TYPE, "rate", "n/a"), Wound(MISSING, "date_day", ""))),
    ("company/targets", 0.5, (Wound(TYPE, "target", "tbd"),)),
    ("company/costs", 0.5, (Wound(RANGE, "amount", -90.0), Wound(TYPE, "amount", "?"))),
)
# Streams with rows that stand twice in a file, and those with a whole file twice.
TWICE = (
    ("search_console/search_performance", 0.3, 3),
    ("shopify/orders", 0.3, 4),
    ("mailchimp/messages", 0.3, 3),
    ("listening/mentions", 0.3, 2),
    ("ga4/events", 0.3, 5),
)
COPIED = (
    ("ga4/events", 0.35),
    ("social/posts", 0.4),
    ("qualtrics/responses", 0.4),
    ("shopify/orders", 0.6),
    ("google_ads/ad_daily", 0.3),
)


class Spoiler:
    """Damages the exports of one run and keeps the list of what it did."""

    def __init__(self, plan: Plan, landing: Path) -> None:
        self.plan = plan
        self.landing = landing
        self.book: dict[str, Any] = {
            key: [] for key in ("broken_rows", "duplicate_rows", "duplicate_files", "late_rows", "wrong_encoding")
        }

    def _file(self, stream: str, share: float) -> Path:
        files = sorted(path for path in (self.landing / stream).iterdir() if "_copy" not in path.name)
        return files[min(int(len(files) * share), len(files) - 1)]

    def _entry(self, stream: str, file: Path) -> dict[str, Any]:
        source, name = stream.split("/")
        return {"source": source, "stream": name, "file": file.name}

    def late(self) -> None:
        """Events that arrive with the file of two or three days later."""
        rng = self.plan.rng("late rows")
        for share, days in ((0.25, 2), (0.6, 3), (0.9, 2)):
            first, second = self._file("ga4/events", share), self._file("ga4/events", share)
            files = sorted(first.parent.iterdir())
            second = files[min(files.index(first) + days, len(files) - 1)]
            if second == first:
                continue
            for row in move_rows(first, second, 12, rng):
                self.book["late_rows"].append({**self._entry("ga4/events", second), "row": row, "of": first.name})

    def broken(self) -> None:
        """Rows that break their contract, each in one way."""
        rng = self.plan.rng("broken rows")
        for stream, share, wounds in WOUNDS:
            file = self._file(stream, share)
            encoding = "gb18030" if stream.startswith("ocean_engine") else "utf-8"
            rows = damage(file, list(wounds), rng, RECORDS.get(stream, ""), encoding)
            for wound, row in zip(wounds, rows, strict=True):
                entry = {**self._entry(stream, file), "row": row, "kind": wound.kind, "column": wound.column or None}
                self.book["broken_rows"].append(entry)

    def _wounded(self) -> set[tuple[str, str]]:
        return {(entry["source"] + "/" + entry["stream"], entry["file"]) for entry in self.book["broken_rows"]}

    def twice(self) -> None:
        """Exact duplicates: rows in a file, and whole files under another name; files with broken rows are spared."""
        rng = self.plan.rng("duplicates")
        for stream, share, count in TWICE:
            file = self._file(stream, share)
            if (stream, file.name) not in self._wounded():
                for row in damage(file, [Wound(DUPLICATE)] * count, rng):
                    self.book["duplicate_rows"].append({**self._entry(stream, file), "row": row})
        for stream, share in COPIED:
            file = self._file(stream, share)
            if (stream, file.name) not in self._wounded():
                copy = file.with_name(f"{file.stem}_copy{file.suffix}")
                shutil.copyfile(file, copy)
                self.book["duplicate_files"].append({**self._entry(stream, copy), "of": file.name})

    def encodings(self) -> None:
        """The vendor that writes GB18030, a file in UTF-16, and one that says UTF-8 and is not."""
        survey = self._file("qualtrics/responses", 0.2)
        survey.write_bytes(survey.read_text(encoding="utf-8").encode("utf-16"))
        self.book["wrong_encoding"].append({**self._entry("qualtrics/responses", survey), "encoding": "utf-16"})
        posts = self._file("social/posts", 0.7)
        if ("social/posts", posts.name) in self._wounded():
            posts = self._file("social/posts", 0.9)
        liar = posts.with_name(f"{posts.stem}.utf8.csv")
        liar.write_bytes(posts.read_text(encoding="utf-8").encode("gb18030"))
        posts.unlink()
        self.book["wrong_encoding"].append({**self._entry("social/posts", liar), "encoding": "gb18030"})

    def shocks(self) -> None:
        """What already lies in the simulated world: outage, complaint, algorithm change, restatement, missing rates."""
        plan = self.plan
        start, end = (plan.midnight + second for second in outage(plan))
        first, last = viral(plan)
        self.book["tracking_outage"] = {
            "from_epoch": start,
            "to_epoch": end,
            "days": [str(plan.date(plan_day)) for plan_day in _days(plan)],
        }
        self.book["viral_complaint"] = {
            "from": str(plan.date(first)),
            "to": str(plan.date(last)),
            "brands": ["Yunwu Tea", "云雾茶舍"],
        }
        self.book["algorithm_change"] = {"on": str(algorithm_change(plan)), "channels": "organic search"}
        self.book["restated"] = [{"source": name, "stream": "ad_daily", "days": RESTATED_DAYS} for name in PLATFORMS]
        self.book["missing_fx_days"] = [str(day) for day in missing_fx_days(plan)]


def _days(plan: Plan) -> range:
    start, end = outage(plan)
    return range(start // DAY, (end - 1) // DAY + 1)


def inject(plan: Plan, landing: Path, truth: Path) -> dict[str, Any]:
    """Damage the exports and write the list of it to the truth; returns the list."""
    spoiler = Spoiler(plan, landing)
    spoiler.late()
    spoiler.broken()
    spoiler.twice()
    spoiler.encodings()
    spoiler.shocks()
    truth.mkdir(parents=True, exist_ok=True)
    (truth / "dirt.json").write_text(json.dumps(spoiler.book, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return spoiler.book
