"""The operating-system account that the embedded server runs as: PostgreSQL refuses to run as root."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fasteners import InterProcessLock

from db.server_error import ServerError

SYSTEM_USER = "commandcenter"
_FALLBACK_USERS = ("postgres", "nobody")
_ACCOUNT_LOCK = Path("/run/commandcenter-account.lock")
# Nothing of the caller's environment reaches the server: neither secrets nor PG* variables.
_ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C"}


@dataclass(frozen=True)
class Account:
    """An unprivileged user and his first group, by number."""

    uid: int
    gid: int

    def can_enter(self, directory: Path) -> bool:
        """Tell whether this user reaches `directory` through every directory above it."""
        probe = ["/bin/sh", "-c", 'cd "$1"', "sh", str(directory)]
        return run_as(self, probe, cwd=Path("/")).returncode == 0


def run_as(
    account: Account | None, command: Sequence[str | Path], *, cwd: Path, stdin: str | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `command` as `account` (None: as the caller) and return its exit code and texts.

    Raises PermissionError or FileNotFoundError when that user cannot execute the program.
    """
    environment = dict(os.environ) if sys.platform == "win32" else _ENVIRONMENT
    return subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=environment,
        input=stdin,
        stdin=subprocess.DEVNULL if stdin is None else None,
        capture_output=True,
        text=True,
        errors="replace",
        **_identity(account),
    )


def _identity(account: Account | None) -> dict[str, Any]:
    if account is None:
        return {}
    return {"user": account.uid, "group": account.gid, "extra_groups": [], "umask": 0o077}


def server_account(data_dir: Path) -> Account | None:
    """Give the user the server runs as: None for the caller himself, who is not root.

    As root it is the owner of data that exist already, else the system user `commandcenter`
    (made when missing), else `postgres`, else `nobody`. Raises ServerError if none is there.
    """
    if sys.platform == "win32" or os.geteuid() != 0:
        return None
    return _owner(data_dir) or _named(SYSTEM_USER) or _created() or _fallback()


def _owner(data_dir: Path) -> Account | None:
    if not data_dir.exists():
        return None
    owner = data_dir.stat()
    return Account(owner.st_uid, owner.st_gid) if owner.st_uid != 0 else None


def _named(name: str) -> Account | None:
    import pwd  # absent on Windows

    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(entry.pw_uid, entry.pw_gid)


def _created() -> Account | None:
    """Create the system user, one program at a time.

    Two useradd at once both pass its check and the second replaces the first one's user under a new number.
    """
    useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin")
    if useradd is None:
        return None
    options = ["--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    with InterProcessLock(_ACCOUNT_LOCK):
        if _named(SYSTEM_USER) is None:
            run_as(None, [useradd, *options, "--shell", "/usr/sbin/nologin", SYSTEM_USER], cwd=Path("/"))
    return _named(SYSTEM_USER)


def _fallback() -> Account:
    for name in _FALLBACK_USERS:
        if account := _named(name):
            return account
    raise ServerError(
        f"PostgreSQL 不能以 root 身份运行，且无法创建系统用户 {SYSTEM_USER}；"
        "请换用普通用户启动。"
    )
