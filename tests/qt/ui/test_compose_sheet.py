"""拟哨, 拟令 by keyboard: what the rules fill in, what is refused where, and that nothing typed is lost."""

from dataclasses import replace
from uuid import uuid4

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtWidgets import QApplication

from commandcenter.domain.errors import InvalidInput, NotFound, OutcomeUnknown, ServerUnavailable
from commandcenter.domain.joint import CalledUnit, JointCommand, NewSummons
from tests.fakes.directory import org_id
from tests.fakes.joint_evening import the_evening
from tests.fakes.joint_rows import at
from tests.fakes.joint_town import town_of
from ui.joint.composer import OFFLINE, Composer
from ui.joint.presets import from_place, from_whistle
from widgets.styling import set_property


@pytest.fixture
def compose(make_place, city, qtbot):
    """compose(kind, role, preset): a composer with its sheet open and the keyboard on it."""
    def make(kind="order", role="supervisor", preset=None, place=None):
        if place is None:
            place = make_place(city, role)
            place.live.begin()
            qtbot.waitUntil(lambda: place.live.ready and place.joint.ready)
        made = Composer(place, kind, preset)
        set_property(made, "role", "background")
        qtbot.addWidget(made)
        made.resize(900, 900)
        with qtbot.waitActive(made):
            made.show()
            made.activateWindow()
        qtbot.waitUntil(lambda: made.form is not None)
        return made
    return make


def keys(qtbot, widget, text):
    """Type into whatever has the keyboard; Chinese comes by the input method."""
    target = widget.window().focusWidget()
    if text.isascii():
        qtbot.keyClicks(target, text)
    else:
        event = QInputMethodEvent()
        event.setCommitString(text)
        QApplication.sendEvent(target, event)


def tab(qtbot, widget, times=1):
    for _ in range(times):
        qtbot.keyClick(widget.window().focusWidget(), Qt.Key.Key_Tab)


def press(qtbot, widget, key, modifier=Qt.KeyboardModifier.NoModifier):
    qtbot.keyClick(widget.window().focusWidget(), key, modifier)


def fill(form, **values):
    """By program, as if by hand."""
    for code, value in values.items():
        form._editors[code].set_value(value)
        form._editors[code].changed.emit()


def whole_order(form):
    fill(form, title="夜市占道整治", scope="综合执法", place="簋街东口", meet_at="2025-06-18T19:00:00+08:00",
         parties=[[org_id("区城管执法局"), 6, True], [org_id("公安分局"), 2, False]])


def summons_of(place):
    return [record.row for record in town_of(place.backend.session.city).summons.values()]


