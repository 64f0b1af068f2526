"""A 公文 as a PDF: written, and compared with what was issued."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QUuid
from PySide6.QtGui import QPageSize, QPainter, QPdfWriter

from ui.joint import paper
from ui.joint.official import OfficialDocument
from ui.joint.page import Page
from ui.joint.page_painter import draw_page
from ui.joint.typesetting import set_in_type

LARGEST = 32 * 1024 * 1024
_TITLE = re.compile(rb"/Title\s*(?:\((?P<text>(?:\\.|[^\\)])*)\)|<(?P<hex>[0-9A-Fa-f\s]*)>)", re.DOTALL)
_DIGEST = re.compile(r"sha256:([0-9a-f]{64})")
_MADE_AT = re.compile(rb"/(?:Creation|Mod)Date\s*\([^)]*\)|xmp:(?:Create|Modify|Metadata)Date=\"[^\"]*\"")
_ESCAPED = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_MEANT = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


@dataclass(frozen=True, slots=True)
class Comparison:
    """same: 一致. exact: the file is, byte for byte, what this program prints of the issued content; without it only
    the digest in it was compared, and the words must be read."""

    same: bool
    exact: bool
    said: str


def pdf_bytes(document: OfficialDocument) -> bytes:
    """The whole file. Needs a QGuiApplication; takes some tens of milliseconds."""
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setResolution(paper.UNITS_PER_INCH)
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setPageMargins(QMarginsF())
    writer.setTitle(document.file_title)
    writer.setCreator("指挥中心")
    writer.setDocumentId(QUuid.createUuidV5(QUuid(), document.file_title.encode()))  # of the same words the same file
    painter = QPainter(writer)
    draw_pages(painter, set_in_type(document), writer.newPage)
    painter.end()
    return bytes(content.data())


def draw_pages(painter: QPainter, pages: Sequence[Page], next_page: object) -> None:
    """All pages; `next_page()` brings the next sheet."""
    for page in pages:
        if page.number > 1:
            next_page()
        draw_page(painter, page)


def digest_in(content: bytes) -> str:
    """The digest that the file's title names; empty if there is none."""
    for match in _TITLE.finditer(content):
        if found := _DIGEST.search(_decoded(match)):
            return found[1]
    return ""


def compare(content: bytes, issued: OfficialDocument) -> Comparison:
    """A file beside the document issued under its code."""
    found = digest_in(content)
    if not content.startswith(b"%PDF-"):
        return Comparison(False, False, "这不是 PDF 文件，请选择由本系统导出的公文")
    if not found:
        return Comparison(False, False, "文件里没有内容摘要：不是本系统导出的，或另存过；请按下面内容逐项核对")
    if found != issued.digest:
        return Comparison(False, False, "不一致：文件的内容摘要与签发时不同，不是这份公文")
    if _without_date(content) == _without_date(pdf_bytes(issued)):
        return Comparison(True, True, "一致：文件与签发内容逐字节相同")
    return Comparison(True, False, "内容摘要一致；但文件不是本机程序的原样输出（另存、打印或字体不同），"
                                   "文字请按下面内容逐项核对")


def read_pdf(path: Path) -> bytes:
    """The file's content; raises OSError when it cannot be read, ValueError when it is too large for a 公文."""
    if path.stat().st_size > LARGEST:
        raise ValueError(f"文件超过 {LARGEST // 1024 // 1024} MB，不是公文")
    return path.read_bytes()


def _without_date(content: bytes) -> bytes:
    return _MADE_AT.sub(b"", content)


def _decoded(match: re.Match[bytes]) -> str:
    if match["hex"] is not None:
        digits = re.sub(rb"\s", b"", match["hex"])
        raw = bytes.fromhex(digits.decode() + "0" * (len(digits) % 2))
    else:
        raw = _ESCAPED.sub(_unescape, match["text"])
    return raw[2:].decode("utf-16-be", "replace") if raw.startswith(b"\xfe\xff") else raw.decode("latin-1")


def _unescape(match: re.Match[bytes]) -> bytes:
    said = match[1]
    if said[:1].isdigit():
        return bytes((int(said, 8) & 0xFF,))
    return _MEANT.get(said, said)
