"""Whistles, orders, meetings and tasks of a past moment equal what stood in the tables then, lane by lane."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from commandcenter.live.joint import JointPicture
from commandcenter.ports_joint import JointRows
from tests.integration.meeting.table import Table
from tests.integration.replay.recorder import Moment, Recorder, by_id
from tests.integration.whistle.test_every_path import Path
from tests.support.clocks import pass_time, travel
from tests.support.town import Town

pytestmark = pytest.mark.database
PEOPLE = ("supervisor", "leader", "cg", "ga", "screen", "street_b")
STORIES, STEPS = 6, 36


@pytest.fixture
def table(town: Town) -> Table:
    made = Table(town)
    travel(made, "2026-11-23 08:00")
    return made


def _live(table: Table, recorder: Recorder) -> Counter[str]:
    """Whistles and orders that go anywhere, beside a meeting and a task; what happened."""
    dice = random.Random(5)
    meeting, task = table.call(), table.assign()
    done: Counter[tuple[str, str, str]] = Counter()
    for kind in ("whistle", "order") * STORIES:
        story = Path(table, kind, done, dice)
        for step in range(STEPS):
            pass_time(table, minutes=dice.choice((1, 5, 20, 70)))
            if dice.random() < 0.3:
                table.sql("select cc.run_duty()")
            if not story.go_on():
                break
            if step % 6 == 0:
                recorder.write(*PEOPLE)
    table.meet("cg", meeting, "confirm", unit="D-CG")
    pass_time(table, seconds=5)
    recorder.write(*PEOPLE)
    pass_time(table, seconds=5)
    table.attach_to("cg", "task", task)
    table.task("cg", task, "report", result="已清理")
    recorder.write(*PEOPLE)
    return Counter(row[0] for row in table.rows("select entity || '.' || action from cc.joint_event"))


def _assert_same(then: Moment, now: Moment) -> None:
    assert now.joint.keys() == then.joint.keys(), (then.who, then.at)
    for key, row in then.joint.items():
        assert now.joint[key] == row, (then.who, then.at)


def test_every_moment_equals_what_was_recorded_and_playing_on_leads_there(table: Table, recorder: Recorder) -> None:
    happened = _live(table, recorder)
    for deed in ("sign", "respond", "arrive", "finish", "sign_off", "missed_confirm", "missed_arrival", "raise_level",
                 "replace", "withdraw_party", "reschedule", "tick"):  # fmt: skip
        assert happened[f"summons.{deed}"], (deed, happened)
    assert len(recorder.moments) > 60
    for moment in recorder.moments:
        _assert_same(moment, recorder.replayed(moment.who, moment.at))
    for who in ("supervisor", "cg", "screen"):
        _play(recorder, [moment for moment in recorder.moments if moment.who == who])


def _play(recorder: Recorder, moments: list[Moment]) -> None:
    """From the first moment to each of the later ones."""
    source = recorder.town.session(moments[0].who).replay
    picture = JointPicture()
    picture.load(source.joint_at(moments[0].at))
    for begin, end in zip(moments, moments[1:], strict=False):
        told = source.joint_changes(begin.at, end.at)
        for _at, rows in told.changes:
            picture.merge(rows, list(by_id(rows)))
        held = JointRows(*(tuple(shelf.values()) for shelf in (picture.summons, picture.meetings, picture.tasks)))
        assert by_id(held) == end.joint, (end.who, end.at)


def test_who_reads_no_words_gets_none_of_then_either(table: Table, recorder: Recorder) -> None:
    table.issued(title="占道经营")
    recorder.write("screen", "supervisor")
    for moment in recorder.moments:
        (row,) = recorder.replayed(moment.who, moment.at).joint.values()
        assert row.title == ("" if moment.who == "screen" else "占道经营")


def test_a_title_is_that_of_then(table: Table, recorder: Recorder) -> None:
    number = table.open(title="占道经营")
    pass_time(table, seconds=30)
    recorder.write("leader")
    pass_time(table, seconds=30)
    table.do("leader", number, "edit", title="夜间占道经营")
    pass_time(table, seconds=30)
    recorder.write("leader")
    before, after = (recorder.replayed("leader", moment.at).joint[number] for moment in recorder.moments)
    assert (before.title, after.title) == ("占道经营", "夜间占道经营")
