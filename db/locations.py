"""Where the program keeps its database server, its secrets and its notes on this machine."""

import hashlib
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import platformdirs
from fasteners import InterProcessLock

from db.account import Account, server_account
from db.secrets import SecretFile
from db.server_error import ServerError

HOME_VARIABLE = "COMMANDCENTER_HOME"
ROOT_HOME = Path("/var/lib/commandcenter")


@dataclass(frozen=True)
class Place:
    """The directories and files of one server; `account` is None when the caller himself runs it."""

    home: Path
    server_dir: Path
    account: Account | None

    @property
    def data(self) -> Path:
        """PostgreSQL's data directory."""
        return self.server_dir / "data"

    @property
    def log(self) -> Path:
        """The directory of the server's log files."""
        return self.server_dir / "log"

    @property
    def secrets(self) -> SecretFile:
        """The passwords, owned by the person who starts the program, not by the server's account."""
        return SecretFile(self.home / "secrets.json")

    @property
    def stopped(self) -> Path:
        """Is there while the server is down on purpose. An empty file: a full disk takes it too."""
        return self.home / "server.stopped"

    def locked(self) -> InterProcessLock:
        """The lock that makes programs start and stop this server one after the other."""
        return InterProcessLock(self.home / "server.lock")

    def notes(self) -> dict[str, Any]:
        """What the last start wrote down: port and binaries; empty before the first start."""
        try:
            content: dict[str, Any] = json.loads((self.home / "server.json").read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        return content

    def note(self, **facts: Any) -> None:
        """Write facts down for the next start, atomically."""
        draft = self.home / "server.json.new"
        draft.write_text(json.dumps(self.notes() | facts, indent=1), encoding="utf-8")
        draft.replace(self.home / "server.json")


def home_directory() -> Path:
    """Give the program's home: COMMANDCENTER_HOME, else /var/lib for root, else the user's data directory."""
    if given := os.environ.get(HOME_VARIABLE):
        return Path(given).expanduser().absolute()
    if _is_root():
        return ROOT_HOME
    return Path(platformdirs.user_data_dir("commandcenter", appauthor=False))


def open_place(home: Path | None = None) -> Place:
    """Make the home directory if need be and say where in it, or beside it, the server lives.

    An unprivileged account must be able to walk to its data. Where the home lies behind a directory that is
    closed to it, nothing is opened up: the data go under /var/lib, named after the home. Raises ServerError.
    """
    home = (home or home_directory()).absolute()
    _make_directory(home)
    inside = home / "server"
    account = server_account(inside / "data")
    apart = ROOT_HOME / "servers" / hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
    if account is None or (account.can_enter(home) and not apart.exists()):
        return Place(home, inside, account)
    return _placed_apart(home, apart)


def _placed_apart(home: Path, apart: Path) -> Place:
    _make_directory(ROOT_HOME)
    _make_directory(apart.parent)
    account = server_account(apart / "data")
    if account is not None and not account.can_enter(apart.parent):
        raise ServerError(
            f"服务器用户进不了 {apart.parent}，请用 {HOME_VARIABLE} 指定一个其他用户可进入的目录。"
        )
    return Place(home, apart, account)


def _make_directory(directory: Path) -> None:
    if directory.is_dir():
        return
    try:
        directory.mkdir(parents=True)
        # Only what was made here is given a mode; directories that existed keep theirs.
        directory.chmod(0o755 if _is_root() else 0o700)
    except FileExistsError:
        return
    except OSError as error:
        raise ServerError(f"无法建立目录 {directory}：{error.strerror}。请检查权限和磁盘空间。") from error


def _is_root() -> bool:
    return sys.platform != "win32" and os.geteuid() == 0
