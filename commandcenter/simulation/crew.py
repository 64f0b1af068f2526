"""The worker threads: each takes all that one person has to do now, one after another."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from commandcenter.domain.errors import ServerUnavailable
from commandcenter.simulation.agent import Agent
from commandcenter.simulation.crowd import Crowd
from commandcenter.simulation.life import Life, Move
from commandcenter.simulation.tally import Tally

log = logging.getLogger(__name__)
_Task = tuple[Life, Move]


class Crew:
    """Carries out the moves that are due, several people at once."""

    def __init__(
        self,
        agent: Agent,
        crowd: Crowd,
        tally: Tally,
        workers: int,
        stopped: Callable[[], bool],
    ) -> None:
        self._agent, self._crowd, self._tally, self._stopped = agent, crowd, tally, stopped
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="city")

    def work(self, due: Sequence[_Task], now: float) -> bool:
        """Do all of it; returns when everybody is ready. False: the server was away for somebody."""
        people: dict[str, list[_Task]] = defaultdict(list)
        for life, move in due:
            if (login := self._crowd.who(move)) is None:
                self._crowd.park(life)
            else:
                people[login].append((life, move))
        futures = [self._pool.submit(self._serve, login, tasks, now) for login, tasks in people.items()]
        answers = [future.result() for future in futures]  # all must be ready before the next step
        return all(answers)

    def close(self) -> None:
        """End the threads."""
        self._pool.shutdown(wait=True)

    def _serve(self, login: str, tasks: Sequence[_Task], now: float) -> bool:
        for number, (life, move) in enumerate(tasks):
            if self._stopped() or not self._one(login, life, move, now):
                for later, postponed in tasks[number:]:
                    self._crowd.postpone(later, postponed, now)
                return self._stopped()
        return True

    def _one(self, login: str, life: Life, move: Move, now: float) -> bool:
        try:
            self._agent.carry_out(life, move, login)
            if life.row is not None:
                self._crowd.settle(life, now)
        except ServerUnavailable as error:
            log.info("%s: %s", login, error.message)
            self._tally.error("ServerUnavailable")
            return False
        except Exception as error:
            log.exception("an agent failed on case %s", life.key)
            self._tally.error(f"bug:{type(error).__name__}")
            self._crowd.fail(life)
        return True
