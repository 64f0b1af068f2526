"""The real schema goes through a backup and comes back on another server of a newer version, people and all."""

from collections.abc import Callable
from pathlib import Path

import psycopg2
import pytest

from db.backup import backup, restore
from db.binaries import WHEEL
from db.embedded import Server
from db.engine import dsn, make_engine, with_login
from db.gateways.people import People
from db.upgrade import upgrade
from tests.integration.duty.counting import assert_counted_once, figures, totals
from tests.support.hands import Hands
from tests.support.paths import Paths
from tests.support.town import Town
from tests.support.town_profile import password_of

pytestmark = pytest.mark.database


@pytest.fixture
def copy_of(start_server: Callable[[str], Server], tmp_path: Path) -> Callable[[Town], Town]:
    def copied(town: Town) -> Town:
        file = tmp_path / "town.backup"
        saved = backup(town.url, file)
        server = start_server(WHEEL)
        brought = restore(server.url, file)
        assert brought.counts == saved.counts
        assert saved.schema_version
        found = Town(server.url, server)
        town.stack.callback(found.stack.close)
        return found

    return copied


def test_everybody_goes_on_working_where_he_was(town: Town, copy_of: Callable[[Town], Town]) -> None:
    case_id = town.dispatched()
    before = town.row(case_id)
    copy = copy_of(town)
    assert copy.row(case_id) == before
    copy.act("cg", case_id, "receive")
    assert copy.row(case_id).state != before.state
    assert copy.report() != case_id

    clerk = copy.psql("cg").cursor()
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        clerk.execute("delete from cc.case_event")

    administrator = make_engine(with_login(copy.url, "t_admin", password_of("t_admin")), application_name="people")
    People(administrator).set_password("t_cg", "Xin-mi-ma-2042")
    administrator.dispose()
    psycopg2.connect(dsn(with_login(copy.url, "t_cg", "Xin-mi-ma-2042"))).close()

    engine = make_engine(copy.url, application_name="upgrade")
    assert upgrade(engine)
    engine.dispose()
    assert copy.row(case_id).id == case_id


def test_counters_go_on_exactly_where_they_were(town: Town, copy_of: Callable[[Town], Town]) -> None:
    """Half of it was folded when it was saved; the other server's transaction numbers begin anew."""
    hands = Hands(town)
    Paths(hands).to("closed")
    hands.sql("select cc.run_duty()")
    Paths(hands).to("in_progress")
    told = figures(hands)
    copy = Hands(copy_of(town))
    assert copy.sql("select count(*) from cc.feed") == 0
    assert figures(copy) == told
    assert_counted_once(copy)
    Paths(copy).to("in_progress")
    assert figures(copy) == totals(copy) != told
    assert "failed" not in copy.sql("select cc.run_duty()")
    assert_counted_once(copy)
