"""What the wall must say: every figure recomputed in Python from plain rows of the trace, apart from the counters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.support.hands import Hands

CLOSING = {"close", "self_handle", "force_close"}
TOLD = {
    "report", "file", "reopen", "self_handle", "dispatch", "rule", "return_case", "suspend", "feedback", "verify",
    "rework", "close", "force_close", "overdue", "supervise",
}  # fmt: skip
COUNTED = {
    "report", "file", "reopen", "dispatch", "rule", "undo_dispatch", "receive", "feedback", "verify", "follow_up",
} | CLOSING  # fmt: skip
TEN = timedelta(minutes=10)
STAGES = ("accept", "file", "dispatch", "receive", "handle", "verify", "close")


@dataclass(frozen=True)
class Event:
    """A row of the trace with what the wall counts of its case."""

    at: datetime
    action: str
    case_id: int
    seq: int
    channel: int
    item: int | None
    unit: int | None
    satisfied: str | None
    places: frozenset[int]


@dataclass(frozen=True)
class Stage:
    """A stage that ended, with the event that ended it found by its moment and place in the trace."""

    ended: datetime
    stage: str
    used_s: int
    late: bool
    places: frozenset[int]


class Rows:
    """All rows, read once; figures of one place as of one moment. `zone`: of the district."""

    def __init__(self, hands: Hands, zone: str = "Asia/Shanghai") -> None:
        self.zone = ZoneInfo(zone)
        self.events = [Event(*row[:8], _places(row[8:])) for row in hands.rows(
            "select e.at, e.action, e.case_id, e.seq, c.channel_id, c.item_id, e.unit_id, e.what->>'satisfied',"
            " e.district_id, e.street_id, e.community_id"
            " from cc.case_event e join cc.cases c on c.id = e.case_id"
        )]  # fmt: skip
        at = {(e.case_id, e.seq): e for e in self.events}
        self.stages = [
            Stage(ended, stage, used, late, at[case, _ender(at, case, seq, ended)].places)
            for case, seq, stage, ended, used, late in hands.rows(
                "select case_id, seq, stage, ended_at, used_s, overdue from cc.case_stage where ended_at is not null"
            )
        ]
        self.whistles = [(*row[:4], _places(row[4:])) for row in hands.rows(
            "select id, issued_at, kind, street_id, district_id, street_id, community_id from cc.summons"
            " where issued_at is not null"
        )]  # fmt: skip
        self.lanes = hands.rows(
            "select s.issued_at, p.response, s.district_id, s.street_id, s.community_id from cc.summons s"
            " join cc.summons_party p on p.summons_id = s.id where s.kind = 'whistle' and p.response is not null"
        )

    # ------------------------------------------------------------ the parts
    def today(self, place: int | None, now: datetime) -> dict[str, Any]:
        """As cc.wall_today tells it."""
        midnight = self._midnight(now.astimezone(self.zone).date())
        next_one = self._midnight(now.astimezone(self.zone).date() + timedelta(days=1))
        yesterday = self._midnight(now.astimezone(self.zone).date() - timedelta(days=1))
        day = self._between(place, midnight, next_one)
        same_time = (now.astimezone(self.zone).replace(tzinfo=None) - timedelta(days=1)).replace(tzinfo=self.zone)
        told: dict[str, Any] = {
            "as_of": now.timestamp(),
            "day_began": midnight.timestamp(),
            "day_ends": next_one.timestamp(),
            "measures": dict(Counter(e.action for e in day if e.action in COUNTED)),
            "channels": {str(k): n for k, n in Counter(e.channel for e in day if e.action == "report").items()},
            "reported_before": sum(e.action == "report" for e in self._between(place, yesterday, same_time)),
            "trend": self.trend(place, _floor(now) - 143 * TEN),
        }
        began, ends, label = self._shift(now)
        inside = self._between(place, began, ends)
        told["shift"] = {
            "label": label, "began": began.timestamp(), "ends": ends.timestamp(),
            "reported": sum(e.action == "report" for e in inside), "closed": sum(e.action in CLOSING for e in inside),
        }  # fmt: skip
        return told

    def month(self, place: int | None, now: datetime) -> dict[str, Any]:
        """As cc.wall_month tells it."""
        today = now.astimezone(self.zone).date()
        first = today.replace(day=1)
        began = self._midnight(first)
        ended = [s for s in self.stages if _in(place, s.places) and began <= s.ended <= now]
        answers = [e for e in self._between(place, began, None) if e.action == "follow_up"]
        handled = [s for s in ended if s.stage == "handle"]
        return {
            "as_of": now.timestamp(),
            "day_began": self._midnight(today).timestamp(),
            "month_began": began.timestamp(),
            "month_ends": self._midnight((first + timedelta(days=32)).replace(day=1)).timestamp(),
            "handled": len(handled),
            "handled_late": sum(s.late for s in handled),
            "followed_up": len(answers),
            "satisfied": sum(e.satisfied in ("satisfied", "basically") for e in answers),
            "stages": [_stage(stage, [s for s in ended if s.stage == stage]) for stage in STAGES
                       if any(s.stage == stage for s in ended)],
        }  # fmt: skip

    def past(self, place: int | None, now: datetime) -> dict[str, Any]:
        """As cc.wall_past tells it."""
        flow = [_floor(e.at) for e in self.events if _in(place, e.places) and e.action in CLOSING | {"report"}]
        begins = _floor(now) - 143 * TEN
        here = begins.astimezone(self.zone).replace(tzinfo=None)
        year = here.replace(year=here.year - 1).replace(tzinfo=self.zone)
        found = {"last_week": begins - timedelta(days=7), "last_year": _floor(year)}
        return {
            name: self.trend(place, start) if flow and min(flow) <= start else None for name, start in found.items()
        }

    def trend(self, place: int | None, begins: datetime) -> dict[str, Any]:
        """Reported and closed in 144 times ten minutes."""
        flow = self._between(place, begins, begins + 144 * TEN)
        slots = Counter(((e.at - begins) // TEN, e.action in CLOSING) for e in flow if e.action in CLOSING | {"report"})
        return {
            "begins": begins.timestamp(),
            "reported": [slots[k, False] for k in range(144)], "closed": [slots[k, True] for k in range(144)],
        }  # fmt: skip

    def latest(self, place: int | None, at_most: int, now: datetime) -> list[tuple[Any, ...]]:
        """As cc.wall_latest tells it."""
        told = [
            (e.at, "case", e.case_id, e.seq, e.action, e.unit if e.action in ("dispatch", "rule") else None)
            for e in self.events if _in(place, e.places) and e.action in TOLD
        ] + [
            (at, "whistle", key, 0, "issue", None) for key, at, kind, _, places in self.whistles
            if kind == "whistle" and _in(place, places) and at > now - timedelta(days=3)
        ]  # fmt: skip
        return sorted(told, key=lambda row: (row[0], row[2], row[3]), reverse=True)[:at_most]

    # ------------------------------------------------------------ inside
    def _between(self, place: int | None, since: datetime, until: datetime | None) -> list[Event]:
        return [e for e in self.events if _in(place, e.places) and since <= e.at and (until is None or e.at < until)]

    def _midnight(self, day: date) -> datetime:
        return datetime(day.year, day.month, day.day, tzinfo=self.zone)

    def _shift(self, now: datetime) -> tuple[datetime, datetime, str]:
        here = now.astimezone(self.zone)
        eight = here.replace(hour=8, minute=0, second=0, microsecond=0)
        if here < eight:
            return eight - timedelta(hours=12), eight, "夜班"
        if here < eight + timedelta(hours=12):
            return eight, eight + timedelta(hours=12), "白班"
        return eight + timedelta(hours=12), eight + timedelta(hours=24), "夜班"


def _in(place: int | None, places: frozenset[int]) -> bool:
    """None: the whole city of several districts."""
    return place is None or place in places


def _places(ids: Iterable[int | None]) -> frozenset[int]:
    return frozenset(i for i in ids if i is not None)


def _ender(at: dict[tuple[int, int], Event], case: int, seq: int, ended: datetime) -> int:
    """The first later event of that moment; tests let the clock go on between two steps of a case."""
    return min(s for c, s in at if c == case and s > seq and at[c, s].at == ended)


def _stage(stage: str, ended: list[Stage]) -> list[Any]:
    return [stage, len(ended), sum(s.used_s for s in ended), sum(s.late for s in ended)]


def _floor(at: datetime) -> datetime:
    return datetime.fromtimestamp(at.timestamp() // 600 * 600, at.tzinfo)
