"""The desk: counts, a queue that stays under the hand, who else looks, and what each role finds."""

from dataclasses import replace
from uuid import uuid4

import pytest
from PySide6.QtCore import Qt

from commandcenter.domain.model import Command, NewReport
from tests.fakes.acting import act
from tests.fakes.intake import take_in
from tests.fakes.population import actor, populate, small_city
from tests.fakes.session import PEOPLE
from ui.screens.desk.desk import DeskScreen
from ui.screens.desk.photos import Photos
from widgets.live_table import RowStateKind


def step(city, case_id, action, who=1, **args):
    return act(city, actor(who), Command(uuid4(), case_id, city.row(case_id).version, action, args))


def labels(desk):
    return [action.label for action in desk_actions(desk)]


def desk_actions(desk):
    from ui.models.offers import offers
    return offers(desk.case.file.row, desk.place.person, desk.place.backend.directory, desk.place.units)


@pytest.mark.parametrize("role", ["dispatcher", "acceptor", "handler", "verifier", "followup", "supervisor", "street"])
def test_every_count_equals_the_rows_behind_it(make_desk, qtbot, role):
    desk = make_desk(populate(small_city(), seed=3), role)
    for queue in desk.place.queues:
        desk.side_bar.queues.select(queue.key)
        qtbot.waitUntil(lambda: not desk.queue.rows.filling)
        assert desk.queue.rows.queue == queue.key
        assert desk.queue.rows.model.rowCount() == desk.place.live.picture.counts[queue.key], queue.key


def test_the_queue_does_not_move_under_the_hand(make_desk, qtbot):
    desk = make_desk(small_city(filed=60))
    table, model = desk.queue.table, desk.queue.rows.model
    key = model.key_at(30)
    table.set_current(key)
    before = table.visualRect(model.index(model.row_of(key), 0)).top()
    record = desk.place.backend.session.city.records[model.key_at(50)]
    urgent = [replace(record.row, id=record.row.id + 1000 + n, priority=1, urgent=True) for n in range(5)]
    city = desk.place.backend.session.city
    for row in urgent:
        city.put(replace(record, row=row))
    city.tell(frozenset(row.id for row in urgent))
    qtbot.waitUntil(lambda: model.rowCount() == 65)
    assert table.current_key() == key
    assert table.visualRect(model.index(model.row_of(key), 0)).top() == before


def test_a_case_reported_elsewhere_appears_in_the_acceptors_queue(make_desk, city, qtbot):
    desk = make_desk(city, "acceptor")
    done = take_in(city, PEOPLE["acceptor"], NewReport(uuid4(), "patrol", "路面有坑"))
    city.tell(frozenset({done.case_id}))
    qtbot.waitUntil(lambda: desk.queue.rows.model.row_of(done.case_id) is not None)


def test_who_else_has_the_case_open_is_shown_on_its_row_and_in_its_heading(desk, city, qtbot):
    case_id = desk.queue.table.current_key()
    city.looking[PEOPLE["dispatcher2"].id] = case_id
    city.tell(presence=frozenset({case_id}))
    qtbot.waitUntil(lambda: desk.queue.table.row_state(case_id).kind is RowStateKind.HELD)
    assert desk.queue.table.row_state(case_id).note == "李晓燕 查看中"
    qtbot.waitUntil(lambda: "李晓燕" in desk.case.head._others.text())


def test_selecting_a_case_tells_the_others(desk, city, qtbot):
    case_id = desk.queue.table.current_key()
    qtbot.waitUntil(lambda: city.looking.get(PEOPLE["dispatcher"].id) == case_id)


def test_the_trace_shows_every_step_with_who_and_whether_it_is_whole(desk, city):
    case_id = desk.queue.table.current_key()
    assert len(desk.case.trace._entries) == len(city.records[case_id].trace)
    assert "链完整" in desk.case.trace._footer.text()


def test_a_step_taken_elsewhere_appears_in_the_open_case(desk, city, qtbot):
    case_id = desk.queue.table.current_key()
    step(city, case_id, "note", text="已电话联系")
    city.tell(frozenset({case_id}))
    qtbot.waitUntil(lambda: any("已电话联系" in entry.text for entry in desk.case.trace._entries))


def test_filters_show_only_what_they_say_and_the_header_counts_both(desk, qtbot):
    row = desk.queue.rows.model.row_at(0)
    desk.queue.filters.street.select(row.street_id)
    desk.queue._on_filter()
    shown = [desk.queue.rows.model.value(key) for key in desk.queue.rows.model.keys()]  # noqa: SIM118
    assert shown and all(other.street_id == row.street_id for other in shown)
    assert f"{len(shown)} / 6 件" in desk.queue._detail.text()


