"""附件: turns a file into evidence that the database accepts, or says why not."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

from commandcenter.domain.errors import InvalidInput
from commandcenter.domain.model import NewAttachment
from commandcenter.domain.roles import ATTACHMENT_LABELS

MAX_BYTES = 8 * 1024 * 1024  # as cc.attach
_SIGNATURES = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (8, b"WEBP", "image/webp"),
    (0, b"%PDF-", "application/pdf"),
    (4, b"ftyp", "video/mp4"),
)


def evidence_from_file(case_id: int, kind: str, path: Path) -> NewAttachment:
    """Read a photo, document or video of at most 8 MB; kind as in ATTACHMENT_LABELS. Raises InvalidInput."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InvalidInput(f"“{path.name}”超过 8 MB，请压缩后再上传")
        content = path.read_bytes()
    except OSError as error:
        raise InvalidInput(f"“{path.name}”无法读取，请检查文件是否存在、是否有权限") from error
    return evidence(case_id, kind, path.name, content)


def evidence(case_id: int, kind: str, name: str, content: bytes) -> NewAttachment:
    """Evidence from bytes; its format is read from the content, not believed from the name. Raises InvalidInput."""
    if kind not in ATTACHMENT_LABELS:
        raise InvalidInput("附件类别不对", {"field": "kind"})
    if not 0 < len(content) <= MAX_BYTES:
        raise InvalidInput(f"“{name}”{'超过 8 MB，请压缩后再上传' if content else '是空文件'}")
    return NewAttachment(uuid4(), case_id, kind, name, _mime(name, content), content)


def _mime(name: str, content: bytes) -> str:
    for at, signature, mime in _SIGNATURES:
        if content.startswith(signature, at):
            return mime
    raise InvalidInput(f"“{name}”不是 JPEG、PNG、WebP 图片，PDF 文书或 MP4 视频")
