"""The scores of a scripted evening, recomputed by hand-written SQL from the trace alone."""

import pytest

from tests.integration.whistle.evening import PARTIES, UNITS, WHISTLES, Evening
from tests.integration.whistle.lanes import Whistles

pytestmark = pytest.mark.database

# Points and weights of the town's rules by hand: 30 and 15 for the answer, 40 and 20 for coming, 30 for acting; shares
# 0.4, 0.4 and 0.2; on time until the due of the lane's call. Nothing but cc.joint_event is read.
# 改期 moves whoever had not missed the old time by then; a release counts from when it was asked for.
DEEDS = """
with called as (
  select entity_id, party_no, unit_id,
         (what->>'confirm_due')::timestamptz as confirm_due, (what->>'arrive_due')::timestamptz as first_due
    from cc.joint_event where action = 'join'),
moved as (
  select entity_id, at as moved_at, (what->>'meet_at')::timestamptz + interval '15 minutes' as new_due
    from cc.joint_event where action = 'reschedule'),
closed as (
  select entity_id, min(at) as closed_at, bool_or(action = 'withdraw') as withdrawn
    from cc.joint_event where action in ('close', 'rule_close', 'withdraw') group by 1),
happened as (
  select c.entity_id, c.party_no, c.unit_id, c.confirm_due, c.first_due,
         min(e.at) filter (where e.action in ('respond', 'arrive', 'witness')) as answered,
         min(e.at) filter (where e.action in ('arrive', 'witness')) as came,
         bool_or(e.action in ('act', 'finish') or (e.what->>'acted' = 'yes') is true) as acted,
         bool_or(e.action = 'dispute') as disputed,
         bool_or(e.action in ('withdraw_party', 'replace', 'release')) or bool_or(x.withdrawn) as gone,
         case when bool_or(e.action = 'release') then max(e.at) filter (where e.action = 'ask_release')
              else coalesce(min(e.at) filter (where e.action in ('withdraw_party', 'replace')),
                            min(x.closed_at)) end as until,
         max(e.what->>'response') filter (where e.action = 'decide') as answer_corrected,
         max(e.what->>'arrival') filter (where e.action = 'decide') as coming_corrected
    from called c join closed x using (entity_id)
    join cc.joint_event e on e.entity_id = c.entity_id and e.party_no = c.party_no
   group by c.entity_id, c.party_no, c.unit_id, c.confirm_due, c.first_due),
deeds as (
  select h.*, case when moved_at <= first_due and coalesce(came > moved_at, true) and not (gone and until < moved_at)
                   then new_due else first_due end as arrive_due
    from happened h left join moved using (entity_id)),
"""
FROM_THE_TRACE = DEEDS + """
parts as (
  select *, case when answer_corrected = 'on_time' then 30 when answer_corrected = 'late' then 15
                 when answered <= confirm_due then 30 when answered is not null then 15
                 when confirm_due < until then 0 end as for_answer,
            case when coming_corrected = 'on_time' then 40 when coming_corrected = 'late' then 20
                 when disputed then 0 when came <= arrive_due then 40 when came is not null then 20
                 when arrive_due < until then 0 end as for_coming
    from deeds),
sums as (
  select *, coalesce(for_answer, 0) + coalesce(for_coming, 0)
            + case when came is not null and acted then 30 else 0 end as got,
         case when for_answer is null then 0 else 30 end + case when for_coming is null then 0 else 70 end as most
    from parts where not gone or for_answer < 30 or for_coming < 40),
corrected as (
  select entity_id, party_no, (what->>'professional')::int as professional from cc.joint_event where action = 'decide'),
last_word as (
  select distinct on (entity_id, party_no) * from cc.joint_event where action = 'rate'
   order by entity_id, party_no, seq desc),
rated as (
  select e.entity_id, e.party_no, ((what->>'efficiency')::int + (what->>'cooperation')::int
         + (what->>'responsibility')::int + coalesce(k.professional, (what->>'professional')::int)) / 4.0 as street
    from last_word e left join corrected k using (entity_id, party_no)),
citizens as (
  select entity_id, case what->>'satisfied' when 'satisfied' then 100 when 'basically' then 60 else 0 end as citizen
    from cc.joint_event where action = 'follow_up'),
voices as (
  select entity_id, party_no, unit_id, round(100.0 * got / nullif(most, 0))::int as response, street,
         case when street is not null then citizen end as citizen
    from sums left join rated using (entity_id, party_no) left join citizens using (entity_id))
select entity_id, party_no, unit_id, response,
       round((0.4 * coalesce(response, 0) + 0.4 * coalesce(street, 0) + 0.2 * coalesce(citizen, 0))
             / (0.4 * (response is not null)::int + 0.4 * (street is not null)::int
                + 0.2 * (citizen is not null)::int), 2)
  from voices where coalesce(response, street) is not null order by 1, 2"""
