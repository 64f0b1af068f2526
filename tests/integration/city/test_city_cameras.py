"""Cameras of sixteen districts in one database: each sees, brings in and rotates its own, the city all."""

import json
import uuid
from typing import Any

import pytest
from places import A, B, point_in

from commandcenter.domain.errors import NotAllowed, NotFound
from db.gateways.camera_envelope import sealed
from tests.support.hands import Hands

pytestmark = pytest.mark.database
IN_A = f"(select id from cc.org where key = '{A}')"


@pytest.fixture(scope="module")
def camera(hands: Hands) -> int:
    """One of district A, of the street's kind."""
    of_a = f"district_id = {IN_A} and category = 'street' and in_use"
    return int(hands.sql(f"select min(id) from cc.camera where {of_a}"))


def _count(hands: Hands, who: str, table: str = "camera") -> int:
    return int(hands.as_person(who, f"select count(*) from cc.{table}"))


def test_a_district_sees_its_own_and_the_city_all(hands: Hands, camera: int) -> None:
    assert _count(hands, "sj_z1") == 50
    assert _count(hands, "q01_z1") == hands.sql(f"select count(*) from cc.camera where district_id = {IN_A}") > 20
    assert _count(hands, "q07_z1") == 0
    with pytest.raises(NotFound):
        hands.as_person("q07_z1", "select cc.open_stream(%s, 'main', 'desk')", camera)


def test_records_are_read_by_the_auditor_of_the_district(hands: Hands, camera: int) -> None:
    before = [_count(hands, who, "camera_viewing") for who in ("q01_audit", "q07_audit", "sj_audit")]
    for who in ("q01_d1", "sj_d1"):
        hands.as_person(who, "select cc.open_stream(%s, 'main', 'desk')", camera)
    after = [_count(hands, who, "camera_viewing") for who in ("q01_audit", "q07_audit", "sj_audit")]
    assert [b - a for a, b in zip(before, after, strict=True)] == [2, 0, 2]
    assert _count(hands, "q01_d1", "camera_viewing") == 1


def _load(hands: Hands, who: str, no: str, place: str, owner: str) -> dict[str, Any]:
    lon, lat = point_in(hands, place)
    row = {"no": no, "name": no, "category": "street", "lon": lon, "lat": lat, "owner": hands.org(owner),
           "main": "rtsp://10.0.0.1/x"}  # fmt: skip
    key = bytes(hands.as_person(who, "select cc.camera_envelope()"))
    answer: dict[str, Any] = hands.as_person(
        who, "select cc.load_cameras(%s, 'f')", sealed(key, json.dumps([row]).encode())
    )
    return answer


def test_a_district_brings_in_its_own(hands: Hands) -> None:
    assert "网格" in _load(hands, "q01_admin", "C-1", B, f"D-{A}-公安")["errors"][0]["words"]
    assert "归属单位" in _load(hands, "q01_admin", "C-1", A, f"D-{B}-城管")["errors"][0]["words"]
    assert _load(hands, "q01_admin", "C-1", A, "D-公安")["added"] == 1  # one of the city's own units
    assert _load(hands, "sj_admin", "C-2", B, f"D-{B}-城管")["added"] == 1
    assert "另一区县" in _load(hands, "q01_z1", "C-2", A, f"D-{A}-公安")["errors"][0]["words"]
    logged = hands.rows(
        "select district_id, actor_login from cc.admin_log where action = 'cameras' order by id desc limit 2"
    )
    assert logged == [(hands.org(B), "sj_admin"), (hands.org(A), "q01_admin")]


def _save(hands: Hands, who: str, **args: Any) -> dict[str, Any]:
    answer: dict[str, Any] = hands.as_person(
        who, "select cc.save_camera_group(%s, %s)", str(uuid.uuid4()), json.dumps(args)
    )
    return answer


def test_the_citys_groups_are_everybodys_and_changed_by_its_own_supervisors(hands: Hands, camera: int) -> None:
    city = hands.sql("select min(shared_id) from cc.district")
    assert _count(hands, "q01_z1", "camera_group") == _count(hands, "q07_d1", "camera_group") == 2
    group = hands.sql("select min(id) from cc.camera_group where district_id = %s", city)
    facts = {"name": "改", "dwell_s": 10, "cameras": [camera]}
    with pytest.raises(NotFound):
        _save(hands, "q01_z1", id=group, version=1, **facts)
    assert _save(hands, "sj_z1", id=group, version=1, **facts)["version"] == 2
    with pytest.raises(NotAllowed):
        _save(hands, "sj_d1", id=group, version=2, **facts)
    _save(hands, "q01_z1", shared=True, **facts)
    assert _count(hands, "q01_d1", "camera_group") == 3 and _count(hands, "q07_d1", "camera_group") == 2
    assert _count(hands, "sj_d1", "camera_group") == 3
