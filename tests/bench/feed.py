"""Commit elsewhere → known, in the model of a desk, painted; through PgFeed and through a bare LISTEN with payload."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from db.engine import dsn, with_login
from tests.bench.feed_crowd import Crowd, Told, lift_login_limit
from tests.bench.feed_desk import LOGIN, Desk
from tests.bench.feed_listeners import ELSEWHERE, Heard
from tests.bench.feed_writer import Job, Pace, Sent, Writer
from tests.bench.ground import bench_town, filed_cases, server_facts
from tests.bench.measure import compared, machine, quantile
from tests.support.town import Town
from tests.support.town_profile import password_of

QUIET, BUSY = Pace(1.0, 1.5), Pace(0.015, 0.025)  # seconds between commits
BARE_QUIET = Pace(0.3, 0.5)  # nothing throttles it: its pace only costs the measurement's time
MOST_BARE = 50  # beside 200 of ours the server has no connections left for more
BLOCKS = 2  # of each side, one after the other
WRITER = "t_dispatcher"


@dataclass(frozen=True)
class Kind:
    """So many clients, one of them a whole desk, at a pace; commits a block. `elsewhere`: clients besides, who wake
    with the others and may see none of the changes."""

    name: str
    clients: int
    pace: Pace
    commits: int
    bare_pace: Pace
    elsewhere: int = 0


KINDS = (
    Kind("quiet_1", 1, QUIET, 15, BARE_QUIET),
    Kind("busy_1", 1, BUSY, 100, BUSY),
    Kind("quiet_50", 50, QUIET, 15, BARE_QUIET),
    Kind("busy_50", 50, BUSY, 100, BUSY),
    Kind("busy_200", 40, BUSY, 150, BUSY, 160),  # every fifth sees the whole district; in a city every tenth
)


@dataclass
class _Tally:
    """Milliseconds from the sending of a commit until each client knew of it, had read it, showed it."""

    heard: list[float] = field(default_factory=list)
    read: list[float] = field(default_factory=list)
    model: list[float] = field(default_factory=list)
    painted: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    commit: list[float] = field(default_factory=list)
    missed: int = 0
    duplicates: int = 0
    resyncs: int = 0
    bare_missed: int = 0
    overheard: int = 0

    def take(self, figures: str, sent: Sequence[Sent], heard: Heard) -> Counter[int]:
        """Note the delays of one listener; returns how often each of the block's cases came."""
        at = {one.case_id: one.sent for one in sent}
        getattr(self, figures).extend(1000 * (when - at[case_id]) for case_id, when in heard if case_id in at)
        return Counter(case_id for case_id, _ in heard if case_id in at)

    def take_listener(self, sent: Sequence[Sent], told: Told) -> None:
        """A client without a screen."""
        times = self.take("heard", sent, told.heard)
        again = self.take("read", sent, told.read)
        self.missed += 2 * len(sent) - len(times) - len(again)
        self.duplicates += sum(times.values()) - len(times)
        self.resyncs += told.resyncs - 1

    def take_desk(self, sent: Sequence[Sent], known: Heard, painted: Heard) -> None:
        """The client with a screen. What it merges twice it changes once: a duplicate here is one that was seen."""
        in_model, shown = self.take("model", sent, known), self.take("painted", sent, painted)
        self.missed += 2 * len(sent) - len(in_model) - len(shown)
        self.duplicates += sum(in_model.values()) - len(in_model)


def measured() -> dict[str, Any]:
    """All figures of the feed; about two and a half minutes."""
    with bench_town() as town:
        return {**server_facts(town), **machine(), **_Feed(town).figures()}


class _Feed:
    """Blocks of commits, each told to the clients of one side only, so that the sides do not slow each other."""

    def __init__(self, town: Town) -> None:
        self._town, self._unit = town, town.org("D-CG")
        lift_login_limit(town, (LOGIN, WRITER))
        ids = filed_cases(town, sum(kind.commits for kind in KINDS) * BLOCKS * 2)
        self._version = town.row(ids[0]).version
        self._untold: set[int] = set()  # dispatched without the desk's knowledge: it still shows them
        self._writer = Writer(dsn(with_login(town.url, WRITER, password_of(WRITER))))

    def figures(self) -> dict[str, Any]:
        """Figures of every kind, and what was lost or came twice over all."""
        tallies = {}
        with self._writer:
            for kind in KINDS:
                tallies[kind.name] = self._blocks(kind)
        figures: dict[str, Any] = {}
        for name, tally in tallies.items():
            for step in ("painted", "model", "heard", "read"):
                if times := getattr(tally, step):
                    figures |= compared(f"{name}_{step}", times, {"bare": tally.bare})
            figures[f"{name}_commit_ms"] = round(quantile(tally.commit, 0.5), 2)
        for what in ("missed", "duplicates", "resyncs", "bare_missed", "overheard"):
            figures[what] = sum(getattr(tally, what) for tally in tallies.values())
        return figures

    def _blocks(self, kind: Kind) -> _Tally:
        tally = _Tally()
        with ExitStack() as stack:
            desk = stack.enter_context(Desk(self._town))
            crowd = stack.enter_context(Crowd(self._town, kind.clients - 1))
            elsewhere = stack.enter_context(Crowd(self._town, kind.elsewhere, reread=False, logins=ELSEWHERE))
            bare = stack.enter_context(Crowd(self._town, min(kind.clients + kind.elsewhere, MOST_BARE), bare=True))
            for _ in range(BLOCKS):
                self._product_block(tally, kind, desk, crowd)
                tally.overheard += sum(len(told.heard) for told in elsewhere.harvest())
                self._silent(True)
                self._bare_block(tally, kind, desk, bare)
                self._silent(False)
        return tally

    def _product_block(self, tally: _Tally, kind: Kind, desk: Desk, crowd: Crowd) -> None:
        sent = self._write(tally, kind.pace, desk.order[: kind.commits], tell=False)
        wanted = frozenset(one.case_id for one in sent)
        for told in crowd.harvest(wanted):
            tally.take_listener(sent, told)
        tally.take_desk(sent, *desk.harvest(wanted))

    def _bare_block(self, tally: _Tally, kind: Kind, desk: Desk, crowd: Crowd) -> None:
        # From the bottom: the desk is not told of these, and the next block takes what it shows at the top.
        left = [case_id for case_id in desk.order if case_id not in self._untold]
        sent = self._write(tally, kind.bare_pace, left[-kind.commits :], tell=True)
        self._untold.update(one.case_id for one in sent)
        for told in crowd.harvest(one.case_id for one in sent):
            tally.bare_missed += len(sent) - len(tally.take("bare", sent, told.heard))

    def _write(self, tally: _Tally, pace: Pace, cases: list[int], tell: bool) -> list[Sent]:
        sent = self._writer.write(Job(tuple((case_id, self._version) for case_id in cases), self._unit, pace, tell))
        tally.commit += [1000 * (one.answered - one.sent) for one in sent]
        return sent

    def _silent(self, silent: bool) -> None:
        """Whether the product's clients are told of changes."""
        with self._town.owner.begin() as connection:
            connection.exec_driver_sql(f"alter table cc.cases {'disable' if silent else 'enable'} trigger feed_case")
