"""What cameras are told to do for a trial: go away, stand still, fall silent, send rubbish, ask who is there."""

from __future__ import annotations

from enum import Enum

from commandcenter.video.demo.credentials import Guard

ALL = "all"


class Mode(Enum):
    """How a path behaves. DOWN: answers 503 and is cut off; with `all` nobody listens any more. FREEZE: answers, but
    its pictures stand still. MUTE: takes connections and never says a word. CORRUPT: its pictures are rubbish.
    FORBID: answers 403."""

    UP, DOWN, FREEZE, MUTE, CORRUPT, FORBID = "up", "down", "freeze", "mute", "corrupt", "forbid"


class Behaviour:
    """What was ordered, for each path or for all; the last word on a path holds."""

    def __init__(self) -> None:
        self._modes: dict[str, Mode] = {}
        self._guards: dict[str, Guard] = {}

    def order(self, words: list[str]) -> str | None:
        """Take `MODE PATH|all` or `guard PATH|all basic|digest USER PASSWORD`; returns the path, None if neither."""
        match words:
            case ["guard", path, ("basic" | "digest") as kind, user, password]:
                self._guards[path] = Guard(kind, user, password)
            case [word, path] if word in (mode.value for mode in Mode):
                if path == ALL:
                    self._modes.clear()
                self._modes[path] = Mode(word)
            case _:
                return None
        return path

    def mode(self, path: str) -> Mode:
        """How the path behaves now."""
        return self._modes.get(path) or self._modes.get(ALL, Mode.UP)

    def guard(self, path: str) -> Guard | None:
        """Who may look at it; None: everybody."""
        return self._guards.get(path) or self._guards.get(ALL)
