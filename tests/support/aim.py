"""Where to click: on what stands still and has nothing over it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from tests.support.desktop import Desktop, covers

Seen = dict[str, Any]
_STILL_S = 0.12
_LISTS = frozenset({"SuggestionPopup", "_Popup"})
_FLOATING = _LISTS | {"Toast"}


def still(until: Callable[..., Any], widgets: Callable[[], list[Seen]], screen: Desktop,
          find: Callable[[], Seen | None]) -> Seen:  # fmt: skip
    """What is looked for as soon as it stands still, for a sheet that has just come is still being laid out, and
    nothing floats over it: a list that has just opened may not yet have followed its input."""
    found: Seen | None = None

    def stands() -> Seen | None:
        nonlocal found
        before, found = found, find()
        if before and found and before["rect"] == found["rect"] and not _floating(widgets(), found):
            return found
        time.sleep(_STILL_S)
        return None

    def fold() -> None:
        """Esc closes a list that stays open over it."""
        if found and _LISTS & set(_floating(widgets(), found)):
            screen.key("Escape")

    seen: Seen = until(stands, again=fold)
    return seen


def _floating(seen: list[Seen], below: Seen) -> list[str]:
    """What floats over the middle of a widget, by class."""
    return [one["class"] for one in seen if one["class"] in _FLOATING and covers(one["rect"], below["rect"])]
