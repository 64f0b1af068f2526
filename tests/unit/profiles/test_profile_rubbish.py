"""Every file of a profile is refused with file, row and reason when it holds rubbish."""

from __future__ import annotations

import pytest

from commandcenter.profiles.errors import ProfileError
from commandcenter.profiles.reader import list_profiles, read_profile

SQUARE = "POLYGON ((116 40, 116.01 40, 116.01 40.01, 116 40.01, 116 40))"
BOW_TIE = "POLYGON ((116 40, 116.01 40.01, 116.01 40, 116 40.01, 116 40))"
UNIT = f'u1,b1,990101001,990101001001,unit,u1,一 01-1,"{SQUARE}"'


def test_small_profile_is_good(small_root):
    profile = read_profile("small", small_root)
    assert list_profiles(small_root) == ["small"]
    assert profile.grids[0].polygon == ((116.0, 40.0), (116.01, 40.0), (116.01, 40.01), (116.0, 40.01))
    assert profile.operators[1].duties == (("handler", "D-城管"), ("verifier", "990101001"))
    assert profile.scenarios[0].parties == ("城管委",)


OPTIONAL = {
    "scenarios.csv": "scenarios",
    "teams.csv": "teams",
    "grid_team.csv": "grid_team",
    "compounds.csv": "compounds",
}


@pytest.mark.parametrize("file", OPTIONAL)
def test_profile_without_an_optional_table_is_good(small_root, file):
    assert getattr(read_profile("small", small_root), OPTIONAL[file])
    (small_root / "profiles/small" / file).unlink()
    assert getattr(read_profile("small", small_root), OPTIONAL[file]) == ()


def test_profile_without_whistles_is_good(small_root):
    for file in ("whistle.toml", "scenarios.csv"):
        (small_root / "profiles/small" / file).unlink()
    assert read_profile("small", small_root).whistle.callers == ()


def test_scenarios_need_whistle_rules(small_root):
    (small_root / "profiles/small/whistle.toml").unlink()
    with pytest.raises(ProfileError, match="scenarios.csv：有吹哨场景，却没有吹哨规则"):
        read_profile("small", small_root)


def test_whistle_rules_are_read_as_written(small_root):
    rules = read_profile("small", small_root).whistle
    assert [(x.code, x.confirm_minutes, x.clock, x.escalate_hours, x.adds) for x in rules.levels] == [
        ("normal", 120, "days", 72, ()),
        ("key", 30, "urgent", 48, ("城管委",)),
        ("hard", 60, "hours", 0, ()),
    ]
    assert [(x.kind, x.calls, x.signed) for x in rules.callers] == [("street", ("department", "agency"), True)]
    assert (rules.radius_m, rules.early_minutes, rules.late_minutes) == (150, 30, 15)
    assert (rules.on_missed_confirm, rules.on_missed_arrival) == (True, False)
    assert (rules.score.respond_late, rules.score.arrive_late, rules.score.acted) == (15, 20, 30)
    assert (rules.weights.response, rules.weights.street, rules.weights.citizen) == (0.4, 0.4, 0.2)
    assert (rules.reason_below, rules.objection_days, rules.rectification_days) == (60, 3, 5)
    assert rules.bulletin_automatic is False


def test_a_scenario_says_its_limits_in_figures(small_root):
    scenario = read_profile("small", small_root).scenarios[0]
    limits = scenario.confirm_minutes, scenario.arrive_minutes, scenario.handle_hours
    assert (scenario.level, *limits) == ("key", None, 60, None)


def test_the_leading_line_of_a_team_comes_first(small_root):
    path = small_root / "profiles/small/teams.csv"
    path.write_text(path.read_text("utf-8").replace("3,1,1", "3,0,1") + "T1,执法队,1+X,公安,2,1,0\n", "utf-8")
    org = small_root / "profiles/small/org.csv"
    org.write_text(org.read_text("utf-8") + "D-公安,990101,department,小城公安,公安,,公安,1\n", "utf-8")
    (team,) = read_profile("small", small_root).teams
    assert [(x.line, x.heads, x.lead) for x in team.lines] == [("公安", 2, True), ("城管委", 3, False)]
    assert team.sample


