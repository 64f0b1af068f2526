"""公文 with a code that can be checked, standing teams, the file in one answer, and who is expected elsewhere."""

import hashlib
import json
import re
import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest

from commandcenter.domain.errors import InvalidInput, LoginRefused, NotAllowed, NotFound, WrongState
from tests.integration.whistle.lanes import Whistles
from tests.support.clocks import BEIJING, travel

pytestmark = pytest.mark.database


def _document(whistles: Whistles, login: str, number: int, command: str | None = None) -> dict[str, Any]:
    answer: dict[str, Any] = whistles.as_person(
        login, "select cc.issue_document(%s, %s)", command or str(uuid.uuid4()), number
    )
    return answer


def test_a_document_says_what_the_rows_say(whistles: Whistles) -> None:
    case = whistles.report()
    number = whistles.issued("order", cases=[case], parties=[
        {"unit_id": whistles.unit("D-GA"), "heads": 2}, {"unit_id": whistles.unit("D-CG"), "heads": 6, "lead": True},
    ])  # fmt: skip
    made = _document(whistles, "cg", number)
    said = made["content"]
    assert re.fullmatch(r"[2-9A-HJ-NP-Z]{4}(-[2-9A-HJ-NP-Z]{4}){2}", made["code"])
    row = whistles.summons(number)
    assert (said["no"], said["title"], said["place"], said["caller"], said["level"]) == (
        row["no"], "占道经营", "甲一社区东门", "测试区", "重点哨",
    )  # fmt: skip
    assert (said["drafted_by"], said["signed_by"], said["checks"]) == ("值班长甲", "值班长甲", ["疏导交通"])
    sent = [(p["name"], p["heads"], p["lead"]) for p in said["parties"]]
    assert sent == [("区城管委", 6, True), ("公安分局", 2, False)]
    assert said["cases"] == [whistles.row(case)["no"]]
    assert said["date"] == row["issued_at"].astimezone(BEIJING).strftime("%Y-%m-%d")
    kept = whistles.sql("select content::text from cc.summons_document where code = %s", made["code"])
    assert made["digest"] == hashlib.sha256(kept.encode()).hexdigest()


def test_whoever_logs_in_can_check_a_printed_code_and_a_changed_one_is_unknown(whistles: Whistles) -> None:
    made = _document(whistles, "leader", whistles.issued())
    check = "select cc.check_document(%s)"
    for typed in (made["code"], made["code"].lower().replace("-", " "), made["code"].replace("-", "")):
        assert whistles.as_person("street_b", check, typed) == made
    for wrong in ("", "AAAA-AAAA-AAAA", made["code"][:-1], made["code"] + "2"):
        assert whistles.as_person("street_b", check, wrong) is None
    with whistles.trying():
        forged = "update cc.summons_document set content = jsonb_set(content, '{place}', '\"别处\"') where code = %s"
        whistles.sql(forged, made["code"])
        assert whistles.as_person("street_b", check, made["code"]) is None
    with whistles.trying():
        whistles.sql("update cc.operator set active = false where login = 't_street_b'")
        with pytest.raises(LoginRefused):
            whistles.as_person("street_b", check, made["code"])


def test_what_did_not_change_gets_no_second_code(whistles: Whistles) -> None:
    number, command = whistles.issued(), str(uuid.uuid4())
    first = _document(whistles, "leader", number, command)
    assert _document(whistles, "leader", number, command) == first | {"replayed": True}
    assert _document(whistles, "cg", number) == first
    with whistles.trying():
        whistles.sql("set local timezone = 'America/New_York'")
        assert _document(whistles, "cg", number)["digest"] == first["digest"]  # a client elsewhere says the same
    whistles.do("leader", number, "add_party", unit_id=whistles.unit("D-SW"))
    second = _document(whistles, "leader", number)
    assert second["code"] != first["code"] and len(second["content"]["parties"]) == 3
    assert whistles.as_person("cg", "select cc.check_document(%s)", first["code"]) == first  # the first one stays true


def test_a_draft_has_no_document(whistles: Whistles) -> None:
    with pytest.raises(WrongState):
        _document(whistles, "leader", whistles.open())
    with pytest.raises(NotFound):
        _document(whistles, "street_b", whistles.issued())
    with pytest.raises(NotAllowed):
        _document(whistles, "screen", whistles.issued())


def test_the_file_holds_everything_in_one_answer(whistles: Whistles) -> None:
    case = whistles.report()
    number = whistles.issued(cases=[case])
    whistles.lane("cg", number, "ask_release", reason="不属于", legal_basis="三定方案")
    whistles.do("leader", number, "consult", title="现场会", meet_at=whistles.ahead(hours=3))
    whistles.all_forward(number, "signed")
    whistles.close(number)
    whistles.rate_all(number, reason="好")
    whistles.lane("cg", number, "object", reason="不服")
    made = _document(whistles, "leader", number)
    found = whistles.as_person("cg", "select cc.summons_file(%s)", number)
    assert found["row"]["cases"] == [case] and [p["no"] for p in found["row"]["parties"]] == [1, 2]
    assert found["words"]["1"] == ["已处置", "城管罚〔2026〕1 号", "不属于；依据：三定方案", "好"]
    assert (found["reason"], found["conclusion"], found["documents"]) == ("群众反映", "已清理", [made])
    assert [o[0] for o in found["objections"]] == [1] and found["objections"][0][2] == "不服"
    assert [m["kind"] for m in found["meetings"]] == ["second"] and len(found["files"]) == 2
    assert [e[7] for e in found["trace"]] == whistles.actions(number)


def _save(whistles: Whistles, login: str, **args: Any) -> dict[str, Any]:
    answer: dict[str, Any] = whistles.as_person(
        login, "select cc.save_team(%s, %s)", str(uuid.uuid4()), json.dumps(args, ensure_ascii=False)
    )
    return answer