def test_alt_number_changes_the_queue(desk, qtbot):
    qtbot.keyClick(desk.queue.table, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert desk.queue.rows.queue == desk.place.queues[1].key


def test_a_case_that_is_not_in_this_queue_is_opened_in_its_own(desk, city, qtbot):
    wanted = next(r.row.id for r in city.records.values() if r.row.state == "feedback")
    desk.open_case(wanted)
    qtbot.waitUntil(lambda: desk.case.file is not None and desk.case.file.row.id == wanted)
    assert desk.queue.rows.queue == "feedback"


def test_a_handler_receives_several_cases_in_one_go(make_desk, qtbot):
    city = small_city(dispatched=8)
    unit = PEOPLE["handler"].duties[0].org_id
    for record in city.records.values():
        record.row = replace(record.row, unit_id=unit, handler_id=unit)
    desk = make_desk(city, "handler")
    desk.queue.table.selectAll()
    desk.begin(next(action for action in desk_actions(desk) if action.code == "receive"))
    qtbot.waitUntil(lambda: all(r.row.state == "in_progress" for r in city.records.values()))
    qtbot.waitUntil(lambda: desk.place.live.picture.counts["handling"] == 8)


def test_a_verifier_sees_before_and_after_large_and_passes_the_case(make_desk, qtbot):
    city = small_city(feedback=2)
    desk = make_desk(city, "verifier")
    case_id = desk.queue.table.current_key()
    assert desk.side.actions.pictures.isVisible()
    assert desk.side.actions.pictures.after.photo.image is not None
    desk.begin(next(action for action in desk_actions(desk) if action.code == "verify"))
    qtbot.waitUntil(lambda: city.row(case_id).state == "verified")


def test_a_supervisor_is_offered_what_the_request_needs(make_desk, qtbot):
    city = small_city(in_progress=1)
    case_id = next(iter(city.records))
    step(city, case_id, "request_extension", 4, minutes=60, reason="等待配件")
    desk = make_desk(city, "supervisor", queue="asked")
    qtbot.waitUntil(lambda: desk.case.file is not None)
    assert {"批准延期", "驳回申请"} <= set(labels(desk))
    assert "申请延期 60 分钟：等待配件" in desk.case._request.text()


def test_a_photo_that_cannot_be_read_says_so_and_leaves_the_others(desk, city, qtbot):
    case_id = desk.queue.table.current_key()
    record = city.records[case_id]
    record.contents[1] = b"not a picture"
    photos = Photos(desk.place, desk)
    photos.show(city.file(case_id))
    qtbot.waitUntil(lambda: photos.complete)
    assert [bool(photo.error) for photo in photos.photos()] == [True, False]


def test_an_empty_queue_says_so(make_desk, qtbot):
    desk = make_desk(small_city(filed=1), queue="returned")
    assert desk.queue._state().title == "这个队列没有案件"


def test_a_reporter_is_masked_until_a_reason_is_given(make_desk, qtbot):
    city = small_city(reported=30)
    for record in city.records.values():
        record.row = replace(record.row, citizen=bool(record.reporters))
    desk = make_desk(city, "acceptor")
    case_id = next(r.row.id for r in city.records.values() if r.reporters)
    desk.open_case(case_id)
    qtbot.waitUntil(lambda: desk.case.file is not None and desk.case.file.row.id == case_id)
    line = desk.case.reporters._lines.itemAt(0).widget()
    line.look.click()
    from ui.forms.reveal_dialog import RevealDialog
    dialog = desk.window().findChild(RevealDialog)
    dialog.confirmed.emit("核实事发地址")
    qtbot.waitUntil(lambda: "13800000217" in dialog._clear.text())
    assert city.revealed == [(PEOPLE["acceptor"].id, case_id, desk.case.file.reporters[0].reporter_id, "核实事发地址")]
    dialog.close()


def test_the_figures_of_the_shift_open_the_cases_behind_them(desk, city, qtbot):
    desk.side.units.send_to_hotkey(1)
    qtbot.waitUntil(lambda: desk.place.live.picture.counts["filed"] == 5)
    desk.side_bar.figure_chosen.emit("dispatched")
    shown = [desk.queue.rows.model.row_at(n) for n in range(desk.queue.rows.model.rowCount())]
    assert shown and all(row.dispatched_by == PEOPLE["dispatcher"].id for row in shown)
    desk.step_back()
    assert desk.queue.rows.model.rowCount() == desk.place.live.picture.counts["running"]


def test_a_card_clicked_with_nothing_selected_shows_the_units_cases(desk, qtbot):
    unit = next(card.data.key for card in desk.side.units.board.cards() if card.data.count)
    desk.queue.clear_selection()
    desk.side.units.board.card_clicked.emit(unit)
    shown = [desk.queue.rows.model.row_at(n) for n in range(desk.queue.rows.model.rowCount())]
    assert shown and all(row.handler_id == unit for row in shown)


def test_a_window_that_closes_leaves_the_other_ones_case_open(make_place, city, qtbot):
    place = make_place(city)
    first, second = DeskScreen(place), DeskScreen(place)
    place.live.begin()
    for desk in (first, second):
        qtbot.addWidget(desk)
        desk.show()
        qtbot.waitUntil(lambda d=desk: d.queue.rows.model.rowCount() == 6)
    one, two = first.queue.rows.model.keys()[:2]
    first.open_case(one)
    second.open_case(two)
    me = PEOPLE["dispatcher"].id
    qtbot.waitUntil(lambda: city.looking.get(me) == two)
    second.keep_drafts()
    qtbot.waitUntil(lambda: city.looking.get(me) == one)
    first.keep_drafts()
    qtbot.waitUntil(lambda: me not in city.looking)


def test_f2_begins_the_next_step_even_before_the_case_has_been_read(make_desk, qtbot):
    desk = make_desk(small_city(reported=3), "acceptor")
    desk.queue.table.set_current_row(2)
    desk.begin_next()
    qtbot.waitUntil(lambda: desk.side.form.form is not None)
    assert desk.side.form.row.id == desk.queue.table.current_key()


def test_the_first_case_is_selected_when_it_comes_later(make_desk, qtbot):
    city = small_city(returned=1)
    desk = make_desk(city)
    assert desk.queue.table.current_key() is None
    case_id = next(iter(city.records))
    step(city, case_id, "rule", unit_id=city.row(case_id).street_id, reason="属地负责")
    city.put(replace(city.records[case_id], row=replace(city.row(case_id), state="filed")))
    city.tell(frozenset({case_id}))
    qtbot.waitUntil(lambda: desk.queue.table.current_key() == case_id)


def test_what_changes_while_a_long_queue_is_sorted_is_right_afterwards(desk, city, qtbot, monkeypatch):
    from ui.screens.desk import queue_rows
    monkeypatch.setattr(queue_rows, "_AT_ONCE", 2)
    live, rows = desk.place.live, desk.queue.rows
    gone, newer = [r.row for r in city.records.values() if r.row.state == "in_progress"][:2]
    desk.show_queue("running")
    assert rows.filling and rows.model.rowCount() == 0
    live.changed.emit(live.picture.merge([replace(newer, version=newer.version + 1, returns=3)], [gone.id, newer.id]))
    qtbot.waitUntil(lambda: not rows.filling)
    assert rows.model.row_of(gone.id) is None and rows.model.value(newer.id).returns == 3
    assert rows.model.rowCount() == live.picture.counts["running"] == 7
    assert desk.queue.table.current_key() == rows.model.key_at(0)


def test_a_selection_beyond_measure_is_refused_in_words(desk, qtbot, monkeypatch, texts):
    from ui.screens.desk import desk as module
    from ui.screens.desk import unit_pane
    monkeypatch.setattr(module, "MOST_AT_ONCE", 2)
    monkeypatch.setattr(unit_pane, "MOST_AT_ONCE", 2)
    desk.queue.table.selectAll()
    assert not desk.side.units.send_to_hotkey(1)
    desk.begin(next(action for action in desk_actions(desk) if action.code == "note"))
    assert "一次最多办理" in texts()[0] and desk.side.form.form is None
    desk.queue.table.set_current_row(0)
    qtbot.waitUntil(lambda: desk.side.units.board.card_for_hotkey(1) is not None)


def test_f2_never_begins_a_side_action(make_desk, qtbot):
    desk = make_desk(small_city(in_progress=1), "supervisor", queue="running")
    desk.begin_next()
    assert any("没有等您办的下一步" in note.text for note in desk.place.notices.notes())
    assert desk.side.form.form is None


def test_the_day_is_told_and_each_figure_says_what_it_counts(desk, city, qtbot):
    qtbot.waitUntil(lambda: desk.side_bar.has_figures)
    told = [stat.row for stat in desk.side_bar.today._stats]
    assert [row.label for row in told] == ["今日 上报", "今日 立案", "今日 派遣", "今日 结案", "今日 超期"]
    assert all(row.hint and not row.clickable for row in told)
    midnight = desk.side_bar._place.words.local(city.now).replace(hour=0, minute=0, second=0, microsecond=0)
    filed = [e for r in city.records.values() for e in r.trace if e.action == "file" and e.at >= midnight]
    assert told[1].value == f"{len(filed):,}" != "0"


def test_what_changes_while_a_long_queue_is_gathered_is_right_afterwards(desk, city, qtbot, monkeypatch):
    from ui.screens.desk import queue_rows
    monkeypatch.setattr(queue_rows, "_AT_ONCE", 2)
    monkeypatch.setattr(queue_rows, "_GATHERED_AT_ONCE", 1)
    live, rows = desk.place.live, desk.queue.rows
    gone, newer = [r.row for r in city.records.values() if r.row.state == "in_progress"][:2]
    moved = next(r.row for r in city.records.values() if r.row.state == "filed")
    parts, asked = live.picture.queue_parts, []

    def counted(*given):
        for part in parts(*given):
            asked.append(part)
            if len(asked) == len(live.picture.rows) // 2:
                fresh = [replace(newer, version=newer.version + 1, returns=3),
                         replace(moved, version=moved.version + 1, state="in_progress")]
                live.changed.emit(live.picture.merge(fresh, [gone.id, newer.id, moved.id]))
            yield part
    monkeypatch.setattr(live.picture, "queue_parts", counted)
    desk.show_queue("running")
    qtbot.waitUntil(lambda: not rows.filling)
    assert rows.model.row_of(gone.id) is None and rows.model.value(newer.id).returns == 3
    assert rows.model.row_of(moved.id) is not None
    assert rows.model.rowCount() == live.picture.counts["running"] == 8
