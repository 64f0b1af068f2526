"""`ports_wall.Wall` over PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, text

from commandcenter.domain.wall import (
    HallWall,
    Push,
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
from commandcenter.profiles.wall_file import default_plan, plan_of
from db.errors import translated
from db.gateways.calling import Caller

_PLAN = text("""select p.plan from cc.wall_plan p join cc.district d on d.shared_id = p.district_id
  where d.district_id = :home""")
_WHISTLES = text("select * from cc.wall_whistles(to_timestamp(:day), to_timestamp(:month))")
_SCORES = text("""select unit_id, lanes, response, score from cc.unit_scores(to_timestamp(:since), to_timestamp(:until))
  where response is not null or score is not null""")
_WORKERS = text("select on_duty, patrolling, total from cc.workers_now()")
_LATEST = text("select * from cc.wall_latest(:at_most)")


class PgWall(Caller):
    """Over an autocommit engine; row-level security decides what is seen."""

    def __init__(self, engine: Engine, home: int) -> None:
        """`home`: the district, or city, the person belongs to."""
        super().__init__(engine)
        self._home = home

    def plan(self) -> WallPlan:
        """Scenes, shifts and targets of the deployment."""
        with translated(), self._engine.connect() as connection:
            found = connection.execute(_PLAN, {"home": self._home}).scalar()
        return default_plan() if found is None else plan_of(found)

    def today(self) -> WallToday:
        """What the day brought."""
        told = self._call("select cc.wall_today()", command=False)
        return WallToday(
            as_of=told["as_of"],
            day_began=told["day_began"],
            day_ends=told["day_ends"],
            measures=told["measures"],
            channels={int(channel): n for channel, n in told["channels"].items()},
            reported_before=told["reported_before"],
            trend=_trend(told["trend"]),
            shift=ShiftNow(**told["shift"]) if "shift" in told else None,
        )

    def latest(self, at_most: int = 20) -> list[WallEvent]:
        """What happened lately, newest first."""
        with translated(), self._engine.connect() as connection:
            return [WallEvent(*row) for row in connection.execute(_LATEST, {"at_most": at_most})]

    def month(self) -> WallMonth:
        """What the month brought, with the units' ranking by 一哨一考 under the caller's own policies."""
        told = self._call("select cc.wall_month()", command=False)
        day, month = told.pop("day_began"), told["month_began"]
        with translated(), self._engine.connect() as connection:
            whistles = connection.execute(_WHISTLES, {"day": day, "month": month}).one()
            scores = connection.execute(_SCORES, {"since": month, "until": told["month_ends"]}).all()
        stages = tuple(StageTime(*stage) for stage in told.pop("stages"))
        units = tuple(UnitRank(*row) for row in scores)
        return WallMonth(**told, stages=stages, units=units, whistles_today=whistles.today,
                         answers=whistles.answers, answered_in_time=whistles.in_time)  # fmt: skip

    def workers(self) -> WorkersNow:
        """How many workers are about now."""
        with translated(), self._engine.connect() as connection:
            return WorkersNow(*connection.execute(_WORKERS).one())

    def past(self) -> WallPast:
        """The trends a week and a year ago."""
        told = self._call("select cc.wall_past()", command=False)
        week, year = told["last_week"], told["last_year"]
        return WallPast(_trend(week) if week else None, _trend(year) if year else None)

    # ------------------------------------------------------------ pushed from a seat
    def announce(self, name: str) -> HallWall:
        """A wall says that it is there."""
        return _wall(self._call("select cc.wall_announce(%(name)s)", command=False, name=name))

    def walls(self) -> list[HallWall]:
        """Walls that the caller runs or may push to."""
        return [_wall(told) for told in self._call("select cc.walls()", command=False)]

    def push(
        self,
        command_id: UUID,
        wall_id: int,
        kind: str,
        entity_id: int | None = None,
        scene: str = "",
        until: float | None = None,
    ) -> None:
        """Show this there."""
        self._call(
            "select cc.push_to_wall(%(id)s, %(wall)s, %(kind)s, %(entity)s, %(scene)s, to_timestamp(%(until)s))",
            id=str(command_id), wall=wall_id, kind=kind, entity=entity_id,
            scene=scene or None, until=until,
        )  # fmt: skip

    def take_back(self, command_id: UUID, wall_id: int) -> None:
        """Let the wall go on with its own scenes."""
        self._call("select cc.take_back(%(id)s, %(wall)s)", id=str(command_id), wall=wall_id)


def _trend(told: Mapping[str, Any]) -> Trend:
    return Trend(told["begins"], tuple(told["reported"]), tuple(told["closed"]))


def _wall(told: Mapping[str, Any]) -> HallWall:
    push = told["push"]
    return HallWall(**{**told, "push": Push(**push) if push else None})
