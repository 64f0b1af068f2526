"""What an administrator can do with people, and what he cannot: no superuser, no group, no SQL in a name, no case."""

import json
import uuid
from collections.abc import Callable, Iterator

import psycopg2
import pytest

from db.engine import make_engine, with_login
from db.gateways.logins import verifier
from tests.integration.security.conftest import Psql
from tests.support.hands import Hands
from tests.support.town import Town
from tests.support.town_profile import password_of

pytestmark = pytest.mark.database
Open = Callable[[str], Psql]
CREATE = "select cc.create_operator(%s, %s, %s, %s, %s)"


@pytest.fixture(scope="module")
def scram(shared_town: Town) -> str:
    """A right verifier."""
    with shared_town.owner.connect() as connection:
        return verifier(connection, "anybody", "ein-langes-passwort")


@pytest.fixture
def login(hands: Hands) -> Iterator[str]:
    """A name not yet taken; its role is gone after the test."""
    name = f"t_y{uuid.uuid4().hex[:10]}"
    yield name
    hands.sql(f"drop role if exists {name}")


def _duties(hands: Hands, role: str = "handler", org: str = "D-CG") -> str:
    return json.dumps([{"role": role, "org_id": hands.org(org)}])


def _district(hands: Hands) -> int:
    return int(hands.sql("select district_id from cc.district"))


def test_an_administrator_adds_a_person_who_is_a_plain_operator(
    psql: Open, hands: Hands, scram: str, login: str
) -> None:
    psql("admin")(CREATE, _district(hands), login, "新来的", scram, _duties(hands))
    assert hands.rows(
        "select rolsuper, rolcreaterole, rolcreatedb, rolbypassrls, rolreplication, rolcanlogin, rolconnlimit,"
        " (select array_agg(roleid::regrole::text) from pg_auth_members where member = r.oid)"
        " from pg_roles r where rolname = %s", login,
    ) == [(False, False, False, False, False, True, 12, ["cc_operator"])]  # fmt: skip
    assert hands.rows("select actor_login, action from cc.admin_log where subject = %s", login) == [("t_admin", "add")]


@pytest.mark.parametrize("name", [
    "postgres", "cc_owner", "cc_people", "cc_boss", "pg_read_all_data", "t_cg", "", "ab", "Ab1",
    "a" * 21, "名字", "a-b",
    'x"; alter role t_admin superuser; --', "x superuser", "x\nsuperuser", "public", None,
])  # fmt: skip
def test_a_login_is_a_plain_new_name(name: str | None, psql: Open, hands: Hands, scram: str) -> None:
    before = hands.rows("select rolname from pg_roles where rolsuper or rolname = %s order by 1", name)
    if name == "public":  # a word that PostgreSQL itself refuses as a role's name
        assert psql("admin").refused(CREATE, _district(hands), name, "x", scram, _duties(hands)).pgcode == "42939"
    else:
        assert psql("admin").refused(CREATE, _district(hands), name, "x", scram, _duties(hands)).pgcode == "CC422"
    assert hands.rows("select rolname from pg_roles where rolsuper or rolname = %s order by 1", name) == before


@pytest.mark.parametrize("words", [
    "secret", "", None, "md5d41d8cd98f00b204e9800998ecf8427e", "SCRAM-SHA-256$4096:AAAA$AAAA:AAAA", "' superuser --",
    "SCRAM-SHA-256$4096:QUFBQUFBQUFBQUFBQUFBQQ==$" + "A" * 43 + "=:" + "A" * 43 + "=' superuser password 'x",
    "SCRAM-SHA-256$0:QUFBQUFBQUFBQUFBQUFBQQ==$" + "A" * 43 + "=:" + "A" * 43 + "=",
])  # fmt: skip
def test_a_password_comes_as_a_verifier_only(words: str | None, psql: Open, hands: Hands, login: str) -> None:
    admin = psql("admin")
    assert admin.refused(CREATE, _district(hands), login, "x", words, _duties(hands)).pgcode == "CC422"
    assert admin.refused("select cc.set_operator_password('t_sw', %s)", words).pgcode == "CC422"
    assert not hands.sql("select count(*) from pg_roles where rolname = %s", login)


