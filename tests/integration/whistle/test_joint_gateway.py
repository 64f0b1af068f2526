"""Whistles, orders, meetings and tasks over the ports: what is written is read, within each person's scope."""

from __future__ import annotations

import time
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event

from commandcenter.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound, WrongState
from commandcenter.domain.joint import (
    CalledUnit,
    JointCommand,
    JointDone,
    NewJointFile,
    NewMeeting,
    NewSummons,
    NewTask,
    SummonsRow,
    TeamLine,
)
from commandcenter.domain.model import Command
from commandcenter.ports_joint import JointCommands, JointQueries
from db.gateways.session import PgSession
from tests.integration.whistle.lanes import GOOD, PLACE, Whistles
from tests.support.town import PNG, Town
from tests.support.town_whistles import SCENARIOS, TEAMS, WHISTLE

FAR = 3650 * 86_400.0


def commands(town: Town, who: str) -> JointCommands:
    return town.session(who).joint_commands


def queries(town: Town, who: str = "supervisor") -> JointQueries:
    return town.session(who).joint_queries


def now(whistles: Whistles) -> float:
    return whistles.now().timestamp()


def row(town: Town, number: int, who: str = "supervisor") -> SummonsRow:
    (found,) = queries(town, who).joint([number]).summons
    return found


def draft(town: Town, whistles: Whistles, **facts) -> NewSummons:
    given = {
        "title": "占道经营", "parties": (CalledUnit(town.org("D-CG"), 3, True), CalledUnit(town.org("D-GA"))),
        "place": "甲一社区东门", **PLACE, "reason": "群众反映",
    }  # fmt: skip
    return NewSummons(uuid4(), "whistle", town.org("A"), "综合执法", **(given | facts))


def act(town: Town, who: str, number: int, action: str, party_no: int | None = None, **args) -> JointDone:
    found = row(town, number)
    version = found.version if party_no is None else found.party(party_no).version
    command = JointCommand(uuid4(), "summons", number, party_no, version, action, args)
    return commands(town, who).act(command)


# ---------------------------------------------------------------- summons
def test_a_draft_is_read_as_it_was_written(shared_town: Town, whistles: Whistles) -> None:
    case_id = shared_town.filed()
    meet_at = now(whistles) + 3600
    new = draft(shared_town, whistles, cases=(case_id,), meet_at=meet_at, level="key", scenario="Z01")
    done = commands(shared_town, "dispatcher").open_summons(new)
    found = row(shared_town, done.entity_id)
    assert (done.entity, done.state, done.no, done.version) == ("summons", "draft", found.no, 1)
    assert (found.title, found.place, found.level, found.scenario, found.caller_kind) == (
        "占道经营", "甲一社区东门", "key", "Z01", "street",
    )  # fmt: skip
    assert (found.street_id, found.lon, found.lat) == (shared_town.org("A"), PLACE["lon"], PLACE["lat"])
    assert found.meet_at == pytest.approx(meet_at)
    assert found.cases == (case_id,)
    assert [(p.no, p.unit_id, p.line, p.heads, p.lead, p.state, p.live) for p in found.parties] == [
        (1, shared_town.org("D-CG"), "城管委", 3, True, "pending", True),
        (2, shared_town.org("D-GA"), "公安", None, False, "pending", True),
    ]
    assert [one.id for one in queries(shared_town).summons_of_case(case_id)] == [found.id]


def test_the_same_draft_twice_is_one(shared_town: Town, whistles: Whistles) -> None:
    new = draft(shared_town, whistles)
    first, second = (commands(shared_town, "dispatcher").open_summons(new) for _ in range(2))
    assert second == JointDone(**{**{f: getattr(first, f) for f in first.__slots__}, "replayed": True})


def test_lanes_and_times_of_an_issued_one(shared_town: Town, whistles: Whistles) -> None:
    number = whistles.issued()
    act(shared_town, "cg", number, "respond", 1, note="马上到")
    found = row(shared_town, number)
    lane = found.party(1)
    assert found.state == "issued"
    assert (lane.state, lane.response, lane.version, lane.clock) == ("responded", "on_time", 2, "urgent")
    assert lane.confirm_due == pytest.approx(found.issued_at + 30 * 60)
    assert lane.arrive_due == pytest.approx(found.issued_at + 120 * 60 + 15 * 60)
    assert lane.responded_at == pytest.approx(now(whistles), abs=60)
    assert found.party(2).responded_at is None


