"""队伍: who is called, with how many people, and who leads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import QElapsedTimer, QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from commandcenter.domain.joint import CalledUnit, Team
from commandcenter.domain.model import Directory
from ui.forms.picker import Picker
from ui.joint.called_units import CalledUnits
from ui.joint.chip_row import ChipData, ChipRow
from widgets.styling import label
from widgets.theme import current_theme
from widgets.tones import Tone

MOST_HEADS, MOST_UNITS = 999, 60
_PAUSE_MS = 1_500  # between two digits of one number
_HEADS_OFFERED = (1, 2, 3, 4, 6, 8, 10)
_KEYS = "选中单位后：数字键改人数，L 牵头，Del 移除"


class PartiesEditor(QWidget):
    """`value()`: [[unit id, heads or None, leads], …], None while nobody is called. template_chosen(Team)."""

    changed = Signal()
    template_chosen = Signal(object)

    def __init__(self, directory: Directory, options: CalledUnits) -> None:
        super().__init__()
        self._orgs, self._options = directory.orgs, options
        self._parties: list[CalledUnit] = []
        self._warnings: Mapping[int, str] = {}
        self._marks: Mapping[int, str] = {}
        self.chips = ChipRow()
        self.add = Picker(options, options.title, "＋ 添加单位：名称或拼音首字母")
        self.templates = QPushButton("从模板…")
        self._hint, self._warned = label(_KEYS, role="muted"), label(role="small", tone=Tone.NEAR)
        self._said = label(role="small", tone=Tone.NEAR)
        self._typing: tuple[int, str] | None = None
        self._since = QElapsedTimer()
        self._build()
        self._show()

    def _build(self) -> None:
        self.templates.setProperty("kind", "chip")
        self.templates.setAccessibleName("从模板选队伍")
        self.templates.hide()
        line = QHBoxLayout()
        line.addWidget(self.add, 1)
        line.addWidget(self.templates)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(current_theme().sizes.pad_small)
        for part in (self.chips, self._warned, line, self._hint, self._said):
            if isinstance(part, QWidget):
                column.addWidget(part)
            else:
                column.addLayout(part)
        for words in (self._hint, self._warned, self._said):
            words.setWordWrap(True)
            words.hide()
        self.setFocusProxy(self.add)
        self.add.changed.connect(self._on_added)
        self.chips.focus_moved.connect(self._show_warning)
        self.chips.removed.connect(self.remove)
        self.chips.typed.connect(self._on_typed)
        self.chips.clicked.connect(self._open_menu)

    # ------------------------------------------------------------ the editor's side
    def value(self) -> list[list[object]] | None:
        """JSON for a draft."""
        return [[p.unit_id, p.heads, p.lead] for p in self._parties] or None

    def parties(self) -> tuple[CalledUnit, ...]:
        """Who is called, in order; exactly one leads."""
        return tuple(self._parties)

    def set_value(self, listed: object) -> None:
        """Fill in without telling; what a draft says of units that are gone is left out."""
        rows = listed if isinstance(listed, list) else []
        parties = [CalledUnit(int(row[0]), row[1], bool(row[2])) for row in rows if isinstance(row, list | tuple)]
        self.set_parties(party for party in parties if party.unit_id in self._orgs)

    def set_parties(self, parties: Iterable[CalledUnit]) -> None:
        """Fill in without telling."""
        self._parties = _one_leads({party.unit_id: party for party in parties}.values())
        self._show()

    def problem(self) -> str:
        """Somebody who may not be called, too many, or a name typed and not taken."""
        for party in self._parties:
            if why := self._options.why_not(party.unit_id):
                return f"{self.name(party.unit_id)}{why}，请移除"
        if len(self._parties) > MOST_UNITS:
            return f"最多 {MOST_UNITS} 个单位"
        return self.add.problem()

    def set_label(self, text: str) -> None:
        """The name told to screen readers."""
        self.add.set_label(f"{text}：添加单位")

    def mark_invalid(self, invalid: bool) -> None:
        """Draw the border of an error."""
        self.add.mark_invalid(invalid)

    # ------------------------------------------------------------ what the form asks
    def set_warnings(self, warnings: Mapping[int, str], marks: Mapping[int, str]) -> None:
        """What speaks against a unit at the appointed hours, in full and as it stands beside its name: it is called all
        the same."""
        if (warnings, marks) != (self._warnings, self._marks):
            self._warnings, self._marks = warnings, marks
            self._show()

    def go_to_warned(self) -> None:
        """The keyboard at the first unit that is warned of: from there it can be taken out, or its words be read."""
        first = next((p.unit_id for p in self._parties if p.unit_id in self._warnings), None)
        if first is not None:
            self.chips.chip(first).setFocus(Qt.FocusReason.OtherFocusReason)

    def add_units(self, units: Iterable[int]) -> None:
        """More units, as if by hand."""
        self._change([*self._parties, *(CalledUnit(unit) for unit in units)])

    def set_teams(self, teams: Sequence[Team]) -> None:
        """Standing teams to choose from."""
        menu = QMenu(self.templates)
        for team in teams:
            entry = menu.addAction(f"{team.template}  {team.name}（{sum(line.heads for line in team.lines)} 人）")
            entry.triggered.connect(lambda _=False, chosen=team: self.template_chosen.emit(chosen))
        self.templates.setMenu(menu)
        self.templates.setVisible(bool(teams))

    def say(self, text: str) -> None:
        """What could not be filled in."""
        self._said.setText(text)
        self._said.setVisible(bool(text))

    def remove(self, unit_id: int) -> None:
        """Call one unit less; the first then leads."""
        self._change(party for party in self._parties if party.unit_id != unit_id)

    def set_heads(self, unit_id: int, heads: int | None) -> None:
        """How many people are called."""
        self._change(replace(p, heads=heads) if p.unit_id == unit_id else p for p in self._parties)

    def set_lead(self, unit_id: int) -> None:
        """This one leads, nobody else."""
        self._change(replace(party, lead=party.unit_id == unit_id) for party in self._parties)

    # ------------------------------------------------------------ by hand
    def _on_added(self) -> None:
        unit_id = self.add.value()
        if not isinstance(unit_id, int):
            self.changed.emit()
            return
        self.add.set_value(None)
        self._change([*self._parties, CalledUnit(unit_id)])

    def _on_typed(self, unit_id: int, text: str) -> None:
        """Digits typed in a row make one number; 0 alone takes it back."""
        if text.lower() == "l":
            self.set_lead(unit_id)
        elif text.isascii() and text.isdigit():
            going_on = self._typing is not None and self._typing[0] == unit_id and not self._since.hasExpired(_PAUSE_MS)
            before = self._typing[1] if self._typing is not None and going_on else ""
            number = int(before + text)
            number = number if number <= MOST_HEADS else int(text)
            self._typing = (unit_id, str(number))
            self._since.start()
            self.set_heads(unit_id, number or None)

    def _open_menu(self, unit_id: int) -> None:
        self._typing = None
        chip, menu = self.chips.chip(unit_id), QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.addAction("牵头\tL").triggered.connect(lambda: self.set_lead(unit_id))
        heads = menu.addMenu("人数")
        for number in _HEADS_OFFERED:
            heads.addAction(f"{number} 人").triggered.connect(lambda _=False, n=number: self.set_heads(unit_id, n))
        heads.addAction("不限").triggered.connect(lambda: self.set_heads(unit_id, None))
        menu.addAction("移除\tDel").triggered.connect(lambda: self.remove(unit_id))
        menu.popup(chip.mapToGlobal(QPoint(0, chip.height())))

    def _change(self, parties: Iterable[CalledUnit]) -> None:
        self.set_parties(parties)
        self.say("")
        self.changed.emit()

    # ------------------------------------------------------------ looks
    def _show(self) -> None:
        self._options.called = frozenset(party.unit_id for party in self._parties)
        self.chips.set_chips([self._chip(party) for party in self._parties])
        self.chips.setVisible(bool(self._parties))
        self._hint.setVisible(bool(self._parties))
        self._show_warning()

    def _show_warning(self) -> None:
        """In full for the unit under the keyboard: all of them would push the sheet out of sight."""
        chip = self.chips.focused()
        words = chip.data.warning if chip is not None else ""
        self._warned.setText(f"▲ {words}" if words else "")
        self._warned.setVisible(bool(words))

    def _chip(self, party: CalledUnit) -> ChipData:
        name = self.name(party.unit_id)
        heads = f" {party.heads} 人" if party.heads else ""
        mark = f" · {self._marks[party.unit_id]}" if party.unit_id in self._marks else ""
        spoken = "，".join(part for part in (name, heads.strip(), "牵头" if party.lead else "") if part)
        return ChipData(party.unit_id, f"{'★ ' if party.lead else ''}{name}{heads}{mark}", spoken,
                        f"{self._orgs[party.unit_id].name}{'（牵头）' if party.lead else ''}\n{_KEYS}",
                        self._warnings.get(party.unit_id, ""))

    def name(self, unit_id: int) -> str:
        """A unit's short name."""
        org = self._orgs[unit_id]
        return org.short_name or org.name


def _one_leads(parties: Iterable[CalledUnit]) -> list[CalledUnit]:
    """The first that is marked, otherwise the first."""
    listed = list(parties)
    leads = next((p.unit_id for p in listed if p.lead), listed[0].unit_id if listed else None)
    return [replace(party, lead=party.unit_id == leads) for party in listed]
