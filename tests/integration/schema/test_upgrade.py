"""Upgrading: twice is once, two at once take turns, what changed its shape does not linger, wrong versions are said."""

import subprocess
import sys
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from alembic import command
from sqlalchemy.exc import DBAPIError

from commandcenter.domain.errors import SchemaMismatch
from commandcenter.domain.joint_workflow import MACHINES
from db.embedded import Server
from db.engine import make_engine
from db.gateways.session import PgSession
from db.revision import wanted_revision
from db.schema_files import read_sql
from db.upgrade import _config, upgrade
from tests.support.hands import Hands
from tests.support.paths import Paths
from tests.support.servers import create_database, drop_database
from tests.support.town import Town
from tests.support.town_profile import password_of

pytestmark = pytest.mark.database

# Everything about the schema that an upgrade could change, in a fixed order.
_SHAPE = """
select 'f', p.oid::regprocedure::text, md5(pg_get_functiondef(p.oid)), p.proowner::regrole::text, p.proacl::text
  from pg_proc p where pronamespace = 'cc'::regnamespace
union all select 'r', c.relname, c.relkind::text || c.relrowsecurity, c.relowner::regrole::text, c.relacl::text
  from pg_class c where relnamespace = 'cc'::regnamespace
union all select 'p', tablename || '.' || policyname, cmd || roles::text, qual, with_check from pg_policies
union all select 't', tgrelid::regclass || '.' || tgname, pg_get_triggerdef(oid), tgenabled::text, '' from pg_trigger
  where not tgisinternal
union all select 'd', datname, datacl::text, '', '' from pg_database where datname = current_database()
order by 1, 2"""


@contextmanager
def _database(server: Server, template: str | None = None) -> Iterator[str]:
    name = f"town_{uuid.uuid4().hex[:12]}"
    url = create_database(server, name, template)
    try:
        yield url
    finally:
        drop_database(server, name)


def test_a_second_upgrade_changes_nothing_and_the_work_goes_on(town: Town) -> None:
    hands = Hands(town)
    paths = Paths(hands)
    case = paths.to("in_progress")
    before = hands.rows(_SHAPE)
    assert upgrade(town.owner) == wanted_revision()
    assert hands.rows(_SHAPE) == before
    hands.act("cg", case, "feedback", result="已清理")
    assert paths.to("closed")
    assert hands.sql("select count(*) from cc.audit_faults()") == 0


# A district with a scenario, a clerk and a reminder, as the release before whistles kept them.
_BEFORE_WHISTLES = """
insert into cc.district (district_id, profile, title, shared_id) values (1, 'town', '测试区', 1);
insert into cc.org (district_id, id, key, kind, name, short_name) values (1, 1, 'T', 'district', '测试区', '测试区');
insert into cc.org_closure values (1, 1, 1, 'line', 0);
insert into cc.whistle_scenario values (1, 'Z01', '综合执法', '违法建设拆除', '城管委|公安', '到场');
insert into cc.notice (district_id, case_id, case_no, stage_seq, kind, to_role, words, due, clock, made_at, answer_by)
values (1, 202611000000001, '2611-000001', 1, 'overdue', 'handler', '接收超期', now(), 'hours', now(), now())"""


def test_a_city_from_before_whistles_keeps_what_it_has(server: Server) -> None:
    with _database(server) as url:
        engine = make_engine(url, application_name="upgrade", pool_size=1)
        with engine.begin() as connection:
            run = connection.exec_driver_sql
            run(read_sql("roles.sql"))
            run("create schema cc authorization cc_owner")
            run("set local search_path = cc, pg_temp")
            run("set local role cc_owner")
            command.upgrade(_config(connection), "0004")
            run(_BEFORE_WHISTLES)
        assert upgrade(engine) == wanted_revision()
        with engine.connect() as connection:
            run = connection.exec_driver_sql
            assert run("select level, confirm_minutes, parties from cc.whistle_scenario").all() == [
                ("normal", None, "城管委|公安")
            ]
            assert run("select case_no, entity, kind from cc.notice").all() == [("2611-000001", None, "overdue")]
            assert run("select count(*) from cc.whistle_rule").scalar() == 0
            assert set(run("select machine from cc.jw_digest").scalars()) == set(MACHINES)
        engine.dispose()


