"""The errors a user meets: one clear line each, with what to do."""

from __future__ import annotations


class OpsloopError(Exception):
    """Something failed; the message is one line that says what, where and what to do."""

    exit_status = 1


class UsageError(OpsloopError):
    """The command was used wrongly: exit status 2."""

    exit_status = 2