def send(qtbot, composer):
    with qtbot.waitSignal(composer.done, timeout=10_000) as told:
        press(qtbot, composer, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    return told.args[0]


# ------------------------------------------------------------------ by keyboard alone
def test_an_order_is_composed_signed_and_called_by_keyboard_alone(compose, qtbot):
    composer = compose()
    form = composer.form
    assert composer.window().focusWidget() is form._editors["title"]
    keys(qtbot, composer, "夜市占道与消防通道堵塞")
    form.scenario.setFocus()
    keys(qtbot, composer, "zdjy")
    press(qtbot, composer, Qt.Key.Key_Return)
    assert form.scenario.value() == "Z02" and form.scope.value() == "综合执法" and form.level.value() == "normal"
    assert [p.unit_id for p in form.parties.parties()] == [
        org_id(name) for name in ("区城管执法局", "公安分局", "区市场监管局", "交通支队")]
    form.meet.setFocus()
    keys(qtbot, composer, "19点")
    tab(qtbot, composer, 5)
    assert composer.window().focusWidget() is form.ends.edit
    keys(qtbot, composer, "+2小时")
    form.place.setFocus()
    keys(qtbot, composer, "簋街东口")
    form.parties.chips.chip(org_id("区城管执法局")).setFocus()
    keys(qtbot, composer, "16")
    press(qtbot, composer, Qt.Key.Key_Right)
    keys(qtbot, composer, "2l")
    form.checks.setFocus()
    keys(qtbot, composer, "取缔摊位")
    press(qtbot, composer, Qt.Key.Key_Return)
    keys(qtbot, composer, "录像留证")
    done = send(qtbot, composer)
    row = summons_of(composer._place)[-1]
    assert done.state == row.state == "issued" and row.kind == "order" and row.title == "夜市占道与消防通道堵塞"
    assert (row.meet_at, row.ends_at, row.place) == (at(19), at(21), "簋街东口")
    assert [(p.heads, p.lead) for p in row.parties][:2] == [(16, False), (2, True)]
    record = town_of(composer._place.backend.session.city).summons[row.id]
    assert [check.text for check in record.checks] == ["取缔摊位", "录像留证"]


def test_a_unit_is_added_by_initials_and_removed_by_delete(compose, qtbot):
    form = compose().form
    form.parties.setFocus()
    keys(qtbot, form, "消防救援")
    press(qtbot, form, Qt.Key.Key_Return)
    keys(qtbot, form, "水务局")
    press(qtbot, form, Qt.Key.Key_Tab)
    units = [p.unit_id for p in form.parties.parties()]
    assert units == [org_id("消防救援支队"), org_id("区水务局")] and form.parties.parties()[0].lead
    form.parties.chips.chip(units[0]).setFocus()
    press(qtbot, form, Qt.Key.Key_Delete)
    assert [(p.unit_id, p.lead) for p in form.parties.parties()] == [(units[1], True)]
    assert form.window().focusWidget() is form.parties.chips.chip(units[1])


def test_who_is_in_already_or_may_not_be_called_is_offered_with_the_reason(compose, qtbot):
    form = compose().form
    fill(form, parties=[[org_id("区水务局"), None, True]])
    offered = {option.key: option.why_not for option in form._units("水务")}
    assert offered[org_id("区水务局")] == "已在队伍中"
    sections = [o for o in form._units("科") if form._directory.orgs[o.key].kind == "section"]
    assert sections and all("不能召集" in option.why_not for option in sections)


def test_a_team_brings_units_heads_and_lead_and_keeps_what_the_hand_added(compose, city):
    form = compose().form
    fill(form, parties=[[org_id("区水务局"), 3, True]])
    form.take_team(town_of(city).teams[0])
    parties = form.parties.parties()
    assert parties[0] == CalledUnit(org_id("区城管执法局"), 6, True)
    assert parties[-1] == CalledUnit(org_id("区水务局"), 3, False) and sum(p.lead for p in parties) == 1
    assert "1+5+N" in form._fields["parties"]._label.text()


def test_a_second_scenario_replaces_the_units_of_the_first_and_nothing_else(compose):
    form = compose().form
    fill(form, scenario="Z06")
    fill(form, parties=[*form.parties.value(), [org_id("区水务局"), None, False]])
    fill(form, scenario="Y04")
    units = {p.unit_id for p in form.parties.parties()}
    assert org_id("区水务局") in units and org_id("区城管委") in units and org_id("公安分局") not in units
    assert form.level.value() == "key" and form.scope.value() == "应急处置"
    assert "30 分" in form._limits.text() and "24 小时内办结" in form._limits.text()


def test_the_limits_follow_level_and_appointed_time(compose):
    form = compose().form
    assert "2 小时内确认（工作日）" in form._limits.text() and "发出后 16 小时内" in form._limits.text()
    fill(form, level="hard", meet_at="2025-06-18T19:00:00+08:00")
    assert "1 小时内确认（工作时）" in form._limits.text()
    assert "提前 30 分钟至迟 15 分钟，200 米内" in form._limits.text()


def test_another_category_lets_a_scenario_of_the_first_go(compose):
    form = compose().form
    fill(form, scenario="Z06")
    fill(form, scope="重点工作")
    assert form.scenario.value() is None and {o.key[0] for o in form.scenarios("")} == {"K"}


# ------------------------------------------------------------------ who may what
@pytest.mark.parametrize(("kind", "role", "verb", "state"), [
    ("order", "supervisor", "签发并召集", "issued"), ("whistle", "street", "提交签批", "draft"),
])
def test_the_verb_says_what_sending_means_for_this_role(compose, qtbot, kind, role, verb, state):
    composer = compose(kind, role)
    fill(composer.form, title="井盖缺失", scope="综合执法", place="安定门", meet_at="2025-06-18T19:00:00+08:00",
         parties=[[org_id("区城管委"), None, True]])
    assert composer.form.submit_button.text() == verb
    assert send(qtbot, composer).state == state


def test_who_may_not_draft_is_told_so_instead_of_a_sheet(make_place, city, qtbot):
    place = make_place(city, "dispatcher")
    place.live.begin()
    composer = Composer(place, "order")
    qtbot.addWidget(composer)
    qtbot.waitUntil(lambda: composer.state.accessibleName() == "值班长以上可开具")
    assert composer.form is None


def test_a_whistle_has_no_end_and_no_checklist_and_a_street_calls_by_its_own_name(compose):
    form = compose("whistle", "street").form
    assert not {"ends_at", "checks"} & set(form._editors)
    assert form.callers[0] == org_id("和平里") or org_id("和平里") in form.callers


def test_a_city_without_whistle_rules_says_so(make_place, city, qtbot, monkeypatch):
    monkeypatch.setattr("tests.fakes.joint_queries.FakeJointQueries.whistle_rules", _no_rules)
    place = make_place(city, "supervisor")
    place.live.begin()
    composer = Composer(place, "order")
    qtbot.addWidget(composer)
    qtbot.waitUntil(lambda: composer.state.accessibleName() == "本市没有联合执法令规则")


def _no_rules(_self):
    raise NotFound("部署方案没有 whistle.toml")


def test_rules_that_cannot_be_read_can_be_asked_for_again(make_place, city, qtbot):
    place = make_place(city, "supervisor")
    place.backend.session.joint_queries.door.order(ServerUnavailable("连不上服务器"))
    composer = Composer(place, "order")
    qtbot.addWidget(composer)
    composer.show()
    qtbot.waitUntil(lambda: composer.state.accessibleName() == "联合执法令规则读取失败")
    assert composer.state.accessibleDescription() == "连不上服务器"
    composer.state._button.click()
    qtbot.waitUntil(lambda: composer.form is not None)


def test_nobody_leaves_a_sheet_that_is_being_sent(compose, qtbot):
    composer = compose()
    whole_order(composer.form)
    door = composer._place.backend.session.joint_commands.door
    door.close()
    composer.form.submit()
    left = []
    composer.cancelled.connect(lambda: left.append(True))
    composer.leave()
    assert composer.busy and left == []
    with qtbot.waitSignal(composer.done):
        door.open()


# ------------------------------------------------------------------ rubbish and refusals
def test_an_empty_sheet_says_at_each_field_what_is_missing(compose, qtbot):
    composer = compose()
    press(qtbot, composer, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    form = composer.form
    assert {code for code in form._editors if form.error_of(code)} == {"title", "scope", "meet_at", "place", "parties"}
    assert form.error_of("place") == "请填写集结地点" and not composer.busy
    assert summons_of(composer._place) == []


@pytest.mark.parametrize(("code", "rubbish", "said"), [
    ("scenario", "没有这种情形", "请从建议中选择"), ("meet_at", "某天", "看不懂这个时间"),
    ("meet_at", "2024-01-01 9:00", "将来的时间"), ("meet_at", "25点", "看不懂"), ("meet_at", "昨天", "看不懂"),
    ("ends_at", "2025-06-18 15:00", "须在集结时间之后"), ("point", "天安门", "经度, 纬度"),
    ("point", "39.95, 116.41", "经度在前"), ("point", "999, 999", "不在国内"), ("grid_id", "𠮷😀", "请从建议中选择"),
    ("parties", "不存在的单位", "请从建议中选择"), ("checks", "长" * 201, "超过 200 字"),
    ("checks", "；".join(map(str, range(61))), "最多 60 项"), ("cases", "abc", "请按回车查到"),
])
def test_rubbish_in_a_field_is_refused_there_in_chinese_and_stays_as_typed(compose, qtbot, code, rubbish, said):
    composer = compose()
    form = composer.form
    whole_order(form)
    edit = {"scenario": form.scenario.edit, "meet_at": form.meet.edit, "ends_at": form.ends.edit, "point": form.point,
            "grid_id": form._editors["grid_id"].edit, "parties": form.parties.add.edit, "checks": form.checks.add,
            "cases": form.cases.add}[code]
    edit.setText(rubbish)
    edit.textEdited.emit(rubbish)
    form.submit()
    assert said in form.error_of(code) and edit.text() == rubbish and not composer.busy
    assert summons_of(composer._place) == []


def test_words_of_any_kind_go_through_unharmed(compose, qtbot):
    composer = compose()
    words = "<b>&'\"\\ 𠮷😀\u202e 反；DROP TABLE cc.summons;"
    whole_order(composer.form)
    fill(composer.form, title=words, reason=words * 5)
    send(qtbot, composer)
    assert summons_of(composer._place)[-1].title == words


def test_a_refusal_of_the_database_stands_at_its_field(compose, qtbot, monkeypatch):
    composer = compose()
    whole_order(composer.form)
    commands = composer._place.backend.session.joint_commands
    errors = {"unit_id": "parties", "lon": "point", "caller_id": "caller", "cases": "cases", "checks": "checks"}
    for field, code in errors.items():
        def refuse(_new, field=field):
            raise InvalidInput("不行", {"field": field})

        monkeypatch.setattr(commands, "open_summons", refuse)
        composer.form.submit()
        qtbot.waitUntil(lambda: not composer.busy)
        assert composer.form.error_of(code) == "不行"
    assert composer.form.values()["title"] == "夜市占道整治"


# ------------------------------------------------------------------ conflicts
def test_a_unit_that_is_expected_elsewhere_at_that_hour_is_marked_and_called_all_the_same(compose, city, qtbot):
    the_evening(city)
    composer = compose()
    form = composer.form
    fill(form, title="夜查", scope="综合执法", place="王府井", meet_at="2025-06-18T17:00:00+08:00",
         parties=[[org_id("公安分局"), 2, True], [org_id("区水务局"), 1, False]])
    chip = form.parties.chips.chip(org_id("公安分局"))
    qtbot.waitUntil(lambda: chip.text().startswith("▲"))
    assert "15:30–17:30 CS-0003 等 3 项" in chip.text() and "16:30–18:00 已有联合执法令 LH-" in chip.toolTip()
    assert form.advice.conflicts.isVisible() and "1 个单位届时另有召集：公安分局" in form.advice.conflicts.text()
    assert not form.parties.chips.chip(org_id("区水务局")).text().startswith("▲")
    fill(form, meet_at="2025-06-20T17:00:00+08:00")
    qtbot.waitUntil(lambda: not form.parties.chips.chip(org_id("公安分局")).text().startswith("▲"))
    assert not form.advice.conflicts.isVisible()
    fill(form, meet_at="2025-06-18T17:00:00+08:00")
    assert send(qtbot, composer).state == "issued"


# ------------------------------------------------------------------ offline, lost answers, drafts
def test_offline_nothing_is_sent_nothing_is_lost_and_the_notice_goes_when_it_is_back(compose, qtbot):
    composer = compose()
    whole_order(composer.form)
    feed = composer._place.backend.session.feed
    feed.disconnect()
    qtbot.waitUntil(lambda: not composer._place.live.online)
    composer.form.submit()
    assert composer.form.notice.text() == OFFLINE and not composer.busy
    assert summons_of(composer._place) == []
    feed.reconnect()
    qtbot.waitUntil(lambda: composer._place.live.online and not composer.form.notice.isVisible())
    assert send(qtbot, composer).state == "issued"


def test_a_lost_answer_is_asked_for_and_nothing_is_opened_twice(compose, qtbot):
    composer = compose()
    whole_order(composer.form)
    composer._place.joint_deeds.stop()  # its waits end at once
    composer._place.backend.session.joint_commands.lose_answer = True
    assert send(qtbot, composer).state == "issued"
    assert len(summons_of(composer._place)) == 1


def test_when_the_server_stays_away_the_same_sheet_is_sent_again_under_the_same_id(compose, qtbot, monkeypatch):
    composer = compose()
    form, commands = composer.form, composer._place.backend.session.joint_commands
    whole_order(form)
    composer._place.joint_deeds.stop()
    real, number = commands.open_summons, form.summons_id

    def done_but_silent(new):
        real(new)
        raise OutcomeUnknown("断")

    def away(_id):
        raise OutcomeUnknown("断")

    monkeypatch.setattr(commands, "open_summons", done_but_silent)
    monkeypatch.setattr(commands, "outcome", away)
    form.submit()
    qtbot.waitUntil(lambda: not composer.busy)
    assert "再提交一次" in form.notice.text() and form.summons_id == number
    monkeypatch.undo()
    fill(form, reason="又补了一句")
    send(qtbot, composer)
    assert len(summons_of(composer._place)) == 1
    assert any("之后改动的内容没有带上" in note.text for note in composer._place.notices.notes())


def test_what_was_typed_survives_a_restart_with_the_id_under_which_it_was_tried(compose, make_place, city, qtbot):
    first = compose()
    whole_order(first.form)
    fill(first.form, checks=["取缔摊位"], reason="居民投诉")
    number = first.form.summons_id
    first.keep_draft()
    second = compose(place=_again(make_place, city, qtbot))
    assert second.form.summons_id == number and second.form.summons() == first.form.summons()
    texts = [note.detail for note in second._place.notices.notes()]
    assert any("拟令 夜市占道整治" in text for text in texts)


def _again(make_place, city, qtbot):
    place = make_place(city, "supervisor")
    place.live.begin()
    qtbot.waitUntil(lambda: place.live.ready and place.notices.notes() != [])
    return place


def test_a_sent_sheet_leaves_no_draft_and_sheets_about_other_cases_keep_theirs(compose, city, qtbot):
    composer = compose()
    place = composer._place
    whole_order(composer.form)
    other = compose(place=place, preset=preset_of([next(iter(city.records))]))
    fill(other.form, title="另一件")
    for one in (composer, other):
        one.keep_draft()
    assert len(place.drafts.keys()) == 2
    composer.form.setFocus()
    with qtbot.waitSignal(composer.done):
        composer.form.submit()
    assert place.drafts.keys() == [other._key] and "new" not in other._key


def test_escape_leaves_with_the_draft_kept(compose, qtbot):
    composer = compose()
    fill(composer.form, title="写到一半")
    with qtbot.waitSignal(composer.cancelled):
        press(qtbot, composer, Qt.Key.Key_Escape)
    assert composer._place.drafts.get("joint/order/new")["title"] == "写到一半"


def test_a_signature_that_is_refused_leaves_a_draft_and_says_where_to_sign_it(compose, qtbot, monkeypatch):
    composer = compose()
    whole_order(composer.form)
    commands = composer._place.backend.session.joint_commands
    real = commands.act

    def refuse(command: JointCommand):
        if command.action == "sign":
            raise InvalidInput("请填写集结时间", {"field": "meet_at"})
        return real(command)

    monkeypatch.setattr(commands, "act", refuse)
    assert send(qtbot, composer).state == "draft"
    note = composer._place.notices.notes()[0]
    assert "签发没有完成" in note.text and "请填写集结时间" in note.detail


# ------------------------------------------------------------------ presets
def preset_of(cases, kind="order", **more):
    return NewSummons(id=uuid4(), kind=kind, caller_id=org_id("东城区"), scope="", title="", parties=(), level="",
                      cases=tuple(cases), **more)


def test_cases_bring_the_scenario_of_their_line_and_the_first_ones_address(compose, city, qtbot):
    case_id, record = next((i, r) for i, r in city.records.items() if r.row.item_id)
    peddling = next(item.id for item in city.directory.items.values() if item.minor == "占道经营")
    record.row = replace(record.row, item_id=peddling)
    form = compose(preset=preset_of([case_id])).form
    qtbot.waitUntil(lambda: form.place.value() == record.address)
    assert (form.scenario.value(), form.scope.value(), form.summons().cases) == ("Z02", "综合执法", (case_id,))
    assert org_id("区城管执法局") in {p.unit_id for p in form.parties.parties()}


def test_an_order_from_a_whistle_takes_its_place_units_and_cases_along(compose, city, qtbot):
    row = the_evening(city).summons[202506 * 10**9 + 3].row
    place = compose()._place
    composer = compose(place=place, preset=from_whistle(place, row))
    new = composer.form.summons()
    assert (new.from_id, new.title, new.place, new.lon, new.lat) == (row.id, row.title, row.place, row.lon, row.lat)
    assert [p.unit_id for p in new.parties] == [p.unit_id for p in row.live_parties] and new.cases == row.cases
    assert new.scenario == "Z15" and composer._key == f"joint/order/from{row.id}"


def test_a_place_on_the_map_brings_its_point_and_words_and_has_a_draft_of_its_own(compose, qtbot):
    place = compose()._place
    composer = compose(place=place, preset=from_place(place, "order", 116.4172, 39.9406, words="簋街东口"))
    new = composer.form.summons()
    assert (new.lon, new.lat, new.place, new.cases) == (116.4172, 39.9406, "簋街东口", ())
    assert composer._key == "joint/order/at116.41720,39.94060"
    whole_order(composer.form)
    assert send(qtbot, composer).state == "issued" and summons_of(place)[-1].lon == 116.4172


def test_a_case_is_linked_by_its_number_and_one_out_of_sight_is_refused(compose, city, qtbot):
    composer = compose()
    case_id = next(iter(city.records))
    composer.form.cases.setFocus()
    keys(qtbot, composer, city.row(case_id).no)
    press(qtbot, composer, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: composer.form.cases.value() == [case_id])
    keys(qtbot, composer, "999999")
    press(qtbot, composer, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "没有找到" in composer.form.cases._said.text())


# ------------------------------------------------------------------ templates
def test_a_team_is_saved_by_lines_and_offered_from_then_on(compose, city, qtbot):
    from ui.joint.team_dialog import TeamDialog

    composer = compose()
    whole_order(composer.form)
    composer.form.team_button.click()
    dialog = composer.findChild(TeamDialog)
    fill(dialog.form, name="夜市整治队", template="1+1")
    with qtbot.waitSignal(dialog.saved):
        dialog.form.submit()
    team = town_of(city).teams[-1]
    assert (team.name, team.template, team.own) == ("夜市整治队", "1+1", True)
    assert [(line.line, line.heads, line.lead) for line in team.lines] == [("城管执法", 6, True), ("公安", 2, False)]


def test_units_without_a_line_cannot_be_a_template_and_the_reason_is_told(compose, qtbot):
    from ui.joint.team_dialog import TeamDialog

    composer = compose()
    fill(composer.form, parties=[[org_id("和平里"), 2, True]])
    composer.form.team_button.click()
    dialog = composer.findChild(TeamDialog)
    assert not dialog.form.submit_button.isEnabled() and "和平里 不属于任何条线" in dialog.form.notice.text()


# ------------------------------------------------------------------ preview
def test_the_preview_shows_what_is_on_the_sheet_and_cannot_be_printed(compose, qtbot):
    from ui.joint.document_preview import DocumentPreview

    composer = compose()
    whole_order(composer.form)
    composer.form.preview_button.click()
    shown = composer.findChild(DocumentPreview)
    said = "".join(words.text for page in shown.pages for words in page.words)
    for words in ("夜市占道整治", "簋街东口", "2025年6月18日19:00", "6人", "草稿预览", "（签发时编号）"):
        assert words in said
    assert not shown.document.issued and shown.save_button.isHidden() and shown.print_button.isHidden()
    shown.save()
    shown.print_out()
    shown.close()


def test_an_empty_sheet_can_be_previewed_with_blanks(compose, qtbot):
    from ui.joint.document_preview import DocumentPreview

    composer = compose("whistle", "dispatcher")
    composer.form.preview()
    shown = composer.findChild(DocumentPreview)
    assert "（未填）" in shown.document.title
    shown.close()
