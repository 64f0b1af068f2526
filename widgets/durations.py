"""Durations in words and figures: hours, minutes, seconds; never bare minutes."""

from dataclasses import dataclass

from widgets.tones import Tone


@dataclass(frozen=True)
class LiveText:
    """What a live cell says now, and its state."""

    text: str
    tone: Tone = Tone.NORMAL


def format_hms(seconds: float) -> str:
    """``4984.2`` → ``01:23:04``; below zero a leading ``-``; whole seconds, never rounded past a deadline."""
    whole = int(seconds // 1)
    sign, whole = ("-", -whole) if whole < 0 else ("", whole)
    return f"{sign}{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def countdown(seconds_left: float | None, near_seconds: float, none_text: str = "—") -> LiveText:
    """A countdown's text and state; overdue time is shown with ``+`` as time past the deadline."""
    if seconds_left is None:
        return LiveText(none_text, Tone.MUTED)
    if seconds_left < 0:
        return LiveText(f"+{format_hms(-seconds_left)}", Tone.OVERDUE)
    return LiveText(format_hms(seconds_left), Tone.NEAR if seconds_left < near_seconds else Tone.NORMAL)
