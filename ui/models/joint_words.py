"""Words for whistles and orders: levels, states, places, times, people; names of ids come from the directory."""

from __future__ import annotations

from commandcenter.domain.joint import LEVEL_LABELS, ORDER, Party, SummonsRow, WhistleRules
from commandcenter.domain.joint_workflow import load_machine
from ui.models.words import NONE, CaseWords
from widgets.kanban import CardChip
from widgets.tones import Tone

KIND_LABELS = {"whistle": "吹哨", "order": "联合执法令"}
_LEVEL_TONES = {"normal": Tone.ACTION, "key": Tone.NEAR, "hard": Tone.OVERDUE}
_DAY_S = 86_400


class JointWords:
    """Words over one directory and the city's rules (None while they are read or where there are none)."""

    def __init__(self, words: CaseWords, rules: WhistleRules | None = None) -> None:
        self.words, self.rules = words, rules
        levels = {level.code: level.label for level in rules.levels} if rules else {}
        self._levels = LEVEL_LABELS | levels
        self._scenarios = {scenario.code: scenario for scenario in rules.scenarios} if rules else {}

    # ------------------------------------------------------------ of a summons
    def level(self, row: SummonsRow) -> CardChip:
        """普通哨, 重点哨, 疑难哨 in the tone of its weight."""
        text = self._levels.get(row.level, row.level)
        return CardChip(text, _LEVEL_TONES.get(row.level, Tone.MUTED), f"哨级 {text}")

    def state(self, row: SummonsRow) -> str:
        """待响应, 处置中."""
        return load_machine(row.kind).state[row.state].label

    def where(self, row: SummonsRow) -> str:
        """The street concerned, to whoever works for a whole city with its 区县; or who calls."""
        return self.words.street(row) if row.street_id is not None else self.words.unit(row.caller_id)

    def caller(self, row: SummonsRow) -> str:
        """Who calls; a grid's whistle names the grid."""
        grid = self.words.directory.grids.get(row.grid_id or 0) if row.caller_kind == "grid" else None
        return grid.name if grid else self.words.unit(row.caller_id)

    def title(self, row: SummonsRow) -> str:
        """What it is about; the hall screen reads no words."""
        return row.title or f"{KIND_LABELS.get(row.kind, row.kind)} {self.number(row)}"

    def number(self, row: SummonsRow) -> str:
        """0003 of CS-20261122-0003."""
        return row.no.rpartition("-")[2]

    def appointed(self, row: SummonsRow, now: float) -> str:
        """报到 15:30 青年湖北街 5 号院; an order's time has an end; without a time the level's limit counts."""
        verb = "集结" if row.kind == ORDER else "报到"
        until = f"–{self.words.local(row.ends_at):%H:%M}" if row.meet_at and row.ends_at else ""
        said = f"{verb} {self.when(row.meet_at, now)}{until}" if row.meet_at else f"按时限{verb}"
        return f"{said} {row.place}".strip()

    def scenario(self, row: SummonsRow) -> str:
        """综合执法 · 多部门占道整治."""
        found = self._scenarios.get(row.scenario or "")
        return f"{row.scope} · {found.name}" if found else row.scope

    def rule(self, row: SummonsRow) -> str:
        """By which rule the scenario names its parties."""
        found = self._scenarios.get(row.scenario or "")
        return found.rule if found else ""

    def uncalled(self, row: SummonsRow) -> tuple[str, ...]:
        """Lines that the list says must come and that have no lane; the caller's own is there."""
        found = self._scenarios.get(row.scenario or "")
        caller = self.words.org(row.caller_id)
        there = {party.line for party in row.live_parties} | {caller.line if caller is not None else None}
        return tuple(line for line in dict.fromkeys(found.lines if found else ()) if line not in there)

    # ------------------------------------------------------------ of ids and instants
    def unit(self, unit_id: int | None) -> str:
        """A unit's short name."""
        return self.words.unit(unit_id)

    def short(self, party: Party) -> str:
        """城管执法: the line says enough on a card; units without one by their name."""
        org = self.words.org(party.unit_id)
        if org is None:
            return NONE
        if org.line and org.kind != "agency":
            return org.line
        street = self.words.org(org.serves_id)
        name = org.short_name or org.name
        return name.removeprefix(street.short_name if street else "区").removeprefix("街道") or name

    def full(self, unit_id: int | None) -> str:
        """A unit's whole name."""
        org = self.words.org(unit_id)
        return org.name if org else NONE

    def when(self, instant: float | None, now: float) -> str:
        """15:30 today, 11-23 15:30 on another day."""
        if instant is None:
            return NONE
        here, today = self.words.local(instant), self.words.local(now).date()
        return f"{here:%H:%M}" if here.date() == today else f"{here:%m-%d %H:%M}"

    def lane(self, row: SummonsRow, party: Party) -> str:
        """住建委 of 小区地桩地锁."""
        return f"{self.title(row)} · {self.unit(party.unit_id)}"
