"""无极: one database that holds sixteen districts, copied from a template that the first worker loads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from fasteners import InterProcessLock

from commandcenter.profiles.model import Profile
from commandcenter.profiles.reader import read_profile
from db.embedded import Server
from tests.support.hands import Hands
from tests.support.servers import run_home
from tests.support.town import Town, build_template, copied

TEMPLATE = "wuji_template"
# Half of the loading is 1,486 passwords: the city's own people and those of two districts' centres, bureaus and first
# streets are enough here.
_PEOPLE = re.compile(r"(sj|ch)_|q0[17]_(?!j)|q0[17]_j01_")


@pytest.fixture(scope="session")
def wuji_profile() -> Profile:
    """The shipped city with fewer people."""
    profile = read_profile("wuji")
    return replace(profile, operators=tuple(o for o in profile.operators if _PEOPLE.match(o.login)))


@pytest.fixture(scope="session")
def wuji_template(server: Server, wuji_profile: Profile) -> Server:
    """The server, holding the loaded city; half a minute of a worker's time."""
    with InterProcessLock(run_home() / "template.lock"):
        build_template(server, TEMPLATE, wuji_profile)
    return server


@pytest.fixture(scope="module")
def wuji(wuji_template: Server) -> Iterator[Town]:
    """A city for all tests of a module, which use cases of their own."""
    with copied(wuji_template, TEMPLATE) as found:
        yield found


@pytest.fixture(scope="module")
def hands(wuji: Town) -> Hands:
    """Acts as anybody of the city, by the whole login."""
    return Hands(wuji, named=str)
