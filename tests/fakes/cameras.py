"""Cameras of a fake city: two dozen in three streets; a school's picture is not for a dispatcher."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID
from weakref import WeakKeyDictionary

from commandcenter.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound, TooLate, WrongState
from commandcenter.domain.model import Attachment, Done, Person
from commandcenter.domain.video import (
    PURPOSE_LABELS,
    Camera,
    CameraCategory,
    CameraEvidence,
    CameraGroup,
    NearCamera,
    NewCameraEvidence,
    StreamAddress,
    Viewing,
)
from tests.fakes.city import FakeCity
from tests.fakes.directory import org_id
from tests.fakes.door import Door

_ALL = ("dispatcher:territory", "supervisor:territory", "screen:territory")
CATEGORIES = (
    CameraCategory("street", "道路街面", _ALL),
    CameraCategory("car_park", "停车场", _ALL),
    CameraCategory("mall", "商场", _ALL),
    CameraCategory("hospital", "医院", ("supervisor:territory", "handler:owner")),
    CameraCategory("school", "学校", ("supervisor:territory", "handler:owner")),
)
_STREETS = ("东华门", "景山", "和平里")
_PLACES = {"street": "路口", "car_park": "停车场入口", "mall": "商场正门", "hospital": "医院急诊", "school": "校门"}
FRESH_S = 600.0


def _cameras() -> dict[int, Camera]:
    """24: of each eight in a row one stands still; schools have no sub-stream."""
    made = {}
    for number in range(1, 25):
        category = CATEGORIES[(number - 1) % len(CATEGORIES)].code
        street = _STREETS[number % 3]
        made[number] = Camera(
            id=number, no=f"1101010000132000{number:04d}", name=f"{street}{number:02d}号{_PLACES[category]}",
            category=category, lon=116.40 + 0.002 * (number % 6), lat=39.92 + 0.002 * (number // 6),
            place=f"{street}街道{number}号", owner_id=org_id(street), street_id=org_id(street), community_id=None,
            grid_id=None, streams=("main",) if category == "school" else ("main", "sub"), may_view=False,
            in_use=number % 8 != 0,
        )  # fmt: skip
    return made


@dataclass
class CameraPark:
    """What all sessions of a city share. `hosts`: by (camera, stream) the address given in place of demo://."""

    city: FakeCity
    cameras: dict[int, Camera] = field(default_factory=_cameras)
    hosts: dict[tuple[int, str], str] = field(default_factory=dict)
    looks: list[Viewing] = field(default_factory=list)
    groups: dict[int, CameraGroup] = field(default_factory=dict)
    favourites: dict[int, set[int]] = field(default_factory=dict)
    evidence: list[CameraEvidence] = field(default_factory=list)
    answers: dict[UUID, object] = field(default_factory=dict)

    def __post_init__(self) -> None:
        first = CameraGroup(1, "重点路口", 10, tuple(c.id for c in self.cameras.values() if c.category == "street"))
        self.groups[1] = first


_parks: WeakKeyDictionary[FakeCity, CameraPark] = WeakKeyDictionary()


def park_of(city: FakeCity) -> CameraPark:
    """The one park that all sessions of a city share."""
    if city not in _parks:
        _parks[city] = CameraPark(city)
    return _parks[city]


