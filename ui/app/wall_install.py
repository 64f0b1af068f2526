"""Has the wall start with the machine: an entry in the session's autostart, of the user who will be logged in.

Linux: XDG autostart (https://specifications.freedesktop.org/autostart-spec), which every desktop reads, with or without
systemd; Windows: the user's Run key. What the entry starts watches over the wall itself (ui.app.wall_watchdog).
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import urlsplit

from commandcenter.domain.errors import InvalidInput

NAME = "commandcenter-wall"
_RUN_KEY = "HKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\CurrentVersion\\Run"
_DELAY_S = 5  # the desktop arranges its monitors first


def wall_command(program: Path, database: str = "", options: Mapping[str, object] | None = None) -> list[str]:
    """What is to be started, with these options of `run` as far as they are given. Raises InvalidInput for an address
    with a password in it: everybody on the machine could read that."""
    if database and urlsplit(database).password:
        raise InvalidInput("数据库地址里不能写密码，开机启动项是明文；大屏账号的密码请用 main.py wall login 登记")
    command = [sys.executable, str(program), "run", "--screen", "wall", "--unattended"]
    for name, value in (options or {}).items():
        command += [f"--{name}", f"{value:g}" if isinstance(value, float) else str(value)] if value else []
    return command + (["--database", database] if database else [])


def install(command: Sequence[str], home: str | None = None, folder: Path | None = None) -> str:
    """Enter it; where. home: COMMANDCENTER_HOME of the wall, where it is not the usual one. Raises InvalidInput."""
    if sys.platform == "win32":
        _run_key().setValue(NAME, subprocess.list2cmdline(command))
        return f"{_RUN_KEY}\\{NAME}"
    file = (folder or _autostart()) / f"{NAME}.desktop"
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(_entry(command, home), "utf-8")
    except OSError as error:
        raise InvalidInput(f"无法写入 {file}，请检查权限") from error
    return str(file)


def uninstall(folder: Path | None = None) -> bool:
    """Take it out; False if it was not there."""
    if sys.platform == "win32":
        key = _run_key()
        there = key.contains(NAME)
        key.remove(NAME)
        return there
    file = (folder or _autostart()) / f"{NAME}.desktop"
    there = file.exists()
    file.unlink(missing_ok=True)
    return there


def _entry(command: Sequence[str], home: str | None) -> str:
    words = [f"COMMANDCENTER_HOME={home}", *command] if home else list(command)
    executed = " ".join(_quoted(word) for word in (["env", *words] if home else words))
    return "\n".join((
        "[Desktop Entry]", "Type=Application", "Version=1.0", f"Name={NAME}", "Name[zh_CN]=一屏观天下",
        f"Exec={executed}", "Terminal=false", "NoDisplay=true", f"X-GNOME-Autostart-Delay={_DELAY_S}", "",
    ))  # fmt: skip


def _quoted(word: str) -> str:
    """As the desktop entry's Exec wants it: in double quotes where it is not plain, its % doubled."""
    word = word.replace("%", "%%")
    if shlex.quote(word) == word and "~" not in word:
        return word
    for sign in ("\\", '"', "`", "$"):
        word = word.replace(sign, f"\\{sign}")
    return f'"{word}"'.replace("\\", "\\\\")


def _autostart() -> Path:
    config = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(config) / "autostart"


def _run_key():
    from PySide6.QtCore import QSettings

    return QSettings(_RUN_KEY, QSettings.Format.NativeFormat)
