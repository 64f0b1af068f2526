"""A point as people type it, and the open cases around it."""

import random

import pytest

from commandcenter.domain.errors import InvalidInput
from commandcenter.domain.nearby import Circle, cases_in, circle_of, is_circle, metres_between
from tests.support.case_rows import case_row


@pytest.mark.parametrize(("said", "meant"), [
    ("116.41,39.92 300", Circle(116.41, 39.92, 300)),
    ("116.41，39.92", Circle(116.41, 39.92, 300)),
    ("116.41, 39.92 50米", Circle(116.41, 39.92, 50)),
    ("116.41 39.92 1500", Circle(116.41, 39.92, 1500)),
])
def test_a_point_is_read_as_people_type_it(said, meant):
    assert is_circle(said.split()) and circle_of(said.split()) == meant


@pytest.mark.parametrize(("said", "why"), [
    ("116.41", "请写 经度,纬度"), ("116.41,", "请写 经度,纬度"), ("116.41,abc 300", "请写 经度,纬度"),
    ("116.41,39.92 300 400", "请写 经度,纬度"), ("39.92,116.41 300", "经度写在前"), ("1e3,39.92", "请写 经度,纬度"),
    ("181.0,39.92", "经度须在"), ("116.41,39.92 0", "半径须为"), ("116.41,39.92 90000", "半径须为"),
    ("nan,inf 3", "请写 经度,纬度"),
])
def test_rubbish_is_refused_with_what_to_type(said, why):
    with pytest.raises(InvalidInput, match=why) as error:
        circle_of(said.split())
    assert "例：116.41,39.92 300" in error.value.message


def test_case_numbers_are_no_place():
    assert not any(is_circle(words) for words in ([], ["2378"], ["2506-002378", "12"], ["CS-0003"]))


def test_a_degree_is_as_long_as_it_is_and_shrinks_to_the_pole():
    assert metres_between(116.41, 39.0, 116.41, 40.0) == pytest.approx(111_195, abs=1)
    assert metres_between(116.0, 60.0, 117.0, 60.0) == pytest.approx(111_195 / 2, rel=1e-4)
    assert metres_between(116.41, 39.92, 116.41, 39.92) == 0


def test_the_open_cases_inside_come_nearest_first():
    rng = random.Random(4)
    rows = [case_row(n, lon=116.41 + rng.uniform(-0.01, 0.01), lat=39.92 + rng.uniform(-0.01, 0.01), open=n % 5 > 0)
            for n in range(1, 200)]
    rows.append(case_row(500, lon=None, lat=None))
    found = cases_in(Circle(116.41, 39.92, 400), rows)
    far = {row.id: metres_between(116.41, 39.92, row.lon, row.lat) for row in rows if row.lon is not None}
    assert [row.id for row in found] == sorted((i for i in far if far[i] <= 400 and i % 5), key=far.get)
    assert 3 < len(found) < 100


def test_a_point_in_another_part_of_the_world_is_no_place_here():
    rows = [case_row(1, lon=116.41, lat=39.92)]
    with pytest.raises(InvalidInput, match="公里，请核对经纬度"):
        cases_in(Circle(39.92, 16.41, 300), rows)
    assert cases_in(Circle(116.5, 39.92, 300), rows) == [] and cases_in(Circle(1.0, 1.0, 300), []) == []
