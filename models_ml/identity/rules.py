"""What the guard knows: limits per pair of id kinds, ids that merge nobody, ids never of one person (D3, D4)."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from opsloop.personal import keyed_hash
from opsloop.sections import IdentitySettings, PersonalId
from opsloop.workspace import Workspace

DEFAULT_LIMITS = Path(__file__).parent / "limits.csv"
HASHED = {"email": "email_hash", "phone": "phone_hash"}

Id = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Rules:
    """Most ids of another kind by (kind, other kind); denied ids; pairs kept apart, each id as (kind, value)."""

    limits: dict[tuple[str, str], int]
    denied: tuple[Id, ...] = ()
    apart: tuple[tuple[Id, Id], ...] = ()


def rules_of(workspace: Workspace, settings: IdentitySettings | None = None) -> Rules:
    """The default limits with the workspace's own on top, e-mails and phones hashed with its key."""
    own = settings or workspace.settings.identity
    limits: dict[tuple[str, str], int | None] = dict(default_limits())
    limits |= {(limit.kind, limit.other): limit.most for limit in own.limits}
    return Rules(
        {pair: most for pair, most in limits.items() if most is not None},
        tuple(_hashed(one, workspace.secret) for one in own.deny),
        tuple((_hashed(one, workspace.secret), _hashed(other, workspace.secret)) for one, other in own.apart),
    )


def default_limits() -> dict[tuple[str, str], int]:
    """The limits that hold where the settings are silent, read from `limits.csv`."""
    with DEFAULT_LIMITS.open(encoding="utf-8", newline="") as file:
        return {(row["kind"], row["other"]): int(row["most"]) for row in csv.DictReader(file)}


def _hashed(one: PersonalId, secret: bytes) -> Id:
    """Kind and value as the warehouse has them: an address in clear as landing hashes it (G1)."""
    if one.kind not in HASHED:
        return one.kind, one.value
    return HASHED[one.kind], keyed_hash(one.value, secret, one.kind) or ""
