"""Who works on a case of a district: its own centre, now and then the city's."""

from dataclasses import dataclass

from commandcenter.profiles.model import Operator
from commandcenter.simulation.staff import Staff
from tests.support.two_districts import CITY, EAST, EAST_STREET, WEST_STREET, two_districts


@dataclass(frozen=True)
class _People:
    operators: tuple[Operator, ...]


def _staff() -> Staff:
    posts = [("c1", CITY), ("c2", CITY), ("e1", EAST), ("e2", EAST)]
    people = tuple(Operator(login, login, (("dispatcher", f"K{where}"),), "1") for login, where in posts)
    return Staff(_People(people), two_districts(), {login for login, _ in posts})  # type: ignore[arg-type]


def test_the_districts_people_come_first_and_the_citys_after_them() -> None:
    assert _staff().centre("dispatcher", EAST_STREET, 1) == ("e2", "e1", "c2", "c1")


def test_every_fifth_case_is_the_citys() -> None:
    assert _staff().centre("dispatcher", EAST_STREET, 5) == ("c2", "c1", "e2", "e1")


def test_a_district_without_people_and_a_case_without_a_place_are_the_citys() -> None:
    assert _staff().centre("dispatcher", WEST_STREET, 2) == ("c1", "c2")
    assert _staff().centre("dispatcher", None, 2) == ("c1", "c2")
