"""取证: what somebody saw becomes evidence with camera, time and a digest that the database took."""

import hashlib
import uuid
from dataclasses import replace

import psycopg2
import pytest

from commandcenter.domain.errors import DomainError, InvalidInput, NotAllowed, NotFound, TooLate, WrongState
from commandcenter.domain.video import CameraEvidence, NewCameraEvidence
from db.gateways.audit import faults
from tests.integration.video.conftest import Numbers
from tests.support.hands import Hands
from tests.support.paths import Paths
from tests.support.town import Town

pytestmark = pytest.mark.database
JPEG = b"\xff\xd8\xff\xe0" + b"picture" * 40
MP4 = b"\0\0\0\x18ftypisom" + b"clip" * 400


class Desk:
    """A dispatcher who looks at a camera beside a case."""

    def __init__(self, town: Town, hands: Hands, cameras: Numbers, case: int) -> None:
        self.town, self.hands, self.cameras, self.case = town, hands, cameras, case

    def port(self, who: str = "dispatcher"):  # type: ignore[no-untyped-def]
        return self.town.session(who).cameras

    def look(self, no: str = "KOU", who: str = "dispatcher") -> int:
        return int(self.port(who).open_stream(self.cameras[no], "main", "case", self.case).viewing)

    def now(self) -> float:
        return float(self.hands.sql("select extract(epoch from cc.city_now())"))

    def shot(self, viewing: int, **more: object) -> NewCameraEvidence:
        now = self.now()
        made = NewCameraEvidence(uuid.uuid4(), self.case, viewing, "截图.jpg", "image/jpeg", JPEG, now, now)
        return replace(made, **more)  # type: ignore[arg-type]

    def hung(self) -> int:
        return int(self.hands.sql("select count(*) from cc.attachment where case_id = %s", self.case))


@pytest.fixture
def desk(shared_town: Town, hands: Hands, paths: Paths, cameras: Numbers) -> Desk:
    return Desk(shared_town, hands, cameras, paths.to("filed"))


def test_a_snapshot_hangs_on_the_case_with_camera_time_and_digest(desk: Desk) -> None:
    viewing = desk.look()
    new = desk.shot(viewing)
    done = desk.port().attach(new)
    digest = hashlib.sha256(JPEG).hexdigest()
    assert desk.port().evidence(desk.case) == [
        CameraEvidence(desk.case, done.event, desk.cameras["KOU"], pytest.approx(new.taken_at, abs=1e-5),
                       pytest.approx(new.taken_at, abs=1e-5), digest)
    ]  # fmt: skip
    (attachment,) = desk.town.session("dispatcher").queries.case_file(desk.case).attachments
    assert (attachment.seq, attachment.kind, attachment.mime, attachment.sha256) == (
        done.event, "scene", "image/jpeg", digest,
    )  # fmt: skip
    assert desk.town.session("supervisor").queries.attachment(desk.case, done.event) == JPEG
    event = desk.town.session("supervisor").queries.case_file(desk.case).trace[-1]
    assert event.action == "attach" and event.actor_login == "t_dispatcher"
    assert event.what["camera"] == "KOU摄像机" and event.what["camera_no"] == "KOU"
    assert event.what["sha256"] == digest and event.what["viewing"] == viewing
    assert "hidden" not in str(event.what) and "10.20" not in str(event.what)
    assert desk.port().attach(new) == replace(done, replayed=True) and desk.hung() == 1
    desk.hands.sql("select cc.seal_events()")
    assert faults(desk.town.owner) == []


def test_a_clip_may_be_larger_than_a_picture(desk: Desk) -> None:
    viewing, now = desk.look(), desk.now()
    large = MP4 + bytes(9 * 2**20)
    clip = desk.shot(viewing, mime="video/mp4", content=large, name="录像.mp4", taken_at=now, taken_until=now + 2)
    desk.port().attach(clip)
    assert desk.hung() == 1
    for wrong in (MP4 + bytes(24 * 2**20), b""):
        with pytest.raises(InvalidInput, match="24 MB"):
            desk.port().attach(desk.shot(viewing, mime="video/mp4", content=wrong))
    with pytest.raises(InvalidInput, match="8 MB"):
        desk.port().attach(desk.shot(viewing, content=JPEG + bytes(8 * 2**20)))


@pytest.mark.parametrize(("more", "words"), [
    ({"mime": "image/png"}, "JPEG"), ({"content": MP4}, "不是 JPEG"), ({"mime": "video/mp4"}, "不是 MP4"),
    ({"name": " "}, "名称"), ({"mime": "image/jpeg", "taken_until": 9e9}, "一个时刻"),
])  # fmt: skip
def test_what_is_no_shot_is_refused(more: dict[str, object], words: str, desk: Desk) -> None:
    with pytest.raises(InvalidInput, match=words):
        desk.port().attach(desk.shot(desk.look(), **more))
    assert desk.hung() == 0


