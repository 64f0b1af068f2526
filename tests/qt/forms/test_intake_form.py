"""A whole case from the keyboard, duplicates while typing, nothing doubled on a second try."""

from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest

from commandcenter.domain.duplicates import Candidate
from commandcenter.domain.errors import InvalidInput, ServerUnavailable
from commandcenter.domain.model import NewReport
from tests.qt.forms.samples import context_of, show_active
from tests.support.small_city import GRID_05_3, LID
from ui.forms.intake_form import IntakeForm

DESCRIPTION = "安德里北街路口污水井盖丢了，差点掉下去"
SECONDS_PER_KEY = 0.25  # a practised hand
WORDS_PER_STROKE = 1.6  # characters a Chinese input method gives for one key, phrases included (conservative)


class Typist:
    """Types into whatever has the keyboard, and counts."""

    def __init__(self, form: IntakeForm) -> None:
        self.form, self.commands = form, 0

    def words(self, text: str) -> None:
        """Text as an input method commits it."""
        committed = QInputMethodEvent()
        committed.setCommitString(text)
        QCoreApplication.sendEvent(self.form.focusWidget(), committed)

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """A key that is not text."""
        self.commands += 1
        QTest.keyClick(self.form.focusWidget(), key, modifier)


def form_of(qtbot: Any, similar=lambda grid, item, text: [], **more: Any) -> IntakeForm:
    form = IntakeForm(context_of(), **more)
    form.similar_wanted.connect(lambda *asked: form.set_similar(similar(*asked)))
    qtbot.addWidget(form)
    form.resize(920, 720)
    show_active(qtbot, form)
    return form


def sent_by(form: IntakeForm) -> list[tuple[NewReport, tuple[Any, ...]]]:
    sent: list[tuple[NewReport, tuple[Any, ...]]] = []
    form.submitted.connect(lambda report, files: sent.append((report, files)))
    return sent


def test_a_case_is_taken_in_from_the_keyboard_with_few_strokes_beside_the_text(qtbot) -> None:
    form = form_of(qtbot)
    sent = sent_by(form)
    form.focus_first()  # the channel stands from the last call: the cursor is in the description
    hand = Typist(form)
    hand.words(DESCRIPTION)
    hand.key(Qt.Key.Key_Tab)
    hand.words("青年湖05-3")
    hand.key(Qt.Key.Key_Tab)
    hand.key(Qt.Key.Key_Tab)  # takes the grid that the address names
    hand.key(Qt.Key.Key_Tab)  # takes the item that the description names
    hand.words("王先生")
    hand.key(Qt.Key.Key_Tab)
    hand.words("13900000000")
    hand.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    [(report, files)] = sent
    assert (report.grid_id, report.item_id) == (GRID_05_3, LID)
    assert (report.channel, report.description) == ("hotline12345", DESCRIPTION)
    assert (report.reporter_name, report.reporter_phone, report.address) == ("王先生", "13900000000", "青年湖05-3")
    assert files == ()
    assert hand.commands == 6
    text_strokes = len(DESCRIPTION + "青年湖05-3王先生") / WORDS_PER_STROKE + len("13900000000")
    assert (hand.commands + text_strokes) * SECONDS_PER_KEY < 20


def test_tab_takes_nothing_when_nothing_is_known(qtbot) -> None:
    form = form_of(qtbot)
    form.focus_first()
    hand = Typist(form)
    hand.words("有问题")
    for _ in range(4):
        hand.key(Qt.Key.Key_Tab)
    assert {"grid_id", "item_id"}.isdisjoint(form.values())


def test_a_report_without_description_is_refused_in_place(qtbot) -> None:
    form = form_of(qtbot)
    sent = sent_by(form)
    form.submit()
    assert sent == []
    assert form.error_of("description") == "请填写此项"


@pytest.mark.parametrize("phone", ["abc", "12", "139' or 1=1", "电话"])
def test_a_telephone_number_that_is_none_is_refused(qtbot, phone: str) -> None:
    form = form_of(qtbot)
    form.set_values({"description": DESCRIPTION, "reporter_phone": phone})
    form.submit()
    assert form.error_of("reporter_phone")


