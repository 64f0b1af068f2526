"""地图: figures that can be counted again, drilling, lists behind every figure."""

from __future__ import annotations

import pytest

from tests.qt.ui.map_desk import Desk, scatter


@pytest.fixture
def desk(make_place, city, qtbot):
    scatter(city)
    return Desk(make_place, city, qtbot)


def test_it_comes_up(desk):
    assert len(desk.listed()) == len(desk.rows())
