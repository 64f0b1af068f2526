"""A replayed moment equals what stood in the tables then: every field of every case, for everybody."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from commandcenter.domain.model import CaseRow
from commandcenter.live.picture import LivePicture
from tests.integration.replay.recorder import Moment, Recorder
from tests.integration.replay.wandering import Wandering
from tests.support.clocks import travel
from tests.support.hands import Hands
from tests.support.town import Town

pytestmark = pytest.mark.database
STEPS = 300
# What a replay must have gone through to prove anything.
SEEN = {"report", "classify", "accept", "file", "dispatch", "undo_dispatch", "receive", "return_case", "rule",
        "sub_dispatch", "hand_back", "request_suspend", "suspend", "resume", "request_extension", "approve_extension",
        "refuse_request", "feedback", "verify", "rework", "reply", "follow_up", "close", "reopen", "supervise",
        "lift_supervision", "instruct", "force_close", "clear_ledger", "merge", "reject", "note",
        "attach"}  # fmt: skip


@pytest.fixture
def wandering(town: Town) -> Wandering:
    hands = Hands(town)
    travel(hands, "2026-11-23 08:00")
    return Wandering(hands, random.Random(7))


def _without_words(rows: dict[int, CaseRow]) -> dict[int, CaseRow]:
    return {key: replace(row, summary="") for key, row in rows.items()}


def _assert_same(then: Moment, now: Moment) -> None:
    """Of a case that has left somebody's scope since, its words are not shown him again."""
    assert now.cases.keys() == then.cases.keys(), (then.who, then.at)
    for key, row in then.cases.items():
        shown = now.cases[key]
        assert shown == row or (shown.summary == "" and shown == replace(row, summary="")), (then.who, shown, row)
    if then.who in ("supervisor", "screen"):
        assert now.cases == then.cases


def test_every_moment_equals_what_was_recorded(wandering: Wandering, recorder: Recorder) -> None:
    for step in range(STEPS):
        wandering.go_on()
        if step % 8 == 0:
            recorder.write()
    assert set(wandering.done) >= SEEN, (SEEN - set(wandering.done), wandering.done)
    assert len({moment.at for moment in recorder.moments}) > 30
    for moment in recorder.moments:
        _assert_same(moment, recorder.replayed(moment.who, moment.at))


def test_played_forward_it_is_what_is_loaded_at_the_end(wandering: Wandering, recorder: Recorder) -> None:
    for step in range(150):
        wandering.go_on()
        if step in (20, 75, 149):
            recorder.write()
    for who in ("supervisor", "leader", "cg", "street_b"):
        first, middle, last = (moment for moment in recorder.moments if moment.who == who)
        picture = LivePicture()
        picture.load([list(recorder.replayed(who, first.at).cases.values())])
        for begin, end in ((first, middle), (middle, last)):
            told = recorder.town.session(who).replay.case_changes(begin.at, end.at)
            assert told.until == end.at and [c.at for c in told.changes] == sorted(c.at for c in told.changes)
            for change in told.changes:
                picture.merge([change.row] if change.row else [], [change.id])
            assert _without_words(dict(picture.rows)) == _without_words(end.cases), who
