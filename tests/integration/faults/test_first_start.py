"""First starts that meet each other or are killed half-way: one city, and everybody can log in."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import psycopg2
import pytest

from db import embedded
from db.cli.coming_logins import ComingLogins
from db.cli.station import Station
from db.engine import dsn, with_login
from db.locations import HOME_VARIABLE, open_place
from tests.integration.server.conftest import new_home
from tests.support.servers import remove_home
from tests.support.town_profile import OPERATORS

pytestmark = [pytest.mark.database, pytest.mark.timeout(400)]
ROOT = Path(__file__).parents[3]
# The whole first start of `main.py run`, with a city that is small and a server that need not survive a power cut.
_START = """
from functools import partial
from commandcenter.profiles import reader
from db import embedded
from tests.support.town_profile import town_profile
reader.read_profile = lambda name: town_profile()
embedded.start = partial(embedded.start, durable=False)
from db.cli.station import Station
print(Station().ready("town"))
"""


@pytest.fixture
def home() -> Iterator[Path]:
    place = new_home()
    yield place
    remove_home(place)


def program(home: Path) -> subprocess.Popen[str]:
    environment = {**os.environ, HOME_VARIABLE: str(home)}
    return subprocess.Popen([sys.executable, "-c", _START], cwd=ROOT, env=environment, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # fmt: skip


def everybody_can_log_in(home: Path) -> None:
    url = embedded.start(home).url
    passwords = json.loads((home / "logins.json").read_text("utf-8"))
    assert set(passwords) == {o.login for o in OPERATORS}
    for login, password in passwords.items():
        psycopg2.connect(dsn(with_login(url, login, password))).close()
    assert not ComingLogins(home).left_over()


def test_two_programs_started_at_once_on_an_empty_machine_share_one_city(home: Path) -> None:
    both = [program(home) for _ in range(2)]
    answers = [one.communicate(timeout=200) for one in both]
    assert [(out.strip(), err) for out, err in answers] == [("town", "")] * 2
    everybody_can_log_in(home)


def test_a_first_start_killed_again_and_again_is_finished_by_the_next(home: Path) -> None:
    """While the data directory is made, as soon as the server runs, and while the city is loaded."""
    place = open_place(home)
    moments: tuple[Callable[[], bool], ...] = (
        (place.server_dir / "data.new").exists,
        lambda: embedded.status(home).running,
        ComingLogins(home).left_over,
    )
    for moment in moments:
        one = program(home)
        while not moment():
            assert one.poll() is None, one.communicate()
            time.sleep(0.005)
        one.kill()
        one.communicate()
    last = program(home)
    out, err = last.communicate(timeout=200)
    assert (out.strip(), err) == ("town", "")
    everybody_can_log_in(home)


def test_passwords_survive_a_death_between_the_database_and_their_file(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from commandcenter.profiles import reader
    from tests.support.town_profile import town_profile

    class Killed(BaseException):
        """The program is gone."""

    monkeypatch.setenv(HOME_VARIABLE, str(home))
    monkeypatch.setattr(reader, "read_profile", lambda name: town_profile())
    monkeypatch.setattr(embedded, "start", partial(embedded.start, durable=False))
    settle, calls = ComingLogins.settle, []

    def die_the_second_time(self: ComingLogins, *given: object) -> None:
        calls.append(1)
        if len(calls) == 2:  # the database has them
            raise Killed
        settle(self, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(ComingLogins, "settle", die_the_second_time)
    first = Station()
    with pytest.raises(Killed):
        first.ready("town")
    first.close()
    assert ComingLogins(home).left_over() and not (home / "logins.json").exists()
    second = Station()
    assert second.ready("town") == "town"
    second.close()
    everybody_can_log_in(home)
