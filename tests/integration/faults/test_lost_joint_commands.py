"""The line breaks while a whistle is opened, signed or answered: done once, and it is known."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest

from commandcenter.domain.errors import OutcomeUnknown
from commandcenter.domain.joint import CalledUnit, NewJointFile, NewSummons, TeamLine
from commandcenter.services.joint import JointPerformer
from commandcenter.services.lanes import LaneService
from commandcenter.services.summons import SummonsService
from db.gateways.session import PgSession
from tests.integration.whistle.lanes import Whistles
from tests.support.town import PNG, Town
from tests.support.wire import Fault, Wire

pytestmark = pytest.mark.database
LogIn = Callable[[str], PgSession]
PAUSES_S = (0.01, 0.02, 0.05, *(0.1,) * 100)
EVERY_FAULT = pytest.mark.parametrize("fault", [Fault.BEFORE, Fault.UNDER_WAY, Fault.ANSWERED, Fault.HELD])


@pytest.fixture
def whistles(town: Town) -> Whistles:
    return Whistles(town)


def performer(session: PgSession) -> JointPerformer:
    return JointPerformer(session.joint_commands, pauses=PAUSES_S)


@EVERY_FAULT
def test_a_draft_whose_line_breaks_is_one_whistle(
    fault: Fault, town: Town, whistles: Whistles, wire: Wire, over: LogIn
) -> None:
    session = over("dispatcher")
    new = NewSummons(uuid.uuid4(), "whistle", town.org("A"), "综合执法", f"占道 {fault.name}",
                     (CalledUnit(town.org("D-CG")),))  # fmt: skip
    wire.order(b"cc.open_summons", fault)
    done = SummonsService(performer(session)).draft(new)
    assert wire.met.is_set()
    wire.release()
    assert whistles.sql("select count(*) from cc.summons_detail where title = %s", new.title) == 1
    assert whistles.actions(done.entity_id) == ["draft"]


@EVERY_FAULT
def test_an_answer_of_a_unit_whose_line_breaks_is_given_once(
    fault: Fault, whistles: Whistles, wire: Wire, over: LogIn
) -> None:
    number = whistles.issued()
    session = over("cg")
    (row,) = session.joint_queries.joint([number]).summons
    wire.order(b"cc.lane_act", fault)
    done = LaneService(performer(session)).respond(row, row.parties[0])
    assert wire.met.is_set()
    wire.release()
    assert done.entity_id == number
    assert whistles.actions(number, 1).count("respond") == 1
    assert whistles.party(number, 1)["version"] == 2


@EVERY_FAULT
def test_a_photo_whose_line_breaks_hangs_there_once(fault: Fault, whistles: Whistles, wire: Wire, over: LogIn) -> None:
    number = whistles.to("acting")
    session = over("cg")
    photo = NewJointFile(uuid.uuid4(), "summons", number, 1, "scene", "a.png", "image/png", PNG)
    wire.order(b"cc.attach_joint", fault)
    LaneService(performer(session)).attach(photo)
    assert wire.met.is_set()
    wire.release()
    assert whistles.sql("select count(*) from cc.joint_file where entity_id = %s", number) == 1


@EVERY_FAULT
def test_a_paper_and_a_team_whose_line_breaks_are_made_once(
    fault: Fault, whistles: Whistles, wire: Wire, over: LogIn
) -> None:
    number = whistles.issued("order")
    service = SummonsService(performer(session := over("supervisor")))
    (row,) = session.joint_queries.joint([number]).summons
    wire.order(b"cc.issue_document", fault)
    paper = service.issue_document(row)
    assert wire.met.is_set()
    wire.order(b"cc.save_team", fault)
    team = service.save_team(f"夜查队 {fault.name}", "1+X", [TeamLine("城管委", 3, True)])
    assert wire.met.is_set()
    wire.release()
    assert whistles.sql("select array_agg(code) from cc.summons_document where summons_id = %s", number) == [paper.code]
    assert whistles.sql("select count(*) from cc.team where name = %s", team.name) == 1


def test_a_signature_of_which_no_answer_comes_is_settled_by_the_last_word(
    town: Town, whistles: Whistles, wire: Wire, over: LogIn
) -> None:
    """Nobody signs after the user was told that it was not done."""
    number = whistles.open()
    session = over("leader")
    (row,) = session.joint_queries.joint([number]).summons
    wire.order(b"cc.summons_act", Fault.BEFORE)
    impatient = JointPerformer(session.joint_commands, pauses=())
    with pytest.raises(OutcomeUnknown) as caught:
        SummonsService(impatient).sign(row)
    wire.release()
    command_id = uuid.UUID(caught.value.detail["command_id"])
    assert caught.value.detail["action"] == "sign"
    assert town.session("leader").joint_commands.give_up(command_id) is None
    whistles.do("leader", number, "sign", command=str(command_id))
    assert whistles.summons(number)["state"] == "draft"
