"""A command is done exactly once, whatever the connection does."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from commandcenter.domain.errors import Busy, Conflict, InvalidInput, OutcomeUnknown, ServerUnavailable
from commandcenter.domain.model import Command, Done, NewReport
from commandcenter.services.commands import CaseActions, Performer, plain_args
from tests.support.case_rows import case_row
from tests.support.recording_commands import Failing, RecordingCommands

BROKEN = OutcomeUnknown("断")
NO_SERVER = ServerUnavailable("没有连接")


@pytest.fixture
def commands() -> RecordingCommands:
    return RecordingCommands()


def performer(commands: RecordingCommands, pauses=(1, 2, 3)) -> Performer:
    return Performer(commands, wait=lambda s: None, pauses=pauses)


def command() -> Command:
    return Command(uuid4(), 5, 1, "receive")


def test_an_answer_that_was_lost_is_asked_for(commands: RecordingCommands) -> None:
    commands.lost = Failing(BROKEN)
    assert performer(commands).perform(command()) == Done(5, "no", 2, "receive", 2)
    assert len(commands.sent) == 1


def test_a_command_that_was_not_done_is_sent_again_under_the_same_id(commands: RecordingCommands) -> None:
    commands.trouble = Failing(BROKEN)
    assert performer(commands).perform(command()).case_id == 5
    assert len({sent.id for sent in commands.sent}) == 1
    assert len(commands.sent) == 2


def test_it_waits_longer_each_time_while_the_server_is_away(commands: RecordingCommands) -> None:
    waited: list[float] = []
    commands.trouble = Failing(BROKEN, NO_SERVER, NO_SERVER)
    Performer(commands, wait=waited.append, pauses=(1, 2, 4, 8)).perform(command())
    assert waited == [1, 2, 4]


def test_it_gives_up_with_a_sentence_when_the_server_stays_away(commands: RecordingCommands) -> None:
    commands.trouble = Failing(BROKEN, *[NO_SERVER] * 9)
    with pytest.raises(OutcomeUnknown, match="不要重复办理"):
        performer(commands).perform(command())
    assert len(commands.sent) == 1


def test_it_is_sent_again_once_only(commands: RecordingCommands) -> None:
    commands.trouble = lambda what: None if what == "outcome" else Failing(BROKEN)(what)
    with pytest.raises(OutcomeUnknown):
        performer(commands).perform(command())
    assert len(commands.sent) == 2


def test_no_connection_at_all_is_told_at_once(commands: RecordingCommands) -> None:
    commands.trouble = Failing(NO_SERVER)
    with pytest.raises(ServerUnavailable):
        performer(commands).perform(command())
    assert len(commands.sent) == 1


def test_a_conflict_with_ones_own_first_sending_is_no_conflict(commands: RecordingCommands) -> None:
    """The first sending was still at work on the server when the client asked; its result then met the second."""
    mine = command()

    def second_meets_first(what: object) -> None:
        if what is mine and len(commands.sent) == 1:
            raise BROKEN
        if what is mine:
            commands.answers[mine.id] = Done(5, "no", 2, "in_progress", 2)
            raise Conflict("案件已被他人处理")

    commands.trouble = second_meets_first
    assert performer(commands).perform(mine).state == "in_progress"


def test_a_true_conflict_at_the_second_sending_is_told(commands: RecordingCommands) -> None:
    commands.trouble = Failing(BROKEN, None, Conflict("案件已被他人处理"))
    with pytest.raises(Conflict):
        performer(commands).perform(command())


def test_an_action_carries_the_version_of_the_row_and_an_id_of_its_own(commands: RecordingCommands) -> None:
    actions = CaseActions(performer(commands))
    row = case_row(8, version=4)
    actions.act(row, "note", {"text": " 已电话联系 "})
    actions.act(row, "note", {"text": "再次联系"})
    first, second = commands.sent
    assert (first.case_id, first.version, first.action, first.args) == (8, 4, "note", {"text": "已电话联系"})
    assert first.id != second.id


def test_a_missing_required_field_is_named_before_anything_is_sent(commands: RecordingCommands) -> None:
    with pytest.raises(InvalidInput, match="依据") as caught:
        CaseActions(performer(commands)).act(case_row(), "return_case", {"reason": "非我单位职责", "legal_basis": " "})
    assert caught.value.detail == {"field": "legal_basis"}
    assert commands.sent == []


def test_arguments_become_plain() -> None:
    when = datetime(2025, 6, 18, 6, 0, tzinfo=UTC)
    plain = plain_args({"until": when, "note": "", "grid_id": None, "minutes": 0})
    assert plain == {"until": "2025-06-18T06:00:00+00:00", "minutes": 0}


def test_an_instant_without_zone_is_a_bug() -> None:
    with pytest.raises(ValueError, match="time zone"):
        plain_args({"until": datetime(2025, 6, 18)})


BUSY = Busy("案件正被他人处理，请稍后再试；本次操作没有生效")


def test_a_second_sending_that_could_not_wait_is_settled_by_the_last_word(commands: RecordingCommands) -> None:
    """The first may still be at work and hold the number: only when it is over is "没有生效" true."""
    mine, asked = command(), []

    def trouble(what: object) -> None:
        asked.append(what)
        if what is mine:
            raise BROKEN if len(commands.sent) == 1 else BUSY
        if what == "give_up":
            commands.answers[mine.id] = Done(5, "no", 2, "in_progress", 2)

    commands.trouble = trouble
    assert performer(commands).perform(mine).state == "in_progress"
    assert asked == [mine, "outcome", mine, "give_up"]


def test_what_the_last_word_denies_is_refused_as_not_done(commands: RecordingCommands) -> None:
    commands.trouble = Failing(BROKEN, None, BUSY)
    with pytest.raises(Busy, match="没有生效"):
        performer(commands).perform(command())


def test_a_report_is_never_given_up_for_it_is_sent_again_by_its_own_number(commands: RecordingCommands) -> None:
    asked = []
    commands.trouble = lambda what: asked.append(what) or Failing(*([BROKEN] if len(asked) == 1 else []))(what)
    report = NewReport(uuid4(), "patrol", "路灯不亮")
    assert performer(commands).report(report).state == "reported"
    assert "give_up" not in asked
    commands.trouble = Failing(BROKEN, *[NO_SERVER] * 9)
    with pytest.raises(OutcomeUnknown, match="不会重复登记") as unknown:
        performer(commands).report(NewReport(uuid4(), "patrol", "井盖松动"))
    assert "action" not in unknown.value.detail


def test_an_action_without_an_answer_names_what_is_to_be_asked_later(commands: RecordingCommands) -> None:
    mine = command()
    commands.trouble = Failing(BROKEN, *[NO_SERVER] * 9)
    with pytest.raises(OutcomeUnknown) as unknown:
        performer(commands).perform(mine)
    assert unknown.value.detail == {"command_id": str(mine.id), "case_id": mine.case_id, "action": mine.action}
