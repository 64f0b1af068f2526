"""wall.toml: what the program brings is sound, and each thing that is wrong is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from commandcenter.domain.wall import PANELS
from commandcenter.profiles.errors import ProfileError
from commandcenter.profiles.reader import list_profiles, read_profile
from commandcenter.profiles.wall_file import default_plan, plan_json, plan_of, read_plan, read_wall

GOOD = """
[targets]
on_time = 0.96
[[shift]]
label = "白班"
start = "08:00"
end = "20:00"
[[shift]]
label = "夜班"
start = "20:00"
end = "08:00"
[[scene]]
code = "overview"
label = "总览"
kind = "overview"
dwell_s = 30
columns = [["figures"], ["map", "trend"]]
trend_hours = 12
"""


def _plan(folder: Path, text: str) -> object:
    (folder / "wall.toml").write_text(text, encoding="utf-8")
    return read_plan(folder / "wall.toml")


def test_every_deployment_has_sound_scenes_and_shifts_that_make_up_a_day() -> None:
    for name in list_profiles():
        plan = read_profile(name).wall
        assert plan is not None and {scene.kind for scene in plan.scenes} >= {"overview", "whistles", "emergency"}
        assert [scene.kind for scene in plan.scenes if not scene.rotates] == ["emergency"]
        assert len(plan.shifts) == 2 and plan.on_time_target == 0.96
    assert default_plan().shifts == ()


def test_a_plan_comes_back_from_the_database_as_it_was(tmp_path: Path) -> None:
    plan = read_profile("dongcheng").wall
    assert plan is not None and plan_of(json.loads(json.dumps(plan_json(plan)))) == plan
    small = _plan(tmp_path, GOOD)
    assert plan_of(plan_json(small)) == small and small.scenes[0].trend_hours == 12  # type: ignore[arg-type,attr-defined]


@pytest.mark.parametrize(("found", "put", "said"), [
    ('kind = "overview"', 'kind = "cinema"', "kind”的值“cinema”不存在"),
    ('"trend"]', '"weather"]', "“weather”不存在"),
    ('"trend"]', '"figures"]', "重复的面板"),
    ('[["figures"], ["map", "trend"]]', "[]", "每列至少一块面板"),
    ("dwell_s = 30", "dwell_s = 1", "不在 5 到 3600 之间"),
    ('code = "overview"', 'code = "总览"', "“scene[1].code”"),
    ("trend_hours = 12", "rotates = false", "至少要有一个参加轮播"),
    ("trend_hours = 12", "trend_hours = 48", "不在 1 到 24 之间"),
    ('end = "20:00"', 'end = "19:00"', "首尾相接"),
    ('end = "08:00"', 'end = "8:00"', "不是 时:分"),
    ("on_time = 0.96", "on_time = 96", "0 到 1 之间"),
    ("on_time = 0.96", 'on_time = "高"', "缺失或类型不对"),
])  # fmt: skip
def test_what_is_wrong_is_named(found: str, put: str, said: str, tmp_path: Path) -> None:
    assert found in GOOD
    with pytest.raises(ProfileError, match="wall.toml") as error:
        _plan(tmp_path, GOOD.replace(found, put, 1))
    assert said in str(error.value)


@pytest.mark.parametrize(("line", "said"), [
    ('street = "无此街"', "不是本区的街道简称"), ('topic = "外星人"', "不在事项目录"),
])  # fmt: skip
def test_a_scene_names_streets_and_topics_of_its_own_city(line: str, said: str, tmp_path: Path) -> None:
    profile = read_profile("dongcheng")
    (tmp_path / "wall.toml").write_text(f"{GOOD}{line}\n", encoding="utf-8")
    with pytest.raises(ProfileError, match=said):
        read_wall(tmp_path, profile.org, profile.catalogue)
    assert read_wall(tmp_path / "none", profile.org, profile.catalogue) is None
    street = next(unit.short_name for unit in profile.org if unit.kind == "street")
    (tmp_path / "wall.toml").write_text(f'{GOOD}street = "{street}"\n', encoding="utf-8")
    assert read_wall(tmp_path, profile.org, profile.catalogue) is not None


def test_every_panel_has_its_word() -> None:
    assert all(PANELS.values())
