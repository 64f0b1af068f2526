"""TOML tables that know their file and the way to an entry, so that every complaint can name them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from commandcenter.profiles.errors import ProfileError


@dataclass(frozen=True, slots=True)
class TomlTable:
    """One table; accessors raise :class:`ProfileError` when the entry is not what they promise."""

    file: str
    entries: dict[str, Any]
    way: str = ""

    def get(self, key: str, kind: type[Any] | tuple[type[Any], ...]) -> Any:
        """The entry, which must be there and of this type; a bool is no number."""
        value = self.entries.get(key)
        if not isinstance(value, kind) or (kind is not bool and isinstance(value, bool)):
            raise self.error(f"“{self.way}{key}”缺失或类型不对")
        return value

    def whole(self, key: str, low: int, high: int) -> int:
        """The entry as a whole number from ``low`` to ``high``."""
        value: int = self.get(key, int)
        if not low <= value <= high:
            raise self.error(f"“{self.way}{key}”的值 {value} 不在 {low} 到 {high} 之间")
        return value

    def words(self, key: str) -> tuple[str, ...]:
        """The entry as a list of texts, none twice."""
        values = self.get(key, list)
        if not all(isinstance(value, str) for value in values) or len(set(values)) != len(values):
            raise self.error(f"“{self.way}{key}”应是不重复的文字列表")
        return tuple(values)

    def table(self, key: str) -> TomlTable:
        """The table below this one."""
        return TomlTable(self.file, self.get(key, dict), f"{self.way}{key}.")

    def tables(self, key: str) -> list[TomlTable]:
        """The tables of a list, each with its number from 1."""
        entries = self.get(key, list)
        if not all(isinstance(entry, dict) for entry in entries):
            raise self.error(f"“{self.way}{key}”缺失或类型不对")
        return [TomlTable(self.file, entry, f"{key}[{number}].") for number, entry in enumerate(entries, 1)]

    def error(self, reason: str) -> ProfileError:
        """The complaint about this file, to be raised by the caller."""
        return ProfileError(self.file, None, reason)


def read_toml(path: Path) -> TomlTable:
    """The whole file as a table."""
    try:
        return TomlTable(path.name, tomllib.loads(path.read_text(encoding="utf-8")))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ProfileError(path.name, None, f"不是合格的 TOML：{error}") from error
