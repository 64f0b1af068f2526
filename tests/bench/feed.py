"""Commit elsewhere → known in the client, through PgFeed and through a bare LISTEN/NOTIFY with payload."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from db.engine import dsn, with_login
from tests.bench.feed_listeners import BareListener, Heard, ProductListener
from tests.bench.feed_writer import Job, Sent, Writer
from tests.bench.ground import bench_town, filed_cases, server_facts
from tests.bench.measure import compared, machine, quantile
from tests.support.town import Town
from tests.support.town_profile import password_of

LISTENERS = (1, 20)
PACES = {"quiet": (0.45, 8), "busy": (0.02, 100)}  # seconds between commits, commits a block
BLOCKS = 2  # of each side, one after the other
PATIENCE_S = 7.0  # longer than the feed's own safety net of 5 s
WRITER = "t_dispatcher"


@dataclass
class _Tally:
    """Milliseconds from the sending of a commit until each listener knew of it."""

    heard: list[float] = field(default_factory=list)
    read: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)
    commit: list[float] = field(default_factory=list)
    missed: int = 0
    duplicates: int = 0
    resyncs: int = 0
    bare_missed: int = 0

    def take(self, figures: str, sent: Sequence[Sent], heard: Heard) -> Counter[int]:
        """Note the delays of one listener; returns how often each of the block's cases came."""
        at = {one.case_id: one.sent for one in sent}
        getattr(self, figures).extend(1000 * (when - at[case_id]) for case_id, when in heard if case_id in at)
        return Counter(case_id for case_id, _ in heard if case_id in at)


def measured() -> dict[str, Any]:
    """All figures of the feed; about a minute."""
    with bench_town() as town:
        return {**server_facts(town), **machine(), **_Feed(town).figures()}


class _Feed:
    """Blocks of commits, each heard by listeners of one side only, so that the sides do not slow each other."""

    def __init__(self, town: Town) -> None:
        self._town = town
        self._unit = town.org("D-CG")
        commits = sum(count for _, count in PACES.values()) * len(LISTENERS) * BLOCKS * 2
        ids = filed_cases(town, commits)
        version = town.row(ids[0]).version
        self._cases = iter([(case_id, version) for case_id in ids])
        self._writer = Writer(dsn(with_login(town.url, WRITER, password_of(WRITER))))

    def figures(self) -> dict[str, Any]:
        """Figures of every pace and number of listeners, and what was lost or came twice over all."""
        tallies = {}
        with self._writer:
            for name, pace, count in _kinds():
                tallies[name] = self._blocks(pace, count)
        figures: dict[str, Any] = {}
        for name, tally in tallies.items():
            figures |= compared(name, tally.heard, {"bare": tally.bare})
            figures |= compared(f"{name}_reread", tally.read, {"bare": tally.bare})
            figures[f"{name}_commit_ms"] = round(quantile(tally.commit, 0.5), 2)
        for what in ("missed", "duplicates", "resyncs", "bare_missed"):
            figures[what] = sum(getattr(tally, what) for tally in tallies.values())
        return figures

    def _blocks(self, pace: str, count: int) -> _Tally:
        tally = _Tally()
        for _ in range(BLOCKS):
            self._product_block(tally, pace, count)
            self._bare_block(tally, pace, count)
        return tally

    def _write(self, tally: _Tally, pace: str, tell: bool) -> list[Sent]:
        gap, commits = PACES[pace]
        job = Job(tuple(next(self._cases) for _ in range(commits)), self._unit, gap, tell)
        sent = self._writer.write(job)
        tally.commit += [1000 * (one.answered - one.sent) for one in sent]
        return sent

    def _product_block(self, tally: _Tally, pace: str, count: int) -> None:
        listeners = [ProductListener(self._town, number) for number in range(count)]
        for listener in listeners:
            listener.start()
        sent = self._write(tally, pace, tell=False)
        _wait([(listener.heard, listener.read) for listener in listeners], sent)
        for listener in listeners:
            listener.stop()
            times = tally.take("heard", sent, listener.heard)
            tally.take("read", sent, listener.read)
            tally.missed += len(sent) - len(times)
            tally.duplicates += sum(times.values()) - len(times)
            tally.resyncs += listener.resyncs - 1

    def _bare_block(self, tally: _Tally, pace: str, count: int) -> None:
        listeners = [BareListener(self._town, number) for number in range(count)]
        for listener in listeners:
            listener.start()
        sent = self._write(tally, pace, tell=True)
        _wait([(listener.heard,) for listener in listeners], sent)
        for listener in listeners:
            listener.stop()
            tally.bare_missed += len(sent) - len(tally.take("bare", sent, listener.heard))


def _kinds() -> Iterator[tuple[str, str, int]]:
    for count in LISTENERS:
        for pace in PACES:
            yield f"{pace}_{count}", pace, count


def _wait(heard: Sequence[tuple[Heard, ...]], sent: Sequence[Sent]) -> None:
    """Until every listener knows of every commit, or patience ends: the rest counts as missed."""
    wanted = {one.case_id for one in sent}
    until = time.perf_counter() + PATIENCE_S
    while time.perf_counter() < until:
        if all(wanted <= {case_id for case_id, _ in part} for parts in heard for part in parts):
            return
        time.sleep(0.02)
