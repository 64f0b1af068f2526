"""What the probe tells: windows, widgets, rows and cards with their place on the screen, and what is said there.

Rectangles are [x, y, width, height] in screen pixels of what can be seen: without what a scroll area or another widget
of the same window hides; None when nothing of it can be seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from ui.app.window import MainWindow
from ui.screens.video.screen import VideoScreen
from widgets.board.card import UnitCard
from widgets.figure_table import FigureTable
from widgets.live_table import LiveTableView
from widgets.queue_list import QueueList
from widgets.toast import Toast
from widgets.video import VideoSlot

if TYPE_CHECKING:
    from ui.app.start import Program

Answer = Mapping[str, Any]


def windows(_program: Program, _asked: Answer) -> Answer:
    """Every window that is shown, with its number in the window system."""
    return {"windows": [{"id": int(w.winId()), "title": w.windowTitle(), "class": type(w).__name__, "rect": _rect(w),
                         "active": w.isActiveWindow()} for w in _shown_windows()]}


def widgets(_program: Program, asked: Answer) -> Answer:
    """Widgets in sight that say `text`, or whose class is `class`; all of them when neither is given."""
    found = (_described(part) for window in _shown_windows() for part in window.findChildren(QWidget)
             if part.isVisible())
    return {"widgets": [one for one in found
                        if _is_wanted(one["text"], asked.get("text")) and _is_wanted(one["class"], asked.get("class"))]}


def rows(program: Program, _asked: Answer) -> Answer:
    """The rows of the queue that can be seen: cells by the column's title, how the row is marked, where it is."""
    window = _window(program)
    if window is None:
        return {"rows": []}
    table = window.desk.queue.table
    chosen = set(table.selected_keys())
    return {"rows": [_described_row(table, number, chosen) for number in _rows_in_sight(table)]}


def cards(program: Program, _asked: Answer) -> Answer:
    """The cards of the board in sight: where, by which key, and what they say to a drag."""
    window = _window(program)
    found = window.findChildren(UnitCard) if window is not None else []
    return {"cards": [{"key": card.data.key, "title": card.data.title, "hotkey": card.data.hotkey,
                       "reason": card.data.reason, "refusal": card.refusal, "inviting": card.inviting,
                       "rect": _rect(card)} for card in found if card.isVisible()]}


def figures(program: Program, _asked: Answer) -> Answer:
    """The tables of figures in sight: by the table's name each row's key, title and figures, as they are written."""
    window = _window(program)
    found = window.findChildren(FigureTable) if window is not None else []
    return {"figures": {table.accessibleName(): [[row.key, row.title, *(figure.text for figure in row.figures)]
                                                 for row in table.model().rows()]
                        for table in found if table.isVisible()}}


def slots(program: Program, _asked: Answer) -> Answer:
    """Video slots in sight, of the window and of the wall: what each says, where it is, how large its picture is."""
    found = (slot for window in _shown_windows() for slot in window.findChildren(VideoSlot) if slot.isVisible())
    return {"slots": [{"number": slot.number, "title": slot.face.title, "status": slot.face.status,
                       "live": slot.face.live, "words": slot.face.words, "marks": slot.face.marks,
                       "wall": type(slot.window()) is not MainWindow, "rect": _rect(slot),
                       "picture": [slot.picture.width(), slot.picture.height()]} for slot in found]}


def cameras(program: Program, _asked: Answer) -> Answer:
    """The rows of the list of cameras in sight."""
    window = _window(program)
    table = window.shown.list.table if window is not None and isinstance(window.shown, VideoScreen) else None
    if table is None:
        return {"rows": []}
    chosen = set(table.selected_keys())
    return {"rows": [_described_row(table, number, chosen) for number in _rows_in_sight(table)]}


def maps(_program: Program, _asked: Answer) -> Answer:
    """Maps in sight: where, which point of the plane lies in the middle, and how many metres a pixel is."""
    from widgets.map import MapCanvas  # a program that shows none does without

    found = (canvas for window in _shown_windows() for canvas in window.findChildren(MapCanvas) if canvas.isVisible())
    return {"maps": [{"rect": _rect(canvas), "view": list(canvas.view)} for canvas in found]}


def lists(_program: Program, _asked: Answer) -> Answer:
    """Tables and lists of queues in sight, by their names: the rows' keys; the queues with their counts as a screen
    reader tells them."""
    parts = [part for window in _shown_windows() for part in window.findChildren(QWidget) if part.isVisible()]
    tables = {part.accessibleName(): part.model().keys() for part in parts if isinstance(part, LiveTableView)}
    spoken = Qt.ItemDataRole.AccessibleTextRole
    queues = [str(model.index(row, 0).data(spoken)) for part in parts if isinstance(part, QueueList)
              for model in [part.model()] for row in range(model.rowCount())]
    return {"tables": tables, "queues": queues}


