"""The command line's verb for a replay: a moment, or when a case came in, when a whistle or order was issued."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

from commandcenter.domain.emergency import EmergencyPlace
from commandcenter.domain.errors import DomainError
from commandcenter.domain.joint import SUMMONS
from ui.app.joint_verbs import JOINT_NO
from ui.bridge.joint_finding import find_summons
from ui.models.past_moment import PastMoment, arrival_of, issue_of
from ui.screens.workplace import Workplace
from widgets.tones import Tone
from widgets.typed_moment import parse_moment

if TYPE_CHECKING:  # the map is imported when it is first wanted
    from ui.screens.map.screen import MapDesk

_Row = TypeVar("_Row")
Told = tuple[str, str, Callable[[list[str]], None], str]
REPLAY, REPLAY_KEY = "回放", "Ctrl+Shift+R"
_HOW = f"例：{REPLAY} 2378，{REPLAY} CS-0003，{REPLAY} 11-20 14:32，{REPLAY} -2小时"


class Stage(Protocol):
    """What this verb may do to the window."""

    def subject(self) -> EmergencyPlace | None:
        """The one case, whistle, order or place that is chosen."""

    def map_desk(self) -> MapDesk:
        """Show the map."""


class ReplayVerbs:
    """Raises `error` (the command line's VerbError) for what cannot be done; what is not found is said."""

    def __init__(self, place: Workplace, stage: Stage, is_number: Callable[[str], object],
                 error: Callable[[str], Exception]) -> None:
        self._place, self._stage, self._is_number, self._error = place, stage, is_number, error

    def everywhere(self) -> Iterable[Told]:
        """(word, meaning, deed, example) on every screen."""
        yield REPLAY, "回放 案件号、吹哨或令的编号、时刻：看当时的情形；不写则从所选的开始", self._replay, f"{REPLAY} "

    def chosen(self) -> None:
        """From when that came in which is chosen; without any as the map's own key."""
        subject = self._stage.subject()
        row = self._place.live.row(subject.case_id) if subject is not None and subject.case_id is not None else None
        if row is not None:
            self._show(arrival_of(row))
        elif subject is not None and subject.summons_id is not None:
            read = find_summons(self._place, SUMMONS, subject.summons_id)
            self._start(self._seek(read, issue_of, "所选的吹哨或令已不在您的范围内"))
        else:
            self._stage.map_desk().replay.open()

    # ------------------------------------------------------------ inside
    def _replay(self, words: list[str]) -> None:
        if not words:
            self.chosen()
            return
        text = " ".join(words)
        if JOINT_NO.fullmatch(text):
            read = self._place.backend.call(self._place.backend.session.joint_queries.summons_by_no, text.upper())
            self._start(self._seek(read, issue_of, f"您的范围内没有吹哨或令 {text.upper()}"))
        elif self._is_number(text):
            self._start(self._seek(self._place.find_case(text), arrival_of, f"没有案件 {text}，或它不在您的范围内"))
        else:
            self._show(PastMoment(self._moment(text)))

    def _moment(self, text: str) -> float:
        now = datetime.fromtimestamp(self._place.live.clock.now(), ZoneInfo(self._place.backend.directory.time_zone))
        found = parse_moment(text, now, now)
        if found is None:
            raise self._error(f"看不懂“{text}”；{_HOW}")
        return found.timestamp()

    async def _seek(self, read: Awaitable[_Row | None], moment_of: Callable[[_Row], PastMoment], missing: str) -> None:
        try:
            row = await read
        except DomainError as error:
            self._say("读取失败", error.message)
            return
        if row is None:
            self._say(missing)
        else:
            self._show(moment_of(row))

    def _start(self, seeking: Coroutine[Any, Any, None]) -> None:
        self._place.backend.start(seeking, self._place)

    def _show(self, moment: PastMoment) -> None:
        self._stage.map_desk().replay.show(moment)

    def _say(self, text: str, detail: str = "") -> None:
        self._place.notices.say("replay", text, Tone.NEAR, detail)
