"""The countdown that matters now: of a whistle, and of one of its lanes."""

from __future__ import annotations

from dataclasses import dataclass

from commandcenter.domain.calendar import WorkTime
from commandcenter.domain.joint import ORDER, Party, SummonsRow
from commandcenter.domain.workflow import load_workflow
from commandcenter.live.joint_due import ARRIVE, CONFIRM, HANDLE, UNDER_WAY, lane_due
from ui.models.joint_words import JointWords
from widgets.durations import LiveText, format_hms
from widgets.tones import Tone

NEVER = 1e11  # Unix seconds later than any due time
_WORDS = {CONFIRM: ("响应", "确认"), ARRIVE: ("报到", "集结"), HANDLE: ("处置", "执行")}  # of a whistle, of an order
_CAME = frozenset({"arrived", "done", "signed"})
_OFFICE = "hours"  # tasks run on office hours
STILL = "停表"
_WAITS = {
    "whistle": "等待负责人签批", "order": "等待签发",
}


@dataclass(frozen=True, slots=True)
class Due:
    """What runs out, when, on which clock; `since` makes the share that is near. party_no: whose it is."""

    word: str
    at: float
    since: float
    clock: str | None
    party_no: int | None = None


class JointClock:
    """Texts follow spec/ui.md: amber near, red past, violet while several departments are awaited."""

    def __init__(self, words: JointWords, work_time: WorkTime) -> None:
        self._words, self._work_time = words, work_time
        self._near = load_workflow().near_share

    # ------------------------------------------------------------ what is due
    def lane_due(self, row: SummonsRow, party: Party) -> Due | None:
        """The next step's limit of one lane."""
        found = lane_due(row, party)
        if found is None:
            return None
        word = _WORDS[found.step][row.kind == ORDER]
        return Due(word, found.at, found.since, found.clock, party.no)

    def missed(self, row: SummonsRow, party: Party) -> Due | None:
        """The answer that did not come, until it comes or the arrival is missed, too."""
        if not party.live or row.state not in UNDER_WAY or party.confirm_due is None:
            return None
        if party.state != "pending" or party.response != "none" or party.arrival is not None:
            return None
        called = party.called_at or party.confirm_due
        return Due(_WORDS[CONFIRM][row.kind == ORDER], party.confirm_due, called, party.clock, party.no)

    def due(self, row: SummonsRow) -> Due | None:
        """The first limit among the live lanes."""
        dues = [due for party in row.live_parties
                if (due := self.missed(row, party) or self.lane_due(row, party)) is not None]
        return min(dues, key=lambda due: due.at, default=None)

    def order(self, row: SummonsRow) -> tuple[float, int]:
        """What runs out first stands first; without a limit the oldest change."""
        due = self.due(row)
        return (due.at if due else NEVER + row.changed_at, row.id)

    # ------------------------------------------------------------ in words
    def note(self, row: SummonsRow, now: float) -> LiveText:
        """The third line of a card."""
        if row.state == "draft":
            return LiveText(_WAITS.get(row.kind, ""), Tone.MUTED)
        if row.state == "rating":
            return self._rating(row)
        if row.state == "verifying":
            return LiveText("评价完成，等待区级核验", Tone.OK)
        due = self.due(row)
        if due is None:
            return self._acting(row, now)
        text = self.left(due, now)
        party = row.party(due.party_no or 0)
        if text.tone is Tone.OVERDUE:
            return LiveText(f"{self._words.short(party) if party else ''} {text.text}".strip(), text.tone)
        count = self._came(row)
        tone = Tone.MULTI if text.tone is Tone.NORMAL and self._waiting(row) > 1 else text.tone
        # Beside the count the line is short: what is counted down says itself by its figures.
        return LiveText(count + text.text.replace("倒计时", "") if count else text.text, tone)

    def left(self, due: Due, now: float) -> LiveText:
        """响应倒计时 00:24:00, or 超时 +00:07:12."""
        clock = self._work_time.clock_to(due.clock, due.at)
        seconds = self._work_time.left(clock, now, due.at)
        if now > due.at:
            # Outside office hours no working time passes, yet the limit is over: never a plain zero.
            return LiveText(f"{due.word}超时 +{format_hms(max(-seconds, 1.0))}", Tone.OVERDUE)
        near = self._work_time.left(clock, due.since, due.at) * self._near
        runs = f" {STILL}" if resumes(self._work_time, now, clock) is not None else "倒计时"
        return LiveText(f"{due.word}{runs} {format_hms(seconds)}", Tone.NEAR if seconds <= near else Tone.NORMAL)

    def why(self, due: Due | None, now: float) -> str:
        """Why it stands still, and until when; empty while it runs or is over."""
        if due is None or now > due.at:
            return ""
        return stopped_words(self._work_time, self._words, now, self._work_time.clock_to(due.clock, due.at))

    def lane_note(self, row: SummonsRow, party: Party, now: float) -> LiveText:
        """What one lane waits for; empty when nothing runs."""
        due = self.lane_due(row, party)
        return self.left(due, now) if due else LiveText("", Tone.MUTED)

    def _acting(self, row: SummonsRow, now: float) -> LiveText:
        live = row.live_parties
        signed = sum(party.state == "signed" for party in live)
        if live and signed == len(live):
            return LiveText(f"{signed}/{len(live)} 已签字，可以结束", Tone.OK)
        began = min((party.arrived_at for party in live if party.arrived_at is not None), default=None)
        ran = f"{_WORDS[HANDLE][row.kind == ORDER]} {format_hms(max(0.0, now - began))} · " if began is not None else ""
        return LiveText(f"{ran}{signed}/{len(live)} 已签字", Tone.ACTION)

    def _rating(self, row: SummonsRow) -> LiveText:
        live = row.live_parties
        rated = sum(party.rated_at is not None for party in live)
        who = "区级评价" if row.kind == ORDER else "街道评价"
        return LiveText(f"{who} {rated}/{len(live)}", Tone.OK if rated else Tone.NEAR)

    def _came(self, row: SummonsRow) -> str:
        """2/3 已到场, once somebody has come or everybody is on the way."""
        live = row.live_parties
        came = sum(party.state in _CAME for party in live)
        return f"{came}/{len(live)} 已到场 · " if came or row.state == "responded" else ""

    def _waiting(self, row: SummonsRow) -> int:
        return sum(self.lane_due(row, party) is not None for party in row.live_parties)


def resumes(work_time: WorkTime, now: float, clock: str | None = _OFFICE) -> float | None:
    """When time begins to pass again on a clock; None while it passes, or outside the calendar."""
    here = work_time.position(clock, now) if clock else None
    if clock is None or here is None or here != work_time.position(clock, now + 1):
        return None
    first = work_time.instant(clock, here + 1)
    return None if first is None else first - 1


def stopped_words(work_time: WorkTime, words: JointWords, now: float, clock: str | None = _OFFICE) -> str:
    """工作时间外，停表；06-23 09:00 起继续计时; empty while time passes."""
    begins = resumes(work_time, now, clock)
    return "" if begins is None else f"工作时间外，{STILL}；{words.words.date_time(begins)} 起继续计时"


def is_late(party: Party) -> bool:
    """Whether anything of the lane was missed or late."""
    return party.response in ("late", "none") or party.arrival in ("late", "absent")

