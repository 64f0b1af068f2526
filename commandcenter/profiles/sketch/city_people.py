"""Invents the operators of a city: its own centre, one in every district, a clerk in every bureau and street."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from commandcenter.profiles.model import Channel, Operator, OrgUnit
from commandcenter.profiles.sketch.city import CityLine, Territory, bureau_key, department_key
from commandcenter.profiles.sketch.people import person_names

_FIRST_PHONE = 13900000001
# Role, letter of the login, how many.
_CITY = (
    ("acceptor", "s", 6),
    ("dispatcher", "d", 6),
    ("verifier", "h", 3),
    ("followup", "f", 3),
    ("supervisor", "z", 3),
    ("evaluator", "k", 1),
    ("screen", "screen", 1),
    ("auditor", "audit", 1),
    ("admin", "admin", 1),
)
_DISTRICT = (
    ("acceptor", "s", 2),
    ("dispatcher", "d", 2),
    ("verifier", "h", 1),
    ("followup", "f", 1),
    ("supervisor", "z", 1),
    ("auditor", "audit", 1),
    ("admin", "admin", 1),
)
_STREET = (("handler", "unit"), ("street_leader", "lead"), ("grid_worker", "gw"))
Post = tuple[str, str, str]


def city_staff(
    city: OrgUnit, territory: Territory, lines: Sequence[CityLine], channels: Sequence[Channel], seed: int
) -> list[Operator]:
    """One operator per post: (login, role, scope). A street's first community has a clerk too; channels are systems."""
    posts = [*_centre("sj", city.key, _CITY), *((f"sj_{x.login}", "handler", department_key(x)) for x in lines)]
    for number, district in enumerate(territory.districts, 1):
        posts += _district_posts(f"q{number:02d}", number, district, territory, lines)
    names = person_names(random.Random(seed))
    people = [(post, next(names)) for post in posts]
    people += [((f"ch_{c.code}"[:20], "channel", city.key), f"{c.name}接入") for c in channels if c.citizen]
    people.append((("gw_notice", "gateway", city.key), "短信与微信通知网关"))
    return [
        Operator(login, name, ((role, scope),), str(_FIRST_PHONE + number))
        for number, ((login, role, scope), name) in enumerate(people)
    ]


def _centre(prefix: str, scope: str, roles: Sequence[tuple[str, str, int]]) -> Iterator[Post]:
    for role, letter, count in roles:
        for number in range(1, count + 1):
            alone = count == 1 and len(letter) > 1  # q01_admin, but q01_h1
            yield f"{prefix}_{letter}{'' if alone else number}", role, scope


def _district_posts(
    prefix: str, place: int, district: OrgUnit, territory: Territory, lines: Sequence[CityLine]
) -> Iterator[Post]:
    yield from _centre(prefix, district.key, _DISTRICT)
    for line in lines:
        if place <= line.districts:
            yield f"{prefix}_{line.login}", "handler", bureau_key(district, line)
    streets = [street for street in territory.streets if street.parent_key == district.key]
    for number, street in enumerate(streets, 1):
        for role, suffix in _STREET:
            yield f"{prefix}_j{number:02d}_{suffix}", role, street.key
        first = next(c.key for c in territory.communities if c.parent_key == street.key)
        yield f"{prefix}_j{number:02d}_c1", "handler", first
