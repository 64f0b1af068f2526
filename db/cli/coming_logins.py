"""Passwords of sample people on their way: written before the database has them, so that no crash loses them."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import psycopg2
from fasteners import InterProcessLock

from db.engine import dsn, with_login
from db.secrets import SecretFile

_CONNECT_SECONDS = 10


class ComingLogins:
    """The file in the home that stands while a profile is being loaded; what a killed program left is settled later."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._file = SecretFile(home / "logins-coming.json")

    def alone(self) -> AbstractContextManager[Any]:
        """Programs of this machine that upgrade or load a profile take turns."""
        lock: AbstractContextManager[Any] = InterProcessLock(self._home / "profile.lock")
        return lock

    def left_over(self) -> bool:
        """Whether somebody loads at this moment, or was killed while he did."""
        return self._file.path.exists()

    def write(self, passwords: Mapping[str, str]) -> None:
        """The database will have these."""
        self._file.put_all(dict(passwords))

    def settle(self, url: str, known: SecretFile) -> None:
        """If the database took them they are moved to where they belong, otherwise thrown away."""
        coming = self._file.all()
        if coming and _admitted(url, *next(iter(coming.items()))):
            known.put_all(coming)
        self._file.path.unlink(missing_ok=True)


def _admitted(url: str, login: str, password: str) -> bool:
    try:
        connection = psycopg2.connect(dsn(with_login(url, login, password)), connect_timeout=_CONNECT_SECONDS)
    except psycopg2.OperationalError as error:
        if "authentication failed" in str(error):
            return False
        raise
    connection.close()
    return True
