"""cameras.toml and cameras.csv: the shipped ones hold together, rubbish is refused by place, cells stay unsaid."""

from __future__ import annotations

from pathlib import Path

import pytest
import shapely

from commandcenter.domain.errors import InvalidInput
from commandcenter.profiles.camera_model import NO_CAMERAS, CameraCategory
from commandcenter.profiles.camera_table import CAMERA_COLUMNS, CellFault, camera_rules, read_camera_table
from commandcenter.profiles.errors import ProfileError
from commandcenter.profiles.model import OrgUnit
from commandcenter.profiles.reader import list_profiles, read_profile
from commandcenter.profiles.sketch.cameras import write_cameras
from commandcenter.resources import RESOURCES

TOML = """
[[category]]
code = "street"
label = "道路街面"
view = ["dispatcher:territory", "handler:owner"]
[[group]]
name = "一组"
dwell_s = 10
cameras = ["1"]
"""
HEADER = ",".join(CAMERA_COLUMNS)
ROW = "1,东街口,道路街面,116.005,40.005,东街,城管委,rtsp://h/secret-a,,u,secret-b,,,"
CATEGORIES = [CameraCategory("street", "道路街面", ("dispatcher:territory",))]
UNITS = [OrgUnit("D-1", None, "department", "城市管理局", "城管局"), OrgUnit("D-2", None, "agency", "甲所", "所"),
         OrgUnit("D-3", None, "agency", "乙所", "所")]  # fmt: skip


# ---------------------------------------------------------------- the shipped ones
@pytest.mark.parametrize("name", list_profiles())
def test_every_city_has_cameras_inside_its_grids(name: str) -> None:
    profile = read_profile(name)
    plan = profile.cameras
    assert 40 <= len(plan.cameras) <= 60 and len(plan.categories) >= 5 and len(plan.rounds) == 2
    cells = {g.street_key: [] for g in profile.grids}  # type: ignore[var-annotated]
    for grid in profile.grids:
        cells[grid.street_key].append(shapely.Polygon(grid.polygon))
    ground = shapely.union_all([cell for of_street in cells.values() for cell in of_street])
    assert all(ground.contains(shapely.Point(c.lon, c.lat)) for c in plan.cameras)
    streets = {key for c in plan.cameras for key, shapes in cells.items()
               if any(s.contains(shapely.Point(c.lon, c.lat)) for s in shapes)}  # fmt: skip
    assert len(streets) >= 9  # spread over the city
    assert len({c.name for c in plan.cameras}) == len(plan.cameras)
    assert {c.category for c in plan.cameras} == {c.code for c in plan.categories}
    assert all(c.main.startswith("demo://") and c.sub.endswith("/sub") and len(c.no) == 20 for c in plan.cameras)
    assert len({c.main for c in plan.cameras}) <= 14
    schools = next(c for c in plan.categories if c.code == "school")
    assert not any(rule.startswith("dispatcher:") for rule in schools.view)
    assert sum(not c.in_use for c in plan.cameras) == 2


