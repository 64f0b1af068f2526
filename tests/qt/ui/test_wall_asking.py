"""The wall asks when the feed brought something and at borders, never by polling, and keeps what it knew; pushes."""

from dataclasses import replace

import pytest

from commandcenter.domain.errors import NotAllowed, OutcomeUnknown
from commandcenter.domain.model import Duty, Person
from commandcenter.domain.wall import WorkersNow
from tests.fakes.directory import org_id
from tests.fakes.session import PEOPLE
from ui.bridge import wall_figures, wall_post, wall_seat
from ui.bridge.wall_figures import WallFigures
from ui.bridge.wall_now import WallNow
from ui.bridge.wall_post import WallPost
from ui.bridge.wall_seat import WallSeat

SCREEN = Person(9, "screen0001", "大屏", 1, (Duty("screen", org_id("东城区")),))
FIRST = {"today", "latest", "month", "past", "plan", "workers"}


@pytest.fixture
def place(make_place, city, qtbot):
    made = make_place(city, SCREEN)
    made.live.begin()
    qtbot.waitUntil(lambda: made.live.ready)
    return made


@pytest.fixture
def wall(place):
    return place.backend.session.wall


@pytest.fixture
def figures(place, wall, qtbot, monkeypatch):
    """Asking as often as it likes, so that only the reasons count."""
    monkeypatch.setattr(wall_figures, "SPACING_S", dict.fromkeys(FIRST, 0.0))
    found = WallFigures(place.backend, place.live)
    found.start()
    qtbot.waitUntil(lambda: set(wall.asked) == FIRST)
    qtbot.waitUntil(lambda: found.today is not None and found.month is not None and found.plan is not None)
    yield found
    found.stop()


def _settled(place, wall, qtbot):
    qtbot.waitUntil(lambda: place.backend.running == 0)
    return dict(wall.asked)


def test_it_asks_once_for_each_part_and_then_is_silent_until_something_happens(place, wall, figures, city, qtbot):
    before = _settled(place, wall, qtbot)
    qtbot.wait(300)
    assert dict(wall.asked) == before == dict.fromkeys(FIRST, 1)
    number = next(iter(city.records))
    city.tell(frozenset({number}))
    qtbot.waitUntil(lambda: wall.asked["today"] == 2 and wall.asked["latest"] == 2 and wall.asked["month"] == 2)
    assert (wall.asked["past"], wall.asked["plan"]) == (1, 1)


def test_a_case_that_came_and_went_between_two_looks_is_counted_too(place, wall, figures, city, qtbot):
    place.backend.session.feed.push(cases=frozenset({999_999}))
    qtbot.waitUntil(lambda: wall.asked["today"] == 2)


def test_workers_are_counted_anew_when_some_moved_and_nothing_else(place, wall, figures, city, qtbot):
    _settled(place, wall, qtbot)
    wall.hall.workers = WorkersNow(511, 463, 592)
    with qtbot.waitSignal(figures.workers_changed):
        place.backend.session.feed.push(positions=frozenset({10}))
    assert figures.workers.patrolling == 463
    assert wall.asked["workers"] == 2 and wall.asked["today"] == 1


def test_a_burst_makes_few_questions(place, wall, city, qtbot, monkeypatch):
    monkeypatch.setattr(wall_figures, "SPACING_S", dict.fromkeys(FIRST, 0.4))
    found = WallFigures(place.backend, place.live)
    found.start()
    number = next(iter(city.records))
    for _ in range(40):
        city.tell(frozenset({number}))
        qtbot.wait(5)
    qtbot.waitUntil(lambda: place.backend.running == 0)
    assert wall.asked["today"] <= 3
    found.stop()


def test_at_midnight_it_asks_although_nothing_happened(place, wall, figures, city, qtbot):
    _settled(place, wall, qtbot)
    ends = figures.today.day_ends
    city.now += ends - 0.4 - city.clock()
    place.backend.session.feed.push()
    qtbot.waitUntil(lambda: abs(place.live.clock.now() - ends) < 5)
    figures._wait_for_border()
    with qtbot.waitSignal(figures.today_changed):
        pass
    qtbot.waitUntil(lambda: figures.today.day_began >= ends and figures.month.as_of >= ends)
    assert figures.today.reported == 0
    assert figures._next_border() > place.live.clock.now()


