"""视频: cameras, who looks at them, and what a slot (画面) says of its stream."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

MAIN, SUB = "main", "sub"  # 主码流, 子码流
SLOT_COUNTS = (1, 4, 9, 16)

CONNECTING, LIVE, STALLED, LOST = "connecting", "live", "stalled", "lost"
FORBIDDEN, UNSUPPORTED, IDLE = "forbidden", "unsupported", "idle"
STATE_LABELS = {
    IDLE: "空闲", CONNECTING: "连接中", LIVE: "实时", STALLED: "卡顿", LOST: "已中断", FORBIDDEN: "无权查看",
    UNSUPPORTED: "格式不支持",
}  # fmt: skip
PURPOSE_LABELS = {"desk": "视频巡看", "case": "案件取证", "wall": "大屏", "rotation": "轮巡"}


@dataclass(frozen=True, slots=True)
class CameraCategory:
    """道路街面, 学校, 医院 …, and whose roles may look, as `role:reach` of the deployment's rules."""

    code: str
    label: str
    view: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Camera:
    """A camera that lies in the caller's territory. lon, lat: degrees, WGS 84.

    no: the owner's number (GB/T 28181 device id where it has one). owner_id: the unit it belongs to. streams: which of
    main and sub it has. may_view: whether the caller may see its picture. in_use: False when it is out of service.
    """

    id: int
    no: str
    name: str
    category: str
    lon: float
    lat: float
    place: str
    owner_id: int
    street_id: int
    community_id: int | None
    grid_id: int | None
    streams: tuple[str, ...]
    may_view: bool
    in_use: bool = True
    version: int = 1


@dataclass(frozen=True, slots=True)
class StreamAddress:
    """Where a stream comes from, for the decoder alone: never shown, logged or kept.

    viewing: number of the record that this person looked. transport: tcp or udp, of RTSP.
    """

    viewing: int
    kind: str
    url: str = field(repr=False)
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)
    transport: str = "tcp"


@dataclass(frozen=True, slots=True)
class NearCamera:
    """A camera and how far it is, metres."""

    camera_id: int
    metres: float


@dataclass(frozen=True, slots=True)
class CameraGroup:
    """轮巡组: these in turn, each for dwell_s seconds. owner_id: whose it is; None: the district's, for everybody."""

    id: int
    name: str
    dwell_s: int
    cameras: tuple[int, ...]
    owner_id: int | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class Viewing:
    """Who looked at which camera. ended_at: None while he looks, or when his program ended without saying so."""

    id: int
    camera_id: int
    actor_id: int
    stream: str
    purpose: str
    case_id: int | None
    began_at: float
    ended_at: float | None


@dataclass(frozen=True, slots=True)
class NewCameraEvidence:
    """A snapshot (image/jpeg) or clip (video/mp4) for a case; the database takes the digest.

    viewing: the record under which it was seen. taken_at, taken_until: Unix seconds of the city's clock, equal for a
    snapshot.
    """

    id: UUID
    case_id: int
    viewing: int
    name: str
    mime: str
    content: bytes = field(repr=False)
    taken_at: float = 0.0
    taken_until: float = 0.0


@dataclass(frozen=True, slots=True)
class CameraEvidence:
    """Which camera an attachment of a case came from. seq: the attachment's."""

    case_id: int
    seq: int
    camera_id: int
    taken_at: float
    taken_until: float
    sha256: str


@dataclass(frozen=True, slots=True)
class StreamReport:
    """What a decoder says of its stream, at every change and once a second while it is live.

    state: one of the words above. words: a reason in Chinese without address or password. since: Unix seconds of this
    machine at which the state began. fps: frames a second shown over the last two seconds. delay_s: how far the picture
    is behind the quickest that came over this connection, seconds. size: of the stream, pixels. dropped: frames left
    out since the connection because the screen or the decoder was behind.
    """

    state: str
    since: float
    words: str = ""
    fps: float = 0.0
    delay_s: float = 0.0
    codec: str = ""
    size: tuple[int, int] = (0, 0)
    dropped: int = 0
    hardware: bool = False
