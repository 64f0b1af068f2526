"""取证: turns what a slot took into evidence that the database accepts, or says why not."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final
from uuid import uuid4
from zoneinfo import ZoneInfo

from commandcenter.domain.errors import InvalidInput
from commandcenter.domain.video import Camera, NewCameraEvidence

JPEG, MP4 = "image/jpeg", "video/mp4"
MOST_BYTES: Final = {JPEG: 8 * 1024 * 1024, MP4: 24 * 1024 * 1024}  # as cc.attach_shot
_ENDINGS: Final = {JPEG: "jpg", MP4: "mp4"}
_NAME: Final = 60


def camera_evidence(
    case_id: int, viewing: int, camera: Camera, mime: str, content: bytes, taken: tuple[float, float], time_zone: str
) -> NewCameraEvidence:
    """A snapshot or clip of a camera for a case. `taken`: from and until, Unix seconds of the city's clock.

    Raises InvalidInput.
    """
    if mime not in MOST_BYTES:
        raise InvalidInput("取证只接受 JPEG 截图和 MP4 录像")
    if not 0 < len(content) <= MOST_BYTES[mime]:
        what = "录像" if mime == MP4 else "截图"
        raise InvalidInput(f"{what}超过 {MOST_BYTES[mime] >> 20} MB，请缩短后再取证" if content else f"{what}没有内容")
    at, until = taken[0], taken[0] if mime == JPEG else taken[1]
    when = datetime.fromtimestamp(at, ZoneInfo(time_zone))
    shown = re.sub(r'[\\/:*?"<>|\s]+', "_", camera.name)[:_NAME]
    name = f"{shown}_{when:%Y%m%d_%H%M%S}.{_ENDINGS[mime]}"
    return NewCameraEvidence(uuid4(), case_id, viewing, name, mime, content, at, until)
