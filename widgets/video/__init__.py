"""Pictures that move, side by side: a slot says what its stream is worth; knows nothing of cameras."""

from widgets.video.grid import SLOT_MIME, VideoGrid
from widgets.video.slot import SlotFace, VideoSlot

__all__ = ["SLOT_MIME", "SlotFace", "VideoGrid", "VideoSlot"]
