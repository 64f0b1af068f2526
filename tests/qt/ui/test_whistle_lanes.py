"""The whistle that is open: lanes with planned and real times, verbs on them, forms, ratings, refusals."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel

from commandcenter.domain.errors import OutcomeUnknown
from commandcenter.domain.joint import Bulletin, PartyWords
from tests.fakes.joint_rows import at, joint_id, lane, summons
from tests.fakes.joint_town import town_of
from tests.fakes.photos import street_png
from tests.fakes.session import PEOPLE, person
from tests.qt.ui.whistle_board import (
    CITY_BOARD,
    LEADER,
    SUPERVISOR,
    column_of,
    elsewhere,
    open_board,
    open_card,
    row_of,
    texts,
)
from ui.forms.evidence_file import DraftAttachment
from ui.models.joint_steps import Step, faults_of, machine_of
from ui.screens.whistle.form_pane import draft_key
from widgets.stage_strip import StageState
from widgets.tones import Tone

ENTER, ESC, CONTROL = Qt.Key.Key_Return, Qt.Key.Key_Escape, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def screen(make_place, qtbot, city):
    return open_board(make_place, qtbot, city)


def offered(screen, party=None):
    return [step.action.code for step in screen.summons.steps if step.party_no == party]


def form(screen, qtbot, code, party=None):
    """Open the form of an action on what is shown."""
    assert screen.summons.begin_code(code, party) is not None, offered(screen, party)
    qtbot.waitUntil(lambda: screen.summons.form.form is not None)
    return screen.summons.form.form


def write(editor, text):
    """QTest types no Chinese."""
    editor.setText(text)
    editor.textEdited.emit(text)


def stages(screen, party):
    return screen.summons.lanes.lane(party).strip.stages()


# ------------------------------------------------------------ lanes
def test_a_lane_shows_what_was_planned_and_what_was_done(screen, qtbot):
    open_card(screen, qtbot, 6)
    response, arrival, handling, signature = stages(screen, 1)
    assert [s.title for s in stages(screen, 1)] == ["响应", "报到", "处置", "签字"]
    assert (response.text, response.detail, response.state) == ("14:00 按时响应", "限 13:30", StageState.DONE)
    assert arrival.text == "14:25 提前 · 36 米" and arrival.detail == "14:20–15:05"
    assert handling.state is StageState.NOW and handling.text.startswith("处置中 00:0")
    assert signature.state is StageState.WAITING
    waiting = stages(screen, 3)[1]
    assert waiting.state is StageState.NOW and waiting.text.startswith("报到倒计时 00:32:")


def test_lateness_has_its_word_and_its_tone(screen, qtbot):
    open_card(screen, qtbot, 8)
    assert stages(screen, 2)[1].text.startswith("13:50 迟到") and stages(screen, 2)[1].tone is Tone.NEAR
    open_card(screen, qtbot, 4)
    missed = stages(screen, 1)[0]
    assert missed.state is StageState.MISSED and missed.text.startswith("未响应 +00:07") and missed.tone is Tone.OVERDUE


def test_an_order_has_its_own_words(make_place, qtbot, city):
    screen = open_board(make_place, qtbot, city, kind="order")
    open_card(screen, qtbot, 22)
    assert [s.title for s in stages(screen, 1)] == ["确认", "集结", "执行", "签字"]
    said = {view._state.text() for view in screen.summons.lanes.lanes()}
    assert said & {"待确认", "已确认"} and not any("响应" in word for word in said), said
    responses = [stages(screen, view.party_no)[0].text for view in screen.summons.lanes.lanes()]
    assert any("按时确认" in text for text in responses) and not any("响应" in text for text in responses), responses


def test_lanes_that_ended_stand_below_those_that_count(screen, qtbot):
    open_card(screen, qtbot, 9)
    assert [view.party_no for view in screen.summons.lanes.lanes()] == [1, 3, 2]
    assert screen.summons.lanes.lane(2)._state.text() == "已退哨"
    assert {stage.state for stage in stages(screen, 2)} == {StageState.SKIPPED}


def test_what_a_party_wrote_and_asked_stands_in_its_lane(screen, qtbot):
    open_card(screen, qtbot, 7)
    shown = [(name.text(), value.text()) for name, value in screen.summons.lanes.lane(2)._facts]
    assert ("申请退哨", "该树木属直管公房院内，养护责任不在我局（《东城区绿化管护分工》第 6 条）") in shown


def test_everybody_sees_the_others_lanes_live(make_place, qtbot, city):
    screen = open_board(make_place, qtbot, city, CITY_BOARD)
    open_card(screen, qtbot, 3)
    fire = person(4, "c0020", ("handler", "消防救援支队"))
    elsewhere(city, fire, 3, "respond", 3)
    qtbot.waitUntil(lambda: stages(screen, 3)[0].state is StageState.DONE)
    qtbot.waitUntil(lambda: [e.action for e in screen.summons.trace.entries()] == ["响应"])
    assert "消防救援支队" in screen.summons.trace.entries()[0].text


# ------------------------------------------------------------ verbs
def test_a_unit_may_act_only_on_its_own_lane(make_place, qtbot, city):
    screen = open_board(make_place, qtbot, city, CITY_BOARD)
    open_card(screen, qtbot, 6)
    assert offered(screen, 1) == [] and offered(screen, 2) == []
    assert "arrive" in offered(screen, 3)


def test_a_digit_answers_at_once_and_the_card_follows(make_place, qtbot, city):
    fire = person(4, "c0020", ("handler", "消防救援支队"))
    screen = open_board(make_place, qtbot, city, fire)
    open_card(screen, qtbot, 3)
    assert screen.summons.steps[0].action.code == "respond"
    qtbot.keyClick(screen, Qt.Key.Key_1)
    qtbot.waitUntil(lambda: column_of(screen, 3) == "responded")
    assert "小区地桩地锁联合清理 · 消防救援支队 已响应" in texts(screen)[0]


def test_digits_do_nothing_while_nothing_is_open(screen, city, qtbot):
    screen.board.board.focus_card(joint_id(1))
    qtbot.keyClick(screen.board.board.column("draft").list, Qt.Key.Key_1)
    qtbot.wait(50)
    assert town_of(city).summons[joint_id(1)].row.state == "draft"


def test_f2_does_the_next_step_of_the_card_under_the_keyboard(screen, qtbot):
    screen.board.board.focus_card(joint_id(1))
    qtbot.keyClick(screen, Qt.Key.Key_F2)
    qtbot.waitUntil(lambda: column_of(screen, 1) == "issued")


def test_signing_can_be_taken_back_with_a_reason(screen, city, qtbot):
    open_card(screen, qtbot, 1)
    screen.summons.begin_code("sign")
    qtbot.waitUntil(lambda: column_of(screen, 1) == "issued")
    screen.place.notices.take_up(("joint", joint_id(1), "sign"))
    qtbot.waitUntil(lambda: screen.summons.form.form is not None)
    made = screen.summons.form.form
    assert made.action.code == "withdraw" and made.missing() == ["reason"]
    made.set_values({"reason": "居民已自行处理"})
    made.submit()
    made.submit()  # a dangerous verb asks once more
    qtbot.waitUntil(lambda: town_of(city).summons[joint_id(1)].row.state == "withdrawn")


def test_a_form_says_what_is_missing_and_sends_what_is_filled_in(make_place, qtbot, city):
    screen = open_board(make_place, qtbot, city, CITY_BOARD)
    open_card(screen, qtbot, 6)
    made = form(screen, qtbot, "arrive", 3)
    made.submit()
    assert made.error_of("lon") == made.error_of("lat") == "请填写此项"
    QGuiApplication.clipboard().setText("116.4231, 39.9268")
    made._editors["lon"].paste()
    assert (made.values()["lon"], made.values()["lat"]) == (116.4231, 39.9268)
    made.set_values({"came": 3})
    made.submit()
    qtbot.waitUntil(lambda: stages(screen, 3)[1].state is StageState.DONE)
    assert screen.summons.form.form is None
    assert town_of(city).summons[joint_id(6)].row.party(3).came == 3


def test_degrees_out_of_this_world_are_refused_in_place(make_place, qtbot, city):
    screen = open_board(make_place, qtbot, city, CITY_BOARD)
    open_card(screen, qtbot, 6)
    made = form(screen, qtbot, "arrive", 3)
    made.set_values({"lon": 216.4, "lat": "东经"})
    made.submit()
    assert "±180" in made.error_of("lon") and "±90" in made.error_of("lat")


def test_whoever_was_first_is_named_and_nothing_typed_is_lost(screen, city, qtbot):
    open_card(screen, qtbot, 7)
    made = form(screen, qtbot, "insist", 2)
    made.set_values({"reason": "该处属绿化养护范围"})
    screen.place.live._relay.blockSignals(True)
    elsewhere(city, replace(PEOPLE["supervisor"], name="李主任"), 7, "insist", 2, reason="属地绿化")
    made.submit()
    qtbot.waitUntil(lambda: "李主任" in made.notice.text())
    assert made.values() == {"reason": "该处属绿化养护范围"}
    screen.place.live._relay.blockSignals(False)


def test_a_draft_comes_back_when_its_form_is_opened_again(screen, qtbot):
    open_card(screen, qtbot, 6)
    made = form(screen, qtbot, "consult")
    write(made._editors["title"], "协调排烟改造")
    qtbot.keyClick(screen, ESC)
    assert screen.summons.form.form is None and screen.opened is not None
    made = form(screen, qtbot, "consult")
    assert made.values()["title"] == "协调排烟改造"


def test_a_form_whose_time_has_passed_says_so_and_keeps_its_words(screen, city, qtbot):
    open_card(screen, qtbot, 1)
    made = form(screen, qtbot, "send_back")
    made.set_values({"reason": "请补照片"})
    elsewhere(city, SUPERVISOR, 1, "sign")
    qtbot.waitUntil(lambda: not made.submit_button.isEnabled())
    assert "待响应" in made.notice.text() and made.values() == {"reason": "请补照片"}


def test_an_edit_sends_only_what_is_different(screen, city, qtbot):
    open_card(screen, qtbot, 1)
    made = form(screen, qtbot, "edit")
    assert made.values()["title"] == "架空线坠落隐患"
    made.set_values({"place": "景山东街 14 号院外"})
    made.submit()
    qtbot.waitUntil(lambda: town_of(city).summons[joint_id(1)].row.place == "景山东街 14 号院外")
    sent = screen.place.backend.session.joint_commands.done[-1]
    assert set(sent.args) <= {"place", "reason"}


def test_finishing_takes_its_photo_along(make_place, qtbot, city):
    water = person(4, "c0030", ("handler", "区水务局"))
    screen = open_board(make_place, qtbot, city, water)
    open_card(screen, qtbot, 8)
    made = form(screen, qtbot, "finish", 1)
    made.set_values({"result": "漂浮物已清理", "documents": "水罚 2025-18"})
    made.set_attachments([DraftAttachment("after", "清理后.png", "image/png", street_png(1))])
    made.submit()
    qtbot.waitUntil(lambda: stages(screen, 1)[2].state is StageState.DONE)
    qtbot.waitUntil(lambda: len(screen.summons.lanes.lane(1).photos.photos()) == 1)
    assert [p.caption for p in screen.summons.lanes.lane(1).photos.photos()] == ["处置后"]
    qtbot.waitUntil(lambda: ("文书编号", "水罚 2025-18") in [
        (n.text(), v.text()) for n, v in screen.summons.lanes.lane(1)._facts])


def test_the_checklist_is_ticked_from_what_is_open(make_place, qtbot, city):
    screen = open_board(make_place, qtbot, city, kind="order")
    open_card(screen, qtbot, 23)
    made = form(screen, qtbot, "tick")
    assert list(made._editors["check"]._titles.values()) == ["过磅"]
    made.set_values({"check": "2"})
    made.submit()
    qtbot.waitUntil(lambda: all(c.done_at for c in town_of(city).summons[joint_id(23)].checks))


def test_a_level_is_only_raised(screen, qtbot):
    open_card(screen, qtbot, 6)
    made = form(screen, qtbot, "raise_level")
    assert list(made._editors["level"]._titles) == ["hard"]


def test_a_unit_that_takes_part_is_not_called_twice(screen, qtbot):
    open_card(screen, qtbot, 6)
    made = form(screen, qtbot, "add_party")
    options = made._editors["unit_id"]._suggest("城管执法")
    assert [o.why_not for o in options if o.title == "东城区城市管理综合行政执法局"] == ["已在参与单位中"]


def test_an_answer_that_was_lost_is_asked_for_and_told(screen, city, qtbot, monkeypatch):
    commands = screen.place.backend.session.joint_commands
    real = commands.act

    def lose(command):
        real(command)
        raise OutcomeUnknown("断")

    monkeypatch.setattr(commands, "act", lose)
    monkeypatch.setattr(commands, "outcome", lambda _: (_ for _ in ()).throw(OutcomeUnknown("断")))
    screen.place.joint_deeds._stopped.set()  # pauses between questions last no time
    open_card(screen, qtbot, 1)
    screen.summons.begin_code("sign")
    qtbot.waitUntil(lambda: any("未能签批吹哨" in text for text in texts(screen)), timeout=10_000)
    monkeypatch.undo()
    screen.place.live.resync()
    answer = "架空线坠落隐患 已确认：签批吹哨已办成"
    qtbot.waitUntil(lambda: any(answer in text for text in texts(screen)), timeout=10_000)


# ------------------------------------------------------------ ratings and objections
@pytest.fixture
def rating(make_place, qtbot, city):
    screen = open_board(make_place, qtbot, city, LEADER)
    open_card(screen, qtbot, 10)
    return screen


def rate(qtbot, row, *figures):
    for editor, figure in zip(row.scores.values(), figures, strict=True):
        editor.setFocus()
        qtbot.keyClicks(editor, str(figure))


def test_ratings_are_given_in_place_by_the_callers_head_and_the_last_ends_them(rating, city, qtbot):
    lanes = rating.summons.lanes
    assert lanes.lane(1).rating is None and lanes.lane(3).rating is not None
    row = lanes.lane(3).rating
    rate(qtbot, row, 91, 92, 93, 94)
    qtbot.keyClick(list(row.scores.values())[-1], ENTER)
    qtbot.waitUntil(lambda: column_of(rating, 10) == "verifying")
    assert town_of(city).summons[joint_id(10)].row.party(3).cooperation == 92
    qtbot.waitUntil(lambda: lanes.lane(3).rating is None)


def test_nobody_else_rates(screen, qtbot):
    open_card(screen, qtbot, 10)
    assert all(view.rating is None for view in screen.summons.lanes.lanes())


def test_a_low_rating_wants_its_reason(rating, city, qtbot):
    row = rating.summons.lanes.lane(3).rating
    rate(qtbot, row, 91, 59, 93, 94)
    row.submit()
    assert "低于 60 分" in row._said.text() and row.reason.hasFocus()
    assert town_of(city).summons[joint_id(10)].row.party(3).rated_at is None
    write(row.reason, "到场后推诿")
    qtbot.keyClick(row.reason, ENTER)
    qtbot.waitUntil(lambda: town_of(city).summons[joint_id(10)].row.party(3).rated_at is not None)
    assert town_of(city).summons[joint_id(10)].lanes[3].rating_reason == "到场后推诿"


def test_what_was_typed_into_a_rating_comes_back(rating, qtbot):
    row = rating.summons.lanes.lane(3).rating
    rate(qtbot, row, 91, 92, 93, 94)
    rating.close_summons()
    step = Step(machine_of(row_of(rating, 10), 3).action["rate"], 3)
    assert rating.place.drafts.get(draft_key(row_of(rating, 10), step))["efficiency"] == 91
    open_card(rating, qtbot, 10)
    again = rating.summons.lanes.lane(3).rating
    qtbot.waitUntil(lambda: again.values() == {"efficiency": 91, "cooperation": 92, "professional": 93,
                                               "responsibility": 94})


def test_after_saving_one_lane_the_next_waits_for_its_figures(make_place, qtbot, city):
    town = town_of(city)
    signed = [lane(n, unit, "signed", response_score=100, signed_at=at(13)) for n, unit in
              ((1, "区城管委"), (2, "公安分局"))]
    town.put(summons(60, "两家", "交道口", tuple(signed), state="rating", issued_at=at(9), closed_at=at(14)))
    screen = open_board(make_place, qtbot, city, LEADER, evening=False)
    open_card(screen, qtbot, 60)
    row = screen.summons.lanes.lane(1).rating
    rate(qtbot, row, 90, 90, 90, 90)
    row.submit()
    second = screen.summons.lanes.lane(2).rating
    qtbot.waitUntil(lambda: second.scores["efficiency"].hasFocus())


def test_an_objection_is_decided_and_both_are_told_in_the_lane(screen, city, qtbot):
    open_card(screen, qtbot, 11)
    assert "申诉" in [n.text() for n, _ in screen.summons.lanes.lane(2)._facts]
    made = form(screen, qtbot, "decide", 2)
    assert made._fields["cooperation"]._below.text() == "现为 58，不改则留空"
    made.set_values({"upheld": "yes", "decision": "管制属实", "response": "on_time"})
    made.submit()
    qtbot.waitUntil(lambda: town_of(city).summons[joint_id(11)].row.party(2).objection == "upheld")
    qtbot.waitUntil(lambda: any("成立：管制属实" in v.text() for _, v in screen.summons.lanes.lane(2)._facts))


def test_that_it_did_act_is_a_correction_only_where_it_is_blamed_for_nothing_done(screen, city, qtbot):
    town = town_of(city)
    record = town.summons[joint_id(11)]
    idle = replace(record.row.party(2), arrival="on_time", arrived_at=at(10), acted_at=None, done_at=None)
    town.put(replace(record.row, parties=tuple(idle if p.no == 2 else p for p in record.row.parties)))
    town.summons[joint_id(11)].objections.update(record.objections)
    open_card(screen, qtbot, 11)
    made = form(screen, qtbot, "decide", 2)
    assert made._fields["acted"]._below.text() == "现为 没有处置记录，不改则留空"
    made.set_values({"upheld": "yes", "decision": "有执法记录仪为证", "acted": "yes"})
    made.submit()
    qtbot.waitUntil(lambda: town.summons[joint_id(11)].row.party(2).acted_at is not None)


def test_nobody_is_offered_to_correct_what_the_lane_has_done(screen, qtbot):
    open_card(screen, qtbot, 11)
    row = row_of(screen, 11)
    assert row.party(2).done_at is not None
    assert "acted" not in form(screen, qtbot, "decide", 2)._fields


def test_a_revoked_bulletin_stands_in_lane_and_facts_as_revoked(screen, qtbot):
    open_card(screen, qtbot, 11)
    file = screen.summons.file
    row = file.row
    unit_id = row.party(2).unit_id
    stands = Bulletin(1, "TB-1", "absent", row.id, row.no, 2, unit_id, "未到场。", at(9), True, 2, None, None, None)
    gone = replace(stands, id=3, no="TB-2", kind="no_action", words="不作为。", revoked_at=at(13, 5))
    file = replace(file, bulletins=(stands, gone))
    screen.summons.facts.show_file(file, screen.tools.words)
    screen.summons.lanes.show_file(file, screen.tools.words)
    lane_facts = [v.text() for n, v in screen.summons.lanes.lane(2)._facts if n.text() == "通报"]
    assert lane_facts == ["TB-1 未到场。", "TB-2 不作为。（06-18 13:05 已撤销）"]
    texts = [w.text() for w in screen.summons.facts.findChildren(QLabel)]
    unit = screen.tools.words.unit(unit_id)
    assert f"TB-1 {unit} 未报到" in texts
    assert texts[texts.index("已撤销通报") + 1] == f"TB-2 {unit} 到场不作为（06-18 13:05 已撤销）"


def test_a_delay_grows_no_more_once_the_lane_has_ended_and_a_corrected_mark_says_so(screen, qtbot):
    open_card(screen, qtbot, 4)
    lanes, tools, row = screen.summons.lanes, screen.tools, row_of(screen, 4)
    now = screen.place.live.clock.now()

    def first(**facts):
        changed = replace(row, parties=(replace(row.parties[0], **facts), *row.parties[1:]))
        lanes.show_row(changed, tools.clock, tools.words, now)
        return stages(screen, row.parties[0].no)

    assert first()[0].text.startswith("未响应 +00:07")
    gone = first(live=False, state="withdrawn")[0]
    assert (gone.state, gone.text) == (StageState.MISSED, "未响应")
    ruled = first(live=False, state="withdrawn", response="on_time", arrival="late")
    assert [s.text for s in ruled[:2]] == ["按时响应（裁定）", "迟到（裁定）"]
    assert {s.state for s in ruled[:2]} == {StageState.DONE}


def test_who_goes_on_in_a_lane_sees_it_however_many_stand_above(screen, city, qtbot):
    town = town_of(city)
    record = town.summons[joint_id(11)]
    others = tuple(replace(record.row.party(1), no=n, unit_id=record.row.party(1).unit_id + n) for n in range(10, 22))
    objected = replace(record.row.party(2), live=False, state="withdrawn", objection="open")
    town.put(replace(record.row, state="verifying", parties=(*others, objected)))
    town.summons[joint_id(11)].objections.update(record.objections)
    open_card(screen, qtbot, 11)
    lane_view, bar = screen.summons.lanes.lane(2), screen.summons.lanes.verticalScrollBar()
    qtbot.waitUntil(lambda: screen.summons.file is not None and screen.summons.complete and bar.maximum() > 200)
    qtbot.waitUntil(lambda: bar.value() > 0 and not lane_view.visibleRegion().isEmpty())
    # The ruling comes before the archive, where nobody rules any more.
    assert [step.action.code for step in screen.summons.steps[:2]] == ["decide", "verify"]
    bar.setValue(0)
    assert lane_view.visibleRegion().isEmpty()
    form(screen, qtbot, "decide", 2)
    qtbot.waitUntil(lambda: not lane_view.visibleRegion().isEmpty())


# ------------------------------------------------------------ facts
def test_cases_checks_rule_and_reason_stand_beside_the_lanes(make_place, qtbot, city):
    screen = open_board(make_place, qtbot, city, kind="order")
    open_card(screen, qtbot, 21)
    said = [w.text() for w in screen.summons.facts.findChildren(object) if hasattr(w, "text") and callable(w.text)]
    assert any("占道摊位 40 余个" in text for text in said)
    assert any("占道经营与无照游商集中整治" in text for text in said)
    assert any("○ 清障消防通道" in text for text in said)
    buttons = [w for w in screen.summons.facts.findChildren(object) if type(w).__name__ == "QPushButton"]
    with qtbot.waitSignal(screen.case_wanted) as told:
        buttons[0].click()
    assert told.args == [row_of(screen, 21).cases[0]]


def test_listed_lines_that_nobody_called_stand_beside_the_lanes(make_place, qtbot, city):
    screen = open_board(make_place, qtbot, city)
    open_card(screen, qtbot, 3)
    row = row_of(screen, 3)
    listed = {s.code: s.lines for s in screen.tools.words.rules.scenarios}[row.scenario]
    lines = [party.line for party in row.live_parties]
    wanted = "、".join(line for line in listed if line not in lines)

    def said():
        texts = [w.text() for w in screen.summons.facts.findChildren(QLabel) if w.isVisible()]
        return texts[texts.index("清单应召集、未召集") + 1] if "清单应召集、未召集" in texts else ""
    assert said() == wanted == "房管、停车管理"
    gone = replace(row, parties=tuple(replace(p, live=False) if p.no == 1 else p for p in row.parties))
    file = replace(screen.summons.file, row=gone)
    screen.summons.facts.show_file(file, screen.tools.words)
    qtbot.waitUntil(lambda: said() == "城管执法、房管、停车管理")


def test_a_refused_file_says_why_and_can_be_read_again(screen, qtbot):
    from commandcenter.domain.errors import ServerUnavailable
    screen.place.backend.session.joint_queries.door.order(ServerUnavailable("数据库没有回应"))
    screen.show_row(row_of(screen, 6))
    qtbot.waitUntil(lambda: screen.summons._stack.currentWidget() is screen.summons._state)
    assert screen.summons._state.accessibleDescription() == "数据库没有回应"
    screen.summons._state.action_triggered.emit()
    qtbot.waitUntil(lambda: screen.summons.file is not None)


def test_offline_nothing_can_be_sent_and_it_is_said(screen, city, qtbot):
    open_card(screen, qtbot, 1)
    screen.place.backend.session.feed.disconnect()
    qtbot.waitUntil(lambda: not screen.place.live.online)
    assert not screen.summons.head.buttons._row.itemAt(0).widget().isEnabled()
    screen.begin_digit(1)
    assert any("连接已断开" in text for text in texts(screen))
    assert town_of(city).summons[joint_id(1)].row.state == "draft"


def test_only_faults_that_are_true_can_be_published(screen, qtbot):
    open_card(screen, qtbot, 6)
    assert all("publish" not in offered(screen, no) for no in (1, 2, 3))
    open_card(screen, qtbot, 11)
    made = form(screen, qtbot, "publish", 3)
    assert list(made._editors["kind"]._titles) == ["no_response", "absent"]


def test_who_came_and_did_nothing_for_a_day_may_be_published(city):
    parties = (lane(1, "区城管委", "arrived", arrived_at=at(9), response="on_time", arrival="on_time"),)
    row = summons(70, "一家", "景山", parties, state="acting", issued_at=at(8))
    assert faults_of(row, row.party(1), at(9) + 3600) == []
    assert faults_of(row, row.party(1), at(9) + 86_401) == ["no_action"]
    assert faults_of(replace(row, closed_at=at(10)), row.party(1)) == ["no_action"]


def test_the_sign_in_form_says_where_to_be_and_how_near(make_place, qtbot, city):
    screen = open_board(make_place, qtbot, city, CITY_BOARD)
    open_card(screen, qtbot, 6)
    made = form(screen, qtbot, "arrive", 3)
    assert made._fields["lon"]._below.text() == "集结点 116.4231, 39.9268，须在 200 米之内"


def test_the_heading_sums_up_what_the_lanes_counted(make_place, qtbot, city):
    screen = open_board(make_place, qtbot, city, kind="order")
    open_card(screen, qtbot, 21)
    qtbot.waitUntil(lambda: screen.summons.file is not None)
    file = screen.summons.file
    lanes = [replace(party, people=2 * n, goods=None if n == 1 else 10, live=n != 3)
             for n, party in enumerate(file.row.parties, 1)]
    words = {1: PartyWords(documents="京城罚〔2026〕12 号，京城罚〔2026〕13 号"), 2: PartyWords(documents="公罚 7 号"),
             3: PartyWords(documents="不算")}
    head, tools = screen.summons.head, screen.tools
    row = replace(file.row, parties=tuple(lanes))
    head.show_row(row, tools.clock, tools.words, at(20), words)
    alive = [party for party in lanes if party.live]
    people, goods = sum(p.people for p in alive), sum(p.goods or 0 for p in alive)
    assert f"合计 涉及 {people} 人 · 物品 {goods} 件 · 文书 3 份" in head._marks.text()
    assert head._marks.toolTip() == "京城罚〔2026〕12 号、京城罚〔2026〕13 号、公罚 7 号"
    head.show_row(file.row, tools.clock, tools.words, at(20), {})
    assert "合计" not in head._marks.text()
