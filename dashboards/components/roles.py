"""What a reader's role lets them see and do, until there is a sign-in that says who they are (U6, G1)."""

from __future__ import annotations

from typing import Literal, get_args

from opsloop.settings import ROLES

Action = Literal["persons", "build", "segments", "packs", "whole_ids", "write"]
# The first role, from the least to the most, that may do it.
_FROM: dict[Action, str] = {
    "persons": "analyst",
    "build": "analyst",
    "segments": "analyst",
    "packs": "analyst",
    "whole_ids": "operator",
    "write": "operator",
}
ACTIONS: tuple[Action, ...] = get_args(Action)


def may(role: str, action: Action) -> bool:
    """Return whether a role may do what an action names.

    `persons`: see lists of persons; `build`: ask funnels and paths of one's own; `segments`: save and remove segments;
    `packs`: fetch packs, which list persons; `whole_ids`: have ids of persons whole in files, where they are cut short
    else; `write`: add and close actions, make packs.
    """
    return ROLES.index(role) >= ROLES.index(_FROM[action])
