"""Actions on whistles and orders whose answer was lost: asked for when the server is back, through a restart too."""

from __future__ import annotations

import logging
from uuid import UUID

from commandcenter.domain.errors import DomainError, OutcomeUnknown
from ui.bridge.open_questions import OpenQuestions, Question

log = logging.getLogger(__name__)


def question_action(action: str, party_no: int | None) -> str:
    """How an action on a lane is told from the same on another."""
    return f"{action}:{party_no or 0}"


class JointQuestions(OpenQuestions):
    """As OpenQuestions; a question's `case_id` is the id of the whistle, meeting or task."""

    def take(self, error: OutcomeUnknown) -> None:
        """Remember what the error leaves open."""
        detail = error.detail
        if "action" not in detail:
            return  # opened or attached: it is sent again under its own id
        action = question_action(str(detail["action"]), detail.get("party_no"))
        self._remember(Question(UUID(str(detail["command_id"])), int(detail["entity_id"]), action))

    async def _ask(self, question: Question) -> None:
        give_up = self._backend.session.joint_commands.give_up
        try:
            done = await self._backend.change(lambda _: give_up(question.command_id))
        except DomainError as error:
            log.info("what became of a joint command is still unknown: %s", error)
            return
        self._forget(question, done)
