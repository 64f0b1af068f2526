"""Where a report came from, in words: never a figure from a replica without the time it stands for."""

from __future__ import annotations

from commandcenter.ports import ReaderState
from ui.models.words import CaseWords
from widgets.tones import Tone

_SAME = 1.0           # seconds behind that nobody needs to hear of
_DAY_S = 43_200.0     # from here on the date belongs to it


def source_line(state: ReaderState, words: CaseWords) -> str:
    """数据截至 14:03:22，报表库落后 38 秒."""
    if state.source == "none":
        return f"报表暂时读不到：{state.reason}；主库也连不上"
    if state.source == "primary":
        return f"由主库回答：{state.reason}"
    until = f"数据截至 {_instant(state, words)}"
    if state.alone:
        return f"主库连不上，由报表库回答：{until}（{span(state.behind_s)}前）"
    return f"{until}，报表库{f'落后 {span(state.behind_s)}' if state.behind_s >= _SAME else '与主库同步'}"


def chip_words(state: ReaderState | None) -> tuple[str, Tone]:
    """The same for the top bar, with a mark of its own for each state."""
    if state is None:
        return "○ 报表库", Tone.NORMAL
    if state.source == "none":
        return "◇ 报表不可用", Tone.OVERDUE
    if state.source == "primary":
        return "◇ 报表由主库", Tone.NEAR
    if state.alone:
        return f"◐ 报表库 {span(state.behind_s)}前", Tone.NEAR
    if state.behind_s >= _SAME:
        return f"◐ 报表库落后 {span(state.behind_s)}", Tone.NEAR
    return "● 报表库同步", Tone.OK


def span(seconds: float) -> str:
    """38 秒, 2 分 5 秒, 3 小时 10 分."""
    whole = int(seconds)
    if whole < 60:
        return f"{whole} 秒"
    if whole < 3600:
        return f"{whole // 60} 分 {whole % 60} 秒"
    return f"{whole // 3600:,} 小时 {whole // 60 % 60} 分"


def _instant(state: ReaderState, words: CaseWords) -> str:
    if not state.as_of:
        return "不明"
    return words.date_time(state.as_of) if state.behind_s > _DAY_S else words.clock_time(state.as_of)
