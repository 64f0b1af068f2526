"""A 公文 as plain words, ready to be set in type: what stands on paper, nothing of how."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Paragraph:
    """level 1: 一、 a heading; 2: （一）; 0: plain text."""

    level: int
    text: str


@dataclass(frozen=True, slots=True)
class OfficialDocument:
    """The elements of GB/T 9704—2012, clause 7. `authority`: 发文机关标志; without a `code` it is not issued yet."""

    authority: str
    number: str
    signer: str
    title: str
    addressees: str
    body: tuple[Paragraph, ...]
    attachments: tuple[str, ...]
    signature: str
    dated: str
    copies: str
    printed_by: str
    printed_on: str
    code: str = ""
    digest: str = ""

    @property
    def issued(self) -> bool:
        """Whether it has a verification code; otherwise it is a draft's preview."""
        return bool(self.code)

    @property
    def box(self) -> tuple[str, ...]:
        """What stands in the frame where a seal would be."""
        if not self.issued:
            return ("草稿预览：尚未签发，没有校验码，不得作为公文使用。",)
        return (
            f"此件由系统生成，不加盖印章。校验码 {self.code}，用“校验公文”输入或扫码核对。",
            f"内容摘要 SHA-256 {self.digest}",
        )

    @property
    def file_title(self) -> str:
        """Title in a PDF's metadata; the check reads code and digest from it."""
        if not self.issued:
            return f"{self.title}（草稿）"
        return f"{self.number} {self.title} code:{self.code} sha256:{self.digest}"
