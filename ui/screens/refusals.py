"""Why something cannot be done, in words that every screen says alike."""

from __future__ import annotations

from datetime import datetime

from commandcenter.domain.errors import Conflict, DomainError
from ui.screens.workplace import Workplace

OFFLINE = "与服务器的连接已断开，暂不能办理；恢复后再试，已填内容不会丢失"


def refusal_words(error: DomainError, place: Workplace) -> str:
    """Why, in words: 王 · 12 秒前已派区城管委; other errors say themselves."""
    detail = error.detail
    if not isinstance(error, Conflict) or not detail.get("who"):
        return error.message
    ago = _ago(str(detail.get("at", "")), place.live.clock.now())
    sent = detail.get("action") == "dispatch" and detail.get("unit")
    deed = f"已派{detail['unit']}" if sent else f"已{detail.get('label', '处理')}"
    return f"{detail['who']} · {ago}{deed}"


def _ago(at: str, now: float) -> str:
    try:
        seconds = max(0, round(now - datetime.fromisoformat(at).timestamp()))
    except ValueError:
        return ""
    if seconds < 60:
        return f"{seconds} 秒前"
    return f"{seconds // 60:,} 分钟前" if seconds < 7200 else f"{seconds // 3600:,} 小时前"
