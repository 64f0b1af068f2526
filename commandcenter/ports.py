"""What the core needs from the outside; `db` implements it, tests fake it.

Every call may raise a DomainError. Calls block: screens reach them through ui.bridge, never on the GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from commandcenter.domain.duty_state import DutyState
from commandcenter.domain.figures import Figure
from commandcenter.domain.model import (
    CaseFile,
    CaseRow,
    Command,
    Directory,
    Done,
    NearCase,
    NewAttachment,
    NewReport,
    Person,
    ShiftFigures,
    UnitFigures,
)
from commandcenter.domain.notices import Notice
from commandcenter.domain.rulings import Ruling
from commandcenter.ports_emergency import Emergencies
from commandcenter.ports_joint import JointCommands, JointQueries
from commandcenter.ports_map import MapData
from commandcenter.ports_replay import Replay
from commandcenter.ports_topic import Topics
from commandcenter.ports_video import Cameras
from commandcenter.ports_wall import Wall


class CaseCommands(Protocol):
    """Everything that changes a case."""

    def act(self, command: Command) -> Done:
        """Carry out a workflow action. Raises Conflict, NotAllowed, WrongState, InvalidInput, TooLate, NotFound,
        or OutcomeUnknown when the connection broke under way."""

    def report(self, report: NewReport) -> Done:
        """Take a problem in (采集)."""

    def attach(self, attachment: NewAttachment) -> Done:
        """Add evidence."""

    def outcome(self, command_id: UUID) -> Done | None:
        """What became of a command whose answer was lost; None: it was not done so far."""

    def give_up(self, command_id: UUID) -> Done | None:
        """The last word on such a command; None: it was not done and never will be."""

    def look_at(self, case_id: int | None) -> None:
        """Tell the others which case is open here."""

    def reveal_reporter(self, case_id: int, reporter_id: int, reason: str) -> tuple[str, str, str]:
        """Name, phone, address in clear; the look is recorded."""


class CaseQueries(Protocol):
    """Everything that asks about cases; the caller sees only its scope."""

    def open_cases(self) -> Iterator[Sequence[CaseRow]]:
        """All open cases (and uncleared forced closures) in scope, in batches of at most 1,000."""

    def first_cases(self, states: Sequence[str], handlers: Sequence[int] | None, at_most: int) -> list[CaseRow]:
        """The first open cases in these states in the order of work (priority, deadline); `handlers`: only theirs."""

    def cases(self, ids: Sequence[int]) -> list[CaseRow]:
        """These cases, open or not; those out of scope are left out."""

    def case_by_no(self, no: str) -> CaseRow | None:
        """A case by its number or the number's last digits, newest first."""

    def closed_cases(self, before_id: int | None, limit: int) -> list[CaseRow]:
        """A page of closed cases, newest first, older than before_id."""

    def case_file(self, case_id: int) -> CaseFile:
        """Everything about one case."""

    def attachment(self, case_id: int, seq: int) -> bytes:
        """The content of one attachment."""

    def unit_figures(self) -> list[UnitFigures]:
        """How the units of the district stand."""

    def shift_figures(self, since: float) -> ShiftFigures:
        """The caller's own figures since a Unix time."""

    def figures(self, since: float, until: float) -> list[Figure]:
        """What happened in the caller's scope in whole hours between two Unix times, per measure."""

    def rulings(self, since: float, until: float) -> list[Ruling]:
        """疑难定责 between two Unix times, newest first."""

    def duty_state(self) -> DutyState:
        """Whether somebody does the duty rounds."""

    def near_cases(self, lon: float, lat: float, item_id: int | None) -> list[NearCase]:
        """Open cases within 300 m and 7 days."""

    def viewers(self, case_id: int) -> list[int]:
        """Operators who have this case open."""


class Notices(Protocol):
    """提醒: what the caller must do next, or as a supervisor sees that others must."""

    def open_notices(self) -> list[Notice]:
        """The open ones, the caller's own first, each part newest first; at most 5,000."""

    def notices(self, ids: Sequence[int]) -> list[Notice]:
        """Those of these that are open; what is missing is closed or not in the caller's sight."""

    def acknowledge(self, command_id: UUID, ids: Sequence[int]) -> list[int]:
        """Take at most 500 on; the ids of those that were still open. The same command twice acts once.

        Raises NotFound when one is not addressed to the caller, or OutcomeUnknown."""


