"""Evidence before it is sent: what a file is, by its content, and whether it may be sent."""

from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

MAX_BYTES = 8 * 1024 * 1024  # cc.attach
FILTER = "照片与文书 (*.jpg *.jpeg *.png *.webp *.pdf *.mp4)"
_SIGNATURES = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (8, b"WEBP", "image/webp"),
    (0, b"%PDF-", "application/pdf"),
    (4, b"ftyp", "video/mp4"),
)


class UnsuitableFile(Exception):  # noqa: N818
    """The file cannot be evidence; the message is shown to the user."""


@dataclass(frozen=True, slots=True)
class DraftAttachment:
    """Evidence ready to be sent with a case. kind: scene, before, after, place, document.

    `id` is the id of the command that sends it, from the first attempt to the last: sending again doubles nothing.
    """

    kind: str
    name: str
    mime: str
    content: bytes
    id: UUID = field(default_factory=uuid4)


def mime_of(content: bytes) -> str | None:
    """The type by the first bytes; None if it is none of those accepted."""
    for at, signature, mime in _SIGNATURES:
        if content[at : at + len(signature)] == signature:
            return mime
    return None


def read_evidence(path: Path, kind: str) -> DraftAttachment:
    """Read a file; raises UnsuitableFile for what is missing, empty, too large (8 MB) or of another type."""
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise UnsuitableFile(f"{path.name} 有 {size / 1024 / 1024:.1f} MB，最大 8 MB，请压缩后再传")
        content = path.read_bytes()
    except OSError as error:
        raise UnsuitableFile(f"{path.name} 读不出：{error.strerror or error}") from error
    return check_evidence(kind, path.name, content)


def check_evidence(kind: str, name: str, content: bytes) -> DraftAttachment:
    """Evidence from bytes at hand; raises UnsuitableFile like `read_evidence`."""
    mime = mime_of(content)
    if not content:
        raise UnsuitableFile(f"{name} 是空文件")
    if len(content) > MAX_BYTES:
        raise UnsuitableFile(f"{name} 超过 8 MB，请压缩后再传")
    if mime is None:
        raise UnsuitableFile(f"{name} 的格式不能上传，请用 JPG、PNG、WEBP、PDF 或 MP4")
    return DraftAttachment(kind, name[-120:], mime, content)
