"""Evidence of a form under way: kept with its draft, sent under one id however often it is tried."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Protocol

from commandcenter.domain.model import NewAttachment
from ui.bridge.draft_files import KEPT_BYTES
from ui.forms.evidence_file import DraftAttachment
from ui.screens.workplace import Workplace
from widgets.tones import Tone

log = logging.getLogger(__name__)


class WithEvidence(Protocol):
    """A form that takes attachments."""

    def attachments(self) -> tuple[DraftAttachment, ...]:
        """What will be sent."""


def draft_evidence(case_id: int, draft: DraftAttachment) -> NewAttachment:
    """The command that sends it."""
    return NewAttachment(draft.id, case_id, draft.kind, draft.name, draft.mime, draft.content)


def keep_typed(place: Workplace, key: str, values: Mapping[str, Any]) -> None:
    """Keep what is typed in a form; that a restart would lose it is said."""
    try:
        place.drafts.keep(key, values)
    except OSError as error:
        log.warning("a draft is not kept: %s", error)
        place.notices.say("draft", "草稿未能存盘，本机磁盘可能已满", Tone.NEAR,
                          "请尽快提交或清理磁盘，提交前请勿关闭程序")


def keep_files(place: Workplace, key: str, form: WithEvidence) -> None:
    """Keep the form's attachments with its draft; what a restart would lose is said."""
    try:
        refused = place.drafts.files.keep(key, form.attachments())
    except OSError as error:
        log.warning("attachments of a draft are not kept: %s", error)
        place.notices.say("draft_files", "附件未能存入草稿", Tone.NEAR, "提交前请勿关闭程序，否则需要重新添加")
        return
    if refused:
        place.notices.say("draft_files", f"{'、'.join(refused)} 未存入草稿", Tone.NEAR,
                          f"草稿附件合计最多 {KEPT_BYTES // 1024 // 1024} MB；提交前请勿关闭程序")
