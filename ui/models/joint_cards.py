"""Whistles and orders as cards in columns by state."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from commandcenter.domain.joint import ORDER, WHISTLE, Party, SummonsRow
from commandcenter.domain.joint_workflow import lane_machine
from ui.models.joint_clock import JointClock
from ui.models.joint_words import JointWords
from widgets.kanban import CardChip, KanbanCard, KanbanColumn
from widgets.tones import Tone

_ALL_SEEN = 3  # parties whose chips stand side by side on most screens
_SEEN_FIRST = {Tone.OVERDUE: -1, Tone.NEAR: 0, Tone.OK: 2}


@dataclass(frozen=True, slots=True)
class _Column:
    state: str
    title: str
    tone: Tone
    empty: str


_COLUMNS = {
    WHISTLE: (
        _Column("draft", "待签批", Tone.NORMAL, "没有等待签批的哨"),
        _Column("issued", "已备案 待响应", Tone.NEAR, "没有等待响应的哨"),
        _Column("responded", "已响应 待报到", Tone.ACTION, "没有等待报到的哨"),
        _Column("acting", "处置中", Tone.ACTION, "没有处置中的哨"),
        _Column("rating", "待评价", Tone.OK, "没有等待评价的哨"),
        _Column("verifying", "待核验", Tone.OK, "没有等待核验的哨"),
    ),
    ORDER: (
        _Column("draft", "拟稿", Tone.NORMAL, "没有拟稿"),
        _Column("issued", "已签发 待确认", Tone.NEAR, "没有等待确认的令"),
        _Column("responded", "已确认 待集结", Tone.ACTION, "没有等待集结的令"),
        _Column("acting", "执行中", Tone.ACTION, "没有执行中的令"),
        _Column("rating", "待评价", Tone.OK, "没有等待评价的令"),
    ),
}


@dataclass(slots=True)
class _Held:
    """A row's place in the order, and its card: `age` 0: as it should be, 1: its words are old, 2: its row is another,
    or it has not been made."""

    row: SummonsRow
    order: tuple[float, int]
    card: KanbanCard | None = None
    age: int = 2


class CardShelf:
    """Cards by whistle, made anew only for rows that are others: a busy board changes one row at a time."""

    def __init__(self) -> None:
        self._held: dict[int, _Held] = {}

    def clear(self) -> None:
        """Words, rules or the minute are others; until they are made anew, the old cards stand."""
        self.drop(self._held)

    def drop(self, ids: Iterable[int]) -> None:
        """Time has passed a limit of these."""
        for key in ids:
            if key in self._held:
                self._held[key].age = max(1, self._held[key].age)

    @property
    def made(self) -> int:
        """How many cards there are."""
        return sum(held.card is not None for held in self._held.values())

    def overdue(self, now: float) -> int:
        """How many have a lane past its limit."""
        return sum(held.order[0] < now for held in self._held.values())

    def keep(self, ids: Collection[int]) -> None:
        """Only these are open."""
        for key in [key for key in self._held if key not in ids]:
            del self._held[key]

    def make(self, rows: Sequence[SummonsRow], clock: JointClock, words: JointWords, now: float,
             may_go_on: Callable[[], bool] = lambda: True) -> bool:
        """Make what is missing or old, what is on top of its column first, as long as it may go on but one at least;
        True: all is made."""
        begun = False
        for row in rows:
            held = self._held.get(row.id)
            if held is None or held.row is not row:
                if begun and not may_go_on():
                    return False
                self._held[row.id] = _Held(row, clock.order(row), held.card if held else None)
                begun = True
        for held in self._wanted(rows):
            if begun and not may_go_on():
                return False
            held.card, held.age = card(held.row, clock, words, now), 0
            begun = True
        return True

    def _wanted(self, rows: Iterable[SummonsRow]) -> list[_Held]:
        """Those to be made, in the order of need."""
        by_state: dict[str, list[_Held]] = {}
        if not any(held.age for held in self._held.values()):
            return []
        for row in rows:
            by_state.setdefault(row.state, []).append(self._held[row.id])
        found = [(-held.age, place, held) for column in by_state.values()
                 for place, held in enumerate(sorted(column, key=lambda held: held.order)) if held.age]
        return [held for _, _, held in sorted(found, key=lambda one: one[:2])]

    def cards(self, rows: Iterable[SummonsRow]) -> tuple[KanbanCard, ...]:
        """What was made of these rows, in order."""
        found = [self._held[row.id] for row in rows if row.id in self._held]
        return tuple(held.card for held in sorted(found, key=lambda held: held.order) if held.card is not None)


def columns(kind: str, rows: Iterable[SummonsRow], shown: Collection[int] | None,
            shelf: CardShelf) -> list[KanbanColumn]:
    """The board; `shown`: ids that pass the filter, None: all. Headings count the others, too."""
    by_state: dict[str, list[SummonsRow]] = {column.state: [] for column in _COLUMNS[kind]}
    for row in rows:
        if row.kind == kind and row.state in by_state:
            by_state[row.state].append(row)
    return [_column(column, by_state[column.state], shown, shelf) for column in _COLUMNS[kind]]


def _column(column: _Column, rows: Sequence[SummonsRow], shown: Collection[int] | None,
            shelf: CardShelf) -> KanbanColumn:
    fitting = [row for row in rows if shown is None or row.id in shown]
    empty = column.empty if not rows else f"{len(rows):,} 件不符合筛选"
    cards = shelf.cards(fitting)
    return KanbanColumn(column.state, column.title, cards, len(rows), column.tone, empty, len(fitting) - len(cards))


def card(row: SummonsRow, clock: JointClock, words: JointWords, now: float) -> KanbanCard:
    """One whistle or order."""
    note = clock.note(row, now)
    badge = words.level(row) if row.kind == WHISTLE else CardChip(row.scope, Tone.MULTI, f"启动情形 {row.scope}")
    chips = _telling([party_chip(row, party, words, now) for party in row.live_parties])
    lanes = (f"{words.full(p.unit_id)}：{party_sign(row, p, now)[1]}" for p in row.live_parties)
    told = "\n".join(part for part in (row.no, words.title(row), *lanes, clock.why(clock.due(row), now)) if part)
    # The ticking line is not part of the card, or every second would be a change of the model.
    return KanbanCard(row.id, words.title(row), badge, words.where(row), card_line(row, words, now), "", note.tone,
                      chips, told)


def _telling(chips: list[CardChip]) -> tuple[CardChip, ...]:
    """Where not all find room, those that somebody must see stand first."""
    return tuple(sorted(chips, key=lambda chip: _SEEN_FIRST.get(chip.tone, 1)) if len(chips) > _ALL_SEEN else chips)


def card_line(row: SummonsRow, words: JointWords, now: float) -> str:
    """When and where; before the signature who asked when, afterwards when it ended."""
    if row.state == "draft":
        return f"{words.caller(row)} {words.when(row.drafted_at, now)} {'拟稿' if row.kind == ORDER else '申请'}"
    if row.state in ("rating", "verifying"):
        return f"{words.when(row.closed_at, now)} {'办结' if row.kind == ORDER else '结束'} {row.place}".strip()
    return words.appointed(row, now)


def party_chip(row: SummonsRow, party: Party, words: JointWords, now: float) -> CardChip:
    """城管 ✓."""
    sign, told, tone = party_sign(row, party, now)
    name = words.short(party)
    return CardChip(f"{name} {sign}".strip(), tone, f"{words.full(party.unit_id)} {told}")


def party_sign(row: SummonsRow, party: Party, now: float) -> tuple[str, str, Tone]:
    """Sign, meaning and tone of where a lane stands."""
    if row.state == "draft":
        return "", "待召集", Tone.MUTED
    if row.state in ("rating", "verifying"):
        return _scored(party)
    if party.asked == "release":
        return "退?", lane_machine(row.kind).label("ask_release"), Tone.NEAR
    return _under_way(row, party, now)


def _scored(party: Party) -> tuple[str, str, Tone]:
    if party.objection == "open":
        return "申诉", "申诉待裁定", Tone.NEAR
    if party.score is not None:
        return f"{party.score:.0f}", f"综合 {party.score:.1f}", Tone.OK
    return ("✓", "已评价", Tone.OK) if party.rated_at is not None else ("—", "待评价", Tone.MUTED)


def _under_way(row: SummonsRow, party: Party, now: float) -> tuple[str, str, Tone]:
    late = party.arrival == "late"
    match party.state:
        case "signed":
            return "签", "已签字", Tone.OK
        case "done":
            return "办", "已办结，待签字", Tone.OK
        case "arrived":
            return ("迟到", "迟到报到", Tone.NEAR) if late else ("到", "已报到", Tone.OK)
    if party.arrival == "absent":
        return "×", "未到", Tone.OVERDUE
    if party.response == "none" or (party.state == "pending" and party.confirm_due is not None
                                    and party.confirm_due < now):
        return "!", "超时未响应", Tone.OVERDUE
    if party.state == "responded":
        return _answered(row, party)
    return "…", "待响应", Tone.MUTED


def _answered(row: SummonsRow, party: Party) -> tuple[str, str, Tone]:
    late = party.response == "late"
    told, tone = ("迟响应", Tone.NEAR) if late else ("已响应", Tone.OK)
    if row.state == "issued":
        return ("迟 ✓" if late else "✓"), told, tone
    return "途中", f"{told}，尚未报到", Tone.NEAR if late else Tone.MUTED
