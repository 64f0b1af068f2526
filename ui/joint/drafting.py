"""Drafts of whistles and orders: one for each subject, so that none writes over another."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from commandcenter.domain.joint import NewSummons
from ui.screens.workplace import Workplace
from widgets.tones import Tone

log = logging.getLogger(__name__)

PREFIX = "joint"
_KNOWN_ANYWAY = frozenset({"caller", "level", "caller_kind", "summons_id", "from_id"})
_CASES_NAMED = 8  # more cases make a key by the first and their number


def draft_key(kind: str, preset: NewSummons | None) -> str:
    """joint/order/2378-2377: by the cases, the whistle it comes from, the place on the map, or "new"."""
    return f"{PREFIX}/{kind}/{_subject(preset)}"


def is_empty(draft: Mapping[str, Any]) -> bool:
    """Whether nothing in it was typed or chosen."""
    return not set(draft) - _KNOWN_ANYWAY


def keep_typed(place: Workplace, key: str, values: Mapping[str, Any]) -> None:
    """Keep what is typed; that a restart would lose it is said."""
    try:
        place.drafts.keep(key, values)
    except OSError as error:
        log.warning("a draft is not kept: %s", error)
        place.notices.say("draft", "草稿未能存盘，本机磁盘可能已满", Tone.NEAR,
                          "请尽快提交或清理磁盘，提交前请勿关闭程序")


def _subject(preset: NewSummons | None) -> str:
    if preset is None:
        return "new"
    if preset.from_id is not None:
        return f"from{preset.from_id}"
    if preset.cases:
        named = "-".join(map(str, sorted(preset.cases)[:_CASES_NAMED]))
        return f"{named}+{len(preset.cases)}" if len(preset.cases) > _CASES_NAMED else named
    return f"at{preset.lon:.5f},{preset.lat:.5f}" if preset.lon is not None and preset.lat is not None else "new"