def test_a_number_or_its_last_digits_find_one(shared_town: Town, whistles: Whistles) -> None:
    number = whistles.open()
    no = row(shared_town, number).no
    ask = queries(shared_town).summons_by_no
    for wanted in (no, f" {no.lower()} ", no.rsplit("-", 1)[1], str(number % 10**9)):
        assert ask(wanted).id == number
    assert ask("CS-20200101-0001") is None
    assert ask("没有") is None


def test_who_is_not_concerned_sees_nothing(shared_town: Town, whistles: Whistles) -> None:
    number = whistles.issued()
    for stranger in ("sw", "street_b", "leader_b"):
        assert queries(shared_town, stranger).joint([number]).summons == ()
        assert number not in [one.id for one in queries(shared_town, stranger).open_joint().summons]
        with pytest.raises(NotFound):
            queries(shared_town, stranger).summons_file(number)
    assert row(shared_town, number, "cg").title == "占道经营"


def test_the_hall_screen_reads_figures_and_no_words(shared_town: Town, whistles: Whistles) -> None:
    number = whistles.issued()
    found = row(shared_town, number, "screen")
    assert (found.title, found.place) == ("", "")
    assert len(found.parties) == 2
    assert queries(shared_town, "screen").summons_file(number).reason == ""


def test_what_is_over_leaves_the_open_set_and_is_found_in_the_archive(shared_town: Town, whistles: Whistles) -> None:
    old, gone = whistles.to("archived"), whistles.to("withdrawn")
    ask = queries(shared_town)
    assert not {old, gone} & {one.id for one in ask.open_joint().summons}
    assert [one.id for one in ask.archived("whistle", None, 2)] == [gone, old]
    assert [one.id for one in ask.archived("whistle", gone, 1)] == [old]
    assert old not in [one.id for one in ask.archived("order", None, 100)]


def test_a_refusal_comes_as_what_it_is(shared_town: Town, whistles: Whistles) -> None:
    number = whistles.issued()
    with pytest.raises(NotAllowed):
        act(shared_town, "ga", number, "respond", 1)
    with pytest.raises(WrongState):
        act(shared_town, "leader", number, "close", conclusion="完")
    with pytest.raises(InvalidInput) as caught:
        act(shared_town, "cg", number, "ask_release", 1, reason="非职责")
    assert caught.value.detail == {"field": "legal_basis"}
    with pytest.raises(NotFound):
        act(shared_town, "leader_b", number, "note", text="看不到")


def test_who_was_slower_is_told_who_was_first(shared_town: Town, whistles: Whistles) -> None:
    number = whistles.issued()
    lane = row(shared_town, number).party(1)
    twice = [JointCommand(uuid4(), "summons", number, 1, lane.version, "respond", {}) for _ in range(2)]
    commands(shared_town, "cg").act(twice[0])
    with pytest.raises(Conflict) as caught:
        commands(shared_town, "cg").act(twice[1])
    assert (caught.value.detail["who"], caught.value.detail["label"]) == ("城管委处置", "响应")


def test_what_became_of_a_command(shared_town: Town, whistles: Whistles) -> None:
    number = whistles.issued()
    lane = row(shared_town, number).party(1)
    command = JointCommand(uuid4(), "summons", number, 1, lane.version, "respond", {})
    mine = commands(shared_town, "cg")
    assert mine.outcome(command.id) is None
    done = mine.act(command)
    assert mine.outcome(command.id).event == mine.give_up(command.id).event == done.event
    never = str(uuid4())
    assert mine.give_up(UUID(never)) is None
    whistles.lane("cg", number, "ask_release", 1, command=never, reason="非职责", legal_basis="三定")
    assert row(shared_town, number).party(1).asked is None


def test_a_command_on_a_case_is_not_an_answer_here(shared_town: Town) -> None:
    case_id = shared_town.filed()
    clerk, command_id = shared_town.session("dispatcher"), uuid4()
    clerk.commands.act(Command(command_id, case_id, shared_town.row(case_id).version, "note", {"text": "已联系"}))
    assert clerk.joint_commands.outcome(command_id) is None