def state(program: Program, _asked: Answer) -> Answer:
    """What the window says as a whole: live state, queues, the case shown, the form, toasts, notices; the login."""
    window, login = _window(program), program.login
    told: dict[str, Any] = {"login": None, "desk": None}
    if login is not None and login.isVisible():
        told["login"] = {"user": login.user.text(), "said": login.notice.text() if login.notice.isVisible() else "",
                         "busy": login.enter.busy, "samples": login.list.count()}
    if window is not None:
        told["desk"] = _desk_state(window)
    return told


QUESTIONS: Mapping[str, Callable[[Any, Answer], Answer]] = {
    "windows": windows, "widgets": widgets, "rows": rows, "cards": cards, "figures": figures,
    "state": state, "slots": slots, "cameras": cameras, "maps": maps, "lists": lists,
}


# ------------------------------------------------------------ the desk
def _window(program: Program) -> MainWindow | None:
    return program.windows[0] if program.windows else None


def _desk_state(window: MainWindow) -> Answer:
    place, desk = window.place, window.desk
    live, picture = place.live, place.live.picture
    return {
        "user": place.person.login, "complete": desk.complete, "screen": desk.objectName() or "dispatch",
        "live": {"kind": live.state.kind, "since": live.state.since, "pill": window.bar.pill.text()},
        "banner": window.banner.text() if window.banner.isVisible() else "",
        "queue": desk.queue.rows.queue,
        "counts": {queue.key: picture.counts[queue.key] for queue in place.queues},
        "open": len(picture.rows),
        "case": desk.case.file.row.id if desk.case.file else None,
        "selected": desk.queue.table.selected_keys(),
        "form": _form_state(window),
        "toasts": [{"text": t.data.text, "detail": t.data.detail, "action": t.data.action_text}
                   for t in window.findChildren(Toast) if t.isVisible()],
        "notices": [{"text": note.text, "detail": note.detail} for note in place.notices.notes()[:20]],
    }


def _form_state(window: MainWindow) -> Answer | None:
    pane = window.desk.side.form
    if pane.form is None or pane.row is None or pane.action is None:
        return None
    return {"action": pane.action.code, "case": pane.row.id, "values": pane.form.values(),
            "said": pane.form.notice.text() if pane.form.notice.isVisible() else "",
            "shown": pane.form.isVisible()}


# ------------------------------------------------------------ rows
def _rows_in_sight(table: LiveTableView) -> Iterator[int]:
    first, last = table.rowAt(0), table.rowAt(table.viewport().height() - 1)
    if first >= 0 and table.isVisible():
        yield from range(first, (last if last >= 0 else table.model().rowCount() - 1) + 1)


def _described_row(table: LiveTableView, number: int, chosen: set[object]) -> Answer:
    model, viewport = table.model(), table.viewport()
    key, value = model.key_at(number), model.row_at(number)
    place = QRect(0, table.rowViewportPosition(number), viewport.width(), table.rowHeight(number))
    mark = table.row_state(key)
    return {"key": key, "rect": _on_screen(viewport, place & viewport.visibleRegion().boundingRect()),
            "cells": {column.title: column.text(value) for column in model.columns if column.live is None},
            "mark": mark.kind.value, "note": mark.note, "selected": key in chosen}


# ------------------------------------------------------------ widgets
def _shown_windows() -> list[QWidget]:
    return [w for w in QApplication.topLevelWidgets() if w.isVisible()]


def _described(part: QWidget) -> dict[str, Any]:
    return {"class": type(part).__name__, "name": part.objectName(), "text": _text(part), "rect": _rect(part),
            "label": part.accessibleName(), "enabled": part.isEnabled(), "focus": part.hasFocus()}


def _is_wanted(found: str, wanted: object) -> bool:
    return wanted is None or found == wanted


def _text(part: QWidget) -> str:
    """What the widget says; a password says nothing."""
    if isinstance(part, QLineEdit):
        return part.text() if part.echoMode() == QLineEdit.EchoMode.Normal else ""
    if isinstance(part, QPlainTextEdit):
        return part.toPlainText()
    return part.text() if isinstance(part, QAbstractButton | QLabel) else ""


def _rect(part: QWidget) -> list[int] | None:
    return _on_screen(part, part.visibleRegion().boundingRect())


def _on_screen(part: QWidget, place: QRect) -> list[int] | None:
    if place.isEmpty():
        return None
    corner = part.mapToGlobal(place.topLeft())
    return [corner.x(), corner.y(), place.width(), place.height()]