@pytest.mark.parametrize("duties", [
    '{"role": "handler"}', "null", '"x"', '[{"role": "superuser", "org_id": 1}]', '[{"role": "handler", "org_id": 0}]',
    '[{"role": "handler", "org_id": "x; drop"}]', '[{"org_id": 1}]', "[1]",
])  # fmt: skip
def test_duties_are_roles_at_units_that_exist(duties: str, psql: Open, hands: Hands, scram: str, login: str) -> None:
    assert psql("admin").refused(CREATE, _district(hands), login, "x", scram, duties).pgcode == "CC422"
    assert not hands.sql("select count(*) from cc.operator where login = %s", login)


def test_a_districts_administrator_gives_no_scope_above_or_beside_his_district(
    psql: Open, hands: Hands, scram: str, login: str
) -> None:
    with hands.trying():
        for org, kind in ((9000, "city"), (9001, "district")):
            hands.sql(
                "insert into cc.org (district_id, id, key, kind, name, short_name) values (%s, %s, %s, %s, '邻', '邻')",
                org, org, kind, kind,
            )  # fmt: skip
        for org in ("city", "district"):
            hands.sql("savepoint attempt")
            with pytest.raises(Exception, match="没有这个单位"):
                hands.as_person("admin", CREATE, _district(hands), login, "x", scram, _duties(hands, "supervisor", org))
            hands.sql("rollback to attempt")
    assert psql("admin").refused(CREATE, 9001, login, "x", scram, "[]").pgcode == "CC422"


@pytest.mark.parametrize("who", ["supervisor", "cg", "auditor", "screen"])
def test_only_an_administrator_manages_people_and_catalogue(
    who: str, psql: Open, hands: Hands, scram: str, login: str
) -> None:
    clerk = psql(who)
    assert clerk.refused(CREATE, _district(hands), login, "x", scram, _duties(hands)).pgcode == "CC403"
    assert clerk.refused("select cc.set_operator_active('t_sw', false)").pgcode == "CC403"
    assert clerk.refused("select cc.set_operator_password('t_sw', %s)", scram).pgcode == "CC403"
    assert clerk.refused("select cc.load_catalogue('x', '[{}]')").pgcode == "CC403"


@pytest.mark.parametrize("target", ["postgres", "cc_owner", "cc_people", "nobody_at_all", None])
def test_an_administrator_reaches_operators_only(target: str | None, psql: Open, scram: str) -> None:
    admin = psql("admin")
    assert admin.refused("select cc.set_operator_active(%s, false)", target).pgcode == "CC404"
    assert admin.refused("select cc.set_operator_password(%s, %s)", target, scram).pgcode == "CC404"


def test_a_new_password_works_and_the_old_one_does_not(town: Town, newcomer: str) -> None:
    hands = Hands(town)
    engine = make_engine(with_login(town.url, "t_admin", password_of("t_admin")), application_name="admin", pool_size=1)
    with engine.begin() as connection:
        words = verifier(connection, newcomer, "ganz-anderes-passwort")
        connection.exec_driver_sql("select cc.set_operator_password(%s, %s)", (newcomer, words))
    engine.dispose()
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        town.psql(newcomer)
    assert hands.rows("select action from cc.admin_log where subject = %s order by id", newcomer) == [
        ("add",), ("password",)
    ]  # fmt: skip


def test_who_is_enabled_again_works_again(town: Town, newcomer: str) -> None:
    hands = Hands(town)
    for active in (False, True):
        hands.as_person("admin", "select cc.set_operator_active(%s, %s)", newcomer, active)
    clerk = Psql(town.psql(newcomer))
    assert clerk.one("select cc.who_am_i() ->> 'login'") == newcomer


def test_an_administrator_touches_no_case(psql: Open, hands: Hands) -> None:
    case = hands.report()
    admin = psql("admin")
    for call in ("cc.act(gen_random_uuid(), %s, 1, 'note', '{\"text\": \"x\"}')", "cc.trace_check(%s)"):
        assert admin.refused(f"select {call}", case).pgcode == "CC404"
    report = json.dumps({"channel": "patrol", "description": "x"})
    assert admin.refused("select cc.report_case(gen_random_uuid(), %s)", report).pgcode == "CC403"


def test_the_role_that_creates_logins_is_used_by_the_people_functions_only(hands: Hands) -> None:
    owned = hands.rows("select proname from pg_proc where proowner = 'cc_people'::regrole order by 1")
    assert owned == [("create_operator",), ("set_operator_active",), ("set_operator_password",)]
    assert hands.rows("select relname from pg_class where relowner = 'cc_people'::regrole") == []
    members = (
        "select member::regrole::text from pg_auth_members where roleid = any(array['cc_owner','cc_people']::regrole[])"
    )
    assert [m for (m,) in hands.rows(members) if m != "postgres"] == []
