"""On which browser each session ran and whether its person was logged in there; some browsers are shared."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from opsloop.demo.people import People
from opsloop.demo.plan import Bools, Ints, Plan
from opsloop.demo.visits import ANONYMOUS, BOUNCE, INQUIRY, LOGGED_IN, LOGIN, PURCHASE, SIGN_UP

STAFF = 6
NEVER = np.int64(2**60)
MAIL_HOSTS = ("example.com", "example.org", "example.net", "mail.example", "post.example", "inbox.example")
SURNAMES = "li wang zhang liu chen yang zhao huang zhou wu xu sun ma zhu hu guo he lin gao luo".split()
GIVEN = "wei fang na min jing li qiang lei jun yang yong yan jie juan tao ming chao xia ping gang".split()
WEST = "smith jones mueller schmidt martin bernard brown taylor wilson davis clark lewis walker young king".split()
WEST_GIVEN = (
    "anna ben clara david emma felix grace henry ida jack kate leo mia noah olivia paul rosa sam tom zoe".split()
)


@dataclass(slots=True)
class Accounts:
    """Per person: the second of the sign-up (NEVER without one), user id, e-mail, second e-mail and first name."""

    signed_up: Ints
    table: pl.DataFrame


def _sign_ups(people: People, sessions: pl.DataFrame, rng: np.random.Generator) -> Ints:
    """The session in which each person signs up, −1 for nobody: most at the first order, some leads, a few lookers."""
    person, depth = sessions["person"].to_numpy(), sessions["depth"].to_numpy()
    draw = rng.random(len(people) + STAFF)[person]
    buyer = (depth == PURCHASE) & (draw < 0.78)
    lead = (depth == INQUIRY) & (draw < 0.3)
    looker = (depth != BOUNCE) & (depth < PURCHASE) & (draw > 0.95)
    chosen = np.flatnonzero((buyer | lead | looker) & (person < len(people)))
    found = np.full(len(people) + STAFF, -1, np.int64)
    found[person[chosen][::-1]] = chosen[::-1]
    return found


def draw_accounts(plan: Plan, people: People, sessions: pl.DataFrame) -> Accounts:
    """Give each person a name and an e-mail address, and a user id where there is an account."""
    rng = plan.rng("accounts")
    session = _sign_ups(people, sessions, rng)[: len(people)]
    starts = sessions["start"].to_numpy()
    signed = np.where(session >= 0, starts[session], NEVER)
    size = len(people)
    china = people.region == 0
    given = np.where(china, np.array(GIVEN)[rng.integers(0, 20, size)], np.array(WEST_GIVEN)[rng.integers(0, 20, size)])
    family = np.where(china, np.array(SURNAMES)[rng.integers(0, 20, size)], np.array(WEST)[rng.integers(0, 15, size)])
    host = np.array(MAIL_HOSTS)[rng.integers(0, len(MAIL_HOSTS), size)]
    frame = pl.DataFrame({"person": np.arange(size), "given": given, "family": family, "host": host})
    number = pl.col("person").cast(pl.String)
    local = pl.col("given") + pl.lit(".") + pl.col("family") + number
    table = frame.select(
        "person",
        first_name=pl.col("given").str.to_titlecase(),
        email=local + "@" + pl.col("host"),
        other_email=pl.col("family") + pl.lit("_home") + number + "@" + pl.col("host"),
        user_id=pl.when(pl.Series(session >= 0)).then("u" + number.str.zfill(8)),
        has_other=pl.Series(rng.random(size) < 0.03),
    )
    return Accounts(signed, table)


def put_on_devices(plan: Plan, people: People, sessions: pl.DataFrame, accounts: Accounts) -> pl.DataFrame:
    """Add to each session its device and its login state, and the visitor's id that web analytics sees."""
    rng = plan.rng("devices")
    person = sessions["person"].to_numpy()
    owned = np.append(1 + (rng.random(len(people)) < 0.4) + (rng.random(len(people)) < 0.15), np.ones(STAFF)).astype(
        int
    )
    offset = np.cumsum(owned) - owned
    extra = np.minimum((rng.random(len(person)) < 0.3) * rng.integers(0, 3, len(person)), owned[person] - 1)
    device = offset[person] + extra
    lends = np.append(rng.random(len(people)) < 0.03, np.zeros(STAFF, bool))
    lends[1 : len(people)] &= people.region[1:] == people.region[:-1]
    lends[0] = False
    borrows = lends[person] & (rng.random(len(person)) < 0.35)
    device = np.where(borrows, offset[np.maximum(person - 1, 0)], device)
    auth = _logins(person, sessions, device, accounts, rng)
    cookie = rng.integers(10**8, 2 * 10**9, int(owned.sum()))
    kind = rng.choice(3, int(owned.sum()), p=(0.68, 0.27, 0.05))
    frame = sessions.with_columns(
        device=pl.Series(device), auth=pl.Series(auth), cookie=pl.Series(cookie[device]), form=pl.Series(kind[device])
    )
    first = pl.col("start").min().over("device")
    return frame.with_columns(
        visitor_id=pl.col("cookie").cast(pl.String) + "." + (first + plan.midnight).cast(pl.String)
    ).drop("cookie")


def _logins(person: Ints, sessions: pl.DataFrame, device: Ints, accounts: Accounts, rng: np.random.Generator) -> Ints:
    """A person is logged in on a device only after the own login there and before somebody else's."""
    start, depth = sessions["start"].to_numpy(), sessions["depth"].to_numpy()
    signed = np.append(accounts.signed_up, np.full(STAFF, NEVER))[person]
    has_account = start > signed
    joins: Bools = start == signed
    logs_in = has_account & (depth != BOUNCE) & ((depth == PURCHASE) | (rng.random(len(start)) < 0.45))
    order = np.lexsort((np.arange(len(start)), device))
    acts = (joins | logs_in)[order]
    position = np.maximum.accumulate(np.where(acts, np.arange(len(order)), -1))
    before = np.concatenate([[-1], position[:-1]])
    same = (before >= 0) & (device[order][before] == device[order]) & (person[order][before] == person[order])
    remembered = np.zeros(len(order), bool)
    remembered[order] = same
    stays = has_account & remembered & (rng.random(len(start)) < 0.75)
    return np.select([joins, stays, logs_in], [SIGN_UP, LOGGED_IN, LOGIN], ANONYMOUS).astype(np.int64)
