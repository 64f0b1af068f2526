"""The paper and the database agree: every figure of an order's rows stands in the words of its 公文."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from commandcenter.domain.joint import SUMMONS, CalledUnit, JointCommand, NewSummons
from commandcenter.domain.joint_totals import totals
from tests.integration.whistle.lanes import PLACE, Whistles
from tests.support.town import Town
from ui.joint.document_words import day_words, official, preview

CHECKS = ("取缔摊位", "清障消防通道", "录像留证")


@pytest.fixture
def order(shared_town: Town, whistles: Whistles) -> NewSummons:
    meet = datetime.fromisoformat(whistles.ahead(hours=3)).timestamp()
    parties = (CalledUnit(shared_town.org("D-GA"), 2), CalledUnit(shared_town.org("D-CG"), 6, True),
               CalledUnit(shared_town.org("D-SW")))
    return NewSummons(
        uuid4(), "order", shared_town.org("T"), "综合执法", "夜市占道与消防通道堵塞", parties, level="key",
        reason="居民投诉 37 次", place="簋街东口", **PLACE, meet_at=meet, ends_at=meet + 7200, checks=CHECKS,
    )  # fmt: skip


def zone_of(town: Town) -> ZoneInfo:
    return ZoneInfo(town.session("supervisor").directory.time_zone)


def test_every_figure_of_the_rows_is_on_the_paper(shared_town: Town, order: NewSummons) -> None:
    session = shared_town.session("supervisor")
    opened = session.joint_commands.open_summons(order)
    session.joint_commands.act(JointCommand(uuid4(), SUMMONS, opened.entity_id, None, opened.version, "sign", {}))
    (row,) = session.joint_queries.joint([opened.entity_id]).summons
    document = session.joint_commands.issue_document(uuid4(), row.id)
    zone = zone_of(shared_town)
    paper = official(document, zone)
    said = "\n".join(paragraph.text for paragraph in paper.body)
    orgs, here = session.directory.orgs, [datetime.fromtimestamp(t, zone) for t in (row.meet_at, row.ends_at)]
    assert paper.number == row.no == opened.no and row.title in paper.title and paper.signer == session.person.name
    assert (paper.code, paper.digest) == (document.code, document.digest) and len(paper.digest) == 64
    assert f"{day_words(here[0].date())}{here[0]:%H:%M}" in said and f"{here[1]:%H:%M}" in said
    assert f"东经{row.lon:.6f}度，北纬{row.lat:.6f}度" in said and row.place in said and "居民投诉 37 次" in said
    assert paper.dated == day_words(datetime.fromtimestamp(row.issued_at, zone).date())
    for party in row.live_parties:
        lead = "（牵头单位）" if party.lead else ""
        heads = f"，{party.heads}人" if party.heads else ""
        assert f"{orgs[party.unit_id].name}{lead}{heads}\n" in said
    assert "共3个单位，8人" in said and all(text in said for text in CHECKS)
    assert session.joint_queries.check_document(document.code.lower().replace("-", " ")) == document


LANES = {
    1: (2, 30, "城管罚〔2026〕1 号、城管罚〔2026〕2 号"), 2: (None, 12, " 公（治）罚〔2026〕7 号；"), 3: (5, None, ""),
}  # fmt: skip


def test_what_the_lanes_counted_is_summed_up_on_the_header_and_on_the_concluding_paper(
    shared_town: Town, whistles: Whistles
) -> None:
    session, zone = shared_town.session("supervisor"), zone_of(shared_town)
    number = whistles.issued("order", units=("D-CG", "D-GA", "D-SW", "PCS-A"), checks=None,
                             meet_at=whistles.ahead(minutes=5))  # fmt: skip
    (row,) = session.joint_queries.joint([number]).summons
    early = session.joint_commands.issue_document(uuid4(), number)
    assert "outcome" not in early.content
    whistles.lane("supervisor", number, "withdraw_party", 4, reason="不需要")
    for lane, (people, goods, documents) in LANES.items():
        whistles.forward(number, lane, "arrived")
        whistles.proof(whistles.clerk(number, lane), number, lane)
        counted = {"people": people, "goods": goods, "documents": documents}
        whistles.lane(whistles.clerk(number, lane), number, "finish", lane, result="已处置",
                      **{key: value for key, value in counted.items() if value})  # fmt: skip
        whistles.forward(number, lane, "signed")
    whistles.do("supervisor", number, "close", conclusion="通道已清空")
    by_hand = whistles.rows("select sum(people)::int, sum(goods)::int from cc.summons_party"
                            " where summons_id = %s and live", number)[0]  # fmt: skip
    assert by_hand == (7, 42)
    numbers = ["城管罚〔2026〕1 号", "城管罚〔2026〕2 号", "公（治）罚〔2026〕7 号"]
    file = session.joint_queries.summons_file(number)
    found = totals(file.row, file.words)
    assert (found.people, found.goods, list(found.documents)) == (*by_hand, numbers)
    document = session.joint_commands.issue_document(uuid4(), number)
    outcome = document.content["outcome"]
    assert (outcome["people"], outcome["goods"], outcome["documents"]) == (*by_hand, numbers)
    said = [paragraph.text for paragraph in official(document, zone).body]
    ended = datetime.fromtimestamp(file.row.closed_at, zone)
    assert said[-2] == f"{day_words(ended.date())}{ended:%H:%M}办结。通道已清空"
    assert said[-1] == f"清点合计：涉及7人，物品42件，文书3份（{'、'.join(numbers)}）。"
    assert document.code != early.code and session.joint_queries.check_document(early.code) == early


def test_the_preview_of_a_draft_says_what_is_issued_afterwards(shared_town: Town, order: NewSummons) -> None:
    session, zone = shared_town.session("supervisor"), zone_of(shared_town)
    rules = session.joint_queries.whistle_rules()
    shown = preview(order, (), session.directory, rules, session.person)
    opened = session.joint_commands.open_summons(order)
    session.joint_commands.act(JointCommand(uuid4(), SUMMONS, opened.entity_id, None, opened.version, "sign", {}))
    issued = official(session.joint_commands.issue_document(uuid4(), opened.entity_id), zone)
    due = [paragraph for paragraph in issued.body if paragraph.text.startswith("办结时限")]
    assert [one for one in issued.body if one not in due] == list(shown.body)
    for name in ("authority", "title", "addressees", "signature", "signer", "copies", "printed_by"):
        assert getattr(issued, name) == getattr(shown, name)
    assert not shown.issued and issued.issued
