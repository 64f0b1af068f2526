"""布局: named arrangements of windows, torn-off panels and walls on their monitors, kept beside the preferences."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings

from ui.app.preferences import WINDOWS, Preferences

_FOLDER = "layouts"
_LONGEST = 40
_UNFIT = frozenset('/\\:*?"<>|')


class NoLayout(ValueError):
    """There is no layout of that name, or it cannot be one; the message says what to do."""


def layouts(preferences: Preferences) -> list[str]:
    """Names of those saved here."""
    return sorted(file.stem for file in _folder(preferences).glob("*.ini"))


def save_layout(preferences: Preferences, name: str) -> None:
    """Keep how windows stand now under this name, in place of one of the same name. Raises NoLayout."""
    file = _file(preferences, name)
    if not preferences.open_windows():
        raise NoLayout("还没有窗口的位置可存：先打开工作台，摆好窗口，再保存布局")
    file.parent.mkdir(exist_ok=True, mode=0o700)
    kept = QSettings(str(file), QSettings.Format.IniFormat)
    kept.clear()
    _copy(preferences.settings, kept)
    kept.sync()
    if kept.status() != QSettings.Status.NoError:
        raise NoLayout(f"无法写入 {file}，请检查磁盘空间和权限")


def load_layout(preferences: Preferences, name: str) -> None:
    """Make it the arrangement that the next start, or a running desk told so, takes up. Raises NoLayout."""
    file = _file(preferences, name)
    if not file.is_file():
        known = "、".join(layouts(preferences)) or "还没有保存过"
        raise NoLayout(f"没有叫“{name}”的布局；已有：{known}")
    kept = QSettings(str(file), QSettings.Format.IniFormat)
    if kept.status() != QSettings.Status.NoError or not kept.contains(f"{WINDOWS}/open"):
        raise NoLayout(f"布局“{name}”的文件已损坏，请摆好窗口后重新保存")
    preferences.settings.remove(WINDOWS)
    _copy(kept, preferences.settings)
    preferences.save()


def _copy(source: QSettings, target: QSettings) -> None:
    for key in source.allKeys():
        if key.startswith(f"{WINDOWS}/"):
            target.setValue(key, source.value(key))


def _folder(preferences: Preferences) -> Path:
    return preferences.home / _FOLDER


def _file(preferences: Preferences, name: str) -> Path:
    said = name.strip()
    if not said or len(said) > _LONGEST or _UNFIT & set(said) or said.startswith("."):
        raise NoLayout(f"布局的名称须为 1 至 {_LONGEST} 个字，且不含 / \\ : * ? \" < > |")
    return _folder(preferences) / f"{said}.ini"