BLAMED_BY_THE_TRACE = DEEDS + """
marks as (
  select *, case when answer_corrected = 'on_time' then '' when answer_corrected = 'late' then 'late_response'
                 when answered > confirm_due then 'late_response'
                 when answered is null and confirm_due < until then 'no_response' end as of_answer,
            case when coming_corrected is null and came is null and arrive_due < until then 'absent'
                 when came is not null and not acted then 'no_action' end as of_coming
    from deeds)
select entity_id, party_no, kind from marks, lateral (values (of_answer), (of_coming)) k(kind) where kind <> ''
 order by 1, 2, 3"""
TOLD = "select summons_id, party_no, kind from cc.bulletin where revoked_at is null order by 1, 2, 3"
STORED = """select summons_id, no, unit_id, response_score::int, score from cc.summons_party
 where response_score is not null or score is not null order by 1, 2"""


def test_the_evenings_scores_follow_from_the_trace(whistles: Whistles) -> None:
    evening = Evening(whistles, seed=20261124)
    evening.play()
    assert len(evening.numbers) == WHISTLES
    assert whistles.sql("select count(*) from cc.summons_party where called_at is not null") == WHISTLES * PARTIES
    ended = "select count(*) from cc.summons s where state = %s"
    assert whistles.sql(ended, "archived") + whistles.sql(ended, "withdrawn") == WHISTLES
    scored = "exists (select from cc.summons_party p where p.summons_id = s.id and p.response_score is not null)"
    assert whistles.sql(f"{ended} and {scored}", "withdrawn") >= 2  # after a miss; and some after none
    assert whistles.sql(f"{ended} and not {scored}", "withdrawn") >= 1

    by_hand, stored = whistles.rows(FROM_THE_TRACE), whistles.rows(STORED)
    assert by_hand == stored
    # The evening held everything.
    assert len(stored) > 160 and len({row[3] for row in stored}) >= 12
    count = "select count(*) from cc.joint_event where action = %s"
    for action in ("missed_confirm", "missed_arrival", "release", "withdraw_party", "rule_close", "close", "decide",
                   "reschedule", "dispute", "reject_verify", "publish_by_clock", "revoke", "withdraw"):  # fmt: skip
        assert whistles.sql(count, action) > 0, action
    _the_months_table_is_the_mean(whistles, by_hand)
    assert whistles.rows(BLAMED_BY_THE_TRACE) == whistles.rows(TOLD)
    assert whistles.sql("select count(*) from cc.summons_party where state = 'released' and response_score < 100") > 0
    assert whistles.sql("select bool_or(what ? 'kept') from cc.joint_event where action = 'reschedule'")


def _the_months_table_is_the_mean(whistles: Whistles, by_hand: list[tuple[int, ...]]) -> None:
    table = whistles.as_person(
        "evaluator", "select jsonb_object_agg(unit_id, jsonb_build_array(lanes, response, score)) from"
        " cc.unit_scores('2026-11-01', '2026-12-01')"
    )  # fmt: skip
    for unit in map(whistles.unit, UNITS):
        own = [row for row in by_hand if row[2] == unit and row[3] is not None]
        lanes, response, score = table[str(unit)]
        assert lanes == len(own)
        assert response == pytest.approx(sum(row[3] for row in own) / lanes)
        assert score == pytest.approx(float(sum(row[4] for row in own)) / lanes)
