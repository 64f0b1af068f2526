"""Reminders are acknowledged once, in portions that the database takes, whatever the connection does."""

from collections.abc import Sequence
from uuid import UUID

import pytest

from commandcenter.domain.errors import NotFound, OutcomeUnknown, ServerUnavailable
from commandcenter.domain.notices import Notice
from commandcenter.services.notices import MOST_AT_ONCE, NoticeService
from tests.support.recording_commands import Failing

BROKEN = OutcomeUnknown("断")
NO_SERVER = ServerUnavailable("没有连接")


class Recording:
    """A `ports.Notices` that remembers what was sent; `trouble` raises before a call is answered."""

    def __init__(self, *errors: Exception) -> None:
        self.sent: list[tuple[UUID, list[int]]] = []
        self.trouble = Failing(*errors)

    def open_notices(self) -> list[Notice]:
        return []

    def notices(self, ids: Sequence[int]) -> list[Notice]:
        return []

    def acknowledge(self, command_id: UUID, ids: Sequence[int]) -> list[int]:
        self.sent.append((command_id, list(ids)))
        self.trouble("acknowledge")
        return list(ids)


def service(notices: Recording, pauses: Sequence[float] = (1, 2)) -> NoticeService:
    return NoticeService(notices, wait=lambda s: None, pauses=pauses)


def test_many_go_in_portions_with_a_command_each() -> None:
    notices = Recording()
    ids = list(range(MOST_AT_ONCE + 3))
    assert service(notices).acknowledge(ids) == ids
    assert [len(part) for _, part in notices.sent] == [MOST_AT_ONCE, 3]
    assert len({command for command, _ in notices.sent}) == 2


def test_a_lost_answer_is_asked_for_with_the_same_command() -> None:
    notices = Recording(BROKEN, NO_SERVER)
    assert service(notices).acknowledge([7]) == [7]
    assert [part for _, part in notices.sent] == [[7], [7], [7]]
    assert len({command for command, _ in notices.sent}) == 1


def test_a_server_that_stays_away_is_told_in_a_sentence() -> None:
    notices = Recording(BROKEN, NO_SERVER, NO_SERVER)
    with pytest.raises(OutcomeUnknown, match="自动更新"):
        service(notices).acknowledge([7])


@pytest.mark.parametrize("error", [NO_SERVER, NotFound("没有这条提醒")])
def test_a_refusal_and_a_missing_connection_are_told_at_once(error: Exception) -> None:
    notices = Recording(error)
    with pytest.raises(type(error)):
        service(notices).acknowledge([7])
    assert len(notices.sent) == 1