# ---------------------------------------------------------------- files
def test_the_file_tells_everything(shared_town: Town, whistles: Whistles) -> None:
    number = whistles.issued("order")
    commands(shared_town, "supervisor").act(
        JointCommand(uuid4(), "summons", number, None, 0, "note", {"text": "注意安全"})
    )
    whistles.all_forward(number, "done")
    whistles.do("cg", number, "tick", check=1)
    file = queries(shared_town).summons_file(number)
    assert file.row == row(shared_town, number)
    assert file.reason == "群众反映"
    assert file.words[1].result == "已处置"
    assert file.words[1].documents == "城管罚〔2026〕1 号"
    assert [(check.no, check.text, check.done_party) for check in file.checks] == [(1, "疏导交通", 1)]
    assert isinstance(file.checks[0].done_at, float)
    assert [event.seq for event in file.trace] == list(range(1, file.row.events + 1))
    note = next(event for event in file.trace if event.action == "note")
    assert (note.actor_name, note.role, note.what) == ("值班长甲", "supervisor", {"text": "注意安全"})
    assert isinstance(note.at, float)
    photo = next(one for one in file.files if one.party_no == 1)
    assert (photo.kind, photo.mime, photo.bytes) == ("after", "image/png", len(PNG))
    assert queries(shared_town, "ga").joint_file(number, photo.seq) == PNG
    with pytest.raises(NotFound):
        queries(shared_town, "sw").joint_file(number, photo.seq)


def test_an_attachment_goes_and_comes_back(shared_town: Town, whistles: Whistles) -> None:
    number = whistles.to("acting")
    new = NewJointFile(uuid4(), "summons", number, 1, "scene", "现场.png", "image/png", PNG)
    done = commands(shared_town, "cg").attach(new)
    assert (done.entity, done.entity_id) == ("summons", number)
    assert queries(shared_town, "cg").joint_file(number, done.event) == PNG


def test_ratings_objections_and_bulletins_stand_in_the_file(shared_town: Town, whistles: Whistles) -> None:
    number = whistles.to("rating")
    whistles.lane("leader", number, "rate", 1, **(GOOD | {"cooperation": 40}), reason="推诿")
    whistles.lane("leader", number, "rate", 2, **GOOD)
    whistles.lane("cg", number, "object", 1, reason="当时道路封闭")
    open_one = queries(shared_town).summons_file(number).objections[0]
    assert (open_one.party_no, open_one.reason, open_one.upheld, open_one.before) == (1, "当时道路封闭", None, {})
    whistles.lane("evaluator", number, "decide", 1, upheld="yes", decision="属实", cooperation=80)
    file = queries(shared_town).summons_file(number)
    assert file.objections[0].upheld is True
    assert file.objections[0].before["cooperation"] == 40
    assert file.words[1].rating_reason == "推诿"
    assert file.row.party(1).cooperation == 80
    assert isinstance(file.row.party(1).score, float)


def test_a_bulletin_is_told_with_its_task(shared_town: Town, whistles: Whistles) -> None:
    number = whistles.issued()
    whistles.sql("update cc.summons_party set response = 'none' where summons_id = %s and no = 1", number)
    act(shared_town, "supervisor", number, "publish", 1, kind="no_response", text="未按时响应")
    told = queries(shared_town, "cg").bulletins(now(whistles) - 600, now(whistles) + 600)
    mine = next(one for one in told if one.summons_id == number)
    file = queries(shared_town).summons_file(number)
    assert (mine.kind, mine.party_no, mine.words) == ("no_response", 1, "未按时响应")
    assert (mine.summons_no, mine.by_clock, mine.revoked_at) == (file.row.no, False, None)
    assert file.bulletins == (mine,)
    assert [(t.id, t.state, t.due) for t in file.tasks] == [(mine.task_id, mine.task_state, mine.task_due)]
    # The whole district reads it; the task only those whom it concerns.
    beside = next(one for one in queries(shared_town, "sw").bulletins(0, 2**40) if one.id == mine.id)
    assert (beside.task_id, beside.task_state, beside.task_due) == (mine.task_id, None, None)
    assert (beside.summons_no, beside.words) == (mine.summons_no, mine.words)
    assert file.tasks[0].source == "rectification"


