"""pgbench's script holds both transactions whole, and its first second does not count."""

import pytest

from tests.bench.write_pgbench import WAYS, _warm, script


@pytest.mark.parametrize("name", WAYS)
def test_the_script_writes_every_row_of_a_dispatch_and_of_its_undo(name: str) -> None:
    text = script(WAYS[name])
    for table in ("case_stage", "case_event", "seal_queue", "command_log"):
        assert text.count(f"insert into cc.{table} ") == 2
    assert text.count("update cc.cases ") == text.count("begin") == text.count("\nend;") == 2
    assert "'dispatched'" in text and "'undo_dispatch'" in text
    assert "{" not in text.replace('{"', "").replace("'{}'", "")


def test_one_message_a_transaction_only_where_statements_travel_together() -> None:
    assert script(WAYS["sql_simple"]).count("\\;") == 14
    assert "\\;" not in script(WAYS["sql_prepared"])


def test_what_ended_in_the_first_second_or_too_late_is_left_out() -> None:
    lines = ["0 1 1000000 0 100 0", "0 2 500000 0 100 500000", "1 1 2000 0 101 0", "1 2 3000 0 102 999999"]
    assert _warm(lines, 2) == ([1000.0, 500.0, 2.0], 2.0)
    assert _warm(lines, 1) == ([1000.0, 500.0], 1.0)
