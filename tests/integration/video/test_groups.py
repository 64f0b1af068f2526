"""轮巡组: one's own and the district's, by version, each command once."""

import threading
import uuid
from collections.abc import Iterator
from dataclasses import replace

import pytest

from commandcenter.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound
from commandcenter.domain.video import CameraGroup
from db.gateways.cameras import PgCameras
from tests.integration.video.conftest import Numbers
from tests.support.hands import Hands
from tests.support.town import Town

pytestmark = pytest.mark.database


@pytest.fixture
def mine(shared_town: Town, hands: Hands) -> Iterator[PgCameras]:
    """A dispatcher's cameras; his groups go with the test."""
    yield shared_town.session("dispatcher").cameras
    hands.sql("delete from cc.camera_group where name <> '甲乙路口'")


def _new(cameras: Numbers, *names: str, **more: object) -> CameraGroup:
    facts: dict[str, object] = {"id": 0, "name": "早高峰", "dwell_s": 10, "owner_id": -1}
    return CameraGroup(cameras=tuple(cameras[n] for n in names), **{**facts, **more})  # type: ignore[arg-type]


def test_a_group_is_its_makers(mine: PgCameras, shared_town: Town, cameras: Numbers) -> None:
    made = mine.save_group(uuid.uuid4(), _new(cameras, "YI", "KOU"))
    assert made.id and made.version == 1 and made.owner_id == shared_town.session("dispatcher").person.id
    assert made in mine.groups() and made not in shared_town.session("dispatcher2").cameras.groups()
    changed = mine.save_group(uuid.uuid4(), replace(made, name=" 晚高峰 ", cameras=(cameras["KOU"],), dwell_s=30))
    assert changed == replace(made, name="晚高峰", cameras=(cameras["KOU"],), dwell_s=30, version=2)
    assert [g for g in mine.groups() if g.id == made.id] == [changed]
    other = shared_town.session("dispatcher2").cameras
    with pytest.raises(NotFound):
        other.save_group(uuid.uuid4(), changed)
    with pytest.raises(NotFound):
        other.delete_group(uuid.uuid4(), changed)
    mine.delete_group(uuid.uuid4(), changed)
    assert made.id not in {g.id for g in mine.groups()}
    with pytest.raises(NotFound):
        mine.save_group(uuid.uuid4(), changed)


def test_the_districts_groups_are_kept_by_supervisors(mine: PgCameras, shared_town: Town, cameras: Numbers) -> None:
    (shared,) = [g for g in mine.groups() if g.owner_id is None]
    assert shared.name == "甲乙路口" and shared.cameras == (cameras["KOU"], cameras["YI"])
    with pytest.raises(NotAllowed):
        mine.save_group(uuid.uuid4(), replace(shared, name="我的"))
    with pytest.raises(NotAllowed):
        mine.delete_group(uuid.uuid4(), shared)
    with pytest.raises(NotAllowed):
        mine.save_group(uuid.uuid4(), _new(cameras, "KOU", owner_id=None))
    keeper = shared_town.session("supervisor").cameras
    made = keeper.save_group(uuid.uuid4(), _new(cameras, "KOU", "SHUI", owner_id=None, name="全区"))
    assert made.owner_id is None and made in mine.groups()
    # Of a district's group a clerk sees the cameras in his sight.
    in_a = [g for g in shared_town.session("leader").cameras.groups() if g.name == "全区"]
    assert [g.cameras for g in in_a] == [(cameras["KOU"],)]
    keeper.delete_group(uuid.uuid4(), made)


@pytest.mark.parametrize(("wrong", "words"), [
    ({"name": "  "}, "名称"), ({"name": "长" * 41}, "名称"), ({"dwell_s": 4}, "停留"), ({"dwell_s": 3601}, "停留"),
    ({"cameras": ()}, "摄像机"),
])  # fmt: skip
def test_a_group_that_is_none_is_refused(
    wrong: dict[str, object], words: str, mine: PgCameras, cameras: Numbers
) -> None:
    with pytest.raises(InvalidInput, match=words):
        mine.save_group(uuid.uuid4(), replace(_new(cameras, "KOU"), **wrong))  # type: ignore[arg-type]
    assert [g.name for g in mine.groups()] == ["甲乙路口"]


