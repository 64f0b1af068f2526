"""The login an unattended wall starts with: of the role 大屏 and no other, kept in a file only its user can read.

Not in the desktop's keyring: after an automatic login of the machine that one is still locked, and somebody would have
to type its password. The role reads figures and places, never names, phones or words (cc.reads_text), and changes
nothing: what the file gives away is what hangs on the wall.
"""

from __future__ import annotations

import json
import os
import stat
import sys
from dataclasses import dataclass, field
from pathlib import Path

from commandcenter.domain.errors import InvalidInput, NotAllowed
from commandcenter.domain.model import Person
from commandcenter.domain.roles import ROLE_LABELS

ROLE = "screen"
_FILE = "wall-login.json"


@dataclass(frozen=True, slots=True)
class WallLogin:
    """Who the wall is to the database."""

    user: str
    password: str = field(repr=False)


def check_person(person: Person) -> None:
    """Raises NotAllowed unless the login has the role 大屏 and no other."""
    roles = person.roles()
    if roles != {ROLE}:
        held = "、".join(ROLE_LABELS.get(role, role) for role in sorted(roles)) or "没有岗位"
        raise NotAllowed(f"无人值守的大屏只能用岗位仅为“大屏”的账号，{person.login} 的岗位是 {held}；"
                         f"请管理员新建：main.py user add 登录名 --name 大屏 --duty screen@区")


def keep_login(home: Path, login: WallLogin) -> Path:
    """Write it down for this user of the machine alone; the file. Raises InvalidInput if that cannot be done."""
    file = home / _FILE
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = file.with_suffix(".new")
        draft.unlink(missing_ok=True)
        # Created with its final mode: there is no moment at which others could open it.
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            json.dump({"user": login.user, "password": login.password}, out, ensure_ascii=False)
        draft.replace(file)
    except OSError as error:
        raise InvalidInput(f"无法写入 {file}，请检查磁盘空间和权限") from error
    return file


def kept_login(home: Path) -> WallLogin | None:
    """What was kept; None: nothing. Raises InvalidInput for a file that others can read or that is damaged."""
    file = home / _FILE
    try:
        if sys.platform != "win32" and file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise InvalidInput(f"{file} 可被他人读取，已拒绝使用；请执行 chmod 600 {file}，并更换该账号的密码")
        raw = json.loads(file.read_text("utf-8"))
        return WallLogin(str(raw["user"]), str(raw["password"]))
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InvalidInput(f"无法读取 {file}，请重新登记：main.py wall login") from error


def forget_login(home: Path) -> bool:
    """Whether there was one."""
    file = home / _FILE
    there = file.exists()
    file.unlink(missing_ok=True)
    return there
