"""分段用时: who used how much of a case's time, stage by stage and unit by unit."""

from __future__ import annotations

from commandcenter.domain.calendar import WorkTime
from commandcenter.domain.model import CaseFile, StageClock
from commandcenter.domain.roles import CLOCK_LABELS
from ui.models.words import CaseWords
from widgets.split_clock import ClockSegment
from widgets.tones import Tone


def clock_segments(file: CaseFile, words: CaseWords, work_time: WorkTime, now: float) -> list[ClockSegment]:
    """One segment per stage in order; seconds are working seconds of the stage's clock."""
    return [_segment(stage, words, work_time, now) for stage in file.stages]


def used_seconds(stage: StageClock, work_time: WorkTime, now: float) -> float:
    """Working seconds used so far (urgent clock: plain seconds), standing still while paused."""
    if stage.used_s is not None:
        return float(stage.used_s)
    until = stage.paused_at.timestamp() if stage.paused_at else now
    return max(0.0, stage.limit_s - work_time.left(stage.clock, until, stage.deadline.timestamp()))


def _segment(stage: StageClock, words: CaseWords, work_time: WorkTime, now: float) -> ClockSegment:
    label = words.workflow.stage[stage.stage].label if stage.stage in words.workflow.stage else stage.stage
    who = words.unit(stage.unit_id) if stage.unit_id is not None else CLOCK_LABELS.get(stage.clock, stage.clock)
    running = stage.ended_at is None and stage.paused_at is None
    late = stage.overdue or (running and now > stage.deadline.timestamp())
    return ClockSegment(stage.seq, label, who, used_seconds(stage, work_time, now),
                        Tone.OVERDUE if late else Tone.NORMAL, running and _runs_now(stage, work_time, now))


def _runs_now(stage: StageClock, work_time: WorkTime, now: float) -> bool:
    """Office clocks stand still at night: the segment must not go on counting then."""
    if stage.clock == "urgent":
        return True
    here, soon = work_time.position(stage.clock, now), work_time.position(stage.clock, now + 1)
    return here is None or soon is None or soon > here