def test_people_belong_to_a_grid_or_to_a_whole_community(small_root):
    people = read_profile("small", small_root).grid_team
    assert [(x.role, x.grid_key, x.org_key, x.line) for x in people] == [
        ("leader", "b1", None, None),
        ("worker", "u1", None, None),
        ("specialist", None, "990101001", "城管委"),
        ("partner", None, "990101001001", "法官"),
    ]


def test_unknown_profile_is_named_with_the_known_ones(small_root):
    with pytest.raises(ProfileError, match="没有这个部署；现有：small"):
        read_profile("atlantis", small_root)


RUBBISH = [
    ("org.csv", "990101001,990101,street", "990101001,990102,street", 3, "上级“990102”不存在"),
    ("org.csv", "990101001,990101,street", "990101001,,street", 3, "只有第一个单位可以没有上级"),
    ("org.csv", "D-城管,990101,department", "D-城管,A-1,department", 5, "上级“A-1”不存在或排在本行之后"),
    ("org.csv", "A-1,D-城管,agency", "D-城管,D-城管,agency", 6, "“key”的值“D-城管”与第 5 行重复"),
    ("org.csv", "990101001001,990101001,community", "990101001001,990101001,village", 4, "不在允许范围内"),
    ("org.csv", ",990101001,,1", ",,,1", 6, "必须写明所驻街道"),
    ("org.csv", ",990101001,,1", ",990101,,1", 6, "不是街道"),
    ("org.csv", ",990101001,,1", ",990101001,城管委,1", 6, "“line”的值“城管委”与第 5 行重复"),
    ("org.csv", ",城管委,1", ",城管委,是", 5, "“sample”的值“是”"),
    ("org.csv", ",东街街道,", ",,", 3, "“name”不能为空"),
    ("org.csv", "serves_key,line", "serves_key,lines", 1, "表头不符"),
    ("org.csv", "990101,,district", "990109,,district", 3, "上级“990101”不存在"),
    ("org.csv", "990101,,district", "990101,,street", 2, "第一个单位须是市（city）或区县（district）"),
    ("org.csv", "990101001,990101,street", "990101001,990101,city", 3, "市（city）只能是第一个单位"),
    ("org.csv", "990101001,990101,street", "990101001,990101,district", 3, "区县的上级“990101”不是市"),
    ("org.csv", "990101,,district", "990101,,city", 3, "街道的上级“990101”不是区县"),
    ("org.csv", "小城区,小城,,,0", "小城区,小城,,0", 2, "应有 8 列，实有 7 列"),
    ("grids.csv", "u1,b1,", "u1,b9,", 3, "所属基础网格“b9”不存在"),
    ("grids.csv", "u1,b1,", "u1,,", 3, "所属基础网格“”不存在"),
    ("grids.csv", "u1,b1,", "b1,b1,", 3, "“key”的值“b1”与第 2 行重复"),
    ("grids.csv", "unit,u1,", "unit,b1,", 3, "“code”的值“b1”与第 2 行重复"),
    ("grids.csv", "basic,b1", "block,b1", 2, "不在允许范围内"),
    (
        "grids.csv",
        "990101001001,unit",
        "990101001009,unit",
        3,
        "社区“990101001009”不在街道“990101001”中",
    ),
    ("grids.csv", UNIT, UNIT.replace(SQUARE, BOW_TIE), 3, "网格边界无效"),
    ("grids.csv", UNIT, UNIT.replace(SQUARE, "POLYGON ((1 2, oh"), 3, "不是 WKT"),
    ("grids.csv", UNIT, UNIT.replace(SQUARE, "POINT (116 40)"), 3, "没有空洞的单个多边形"),
    ("grids.csv", UNIT, UNIT.replace(SQUARE, "POLYGON EMPTY"), 3, "没有空洞的单个多边形"),
    ("grids.csv", UNIT, UNIT.replace(SQUARE, "POLYGON ((0 0, 900 0, 900 9, 0 0))"), 3, "不是经纬度"),
    ("channels.csv", "hot,热线,热,0,1", "hot,热线,热,0,2", 3, "“citizen”的值“2”"),
    ("channels.csv", "hot,热线", "hot,巡查", 3, "“name”的值“巡查”与第 2 行重复"),
    ("operators.csv", "dispatcher@990101", "emperor@990101", 2, "角色“emperor”不存在"),
    ("operators.csv", "dispatcher@990101", "dispatcher@nowhere", 2, "职责范围“nowhere”不在组织中"),
    ("operators.csv", "u_cg,", "U CG,", 3, "登录名“U CG”"),
    ("operators.csv", "u_cg,", "d0032,", 3, "“login”的值“d0032”与第 2 行重复"),
    ("operators.csv", "13900000002", "电话", 3, "电话“电话”"),
    ("scenarios.csv", ",城管委,", ",海军,", 2, "参与单位“海军”没有对应的条线"),
    ("scenarios.csv", ",城管委,", ",城管委 城管委,", 2, "参与单位有重复"),
    ("scenarios.csv", "综合执法", "想吹就吹", 2, "“scope”的值“想吹就吹”不在允许范围内"),
    ("scenarios.csv", ",key,", ",loud,", 2, "“level”的值“loud”不在允许范围内"),
    ("scenarios.csv", ",60,", ",soon,", 2, "“arrive_minutes”的值“soon”不是"),
    ("scenarios.csv", ",60,", ",29,", 2, "到场时限 29 分钟短于响应时限 30 分钟"),
    ("teams.csv", "城管委,3", "海军,3", 2, "成员条线“海军”没有对应的单位"),
    ("teams.csv", "城管委,3", "城管委,0", 2, "“heads”的值“0”不是 1 到 999 的整数"),
    ("teams.csv", "3,1,1", "3,0,1", 2, "没有牵头单位"),
    ("teams.csv", "3,1,1\n", "3,1,1\nT1,执法队,1+X,城管委,1,0,1\n", 3, "与第 2 行重复"),
    ("grid_team.csv", "b1,,leader", ",990101001,leader", 2, "网格长必须写明网格"),
    ("grid_team.csv", "b1,,leader", "b1,990101001,leader", 2, "应恰好填一个"),
    ("grid_team.csv", "b1,,leader", "b9,,leader", 2, "网格“b9”不存在"),
    ("grid_team.csv", "u1,,worker", "b1,,leader", 3, "“grid_key”的值“b1”与第 2 行重复"),
    ("grid_team.csv", "u1,,worker", "u1,,emperor", 3, "“role”的值“emperor”"),
    ("grid_team.csv", "13910000002,,", "13910000002,城管委,", 3, "专业网格员必须写明条线"),
    ("grid_team.csv", "13910000002", "电话", 3, "电话“电话”"),
    ("grid_team.csv", "城管委,1", "海军,1", 4, "条线“海军”没有对应的单位"),
    ("grid_team.csv", "城管委,1", ",1", 4, "专业网格员必须写明条线"),
    ("grid_team.csv", ",990101001,specialist", ",D-城管,specialist", 4, "不是街道、社区"),
    ("grid_team.csv", "法官", "", 5, "“line”不能为空"),
    ("compounds.csv", ",990101001001,", ",990101001,", 2, "社区“990101001”不存在"),
    ("compounds.csv", "1\n", "1\nC2,990101001001,东苑,1\n", 3, "与第 2 行重复"),
]
WHISTLE_RUBBISH = [
    ('code = "key"', 'code = "hard"', "“level”应依次是 normal、key、hard 三级"),
    ("confirm_minutes = 30", "confirm_minutes = 0", "“level[2].confirm_minutes”的值 0 不在"),
    ('clock = "days"', 'clock = "moon"', "“level[1].clock”的值“moon”不存在"),
    ('label = "普通哨"', 'label = " "', "“level[1].label”不能为空"),
    ('adds = ["城管委"]', 'adds = ["海军"]', "“level[2].adds”的值“海军”没有对应的条线"),
    ('adds = ["城管委"]', 'adds = ["城管委", "城管委"]', "“level[2].adds”应是不重复的文字列表"),
    ("adds = []", 'adds = ["城管委"]', "“level[1].adds”应为空"),
    ("escalate_hours = 0", "escalate_hours = 9", "“level[3].escalate_hours”应为 0"),
    ('kind = "street"', 'kind = "king"', "“caller[1].kind”的值“king”不存在"),
    ('"department", "agency"', '"city"', "“caller[1].calls”的值“city”不是可召集的单位类别"),
    ('"department", "agency"', "", "“caller[1].calls”不能为空"),
    ("signed = true", "signed = 1", "“caller[1].signed”缺失或类型不对"),
    ("acted = 30", "acted = 31", "之和应为 100"),
    ("arrive_late = 20", "arrive_late = 41", "迟到的分不能高于按时的分"),
    ("citizen = 0.2", "citizen = 0.3", "之和应为 1"),
    ("citizen = 0.2", 'citizen = "all"', "“weights.citizen”缺失或类型不对"),
    ("radius_m = 150", "radius_m = 5", "“arrival.radius_m”的值 5 不在 10 到 5000 之间"),
    ("reason_below = 60", "reason_below = 101", "“rating.reason_below”"),
    ("on_missed_arrival = false", "on_missed_arrival = 0", "“escalation.on_missed_arrival”缺失或类型不对"),
    ("[objection]", "[obligation]", "“objection”缺失或类型不对"),
]
CATALOGUE_RUBBISH = [
    ("15工作日", "15天", 3, "“handle”时限“15天”"),
    ("15工作日", "0工作日", 3, "时限“0工作日”"),
    ("15工作日", "9999工作日", 3, "超过一年"),
    ("15工作日", "", 3, "“handle”不能为空"),
    ("2010101,event", "1010201,event", 3, "“code”的值“1010201”与第 2 行重复"),
    ("2010101,event", "2010101,miracle", 3, "“kind”的值“miracle”"),
    ("cross,城管委,street", "cross,海军,street", 3, "责任条线“海军”没有对应的单位"),
    ("cross,城管委,street", "cross,城管委,海军", 3, "责任条线“海军”没有对应的单位"),
    ("缺失,3,3,3", "缺失,4,3,3", 2, "“danger”的值“4”不是 1 到 3 的整数"),
    (",120,1,0,", ",-1,1,0,", 3, "“return_window_minutes”"),
    ("未经许可搭建", "", 3, "“filing_condition”不能为空"),
    (
        "市容环境,01,私搭乱建,私搭乱建",
        "公用设施,02,污水井盖,污水井盖缺失",
        3,
        "与第 2 行重复",
    ),
]
TOML_RUBBISH = [
    ('crs = "WGS-84"', 'crs = "GCJ-02"', "坐标系“GCJ-02”不支持"),
    ("reopen_days = 10", 'reopen_days = "ten"', "“reopen_days”缺失或类型不对"),
    ("reopen_days = 10", "reopen_days = true", "“reopen_days”缺失或类型不对"),
    ('title = "小城"', "", "“title”缺失或类型不对"),
    ('start = "13:00"', 'start = "11:00"', "“工作日”的时段颠倒或重叠"),
    ('end = "20:00"', 'end = "07:00"', "“工作时”的时段颠倒或重叠"),
    ('end = "20:00"', 'end = "25:00"', "超过 24:00"),
    ('end = "20:00"', 'end = "8pm"', "不是 时:分"),
    ('clock = "hours"', 'clock = "moon"', "“moon”不存在"),
    ('clock = "hours"', 'clock = "urgent"', "“紧急工作时”的时段颠倒或重叠"),
    ("value = 1 }", 'value = "一" }', "“published[1].value”缺失或类型不对"),
    ('title = "小城"', 'title = "小', "不是合格的 TOML"),
]


