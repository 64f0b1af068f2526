"""Evidence is taken by its content; what the database would refuse is refused here in words."""

from __future__ import annotations

from pathlib import Path

import pytest

from commandcenter.domain.errors import InvalidInput
from commandcenter.services.evidence import MAX_BYTES, evidence, evidence_from_file


@pytest.mark.parametrize(
    ("content", "mime"),
    [
        (b"\xff\xd8\xff\xe1x", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\nx", "image/png"),
        (b"RIFF0000WEBPVP8 ", "image/webp"),
        (b"%PDF-1.7", "application/pdf"),
        (b"\0\0\0\x20ftypisom", "video/mp4"),
    ],
)
def test_the_format_is_read_from_the_content(content: bytes, mime: str) -> None:
    assert evidence(1, "scene", "照片.bin", content).mime == mime


@pytest.mark.parametrize(
    ("kind", "content", "words"),
    [
        ("scene", b"MZ\x90", "不是 JPEG"),
        ("scene", b"", "空文件"),
        ("selfie", b"%PDF-", "类别"),
        ("scene", b"%PDF-" + bytes(MAX_BYTES), "8 MB"),
    ],
)
def test_what_is_no_evidence_is_refused(kind: str, content: bytes, words: str) -> None:
    with pytest.raises(InvalidInput, match=words):
        evidence(1, kind, "a.jpg", content)


def test_a_file_becomes_evidence(tmp_path: Path) -> None:
    path = tmp_path / "现场.jpg"
    path.write_bytes(b"\xff\xd8\xff\xe1x")
    assert evidence_from_file(3, "before", path).name == "现场.jpg"


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"没有\.jpg.*无法读取"):
        evidence_from_file(3, "before", tmp_path / "没有.jpg")
