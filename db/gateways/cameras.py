"""Cameras: what is in sight, a recorded look, rotation groups, favourites, evidence."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, text

from commandcenter.domain.model import Done
from commandcenter.domain.video import (
    Camera,
    CameraCategory,
    CameraEvidence,
    CameraGroup,
    NearCamera,
    NewCameraEvidence,
    StreamAddress,
    Viewing,
)
from db.errors import translated
from db.gateways.calling import Caller

MOST_VIEWINGS = 1000
_CATEGORIES = text("""select code, label, view from cc.camera_category
  where district_id = (select d.shared_id from cc.district d where d.district_id = :home) order by position""")
_CAMERAS = text("select * from cc.camera_list()")
_NEAR = text("select * from cc.camera_near(:lon, :lat, :most)")
_VIEWINGS = text(f"""
select v.id, v.camera_id, v.actor_id, v.stream, v.purpose, v.case_id, extract(epoch from v.began_at)::float8,
       extract(epoch from e.ended_at)::float8
from cc.camera_viewing v left join cc.camera_viewing_end e on e.id = v.id and e.district_id = v.district_id
where v.began_at between to_timestamp(:since) and to_timestamp(:until)
  and (cast(:camera as int) is null or v.camera_id = :camera)
order by v.began_at desc, v.id desc limit {MOST_VIEWINGS}""")
# Of a group somebody else made, the cameras that lie outside one's own sight are left out.
_GROUPS = text("""
select g.id, g.name, g.dwell_s, coalesce(array_agg(c.id order by m.position) filter (where c.id is not null), '{}'),
       g.owner_id, g.version
from cc.camera_group g left join cc.camera_group_member m on m.group_id = g.id and m.district_id = g.district_id
left join cc.camera c on c.id = m.camera_id group by g.district_id, g.id order by g.name, g.id""")
_FAVOURITES = text("select camera_id from cc.camera_favourite")
_EVIDENCE = text("""select seq, camera_id, extract(epoch from taken_at)::float8,
  extract(epoch from taken_until)::float8, sha256 from cc.case_shots(:case_id)""")
_OPEN = "select cc.open_stream(%(camera)s, %(kind)s, %(purpose)s, %(case_id)s)"
_ADDRESS = "select cc.stream_address(%(viewing)s)"
_CLOSE = "select cc.close_viewings(%(viewings)s::bigint[])"
_SAVE = "select cc.save_camera_group(%(id)s::uuid, %(args)s::jsonb)"
_DELETE = "select cc.delete_camera_group(%(id)s::uuid, %(group)s, %(version)s)"
_MARK = "select cc.set_favourite(%(camera)s, %(on)s)"
_ATTACH = (
    "select cc.attach_shot(%(id)s::uuid, %(case_id)s, %(viewing)s, %(name)s, %(mime)s, %(content)s, %(since)s,"
    " %(until)s)"
)


class PgCameras(Caller):
    """`ports_video.Cameras` over an autocommit engine; row-level security decides what is seen."""

    def __init__(self, engine: Engine, home: int) -> None:
        """`home`: the district, or city, the person belongs to."""
        super().__init__(engine)
        self._home = home

    def categories(self) -> list[CameraCategory]:
        """Of the deployment, in its order."""
        rows = self._rows(_CATEGORIES, home=self._home)
        return [CameraCategory(code, label, tuple(view)) for code, label, view in rows]

    def cameras(self) -> list[Camera]:
        """All in the caller's territory, by name."""
        return [_camera(row) for row in self._rows(_CAMERAS)]

    def near(self, lon: float, lat: float, at_most: int) -> list[NearCamera]:
        """The nearest of them in use, by distance."""
        return [NearCamera(*row) for row in self._rows(_NEAR, lon=lon, lat=lat, most=at_most)]

    def open_stream(self, camera_id: int, kind: str, purpose: str, case_id: int | None = None) -> StreamAddress:
        """Record the look, let that be committed, then ask for the address."""
        looking = {"camera": camera_id, "kind": kind, "purpose": purpose, "case_id": case_id}
        viewing: int = self._call(_OPEN, command=False, **looking)
        told = self._call(_ADDRESS, command=False, viewing=viewing)
        return StreamAddress(viewing, kind, told["url"], told["user"], told["password"], told["transport"])

    def close_viewings(self, viewings: Sequence[int]) -> None:
        """The caller looks no more."""
        if viewings:
            self._call(_CLOSE, command=False, viewings=list(viewings))

    def viewings(self, since: float, until: float, camera_id: int | None = None) -> list[Viewing]:
        """Who looked, newest first."""
        return [Viewing(*row) for row in self._rows(_VIEWINGS, since=since, until=until, camera=camera_id)]

    def groups(self) -> list[CameraGroup]:
        """The caller's rotation groups and the district's, by name."""
        return [
            CameraGroup(number, name, dwell_s, tuple(cameras), owner_id, version)
            for number, name, dwell_s, cameras, owner_id, version in self._rows(_GROUPS)
        ]

    def save_group(self, command_id: UUID, group: CameraGroup) -> CameraGroup:
        """Make or change one."""
        args: dict[str, Any] = {"name": group.name, "dwell_s": group.dwell_s, "cameras": list(group.cameras)}
        kept = {"id": group.id, "version": group.version} if group.id else {"shared": group.owner_id is None}
        answer = self._call(_SAVE, id=str(command_id), args=json.dumps(args | kept, ensure_ascii=False))
        return CameraGroup(
            answer["camera_group"], group.name.strip(), group.dwell_s, group.cameras, answer["owner_id"],
            answer["version"],
        )  # fmt: skip

    def delete_group(self, command_id: UUID, group: CameraGroup) -> None:
        """Remove one."""
        self._call(_DELETE, id=str(command_id), group=group.id, version=group.version)

    def favourites(self) -> frozenset[int]:
        """The caller's."""
        return frozenset(row[0] for row in self._rows(_FAVOURITES))

    def set_favourite(self, camera_id: int, on: bool) -> None:
        """Mark or unmark one for oneself."""
        self._call(_MARK, command=False, camera=camera_id, on=on)

    def attach(self, evidence: NewCameraEvidence) -> Done:
        """Hang it on the case with camera, time and digest."""
        answer = self._call(
            _ATTACH, id=str(evidence.id), case_id=evidence.case_id, viewing=evidence.viewing, name=evidence.name,
            mime=evidence.mime, content=evidence.content, since=_instant(evidence.taken_at),
            until=_instant(evidence.taken_until),
        )  # fmt: skip
        return Done(**{name: value for name, value in answer.items() if name in Done.__dataclass_fields__})

    def evidence(self, case_id: int) -> list[CameraEvidence]:
        """Of which attachments of a case a camera is the source."""
        return [CameraEvidence(case_id, *row) for row in self._rows(_EVIDENCE, case_id=case_id)]

    def _rows(self, statement: Any, **values: Any) -> list[Any]:
        with translated(), self._engine.connect() as connection:
            return list(connection.execute(statement, values))


def _camera(row: Any) -> Camera:
    told = dict(row._mapping)
    return Camera(**told | {"streams": tuple(told["streams"])})


def _instant(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
