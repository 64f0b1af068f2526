"""`ports_wall.Wall` over a fake city: figures counted from its traces, walls that all its sessions share."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID
from weakref import WeakKeyDictionary

from commandcenter.domain.errors import InvalidInput, NotAllowed, NotFound
from commandcenter.domain.model import Person, TraceEvent
from commandcenter.domain.wall import (
    CLOSINGS,
    PUSH_KINDS,
    SLOT_S,
    SLOTS,
    HallWall,
    Push,
    Scene,
    Shift,
    ShiftNow,
    StageTime,
    Trend,
    UnitRank,
    WallEvent,
    WallMonth,
    WallPast,
    WallPlan,
    WallToday,
    WorkersNow,
)
from tests.fakes.city import CaseRecord, FakeCity
from tests.fakes.door import Door
from tests.fakes.feed import FakeFeed

OVERVIEW = Scene(
    "overview", "总览", "overview", 30,
    (("figures", "steps", "channels"), ("map", "trend"), ("whistles", "units", "video", "latest")),
)  # fmt: skip
PLAN = WallPlan(
    scenes=(
        OVERVIEW,
        Scene("whistles", "吹哨报到", "whistles", 20, (("map",), ("whistles", "units", "latest"))),
        Scene("streets", "各街道", "street", 15, (("figures", "steps", "channels"), ("map", "trend"), ("latest",))),
        Scene("topic", "高发问题", "topic", 20, (("figures", "trend"), ("map",), ("latest",))),
        Scene("video", "视频轮巡", "video", 20, (("video",),)),
        Scene("emergency", "应急", "emergency", 60, (("video", "latest"), ("map",), ("whistles",)), rotates=False),
    ),
    shifts=(Shift("白班", 8 * 3600, 20 * 3600), Shift("夜班", 20 * 3600, 8 * 3600)),
    on_time_target=0.96,
    satisfaction_target=0.9,
)


@dataclass
class Hall:
    """Walls of a city. `plan`, `units`, `workers` are what a test puts there; `silent`: ids of walls gone silent."""

    plan: WallPlan = PLAN
    units: tuple[UnitRank, ...] = ()
    workers: WorkersNow = WorkersNow(0, 0, 0)
    last_week: Trend | None = None
    last_year: Trend | None = None
    walls: dict[int, HallWall] = field(default_factory=dict)
    silent: set[int] = field(default_factory=set)
    commands: set[UUID] = field(default_factory=set)


_halls: WeakKeyDictionary[FakeCity, Hall] = WeakKeyDictionary()


def hall_of(city: FakeCity) -> Hall:
    """The one hall that all sessions of a city share."""
    return _halls.setdefault(city, Hall())


class FakeWall:
    """Of one person. `asked`: how often each question was asked."""

    def __init__(self, city: FakeCity, person: Person) -> None:
        self._city = city
        self._person = person
        self.hall = hall_of(city)
        self.door = Door()
        self.asked: Counter[str] = Counter()

    # ------------------------------------------------------------ figures
    def plan(self) -> WallPlan:
        """See ports_wall.Wall."""
        self._enter("plan")
        return self.hall.plan

    def today(self) -> WallToday:
        """See ports_wall.Wall."""
        self._enter("today")
        now = self._city.clock()
        midnight = self._city.at(now).replace(hour=0, minute=0, second=0, microsecond=0)
        began, before = midnight.timestamp(), (midnight - timedelta(days=1)).timestamp()
        events = self._events()
        day = [(record, event) for record, event in events if began <= _time(event) <= now]
        return WallToday(
            as_of=now,
            day_began=began,
            day_ends=(midnight + timedelta(days=1)).timestamp(),
            measures=Counter(event.action for _, event in day),
            channels=Counter(record.row.channel_id for record, event in day if event.action == "report"),
            reported_before=sum(e.action == "report" and before <= _time(e) < now - 86_400 for _, e in events),
            trend=_trend(now, [event for _, event in events]),
            shift=self._shift(now, midnight, [event for _, event in events]),
        )

    def latest(self, at_most: int = 20) -> list[WallEvent]:
        """See ports_wall.Wall."""
        self._enter("latest")
        events = sorted(self._events(), key=lambda pair: (_time(pair[1]), pair[0].row.id, pair[1].seq), reverse=True)
        return [_event(record, event) for record, event in events[:at_most]]

    def month(self) -> WallMonth:
        """See ports_wall.Wall."""
        self._enter("month")
        now = self._city.clock()
        first = self._city.at(now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        after = (first + timedelta(days=32)).replace(day=1)
        answers = [e for _, e in self._events() if e.action == "follow_up" and _time(e) >= first.timestamp()]
        content = sum(e.what.get("satisfied") in ("satisfied", "basically") for e in answers)
        handled = sum(e.action == "feedback" and _time(e) >= first.timestamp() for _, e in self._events())
        stages = (StageTime("handle", handled, handled * 5400, 0),) if handled else ()
        return WallMonth(now, first.timestamp(), after.timestamp(), handled, 0, len(answers), content, stages,
                         self.hall.units, 0, 0, 0)  # fmt: skip

    def workers(self) -> WorkersNow:
        """See ports_wall.Wall."""
        self._enter("workers")
        return self.hall.workers

    def past(self) -> WallPast:
        """See ports_wall.Wall."""
        self._enter("past")
        return WallPast(self.hall.last_week, self.hall.last_year)

    # ------------------------------------------------------------ pushed from a seat
    def announce(self, name: str) -> HallWall:
        """See ports_wall.Wall."""
        self._enter("announce")
        if not {"screen", "supervisor"} & self._person.roles():
            raise NotAllowed("只有大屏或值班长的账号可以运行大屏")
        org = next(d.org_id for d in self._person.duties if d.role in ("screen", "supervisor"))
        known = next((w for w in self.hall.walls.values() if w.name == name), None)
        wall = known or HallWall(len(self.hall.walls) + 1, name, org, True, 0.0)
        self.hall.walls[wall.id] = wall
        self.hall.silent.discard(wall.id)
        if known is None:
            self._tell()
        return self._seen(wall)

    def walls(self) -> list[HallWall]:
        """See ports_wall.Wall."""
        self._enter("walls")
        return sorted((self._seen(w) for w in self.hall.walls.values()), key=lambda w: (not w.alive, w.name))

    def push(
        self, command_id: UUID, wall_id: int, kind: str, entity_id: int | None = None, scene: str = "",
        until: float | None = None,
    ) -> None:  # fmt: skip
        """See ports_wall.Wall."""
        self._enter("push")
        if kind not in PUSH_KINDS:
            raise InvalidInput("不能投这一类内容", {"field": "kind"})
        push = Push(kind, entity_id, scene, self._city.clock(), until, self._person.name)
        self._change(command_id, wall_id, push)

    def take_back(self, command_id: UUID, wall_id: int) -> None:
        """See ports_wall.Wall."""
        self._enter("take_back")
        self._change(command_id, wall_id, None)

    # ------------------------------------------------------------ inside
    def _enter(self, question: str) -> None:
        self.asked[question] += 1
        self.door.enter()

    def _change(self, command_id: UUID, wall_id: int, push: Push | None) -> None:
        if "supervisor" not in self._person.roles():
            raise NotAllowed("只有值班长可以投屏")
        if wall_id not in self.hall.walls:
            raise NotFound("没有这块大屏，或它不在您的范围内")
        if command_id not in self.hall.commands:
            self.hall.commands.add(command_id)
            self.hall.walls[wall_id] = replace(self.hall.walls[wall_id], push=push)
            self._tell()

    def _seen(self, wall: HallWall) -> HallWall:
        push = wall.push if wall.push and not wall.push.over(self._city.clock()) else None
        if push and self._person.roles() <= {"screen"}:
            push = replace(push, by="")
        silent = wall.id in self.hall.silent
        return replace(wall, alive=not silent, seen_s=600.0 if silent else 1.0, push=push)

    def _tell(self) -> None:
        for watcher in list(self._city.watchers):
            feed = getattr(watcher, "__self__", None)
            if isinstance(feed, FakeFeed) and feed.connected and not feed.held:
                feed.push(wall=True)

    def _events(self) -> list[tuple[CaseRecord, TraceEvent]]:
        with self._city.lock:
            return [(record, event) for record in self._city.records.values() for event in record.trace]

    def _shift(self, now: float, midnight: datetime, events: list[TraceEvent]) -> ShiftNow | None:
        for shift in self.hall.plan.shifts:
            for day in (-1, 0):
                began = midnight.timestamp() + day * 86_400 + shift.from_s
                ends = began + (shift.to_s - shift.from_s) % 86_400
                if began <= now < ends:
                    inside = [e for e in events if began <= _time(e) <= now]
                    return ShiftNow(shift.label, began, ends, sum(e.action == "report" for e in inside),
                                    sum(e.action in CLOSINGS for e in inside))  # fmt: skip
        return None


def _time(event: TraceEvent) -> float:
    return event.at.timestamp()


def _trend(now: float, events: list[TraceEvent]) -> Trend:
    begins = now // SLOT_S * SLOT_S - (SLOTS - 1) * SLOT_S
    counts = Counter((int((_time(e) - begins) // SLOT_S), e.action in CLOSINGS) for e in events
                     if e.action in ("report", *CLOSINGS))  # fmt: skip
    return Trend(begins, *(tuple(counts[slot, closing] for slot in range(SLOTS)) for closing in (False, True)))


def _event(record: CaseRecord, event: TraceEvent) -> WallEvent:
    row = record.row
    return WallEvent(_time(event), "case", row.id, event.seq, row.street_id, row.item_id, event.action, event.unit_id,
                     row.urgent)  # fmt: skip
