"""Carries a command out exactly once, even when the connection breaks before the answer comes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from commandcenter.domain.errors import Busy, DomainError, OutcomeUnknown, ServerUnavailable

PAUSES_S = (0.2, 0.5, 1.0, 2.0, 4.0, 8.0)  # before each question whether it was done
UNKNOWN = "连接中断，暂时无法确认这一步是否已办成；连接恢复后会自动确认并告知，不要重复办理"
UNKNOWN_KEPT = "连接中断，暂时无法确认是否已收到；所填内容都在，连接恢复后请再提交一次，不会重复登记"

Told = TypeVar("Told")
Told_co = TypeVar("Told_co", covariant=True)


class Answers(Protocol[Told_co]):
    """What commands became, as the writing ports tell it."""

    def outcome(self, command_id: UUID) -> Told_co | None:
        """None: it was not done so far."""

    def give_up(self, command_id: UUID) -> Told_co | None:
        """The last word; None: it was not done and never will be."""


class ExactlyOnce(Generic[Told]):
    """Sends. When an answer is lost it asks what became of the command, and if it was not done sends the same command
    id again, once; so nothing is done twice. Blocks; raises what the sending raises.

    OutcomeUnknown when the server stays away; its detail names `command_id`.
    """

    def __init__(
        self,
        answers: Answers[Told],
        wait: Callable[[float], None] = time.sleep,
        pauses: Iterable[float] = PAUSES_S,
    ) -> None:
        self._answers = answers
        self._wait = wait
        self._pauses = tuple(pauses)

    def certain(self, command_id: UUID, send: Callable[[], Told]) -> Told:
        """For what must not be done later on its own: the last word is asked when the second sending was held up."""
        return self._once(command_id, send, self._answers.give_up)

    def repeatable(self, command_id: UUID, send: Callable[[], Told]) -> Told:
        """For what is sent again by its own id anyway: it is never given up."""
        return self._once(command_id, send, self._answers.outcome)

    def _once(self, command_id: UUID, send: Callable[[], Told], last_word: Callable[[UUID], Told | None]) -> Told:
        try:
            return send()
        except OutcomeUnknown as error:
            return self._settle(command_id, send, last_word, error)

    def _settle(
        self,
        command_id: UUID,
        send: Callable[[], Told],
        last_word: Callable[[UUID], Told | None],
        broken: OutcomeUnknown,
    ) -> Told:
        sent_again = False
        for pause in self._pauses:
            self._wait(pause)
            try:
                if (done := self._answers.outcome(command_id)) is not None:
                    return done
                if not sent_again:
                    sent_again = True
                    return self._send_again(command_id, send, last_word)
            except ServerUnavailable as error:
                sent_again = sent_again and error.unknown_outcome
        raise OutcomeUnknown(UNKNOWN_KEPT, {"command_id": str(command_id)}) from broken

    def _send_again(
        self, command_id: UUID, send: Callable[[], Told], last_word: Callable[[UUID], Told | None]
    ) -> Told:
        """The first sending may still have been at work on the server when asked; then the second meets its result
        as a conflict, and the answer is there by now. When the second could not wait, only the last word is sure."""
        try:
            return send()
        except ServerUnavailable:
            raise
        except DomainError as error:
            if (done := self._last_word(command_id, error, last_word)) is not None:
                return done
            raise error

    def _last_word(
        self, command_id: UUID, refusal: DomainError, last_word: Callable[[UUID], Told | None]
    ) -> Told | None:
        if not isinstance(refusal, Busy):
            return self._answers.outcome(command_id)
        try:
            return last_word(command_id)
        except Busy as still:
            raise OutcomeUnknown(UNKNOWN_KEPT, {"command_id": str(command_id)}) from still
