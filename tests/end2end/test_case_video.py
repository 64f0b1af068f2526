"""周边视频 in the whole program: the sample city's cameras beside a case, shots and clips in it, looks on record."""

import hashlib
import io
import stat
import uuid
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PySide6.QtGui import QImage

from commandcenter.domain.model import NewReport
from commandcenter.domain.video import NearCamera
from tests.end2end.conftest import LastingDesk
from tests.support.desk import Desk
from tests.support.program import ACCEPTOR, DISPATCHER, ProgramHome

_FIRST_PICTURE_S = 200.0  # the sample cameras' clips may have to be drawn first
_CLIP_S = 90.0
_BLACK = 12


@pytest.fixture
def desk(lasting_desk: LastingDesk) -> Desk:
    return lasting_desk("--user", DISPATCHER)


def case_beside_a_camera(home: ProgramHome) -> tuple[int, list[NearCamera]]:
    """A case that waits for its dispatch a few steps from a camera, and the cameras near it."""
    cameras = home.session(DISPATCHER).cameras
    camera = next(c for c in cameras.cameras() if c.may_view and c.in_use and c.grid_id is not None)
    lon, lat = camera.lon + 0.0001, camera.lat
    acceptor = home.session(ACCEPTOR)
    report = NewReport(uuid.uuid4(), channel="patrol", description="井盖移位", item_id=home.item().id,
                       grid_id=camera.grid_id, lon=lon, lat=lat)
    case_id = acceptor.commands.report(report).case_id
    for action in ("accept", "file"):
        home.act(ACCEPTOR, case_id, action)
    return case_id, cameras.near(lon, lat, 4)


def looks(home: ProgramHome, case_id: int) -> list[tuple[int, str, bool]]:
    """Camera, purpose and whether it is over, of each look for this case."""
    told = home.scalar(
        "select jsonb_agg(jsonb_build_array(v.camera_id, v.purpose, e.id is not null) order by v.id)"
        " from cc.camera_viewing v left join cc.camera_viewing_end e using (district_id, id) where v.case_id = %s",
        case_id,
    )
    return [tuple(one) for one in told or []]


def shots(home: ProgramHome, case_id: int) -> list[tuple[str, str, bytes]]:
    """MIME, the digest of the record and the content of what cameras gave."""
    opened = home.owner()
    try:
        with opened.cursor() as cursor:
            cursor.execute("select a.mime, e.sha256, a.content from cc.camera_evidence e join cc.attachment a"
                           " using (district_id, case_id, seq) where e.case_id = %s order by e.seq", (case_id,))
            return [(mime, digest, bytes(content)) for mime, digest, content in cursor.fetchall()]
    finally:
        opened.close()


def pixels(desk: Desk, folder: Path) -> np.ndarray | None:
    """What the slot shows on the screen, below its line of words; None while no slot is in sight."""
    slots = desk.widgets(**{"class": "VideoSlot"})
    if not slots:
        return None
    x, y, width, height = slots[0]["rect"]
    image = QImage(str(desk.screen.picture(folder / "slot.png"))).convertToFormat(QImage.Format.Format_Grayscale8)
    part = image.copy(x + width // 4, y + height // 2, width // 2, height // 3)
    rows = np.frombuffer(part.constBits(), np.uint8).reshape(part.height(), part.bytesPerLine())
    return rows[:, : part.width()].astype(int)


def moves(desk: Desk, folder: Path, before: np.ndarray | None) -> np.ndarray | None:
    """The picture in the slot, once there is one that is another than before."""
    now = pixels(desk, folder)
    if now is None or now.mean() < _BLACK or (before is not None and np.array_equal(now, before)):
        return None
    return now


def is_live(desk: Desk) -> bool:
    """Only then a shot can be taken."""
    return any(one["enabled"] for one in desk.widgets(text="抓拍存证"))


def in_motion(desk: Desk, folder: Path, seconds: float) -> None:
    """Wait for a picture, and then for another one."""
    found: list[np.ndarray] = []

    def look() -> bool:
        picture = moves(desk, folder, found[-1] if found else None)
        if picture is not None:
            found.append(picture)
        return len(found) > 1

    desk.until(look, seconds)


def test_a_camera_near_a_case_is_looked_through_shot_and_recorded(home: ProgramHome, desk: Desk,
                                                                  tmp_path: Path) -> None:
    case_id, near = case_beside_a_camera(home)
    desk.pick(case_id)
    desk.shows(case_id)
    desk.until(lambda: any(one["text"].startswith("▶ ") and "路视频" in one["text"] for one in desk.widgets()))
    assert looks(home, case_id) == [], "nothing is looked at before somebody asks"
    desk.screen.key("v")
    desk.until(lambda: is_live(desk), _FIRST_PICTURE_S)
    in_motion(desk, tmp_path, 20.0)
    assert looks(home, case_id) == [(near[0].camera_id, "case", False)]

    desk.screen.key("ctrl+s")
    desk.hears("抓拍已存入案件")
    ((mime, digest, content),) = shots(home, case_id)
    assert mime == "image/jpeg" and digest == hashlib.sha256(content).hexdigest()
    assert QImage.fromData(content).width() >= 640
    desk.until(lambda: any(digest[:8] in one["label"] for one in desk.widgets(**{"class": "_Thumb"})))

    desk.screen.key("ctrl+shift+s")
    desk.until(lambda: any("录像已存入案件" in toast for toast in desk.toasts()), _CLIP_S)
    mime, digest, content = shots(home, case_id)[1]
    assert mime == "video/mp4" and digest == hashlib.sha256(content).hexdigest()
    with av.open(io.BytesIO(content)) as clip:
        assert clip.duration and 25 < clip.duration / av.time_base < 36

    plays_its_clip(home, desk, digest, tmp_path)
    desk.screen.key("Escape")
    desk.until(lambda: all(over for _, _, over in looks(home, case_id)))
    assert "rtsp://" not in desk.said() and "demo://" not in desk.said()


def plays_its_clip(home: ProgramHome, desk: Desk, digest: str, folder: Path) -> None:
    """From a file that only this person reads, and that is gone afterwards."""
    kept = home.path / "clips"

    def tile() -> dict[str, Any] | None:
        return next((one for one in desk.widgets(**{"class": "_Thumb"}) if digest[:8] in one["label"]), None)

    def click_tile() -> None:
        desk.screen.click(desk.still(tile)["rect"])

    desk.screen.key("shift+Escape")  # toasts may lie over the photos
    desk.until(lambda: not desk.toasts(), again=lambda: desk.screen.key("shift+Escape"))
    click_tile()
    desk.until(lambda: desk.widgets(text="× 关闭录像"), again=click_tile)
    in_motion(desk, folder, _CLIP_S)
    (file,) = kept.glob("*.mp4")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert hashlib.sha256(file.read_bytes()).hexdigest() == digest
    desk.screen.key("Escape")
    desk.until(lambda: not list(kept.glob("*.mp4")))


def test_another_case_ends_the_look_and_its_decoder_rests(home: ProgramHome, desk: Desk, tmp_path: Path) -> None:
    case_id, _ = case_beside_a_camera(home)
    other, _ = case_beside_a_camera(home)
    desk.row(other)
    desk.pick(case_id)
    desk.shows(case_id)
    desk.screen.key("v")
    desk.until(lambda: is_live(desk), _FIRST_PICTURE_S)
    in_motion(desk, tmp_path, 20.0)
    desk.pick(other)
    desk.shows(other)
    desk.until(lambda: [over for _, _, over in looks(home, case_id)] == [True])
    assert desk.widgets(**{"class": "VideoSlot"}) == [] and looks(home, other) == []
