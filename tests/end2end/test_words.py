"""The command line, whose words other things depend on: help, one JSON object, one line for an error."""

import argparse
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from commandcenter.command_line import parser
from db import embedded
from db.gateways.session import PgSession
from tests.support.program import ACCEPTOR, ProgramHome

SAMPLES = Path(__file__).parents[2] / "resources" / "samples" / "citizen_messages.xlsx"
WORDS = {
    "run", "shot", "db start", "db stop", "db status", "db url", "db upgrade", "db backup", "db restore",
    "profile list", "profile load", "profile check", "simulate", "import cases", "user add", "user list",
    "user disable", "user password", "audit verify", "audit head", "duty", "bench",
}  # fmt: skip


def words_of(grammar: argparse.ArgumentParser) -> Iterator[str]:
    """Every word of a grammar: `run`, `db start`."""
    below = [a for a in grammar._actions if isinstance(a, argparse._SubParsersAction)]
    if not below:
        yield ""
    for name, one in below[0].choices.items() if below else ():
        for rest in words_of(one):
            yield f"{name} {rest}".strip()


def test_every_word_has_help(home: ProgramHome) -> None:
    known = list(words_of(parser()))
    assert set(known) >= WORDS
    with ThreadPoolExecutor(2) as pool:
        for word, done in zip(known, pool.map(lambda word: home.word(*word.split(), "--help"), known), strict=True):
            assert done.returncode == 0, word
            assert f"usage: main.py {word}" in done.stdout
            assert "--json" in done.stdout


QUIET = [
    ("db start", {"host", "port", "version"}),
    ("db status", {"running", "port", "pid"}),
    ("db url", {"url"}),
    ("db upgrade", {"revision"}),
    ("profile list", {"profiles"}),
    ("profile check dongcheng", {"ok", "figures"}),
    ("user list", {"users"}),
    ("audit verify", {"ok", "events", "faults"}),
    ("audit head", {"heads"}),
    ("simulate --minutes 0.02 --rate 1", {"reported", "filed", "closed", "actions_per_s"}),
    (f"import cases {SAMPLES} --dry-run", {"accepted", "rejected", "reasons"}),
]


@pytest.mark.parametrize(("words", "keys"), QUIET, ids=lambda value: value if isinstance(value, str) else "")
def test_json_is_exactly_one_object(home: ProgramHome, words: str, keys: set[str]) -> None:
    assert home.figures(*words.split()).keys() >= keys


def test_duties_are_done_once_when_asked(home: ProgramHome) -> None:
    assert home.figures("duty", "--once")


def test_the_address_names_no_secret(home: ProgramHome) -> None:
    assert "@" not in home.figures("db", "url")["url"]


def test_a_person_is_added_renamed_in_password_and_disabled(home: ProgramHome) -> None:
    made = home.figures("user", "add", "e2e_new", "--name", "新同事", "--duty", "派遣员@东城区", given="First-word-1\n")
    assert made == {"login": "e2e_new"}
    assert may_log_in(home, "e2e_new", "First-word-1")
    home.figures("user", "password", "e2e_new", given="Second-word-2\n")
    assert not may_log_in(home, "e2e_new", "First-word-1")
    assert may_log_in(home, "e2e_new", "Second-word-2")
    home.figures("user", "disable", "e2e_new")
    assert not may_log_in(home, "e2e_new", "Second-word-2")


def may_log_in(home: ProgramHome, login: str, password: str) -> bool:
    from commandcenter.domain.errors import LoginRefused

    try:
        PgSession(home.url, login, password, pool_size=1).close()
    except LoginRefused:
        return False
    return True


WRONG = [
    "nothing", "db", "db explode", "run --speed", "shot dispatch x.png --size huge", "shot dispatch x.png --theme blue",
    "profile load nowhere", "profile load dongcheng", "profile check nowhere", "user disable nobody",
    "user add x --name y", "simulate --speed 3", "simulate --minutes -1", "import cases nothing.xlsx", "bench nothing",
    "db restore nothing.backup", "audit head --database mysql://x/y", "run --user nobody --database nonsense",
]  # fmt: skip


@pytest.mark.parametrize("words", WRONG)
def test_an_error_is_one_line_and_a_code(home: ProgramHome, tmp_path: Path, words: str) -> None:
    done = home.word(*words.split(), given="Some-word-1\n", cwd=tmp_path)
    assert done.returncode not in (0, -11)
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert list(tmp_path.iterdir()) == []


def test_real_messages_come_in_once_however_often_they_are_sent(home: ProgramHome) -> None:
    first = home.figures("import", "cases", SAMPLES)
    count = home.scalar("select count(*) from cc.cases")
    again = home.figures("import", "cases", SAMPLES)
    assert first["accepted"] > 0
    assert (again["accepted"], again["known"]) == (0, first["accepted"])
    assert again["reasons"] == first["reasons"]
    assert home.scalar("select count(*) from cc.cases") == count


_COUNTS = "select json_build_array((select count(*) from {0}.cases), (select count(*) from {0}.case_event),"
_COUNTS += " (select count(*) from {0}.operator), (select count(*) from {0}.reporter))"


def test_a_backup_comes_back_in_another_home(home: ProgramHome, tmp_path: Path) -> None:
    case_id = home.filed()
    file = tmp_path / "all.backup"
    saved = home.figures("db", "backup", file)
    counts = _COUNTS.format("cc")
    other = ProgramHome("restored")
    try:
        embedded.start(other.path, durable=False)
        brought = other.figures("db", "restore", file)
        assert brought["rows"] == saved["rows"]
        assert other.scalar(counts) == home.scalar(counts)
        session = other.session(ACCEPTOR, home.password(ACCEPTOR))
        assert session.queries.case_file(case_id).trace == home.session(ACCEPTOR).queries.case_file(case_id).trace
        assert other.figures("audit", "verify")["faults"] == []
    finally:
        other.remove()
