"""会商督办 over the evening in memory, and hands for it."""

from __future__ import annotations

from uuid import uuid4

from commandcenter.domain.joint import JointCommand
from tests.fakes.joint_acting import act
from tests.fakes.joint_evening import the_evening
from tests.fakes.joint_rows import joint_id
from tests.fakes.joint_town import town_of
from tests.fakes.session import PEOPLE, person
from ui.screens.affairs.screen import AffairsScreen

SUPERVISOR = PEOPLE["supervisor"]
HOUSING = person(4, "c0009", ("handler", "区住建委"))
POLICE = person(5, "c0010", ("handler", "公安分局"))
POWER = person(6, "c0011", ("handler", "供电公司"))


def open_affairs(make_place, qtbot, city, who=SUPERVISOR, evening=True):
    """The screen with everything read."""
    if evening:
        the_evening(city)
    place = make_place(city, who)
    screen = AffairsScreen(place)
    qtbot.addWidget(screen)
    screen.resize(1600, 900)
    screen.show()
    screen.activateWindow()
    place.live.begin()
    qtbot.waitUntil(lambda: screen.complete and not screen.lists._later.isActive(), timeout=10_000)
    return screen


def open_one(screen, qtbot, entity, number):
    """Open a meeting or task of the evening and wait for its file."""
    picture = screen.place.joint.picture
    rows = picture.meetings if entity == "meeting" else picture.tasks
    screen.show_one(rows[joint_id(number)])
    qtbot.waitUntil(lambda: screen.affair.file is not None and screen.affair.file.row.id == joint_id(number))
    qtbot.waitUntil(lambda: screen.affair.complete)
    return screen.affair


def elsewhere(city, who, entity, number, action, **args):
    """Somebody else acts."""
    town = town_of(city)
    row = town.record(entity, joint_id(number)).row
    return act(town, who, JointCommand(uuid4(), entity, row.id, None, row.version, action, args))


def shown(screen):
    """Keys in the list, from the top down."""
    return screen.lists.table.model().keys()


def texts(screen):
    """Everything said so far, newest first."""
    return [f"{note.text} {note.detail}" for note in screen.place.notices.notes()]
