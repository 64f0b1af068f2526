"""A replay shows nobody more than the present did: by the scope of the row of then, no words for the hall screen."""

from __future__ import annotations

import psycopg2
import pytest

from commandcenter.domain.errors import InvalidInput
from tests.integration.replay.recorder import Recorder, read_moment
from tests.support.clocks import pass_time, travel
from tests.support.hands import Hands
from tests.support.paths import Paths
from tests.support.town import Town

pytestmark = pytest.mark.database


@pytest.fixture
def hands(town: Town) -> Hands:
    made = Hands(town)
    travel(made, "2026-11-23 09:00")
    return made


def _now(hands: Hands) -> float:
    return float(hands.sql("select extract(epoch from cc.city_now())::float8"))


def _moment(hands: Hands) -> float:
    """This one, with a minute to the next."""
    at = _now(hands)
    pass_time(hands, minutes=1)
    return at


def test_a_case_is_seen_by_a_unit_while_it_had_it_and_not_before_or_after(hands: Hands, town: Town) -> None:
    case = Paths(hands).to("filed", citizen=False)
    before = _moment(hands)
    hands.act("dispatcher", case, "dispatch", unit_id=hands.org("D-CG"))
    during = _moment(hands)
    hands.act("cg", case, "return_case", reason="不属于本单位", legal_basis="三定方案")
    after = _moment(hands)
    session = town.session("cg")
    assert [case in read_moment(session, "cg", at).cases for at in (before, during, after)] == [False, True, False]
    told = session.replay.case_changes(before, _now(hands)).changes
    assert [(change.id, change.row is None) for change in told] == [(case, False), (case, True)]


def test_words_of_a_case_that_left_the_scope_are_not_shown_again(hands: Hands, town: Town) -> None:
    case = hands.report("acceptor")
    at = _moment(hands)
    assert read_moment(town.session("leader"), "leader", at).cases[case].summary
    hands.act("acceptor", case, "classify", grid_id=hands.sql("select id from cc.grid where key = 'G-B1-0'"))
    _moment(hands)
    shown = read_moment(town.session("leader"), "leader", at).cases[case]
    assert shown.summary == "" and shown.street_id == hands.org("A")
    assert case not in read_moment(town.session("leader_b"), "leader_b", at).cases


def test_another_street_another_district_and_whoever_has_no_case_see_nothing(hands: Hands, town: Town) -> None:
    case = Paths(hands).to("in_progress", citizen=False)
    at = _moment(hands)
    for who in ("leader_b", "street_b", "ga", "admin"):
        session = town.session(who)
        assert case not in read_moment(session, who, at).cases
        assert not session.replay.case_changes(at - 3_600, _now(hands)).changes
        assert who != "admin" or session.replay.density(at - 86_400, _now(hands)) == []


def test_nobody_reads_the_rows_of_then_beside_the_functions(hands: Hands, town: Town) -> None:
    Paths(hands).to("filed", citizen=False)
    clerk = town.psql("supervisor").cursor()
    for attack in ("select * from cc.joint_past", "select cc.row_then(c, e) from cc.cases c, cc.case_event e",
                   "select cc.maybe_open_at(now(), array[1])", "select cc.past_of('summons', 1)",
                   "insert into cc.joint_past select * from cc.joint_past", "select * from cc.replay_start",
                   "select cc.keep_joint()"):  # fmt: skip
        with pytest.raises(psycopg2.Error, match="permission denied"):
            clerk.execute(attack)
    screen = town.psql("screen").cursor()
    screen.execute("select count(*) from cc.case_event where (became).version is not null")
    assert screen.fetchone() == (0,)


def test_what_an_event_left_is_not_changed_later(hands: Hands) -> None:
    Paths(hands).to("filed", citizen=False)
    for attack in ("update cc.case_event set became = null", "delete from cc.case_event"):
        with pytest.raises(psycopg2.Error, match="只增不改"):
            hands.sql(attack)


@pytest.mark.parametrize("tampering", [
    "became.deadline = (became).deadline + interval '1 day'", "became = null", "became.handler_id = 1",
])  # fmt: skip
def test_who_changes_what_an_event_left_breaks_its_seal(hands: Hands, tampering: str) -> None:
    case = Paths(hands).to("dispatched", citizen=False)
    hands.sql("select cc.seal_events()")
    assert hands.rows("select fault from cc.audit_faults()") == []
    hands.sql("alter table cc.case_event disable trigger append_only")
    hands.sql(f"update cc.case_event set {tampering} where case_id = {case} and action = 'dispatch'")
    hands.sql("alter table cc.case_event enable trigger append_only")
    faults = hands.rows("select fault, event_seq from cc.audit_faults()")
    assert faults == [("changed", hands.row(case)["events"])]


def test_moments_before_the_limit_or_to_come_are_refused(hands: Hands, town: Town) -> None:
    source = town.session("supervisor").replay
    limits = source.limits()
    assert limits.until - limits.since == pytest.approx(90 * 86_400, abs=5)
    for at in (limits.since - 3_600, limits.until + 3_600):
        with pytest.raises(InvalidInput):
            list(source.cases_at(at))
        with pytest.raises(InvalidInput):
            source.joint_at(at)
    with pytest.raises(InvalidInput):
        source.case_changes(limits.since - 3_600, limits.until)


def test_a_city_from_before_replays_shows_nothing_from_before_and_all_from_then_on(
    hands: Hands, town: Town, recorder: Recorder
) -> None:
    """As the upgrade leaves it: only the last event of what was open knows its row."""
    paths = Paths(hands)
    waiting, closed = paths.to("filed", citizen=False), paths.to("closed", citizen=False)
    pass_time(hands, hours=1)
    hands.sql("alter table cc.case_event disable trigger append_only")
    hands.sql("update cc.case_event e set became = null from cc.cases c where c.id = e.case_id"
              " and not (c.open and e.seq = c.events)")  # fmt: skip
    hands.sql("alter table cc.case_event enable trigger append_only")
    hands.sql("insert into cc.replay_start select district_id, cc.city_now() from cc.district")
    begun = _moment(hands)
    recorder.write("supervisor")
    pass_time(hands, minutes=1)
    hands.act("dispatcher", waiting, "dispatch", unit_id=hands.org("D-CG"))
    hands.act("supervisor", closed, "reopen", reason="群众不满意")
    pass_time(hands, minutes=1)
    recorder.write("supervisor")
    source = town.session("supervisor").replay
    assert source.limits().since == begun
    with pytest.raises(InvalidInput, match="只能回放"):
        list(source.cases_at(begun - 3_600))
    first, last = (recorder.replayed("supervisor", moment.at) for moment in recorder.moments)
    assert (first.cases, last.cases) == tuple(moment.cases for moment in recorder.moments)
    assert set(first.cases) == {waiting} and set(last.cases) == {waiting, closed}


def test_density_counts_what_happened_hour_by_hour(hands: Hands, town: Town) -> None:
    Paths(hands).to("dispatched", citizen=False)
    hands.sql("select cc.roll_up()")
    pass_time(hands, hours=2)
    Paths(hands).to("filed", citizen=False)
    pass_time(hands, minutes=5)
    told = town.session("supervisor").replay.density(_now(hands) - 4 * 3_600, _now(hands))
    assert [n for _, n in told] == [4, 3] and told[1][0] - told[0][0] == 2 * 3_600
