"""Carries out one move of one case at somebody's desk and deals with what the world answers."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from uuid import uuid4

from commandcenter.domain.errors import DomainError, ServerUnavailable
from commandcenter.domain.model import CaseRow, Command, Done
from commandcenter.services.evidence import evidence
from commandcenter.simulation.desks import Desk, Desks
from commandcenter.simulation.effects import first_row, row_after
from commandcenter.simulation.facts import Facts
from commandcenter.simulation.fate import Fate
from commandcenter.simulation.life import Act, Life, Move, Photo, Report, Step
from commandcenter.simulation.photos import photo
from commandcenter.simulation.tally import Tally

log = logging.getLogger(__name__)
_NAMES = {"scene": "现场.png", "before": "处置前.png", "after": "处置后.png"}


class Agent:
    """Everybody's hands. Thread-safe as long as no two threads work on one life."""

    def __init__(self, facts: Facts, desks: Desks, tally: Tally, now: Callable[[], float]) -> None:
        self._facts, self._desks, self._tally, self._now = facts, desks, tally, now

    def carry_out(self, life: Life, move: Move, login: str) -> bool:
        """Do the move. True: done, or no longer to be done; False: refused, and the row was read anew.
        Raises ServerUnavailable; then the move may be carried out again from where it stopped."""
        if self._now() > move.expires or (move.ready is not None and not move.ready()):
            life.marks.add(move.mark)
            return True
        if move.look_first and not self._still_there(life):
            return True
        with self._desks.at(login) as desk:
            error = self._all_steps(life, move, desk, login)
        if error is not None:
            self._refused(life, move, error)
        elif move.rival:
            self._rival(life, move)
        return error is None

    def look(self, life: Life) -> None:
        """Read the case as somebody who sees the whole district."""
        with self._desks.at(self._facts.staff.watcher()) as desk:
            for row in desk.queries.cases([life.known.id]):
                see(life, row)

    def _still_there(self, life: Life) -> bool:
        before = life.known.state
        self.look(life)
        return life.known.state == before

    def _all_steps(self, life: Life, move: Move, desk: Desk, login: str) -> DomainError | None:
        for step in move.steps[life.progress :]:
            try:
                self._step(life, step, desk, login)
            except ServerUnavailable:
                raise
            except DomainError as error:
                return error
            life.progress += 1
            if life.row is None:
                return None  # the channel's number was known: told before the city was started again
        life.trouble = 0
        life.marks.add(move.mark)
        return None

    def _step(self, life: Life, step: Step, desk: Desk, login: str) -> None:
        if isinstance(step, Report):
            self._report(life, desk)
        elif isinstance(step, Photo):
            self._attach(life, step.kind, desk)
        else:
            self._act(life, step, desk, login)

    def _report(self, life: Life, desk: Desk) -> None:
        assert life.draft is not None
        done = desk.performer.report(life.draft.report)
        if not done.known:
            life.row = first_row(life.draft, done, self._now(), self._facts.timing)
            self._tally.did("report")

    def _attach(self, life: Life, kind: str, desk: Desk) -> None:
        content = photo(kind, life.rng.randrange(1 << 16))
        desk.performer.attach(evidence(life.known.id, kind, _NAMES[kind], content))
        self._tally.did("attach")

    def _act(self, life: Life, step: Act, desk: Desk, login: str) -> None:
        before = life.known
        done = desk.actions.act(before, step.action, step.args)
        self._tally.did(step.action)
        self._late(life, before)
        if step.action in ("dispatch", "rule"):
            life.last_dispatcher = login
        if step.action == "merge" and life.master is not None and before.citizen:
            life.master.absorbed = True
        if step.action in ("feedback", "return_case", "suspend", "force_close"):
            life.finish_at = None
        facts = self._facts
        life.row = row_after(before, step.action, step.args, done, self._now(), facts.directory, facts.timing)

    def _late(self, life: Life, before: CaseRow) -> None:
        if not life.late and before.deadline is not None and self._now() > before.deadline:
            life.late = True
            self._tally.count("overdue")

    def _refused(self, life: Life, move: Move, error: DomainError) -> None:
        step = move.steps[life.progress]
        what = step.action if isinstance(step, Act) else type(step).__name__
        self._tally.error(type(error).__name__)
        state = life.row.state if life.row else "unborn"
        log.info("%s (%s): %s refused: %s %s", life.key, state, what, error.message, dict(error.detail))
        life.trouble += 1
        life.fate = Fate(taste=life.fate.taste, turn=life.fate.turn)  # no more drama for this one
        if life.row is None:
            return
        self.look(life)
        if what == "close" and life.known.state == "verified":  # somebody merged into it still waits for an answer
            life.row = replace(life.known, answered=False)

    def _rival(self, life: Life, move: Move) -> None:
        """A colleague drags the same case a moment later and is told who was first."""
        step = next(s for s in move.steps if isinstance(s, Act))
        stale = life.known.version - 1
        with self._desks.at(move.rival) as desk:
            command = Command(uuid4(), life.known.id, stale, step.action, dict(step.args))
            try:
                done: Done | None = desk.performer.perform(command)
            except ServerUnavailable:
                return
            except DomainError:
                done = None
        self._tally.count("races" if done is None else "races_won")


def see(life: Life, row: CaseRow) -> None:
    """Take over what the database says about a case."""
    if life.row is None or (row.state, row.handler_id) != (life.row.state, life.row.handler_id):
        life.finish_at = None
        life.last_dispatcher = ""
    life.row = row