def test_times_lie_inside_the_viewing_and_not_in_the_future(desk: Desk) -> None:
    viewing, now = desk.look(), desk.now()
    for at, words in ((now - 60, "不在这次查看"), (now + 60, "将来")):
        with pytest.raises(InvalidInput, match=words):
            desk.port().attach(desk.shot(viewing, taken_at=at, taken_until=at))
    clip = {"mime": "video/mp4", "content": MP4, "name": "x.mp4"}
    with pytest.raises(InvalidInput, match="时间不对"):
        desk.port().attach(desk.shot(viewing, **clip, taken_at=now + 1, taken_until=now))
    with pytest.raises(InvalidInput, match="不在这次查看"):
        desk.port().attach(desk.shot(viewing, **clip, taken_at=now - 60, taken_until=now))
    # A client's reckoning of the city's clock is a little beside it: put right, so that no record says what cannot be.
    desk.port().attach(desk.shot(viewing, **clip, taken_at=now - 3, taken_until=desk.now() + 3))
    (found,) = desk.port().evidence(desk.case)
    began = desk.hands.sql("select extract(epoch from began_at)::float8 from cc.camera_viewing where id = %s", viewing)
    assert found.taken_at == pytest.approx(began, abs=1e-4) and found.taken_until <= desk.now()
    desk.port().close_viewings([viewing])
    ended = desk.now()
    with desk.hands.trying():
        desk.hands.sql("set local session_replication_role = replica")
        desk.hands.sql(
            "update cc.camera_viewing set began_at = began_at - interval '1 hour' where id = %s", viewing
        )
        desk.hands.sql(
            "update cc.camera_viewing_end set ended_at = ended_at - interval '10 minutes' where id = %s", viewing
        )
        with pytest.raises(InvalidInput, match="不在这次查看"):
            _attach(desk, viewing, ended)


def _attach(desk: Desk, viewing: int, at: float, who: str = "dispatcher") -> None:
    desk.hands.as_person(
        who, "select cc.attach_shot(%s, %s, %s, 'a.jpg', 'image/jpeg', %s, to_timestamp(%s), to_timestamp(%s))",
        str(uuid.uuid4()), desk.case, viewing, JPEG, at, at,
    )  # fmt: skip


def test_only_under_a_viewing_of_ones_own_that_is_fresh(desk: Desk) -> None:
    others = desk.look(who="supervisor")
    with pytest.raises(NotFound):
        desk.port().attach(desk.shot(others))
    with pytest.raises(NotFound):
        desk.port().attach(desk.shot(2_000_000_000))
    viewing = desk.look()
    at = desk.now()
    desk.port().close_viewings([viewing])
    with desk.hands.trying():
        _attach(desk, viewing, at)  # it ended a moment ago
    for table, late in (("camera_viewing_end", "11 minutes"), ("camera_viewing", "25 hours")):
        with desk.hands.trying():
            desk.hands.sql("set local session_replication_role = replica")
            if table == "camera_viewing":
                desk.hands.sql("delete from cc.camera_viewing_end where id = %s", viewing)
            earlier = f"recorded_at = recorded_at - interval '{late}'"
            desk.hands.sql(f"update cc.{table} set {earlier} where id = %s", viewing)
            with pytest.raises(TooLate, match="10 分钟"):
                _attach(desk, viewing, at)
    assert desk.hung() == 0


def test_attaching_must_be_allowed_to_him(desk: Desk, paths: Paths) -> None:
    viewing = desk.look(who="supervisor")
    closed = paths.to("closed")
    shot = desk.shot(viewing, case_id=closed)
    with pytest.raises((NotAllowed, WrongState)):
        desk.port("supervisor").attach(shot)
    with pytest.raises(NotFound):
        desk.port("supervisor").attach(replace(shot, id=uuid.uuid4(), case_id=desk.case + 500_000))
    leader = desk.port("leader")
    look = leader.open_stream(desk.cameras["KOU"], "main", "desk").viewing
    with pytest.raises(DomainError) as refused:
        leader.attach(desk.shot(look))
    assert isinstance(refused.value, NotAllowed | WrongState)
    assert desk.hung() == 0


def test_who_does_not_see_the_case_does_not_see_what_hangs_on_it(desk: Desk) -> None:
    desk.port().attach(desk.shot(desk.look()))
    assert len(desk.port("street_a").evidence(desk.case)) == 1
    with pytest.raises(NotFound):
        desk.port("leader_b").evidence(desk.case)
    assert desk.port("screen").evidence(desk.case) == []  # the hall screen reads no words
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        desk.town.psql("supervisor").cursor().execute("select * from cc.camera_evidence")