class FakeCameras:
    """`ports_video.Cameras`; `door` holds calls and orders errors."""

    def __init__(self, city: FakeCity, person: Person) -> None:
        self._city, self._person = city, person
        self.park = park_of(city)
        self.door = Door()

    def categories(self) -> list[CameraCategory]:
        """See ports_video.Cameras."""
        self.door.enter()
        return list(CATEGORIES)

    def cameras(self) -> list[Camera]:
        """See ports_video.Cameras."""
        self.door.enter()
        seen = [replace(c, may_view=self._may_view(c)) for c in self.park.cameras.values()]
        return sorted(seen, key=lambda c: (c.name, c.id))

    def near(self, lon: float, lat: float, at_most: int) -> list[NearCamera]:
        """See ports_video.Cameras."""
        self.door.enter()
        found = [NearCamera(c.id, _metres(c, lon, lat)) for c in self.park.cameras.values() if c.in_use]
        return sorted(found, key=lambda n: (n.metres, n.camera_id))[:at_most]

    def open_stream(self, camera_id: int, kind: str, purpose: str, case_id: int | None = None) -> StreamAddress:
        """See ports_video.Cameras."""
        self.door.enter()
        camera = self._camera(camera_id)
        if not self._may_view(camera):
            raise NotAllowed("您的岗位无权查看该摄像机的画面")
        if not camera.in_use:
            raise WrongState("该摄像机已停用")
        if kind not in camera.streams or purpose not in PURPOSE_LABELS or (purpose == "case" and case_id is None):
            raise InvalidInput("该摄像机没有此码流，或查看用途不对")
        number = self._look(camera_id, kind, purpose, case_id)
        url = self.park.hosts.get((camera_id, kind), f"demo://{camera.category}-{camera_id % 3 + 1}/{kind}")
        return StreamAddress(number, kind, url)

    def close_viewings(self, viewings: Sequence[int]) -> None:
        """See ports_video.Cameras."""
        self.door.enter()
        with self._city.lock:
            for at, look in enumerate(self.park.looks):
                if look.id in viewings and look.actor_id == self._person.id and look.ended_at is None:
                    self.park.looks[at] = replace(look, ended_at=self._city.now)

    def viewings(self, since: float, until: float, camera_id: int | None = None) -> list[Viewing]:
        """See ports_video.Cameras."""
        self.door.enter()
        everybody = "auditor" in self._person.roles()
        return [
            look for look in reversed(self.park.looks)
            if since <= look.began_at <= until and camera_id in (None, look.camera_id)
            and (everybody or look.actor_id == self._person.id)
        ][:1000]  # fmt: skip

    def groups(self) -> list[CameraGroup]:
        """See ports_video.Cameras."""
        self.door.enter()
        mine = [g for g in self.park.groups.values() if g.owner_id in (None, self._person.id)]
        return sorted(mine, key=lambda g: (g.name, g.id))

    def save_group(self, command_id: UUID, group: CameraGroup) -> CameraGroup:
        """See ports_video.Cameras."""
        self.door.enter()
        with self._city.lock:
            if command_id in self.park.answers:
                done = self.park.answers[command_id]
                assert isinstance(done, CameraGroup)
                return done
            if not group.name.strip() or not group.cameras:
                raise InvalidInput("名称须为 1 至 40 个字", {"field": "name"})
            if any(g.name == group.name.strip() and g.id != group.id and g.owner_id == group.owner_id
                   for g in self.park.groups.values()):
                raise InvalidInput("已有同名的轮巡组", {"field": "name"})
            if group.id:
                saved = replace(group, version=self._changeable(group).version + 1)
            else:
                self._need_keeper(group.owner_id)
                saved = replace(group, id=max(self.park.groups, default=0) + 1, version=1)
            self.park.groups[saved.id] = self.park.answers[command_id] = saved
            return saved

    def delete_group(self, command_id: UUID, group: CameraGroup) -> None:
        """See ports_video.Cameras."""
        self.door.enter()
        with self._city.lock:
            if self.park.answers.get(command_id) is None:
                self._changeable(group)
                del self.park.groups[group.id]
                self.park.answers[command_id] = True

    def favourites(self) -> frozenset[int]:
        """See ports_video.Cameras."""
        self.door.enter()
        return frozenset(self.park.favourites.get(self._person.id, ()))

    def set_favourite(self, camera_id: int, on: bool) -> None:
        """See ports_video.Cameras."""
        self.door.enter()
        self._camera(camera_id)
        marked = self.park.favourites.setdefault(self._person.id, set())
        (marked.add if on else marked.discard)(camera_id)

    def attach(self, evidence: NewCameraEvidence) -> Done:
        """See ports_video.Cameras."""
        self.door.enter()
        with self._city.lock:
            if isinstance(done := self.park.answers.get(evidence.id), Done):
                return replace(done, replayed=True)
            done = self.park.answers[evidence.id] = self._hang(evidence)
        self._city.tell(frozenset({evidence.case_id}))
        return done

    def evidence(self, case_id: int) -> list[CameraEvidence]:
        """See ports_video.Cameras."""
        self.door.enter()
        return [e for e in self.park.evidence if e.case_id == case_id]

    # ------------------------------------------------------------------ rules
    def _turn_of(self, camera_id: int, kind: str) -> int | None:
        """A rotation that comes back goes on with its look."""
        mine = (self._person.id, camera_id, kind, "rotation", None)
        return next((v.id for v in self.park.looks
                     if (v.actor_id, v.camera_id, v.stream, v.purpose, v.ended_at) == mine), None)  # fmt: skip

    def _camera(self, camera_id: int) -> Camera:
        if camera_id not in self.park.cameras:
            raise NotFound("没有这个摄像机，或它不在您的范围内")
        return self.park.cameras[camera_id]

    def _look(self, camera_id: int, kind: str, purpose: str, case_id: int | None) -> int:
        """A look of a rotation that goes on serves again."""
        with self._city.lock:
            look = Viewing(
                len(self.park.looks) + 1, camera_id, self._person.id, kind, purpose, case_id, self._city.now, None
            )
            if purpose == "rotation":
                for old in self.park.looks:
                    if replace(old, id=look.id, began_at=look.began_at) == look:
                        return old.id
            self.park.looks.append(look)
            return look.id

    def _may_view(self, camera: Camera) -> bool:
        rules = next(c.view for c in CATEGORIES if c.code == camera.category)
        return any(f"{role}:territory" in rules for role in self._person.roles())

    def _need_keeper(self, owner_id: int | None) -> None:
        if owner_id is None and "supervisor" not in self._person.roles():
            raise NotAllowed("只有值班长可以管理全区的轮巡组")

    def _changeable(self, group: CameraGroup) -> CameraGroup:
        present = self.park.groups.get(group.id)
        if present is None or present.owner_id not in (None, self._person.id):
            raise NotFound("没有这个轮巡组")
        self._need_keeper(present.owner_id)
        if present.version != group.version:
            raise Conflict("轮巡组已被他人修改，请看最新内容")
        return present

    def _hang(self, new: NewCameraEvidence) -> Done:
        look = next((v for v in self.park.looks if v.id == new.viewing and v.actor_id == self._person.id), None)
        record = self._city.records.get(new.case_id)
        if look is None or record is None:
            raise NotFound("没有这次查看登记")
        if look.ended_at is not None and look.ended_at < self._city.now - FRESH_S:
            raise TooLate("画面已关闭超过 10 分钟，不能再取证，请重新打开")
        camera, seq = self.park.cameras[look.camera_id], len(record.trace) + 1
        digest = hashlib.sha256(new.content).hexdigest()
        record.attachments.append(Attachment(seq, "scene", new.name, new.mime, len(new.content), digest))
        record.contents[seq] = new.content
        self.park.evidence.append(
            CameraEvidence(new.case_id, seq, camera.id, new.taken_at, new.taken_until, digest)
        )
        row = replace(record.row, photos=record.row.photos + 1)
        what: dict[str, object] = {
            "kind": "scene", "name": new.name, "sha256": digest, "camera": camera.name, "camera_no": camera.no
        }
        self._city.write(record, row, self._person, min(self._person.roles()), "attach", what)
        return Done(row.id, row.no, row.version, row.state, seq)


def _metres(camera: Camera, lon: float, lat: float) -> float:
    east = (camera.lon - lon) * math.cos(math.radians(lat))
    return 111_195 * math.hypot(east, camera.lat - lat)
