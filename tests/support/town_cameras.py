"""The town's cameras (视频): one category for almost everybody, one for few, one for the units of the street.

  KOU   甲一, street, of 公安分局
  XIAO  甲一, school, of 市容科 (of 区城管委)
  CHE   甲二, car park, of 甲街道城市管理科, main stream only
  YI    乙一, street, of 乙派出所
  SHUI  乙一, street, of 区水务局, its own list: handler:owner
  TING  甲二, street, of 公安分局, out of use
"""

from __future__ import annotations

from commandcenter.profiles.camera_model import CameraCategory, CameraEntry, CameraPlan, CameraRound

USER, PASSWORD = "viewer-of-all", "Se,cret'口令%s"
HOST = "10.20.30.40"


def entry(row: int, no: str, category: str, lon: float, owner: str, **more: object) -> CameraEntry:
    """A camera at 40.0025 N; its streams, user and password hold the words above."""
    facts: dict[str, object] = {
        "row": row, "no": no, "name": f"{no}摄像机", "category": category, "lon": lon, "lat": 40.0025,
        "place": f"{no}路口", "owner_key": owner, "main": f"rtsp://{HOST}:554/{no}/hidden-main",
        "sub": f"rtsp://{HOST}:554/{no}/hidden-sub", "user": USER, "password": PASSWORD, "transport": "tcp",
        "view": None, "in_use": True,
    }  # fmt: skip
    return CameraEntry(**{**facts, **more})  # type: ignore[arg-type]


CAMERAS = CameraPlan(
    categories=(
        CameraCategory(
            "street", "道路街面",
            ("dispatcher:territory", "supervisor:territory", "street_leader:territory", "handler:owner",
             "screen:territory"),
        ),
        CameraCategory("school", "学校", ("supervisor:territory", "handler:owner")),
        CameraCategory("car_park", "停车场", ("dispatcher:area", "handler:area", "supervisor:territory")),
    ),
    cameras=(
        entry(2, "KOU", "street", 116.0025, "D-GA"),
        entry(3, "XIAO", "school", 116.0030, "CG-1", transport="udp"),
        entry(4, "CHE", "car_park", 116.0125, "A-CGK", sub=""),
        entry(5, "YI", "street", 116.0225, "PCS-B"),
        entry(6, "SHUI", "street", 116.0230, "D-SW", view=("handler:owner",)),
        entry(7, "TING", "street", 116.0135, "D-GA", in_use=False),
    ),
    rounds=(CameraRound("甲乙路口", 10, ("KOU", "YI")),),
)  # fmt: skip
