"""一屏观天下: figures of the hall screen that the live picture cannot give, its scenes, and what a seat pushed to it.

Times are Unix seconds of the city's clock. Days, months and shifts are the district's, by its time zone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from commandcenter.domain.figures import DayFigure

SLOT_S: Final = 600                                   # the trend counts by ten minutes
SLOTS: Final = 144                                    # of 24 hours
CLOSINGS: Final = ("close", "self_handle", "force_close")
STEPS: Final = (
    DayFigure("collect", "采集", ("report",), (), "今日采集"),
    DayFigure("file", "立案", ("file", "reopen"), (), "今日立案，含重新立案"),
    DayFigure("dispatch", "派遣", ("dispatch", "rule"), ("undo_dispatch",), "今日派遣和定责，已扣除撤销的"),
    DayFigure("handle", "办理", ("receive",), (), "今日接收办理"),
    DayFigure("feedback", "反馈", ("feedback",), (), "今日反馈"),
    DayFigure("verify", "核查", ("verify",), (), "今日核查通过"),
    DayFigure("close", "结案", CLOSINGS, (), "今日结案，含自处理和强制结案"),
)  # fmt: skip
PUSH_KINDS: Final = MappingProxyType(
    {"case": "案件", "summons": "吹哨", "camera": "视频", "street": "街道", "scene": "场景"}
)
SCENE_KINDS: Final = MappingProxyType(
    {"overview": "总览", "whistles": "吹哨", "street": "街道", "topic": "专题", "emergency": "应急", "video": "视频"}
)
PANELS: Final = MappingProxyType(
    {
        "figures": "指标", "steps": "七步闭环", "channels": "问题来源", "map": "网格态势", "trend": "受理与结案",
        "whistles": "吹哨报到", "units": "部门考核", "stages": "环节用时", "video": "视频", "latest": "实时动态",
    }
)  # fmt: skip


def share(part: float, whole: float) -> float | None:
    """A rate from 0; None when there is nothing it could be a part of."""
    return part / whole if whole else None


@dataclass(frozen=True, slots=True)
class ShiftNow:
    """The shift (班次) that is on, from and to, and what was reported and closed in it so far."""

    label: str
    began: float
    ends: float
    reported: int
    closed: int


@dataclass(frozen=True, slots=True)
class Trend:
    """Reported and closed per SLOT_S from `begins`; the last slot of the present is not over yet."""

    begins: float
    reported: tuple[int, ...]
    closed: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class WallToday:
    """What the day brought so far. `measures`: actions by their code; `channels`: reports by channel id;
    `reported_before`: yesterday's until the same time of day. `trend`: the last 24 hours."""

    as_of: float
    day_began: float
    day_ends: float
    measures: Mapping[str, int]
    channels: Mapping[int, int]
    reported_before: int
    trend: Trend
    shift: ShiftNow | None = None

    @property
    def reported(self) -> int:
        """今日受理."""
        return self.measures.get("report", 0)

    @property
    def closed(self) -> int:
        """今日结案."""
        return sum(self.measures.get(code, 0) for code in CLOSINGS)

    @property
    def closing_rate(self) -> float | None:
        """结案率: closed today ÷ reported today; above 1 when more was closed than came."""
        return share(self.closed, self.reported)

    @property
    def growth(self) -> float | None:
        """较昨日: by which share more was reported than yesterday until this time; None when nothing was then."""
        return share(self.reported - self.reported_before, self.reported_before)

    @property
    def steps(self) -> tuple[int, ...]:
        """七步闭环, in the order of STEPS."""
        return tuple(step.count(self.measures) for step in STEPS)

    def found_first(self, proactive: Mapping[int, bool]) -> float | None:
        """未诉先办占比: reports by channels that are 主动发现 ÷ all of the day. `proactive` by channel id."""
        ahead = sum(n for channel, n in self.channels.items() if proactive.get(channel))
        return share(ahead, sum(self.channels.values()))


@dataclass(frozen=True, slots=True)
class StageTime:
    """Stages of one kind that ended this month: how many, their working seconds, how many of them late."""

    stage: str
    n: int
    used_s: int
    late: int

    @property
    def mean_s(self) -> float:
        """Mean working seconds."""
        return self.used_s / self.n if self.n else 0.0


