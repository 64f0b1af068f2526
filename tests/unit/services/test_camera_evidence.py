"""A shot becomes evidence under a name that says camera and city time; what is none is refused before it travels."""

import pytest

from commandcenter.domain.errors import InvalidInput
from commandcenter.domain.video import Camera
from commandcenter.services.cameras import JPEG, MOST_BYTES, MP4, camera_evidence

CAMERA = Camera(7, "110", '东华门/南 "A" 口', "street", 116.4, 39.9, "", 2, 2, None, None, ("main",), True)
ZONE = "Asia/Shanghai"
AT = 1_750_228_328.0  # 2025-06-18 14:32:08 in Shanghai


def test_a_clip_is_named_by_camera_and_city_time() -> None:
    clip = camera_evidence(5, 9, CAMERA, MP4, b"x", (AT, AT + 30), ZONE)
    assert clip.name == "东华门_南_A_口_20250618_143208.mp4"
    assert (clip.case_id, clip.viewing, clip.mime, clip.content) == (5, 9, MP4, b"x")
    assert (clip.taken_at, clip.taken_until) == (AT, AT + 30)


def test_a_snapshot_has_one_moment() -> None:
    shot = camera_evidence(5, 9, CAMERA, JPEG, b"x", (AT, AT + 30), ZONE)
    assert shot.name.endswith("_143208.jpg") and shot.taken_at == shot.taken_until == AT


@pytest.mark.parametrize(("mime", "content", "words"), [
    ("image/png", b"x", "JPEG"), (JPEG, b"", "截图没有内容"), (MP4, b"", "录像没有内容"),
    (JPEG, bytes(MOST_BYTES[JPEG] + 1), "8 MB"), (MP4, bytes(MOST_BYTES[MP4] + 1), "24 MB"),
])  # fmt: skip
def test_what_is_no_evidence_is_refused(mime: str, content: bytes, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        camera_evidence(5, 9, CAMERA, mime, content, (AT, AT), ZONE)
