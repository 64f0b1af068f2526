"""Who works where: the logins of a profile by role and scope."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from commandcenter.domain.model import Directory
from commandcenter.profiles.model import Profile

_WATCHERS = ("supervisor", "dispatcher", "verifier", "acceptor", "followup")
_CITY_TAKES_ONE_OF = 5


class Staff:
    """Finds the people who may act, first choice first. Only those whose password is known count."""

    def __init__(self, profile: Profile, directory: Directory, known: Collection[str]) -> None:
        self._orgs = directory.orgs
        self._top = directory.district_id
        ids = {org.key: org.id for org in directory.orgs.values()}
        found: dict[tuple[str, int], list[str]] = defaultdict(list)
        for person in profile.operators:
            for role, key in person.duties:
                if person.login in known and key in ids:
                    found[role, ids[key]].append(person.login)
        self._at = {place: tuple(logins) for place, logins in found.items()}

    def centre(self, role: str, street_id: int | None, turn: int) -> tuple[str, ...]:
        """Those with this role in the district of a street, and in the city above it where there is one.

        `turn` is a case's own number: colleagues share the work, and every few cases the city's take one.
        """
        street = self._orgs.get(street_id or 0)
        own = () if street is None else self._at.get((role, street.district_id), ())
        above = self.city(role) if street is None or street.district_id != self._top else ()
        teams = (above, own) if turn % _CITY_TAKES_ONE_OF == 0 else (own, above)
        return tuple(login for team in teams for login in rotated(team, turn))

    def city(self, role: str) -> tuple[str, ...]:
        """Those with this role for the whole of it: the city, or the only district."""
        return self._at.get((role, self._top), ())

    def street(self, role: str, street_id: int | None) -> tuple[str, ...]:
        """Those with this role in one street."""
        return () if street_id is None else self._at.get((role, street_id), ())

    def handlers(self, unit_id: int | None) -> tuple[str, ...]:
        """Clerks of a unit, else of the nearest unit above it that has any."""
        while unit_id is not None and (org := self._orgs.get(unit_id)) is not None:
            if logins := self._at.get(("handler", unit_id)):
                return logins
            unit_id = org.parent_id
        return ()

    def watcher(self) -> str:
        """Somebody who sees all of it. Raises LookupError when nobody does."""
        for role in _WATCHERS:
            if logins := self.city(role):
                return logins[-1]
        raise LookupError("nobody sees the whole city")


def watcher_of(profile: Profile, known: Collection[str]) -> str:
    """The same person before a directory has been read. Raises LookupError when nobody is known."""
    for role in _WATCHERS:
        for person in reversed(profile.operators):
            if person.login in known and (role, profile.top.key) in person.duties:
                return person.login
    raise LookupError("nobody sees the whole city")


def rotated(logins: tuple[str, ...], turn: int) -> tuple[str, ...]:
    """The same people, another one first: colleagues share the work."""
    cut = turn % len(logins) if logins else 0
    return logins[cut:] + logins[:cut]
