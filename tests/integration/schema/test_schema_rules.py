"""What holds for every table and every function of the schema, whoever adds the next one."""

import pytest

from tests.support.hands import Hands
from tests.support.town import Town

pytestmark = pytest.mark.database

# Without a district in the key, and why: one row for the whole database, or data of the program and not of a city.
NO_DISTRICT = {
    "alembic_version", "clock", "feed_epoch", "duty_lease", "duty_fault", "rollup_state",
    "wf_state", "wf_stage", "wf_action", "wf_rule", "wf_choice", "wf_reminder", "wf_setting",
    "jw_state", "jw_action", "jw_rule", "jw_choice", "jw_digest",
}  # fmt: skip
IN_CC = "relnamespace = 'cc'::regnamespace"


@pytest.fixture(scope="module")
def hands(shared_town: Town) -> Hands:
    return Hands(shared_town)


def _names(hands: Hands, statement: str) -> set[str]:
    return {row[0] for row in hands.rows(statement)}


def test_every_table_has_the_district_in_its_primary_key(hands: Hands) -> None:
    tables = _names(hands, f"select relname from pg_class where {IN_CC} and relkind in ('r','p')")
    keyed = _names(
        hands,
        "select c.relname from pg_class c join pg_index i on i.indrelid = c.oid and i.indisprimary"
        " join pg_attribute a on a.attrelid = c.oid and a.attnum = any(i.indkey) and a.attname = 'district_id'"
        f" where c.{IN_CC}",
    )
    assert tables - keyed == NO_DISTRICT


def test_what_belongs_to_a_case_is_found_by_the_case_first(hands: Hands) -> None:
    """A look-up knows the case, not the district: a key that began with the district would be read from end to end."""
    leading = dict(hands.rows(
        "select c.relname, a.attname from pg_class c join pg_index i on i.indrelid = c.oid and i.indisprimary"
        " join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]"
        f" where c.{IN_CC} and c.relkind in ('r','p')"
        " and exists (select from pg_attribute x where x.attrelid = c.oid and x.attname = 'case_id')"
    ))  # fmt: skip
    # Found by their person, channel number, own id; by the summons or meeting that was opened for the case.
    others = {"presence", "case_source", "reveal_log", "notice", "task", "summons_case", "meeting_case"}
    others |= {"camera_viewing", "emergency", "topic_case"}
    assert {column for table, column in leading.items() if table not in others} == {"case_id"}


def test_every_table_is_under_row_security_and_owned_by_the_owner(hands: Hands) -> None:
    rows = hands.rows(
        f"select relname, relrowsecurity, relowner::regrole::text from pg_class where {IN_CC} and relkind in ('r','p')"
    )
    assert {name for name, secured, _ in rows if not secured} == {"alembic_version"}
    assert {owner for _, _, owner in rows} == {"cc_owner"}


def test_a_partition_made_later_is_as_closed_as_the_first(hands: Hands) -> None:
    with hands.trying():
        hands.sql("set local role cc_owner")
        hands.sql("select cc.ensure_month('2031-05-01')")
        for part in ("cases_203105", "case_event_203105", "seal_leaf_203105"):
            assert hands.rows(
                "select relrowsecurity, relispartition, has_table_privilege('t_supervisor', oid, 'select')"
                " from pg_class where relname = %s", part,
            ) == [(True, True, False)]  # fmt: skip


def test_partitions_have_the_parents_indexes_and_triggers(hands: Hands) -> None:
    for table in ("cases", "case_event", "case_stage", "case_detail", "feed", "seal_leaf"):
        parent = hands.sql("select count(*) from pg_index where indrelid = ('cc.' || %s)::regclass", table)
        triggers = hands.sql(
            "select count(*) from pg_trigger where tgrelid = ('cc.' || %s)::regclass and not tgisinternal", table
        )
        for (part,) in hands.rows("select inhrelid from pg_inherits where inhparent = ('cc.' || %s)::regclass", table):
            assert hands.sql("select count(*) from pg_index where indrelid = %s", part) == parent
            assert hands.sql("select count(*) from pg_trigger where tgrelid = %s", part) == triggers