# ---------------------------------------------------------------- meetings and tasks
def test_a_meeting_is_called_confirmed_and_read(shared_town: Town, whistles: Whistles) -> None:
    units = (shared_town.org("D-CG"), shared_town.org("D-GA"))
    meet_at = now(whistles) + 7200
    new = NewMeeting(uuid4(), shared_town.org("A"), "清退方案", meet_at, units, "一、顺序", "二层")
    done = commands(shared_town, "leader").call_meeting(new)
    confirm = JointCommand(uuid4(), "meeting", done.entity_id, None, 1, "confirm", {"unit_id": units[0]})
    commands(shared_town, "cg").act(confirm)
    (found,) = queries(shared_town).joint([done.entity_id]).meetings
    assert (found.title, found.place, found.kind, found.state) == ("清退方案", "二层", "consultation", "called")
    assert found.meet_at == pytest.approx(meet_at)
    assert dict(found.attendees) == {units[0]: "confirmed", units[1]: "invited"}
    file = queries(shared_town, "ga").meeting_file(done.entity_id)
    assert (file.row, file.agenda, [event.action for event in file.trace]) == (found, "一、顺序", ["call", "confirm"])
    with pytest.raises(NotFound):
        queries(shared_town, "sw").meeting_file(done.entity_id)


def test_a_task_is_assigned_and_read(shared_town: Town, whistles: Whistles) -> None:
    due = now(whistles) + 86_400
    new = NewTask(uuid4(), shared_town.org("T"), shared_town.org("D-SW"), "排查井盖", due, "逐一排查", "张副区长")
    done = commands(shared_town, "supervisor").assign_task(new)
    (found,) = queries(shared_town, "sw").joint([done.entity_id]).tasks
    assert (found.title, found.leader, found.source, found.unit_id) == (
        "排查井盖", "张副区长", "instruction", shared_town.org("D-SW"),
    )  # fmt: skip
    assert found.due == pytest.approx(due)
    file = queries(shared_town, "sw").task_file(done.entity_id)
    assert (file.row, file.text, file.result) == (found, "逐一排查", "")
    assert queries(shared_town, "cg").joint([done.entity_id]).tasks == ()


def test_closed_meetings_come_in_pages_to_those_who_see_them(shared_town: Town, whistles: Whistles) -> None:
    unit, street, meet_at = shared_town.org("D-CG"), shared_town.org("A"), now(whistles) + 7200
    held = [commands(shared_town, "leader").call_meeting(
        NewMeeting(uuid4(), street, f"方案{n}", meet_at, (unit,))).entity_id for n in range(3)]
    for number in held[:2]:
        commands(shared_town, "leader").act(
            JointCommand(uuid4(), "meeting", number, None, 1, "cancel", {"reason": "不开了"}))
    ask = queries(shared_town)
    assert [one.id for one in ask.closed_meetings(None, 2)] == [held[1], held[0]]
    (older,) = ask.closed_meetings(held[1], 1)
    assert (older.id, older.title, [u for u, _ in older.attendees]) == (held[0], "方案0", [unit])
    assert {one.id for one in queries(shared_town, "cg").closed_meetings(None, 2)} == set(held[:2])
    assert not set(held) & {one.id for one in queries(shared_town, "sw").closed_meetings(None, 100)}


def test_closed_tasks_come_in_pages_to_those_who_see_them(shared_town: Town, whistles: Whistles) -> None:
    given = [commands(shared_town, "supervisor").assign_task(
        NewTask(uuid4(), shared_town.org("T"), shared_town.org("D-SW"), f"排查{n}", now(whistles) + 86_400)).entity_id
        for n in range(3)]
    for number in given[:2]:
        commands(shared_town, "supervisor").act(
            JointCommand(uuid4(), "task", number, None, 1, "cancel", {"reason": "已由别处办"}))
    ask = queries(shared_town)
    assert [one.id for one in ask.closed_tasks(None, 2)] == [given[1], given[0]]
    (older,) = ask.closed_tasks(given[1], 1)
    assert (older.id, older.title, older.state) == (given[0], "排查0", "cancelled")
    assert [one.id for one in queries(shared_town, "sw").closed_tasks(None, 2)] == [given[1], given[0]]
    assert not set(given) & {one.id for one in queries(shared_town, "cg").closed_tasks(None, 100)}


