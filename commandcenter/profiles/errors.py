"""What is wrong with a profile's files, said so that whoever edits them can find the place."""

from __future__ import annotations


class ProfileError(Exception):
    """A profile cannot be used; ``str()`` names file, row (1 = header; None = whole file) and reason."""

    def __init__(self, file: str, row: int | None, reason: str) -> None:
        place = f"{file} 第 {row} 行" if row is not None else file
        super().__init__(f"{place}：{reason}")
        self.file = file
        self.row = row
        self.reason = reason
