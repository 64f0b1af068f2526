"""`ports_replay.Replay` over a fake city."""

from __future__ import annotations

from commandcenter.domain.model import Person
from tests.fakes.city import FakeCity


class FakeReplay:
    """Of one person."""

    def __init__(self, city: FakeCity, person: Person) -> None:
        self._city = city
        self._person = person
