"""Random operations on the keyed model against a naive one, under Qt's own model tester."""

from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from PySide6.QtCore import QPersistentModelIndex
from PySide6.QtTest import QAbstractItemModelTester

from widgets.live_table import Column, KeyedTableModel
from widgets.live_table import model as model_module

KEYS = st.integers(0, 40)
VALUES = st.integers(0, 5)


@dataclass(frozen=True)
class Row:
    """A key and a value that is often equal to another's."""

    key: int
    value: int


COLUMNS = (
    Column("key", "键", text=lambda row: str(row.key), sort_key=lambda row: row.key),
    Column("value", "值", text=lambda row: str(row.value), sort_key=lambda row: row.value),
)


class KeyedModelAgainstList(RuleBasedStateMachine):
    """The naive model: a list of rows, oldest first, sorted and filtered anew each time."""

    pieces = 300

    @initialize(rows=st.lists(st.builds(Row, KEYS, VALUES), unique_by=lambda row: row.key))
    def start(self, rows):
        model_module.PIECES_AT_ONCE = self.pieces
        self.rows, self.sort, self.least = list(reversed(rows)), (None, False), None
        self.model = KeyedTableModel(COLUMNS, key=lambda row: row.key)
        self.tester = QAbstractItemModelTester(self.model, QAbstractItemModelTester.FailureReportingMode.Warning)
        self.model.reset(rows)
        self.watched = []

    @rule(upserts=st.lists(st.builds(Row, KEYS, VALUES), max_size=6), removals=st.lists(KEYS, max_size=4))
    def apply(self, upserts, removals):
        wanted = {row.key: row for row in upserts if row.key not in removals}
        kept = [wanted.pop(row.key, row) for row in self.rows if row.key not in removals]
        self.rows = kept + list(wanted.values())
        self.model.apply(upserts, removals)

    @rule(column=st.sampled_from([None, "key", "value"]), descending=st.booleans())
    def sort_by(self, column, descending):
        self.sort = (column, descending)
        self.model.sort_by(column, descending)

    @rule(least=st.none() | VALUES)
    def filter(self, least):
        self.least = least
        self.model.set_filter(None if least is None else lambda row: row.value >= least)

    @rule(rows=st.lists(st.builds(Row, KEYS, VALUES), unique_by=lambda row: row.key, max_size=10))
    def reset(self, rows):
        self.rows, self.watched = list(reversed(rows)), []
        self.model.reset(rows)

    @rule(data=st.data())
    def watch(self, data):
        if self.model.rowCount():
            row = data.draw(st.integers(0, self.model.rowCount() - 1))
            self.watched.append((QPersistentModelIndex(self.model.index(row, 1)), self.model.key_at(row)))

    @invariant()
    def shows_what_the_list_shows(self):
        if not hasattr(self, "model"):
            return
        shown = [row for row in reversed(self.rows) if self.least is None or row.value >= self.least]
        column, descending = self.sort
        if column is not None:
            shown.sort(key=lambda row: getattr(row, column), reverse=False)
            if descending:
                shown.sort(key=lambda row: -getattr(row, column))
        assert [self.model.row_at(row) for row in range(self.model.rowCount())] == shown
        assert self.model.keys() == [row.key for row in shown]
        assert all(self.model.row_of(row.key) == place for place, row in enumerate(shown))
        assert self.model.total == len(self.rows)

    @invariant()
    def persistent_indexes_follow_their_keys(self):
        for index, key in getattr(self, "watched", []):
            if index.isValid():
                assert self.model.key_at(index.row()) == key


class InOneLayoutChange(KeyedModelAgainstList):
    """The same through the path for large batches."""

    pieces = 0


@pytest.mark.parametrize("machine", [KeyedModelAgainstList, InOneLayoutChange])
def test_random_operations_agree_with_a_list(machine, qapp, monkeypatch):
    from hypothesis.stateful import run_state_machine_as_test

    monkeypatch.setattr(model_module, "PIECES_AT_ONCE", machine.pieces)
    quick = settings(max_examples=60, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(machine, settings=quick)