@pytest.mark.parametrize("name", list_profiles())
def test_redrawing_gives_the_committed_cameras(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "profiles" / name
    folder.mkdir(parents=True)
    (tmp_path / "simulation").symlink_to(RESOURCES / "simulation")
    for file in ("org.csv", "grids.csv", "cameras.toml"):
        (folder / file).symlink_to(RESOURCES / "profiles" / name / file)
    assert write_cameras(name, tmp_path).read_bytes() == (RESOURCES / "profiles" / name / "cameras.csv").read_bytes()


# ---------------------------------------------------------------- rubbish
def _small(root: Path, toml: str = TOML, *rows: str, header: str = HEADER) -> Path:
    folder = root / "profiles" / "small"
    (folder / "cameras.toml").write_text(toml, encoding="utf-8")
    (folder / "cameras.csv").write_text("\n".join([header, *(rows or (ROW,)), ""]), encoding="utf-8")
    return root


def test_a_small_table_is_read_and_none_is_none(small_root: Path) -> None:
    assert read_profile("small", small_root).cameras is NO_CAMERAS
    plan = read_profile("small", _small(small_root)).cameras
    (camera,) = plan.cameras
    assert (camera.owner_key, camera.lon, camera.view, camera.in_use) == ("D-城管", 116.005, None, True)
    assert "secret" not in repr(camera) and plan.rounds[0].cameras == ("1",)


@pytest.mark.parametrize(("toml", "words"), [
    (TOML.replace('"handler:owner"', '"handler"'), "view"), (TOML.replace("handler:owner", "admin:territory"), "view"),
    (TOML.replace("handler:owner", "handler:everything"), "view"), (TOML.replace('"street"', '""'), "code"),
    (TOML.replace('cameras = ["1"]', 'cameras = ["2"]'), "cameras"), (TOML.replace("= 10", "= 1"), "dwell_s"),
    (TOML + TOML.partition("[[group]]")[0], "重复"), ("[[category", "TOML"),
])  # fmt: skip
def test_a_bad_file_of_categories_is_refused(toml: str, words: str, small_root: Path) -> None:
    with pytest.raises(ProfileError, match=words) as refused:
        read_profile("small", _small(small_root, toml))
    assert refused.value.file == "cameras.toml"


@pytest.mark.parametrize(("row", "words"), [
    (ROW.replace("116.005", "x"), "经度"), (ROW.replace("道路街面", "别的"), "类别"),
    (ROW.replace("城管委", "谁"), "归属单位"), (f"{ROW}\n{ROW}", "编号与第 2 行重复"), (ROW + ",x", "列数"),
    (ROW + "坏", "状态"), (ROW[:-1] + "坏,", "可见范围"),
])  # fmt: skip
def test_a_bad_table_is_refused_with_its_row_and_without_its_cells(row: str, words: str, small_root: Path) -> None:
    with pytest.raises(ProfileError, match=words) as refused:
        read_profile("small", _small(small_root, TOML, *row.split("\n")))
    assert refused.value.file == "cameras.csv" and refused.value.row in (2, 3)
    assert "secret" not in str(refused.value)


# ---------------------------------------------------------------- the table alone
def _read(path: Path, *rows: str, header: str = HEADER) -> tuple[list[object], list[str]]:
    path.write_text("\n".join([header, *rows]), encoding="utf-8")
    entries, faults = read_camera_table(path, CATEGORIES, UNITS)
    return list(entries), [f"{f.row} {f.words}" for f in faults]


def test_a_table_may_leave_out_what_is_optional(tmp_path: Path) -> None:
    header = "主码流,归属单位,纬度,经度,类别,名称,编号"
    (entry,), faults = _read(tmp_path / "t.csv", "rtsp://h/a,城管局,40,116,street,东街,7", header=header)
    assert faults == [] and (entry.no, entry.main, entry.transport, entry.password) == ("7", "rtsp://h/a", "", "")  # type: ignore[attr-defined]


def test_good_rows_are_read_beside_bad_ones(tmp_path: Path) -> None:
    good = ROW.replace("城管委", "城管局")
    entries, faults = _read(tmp_path / "t.csv", good, good.replace("城管局", "所"), "", good.replace("1,", "2,", 1))
    assert [e.no for e in entries] == ["1", "2"]  # type: ignore[attr-defined]
    assert faults == ["3 有多个单位叫这个名称，归属单位请写单位编号"]


def test_a_key_is_a_unit_whatever_others_are_called(tmp_path: Path) -> None:
    (entry,), faults = _read(tmp_path / "t.csv", ROW.replace("城管委", "D-2"))
    assert faults == [] and entry.owner_key == "D-2"  # type: ignore[attr-defined]


@pytest.mark.parametrize("header", ["rtsp://u:secret@h/a,b", HEADER + ",编号", HEADER + ",secret", "编号"])
def test_a_header_that_is_none_is_said_without_its_words(header: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="不是摄像机表的表头") as refused:
        _read(tmp_path / "t.csv", ROW, header=header)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(("words", "rules"), [
    ("", None), ("  ", None), ("值班长:辖区", ("supervisor:territory",)),
    ("值班长：辖区；处置员:归属单位,handler:area", ("supervisor:territory", "handler:owner", "handler:area")),
    ("处置员:属地 handler:area", ("handler:area",)),
])  # fmt: skip
def test_rules_are_written_in_words_or_codes(words: str, rules: tuple[str, ...] | None) -> None:
    assert camera_rules(words) == rules


@pytest.mark.parametrize("words", [
    "值班长", "所有人:辖区", "值班长:全部", "管理员:辖区", "通知网关:辖区", "值守任务:辖区", ":", "a:b:c"
])  # fmt: skip
def test_rules_that_are_none_are_refused(words: str) -> None:
    with pytest.raises(CellFault, match="岗位:范围"):
        camera_rules(words)
