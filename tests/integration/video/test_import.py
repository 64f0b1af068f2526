"""import cameras FILE: all of a table or nothing, by the person's own rights, again without effect."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from commandcenter.domain.errors import DomainError, NotAllowed
from commandcenter.profiles.camera_model import CameraEntry
from commandcenter.profiles.camera_table import CAMERA_COLUMNS
from db.cli.import_words import cameras as import_word
from db.engine import make_engine, with_login
from db.gateways.camera_envelope import camera_rows, sealed
from db.gateways.camera_loading import import_cameras
from tests.support.hands import Hands
from tests.support.town import Town
from tests.support.town_cameras import CAMERAS, PASSWORD, entry
from tests.support.town_profile import password_of

pytestmark = pytest.mark.database
NEW = entry(2, "NEW-1", "street", 116.0027, "D-CG")


class At:
    """A station: the words reach this town and know everybody's password."""

    def __init__(self, town: Town) -> None:
        self.server, self.owner, self.database = town, town.owner, town.url

    def ready(self) -> str:
        return "town"

    def first_login(self, role: str) -> str:
        return f"t_{role}"

    def password_of(self, login: str) -> str | None:
        return password_of(login) if login != "t_stranger" else None


@pytest.fixture
def hands(town: Town) -> Hands:
    return Hands(town)


@pytest.fixture
def admin(town: Town) -> Iterator[Engine]:
    engine = make_engine(with_login(town.url, "t_admin", password_of("t_admin")), application_name="a", pool_size=1)
    yield engine
    engine.dispose()


def _state(hands: Hands) -> list[tuple[Any, ...]]:
    return hands.rows("select c.*, s.* from cc.camera c join cc.camera_secret s on s.camera_id = c.id order by c.no")


def _csv(path: Path, *rows: str, header: str = ",".join(CAMERA_COLUMNS), encoding: str = "utf-8") -> Path:
    path.write_bytes("\r\n".join([header, *rows, ""]).encode(encoding))
    return path


ROW = (
    "N1,新摄像机,道路街面,116.0027,40.0025,某路1号,区城管委,rtsp://10.9.9.9/a,rtsp://10.9.9.9/b,u,p@ss,udp,"
    "值班长:辖区 处置员：归属单位,"
)


# ---------------------------------------------------------------- the word
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_table_comes_in_and_again_changes_nothing(encoding: str, town: Town, hands: Hands, tmp_path: Path) -> None:
    second = ROW.replace("N1", "N2").replace(",udp", ",").replace("rtsp://10.9.9.9/b", "")
    file = _csv(tmp_path / "摄像机.csv", ROW, second, encoding=encoding)
    answer = import_word(At(town), file, False, None)  # type: ignore[arg-type]
    assert answer.ok and answer.figures["added"] == 2 and "新增 2 个" in answer.lines[-1]
    assert hands.rows(
        "select c.name, c.category, o.key, c.streams, c.view, c.in_use, c.version, c.sample, s.user_name, s.password,"
        " s.transport, g.key, s.main_url, s.sub_url from cc.camera c join cc.org o on o.id = c.owner_id"
        " join cc.grid g on g.id = c.grid_id join cc.camera_secret s on s.camera_id = c.id where c.no like 'N_'"
        " order by c.no"
    ) == [
        ("新摄像机", "street", "D-CG", ["main", "sub"], ["supervisor:territory", "handler:owner"], True, 1, False, "u",
         "p@ss", "udp", "G-A1-0", "rtsp://10.9.9.9/a", "rtsp://10.9.9.9/b"),
        ("新摄像机", "street", "D-CG", ["main"], ["supervisor:territory", "handler:owner"], True, 1, False, "u", "p@ss",
         "tcp", "G-A1-0", "rtsp://10.9.9.9/a", ""),
    ]  # fmt: skip
    before = _state(hands)
    again = import_word(At(town), file, False, None)  # type: ignore[arg-type]
    assert again.ok and (again.figures["added"], again.figures["changed"], again.figures["same"]) == (0, 0, 2)
    assert _state(hands) == before
    log = hands.rows(
        "select actor_login, subject, detail from cc.admin_log where action = 'cameras' order by id desc limit 2"
    )
    assert log == [("t_admin", "摄像机.csv", {"same": 2}), ("t_admin", "摄像机.csv", {"added": 2})]


