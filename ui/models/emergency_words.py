"""An emergency in words: what and where it is, how long it goes on, its log and teams."""

from __future__ import annotations

from commandcenter.domain.emergency import TEAM_STATES, Emergency, EmergencyEvent
from commandcenter.domain.roles import ROLE_LABELS
from ui.models.words import NONE, CaseWords
from widgets.timeline import TimelineEntry
from widgets.tones import Tone

ACTIONS = {"begin": "启动应急", "decide": "决定", "team": "队伍", "end": "结束应急"}
_TONES = {"begin": Tone.OVERDUE, "decide": Tone.ACTION, "team": Tone.MULTI, "end": Tone.OK}
TEAM_TONES = {"called": Tone.NEAR, "on_way": Tone.ACTION, "arrived": Tone.OK, "left": Tone.MUTED}


def title_of(one: Emergency, words: CaseWords) -> str:
    """井盖缺失 · 和平里: from the catalogue and the place, never from what somebody wrote."""
    item = words.directory.items.get(one.item_id or 0)
    kind = item.minor if item else "吹哨" if one.summons_id is not None else "现场"
    return f"{kind} · {words.unit(one.street_id)}"


def place_of(one: Emergency, words: CaseWords) -> str:
    """The grid: 簋街社区 03-2."""
    grid = words.directory.grids.get(one.grid_id or 0)
    return grid.name if grid else NONE


def since_words(began_at: float, now: float) -> str:
    """00:12:31 since it began; hours go on past a day."""
    seconds = max(0, int(now - began_at))
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def log_entries(log: tuple[EmergencyEvent, ...], words: CaseWords) -> list[TimelineEntry]:
    """One entry each, newest first."""
    return [_entry(event, words) for event in reversed(log)]


def _entry(event: EmergencyEvent, words: CaseWords) -> TimelineEntry:
    role = ROLE_LABELS.get(event.role, event.role)
    who = role if event.actor_name in ("", role) else f"{role} {event.actor_name}"
    parts = [words.unit(event.unit_id) if event.unit_id is not None else "",
             TEAM_STATES.get(event.team_state or "", ""), event.words]
    return TimelineEntry(event.seq, words.clock_time(event.at), ACTIONS[event.action], " ".join(p for p in parts if p),
                         who, _TONES[event.action])
