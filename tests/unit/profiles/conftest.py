"""A tiny valid profile on disk, and the shipped one read once."""

from __future__ import annotations

from pathlib import Path

import pytest

from commandcenter.profiles.model import Profile
from commandcenter.profiles.reader import read_profile

TOML = """
title = "小城"
crs = "WGS-84"
sample = true
reopen_days = 10
sources = []
statistics = []
office_windows = [
  { clock = "urgent", start = "00:00", end = "24:00" },
  { clock = "hours", start = "08:00", end = "20:00" },
  { clock = "days", start = "09:00", end = "12:00" },
  { clock = "days", start = "13:00", end = "18:00" },
]
published = [{ metric = "streets", label = "街道", value = 1 }]
"""
ORG = """key,parent_key,kind,name,short_name,serves_key,line,sample
990101,,district,小城区,小城,,,0
990101001,990101,street,东街街道,东街,,,0
990101001001,990101001,community,一社区,一,,,0
D-城管,990101,department,小城区城管委,城管委,,城管委,1
A-1,D-城管,agency,东街城管所,东街城管所,990101001,,1
"""
GRIDS = """key,parent_key,street_key,community_key,kind,code,name,wkt
b1,,990101001,990101001001,basic,b1,一 01,"POLYGON ((116 40, 116.01 40, 116.01 40.01, 116 40.01, 116 40))"
u1,b1,990101001,990101001001,unit,u1,一 01-1,"POLYGON ((116 40, 116.01 40, 116.01 40.01, 116 40.01, 116 40))"
"""
CHANNELS = """code,name,short_name,proactive,citizen
patrol,巡查,巡,1,0
hot,热线,热,0,1
"""
OPERATORS = """login,name,phone,duties
d0032,王一,13900000001,dispatcher@990101
u_cg,李二,13900000002,handler@D-城管 verifier@990101001
"""
SCENARIOS = """code,scope,name,parties,rule,level,confirm_minutes,arrive_minutes,handle_hours
Z01,综合执法,违建拆除,城管委,1 小时内到场,key,,60,
"""
WHISTLE = """
[arrival]
radius_m = 150
early_minutes = 30
late_minutes = 15
[[level]]
code = "normal"
label = "普通哨"
confirm_minutes = 120
clock = "days"
arrive_minutes = 960
escalate_hours = 72
adds = []
[[level]]
code = "key"
label = "重点哨"
confirm_minutes = 30
clock = "urgent"
arrive_minutes = 120
escalate_hours = 48
adds = ["城管委"]
[[level]]
code = "hard"
label = "疑难哨"
confirm_minutes = 60
clock = "hours"
arrive_minutes = 480
escalate_hours = 0
adds = []
[[caller]]
kind = "street"
calls = ["department", "agency"]
signed = true
[escalation]
on_missed_confirm = true
on_missed_arrival = false
[score]
respond_on_time = 30
respond_late = 15
arrive_on_time = 40
arrive_late = 20
acted = 30
[weights]
response = 0.4
street = 0.4
citizen = 0.2
[rating]
reason_below = 60
[objection]
days = 3
[rectification]
days = 5
[bulletin]
automatic = false
"""
TEAMS = """code,name,template,line,heads,lead,sample
T1,执法队,1+X,城管委,3,1,1
"""
GRID_TEAM = """grid_key,org_key,role,name,phone,line,sample
b1,,leader,张三,13910000001,,1
u1,,worker,李四,13910000002,,1
,990101001,specialist,王五,13910000003,城管委,1
,990101001001,partner,赵六,13910000004,法官,0
"""
COMPOUNDS = """key,community_key,name,sample
C1,990101001001,东苑,1
"""
CATALOGUE = (
    "code,kind,domain,major_code,major,minor_code,minor,name,danger,visibility,disorder,urgent,grade_hint,line,"
    "fallback,accept,file,dispatch,receive,handle,verify,close,return_window_minutes,photo_required,sample,"
    "filing_condition,closing_standard\n"
    "1010201,component,城市管理,01,公用设施,02,污水井盖,污水井盖缺失,3,3,3,1,clear,城管委,street,"
    "5紧急工作分,5紧急工作分,5紧急工作分,10紧急工作分,2紧急工作时,1紧急工作时,30紧急工作分,10,1,1,井口敞开,补装\n"
    "2010101,event,城市管理,01,市容环境,01,私搭乱建,私搭乱建,3,3,3,0,cross,城管委,street,"
    "30工作分,30工作分,1工作时,2工作时,15工作日,1工作日,1工作日,120,1,0,未经许可搭建,拆除\n"
)


@pytest.fixture
def small_root(tmp_path: Path) -> Path:
    """A resources folder with one profile, ``small``, which reads without complaint."""
    folder = tmp_path / "profiles" / "small"
    folder.mkdir(parents=True)
    (tmp_path / "catalogue").mkdir()
    files = {
        folder / "profile.toml": TOML,
        folder / "org.csv": ORG,
        folder / "grids.csv": GRIDS,
        folder / "channels.csv": CHANNELS,
        folder / "operators.csv": OPERATORS,
        folder / "scenarios.csv": SCENARIOS,
        folder / "whistle.toml": WHISTLE,
        folder / "teams.csv": TEAMS,
        folder / "grid_team.csv": GRID_TEAM,
        folder / "compounds.csv": COMPOUNDS,
        tmp_path / "catalogue" / "small.csv": CATALOGUE,
    }
    for path, text in files.items():
        path.write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture(scope="session")
def dongcheng() -> Profile:
    """The shipped profile 东城."""
    return read_profile("dongcheng")
