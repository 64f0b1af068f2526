"""Says once after the start what was typed last time and not sent."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt

from commandcenter.domain.model import CaseRow
from commandcenter.domain.workflow import load_workflow
from ui.bridge.draft_cleaning import DraftCleaning, parts_of
from ui.bridge.drafts import Drafts
from ui.bridge.live_cases import LiveCases
from ui.bridge.notices import Note, Notices
from widgets.tones import Tone

_NAMED = 3
_JOINT = {"joint/whistle": "拟哨", "joint/order": "拟令"}  # ui/joint/drafting.py


class DraftReminder(QObject):
    """One message: how many forms, which, and how to get them back; a single case's opens it."""

    def __init__(self, cleaning: DraftCleaning, live: LiveCases, drafts: Drafts, notices: Notices,
                 title: Callable[[CaseRow], str]) -> None:
        super().__init__(live)
        self._live, self._drafts, self._notices, self._title = live, drafts, notices, title
        self._labels = {action.code: action.label for action in load_workflow().actions}
        self._left = drafts.keys()
        cleaning.cleaned.connect(self._remind, Qt.ConnectionType.SingleShotConnection)

    def _remind(self) -> None:
        """Of what was there at the start and still is."""
        kept = set(self._drafts.keys())
        keys = [key for key in self._left if key in kept]
        named = [words for key in keys if (words := self._words(key))]
        if not named:
            return
        cases = [parts[0] for key in keys if (parts := parts_of(key)) and self._words(key)]
        detail = f"{'；'.join(named[:_NAMED])}{' 等' if len(named) > _NAMED else ''}：再打开同一表单即可接着填"
        self._notices.post(Note(("drafts",), f"上次有 {len(named):,} 份内容没有提交", Tone.NEAR, detail,
                                cases[0] if len(named) == 1 and cases else None))

    def _words(self, key: str) -> str:
        parts = parts_of(key)
        if not parts:
            if words := _JOINT.get("/".join(key.split("/")[:2])):
                return f"{words} {self._drafts.get(key).get('title', '')}".rstrip()
            # The report's own number stays when everything else was deleted again.
            return "新案件采集" if key == "intake" and set(self._drafts.get(key)) - {"report_id"} else ""
        row = self._live.row(parts[0])
        return f"{self._title(row)} {self._labels.get(parts[1], parts[1])}" if row else ""
