"""What is shown when: scenes in turns, pushes at once and back, an emergency before all, a hand that holds."""

import pytest

from commandcenter.domain.wall import Push, Scene
from ui.models.wall_play import PAGE_S, WallPlay

COLUMNS = (("map",),)
A, B = Scene("a", "甲", "overview", 30, COLUMNS), Scene("b", "乙", "whistles", 20, COLUMNS)
STREETS = Scene("s", "各街道", "street", 10, COLUMNS)
ALARM = Scene("e", "应急", "emergency", 60, COLUMNS, rotates=False)


@pytest.fixture
def play():
    made = WallPlay()
    made.set_streets([(11, "天坛"), (12, "东四")])
    made.set_scenes([A, STREETS, B, ALARM], 0.0)
    return made


def codes(play, until, step=1.0):
    """(second, code) at every change."""
    seen, now = [(0.0, play.showing.scene.code)], 0.0
    while now < until:
        now += step
        if play.tick(now):
            seen.append((now, play.showing.scene.code))
    return seen


def test_scenes_take_turns_each_for_its_time_and_the_one_for_emergencies_is_not_among_them(play):
    assert codes(play, 125) == [(0, "a"), (30, "s"), (40, "b"), (60, "a"), (90, "s"), (100, "b"), (120, "a")]


def test_one_street_after_the_other_one_a_round(play):
    seen, now = [], 0.0
    while len(seen) < 3:
        now += 1
        if play.tick(now) and play.showing.scene.kind == "street":
            seen.append(play.showing.entity_id)
    assert seen == [11, 12, 11]


def test_a_street_named_is_always_that_one():
    play = WallPlay()
    play.set_streets([(11, "天坛"), (12, "东四")])
    play.set_scenes([Scene("d", "东四", "street", 10, COLUMNS, street="东四")], 0.0)
    assert play.showing.entity_id == 12
    play.tick(11)
    assert play.showing.entity_id == 12


@pytest.mark.parametrize(("push", "kind", "entity"), [
    (Push("case", 7, "", 0.0), "case", 7), (Push("summons", 8, "", 0.0), "summons", 8),
    (Push("camera", 9, "", 0.0), "camera", 9), (Push("street", 12, "", 0.0), "street", 12),
    (Push("scene", None, "b", 0.0), "whistles", None), (Push("scene", None, "e", 0.0), "emergency", None)])
def test_a_push_is_shown_at_once_stays_and_leaves_the_round_where_it_was(play, push, kind, entity):
    play.tick(31)
    assert play.showing.scene.code == "s"
    assert play.set_push(push, 33.0)
    assert (play.showing.scene.kind, play.showing.entity_id, play.showing.pushed) == (kind, entity, True)
    assert not any(play.tick(float(second)) for second in range(34, 500))
    assert play.set_push(None, 500.0) and play.showing.scene.code == "s"


def test_the_same_push_again_changes_nothing_another_one_takes_its_place(play):
    play.set_push(Push("case", 7, "", 0.0), 1.0)
    assert not play.set_push(Push("case", 7, "", 0.0), 2.0)
    assert play.set_push(Push("case", 8, "", 1.0), 3.0) and play.showing.entity_id == 8


def test_an_unknown_scene_or_kind_leaves_the_round_alone(play):
    play.set_push(Push("scene", None, "gone", 0.0), 1.0)
    assert play.showing.scene.code == "a" and play.tick(31.0)
    play.set_push(Push("something", 1, "", 0.0), 32.0)
    assert play.showing.scene.code == "s"


def test_an_emergency_goes_before_a_push_and_gives_it_back(play):
    play.set_push(Push("case", 7, "", 0.0), 1.0)
    assert play.set_emergency(3, 2.0) and (play.showing.scene.kind, play.showing.entity_id) == ("emergency", 3)
    assert not play.set_push(Push("case", 8, "", 2.5), 2.5) and not play.tick(900.0)
    assert play.set_emergency(None, 901.0) and play.showing.entity_id == 8


def test_a_held_round_stands_still_and_goes_on_when_it_is_let_go(play):
    play.held = True
    assert not any(play.tick(float(second)) for second in range(1, 300))
    play.held = False
    assert play.tick(330.0) and play.showing.scene.code == "s"


def test_pages_of_a_scene_share_its_time_and_a_held_scene_turns_its_pages(play):
    play.pages = 2
    assert play.tick(15.0) and (play.showing.scene.code, play.showing.page) == ("a", 1)
    assert play.tick(30.0) and play.showing.scene.code == "s"
    play.set_push(Push("scene", None, "b", 0.0), 31.0)
    play.pages = 2
    assert play.tick(31.0 + 20) and play.showing.page == 1
    assert play.tick(31.0 + 40) and play.showing.page == 0 and play.showing.scene.code == "b"
    assert PAGE_S == 20


def test_by_hand_one_goes_on_and_back_and_chooses_but_not_over_a_push(play):
    assert play.turn(1, 1.0) and play.showing.scene.code == "s"
    assert play.turn(-2, 2.0) and play.showing.scene.code == "b"
    assert play.choose("a", 3.0) and play.showing.scene.code == "a"
    assert not play.choose("e", 4.0) and not play.choose("x", 5.0)
    play.set_push(Push("case", 7, "", 0.0), 6.0)
    assert not play.turn(1, 7.0)


def test_a_plan_read_anew_keeps_what_is_shown(play):
    play.tick(31.0)
    play.set_scenes([B, STREETS], 35.0)
    assert play.showing.scene.code == "s"
    play.set_scenes([B], 36.0)
    assert play.showing.scene.code == "b"


def test_without_any_scene_nothing_is_shown_but_a_push():
    play = WallPlay()
    play.set_scenes([], 0.0)
    assert play.showing is None and not play.tick(99.0) and not play.turn(1, 99.0)
    assert play.set_push(Push("case", 7, "", 0.0), 100.0)
