"""What keeps a person out is said in one clear sentence: in the login window, and on the command line."""

import contextlib
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from db.secrets import SecretFile
from tests.end2end.conftest import OpenDesk
from tests.support.desk import Desk
from tests.support.program import COLLEAGUE, ProgramHome

SAMPLES = Path(__file__).parents[2] / "resources" / "samples" / "citizen_messages.xlsx"
LEAVER = "d0037"
NO_SERVER = "postgresql://postgres:x@127.0.0.1:9/commandcenter"


@contextlib.contextmanager
def schema_of(home: ProgramHome, revision: str) -> Iterator[None]:
    """The database as a program of another version left it."""
    kept = home.scalar("select version_num from cc.alembic_version")
    home.scalar("update cc.alembic_version set version_num = %s", revision)
    try:
        yield
    finally:
        home.scalar("update cc.alembic_version set version_num = %s", kept)


class Door:
    """The login window of a clerk's machine: it knows the server's address and nobody's password."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        desk.until(desk.login, 60)
        desk.activate("LoginWindow")

    def try_in(self, user: str, password: str) -> None:
        """Type both and press Enter."""
        self.desk.focus(lambda: self._field(0))
        self.desk.write(user)
        self.desk.focus(lambda: self._field(1))
        self.desk.screen.key("ctrl+a")
        self.desk.screen.type(password)
        self.desk.screen.key("Return")

    def refuses(self, user: str, password: str, *words: str) -> None:
        """Until a sentence with these words is said instead of opening; the last one may still stand there."""
        self.try_in(user, password)
        self.desk.until(lambda: (login := self.desk.login()) and not login["busy"]
                        and all(word in login["said"] for word in words))  # fmt: skip

    def _field(self, number: int) -> dict[str, Any] | None:
        """The name or the password."""
        fields = self.desk.widgets(**{"class": "QLineEdit"})
        return fields[number] if len(fields) == 2 else None


@pytest.fixture
def door(home: ProgramHome, open_desk: OpenDesk) -> Door:
    return Door(open_desk("--database", home.figures("db", "url")["url"]))


def test_the_login_window_says_why_nobody_gets_in_and_opens_when_all_is_well(home: ProgramHome, door: Door) -> None:
    password = home.password(COLLEAGUE)
    door.refuses(COLLEAGUE, "wrong", "用户名或密码不对，请重新输入")
    home.figures("user", "disable", LEAVER)
    door.refuses(LEAVER, home.password(LEAVER), "停用")
    with schema_of(home, "0000"):
        door.refuses(COLLEAGUE, password, "比本程序", "旧，请管理员执行 db upgrade")
    with schema_of(home, "9999"):
        door.refuses(COLLEAGUE, password, "新，请更新本程序")
    home.figures("db", "stop")
    door.refuses(COLLEAGUE, password, "连不上数据库服务器")
    home.figures("db", "start")
    door.try_in(COLLEAGUE, password)
    assert door.desk.ready()["user"] == COLLEAGUE


def said_in_one_line(done: "subprocess.CompletedProcess[str]") -> str:
    """A failure: nothing on standard output, one line of words on the other."""
    assert done.returncode != 0
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    return done.stderr.strip()


def test_the_command_line_says_it_in_one_line(home: ProgramHome) -> None:
    home.figures("user", "disable", "s0003")
    SecretFile(home.path / "logins.json").put("s0002", "wrong")
    assert "密码不对" in said_in_one_line(home.word("import", "cases", SAMPLES, "--user", "s0002"))
    assert "停用" in said_in_one_line(home.word("import", "cases", SAMPLES, "--user", "s0003"))
    assert "127.0.0.1" in said_in_one_line(home.word("audit", "head", "--database", NO_SERVER))
    with schema_of(home, "0000"):
        assert "0000" in said_in_one_line(home.word("import", "cases", SAMPLES, "--dry-run"))
    with schema_of(home, "9999"):
        assert "请更新本程序" in said_in_one_line(home.word("import", "cases", SAMPLES, "--dry-run"))