def test_an_upgrade_works_while_people_are_connected(town: Town) -> None:
    session = town.session("cg")
    case = Paths(Hands(town)).to("dispatched")
    assert [row.id for row in session.queries.cases([case])] == [case]
    upgrade(town.owner)
    assert [row.id for row in session.queries.cases([case])] == [case]
    assert town.act("cg", case, "receive").state == "in_progress"


def test_two_upgrades_at_once_take_turns(server: Server) -> None:
    with _database(server) as url:
        engines = [make_engine(url, application_name=f"upgrade {n}", pool_size=1) for n in range(2)]
        with ThreadPoolExecutor(2) as pool:
            reached = [future.result(timeout=120) for future in [pool.submit(upgrade, engine) for engine in engines]]
        assert reached == [wanted_revision()] * 2
        for engine in engines:
            engine.dispose()


_UPGRADE = """import sys
from db.engine import make_engine
from db.schema_files import read_sql
from db.upgrade import _config, upgrade
print(upgrade(make_engine(sys.stdin.read(), application_name="upgrade", pool_size=1)))"""


def test_two_programs_may_upgrade_two_databases_of_one_server_at_once(server: Server) -> None:
    """Roles are the server's, and the lock is a database's. Two processes: Alembic keeps its state in a module."""
    with _database(server) as one, _database(server) as two:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        programs = [subprocess.Popen([sys.executable, "-c", _UPGRADE], **pipes) for _ in range(2)]  # type: ignore[call-overload]
        for program, url in zip(programs, (one, two), strict=True):
            program.stdin.write(url)
            program.stdin.close()
            program.stdin = None
        answers = [program.communicate(timeout=120) for program in programs]
        assert [out.strip() for out, _ in answers] == [wanted_revision()] * 2, answers


def test_a_function_of_an_older_shape_does_not_linger(town: Town) -> None:
    hands = Hands(town)
    hands.sql("set role cc_owner; create function cc.act(int) returns int language sql security definer as 'select 1';"
              "grant execute on function cc.act(int) to public; reset role")  # fmt: skip
    upgrade(town.owner)
    assert hands.sql("select count(*) from pg_proc where proname = 'act' and pronamespace = 'cc'::regnamespace") == 1


def test_what_depends_on_a_function_is_not_dropped_with_it(town: Town) -> None:
    hands = Hands(town)
    hands.sql("set role cc_owner; create table cc.mine (a text default cc.mask_name('x')); reset role")
    before = hands.rows(_SHAPE)
    with pytest.raises(DBAPIError, match="depend"):
        upgrade(town.owner)
    assert hands.rows(_SHAPE) == before  # all of it or nothing


@pytest.mark.parametrize(("present", "words"), [("0000", "旧"), ("9999", "新")])
def test_another_version_is_said_at_login(present: str, words: str, town: Town) -> None:
    Hands(town).sql("update cc.alembic_version set version_num = %s", present)
    with pytest.raises(SchemaMismatch, match=words):
        PgSession(town.url, "t_cg", password_of("t_cg"))


def test_a_newer_database_is_not_upgraded_backwards(town: Town) -> None:
    Hands(town).sql("update cc.alembic_version set version_num = '9999'")
    with pytest.raises(SchemaMismatch, match="新"):
        upgrade(town.owner)


def test_an_empty_database_is_said_at_login(server: Server, town_template: Server) -> None:
    with _database(server) as url, pytest.raises(SchemaMismatch, match="还没有建立"):
        PgSession(url, "t_cg", password_of("t_cg"))
