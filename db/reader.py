"""Reports from a streaming replica while it may be believed, else from the primary; which of them is told."""

from __future__ import annotations

import logging
import random
import threading
import time
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import URL, Engine
from sqlalchemy.exc import DBAPIError

from commandcenter.domain.errors import DomainError, LoginRefused, ServerUnavailable
from commandcenter.ports import ReaderState
from commandcenter.resources import RESOURCES
from db.engine import ANSWER_WITHIN_S, make_engine, with_login
from db.errors import sqlstate
from db.replica import AsOf, Mark, ReplicaRefused, check_same, read_mark, read_replayed
from db.server_error import ServerError

READER_VARIABLE = "COMMANDCENTER_READER_URL"
_PROBE_S = 5.0  # a frozen server acknowledges and says nothing
_PRIMARY_AGAIN_S = 5.0
_CANCELLED, _TIMED_OUT = "40001", "57014"
_ADVICE = "请管理员检查报表库（--reader）的地址"

T = TypeVar("T")
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ReaderRules:
    """When the replica is asked (resources/reader.toml)."""

    lag_limit_s: float
    retry_s: tuple[float, ...]


def load_rules() -> ReaderRules:
    """Read them."""
    given = tomllib.loads((RESOURCES / "reader.toml").read_text(encoding="utf-8"))
    return ReaderRules(given["lag_limit_s"], tuple(given["retry_s"]))


def reader_address(given: str, user: str, password: str) -> URL:
    """The replica's address under a login; raises ServerError saying that it is this address that is wrong."""
    try:
        return with_login(given, user, password)
    except ServerError as error:
        raise ServerError(f"报表库（--reader）：{error.message}") from None


class _NotNow(DomainError):
    """The replica is not asked this time: late, or dead or refused a moment ago."""


class Reader:
    """`ports.Reader`: asks the replica, or the primary when the replica is dead, late, or none of this database.

    Before every report it proves where both stand; nothing is remembered but when to try a dead one again. May be used
    by several threads.
    """

    def __init__(
        self, primary: Engine, address: URL, *, name: str, rules: ReaderRules | None = None, patient: bool = False
    ) -> None:
        """`patient`: the questions may take as long as they need."""
        self._primary, self._rules = primary, rules or load_rules()
        self._probe = make_engine(
            address, application_name=name, pool_size=1, autocommit=True, answer_within_s=_PROBE_S
        )  # fmt: skip
        self._replica = make_engine(
            address, application_name=name, pool_size=2, autocommit=True,
            answer_within_s=None if patient else ANSWER_WITHIN_S,
        )  # fmt: skip
        self._where = f"报表库 {address.host}:{address.port or 5432} "
        self._lock, self._as_of = threading.Lock(), AsOf()
        self._mark: Mark | None = None
        self._marked_at, self._replayed = 0.0, 0
        self._primary_again, self._primary_trouble = 0.0, ""
        self._again_at, self._failures, self._trouble = 0.0, 0, ""
        self.state: ReaderState | None = None

    def answer(self, question: Callable[[Engine], T]) -> T:
        """The answer of the replica, else of the primary; raises what the primary raises.

        What fails on the replica is asked of the primary, but for a question that took too long: the replica is there
        to keep such work off the primary.
        """
        try:
            standing = self._standing()
            answer = question(self._replica)
        except (DomainError, DBAPIError) as error:
            if sqlstate(error) == _TIMED_OUT:
                raise
            return self._fall_back(question, self._why_not(error))
        self._failures, self.state = 0, standing
        return answer

    def refusal(self) -> str:
        """Why the address cannot be a replica of this database; empty if it is one, or does not answer now."""
        try:
            self._standing()
        except ReplicaRefused as error:
            return self._why_not(error)
        except (DomainError, DBAPIError) as error:
            log.info("replica not checked: %s", error)
        return ""

    def close(self) -> None:
        """Let the connections go."""
        self._probe.dispose()
        self._replica.dispose()

    # ------------------------------------------------------------------ may it be believed
    def _standing(self) -> ReaderState:
        """What an answer of the replica is worth now; raises DomainError when it is not to be asked."""
        if time.monotonic() < self._again_at:
            raise _NotNow(self._trouble)
        lost = self._ask_primary()
        ahead_of = 0 if lost else self._replayed  # as it was before the primary was asked
        seen = read_replayed(self._probe)
        with self._lock:
            if self._mark is None:
                raise _NotNow(f"{self._where}暂不使用：主库连不上，无法确认它是主库的副本")
            check_same(self._mark, seen, ahead_of)
            self._replayed = max(self._replayed, seen.position)
            as_of = self._as_of.reached(seen)
            gone = time.monotonic() - self._marked_at if lost else 0.0
            behind = max(0.0, self._mark.at + gone - as_of)
        if behind > self._rules.lag_limit_s and not lost:
            raise _NotNow(f"{self._where}落后超过 {self._rules.lag_limit_s:g} 秒")
        return ReaderState("replica", as_of, behind, alone=bool(lost), reason=lost)

    def _ask_primary(self) -> str:
        """Mark where the primary is now; why not, if it does not answer."""
        if time.monotonic() < self._primary_again:
            return self._primary_trouble
        try:
            mark = read_mark(self._primary)
        except ServerUnavailable as error:
            log.info("primary not asked: %s", error)
            self._primary_again = time.monotonic() + _PRIMARY_AGAIN_S  # each try may wait for a dead network
            self._primary_trouble = error.message
            return self._primary_trouble
        with self._lock:
            self._mark, self._marked_at = mark, time.monotonic()
            self._as_of.add(mark)
        return ""

    # ------------------------------------------------------------------ otherwise
    def _fall_back(self, question: Callable[[Engine], T], why: str) -> T:
        try:
            answer = question(self._primary)
        except ServerUnavailable:
            self.state = ReaderState("none", reason=why)
            raise
        self.state = ReaderState("primary", reason=why)
        return answer

    def _why_not(self, error: DomainError | DBAPIError) -> str:
        """In words for the screen; a replica that is dead or refused rests for a while."""
        if isinstance(error, _NotNow):
            return error.message
        if isinstance(error, ReplicaRefused):
            return self._rest(f"{self._where}不能使用：{error.message}。{_ADVICE}")
        if isinstance(error, LoginRefused):
            return self._rest(f"{self._where}拒绝登录：{error.message}。{_ADVICE}")
        if isinstance(error, ServerUnavailable):
            return self._rest(f"{self._where}连不上或没有回答")
        if sqlstate(error) == _CANCELLED:
            return f"{self._where}因回放主库的改动取消了这次查询"
        log.warning("replica did not answer: %s", error)
        return f"{self._where}没有答出：{error.message if isinstance(error, DomainError) else '查询出错'}"

    def _rest(self, why: str) -> str:
        pause = self._rules.retry_s[min(self._failures, len(self._rules.retry_s) - 1)] * random.uniform(0.8, 1.2)
        self._failures += 1
        self._again_at, self._trouble = time.monotonic() + pause, why
        return why
