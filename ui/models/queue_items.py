"""The list of queues with live counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from commandcenter.live.queues import QueueSpec
from widgets.queue_list import QueueItem
from widgets.tones import Tone

_TONES = {"near": Tone.NEAR, "overdue": Tone.OVERDUE, "returned": Tone.NEAR, "asked": Tone.NEAR,
          "supervised": Tone.MULTI}


def queue_items(queues: Sequence[QueueSpec], counts: Mapping[str, int] | None) -> list[QueueItem]:
    """One item per queue; without counts (nothing loaded yet) the figures say so."""
    return [QueueItem(q.key, q.label, counts[q.key] if counts is not None else None, _TONES.get(q.key, Tone.NORMAL))
            for q in queues]