def test_members_must_be_in_sight_and_once(mine: PgCameras, shared_town: Town, hands: Hands, cameras: Numbers) -> None:
    with pytest.raises(InvalidInput, match="重复"):
        mine.save_group(uuid.uuid4(), _new(cameras, "KOU", "KOU"))
    with pytest.raises(NotFound):
        shared_town.session("leader").cameras.save_group(uuid.uuid4(), _new(cameras, "YI"))
    for args in ('{"name": "x", "dwell_s": 10, "cameras": [{}]}', '{"name": "x", "dwell_s": 10, "cameras": "1"}', "[]",
                 '{"name": "x", "dwell_s": 10, "cameras": [1], "owner_id": 1}', "null"):  # fmt: skip
        with pytest.raises(InvalidInput):
            hands.as_person("dispatcher", "select cc.save_camera_group(%s, %s)", str(uuid.uuid4()), args)
    assert [g.name for g in mine.groups()] == ["甲乙路口"]


def test_two_groups_of_one_name_are_refused(mine: PgCameras, cameras: Numbers) -> None:
    made = mine.save_group(uuid.uuid4(), _new(cameras, "KOU"))
    with pytest.raises(InvalidInput, match="同名"):
        mine.save_group(uuid.uuid4(), _new(cameras, "YI"))
    other = mine.save_group(uuid.uuid4(), _new(cameras, "YI", name="另一组"))
    with pytest.raises(InvalidInput, match="同名"):
        mine.save_group(uuid.uuid4(), replace(other, name=made.name))
    assert [g.cameras for g in mine.groups() if g.id == other.id] == [(cameras["YI"],)]


def test_a_command_sent_twice_acts_once(mine: PgCameras, cameras: Numbers) -> None:
    command, change = uuid.uuid4(), uuid.uuid4()
    made = mine.save_group(command, _new(cameras, "KOU"))
    assert mine.save_group(command, _new(cameras, "KOU")) == made
    assert mine.save_group(change, made) == mine.save_group(change, made) == replace(made, version=2)
    remove = uuid.uuid4()
    mine.delete_group(remove, replace(made, version=2))
    mine.delete_group(remove, replace(made, version=2))


def test_of_two_who_change_it_at_once_one_wins(mine: PgCameras, shared_town: Town, cameras: Numbers) -> None:
    made = mine.save_group(uuid.uuid4(), _new(cameras, "KOU"))
    answers: list[object] = []
    start = threading.Barrier(4)

    def change(n: int) -> None:
        port = shared_town.session("dispatcher").cameras
        start.wait()
        try:
            answers.append(port.save_group(uuid.uuid4(), replace(made, name=f"第{n}组")).name)
        except Conflict as why:
            answers.append(why)

    threads = [threading.Thread(target=change, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    won = [a for a in answers if isinstance(a, str)]
    assert len(won) == 1 and len(answers) == 4
    assert [(g.name, g.version, g.cameras) for g in mine.groups() if g.id == made.id] == [
        (won[0], 2, (cameras["KOU"],))
    ]
    with pytest.raises(Conflict, match="已被他人修改"):
        mine.delete_group(uuid.uuid4(), made)


def test_fifty_groups_are_enough(mine: PgCameras, hands: Hands, shared_town: Town, cameras: Numbers) -> None:
    person = shared_town.session("dispatcher").person.id
    hands.sql("insert into cc.camera_group (district_id, name, dwell_s, owner_id) select 1, 'G' || n, 10, %s"
              " from generate_series(1, 50) n", person)  # fmt: skip
    with pytest.raises(InvalidInput, match="50"):
        mine.save_group(uuid.uuid4(), _new(cameras, "KOU"))
