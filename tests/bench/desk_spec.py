"""What the measurement tells a desk that it starts, ours or the rival's. Imports nothing: starts are timed."""

from __future__ import annotations

from typing import NamedTuple


class Spec(NamedTuple):
    """started: time.monotonic() at which the process was ordered. operations: 0 leaves them out, for starts alone."""

    address: str       # postgresql://host:port/database, without a user
    login: str
    password: str
    owner: str         # the superuser's address, for the writer of the burst
    started: float
    cases: int
    unit: int          # whom the dispatches go to
    operations: int
