"""Every action's form is generated, can be filled, refuses rubbish in place, and loses nothing."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget

from commandcenter.domain.duplicates import Candidate
from commandcenter.domain.errors import Conflict, InvalidInput
from commandcenter.domain.recommend import recommend
from commandcenter.domain.workflow import Action, load_workflow
from tests.qt.forms.samples import context_of, show_active
from tests.support.small_city import (
    GRID_05_3,
    HEPINGLI,
    JINGSHAN,
    LID,
    PEDDLER,
    QINGNIANHU,
    TEAM_HPL,
    case,
    city,
)
from ui.forms.action_form import ActionForm
from ui.forms.evidence_file import DraftAttachment

FLOW = load_workflow()
GOOD = {
    "text": "说明文字", "line": "张三", "unit": HEPINGLI, "item": LID, "grid": GRID_05_3, "case": 77,
    "instant": "2026-10-08T09:00+08:00", "minutes": 120,
}  # fmt: skip
FROM_CASE = [a for a in FLOW.actions if a.sources]
every_action = pytest.mark.parametrize("action", FROM_CASE, ids=lambda a: a.code)


def good_value(code: str) -> object:
    field = FLOW.field[code]
    return next(iter(field.choices)) if field.type == "choice" else GOOD[field.type]


def form_of(qtbot, code: str, row=None, **more) -> ActionForm:
    action = FLOW.action[code]
    row = row or case(state=action.sources[0], unit_id=HEPINGLI, handler_id=HEPINGLI)
    form = ActionForm(action, context_of(**more), row)
    qtbot.addWidget(form)
    form.resize(460, 560)
    show_active(qtbot, form)
    return form


def sent_by(form: ActionForm) -> list[dict]:
    sent: list[dict] = []
    form.submitted.connect(sent.append)
    return sent


@every_action
def test_a_form_takes_every_field_and_sends_it(qtbot, action: Action) -> None:
    form = form_of(qtbot, action.code)
    sent = sent_by(form)
    values = {code: good_value(code) for code in (*action.required, *action.optional)}
    form.set_values(values)
    assert form.values() == values
    if action.code == "attach":
        form._evidence._attachments.append(DraftAttachment("scene", "a.png", "image/png", b"x"))
    form.submit()
    if action.danger:
        form.submit()
    assert sent == [values]
    assert form.submit_button.busy


@every_action
def test_an_empty_form_names_what_is_required_in_place(qtbot, action: Action) -> None:
    form = form_of(qtbot, action.code)
    assert form.missing() == list(action.required)
    sent = sent_by(form)
    form.submit()
    for code in action.required:
        assert form.error_of(code) == "请填写此项"
    if action.required:
        assert sent == []


@every_action
def test_every_input_has_a_name_for_screen_readers_and_can_be_reached_by_tab(qtbot, action: Action) -> None:
    form = form_of(qtbot, action.code)
    for widget in form.findChildren(QWidget):
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisibleTo(form):
            said = widget.accessibleName() or (widget.text() if isinstance(widget, QPushButton) else "")
            assert said, widget


@pytest.mark.parametrize("code", ["suspend", "request_extension", "dispatch", "merge"])
@pytest.mark.parametrize("rubbish", ["胡说", "-5", "99-99 99:99", "\u202e", "1e400", "'; drop table", "x" * 500])
def test_rubbish_is_refused_in_place_and_never_sent(qtbot, code: str, rubbish: str) -> None:
    form = form_of(qtbot, code)
    sent = sent_by(form)
    typed = FLOW.action[code].required[0]
    form._editors[typed].edit.setText(rubbish)
    form.set_values({c: good_value(c) for c in FLOW.action[code].required if c != typed})
    form.submit()
    assert sent == []
    assert form.error_of(typed)


@pytest.mark.parametrize("value", ["", "not a date", None, object(), 10**30, "2026-99-99"])
def test_set_values_of_rubbish_leaves_fields_empty_or_wrong_but_standing(qtbot, value) -> None:
    form = form_of(qtbot, "suspend")
    form.set_values({"until": value, "no_such_field": 1})
    assert "until" not in form.values()


def test_typing_tells_the_draft_and_a_draft_can_be_put_back(qtbot) -> None:
    form = form_of(qtbot, "return_case")
    drafts: list[dict] = []
    form.draft_changed.connect(drafts.append)
    form.focus_first()
    qtbot.keyClicks(form.focusWidget(), "not ours")
    assert drafts[-1] == {"reason": "not ours"}
    again = form_of(qtbot, "return_case")
    again.set_values(drafts[-1])
    assert again.values() == {"reason": "not ours"}


def test_a_live_change_overwrites_nothing_and_says_that_the_case_moved_on(qtbot) -> None:
    form = form_of(qtbot, "dispatch")
    form.set_values({"unit_id": HEPINGLI, "note": "写到一半"})
    form.set_row(case(state="in_progress", version=4, summary="新的摘要"))
    assert form.values() == {"unit_id": HEPINGLI, "note": "写到一半"}
    assert "办理中" in form.notice.text()
    assert not form.submit_button.isEnabled()
    form.set_row(case(state="returned", version=5))
    assert form.submit_button.isEnabled()


def test_the_databases_refusal_stands_at_its_field(qtbot) -> None:
    form = form_of(qtbot, "dispatch")
    form.set_values({"unit_id": HEPINGLI})
    form.submit()
    form.set_error(InvalidInput("该单位不能接收案件", {"field": "unit_id"}))
    assert form.error_of("unit_id") == "该单位不能接收案件"
    assert not form.submit_button.busy
    assert form.values() == {"unit_id": HEPINGLI}


def test_another_refusal_stands_above_the_buttons(qtbot) -> None:
    form = form_of(qtbot, "dispatch")
    form.set_values({"unit_id": HEPINGLI})
    form.submit()
    form.set_error(Conflict("王 · 12 秒前已派区城管委"))
    assert form.notice.isVisible()
    assert form.notice.text() == "王 · 12 秒前已派区城管委"


def test_while_sending_a_second_submit_does_nothing(qtbot) -> None:
    form = form_of(qtbot, "reject")
    sent = sent_by(form_of(qtbot, "receive"))
    form = form_of(qtbot, "receive")
    sent = sent_by(form)
    form.submit()
    form.submit()
    assert len(sent) == 1


def test_a_dangerous_action_needs_a_second_step_and_an_edit_takes_the_first_back(qtbot) -> None:
    form = form_of(qtbot, "force_close")
    sent = sent_by(form)
    form.set_values({"reason": "现场无法恢复"})
    form.submit()
    assert sent == []
    assert form.notice.isVisible()
    form._editors["reason"].changed.emit()
    assert not form.notice.isVisible()
    form.submit()
    form.submit()
    assert sent == [{"reason": "现场无法恢复"}]


def test_a_second_enter_by_habit_does_not_confirm_danger(qtbot) -> None:
    form = form_of(qtbot, "force_close")
    sent = sent_by(form)
    form.set_values({"reason": "现场无法恢复"})
    form.focus_first()
    qtbot.keyClick(form.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert form.focusWidget() is form.cancel_button
    qtbot.keyClick(form.focusWidget(), Qt.Key.Key_Return)
    assert sent == []
    assert not form.notice.isVisible()


def test_escape_cancels_without_asking_and_keeps_the_draft(qtbot) -> None:
    form = form_of(qtbot, "reject")
    form.set_values({"reason": "不属于本区"})
    form.focus_first()
    with qtbot.waitSignal(form.cancelled):
        qtbot.keyClick(form.focusWidget(), Qt.Key.Key_Escape)
    assert form.values() == {"reason": "不属于本区"}


def test_enter_in_a_line_submits_and_in_several_lines_makes_a_new_one(qtbot) -> None:
    form = form_of(qtbot, "supervise")
    sent = sent_by(form)
    form.set_values({"leader": "李区长", "reason": "群众反映强烈"})
    reason = form._editors["reason"]
    reason.setFocus()
    qtbot.keyClick(reason, Qt.Key.Key_Return)
    assert sent == []
    qtbot.keyClick(form._editors["leader"], Qt.Key.Key_Return)
    assert [s["leader"] for s in sent] == ["李区长"]


def test_the_unit_picker_offers_recommended_units_and_takes_the_first_by_enter(qtbot) -> None:
    there = city()
    row = case(item_id=PEDDLER)
    form = form_of(
        qtbot, "dispatch", row, suggest_units=lambda r: recommend(r, there.items[r.item_id], there, {}, {})
    )
    form.focus_first()
    picker = form._editors["unit_id"]
    assert picker.suggestions()[0].key == HEPINGLI
    qtbot.keyClick(picker.edit, Qt.Key.Key_Return)
    assert picker.value() == HEPINGLI
    assert picker.edit.text() == "和平里街道"


def test_the_unit_picker_finds_by_initials_and_shows_why_one_may_not(qtbot) -> None:
    form = form_of(qtbot, "dispatch", reach=frozenset({HEPINGLI}))
    picker = form._editors["unit_id"]
    form.focus_first()
    qtbot.keyClicks(picker.edit, "js")
    barred = next(o for o in picker.suggestions() if o.key == JINGSHAN)
    assert barred.why_not == "不在您的派遣范围内"
    qtbot.keyClick(picker.edit, Qt.Key.Key_Return)
    assert picker.value() is None


def test_sub_dispatch_offers_only_units_below_the_handler(qtbot) -> None:
    form = form_of(qtbot, "sub_dispatch")
    form.focus_first()
    offered = {o.key for o in form._editors["unit_id"].suggestions()}
    assert {QINGNIANHU, TEAM_HPL} <= offered
    assert JINGSHAN not in offered


def test_typing_again_takes_a_choice_back(qtbot) -> None:
    form = form_of(qtbot, "dispatch")
    form.set_values({"unit_id": HEPINGLI})
    picker = form._editors["unit_id"]
    picker.edit.setFocus()
    qtbot.keyClicks(picker.edit, "x")
    assert "unit_id" not in form.values()
    assert form.missing() == ["unit_id"]


def test_escape_closes_suggestions_before_it_cancels(qtbot) -> None:
    form = form_of(qtbot, "dispatch")
    gone: list[bool] = []
    form.cancelled.connect(lambda: gone.append(True))
    form.focus_first()
    picker = form._editors["unit_id"]
    assert picker.suggestions()
    qtbot.keyClick(picker.edit, Qt.Key.Key_Escape)
    assert not picker.suggestions()
    assert gone == []
    qtbot.keyClick(picker.edit, Qt.Key.Key_Escape)
    assert gone == [True]


def test_arrows_choose_in_a_row_of_buttons(qtbot) -> None:
    form = form_of(qtbot, "follow_up")
    form.focus_first()
    qtbot.keyClick(form.focusWidget(), Qt.Key.Key_Right)
    assert form.values() == {"satisfied": "basically"}
    qtbot.keyClick(form.focusWidget(), Qt.Key.Key_Left)
    assert form.values() == {"satisfied": "satisfied"}


def test_candidates_of_a_merge_never_hold_the_case_itself(qtbot) -> None:
    form = form_of(qtbot, "merge")
    form.set_candidates([Candidate(1001, "2610-001001", "自己", "", 1.0), Candidate(7, "2610-000007", "别的", "", 0.5)])
    assert form._editors["master_id"]._candidates.candidate_ids() == [7]


def test_attach_without_a_file_is_refused(qtbot) -> None:
    form = form_of(qtbot, "attach")
    sent = sent_by(form)
    form.submit()
    assert sent == []
    assert form.notice.text() == "请先添加附件"


def test_clear_forgets_everything(qtbot) -> None:
    form = form_of(qtbot, "suspend")
    form.submit()
    form.set_values({"until": "2026-10-08T09:00+08:00", "reason": "等待"})
    form.clear()
    assert form.values() == {}
    assert form.error_of("until") == ""


def test_a_form_without_fields_can_be_sent_at_once(qtbot) -> None:
    form = form_of(qtbot, "verify", replace(case(), state="feedback"))
    sent = sent_by(form)
    form.submit()
    assert sent == [{}]