def test_every_fault_is_said_by_its_row_and_nothing_is_done(town: Town, hands: Hands, tmp_path: Path) -> None:
    before = _state(hands)
    file = _csv(
        tmp_path / "cameras.csv", ROW, ",无编号,道路街面,116.0027,40.0025,,区城管委,rtsp://10.9.9.9/secret-a,,,Pa55,,,",
        "N3,,不存在,东,400,,谁家,rtsp://10.9.9.9/secret-b,,,Pa55,,所有人,坏",
        "N4,远,道路街面,10,10,,区城管委,rtsp://10.9.9.9/secret-c,,,Pa55,,,",
        "N5,址,道路街面,116.0027,40.0025,,区城管委,ftp://10.9.9.9/secret-d,rtsp://u:Pa55@h/secret-e,,,x25,,",
        "N6,无码流,道路街面,116.0027,40.0025,,区城管委,,,,Pa55,,,", ROW,
        "N7,多一列,道路街面,116.0027,40.0025,,区城管委,rtsp://10.9.9.9/secret-f,,,Pa55,,,,secret-g",
    )  # fmt: skip
    answer = import_word(At(town), file, False, None)  # type: ignore[arg-type]
    said = "\n".join(answer.lines)
    assert not answer.ok and _state(hands) == before
    assert "secret" not in said and "Pa55" not in said and "10.9.9.9" not in said
    assert "secret" not in json.dumps(answer.figures, ensure_ascii=False)
    for words in (
        "第 3 行：编号不能为空", "第 4 行：名称不能为空", "第 4 行：没有这个类别", "第 4 行：经度", "第 4 行：纬度",
        "第 4 行：没有这个归属单位", "第 4 行：可见范围", "第 4 行：状态", "第 5 行：经纬度不在您可管理的网格内",
        "第 6 行：主码流须以", "第 6 行：子码流中不要写账号密码", "第 6 行：传输只能是", "第 7 行：请填写主码流",
        "第 8 行：编号与前面的行重复", "第 9 行：列数比表头多", "没有导入任何摄像机",
    ):  # fmt: skip
        assert words in said, words
    assert answer.figures["added"] == 0 and len(answer.figures["faults"]) == len(answer.lines) - 1


def test_a_dry_run_writes_nothing(town: Town, hands: Hands, tmp_path: Path) -> None:
    before = _state(hands)
    answer = import_word(At(town), _csv(tmp_path / "c.csv", ROW), True, "t_supervisor")  # type: ignore[arg-type]
    assert answer.ok and "检查通过：新增 1 个" in answer.lines[-1]
    assert _state(hands) == before
    assert hands.sql("select count(*) from cc.admin_log where action = 'cameras'") == 1  # the profile's own


@pytest.mark.parametrize(("content", "words"), [
    (b"", "空文件"), (b"\x89PNG\r\n", "PNG"), (b"\0\0\0\0", "不是文字表格"), ("编号,名称\r\n1,2".encode(), "缺少类别"),
    (b"rtsp://10.9.9.9/x,secret\r\n", "缺少编号"), ((",".join(CAMERA_COLUMNS)).encode(), "只有表头"),
    ((",".join(CAMERA_COLUMNS) + ",别的\r\nx").encode(), "第 15 列不认识"),
])  # fmt: skip
def test_what_is_no_table_of_cameras_is_said(content: bytes, words: str, town: Town, tmp_path: Path) -> None:
    file = tmp_path / "c.csv"
    file.write_bytes(content)
    with pytest.raises(DomainError, match=words) as refused:
        import_word(At(town), file, False, None)  # type: ignore[arg-type]
    assert "secret" not in str(refused.value) and "10.9.9.9" not in str(refused.value)


