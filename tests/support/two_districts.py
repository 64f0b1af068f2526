"""A city of two districts as a Directory: the city has a department of its own, each district a bureau."""

from dataclasses import replace

from commandcenter.domain.model import Directory, Org
from tests.support.small_city import city, org

CITY, EAST, WEST = 1, 2, 3
EAST_STREET, WEST_STREET = 10, 11
CITY_CG, CITY_TX = 30, 31
EAST_CG, WEST_CG, EAST_SW = 32, 33, 34


def _unit(home: int, id_: int, parent: int | None, kind: str, name: str, line: str | None = None) -> Org:
    return replace(org(id_, parent, kind, name, line=line), district_id=home)


def two_districts(home: int = CITY) -> Directory:
    """As read by somebody of `home`; a district knows itself and the city."""
    made = [
        _unit(CITY, CITY, None, "city", "示范市"),
        _unit(CITY, CITY_CG, CITY, "department", "市城管局", "城管委"),
        _unit(CITY, CITY_TX, CITY, "department", "市通信办", "通信"),
        _unit(EAST, EAST, CITY, "district", "东区"),
        _unit(WEST, WEST, CITY, "district", "西县"),
        _unit(EAST, EAST_STREET, EAST, "street", "东街"),
        _unit(WEST, WEST_STREET, WEST, "street", "西街"),
        _unit(EAST, EAST_CG, EAST, "department", "东区城管局", "城管委"),
        _unit(EAST, EAST_SW, EAST, "department", "东区水务局", "自来水"),
        _unit(WEST, WEST_CG, WEST, "department", "西县城管局", "城管委"),
    ]
    known = {o.id: o for o in made if home == CITY or o.district_id in (home, CITY)}
    return city(district_id=home, orgs=known, grids={})