def test_off_the_line_it_keeps_what_it_knew_and_says_since_when(place, wall, figures, city, qtbot):
    today = figures.today
    assert figures.still_since is None
    with qtbot.waitSignal(figures.still_changed):
        place.backend.session.feed.disconnect()
    assert figures.today is today
    assert abs(figures.still_since - place.live.clock.now()) < 10
    asked = wall.asked["today"]
    with qtbot.waitSignal(figures.still_changed):
        place.backend.session.feed.reconnect()
    assert figures.still_since is None
    assert wall.asked["today"] > asked  # not at the first sign of the line, but with new figures


def test_a_question_that_fails_is_asked_again_and_the_last_answer_stays(place, wall, figures, city, qtbot, monkeypatch):
    monkeypatch.setattr(wall_figures, "_RETRY_S", (0.05,))
    today = figures.today
    wall.door.down = True
    city.tell(frozenset({next(iter(city.records))}))
    qtbot.waitUntil(lambda: figures.still_since is not None)
    assert figures.today is today
    wall.door.down = False
    qtbot.waitUntil(lambda: figures.still_since is None)
    assert figures.today.as_of > today.as_of


# ---------------------------------------------------------------- open now
def test_open_now_follows_the_picture(place, city, qtbot):
    now = WallNow(place.backend, place.live)
    qtbot.waitUntil(lambda: now.ready)
    before = now.figures()
    assert before.open == sum(row.open for row in place.live.picture.rows.values()) > 0
    record = next(iter(city.records.values()))
    with qtbot.waitSignal(now.changed):
        record.row = replace(record.row, open=False, state="closed", version=record.row.version + 1,
                             changed_at=record.row.changed_at + 1)
        city.tell(frozenset({record.row.id}))
    assert now.figures().open == before.open - 1


# ---------------------------------------------------------------- pushed from a seat
@pytest.fixture
def post(place, qtbot):
    found = WallPost(place.backend, place.live, "大厅东墙")
    found.start()
    qtbot.waitUntil(lambda: found.wall is not None)
    yield found
    found.stop()


@pytest.fixture
def seat(make_place, city, qtbot):
    made = make_place(city, "supervisor")
    made.live.begin()
    qtbot.waitUntil(lambda: made.live.ready)
    return WallSeat(made.backend, made.live)


def test_what_a_seat_pushes_is_shown_until_it_is_taken_back(post, seat, run, qtbot):
    (wall,) = run(seat.walls())
    assert (wall.name, wall.alive, seat.may_push) == ("大厅东墙", True, True)
    with qtbot.waitSignal(post.shown_changed):
        run(seat.push(wall.id, "case", 7))
    assert (post.shown.kind, post.shown.entity_id, post.shown.by) == ("case", 7, "")
    with qtbot.waitSignal(post.shown_changed):
        run(seat.take_back(wall.id))
    assert post.shown is None


def test_a_push_ends_by_itself_even_off_the_line(post, seat, city, place, run, qtbot):
    (wall,) = run(seat.walls())
    with qtbot.waitSignal(post.shown_changed):
        run(seat.push(wall.id, "scene", scene="video", until=city.clock() + 1.5))
    place.backend.session.feed.disconnect()
    qtbot.waitUntil(lambda: post.shown is None)


def test_a_wall_that_may_not_announce_itself_says_why_and_tries_again(make_place, city, qtbot, monkeypatch):
    monkeypatch.setattr(wall_post, "_RETRY_MS", 30)
    place = make_place(city, PEOPLE["dispatcher"])
    place.live.begin()
    post = WallPost(place.backend, place.live, "大厅")
    with qtbot.waitSignal(post.error_changed):
        post.start()
    assert isinstance(post.error, NotAllowed)
    qtbot.waitUntil(lambda: place.backend.session.wall.asked["announce"] > 2)
    post.stop()


def test_a_seat_repeats_a_push_whose_answer_was_lost_under_the_same_number(seat, post, run, monkeypatch):
    monkeypatch.setattr(wall_seat, "_RETRY_S", (0.01, 0.01, 0.01))
    told = []
    session = seat._backend.session
    push = session.wall.push

    def losing(command, *what):
        told.append(command)
        push(command, *what)
        if len(told) < 3:
            raise OutcomeUnknown("连接中断")

    monkeypatch.setattr(session.wall, "push", losing)
    run(seat.push(post.wall.id, "street", 10))
    assert len(told) == 3 and len(set(told)) == 1
