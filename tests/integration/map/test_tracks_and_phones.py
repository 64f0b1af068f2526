"""Where a worker was, and his number: for whoever may know, and of the number never without a record."""

from collections.abc import Callable

import pytest

from commandcenter.domain.errors import InvalidInput, NotAllowed, NotFound
from db.cli.audit_words import verify
from db.cli.station import Station
from db.gateways.audit import faults
from tests.integration.map.conftest import IN_A1, METRE, Phones
from tests.integration.security.conftest import Psql
from tests.support.hands import Hands
from tests.support.town import Town

pytestmark = pytest.mark.database
Open = Callable[[str], Psql]
LON, LAT = IN_A1
FOLLOW = {
    "supervisor": "", "dispatcher": "", "evaluator": "", "leader": "", "street_dispatcher": "", "grid_a1": "",
    "acceptor": "CC403", "screen": "CC403", "auditor": "CC403", "channel": "CC403", "grid_worker": "CC403",
    "community": "CC403", "leader_b": "CC404", "cg": "CC404", "pcs": "CC404", "admin": "CC404", "gateway": "CC404",
}  # fmt: skip


@pytest.mark.parametrize("login", FOLLOW)
def test_who_may_follow_a_worker(login: str, phones: Phones, psql: Open) -> None:
    now = phones.now()
    phones.own([(LON, LAT + n * METRE, now - 100 + n) for n in range(10)])
    ask = "select * from cc.worker_track(%s, to_timestamp(%s), to_timestamp(%s))"
    if FOLLOW[login]:
        assert psql(login).refused(ask, phones.worker, now - 200, now).pgcode == FOLLOW[login]
    else:
        assert len(psql(login)(ask, phones.worker, now - 200, now)) == 10


def test_one_who_dispatches_elsewhere_does_not_follow_him(phones: Phones, shared_town: Town) -> None:
    """Of two duties each counts where it stands."""
    with phones.hands.trying():
        phones.hands.sql("insert into cc.duty select o.district_id, o.id, r.role, a.id from cc.operator o, (values"
                         " ('dispatcher', 'B'), ('handler', 'A')) r(role, org) join cc.org a on a.key = r.org"
                         " where o.login = 't_pcs'")  # fmt: skip
        ask = "select count(*) from cc.worker_track(%s, '-infinity', 'infinity')"
        assert phones.hands.as_person("pcs", ask, phones.far) == 0
        with pytest.raises(NotAllowed, match="轨迹"):
            phones.hands.as_person("pcs", ask, phones.worker)


def test_a_track_is_told_in_order_without_noise_and_thinned(phones: Phones, shared_town: Town) -> None:
    now, port = phones.now(), shared_town.session("supervisor").map
    phones.own([(LON, LAT + n * METRE, now - 100 + n) for n in range(50)] + [(LON + 1, LAT, now - 10)])
    track = port.track(phones.worker, now - 90, now)
    assert [p.at for p in track] == [now - 90 + n for n in range(40)]
    assert (track[0].lon, track[0].lat) == (LON, LAT + 10 * METRE)
    assert port.track(phones.worker, now + 10, now + 20) == []
    assert port.track(phones.mate, now - 90, now) == []
    with pytest.raises(NotFound):
        port.track(2**31 - 1, now - 90, now)
    phones.hands.sql("insert into cc.patrol_track select district_id, worker_id, at - make_interval(secs => n), lon,"
                     " lat, false from cc.worker_position, generate_series(200, 12199) n where worker_id = %s"
                     " on conflict do nothing", phones.worker)  # fmt: skip
    long = port.track(phones.worker, 0, now)
    assert 4000 < len(long) <= 5000 and long == sorted(long, key=lambda p: p.at)
    assert long[-1].at - long[0].at > 11_000


# ---------------------------------------------------------------- phones
ASK, TELL = "select cc.ask_phone(%s, '联系核实情况')", "select cc.reveal_phone(%s)"
CALL = {
    "supervisor": "", "dispatcher": "", "acceptor": "", "verifier": "", "leader": "", "street_a": "", "community": "",
    "evaluator": "CC403", "screen": "CC403", "auditor": "CC403", "channel": "CC403", "grid_worker": "CC403",
    "leader_b": "CC404", "cg": "CC404", "pcs": "CC404", "admin": "CC404", "gateway": "CC404",
}  # fmt: skip


