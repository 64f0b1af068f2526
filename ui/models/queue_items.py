"""The list of queues with live counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from commandcenter.live.queues import QueueSpec
from widgets.queue_list import QueueItem
from widgets.tones import Tone

_TONES = {"near": Tone.NEAR, "overdue": Tone.OVERDUE, "returned": Tone.NEAR, "asked": Tone.NEAR,
          "supervised": Tone.MULTI, "whistled": Tone.MULTI}


def queue_items(queues: Sequence[QueueSpec], counts: Mapping[str, int] | None, whistles: bool = True
                ) -> list[QueueItem]:
    """One item per queue; without counts (nothing loaded yet), or as long as `whistles` are not read, the figures
    say so."""
    def count(queue: QueueSpec) -> int | None:
        known = counts is not None and (whistles or not queue.whistled)
        return counts[queue.key] if known else None

    return [QueueItem(q.key, q.label, count(q), _TONES.get(q.key, Tone.NORMAL)) for q in queues]
