"""A whistle or an order being drafted: a scenario fills in what the city's rules say, the hand adds the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid4

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from commandcenter.domain.joint import ORDER, CalledUnit, NewSummons, Scenario, Team
from commandcenter.domain.joint_workflow import load_machine
from commandcenter.domain.model import Org
from ui.joint.calling import GRID, Calling, caller_kinds, may_sign
from ui.joint.compose_sheet import OWN, ComposeSheet, Composing
from ui.joint.compose_values import seconds_of, to_summons, to_values
from ui.joint.level_lines import level_gaps, occasion_gaps, with_lower_lines
from ui.joint.limits import level_of, limit_words

_KEYS = "* 必填   Ctrl+Enter {verb}   Ctrl+P 预览公文   Esc 收起（草稿保留）"
_OF_GRIDS = frozenset({"grid_worker"})
_DRAFTERS = load_machine("whistle").action["draft"].roles()
_WITHOUT_END_S = 7_200  # as cc.hours_of counts an open end


class ComposeForm(ComposeSheet):
    """submitted(NewSummons); hours_changed(): other units, or another time."""

    submitted = Signal(object)
    hours_changed = Signal()

    def __init__(self, kind: str, knows: Composing, parent: QWidget | None = None) -> None:
        self._id, self._from_id = uuid4(), None
        self.calling: Calling | None = None
        self._by_rule: list[int] = []
        super().__init__(kind, knows, parent)
        self.parties.template_chosen.connect(self.take_team)
        self.clear()

    # ------------------------------------------------------------ values
    @property
    def summons_id(self) -> UUID:
        """The command id under which this draft is sent."""
        return self._id

    def draft(self) -> dict[str, Any]:
        """What is typed, with the id under which it was perhaps tried already."""
        more = {"from_id": self._from_id} if self._from_id is not None else {}
        return {**self.values(), **more, "summons_id": str(self._id)} if self.touched else {}

    @property
    def touched(self) -> bool:
        """Whether there is anything to be lost."""
        return bool(set(self.values()) - {"caller", "caller_kind", "level"})

    def summons(self) -> NewSummons:
        """The draft as filled in so far."""
        given = {"caller": self.callers[0], **self.values()}
        caller_kind = GRID if self.caller_kind.value() == GRID else ""
        return to_summons(given, self.kind, self._id, self._from_id, caller_kind, self.parties.parties())

    def set_summons(self, new: NewSummons) -> None:
        """Fill in what is known already: cases, a whistle, a place on the map."""
        self._id, self._from_id = new.id, new.from_id
        self.set_values(to_values(new, self._knows.context.zone))
        if new.caller_kind:
            self.caller_kind.set_value(GRID if new.caller_kind == GRID else OWN)
            self._take_caller()
        if new.scenario is None and new.cases:
            self.suggest()

    def set_values(self, values: Mapping[str, Any]) -> None:
        super().set_values(values)
        if "summons_id" in values:
            self._id = UUID(str(values["summons_id"]))
        self._from_id = values.get("from_id", self._from_id)
        self._take_caller()
        self._follow()

    def clear(self) -> None:
        """Begin anew; who calls and the usual level stay."""
        caller = self.caller.value() if self.caller.value() in self.callers else next(iter(self.callers), None)
        super().clear()
        self.notice.hide()
        self._id, self._from_id, self._by_rule = uuid4(), None, []
        self.set_values({"caller": caller, "level": self._rules.levels[0].code if self._rules.levels else None})

    def focus_first(self) -> None:
        """At the scenario once the subject stands: it fills in most of what else is missing."""
        if "title" not in self.missing() and self.scenario.value() is None:
            self.scenario.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().focus_first()

    def suggest(self) -> None:
        """The scenario that fits the linked cases, unless one is chosen."""
        self._follow_cases()
        found = self.scenarios.suggested()
        if self.scenario.value() is None and found is not None:
            self.scenario.set_value(found.code)
            self._take_scenario(found)
            self._follow()

    # ------------------------------------------------------------ teams and conflicts
    def set_teams(self, teams: Sequence[Team]) -> None:
        """Standing teams to choose from."""
        self.parties.set_teams(teams)

    def take_team(self, team: Team) -> None:
        """The team's units, with those that were added by hand behind them."""
        if self.calling is None:
            return
        units, missing = self.calling.team(team.lines)
        self._fill_parties(units)
        self._fields["parties"].set_text(f"队伍 {team.template} *")
        self._say_missing(missing)

    def team_lines(self) -> list[tuple[str, CalledUnit]]:
        """Every party with its line (条), "" for one that has none."""
        found = self.calling
        return [] if found is None else [(found.line_of(p.unit_id) or "", p) for p in self.parties.parties()]

    def hours(self) -> tuple[list[int], float, float] | None:
        """Who is expected from when to when; None while no time is appointed."""
        meet, ends = seconds_of(self.meet.value()), seconds_of(self.ends.value())
        units = [party.unit_id for party in self.parties.parties()]
        if meet is None or not units:
            return None
        return units, meet, ends if ends is not None and ends > meet else meet + _WITHOUT_END_S

    # ------------------------------------------------------------ sending
    def preview(self) -> None:
        """The 公文 as it would be issued."""
        self.preview_wanted.emit(self.summons())

    def _send(self) -> None:
        self.submitted.emit(self.summons())

    def _problems(self) -> dict[str, str]:
        found = super()._problems()
        if self.calling is None and self.caller.value() is not None:
            found["caller"] = "您不能以这个单位名义召集，请另选"
        if self.kind == ORDER and self.place.value() is None and self.point.value() is None:
            found.setdefault("place", "请填写集结地点")
        if self.caller_kind.value() == GRID and self._editors["grid_id"].value() is None:
            found.setdefault("grid_id", "请选择网格")
        level = level_of(self._rules, str(self.level.value() or ""))
        if level is None and self.level.value():
            found.setdefault("level", "部署方案没有设定这一级别")
        return found

    # ------------------------------------------------------------ one field follows another
    def _on_changed(self, code: str) -> None:
        if code in ("caller", "caller_kind"):
            self._take_caller()
        elif code == "scope":
            self._take_scope()
        elif code == "scenario" and (found := self.scenarios.find(self.scenario.value())) is not None:
            self._take_scenario(found)
        elif code == "cases":
            self._follow_cases()
        self._follow()
        super()._on_changed(code)

    def _take_caller(self) -> None:
        caller = self.caller.value()
        if caller not in self.callers:
            self.calling = None
            self._units.why_not = lambda _unit: "请先选择召集单位"
        else:
            self.calling = Calling(self._directory, self._rules, caller, self._kind_of(self._directory.orgs[caller]))
            self._units.why_not = self.calling.why_not
        self._fields["caller"].setVisible(len(self.callers) > 1 or caller is None)
        self._show_verb()

    def _kind_of(self, caller: Org) -> str:
        """As what it calls: where the rules let both call, the hand decides."""
        kinds = [kind for kind in caller_kinds(caller) if kind in self._rules.callers]
        wanted = self.caller_kind.value() or (GRID if self._knows.person.roles() & _DRAFTERS == _OF_GRIDS else OWN)
        by_grid = GRID in kinds and (wanted == GRID or len(kinds) == 1)
        self.caller_kind.set_value(GRID if by_grid else OWN)
        self._fields["caller_kind"].setVisible(len(kinds) > 1)
        return GRID if by_grid else caller.kind

    def _take_scope(self) -> None:
        chosen = self.scenarios.find(self.scenario.value())
        if chosen is not None and chosen.scope != self.scope.value():
            self.scenario.set_value(None)

    def _take_scenario(self, scenario: Scenario) -> None:
        """What the scenario says: its scope, its level at least, the units of its lines."""
        self.scope.set_value(scenario.scope)
        self.level.set_value(scenario.level)
        if self.calling is None:
            return
        found = {line: self.calling.unit_for(line) for line in scenario.lines}
        units = dict.fromkeys(unit for unit in found.values() if unit is not None)
        self._fill_parties([CalledUnit(unit, None, number == 0) for number, unit in enumerate(units)])
        self._say_missing([line for line, unit in found.items() if unit is None])

    def _fill_parties(self, units: Sequence[CalledUnit]) -> None:
        """In place of those that another rule filled in; what the hand added stays."""
        wanted = {unit.unit_id for unit in units}
        by_hand = [p for p in self.parties.parties() if p.unit_id not in self._by_rule and p.unit_id not in wanted]
        self._by_rule = list(wanted)
        self.parties.set_parties([*units, *by_hand])
        for code in ("scope", "level", "parties"):
            self._say_at(code, "")  # what a rule fills in is no longer missing
        self._follow()
        self.draft_changed.emit(self.values())

    def _say_missing(self, lines: Sequence[str]) -> None:
        self.parties.say(f"没有可召集的责任单位，未加入：{'、'.join(lines)}" if lines else "")

    def _follow_cases(self) -> None:
        count = len(self.cases.value() or ())
        self._fields["cases"].set_text(f"关联案件 {count:,}" if count else "关联案件")
        items = [self._knows.item_of(case_id) for case_id in self.cases.value() or ()]
        self.scenarios.items = [item for item in items if item is not None]

    def _follow(self) -> None:
        """What stands beside the inputs: the rule, the limits, the verb."""
        self.scenarios.scope = self.scope.value()
        scenario = self.scenarios.find(self.scenario.value())
        self._fields["scenario"].set_hint(f"规则：{scenario.rule}" if scenario is not None else "")
        self._limits.setText(limit_words(self._rules, str(self.level.value() or ""), scenario,
                                         self.meet.value() is not None))
        self._follow_cases()
        self._follow_lines(scenario)
        self.hours_changed.emit()

    def _follow_lines(self, scenario: Scenario | None) -> None:
        """Who is not called of the occasion's lines, and of those that a weightier level wants beside them."""
        level = with_lower_lines(self._rules.levels, str(self.level.value() or ""))
        called = [party.unit_id for party in self.parties.parties()]
        known = level is not None and self.calling is not None
        self.advice.show_level(level_gaps(self.calling, level, called) if known else None)
        told = scenario is not None and self.calling is not None
        self.advice.show_occasion(occasion_gaps(self.calling, scenario, called) if told else None)

    def _show_verb(self) -> None:
        verb = self._verb()
        self.submit_button.set_idle_text(verb)
        self.keys.setText(_KEYS.format(verb=verb))

    def _verb(self) -> str:
        """What sending means for this person and this caller."""
        if self.calling is None:
            return "提交签批"
        if self.kind != ORDER and not self.calling.signed:
            return "发出吹哨"
        return load_machine(self.kind).action["sign"].label if self.signs else "提交签批"

    @property
    def signs(self) -> bool:
        """Whether the person signs at once what he drafts here."""
        if self.calling is None or (self.kind != ORDER and not self.calling.signed):
            return False
        return may_sign(self.summons(), self._knows.person, self._directory)
