"""Projections against places whose coordinates others have published."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from commandcenter.geo import CGCS2000, GCJ02, WGS84, UnknownCrs, from_crs, ground_scale, to_crs, to_lonlat, to_plane

# WGS-84 and GCJ-02 of Shanghai, Shenzhen and Beijing, from the tests of eviltransform.
PUBLISHED = [
    ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
    ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
    ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
]
IN_CHINA = st.tuples(st.floats(74, 135), st.floats(18.2, 53.5))


@pytest.mark.parametrize(("plain", "shifted"), PUBLISHED)
def test_gcj02_is_the_published_one_in_both_directions(plain, shifted):
    assert to_crs([plain], GCJ02)[0] == pytest.approx(shifted, abs=1e-9)
    assert from_crs([shifted], GCJ02)[0] == pytest.approx(plain, abs=1e-9)


def test_gcj02_leaves_the_world_outside_china_alone():
    paris = [[2.3522, 48.8566]]
    assert to_crs(paris, GCJ02).tolist() == from_crs(paris, GCJ02).tolist() == paris


@given(IN_CHINA)
def test_what_was_shifted_comes_back_within_a_micrometre(place):
    assert np.abs(from_crs(to_crs([place], GCJ02), GCJ02) - [place]).max() < 1e-11


def test_plane_is_web_mercator_with_north_up():
    edge = 20037508.342789244  # half of the world's width in EPSG:3857, as its definition gives it
    corners = to_plane([[180.0, 0.0], [0.0, 85.0511287798066]])
    assert corners == pytest.approx(np.array([[edge, 0], [0, edge]]), abs=1e-3)
    assert to_plane([[116.404, 39.915]])[0] == pytest.approx((12958034.006, 4853597.988), abs=1e-3)


@given(IN_CHINA)
def test_plane_and_back_is_the_same_place(place):
    assert to_lonlat(to_plane([place]))[0] == pytest.approx(place, abs=1e-9)


def test_cgcs2000_is_wgs84_to_the_eye():
    assert from_crs([[116.4, 39.9]], CGCS2000)[0] == pytest.approx((116.4, 39.9), abs=1e-7)
    assert to_crs([[116.4, 39.9]], WGS84)[0] == pytest.approx((116.4, 39.9), abs=1e-12)


def test_a_surveyors_zone_of_cgcs2000_is_read_east_before_north():
    """30° N on the middle meridian of the 3-degree zone 120° E: 3,320,113.398 m of meridian arc from the equator."""
    assert from_crs([[500_000.0, 3_320_113.398]], "EPSG:4549")[0] == pytest.approx((120.0, 30.0), abs=1e-8)


@pytest.mark.parametrize("crs", ["BD-09", "", "EPSG:0", "EPSG:abc"])
def test_an_unknown_system_is_a_known_error_in_chinese(crs):
    with pytest.raises(UnknownCrs, match="坐标系"):
        from_crs([[0.0, 0.0]], crs)


def test_nothing_gives_nothing():
    assert to_plane(np.empty((0, 2))).shape == to_crs(np.empty((0, 2)), GCJ02).shape == (0, 2)


def test_the_plane_stretches_as_much_as_the_scale_says():
    """A kilometre of the meridian at 39.9° N is 1,000 / 111,036 of a degree (length of a degree there, WGS-84)."""
    south, north = to_plane([[116.4, 39.9 - 500 / 111_036], [116.4, 39.9 + 500 / 111_036]])
    assert (north - south)[1] / 1000 == pytest.approx(ground_scale(39.9), rel=0.007)
