"""A whistle is signed → each called unit has its notice; 50 clients of five units, beside a bare LISTEN."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from commandcenter.domain.joint import CalledUnit, NewSummons
from db.engine import dsn, with_login
from tests.bench.feed_crowd import Crowd, lift_login_limit
from tests.bench.feed_listeners import Heard
from tests.bench.feed_writer import Pace, Sent
from tests.bench.ground import bench_town, server_facts
from tests.bench.measure import compared, machine, quantile
from tests.bench.whistle_crowd import LOGINS, PartyCrowd
from tests.bench.whistle_desk import NoticeDesk
from tests.bench.whistle_writer import Head, Signing
from tests.support.town import Town
from tests.support.town_profile import password_of

UNITS = ("D-CG", "D-GA", "D-SW", "PCS-A", "A-CGK")  # whose clerks LOGINS are
CLIENTS = 50    # one of them a whole window
WHISTLES = 30   # a block; a city of a million signs as many in a day
BLOCKS = 2      # of each side, one after the other
PACE = Pace(0.6, 1.0)
HEAD = "t_leader"
_SILENCED = (("cc.notice", "feed_notice"), ("cc.joint_event", "feed_joint"))


@dataclass
class _Tally:
    """Milliseconds from the signing until the notice is known, the lane is read, the notice is painted."""

    notice: list[float] = field(default_factory=list)
    lane: list[float] = field(default_factory=list)
    painted: list[float] = field(default_factory=list)
    everyone: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    bare_everyone: list[float] = field(default_factory=list)
    signing: list[float] = field(default_factory=list)
    missed: int = 0
    duplicates: int = 0
    resyncs: int = 0
    bare_missed: int = 0


def measured() -> dict[str, Any]:
    """All figures of the whistle; about three minutes."""
    with bench_town() as town:
        return {**server_facts(town), **machine(), **_Whistle(town).figures()}


class _Whistle:
    """Blocks of signings, each told to the clients of one side only, so that the sides do not slow each other."""

    def __init__(self, town: Town) -> None:
        self._town = town
        lift_login_limit(town, (HEAD, *LOGINS))
        self._head = Head(dsn(with_login(town.url, HEAD, password_of(HEAD))))
        self._drafts = [self._draft(number) for number in range(2 * BLOCKS * WHISTLES)]

    def figures(self) -> dict[str, Any]:
        """Each step beside the bare listeners; `everyone`: until the last of all clients had it."""
        tally = _Tally()
        with self._head:
            for _ in range(BLOCKS):
                self._product_block(tally)
                self._bare_block(tally)
        figures: dict[str, Any] = {
            "notice_p50_ms": round(quantile(tally.notice, 0.5), 1),
            "notice_p95_ms": round(quantile(tally.notice, 0.95), 1),
        }
        for step, rival in (("notice", "bare"), ("painted", "bare"), ("lane", "bare"), ("everyone", "bare_everyone")):
            figures |= compared(step, getattr(tally, step), {"bare": getattr(tally, rival)})
        figures["signing_ms"] = round(quantile(tally.signing, 0.5), 2)
        figures["clients"] = CLIENTS
        return figures | {name: getattr(tally, name) for name in ("missed", "duplicates", "resyncs", "bare_missed")}

    def _draft(self, number: int) -> int:
        parties = tuple(CalledUnit(self._town.org(key), heads=2) for key in UNITS)
        new = NewSummons(uuid4(), "whistle", self._town.org("A"), "综合执法", f"占道经营第 {number} 处", parties,
                         place="甲一社区东门", level="key")  # fmt: skip
        return self._town.session("dispatcher").joint_commands.open_summons(new).entity_id

    def _sign(self, tally: _Tally, tell: bool) -> list[Sent]:
        drafts, self._drafts = self._drafts[:WHISTLES], self._drafts[WHISTLES:]
        sent = self._head.sign(Signing(tuple(drafts), PACE, tell))
        tally.signing += [1000 * (one.answered - one.sent) for one in sent]
        return sent

    def _product_block(self, tally: _Tally) -> None:
        with ExitStack() as stack:
            crowd = stack.enter_context(PartyCrowd(self._town, CLIENTS - 1))
            desk = stack.enter_context(NoticeDesk(self._town))
            crowd.harvest()
            sent = self._sign(tally, tell=False)
            wanted = frozenset(one.case_id for one in sent)
            told = crowd.harvest(wanted)
            painted = desk.harvest(wanted)
        for one in told:
            for step, heard in (("notice", one.notices), ("lane", one.lanes)):
                times = _delays(sent, _first(heard))
                getattr(tally, step).extend(times)
                tally.missed += len(sent) - len(times)
            tally.duplicates += one.again
            tally.resyncs += one.resyncs - 1
        shown = _delays(sent, painted)
        tally.painted += shown
        tally.missed += len(sent) - len({key for key, _ in painted} & wanted)
        tally.duplicates += len(shown) - len({key for key, _ in painted} & wanted)
        tally.everyone += _last(sent, [one.notices for one in told] + [painted])

    def _bare_block(self, tally: _Tally) -> None:
        with self._silent(), Crowd(self._town, CLIENTS, bare=True, logins=LOGINS) as crowd:
            sent = self._sign(tally, tell=True)
            told = [one.heard for one in crowd.harvest(one.case_id for one in sent)]
        for heard in told:
            times = _delays(sent, heard)
            tally.bare += times
            tally.bare_missed += len(sent) - len(times)
        tally.bare_everyone += _last(sent, told)

    @contextmanager
    def _silent(self):
        """The product's clients are not told: neither are there any, nor does the feed cost the rival anything."""
        self._switch("disable")
        try:
            yield
        finally:
            self._switch("enable")

    def _switch(self, how: str) -> None:
        with self._town.owner.begin() as connection:
            for table, trigger in _SILENCED:
                connection.exec_driver_sql(f"alter table {table} {how} trigger {trigger}")


def _delays(sent: Sequence[Sent], heard: Heard) -> list[float]:
    at = {one.case_id: one.sent for one in sent}
    return [1000 * (when - at[key]) for key, when in heard if key in at]


def _first(heard: Heard) -> Heard:
    """A row is read again when it changes again: when it was known is the first time."""
    first: dict[int, float] = {}
    for key, when in heard:
        first.setdefault(key, when)
    return list(first.items())


def _last(sent: Sequence[Sent], told: Sequence[Heard]) -> list[float]:
    """Until the last client had it, per whistle."""
    latest: dict[int, float] = {}
    for heard in told:
        for key, when in heard:
            latest[key] = max(latest.get(key, 0.0), when)
    return _delays(sent, list(latest.items()))