def test_every_function_pins_its_search_path(hands: Hands) -> None:
    loose = _names(
        hands,
        "select proname from pg_proc where pronamespace = 'cc'::regnamespace"
        " and not coalesce(proconfig @> array['search_path=cc, pg_temp'], false)",
    )
    assert loose == set()


def test_every_definer_function_is_owned_by_a_role_that_cannot_log_in(hands: Hands) -> None:
    owners = hands.rows(
        "select proname, proowner::regrole::text from pg_proc where pronamespace = 'cc'::regnamespace and prosecdef"
    )
    assert {owner for _, owner in owners} == {"cc_owner", "cc_people"}
    assert _names(hands, "select rolname from pg_roles where rolname ~ '^cc_' and (rolcanlogin or rolsuper)") == set()


def test_no_function_is_open_to_everybody(hands: Hands) -> None:
    open_to_all = _names(
        hands,
        "select p.proname from pg_proc p cross join aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x"
        " where p.pronamespace = 'cc'::regnamespace and x.grantee = 0",
    )
    assert open_to_all == set()


def test_a_function_created_later_is_not_open_to_everybody_either(hands: Hands) -> None:
    with hands.trying():
        hands.sql("set local role cc_owner")
        hands.sql("create function cc.later() returns int language sql as 'select 1'")
        assert not hands.sql("select has_function_privilege('t_supervisor', 'cc.later()', 'execute')")


def test_policies_name_nobody(hands: Hands) -> None:
    """A policy that names a role is dropped by DROP OWNED BY that role, and every member of a group may say that."""
    assert hands.rows("select distinct roles::text[] from pg_policies where schemaname = 'cc'") == [(["public"],)]


def test_nobody_but_our_people_may_connect(hands: Hands) -> None:
    granted = hands.rows(
        "select x.grantee::regrole::text, x.privilege_type from pg_database d cross join aclexplode(d.datacl) x"
        " where d.datname = current_database() and x.grantee <> d.datdba order by 1, 2"
    )
    assert granted == [("cc_operator", "CONNECT")]


def test_the_workflow_in_the_database_is_that_of_the_file(hands: Hands) -> None:
    from commandcenter.domain.workflow import load_workflow

    workflow = load_workflow()
    assert hands.sql("select digest from cc.wf_setting") == workflow.digest
    rules = {(a.code, s, r.role, r.reach) for a in workflow.actions for s in a.sources or ("",) for r in a.by}
    assert set(hands.rows("select action, from_state, role, reach from cc.wf_rule")) == rules


def test_the_workflows_of_whistles_and_meetings_in_the_database_are_those_of_the_files(hands: Hands) -> None:
    from commandcenter.domain.joint_workflow import joint_digests, load_machines

    assert dict(hands.rows("select machine, digest from cc.jw_digest")) == joint_digests()
    machines = load_machines()
    actions = {(m.name, a.code, tuple(a.head)) for m in machines.values() for a in m.actions}
    stored = hands.rows("select machine, code, head from cc.jw_action")
    assert {(name, code, tuple(head)) for name, code, head in stored} == actions
    rules = {
        (m.name, a.code, s, r.role, r.reach)
        for m in machines.values() for a in m.actions for s in a.sources or ("",) for r in a.by
    }  # fmt: skip
    assert set(hands.rows("select machine, action, from_state, role, reach from cc.jw_rule")) == rules
    states = {(m.name, s.code, s.open) for m in machines.values() for s in m.states}
    assert set(hands.rows("select machine, code, open from cc.jw_state")) == states
    choices = {(m.name, f.code, value) for m in machines.values() for f in m.fields for value in f.choices}
    assert set(hands.rows("select machine, field, value from cc.jw_choice")) == choices


def test_every_guard_that_a_workflow_names_is_known_to_a_function(hands: Hands) -> None:
    """One that is written wrong would only be found when somebody does the action."""
    from commandcenter.domain.joint_workflow import load_machines
    from commandcenter.domain.workflow import load_workflow

    actions = [*load_workflow().actions, *(a for m in load_machines().values() for a in m.actions)]
    guards = {guard for action in actions for guard in action.guards}
    bodies = _names(
        hands, "select prosrc from pg_proc where pronamespace = 'cc'::regnamespace and proname ~ '^guard'"
    )
    assert {guard for guard in guards if not any(f"'{guard}'" in body for body in bodies)} == set()