# ---------------------------------------------------------------- rights
@pytest.mark.parametrize("login", ["dispatcher", "handler", "auditor", "screen", "leader", "cg", "gateway"])
def test_only_administrators_and_supervisors_bring_cameras_in(login: str, town: Town, hands: Hands) -> None:
    login = {"handler": "street_a"}.get(login, login)
    before = _state(hands)
    with pytest.raises(NotAllowed):
        hands.as_person(login, "select cc.camera_envelope()")
    with pytest.raises(NotAllowed):
        hands.as_person(login, r"select cc.load_cameras('\x0102', 'x')")
    assert _state(hands) == before


def test_a_person_whose_password_is_not_here_is_told_so(town: Town, tmp_path: Path) -> None:
    with pytest.raises(DomainError, match="--database"):
        import_word(At(town), _csv(tmp_path / "c.csv", ROW), False, "t_stranger")  # type: ignore[arg-type]


# ---------------------------------------------------------------- the function
def test_a_change_raises_the_version_and_blank_addresses_stay(admin: Engine, hands: Hands) -> None:
    assert import_cameras(admin, [NEW], "f", only_check=False).added == 1
    blank = {"main": "", "sub": "", "user": "", "password": "", "transport": ""}
    renamed = replace(NEW, name="新名称", view=("auditor:territory",), **blank)
    done = import_cameras(admin, [renamed], "f", only_check=False)
    assert (done.added, done.changed, done.same) == (0, 1, 0)
    assert hands.rows(
        "select name, version, view, streams, s.password, s.main_url from cc.camera c"
        " join cc.camera_secret s on s.camera_id = c.id where no = 'NEW-1'"
    ) == [("新名称", 2, ["auditor:territory"], ["main", "sub"], PASSWORD, NEW.main)]
    assert import_cameras(admin, [renamed], "f", only_check=False).same == 1
    other_password = replace(renamed, main=NEW.main, sub="", user="", password="other")
    assert import_cameras(admin, [other_password], "f", only_check=False).changed == 1
    assert hands.rows("select version, streams, s.password, s.sub_url from cc.camera c join cc.camera_secret s"
                      " on s.camera_id = c.id where no = 'NEW-1'") == [(3, ["main"], "other", "")]  # fmt: skip
    off = replace(renamed, in_use=False)
    import_cameras(admin, [off], "f", only_check=False)
    assert hands.rows("select in_use from cc.camera where no = 'NEW-1'") == [(False,)]


def test_an_envelope_opens_once_and_for_its_owner(town: Town, hands: Hands) -> None:
    key = bytes(hands.as_person("admin", "select cc.camera_envelope()"))
    content = sealed(key, camera_rows([NEW], {"D-CG": hands.org("D-CG")}))
    load = "select cc.load_cameras(%s, 'f')"
    with pytest.raises(DomainError, match="重新导入"):
        hands.as_person("supervisor", load, content)
    assert hands.as_person("admin", load, content)["added"] == 1
    with pytest.raises(DomainError, match="重新导入"):
        hands.as_person("admin", load, content)
    hands.as_person("admin", "select cc.camera_envelope()")
    before = _state(hands)
    assert hands.as_person("admin", load, content)["errors"][0]["words"].startswith("内容不是摄像机表")  # another key
    with hands.trying():
        hands.as_person("admin", "select cc.camera_envelope()")
        hands.sql("update cc.camera_envelope set made_at = made_at - interval '11 minutes'")
        with pytest.raises(DomainError, match="重新导入"):
            hands.as_person("admin", load, content)
    assert _state(hands) == before


