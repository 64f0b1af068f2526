"""The hook for SMS and WeChat gateways: each open notice once, again when nobody confirmed it, and nothing else."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from commandcenter.domain.errors import InvalidInput, NotAllowed, NotFound
from tests.integration.meeting.table import Table
from tests.support.paths import Paths
from tests.support.town import Town

pytestmark = pytest.mark.database
DOCUMENT = Path(__file__).parents[3] / "docs" / "gateway.md"
TAKE = "select json_agg(d) from cc.take_deliveries(%s) d"


@pytest.fixture(autouse=True)
def empty(table: Table) -> None:
    """What other tests left is taken and gone."""
    while take(table):
        pass
    table.sql("update cc.notice_delivery set sent_at = now()")


def take(table: Table, most: int = 500, login: str = "gateway") -> list[dict[str, Any]]:
    return list(table.as_person(login, TAKE, most) or [])


def delivered(table: Table, notice: int, ok: bool = True, error: str = "", login: str = "gateway") -> None:
    table.as_person(login, "select cc.delivered(%s, %s, %s)", notice, ok, error)


def a_minute_later(table: Table) -> None:
    table.sql("update cc.notice_delivery set taken_at = taken_at - interval '61 s' where sent_at is null")


def test_a_gateway_gets_the_words_the_date_and_whom_to_send_them(table: Table) -> None:
    number = table.call()
    to_cg, to_ga = take(table)
    assert (to_cg["kind"], to_cg["recipients"], to_ga["recipients"]) == ("to_attend", ["t_cg"], ["t_ga"])
    no = table.row_of("meeting", number)["no"]
    assert no in to_cg["words"] and "请确认参会" in to_cg["words"]
    assert to_cg["due"] is not None
    assert set(to_cg) == {"id", "words", "kind", "due", "recipients"}


def test_one_to_a_post_of_the_territory_goes_to_everybody_who_has_it(table: Table, paths: Paths) -> None:
    case = paths.to("filed")
    remind = "select cc.remind(c, 'overdue', 'dispatcher', null, '派遣超期', cc.city_now()) from cc.cases c"
    table.sql(f"{remind} where id = %s", case)
    (one,) = take(table)
    assert one["recipients"] == ["t_dispatcher", "t_dispatcher2", "t_street_dispatcher"]


def test_the_disabled_are_not_called(table: Table) -> None:
    with table.trying():
        table.sql("update cc.operator set active = false where login = 't_cg'")
        table.call(of=("D-CG",))
        assert take(table)[0]["recipients"] == []


def test_each_is_taken_once_oldest_first_and_not_more_than_asked(table: Table) -> None:
    for _ in range(3):
        table.call(of=("D-CG",))
    first = take(table, 2)
    second = take(table, 2)
    assert [len(first), len(second), len(take(table, 2))] == [2, 1, 0]
    ids = [one["id"] for one in first + second]
    assert ids == sorted(set(ids))


def test_what_is_not_confirmed_comes_again_after_a_minute_five_times_in_all(table: Table) -> None:
    table.call(of=("D-CG",))
    (one,) = take(table)
    for attempt in range(2, 6):
        assert take(table) == []
        a_minute_later(table)
        assert [again["id"] for again in take(table)] == [one["id"]], attempt
    a_minute_later(table)
    assert take(table) == []
    assert table.sql("select attempts from cc.notice_delivery where notice_id = %s", one["id"]) == 5


def test_what_was_sent_does_not_come_again_and_what_failed_does(table: Table) -> None:
    table.call()
    to_cg, to_ga = take(table)
    delivered(table, to_cg["id"])
    delivered(table, to_ga["id"], False, "号码为空")
    a_minute_later(table)
    assert [one["id"] for one in take(table)] == [to_ga["id"]]
    kept = "select sent_at is not null, error from cc.notice_delivery where notice_id = %s"
    assert table.rows(kept, to_cg["id"]) == [(True, "")]
    assert table.rows(kept, to_ga["id"]) == [(False, "号码为空")]
    delivered(table, to_ga["id"])
    assert table.rows(kept, to_ga["id"]) == [(True, "")]


def test_one_that_was_taken_on_meanwhile_is_not_sent_again(table: Table) -> None:
    table.call(of=("D-CG",))
    (one,) = take(table)
    table.acknowledge("cg", [one["id"]])
    a_minute_later(table)
    assert take(table) == []
    delivered(table, one["id"])


def test_two_programs_of_one_gateway_never_get_the_same(table: Table) -> None:
    for _ in range(12):
        table.call()
    sides = [Table(table.town), Table(table.town)]
    with ThreadPoolExecutor(2) as pool:
        parts = [pool.submit(lambda side=side: [take(side, 3) for _ in range(8)]) for side in sides]
        ids = [one["id"] for part in parts for batch in part.result(timeout=60) for one in batch]
    assert len(ids) == len(set(ids)) == 24


def test_two_gateways_each_send_all(table: Table) -> None:
    table.call(of=("D-CG",))
    with table.trying():
        table.sql("insert into cc.duty select district_id, id, 'gateway', 1 from cc.operator where login = 't_channel'")
        mine = {one["id"] for one in take(table)}
        assert mine and mine <= {one["id"] for one in take(table, login="channel")}


@pytest.mark.parametrize("login", ["supervisor", "admin", "cg", "channel", "screen"])
def test_nobody_else_takes_or_confirms(login: str, table: Table) -> None:
    table.call(of=("D-CG",))
    with pytest.raises(NotAllowed, match="网关"):
        take(table, login=login)
    (one,) = take(table)
    with pytest.raises(NotAllowed, match="网关"):
        delivered(table, one["id"], login=login)


def test_a_gateway_confirms_what_it_took_alone(table: Table) -> None:
    table.call(of=("D-CG",))
    newest = table.sql("select max(id) from cc.notice")
    for absent in (newest, newest + 1000):
        with pytest.raises(NotFound):
            delivered(table, absent)


@pytest.mark.parametrize("most", [0, 501, None, -1])
def test_nothing_and_too_much_at_once_are_refused(most: int | None, table: Table) -> None:
    with pytest.raises(InvalidInput):
        take(table, most)  # type: ignore[arg-type]


def test_a_gateway_reads_nothing_of_the_city(town: Town) -> None:
    table = Table(town)
    case = Paths(table).to("in_progress")
    table.call(cases=[case])
    table.assign()
    table.issued()
    for relation in ("cases", "case_detail", "case_event", "notice", "notice_delivery", "summons", "summons_detail",
                     "summons_party", "meeting", "meeting_detail", "task", "task_detail", "joint_event", "bulletin",
                     "grid_team", "operator", "duty", "feed where kind not in ('catalogue', 'org')"):  # fmt: skip
        assert table.as_person("gateway", f"select count(*) from cc.{relation}") == 0, relation
    for call in ("cc.case_file(%s)", "cc.act(gen_random_uuid(), %s, 1, 'note', '{\"text\": \"x\"}')"):
        with pytest.raises(NotFound):
            table.as_person("gateway", f"select {call}", case)
    assert table.as_person("gateway", "select count(*) from cc.my_posts()") == 0


def test_a_supervisor_sees_what_did_not_go_out(table: Table) -> None:
    table.call(of=("D-CG",))
    (one,) = take(table)
    delivered(table, one["id"], False, "通道欠费")
    seen = "select count(*) from cc.notice_delivery where error = '通道欠费'"
    for login, sees in (("supervisor", True), ("admin", True), ("cg", False), ("leader", False), ("screen", False)):
        assert (table.as_person(login, seen) > 0) is sees, login


def test_old_deliveries_go_with_their_notices(table: Table) -> None:
    number = table.call(of=("D-CG",))
    with table.trying():
        (one,) = take(table)
        table.meet("cg", number, "confirm", unit="D-CG")
        table.sql("update cc.notice_delivery set taken_at = taken_at - interval '36 days'")
        table.sql("select cc.drop_old_notices(cc.city_now() + interval '40 days')")
        assert table.sql("select count(*) from cc.notice_delivery where notice_id = %s", one["id"]) == 0


def _documented(name: str) -> Callable[..., None]:
    """A function of the program that docs/gateway.md prints, as it stands there."""
    code = DOCUMENT.read_text(encoding="utf-8").split("```python\n")[1].split("```")[0]
    found: dict[str, Any] = {"__name__": "gateway"}
    exec(compile(code, str(DOCUMENT), "exec"), found)  # noqa: S102 - our own document
    made: Callable[..., None] = found[name]
    return made


def test_a_program_that_loops_sends_everything(town: Town) -> None:
    """The program of docs/gateway.md against a real login, with a channel that fails at first."""
    run_gateway, table = _documented("run_gateway"), Table(town)
    table.call()
    sent: list[tuple[str, list[str]]] = []

    def send(words: str, recipients: list[str]) -> None:
        if not sent and not table.sql("select count(*) from cc.notice_delivery where error <> ''"):
            raise OSError("通道忙")
        sent.append((words, recipients))

    run_gateway(town.psql("gateway"), send, rounds=1)
    assert len(sent) == 1
    a_minute_later(table)
    run_gateway(town.psql("gateway"), send, rounds=1)
    assert sorted(who for _, whom in sent for who in whom) == ["t_cg", "t_ga"]
    states = "select count(*) filter (where sent_at is null), count(*) from cc.notice_delivery"
    assert table.rows(states) == [(0, 2)]