def _spoil(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(("file", "old", "new", "row", "reason"), RUBBISH)
def test_rubbish_row_is_named(small_root, file, old, new, row, reason):
    _spoil(small_root / "profiles/small" / file, old, new)
    with pytest.raises(ProfileError) as caught:
        read_profile("small", small_root)
    assert (caught.value.file, caught.value.row) == (file, row)
    assert reason in caught.value.reason
    assert str(caught.value).startswith(f"{file} 第 {row} 行：")


@pytest.mark.parametrize(("old", "new", "row", "reason"), CATALOGUE_RUBBISH)
def test_rubbish_item_is_named(small_root, old, new, row, reason):
    _spoil(small_root / "catalogue/small.csv", old, new)
    with pytest.raises(ProfileError) as caught:
        read_profile("small", small_root)
    assert (caught.value.file, caught.value.row) == ("small.csv", row)
    assert reason in caught.value.reason


@pytest.mark.parametrize(("old", "new", "reason"), TOML_RUBBISH)
def test_rubbish_setting_is_named(small_root, old, new, reason):
    _spoil(small_root / "profiles/small/profile.toml", old, new)
    with pytest.raises(ProfileError) as caught:
        read_profile("small", small_root)
    assert reason in caught.value.reason


@pytest.mark.parametrize(("old", "new", "reason"), WHISTLE_RUBBISH)
def test_rubbish_whistle_rule_is_named(small_root, old, new, reason):
    _spoil(small_root / "profiles/small/whistle.toml", old, new)
    with pytest.raises(ProfileError) as caught:
        read_profile("small", small_root)
    assert (caught.value.file, caught.value.row) == ("whistle.toml", None)
    assert reason in caught.value.reason


def test_a_team_has_one_name_and_one_leader(small_root):
    path = small_root / "profiles/small/teams.csv"
    org = small_root / "profiles/small/org.csv"
    org.write_text(org.read_text("utf-8") + "D-公安,990101,department,小城公安,公安,,公安,1\n", "utf-8")
    good = path.read_text("utf-8")
    for row, reason in (("T1,执法二队,1+X,公安,2,0,1", "与第 2 行不同"), ("T1,执法队,1+X,公安,2,1,1", "与第 2 行重复")):
        path.write_text(f"{good}{row}\n", "utf-8")
        with pytest.raises(ProfileError, match=f"teams.csv 第 3 行.*{reason}"):
            read_profile("small", small_root)


@pytest.mark.parametrize("file", ["org.csv", "grids.csv", "channels.csv", "operators.csv"])
def test_missing_file_is_named(small_root, file):
    (small_root / "profiles/small" / file).unlink()
    with pytest.raises(ProfileError, match=f"{file}：文件不存在"):
        read_profile("small", small_root)


def test_empty_file_is_refused(small_root):
    (small_root / "profiles/small/org.csv").write_bytes(b"")
    with pytest.raises(ProfileError, match="org.csv 第 1 行：表头不符"):
        read_profile("small", small_root)


def test_wrong_encoding_is_refused(small_root):
    path = small_root / "profiles/small/channels.csv"
    path.write_bytes(path.read_text(encoding="utf-8").encode("gb18030"))
    with pytest.raises(ProfileError, match="channels.csv.*无法读取"):
        read_profile("small", small_root)


def test_byte_order_mark_is_allowed(small_root):
    path = small_root / "profiles/small/channels.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert len(read_profile("small", small_root).channels) == 2


def test_a_written_day_counts_the_office_minutes(small_root):
    built = read_profile("small", small_root).catalogue[1]
    assert [(limit.minutes, limit.clock) for limit in built.limits][-3:] == [
        (15 * 480, "days"),
        (480, "days"),
        (480, "days"),
    ]