def test_a_supervisor_saves_a_team_and_saves_it_again(whistles: Whistles) -> None:
    lines = [{"line": "城管委", "heads": 4, "lead": True}, {"line": "公安", "heads": 2}]
    team = _save(whistles, "supervisor", name="夜市整治队", template="1+X", lines=lines)
    assert (team["own"], team["template"]) == (True, "1+X")
    sent = [(line["line"], line["heads"], line["lead"]) for line in team["lines"]]
    assert sent == [("城管委", 4, True), ("公安", 2, False)]
    again = _save(whistles, "supervisor", name="夜市整治队", template="1+1", lines=lines[:1])
    assert (again["id"], len(again["lines"]), again["template"]) == (team["id"], 1, "1+1")
    assert whistles.as_person("leader", "select count(*) from cc.team_line where team_id = %s", team["id"]) == 1


@pytest.mark.parametrize("args", [
    {"name": "", "lines": [{"line": "公安", "lead": True}]}, {"name": "队", "lines": []}, {"name": "队"},
    {"name": "队", "lines": [{"line": "公安"}]}, {"name": "队", "lines": [{"line": "飞行", "lead": True}]},
    {"name": "队", "lines": [{"line": "公安", "lead": True, "heads": 0}]},
    {"name": "街道综合执法队", "lines": [{"line": "公安", "lead": True}]},
])  # fmt: skip
def test_a_team_that_does_not_hold_together_is_refused(args: dict[str, Any], whistles: Whistles) -> None:
    with pytest.raises(InvalidInput):
        _save(whistles, "supervisor", **args)
    with pytest.raises(NotAllowed):
        _save(whistles, "leader", name="队", lines=[{"line": "公安", "lead": True}])


def test_a_unit_is_busy_until_its_lane_has_signed_or_left(whistles: Whistles) -> None:
    meet = whistles.now() + timedelta(days=5)
    number = whistles.issued("order", units=("D-SW", "D-CG"), meet_at=meet.isoformat(),
                             ends_at=(meet + timedelta(hours=3)).isoformat())  # fmt: skip

    def busy(since: float, until: float, besides: int | None = None) -> list[tuple[Any, ...]]:
        return whistles.rows(
            "select unit_id, no, until_at from cc.summons_conflicts(%s, %s, %s, %s)", [whistles.unit("D-SW")],
            meet + timedelta(hours=since), meet + timedelta(hours=until), besides,
        )  # fmt: skip

    with whistles.trying():
        whistles.sql("set session authorization t_supervisor")
        assert [row[2] for row in busy(2, 4)] == [meet + timedelta(hours=3)]
        assert busy(-2, -1) == busy(3.1, 4) == busy(2, 4, besides=number) == []
        whistles.sql("reset session authorization")
        whistles.sql("update cc.summons_party set state = 'signed' where summons_id = %s", number)
        whistles.sql("set session authorization t_supervisor")
        assert busy(2, 4) == []
    whistles.sql("reset session authorization")


def conflicts(whistles: Whistles, key: str, since: datetime, hours: float = 1, besides: int | None = None) -> list[str]:
    """Numbers of what expects a unit then, as the supervisor is told."""
    ask = "select array_agg(no order by no) from cc.summons_conflicts(%s, %s, %s, %s)"
    found = whistles.as_person("supervisor", ask, [whistles.unit(key)], since, since + timedelta(hours=hours), besides)
    return found or []


def test_only_an_appointed_hour_stands_against_another(whistles: Whistles) -> None:
    hour = travel(whistles, "2026-12-15 09:00") + timedelta(hours=3)
    whistles.issued(level="normal", units=("PCS-A",))
    assert conflicts(whistles, "PCS-A", hour - timedelta(hours=3), 48) == []
    appointed = whistles.summons(whistles.issued(level="normal", units=("PCS-A",), meet_at=hour.isoformat()))
    assert conflicts(whistles, "PCS-A", hour - timedelta(hours=1.5)) == []
    assert conflicts(whistles, "PCS-A", hour + timedelta(hours=1.9)) == [appointed["no"]]
    assert conflicts(whistles, "PCS-A", hour + timedelta(hours=2.1)) == []
    assert conflicts(whistles, "PCS-A", hour, besides=appointed["id"]) == []


def test_a_meeting_expects_whoever_has_not_excused_himself(whistles: Whistles) -> None:
    hour = travel(whistles, "2026-12-17 09:00") + timedelta(hours=3)
    args = {"caller_id": whistles.unit("A"), "title": "占道经营会商", "meet_at": hour.isoformat(),
            "units": [whistles.unit("PCS-A"), whistles.unit("D-SW")]}  # fmt: skip
    answer = whistles.as_person("leader", "select cc.call_meeting(%s, %s)", str(uuid.uuid4()), json.dumps(args))
    assert conflicts(whistles, "PCS-A", hour) == conflicts(whistles, "D-SW", hour) == [answer["no"]]
    excuse = "select cc.meeting_act(%s, %s, 1, 'excuse', %s)"
    said = {"unit_id": whistles.unit("D-SW"), "reason": "防汛值守"}
    whistles.as_person("sw", excuse, str(uuid.uuid4()), answer["entity_id"], json.dumps(said))
    assert conflicts(whistles, "D-SW", hour) == [] and conflicts(whistles, "PCS-A", hour) == [answer["no"]]
    ask = "select array_agg(array[summons_id::text, no]) from cc.summons_conflicts(%s, %s, %s, null)"
    assert whistles.as_person("leader_b", ask, [whistles.unit("PCS-A")], hour, hour) == [["0", ""]]
