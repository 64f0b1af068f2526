"""What was typed and not yet sent, kept through a disconnect and a restart; readable by its owner only."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ui.bridge.draft_files import DraftFiles, write_private

log = logging.getLogger(__name__)

Values = dict[str, Any]


class Drafts:
    """Values of open forms by key ("case id/action"), in one small file per person; `files`: their attachments."""

    def __init__(self, folder: Path, login: str) -> None:
        self.files = DraftFiles(folder, login)
        self._file = folder / "drafts" / f"{login}.json"
        self._drafts: dict[str, Values] = self._read()

    def get(self, key: str) -> Values:
        """The draft of a form; empty if there is none."""
        return dict(self._drafts.get(key, {}))

    def keys(self) -> list[str]:
        """Forms with a draft."""
        return list(self._drafts)

    def keep(self, key: str, values: Mapping[str, Any]) -> None:
        """Remember what is in a form now; an empty form leaves no draft. Raises OSError when the disk refuses."""
        given = {name: value for name, value in values.items() if value not in (None, "")}
        if given == self._drafts.get(key, {}):
            return
        if given:
            self._drafts[key] = given
        else:
            self._drafts.pop(key, None)
        self._write()

    def drop(self, key: str) -> None:
        """Forget a draft with its attachments: it was sent or thrown away."""
        self.files.drop(key)
        if self._drafts.pop(key, None) is not None:
            self._write()

    def _read(self) -> dict[str, Values]:
        try:
            raw = json.loads(self._file.read_text("utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            log.warning("drafts in %s cannot be read and are left aside: %s", self._file, error)
            return {}
        return raw if isinstance(raw, dict) else {}

    def _write(self) -> None:
        """Replace the file in one step, so that a crash leaves either the old or the new one."""
        self._file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_private(self._file, json.dumps(self._drafts, ensure_ascii=False).encode())
