"""公文 of a whistle or an order that stands in the database: a draft's preview, or what is issued under a code."""

from __future__ import annotations

from uuid import uuid4
from zoneinfo import ZoneInfo

from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from commandcenter.domain.errors import DomainError
from commandcenter.domain.joint import CalledUnit, Document, NewSummons, SummonsFile
from ui.joint.linked_cases import LinkedCases
from ui.joint.presets import KINDS
from ui.screens.workplace import Workplace
from widgets.tones import Tone

OFFLINE = "与服务器的连接已断开，暂不能出具公文；恢复后再试"


def open_document(place: Workplace, file: SummonsFile, document: Document | None, parent: QWidget) -> None:
    """Show an issued document, or make one: unchanged it keeps its code. A draft is only previewed."""
    if document is not None:
        _show(place, document, parent)
    elif file.row.issued_at is None:
        _preview(place, file, parent)
    elif not place.live.online:
        place.notices.say("document", "公文没有出具", Tone.NEAR, OFFLINE)
    else:
        place.backend.start(_issue(place, file, parent), parent)


async def _issue(place: Workplace, file: SummonsFile, parent: QWidget) -> None:
    try:
        document = await place.joint_deeds.issue_document(file.row)
    except DomainError as error:
        place.notices.say("document", f"{file.row.no} 公文没有出具", Tone.OVERDUE, error.message)
        return
    if isValid(parent):
        _show(place, document, parent)


def _show(place: Workplace, document: Document, parent: QWidget) -> None:
    from ui.joint.document_preview import DocumentPreview
    from ui.joint.document_words import official

    zone = ZoneInfo(place.backend.directory.time_zone)
    DocumentPreview(official(document, zone), parent).open()


def _preview(place: Workplace, file: SummonsFile, parent: QWidget) -> None:
    from ui.joint.document_preview import DocumentPreview
    from ui.joint.document_words import preview

    if place.joint.rules is None:
        place.notices.say("document", f"本市没有{KINDS[file.row.kind]}规则，不能预览公文", Tone.NEAR)
        return
    cases = [LinkedCases(place).number(case_id) for case_id in file.row.cases]
    directory = place.backend.directory
    DocumentPreview(preview(_draft(file), cases, directory, place.joint.rules, place.person), parent).open()


def _draft(file: SummonsFile) -> NewSummons:
    row = file.row
    parties = tuple(CalledUnit(p.unit_id, p.heads, p.lead) for p in row.live_parties)
    return NewSummons(
        id=uuid4(), kind=row.kind, caller_id=row.caller_id, scope=row.scope, title=row.title, parties=parties,
        scenario=row.scenario, level=row.level, reason=file.reason, place=row.place, lon=row.lon, lat=row.lat,
        meet_at=row.meet_at, ends_at=row.ends_at, cases=row.cases, checks=tuple(check.text for check in file.checks),
    )