@pytest.mark.parametrize("phone", ["13900000000", "010-6400 0000", "+86 139 0000 0000", "64000000转12"])
def test_telephone_numbers_are_taken_as_people_say_them(qtbot, phone: str) -> None:
    form = form_of(qtbot)
    form.set_values({"description": DESCRIPTION, "reporter_phone": phone})
    assert form._editors["reporter_phone"].problem() == ""


def test_duplicates_appear_while_typing_and_open(qtbot) -> None:
    asked: list[tuple] = []

    def similar(grid, item, text):
        asked.append((grid, item, text))
        return [Candidate(7, "2610-000007", "井盖没了", "同网格", 0.8)]

    form = form_of(qtbot, similar)
    form.focus_first()
    Typist(form).words(DESCRIPTION)
    qtbot.waitUntil(lambda: form.candidates() == [7])
    assert asked[-1] == (None, None, DESCRIPTION)
    opened: list[int] = []
    form.candidate_opened.connect(opened.append)
    form._candidates.choose(7)
    QTest.keyClick(form._candidates._list, Qt.Key.Key_Return)
    assert opened == [7]


def test_cases_near_by_are_asked_when_the_place_is_known(qtbot, loop) -> None:
    async def near(lon, lat, item):
        return [Candidate(8, "2610-000008", "同一处", "40 米", 0.6)]

    form = form_of(qtbot, near=near)

    async def play() -> None:
        form.set_location(116.41, 39.95)
        await loop.turns()

    loop.run(play())
    assert form.candidates() == [8]
    assert (form.report().lon, form.report().lat) == (116.41, 39.95)


def test_a_failure_to_look_near_by_is_said_and_hinders_nothing(qtbot, loop) -> None:
    async def near(lon, lat, item):
        raise ServerUnavailable("服务器没有回应")

    form = form_of(qtbot, near=near)
    form.set_values({"description": DESCRIPTION})

    async def play() -> None:
        form.set_location(116.41, 39.95)
        await loop.turns()

    loop.run(play())
    assert "服务器没有回应" in form.notice.text()
    sent = sent_by(form)
    form.submit()
    assert len(sent) == 1


def test_sending_again_after_a_broken_connection_keeps_the_id_and_the_next_case_has_a_new_one(qtbot) -> None:
    form = form_of(qtbot)
    sent = sent_by(form)
    form.set_values({"description": DESCRIPTION, "channel": "patrol"})
    form.submit()
    form.set_error(ServerUnavailable("连接中断"))
    form.submit()
    assert sent[0][0].id == sent[1][0].id
    form.clear()
    assert form.values() == {"channel": "patrol"}
    assert form.report_id != sent[0][0].id


def test_the_databases_refusal_stands_at_its_field(qtbot) -> None:
    form = form_of(qtbot)
    form.set_values({"description": DESCRIPTION})
    form.submit()
    form.set_error(InvalidInput("没有这个渠道", {"field": "channel"}))
    assert form.error_of("channel") == "没有这个渠道"


def test_the_channel_is_found_by_initials(qtbot) -> None:
    form = form_of(qtbot)
    picker = form._editors["channel"]
    picker.edit.setFocus()
    picker.edit.selectAll()
    QTest.keyClicks(picker.edit, "jdy")
    QTest.keyClick(picker.edit, Qt.Key.Key_Return)
    assert picker.value() == "patrol"


def test_the_columns_stand_one_above_the_other_when_narrow(qtbot) -> None:
    form = form_of(qtbot)
    assert form._columns.direction() == form._columns.Direction.LeftToRight
    form.resize(480, 720)
    qtbot.waitUntil(lambda: form._columns.direction() == form._columns.Direction.TopToBottom)


def test_a_draft_is_told_while_typing(qtbot) -> None:
    form = form_of(qtbot)
    drafts: list[dict] = []
    form.draft_changed.connect(drafts.append)
    form.focus_first()
    Typist(form).words("路面")
    assert drafts[-1] == {"channel": "hotline12345", "description": "路面"}
