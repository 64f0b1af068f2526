"""Whistles and orders as cards in columns by state."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from commandcenter.domain.joint import ORDER, WHISTLE, Party, SummonsRow
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


class CardShelf:
    """Cards by whistle, made anew only for rows that are others: a busy board changes one row at a time."""

    def __init__(self) -> None:
        self._made: dict[int, tuple[SummonsRow, KanbanCard, tuple[float, int]]] = {}

    def clear(self) -> None:
        """Words, rules or the minute are others."""
        self._made.clear()

    def drop(self, ids: Iterable[int]) -> None:
        """Time has passed a limit of these."""
        for key in ids:
            self._made.pop(key, None)

    def overdue(self, now: float) -> int:
        """How many have a lane past its limit."""
        return sum(order[0] < now for _, _, order in self._made.values())

    def keep(self, ids: Collection[int]) -> None:
        """Only these are open."""
        for key in [key for key in self._made if key not in ids]:
            del self._made[key]

    def take(self, row: SummonsRow, clock: JointClock, words: JointWords, now: float) -> tuple[KanbanCard, tuple]:
        """A card and its place in the order."""
        held = self._made.get(row.id)
        if held is None or held[0] is not row:
            held = self._made[row.id] = (row, card(row, clock, words, now), clock.order(row))
        return held[1], held[2]


def columns(kind: str, rows: Iterable[SummonsRow], shown: Collection[int] | None, clock: JointClock, words: JointWords,
            now: float, shelf: CardShelf | None = None) -> list[KanbanColumn]:
    """The board; `shown`: ids that pass the filter, None: all. Headings count the others, too."""
    shelf = shelf or CardShelf()
    by_state: dict[str, list[SummonsRow]] = {column.state: [] for column in _COLUMNS[kind]}
    for row in rows:
        if row.kind == kind and row.state in by_state:
            by_state[row.state].append(row)
    take = partial(shelf.take, clock=clock, words=words, now=now)
    return [_column(column, by_state[column.state], shown, take) for column in _COLUMNS[kind]]


def _column(column: _Column, rows: Sequence[SummonsRow], shown: Collection[int] | None,
            take: Callable[[SummonsRow], tuple[KanbanCard, tuple]]) -> KanbanColumn:
    fitting = [row for row in rows if shown is None or row.id in shown]
    empty = column.empty if not rows else f"{len(rows):,} 件不符合筛选"
    ordered = sorted((take(row) for row in fitting), key=lambda taken: taken[1])
    return KanbanColumn(column.state, column.title, tuple(card for card, _ in ordered), len(rows), column.tone, empty)


def card(row: SummonsRow, clock: JointClock, words: JointWords, now: float) -> KanbanCard:
    """One whistle or order."""
    note = clock.note(row, now)
    badge = words.level(row) if row.kind == WHISTLE else CardChip(row.scope, Tone.MULTI, f"启动情形 {row.scope}")
    chips = _telling([party_chip(row, party, words, now) for party in row.live_parties])
    told = "\n".join([row.no, words.title(row), *(f"{words.full(p.unit_id)}：{party_sign(row, p, now)[1]}"
                                                 for p in row.live_parties)])
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
        return "退?", "申请退哨", Tone.NEAR
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