@dataclass(frozen=True, slots=True)
class UnitRank:
    """部门考核 of the month, 一哨一考: 响应度 and 综合分 from 0 to 100, None where nothing was judged."""

    unit_id: int
    lanes: int
    response: float | None
    score: float | None


@dataclass(frozen=True, slots=True)
class WallMonth:
    """What the month brought so far. `handled`: handling stages that ended, `handled_late` those past their limit.

    `followed_up`: 回访, `satisfied` those who said 满意 or 基本满意. `units`: best first. `whistles_today`: issued
    today; `answers`: lanes of the month's whistles whose answer is judged, `answered_in_time` those in time."""

    as_of: float
    month_began: float
    month_ends: float
    handled: int
    handled_late: int
    followed_up: int
    satisfied: int
    stages: tuple[StageTime, ...]
    units: tuple[UnitRank, ...]
    whistles_today: int
    answers: int
    answered_in_time: int

    @property
    def on_time_rate(self) -> float | None:
        """按期处置率."""
        return share(self.handled - self.handled_late, self.handled)

    @property
    def satisfaction(self) -> float | None:
        """群众满意率."""
        return share(self.satisfied, self.followed_up)

    @property
    def answer_rate(self) -> float | None:
        """吹哨响应率: answered within the limit ÷ all that had to answer."""
        return share(self.answered_in_time, self.answers)


@dataclass(frozen=True, slots=True)
class WallPast:
    """The same 24 hours a week and a year ago; None where the records do not reach back so far."""

    last_week: Trend | None
    last_year: Trend | None


@dataclass(frozen=True, slots=True)
class WallEvent:
    """实时动态: what happened, without a word of what was written and without a name. `matter`: case or whistle."""

    at: float
    matter: str
    entity_id: int
    seq: int
    street_id: int | None
    item_id: int | None
    action: str
    unit_id: int | None
    urgent: bool


@dataclass(frozen=True, slots=True)
class WorkersNow:
    """在岗 (heard of in the last 30 minutes), of them 巡查中 (moved in the last ten), of so many in all."""

    on_duty: int
    patrolling: int
    total: int


# ---------------------------------------------------------------- scenes
@dataclass(frozen=True, slots=True)
class Shift:
    """班次 in seconds of the local day; one that ends not later than it begins goes on past midnight."""

    label: str
    from_s: int
    to_s: int


@dataclass(frozen=True, slots=True)
class Scene:
    """场景. `columns`: panels from left to right, each from top to bottom. `street`: short name of the one it shows, ""
    for one after the other; `topic`: 大类 or 小类 it shows, "" for the most frequent one. `rotates`: in the round."""

    code: str
    label: str
    kind: str
    dwell_s: int
    columns: tuple[tuple[str, ...], ...]
    trend_hours: int = 24
    street: str = ""
    topic: str = ""
    rotates: bool = True


@dataclass(frozen=True, slots=True)
class WallPlan:
    """What the deployment says of its walls: targets as shares, shifts, scenes."""

    scenes: tuple[Scene, ...]
    shifts: tuple[Shift, ...] = ()
    on_time_target: float | None = None
    satisfaction_target: float | None = None


# ---------------------------------------------------------------- pushed from a seat
@dataclass(frozen=True, slots=True)
class Push:
    """What a wall shows because a seat wants it. `entity_id` of the case, summons, camera or street; `scene`: its
    code. `by`: who pushed it, "" for those who read no names. `until` None: until it is taken back."""

    kind: str
    entity_id: int | None
    scene: str
    at: float
    until: float | None = None
    by: str = ""

    def over(self, now: float) -> bool:
        """Whether its time is up."""
        return self.until is not None and now >= self.until


@dataclass(frozen=True, slots=True)
class HallWall:
    """A wall that has announced itself. `alive`: it did so in the last 90 s; `seen_s`: seconds since."""

    id: int
    name: str
    org_id: int
    alive: bool
    seen_s: float
    push: Push | None = None