@dataclass(frozen=True, slots=True)
class FeedBatch:
    """What changed since the last batch: ids by kind; `city_time` and `speed` of the city's clock at that moment.

    `rows`: those of the changed cases that were read with it, as the caller sees them; he asks for the others.
    `joint`: ids of summons, meetings and tasks, which never meet. `positions`: streets in which workers moved;
    `wall`: what is pushed to a wall changed; `emergency`: one began, went on or ended;
    `topics`: one is another."""

    cases: frozenset[int]
    presence: frozenset[int]
    catalogue: bool
    city_time: float
    speed: float
    notices: frozenset[int] = frozenset()
    rows: tuple[CaseRow, ...] = ()
    joint: frozenset[int] = frozenset()
    positions: frozenset[int] = frozenset()
    wall: bool = False
    emergency: bool = False
    topics: bool = False


@dataclass(frozen=True, slots=True)
class FeedState:
    """The state of the live feed. kind: connecting, live, catching_up, disconnected. lag in ms; since: Unix time."""

    kind: str
    lag_ms: float | None
    since: float
    reason: str = ""


class LiveFeed(Protocol):
    """The listening thread. Callbacks run on that thread; the receiver brings them where it needs them."""

    def start(
        self,
        on_batch: Callable[[FeedBatch], None],
        on_state: Callable[[FeedState], None],
        on_resync: Callable[[], None],
    ) -> None:
        """Begin. `on_resync` asks for a full reload of the open set: at start, after every reconnect, and when the
        feed's epoch changed."""

    def stop(self) -> None:
        """End the thread and its connection."""


@dataclass(frozen=True, slots=True)
class ReaderState:
    """Where the last report came from. source: replica, primary (fallen back on), none (neither answered).

    as_of: Unix time up to which the replica has everything, behind_s: how far that is behind the primary. `alone`: the
    primary could not be asked, so the report is as good as it can be. reason: why not the replica, or what is wrong.
    """

    source: str
    as_of: float = 0.0
    behind_s: float = 0.0
    alone: bool = False
    reason: str = ""


class Reader(Protocol):
    """A streaming replica that answers reports instead of the primary."""

    @property
    def state(self) -> ReaderState | None:
        """Of the last report; None before the first."""


class Session(Protocol):
    """One login: person, directory, commands, queries and feed over the same identity."""

    @property
    def person(self) -> Person:
        """Who is logged in."""

    @property
    def directory(self) -> Directory:
        """What rarely changes."""

    @property
    def commands(self) -> CaseCommands:
        """The writing side."""

    @property
    def queries(self) -> CaseQueries:
        """The asking side."""

    @property
    def joint_commands(self) -> JointCommands:
        """The writing side of whistles, orders, meetings and tasks."""

    @property
    def joint_queries(self) -> JointQueries:
        """The asking side of them."""

    @property
    def notices(self) -> Notices:
        """What must be done next."""

    @property
    def cameras(self) -> Cameras:
        """视频."""

    @property
    def map(self) -> MapData:
        """地图: outlines, workers, teams."""

    @property
    def replay(self) -> Replay:
        """回放."""

    @property
    def wall(self) -> Wall:
        """一屏观天下."""

    @property
    def emergencies(self) -> Emergencies:
        """应急."""

    @property
    def topics(self) -> Topics:
        """专题."""

    @property
    def feed(self) -> LiveFeed:
        """The live side."""

    @property
    def reader(self) -> Reader | None:
        """The replica that answers reports, if one was given."""

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the user should know after login, in Chinese: outdated server, workflow files that differ."""

    def reload_directory(self) -> Directory:
        """Read the directory anew after a catalogue change."""

    def close(self) -> None:
        """End every connection."""


class OpenSession(Protocol):
    """Logs a person in."""

    def __call__(self, user: str, password: str) -> Session:
        """Raises LoginRefused, ServerUnavailable or SchemaMismatch."""
