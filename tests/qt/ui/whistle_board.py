"""A board of whistles or orders over the evening in memory, and hands for it."""

from __future__ import annotations

from uuid import uuid4

from commandcenter.domain.joint import JointCommand
from tests.fakes.joint_acting import act
from tests.fakes.joint_evening import the_evening
from tests.fakes.joint_rows import joint_id
from tests.fakes.joint_town import town_of
from tests.fakes.session import PEOPLE, person
from ui.screens.whistle.screen import JointScreen

LEADER = person(8, "j0007", ("street_leader", "交道口"))
CITY_BOARD = person(4, "c0009", ("handler", "区城管执法局"))
SUPERVISOR = PEOPLE["supervisor"]


def open_board(make_place, qtbot, city, who=SUPERVISOR, kind="whistle", evening=True):
    """The screen with everything read."""
    if evening:
        the_evening(city)
    place = make_place(city, who)
    screen = JointScreen(place, kind)
    qtbot.addWidget(screen)
    screen.resize(1600, 900)
    screen.show()
    screen.activateWindow()
    qtbot.waitUntil(screen.isActiveWindow)
    place.live.begin()
    qtbot.waitUntil(lambda: screen.complete, timeout=10_000)
    qtbot.waitUntil(lambda: not screen.board._soon.isActive())
    return screen


def row_of(screen, number):
    """The open summons of this number."""
    return screen.place.joint.summons[joint_id(number)]


def open_card(screen, qtbot, number):
    """Open it and wait for its file."""
    screen.show_row(row_of(screen, number))
    qtbot.waitUntil(lambda: screen.summons.file is not None and screen.summons.file.row.id == joint_id(number))
    qtbot.waitUntil(lambda: screen.summons.complete)
    return screen.summons


def elsewhere(city, who, number, action, party=None, **args):
    """Somebody else acts."""
    town = town_of(city)
    row = town.summons[joint_id(number)].row
    version = row.version if party is None else row.party(party).version
    return act(town, who, JointCommand(uuid4(), "summons", row.id, party, version, action, args))


def column_of(screen, number):
    """In which column a card stands; None: in none."""
    found = [c for c in screen.board.board.columns if joint_id(number) in [k.key for k in c.list.cards.cards()]]
    keys = [key for key, view in screen.board.board._columns.items() if view in found]
    return keys[0] if keys else None


def card(screen, number):
    """A card's data."""
    return next(c for view in screen.board.board.columns for c in view.list.cards.cards() if c.key == joint_id(number))


def texts(screen):
    """Everything said so far, newest first."""
    return [f"{note.text} {note.detail}" for note in screen.place.notices.notes()]
