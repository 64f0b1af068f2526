"""A desk over a city in memory, on a real event loop; a test that leaves a thread or an error behind fails."""

import asyncio
import threading

import pytest
from qasync import QEventLoop

from tests.fakes.population import small_city
from tests.fakes.session import PEOPLE, FakeSession
from ui.screens.desk.desk import DeskScreen
from ui.screens.workplace import Workplace


def _our_threads():
    return [t for t in threading.enumerate() if t.name.startswith(("database-", "fake-feed"))]


@pytest.fixture
def loop(qapp):
    """The program's kind of loop, driven by pytest-qt's waiting; unexpected errors of tasks fail the test."""
    running = QEventLoop(qapp, already_running=True)
    asyncio.set_event_loop(running)
    errors = []
    running.set_exception_handler(lambda _, context: errors.append(context))
    yield running
    # Not stop(): it would end Qt's loops of the tests that follow.
    running._QEventLoop__is_running = False
    asyncio.events._set_running_loop(None)
    running.close()
    asyncio.set_event_loop(None)
    assert errors == []
    assert _our_threads() == []


@pytest.fixture
def run(loop, qtbot):
    """run(coroutine): its result, waiting with Qt's events going on."""
    def wait(coroutine):
        task = loop.create_task(coroutine)
        qtbot.waitUntil(task.done, timeout=10_000)
        return task.result()
    return wait


@pytest.fixture
def city():
    return small_city(filed=6, in_progress=8, returned=2, feedback=3, reported=2)


@pytest.fixture
def make_place(loop, run, tmp_path):
    """make_place(city, role or person): a workplace that is closed at the end; not yet begun."""
    made = []

    def make(city, role="dispatcher"):
        place = Workplace(FakeSession(city, PEOPLE[role] if isinstance(role, str) else role), tmp_path)
        made.append(place)
        return place
    yield make
    for place in made:
        run(place.close())


@pytest.fixture
def make_desk(make_place, qtbot):
    """make_desk(city, role): a desk that shows everything."""
    def make(city, role="dispatcher", queue=None):
        place = make_place(city, role)
        desk = DeskScreen(place)
        qtbot.addWidget(desk)
        desk.resize(1600, 900)
        desk.show()
        desk.activateWindow()
        place.live.begin()
        qtbot.waitUntil(lambda: desk.complete and desk.isActiveWindow(), timeout=10_000)  # or its keys go nowhere
        if queue:
            desk.show_queue(queue)
            qtbot.waitUntil(lambda: desk.complete, timeout=10_000)
        return desk
    return make


@pytest.fixture
def desk(make_desk, city):
    return make_desk(city)


@pytest.fixture
def texts(desk):
    """Everything said so far, newest first."""
    return lambda: [f"{note.text} {note.detail}" for note in desk.place.notices.notes()]