RUBBISH: list[Any] = [
    None, 17, "x", {}, [], [1], [None], ["rtsp://10.9.9.9/secret"], [[]], [{"no": {"main": "secret"}}],
    [{"row": "x", "no": "R1"}],
]  # fmt: skip
BAD_CELLS: list[dict[str, Any]] = [
    {"lon": "NaN"}, {"lon": "Infinity"}, {"lon": "secret"}, {"lat": None}, {"lon": 1e300}, {"owner": "secret"},
    {"owner": 10**20}, {"owner": None}, {"no": "a b"}, {"no": "x" * 41}, {"no": "'; drop"}, {"name": "x" * 61},
    {"place": "x" * 121}, {"category": None}, {"view": ["secret"]}, {"view": [None]}, {"view": [{"a": 1}]},
    {"view": ["admin:territory"]}, {"view": ["supervisor:everything"]}, {"in_use": "secret"},
    {"main": "javascript:secret"}, {"main": "rtsp://" + "x" * 1000}, {"main": "rtsp://h/\n"}, {"main": "rtsp://"},
    {"main": "rtsp://u:secret@h/x"}, {"main": {"secret": 1}}, {"sub": "concat:secret"}, {"user": "x" * 101},
    {"password": "x" * 201}, {"password": "a\tb"}, {"transport": "secret"},
]  # fmt: skip


def _send(hands: Hands, rows: Any) -> dict[str, Any]:
    key = bytes(hands.as_person("supervisor", "select cc.camera_envelope()"))
    content = sealed(key, json.dumps(rows).encode())
    answer: dict[str, Any] = hands.as_person("supervisor", "select cc.load_cameras(%s, 'f')", content)
    return answer


@pytest.fixture(scope="module")
def here(shared_town: Town) -> Hands:
    return Hands(shared_town)


@pytest.mark.parametrize("rows", RUBBISH, ids=str)
def test_a_supervisor_with_psql_brings_no_rubbish_in(rows: Any, here: Hands) -> None:
    before = _state(here)
    answer = _send(here, rows)
    assert answer["errors"] and "secret" not in str(answer["errors"])
    assert _state(here) == before


@pytest.mark.parametrize("cell", BAD_CELLS, ids=lambda cell: f"{next(iter(cell.items()))}"[:40])
def test_nor_a_cell_that_breaks_its_readers(cell: dict[str, Any], here: Hands) -> None:
    before = _state(here)
    good = json.loads(camera_rows([NEW], {"D-CG": here.org("D-CG")}))[0]
    answer = _send(here, [good | cell])
    assert [e["row"] for e in answer["errors"]] == [2] and "secret" not in str(answer["errors"])
    assert _state(here) == before


def test_a_demo_address_is_for_sample_cities(town: Town, hands: Hands, admin: Engine) -> None:
    demo = replace(NEW, main="demo://street-1/main", sub="")
    assert import_cameras(admin, [demo], "f", only_check=True).added == 1
    hands.sql("update cc.district set sample = false")
    (fault,) = import_cameras(admin, [demo], "f", only_check=False).faults
    assert "示例地址" in fault.words


def test_two_imports_at_once_take_turns(town: Town, hands: Hands) -> None:
    from concurrent.futures import ThreadPoolExecutor

    engines = [make_engine(with_login(town.url, f"t_{who}", password_of(f"t_{who}")), application_name=who, pool_size=1)
               for who in ("admin", "supervisor")]  # fmt: skip
    entries = [replace(NEW, no=f"B{n}", row=n + 2) for n in range(60)]

    def load(engine: Engine) -> tuple[int, int]:
        done = import_cameras(engine, entries, "f", only_check=False)
        return done.added, done.same

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(load, engines)) == [(0, 60), (60, 0)]
    for engine in engines:
        engine.dispose()
    assert hands.sql("select count(*) from cc.camera") == len(CAMERAS.cameras) + 60


def test_a_large_table_is_quick_enough(admin: Engine, hands: Hands) -> None:
    import time

    entries: list[CameraEntry] = [replace(NEW, no=f"L{n}", row=n + 2, name=f"第{n}号") for n in range(3000)]
    begun = time.monotonic()
    assert import_cameras(admin, entries, "f", only_check=False).added == 3000
    assert time.monotonic() - begun < 60