def test_the_whistle_that_clears_a_case_is_found_when_it_is_archived(shared_town: Town, whistles: Whistles) -> None:
    link = "insert into cc.summons_case select district_id, id, %s from cc.summons where id = %s"
    case, old = 209_901_000_000_061, whistles.to("archived")
    whistles.sql(link, case, old)
    whistles.sql(link, case, whistles.issued())
    ask = queries(shared_town, "leader")
    assert [one.id for one in ask.clearing_whistles([case, 1])] == [old], "one that is under way clears nothing"
    newer = whistles.to("archived")
    whistles.sql(link, case, newer)
    assert [one.id for one in ask.clearing_whistles([case])] == [newer], "the newest alone"
    assert ask.clearing_whistles([]) == [] and queries(shared_town, "sw").clearing_whistles([case]) == []


def test_one_question_for_many_ids_of_all_kinds(shared_town: Town, whistles: Whistles) -> None:
    number = whistles.issued()
    meeting_args = {"title": "二次会商", "meet_at": whistles.ahead(hours=2)}
    act(shared_town, "leader", number, "consult", **meeting_args)
    meeting = queries(shared_town).summons_file(number).meetings[0]
    due = now(whistles) + 86_400
    new = NewTask(uuid4(), shared_town.org("T"), shared_town.org("D-CG"), "回头看", due, summons_id=number)
    todo = commands(shared_town, "supervisor").assign_task(new)
    found = queries(shared_town).joint([number, meeting.id, todo.entity_id, 1])
    assert [one.id for one in (*found.summons, *found.meetings, *found.tasks)] == [number, meeting.id, todo.entity_id]
    assert queries(shared_town).joint([]).summons == ()


def test_the_open_set_is_read_with_as_many_statements_however_many_there_are(
    shared_town: Town, whistles: Whistles
) -> None:
    """One SELECT a table, none a row."""
    session = shared_town.session("supervisor")
    whistles.issued()
    commands(shared_town, "leader").call_meeting(
        NewMeeting(uuid4(), shared_town.org("A"), "清退", now(whistles) + 7200, (shared_town.org("D-CG"),))
    )
    first = _statements(session)
    for _ in range(4):
        whistles.issued()
    assert _statements(session) == first <= 10


def test_what_is_asked_for_by_id_is_what_the_open_set_says(shared_town: Town, whistles: Whistles) -> None:
    """Two ways of reading, one value: else a screen would see a change where there is none."""
    whistles.forward(whistles.issued("order", units=("D-CG", "D-GA", "D-SW")), 1, "done")
    whistles.lane("leader", whistles.to("rating"), "rate", 1, **GOOD)
    due = now(whistles) + 86_400
    commands(shared_town, "supervisor").assign_task(
        NewTask(uuid4(), shared_town.org("T"), shared_town.org("D-CG"), "回头看", due)
    )
    for who in ("supervisor", "cg", "screen"):
        everything = queries(shared_town, who).open_joint()
        held = {one.id: one for one in (*everything.summons, *everything.meetings, *everything.tasks)}
        found = queries(shared_town, who).joint(list(held))
        assert {one.id: one for one in (*found.summons, *found.meetings, *found.tasks)} == held
        assert len(held) > 2


def _statements(session: PgSession) -> int:
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_) -> None:
        seen.append(statement)

    event.listen(session.joint_queries._engine, "before_cursor_execute", note)
    try:
        assert session.joint_queries.open_joint().summons
    finally:
        event.remove(session.joint_queries._engine, "before_cursor_execute", note)
    return len(seen)


# ---------------------------------------------------------------- conflicts, scores, papers, rules
def test_a_unit_that_is_expected_elsewhere_is_told(shared_town: Town, whistles: Whistles) -> None:
    hours = {"meet_at": whistles.ahead(days=3), "ends_at": whistles.ahead(days=3, hours=2)}
    number = whistles.issued("order", units=("D-SW",), **hours)
    busy = row(shared_town, number)
    ask, unit = queries(shared_town).conflicts, shared_town.org("D-SW")
    (found,) = ask([unit, shared_town.org("D-CG")], busy.meet_at + 60, busy.meet_at + 120, None)
    assert (found.unit_id, found.summons_id, found.no) == (unit, number, busy.no)
    assert (found.since, found.until) == pytest.approx((busy.meet_at, busy.ends_at))
    assert ask([unit], busy.meet_at + 60, busy.meet_at + 120, number) == []
    assert ask([unit], busy.ends_at + 86_400, busy.ends_at + 90_000, None) == []
    assert ask([], 0, FAR, None) == []


