"""A board of many whistles comes into sight in slices: what is on top first, and never a turn of the loop for all."""

from dataclasses import replace

import pytest

from tests.fakes.directory import dongcheng
from tests.fakes.joint_rows import at, joint_id, lane, summons
from tests.fakes.joint_town import town_of
from tests.qt.ui.whistle_board import SUPERVISOR, card, elsewhere, open_board
from ui.models import joint_cards
from ui.models.joint_cards import CardShelf, columns
from ui.models.joint_list import WaitingSteps
from ui.screens.whistle import board_pane, list_pane

STATES = ("draft", "issued", "responded")


def whistle(number):
    state = STATES[number % 3]
    lanes = (lane(1, "区城管委", "responded" if state == "responded" else "pending", lead=True), lane(2, "供电公司"))
    return summons(number, f"哨 {number}", "景山", lanes, state=state, drafted_at=at(8) + number,
                   issued_at=None if state == "draft" else at(9) + number)


@pytest.fixture
def made(monkeypatch):
    """Keys of the cards made, in order."""
    keys, make = [], joint_cards.card
    monkeypatch.setattr(joint_cards, "card", lambda row, *more: keys.append(row.id) or make(row, *more))
    return keys


@pytest.fixture
def tools(make_place, qtbot, city):
    screen = open_board(make_place, qtbot, city, evening=False)
    return screen.tools.clock, screen.tools.words, at(15)


def some(count):
    """May go on so often."""
    left = iter(range(count))
    return lambda: next(left, None) is not None


def test_the_tops_of_the_columns_are_made_first(made, tools):
    shelf, rows = CardShelf(), [whistle(n) for n in reversed(range(1, 31))]
    assert not shelf.make(rows, *tools, some(38))  # thirty places in the order, nine cards
    assert sorted(key % 1000 for key in made) == list(range(1, 10))
    drawn = columns("whistle", rows, None, shelf)[:3]
    assert [column.figure for column in drawn] == ["10", "10", "10"] and [column.coming for column in drawn] == [7] * 3
    assert [c.key % 1000 for c in drawn[1].cards] == [1, 4, 7]
    assert shelf.make(rows, *tools) and len(made) == 30
    assert [c.key % 1000 for c in columns("whistle", rows, None, shelf)[0].cards] == list(range(3, 31, 3))


def test_every_turn_makes_one_at_least(made, tools):
    shelf, rows, turns = CardShelf(), [whistle(n) for n in range(1, 5)], 1
    while not shelf.make(rows, *tools, lambda: False):
        turns += 1
    assert turns == 8 and len(made) == 4


def test_old_cards_stand_until_they_are_made_anew_and_what_changed_comes_first(made, tools):
    shelf, rows = CardShelf(), [whistle(n) for n in range(1, 31)]
    shelf.make(rows, *tools)
    shelf.clear()
    rows[28] = replace(rows[28], title="别的")
    made.clear()
    assert not shelf.make(rows, *tools, some(1)) and made == [rows[28].id]
    shown = {c.key: c.title for column in columns("whistle", rows, None, shelf) for c in column.cards}
    assert len(shown) == 30 and shown[rows[28].id] == "别的"
    assert shelf.make(rows, *tools) and len(made) == 30


def test_only_what_time_has_passed_is_made_anew(made, tools):
    shelf, rows = CardShelf(), [whistle(n) for n in range(1, 31)]
    shelf.make(rows, *tools)
    made.clear()
    shelf.drop(frozenset({rows[3].id, joint_id(999)}))
    assert shelf.make(rows, *tools) and made == [rows[3].id]
    shelf.keep({rows[3].id})
    assert shelf.made == 1


def test_what_waits_is_looked_for_in_slices_too(city):
    directory, rows = dongcheng(), [whistle(n) for n in range(1, 31)]
    steps = WaitingSteps(SUPERVISOR)
    assert not steps.look(rows, directory, some(9)) and len(steps.entries()) < 30
    assert steps.look(rows, directory)
    whole = WaitingSteps(SUPERVISOR)
    assert whole.look(rows, directory) and steps.entries() == whole.entries() != []
    assert steps.look(rows[:3], directory) and {e.row.id for e in steps.entries()} <= {r.id for r in rows[:3]}


def test_many_cards_take_many_turns_and_are_all_there_in_the_end(make_place, qtbot, city, made, monkeypatch):
    monkeypatch.setattr(board_pane, "_SLICE_S", 0.0)
    monkeypatch.setattr(list_pane, "_SLICE_S", 0.0)
    town, per_turn, make = town_of(city), [], CardShelf.make

    def counted(self, *args):
        before = len(made)
        whole = make(self, *args)
        per_turn.append(len(made) - before)
        return whole

    monkeypatch.setattr(CardShelf, "make", counted)
    for n in range(1, 61):
        town.put(whistle(n))
    screen = open_board(make_place, qtbot, city, evening=False)
    assert len(screen.board.board.keys()) == 60 and max(per_turn) == 1
    assert [view.figure for view in screen.board.board.columns][:3] == ["20", "20", "20"]
    assert screen.list.table.model().rowCount() == screen.list.waiting > 0
    elsewhere(city, SUPERVISOR, 3, "sign")
    qtbot.waitUntil(lambda: joint_id(3) in [c.key for c in screen.board.board.column("issued").list.cards.cards()])
    qtbot.waitUntil(lambda: card(screen, 3).line.startswith("按时限报到"))
