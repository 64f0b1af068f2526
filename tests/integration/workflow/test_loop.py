"""The seven-step loop from end to end on a real database."""

from tests.support.town import Town


def test_a_citizen_case_goes_all_the_way_round(town: Town) -> None:
    case = town.verified(channel="hotline", reporter_name="张三丰", reporter_phone="13912345678")
    town.act("acceptor", case, "reply", text="已清理，谢谢")
    town.act("followup", case, "follow_up", satisfied="satisfied", solved="yes")
    assert town.act("acceptor", case, "close").state == "closed"
    file = town.session("supervisor").queries.case_file(case)
    assert [e.action for e in file.trace] == [
        "report", "accept", "file", "dispatch", "receive", "feedback", "verify", "reply", "follow_up", "close",
    ]  # fmt: skip
    assert all(e.actor_name and e.recorded_at for e in file.trace)
    assert file.reporters[0].phone_masked == "139****5678"