def test_scores_open_the_rows_behind_them(shared_town: Town, whistles: Whistles) -> None:
    unit = shared_town.org("PCS-A")
    number = whistles.to("verifying", units=("PCS-A",))
    since, until = now(whistles) - 3600, now(whistles) + 3600
    score = next(one for one in queries(shared_town).unit_scores(since, until) if one.unit_id == unit)
    assert (score.lanes, score.rated, score.response) == (1, 1, 100.0)
    assert (score.efficiency, score.cooperation, score.professional, score.responsibility) == (90, 80, 85, 95)
    assert score.score == pytest.approx((100 * 0.4 + 87.5 * 0.4) / 0.8, abs=0.01)
    assert [one.id for one in queries(shared_town).scored_lanes(unit, since, until)] == [number]
    assert queries(shared_town).scored_lanes(unit, until, until + 1) == []
    assert [one.unit_id for one in queries(shared_town, "pcs").unit_scores(since, until)] == [unit]


def test_scores_come_best_first(shared_town: Town, whistles: Whistles) -> None:
    number = whistles.to("rating")
    for lane, points in ((1, 70), (2, 99)):
        whistles.lane("leader", number, "rate", lane, **dict.fromkeys(GOOD, points))
    scores = [one.score for one in queries(shared_town).unit_scores(0, time.time() + FAR) if one.score is not None]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) > 1


def test_a_paper_can_be_checked_by_its_code(shared_town: Town, whistles: Whistles) -> None:
    number = whistles.issued("order")
    command_id = uuid4()
    paper = commands(shared_town, "supervisor").issue_document(command_id, number)
    assert commands(shared_town, "supervisor").issue_document(command_id, number) == paper
    assert (paper.summons_id, paper.by_name) == (number, "值班长甲")
    assert paper.content["title"] == "占道经营"
    assert isinstance(paper.at, float)
    assert queries(shared_town, "sw").check_document(paper.code) == paper
    assert queries(shared_town, "sw").check_document("ABCD-EFGH-2345") is None
    assert queries(shared_town).summons_file(number).documents == (paper,)


def test_the_rules_are_the_profile_s(shared_town: Town) -> None:
    rules = queries(shared_town, "cg").whistle_rules()
    assert (rules.radius_m, rules.early_minutes, rules.late_minutes) == (200, 30, 15)
    assert (rules.respond_on_time, rules.arrive_late, rules.acted, rules.weight_citizen) == (30, 20, 30, 0.2)
    assert [(level.code, level.label, level.adds) for level in rules.levels] == [
        (level.code, level.label, tuple(level.adds)) for level in WHISTLE.levels
    ]
    assert rules.callers["community"] == (("agency", "section"), False)
    assert {(one.code, one.name, one.lines, one.arrive_minutes) for one in rules.scenarios} == {
        (one.code, one.name, tuple(one.parties), one.arrive_minutes) for one in SCENARIOS
    }


def test_a_team_that_was_saved_stands_after_those_of_the_profile(shared_town: Town) -> None:
    lines = (TeamLine("城管委", 4, True), TeamLine("公安", 2, False))
    command_id = uuid4()
    saved = commands(shared_town, "supervisor").save_team(command_id, "夜查队", "1+X", lines)
    assert commands(shared_town, "supervisor").save_team(command_id, "夜查队", "1+X", lines) == saved
    assert (saved.name, saved.own, saved.lines) == ("夜查队", True, lines)
    teams = queries(shared_town).teams()
    assert [team.name for team in teams] == [TEAMS[0].name, "夜查队"]
    assert teams[1] == saved
    assert [(line.line, line.heads, line.lead) for line in teams[0].lines] == [
        (line.line, line.heads, line.lead) for line in TEAMS[0].lines
    ]