@pytest.mark.parametrize("login", CALL)
def test_who_may_have_a_number(login: str, phones: Phones, psql: Open, hands: Hands) -> None:
    before = hands.sql("select count(*) from cc.phone_look")
    if CALL[login]:
        assert psql(login).refused(ASK, phones.worker).pgcode == CALL[login]
        assert hands.sql("select count(*) from cc.phone_look") == before
    else:
        assert psql(login).one(TELL, psql(login).one(ASK, phones.worker)) == "13900000102"
        looked = hands.rows("select actor_login, member_id, reason from cc.phone_look order by id desc")[0]
        assert looked == (f"t_{login}", phones.worker, "联系核实情况")


def test_the_port_gives_a_number_and_leaves_a_record(phones: Phones, shared_town: Town, hands: Hands) -> None:
    port = shared_town.session("dispatcher").map
    before = hands.sql("select count(*) from cc.phone_look")
    assert port.reveal_phone(phones.mate, "请他到现场") == "13900000101"
    assert hands.sql("select count(*) from cc.phone_look") == before + 1
    for reason in ("", "  ", "看看 "):
        with pytest.raises(InvalidInput, match="理由"):
            port.reveal_phone(phones.mate, reason)
    with pytest.raises(NotFound):
        port.reveal_phone(2**31 - 1, "请他到现场")
    assert hands.sql("select count(*) from cc.phone_look") == before + 1
    with hands.trying():
        hands.sql("delete from cc.grid_phone where member_id = %s", phones.mate)
        with pytest.raises(NotFound, match="没有登记"):
            hands.as_person("dispatcher", ASK, phones.mate)


def test_a_rollback_hides_no_look_at_a_number(phones: Phones, psql: Open, hands: Hands) -> None:
    clerk = psql("supervisor")
    before = hands.sql("select count(*) from cc.phone_look")
    for around in ("begin", "begin; savepoint s"):
        clerk(around)
        look = clerk.one(ASK, phones.worker)
        error = clerk.refused(TELL, look)
        assert error.pgcode == "CC422" and "139" not in str(error)
        clerk("rollback")
        assert clerk.refused(TELL, look).pgcode == "CC404"
    assert hands.sql("select count(*) from cc.phone_look") == before


def test_a_record_serves_its_owner_while_it_is_fresh(phones: Phones, psql: Open, hands: Hands) -> None:
    look = psql("supervisor").one(ASK, phones.worker)
    assert psql("dispatcher").refused(TELL, look).pgcode == "CC404"
    with hands.trying():
        hands.sql("set local session_replication_role = replica")
        hands.sql("update cc.phone_look set at = at - interval '3 minutes' where id = %s", look)
        with pytest.raises(NotFound, match="过期"):
            hands.as_person("supervisor", TELL, look)
    with hands.trying():
        hands.sql("update cc.duty set role = 'evaluator' where role = 'supervisor'")
        with pytest.raises(NotAllowed):
            hands.as_person("supervisor", TELL, look)
    assert psql("supervisor").one(TELL, look) == "13900000102"


def test_looks_at_numbers_are_read_by_the_auditor_alone(phones: Phones, psql: Open) -> None:
    psql("supervisor")(ASK, phones.worker)
    for login in ("auditor", "supervisor", "admin", "cg", "screen"):
        assert (psql(login).one("select count(*) from cc.phone_look") > 0) == (login == "auditor")


def test_looks_at_numbers_are_sealed_and_an_edit_is_named(town: Town) -> None:
    hands = Hands(town)
    member = hands.sql("select id from cc.grid_team where name = '甲一网格员'")
    look = Psql(town.psql("supervisor")).one(ASK, member)
    hands.sql("select cc.seal_events()")
    assert faults(town.owner) == []
    named = "select fault, subject, entry from cc.audit_faults() order by 1, 2, 3"
    for change in ("member_id = member_id + 1", "actor_id = actor_id + 1", "actor_login = 't_cg'",
                   "reason = '别的理由'", "at = at - interval '1 microsecond'", "xid = '5'"):  # fmt: skip
        with hands.trying():
            hands.sql("set local session_replication_role = replica")
            hands.sql(f"update cc.phone_look set {change} where id = %s", look)
            assert hands.rows(named) == [("changed", "phone_look", look)], change
    for guard in ("append_only", "queue_log"):
        with hands.trying():
            hands.sql(f"alter table cc.phone_look disable trigger {guard}")
            assert (f"phone_look.{guard}",) in hands.rows("select subject from cc.guard_faults()")
    hands.sql("set session_replication_role = replica")
    hands.sql("delete from cc.phone_look where id = %s", look)
    assert hands.rows(named) == [("removed", "phone_look", look)]
    answer = verify(Station(town.url))
    assert not answer.ok and any("查看网格人员电话记录" in line for line in answer.lines)
