"""The people of the grids come anew from the profile and stay who they are; a phone tells whose login is whose."""

from dataclasses import replace

import pytest

from commandcenter.domain.errors import InvalidInput
from db.cli.people_words import worker
from db.cli.station import Station
from db.gateways.grid_people import link_by_phone, load_grid_people, masked
from db.gateways.whistle_loading import replace_rules
from tests.support.hands import Hands
from tests.support.town import Town
from tests.support.town_profile import town_profile
from tests.support.town_whistles import GRID_TEAM

pytestmark = pytest.mark.database
PEOPLE = "select id, name, operator_id, phone_masked from cc.grid_team order by id"
PHONES = "select m.name, p.phone from cc.grid_phone p join cc.grid_team m on m.id = p.member_id order by m.id"


def test_people_who_stay_keep_number_login_and_place(town: Town) -> None:
    hands = Hands(town)
    leader, mate = GRID_TEAM[:2]
    number = hands.sql("select id from cc.grid_team where name = %s", mate.name)
    gone = hands.sql("select id from cc.grid_team where name = %s", leader.name)
    hands.as_person("admin", "select cc.link_worker('t_grid_a1', %s)", number)
    report = "select cc.report_workers(%s, '{116,116}', '{40,40}', array[cc.city_now(), cc.city_now()])"
    assert hands.as_person("channel", report, [number, gone]) == 2
    before = hands.rows(PEOPLE)
    replace_rules(town.owner, town_profile())
    assert hands.rows(PEOPLE) == before
    newcomer = replace(leader, name="新网格长", phone="13900000999")
    replace_rules(town.owner, replace(town_profile(), grid_team=(newcomer, *GRID_TEAM[1:], mate)))
    after = hands.rows(PEOPLE)
    assert after[:3] == before[1:] and [row[1] for row in after[3:]] == ["新网格长", mate.name]
    assert hands.rows(PHONES) == [("甲一网格员", "13900000102"), ("甲专业网格员", "13900000103"),
                                  ("甲一法官", "13900000104"), ("新网格长", "13900000999"),
                                  ("甲一网格员", "13900000102")]  # fmt: skip
    assert hands.rows("select worker_id from cc.worker_position") == [(number,)]


def test_a_changed_phone_is_another_person_or_the_same_with_a_new_number(town: Town) -> None:
    """What is not shown of a phone may change without anybody becoming somebody else."""
    hands = Hands(town)
    before = hands.rows(PEOPLE)
    hidden = replace(GRID_TEAM[0], phone="13911110101")
    replace_rules(town.owner, replace(town_profile(), grid_team=(hidden, *GRID_TEAM[1:])))
    assert hands.rows(PEOPLE) == before
    assert hands.rows(PHONES)[0] == ("甲一网格长", "13911110101")


def test_one_phone_is_one_person(town: Town) -> None:
    hands = Hands(town)
    profile = town_profile()
    phones = {"t_grid_a1": "13900000102", "t_grid_worker": "13900000101", "t_leader": "13900000103"}
    people = [replace(o, phone=phones.get(o.login, o.phone)) for o in profile.operators]
    with town.owner.begin() as connection:
        link_by_phone(connection, people)
    linked = "select o.login, m.name from cc.grid_team m join cc.operator o on o.id = m.operator_id order by 1"
    expected = [("t_grid_a1", "甲一网格员"), ("t_grid_worker", "甲一网格长")]
    assert hands.rows(linked) == expected
    swapped = [replace(o, phone="13900000101" if o.login == "t_grid_a1" else "") for o in people]
    with town.owner.begin() as connection:
        link_by_phone(connection, swapped)  # who is linked stays so
        link_by_phone(connection, [])
    assert hands.rows(linked) == expected


def test_a_login_elsewhere_is_nobody_of_this_grid(town: Town) -> None:
    hands = Hands(town)
    hands.sql("update cc.duty set org_id = (select id from cc.org where key = 'B1') where operator_id ="
              " (select id from cc.operator where login = 't_grid_a1')")  # fmt: skip
    people = [replace(o, phone="13900000102") for o in town_profile().operators if o.login == "t_grid_a1"]
    with town.owner.begin() as connection:
        link_by_phone(connection, people)
    assert hands.sql("select count(*) from cc.grid_team where operator_id is not null") == 0


@pytest.mark.parametrize("phone", ["13912345678", "05315551234", "5551234", "12345678", ""])
def test_a_phone_is_masked_as_the_database_does_it(phone: str, town_hands: Hands) -> None:
    assert masked(phone) == town_hands.sql("select cc.mask_phone(%s)", phone)


@pytest.fixture(scope="module")
def town_hands(shared_town: Town) -> Hands:
    return Hands(shared_town)


def test_nobody_is_left_when_the_profile_names_nobody(town: Town) -> None:
    hands = Hands(town)
    with town.owner.begin() as connection:
        load_grid_people(connection, (), {}, {})
    assert (hands.rows(PEOPLE), hands.rows(PHONES)) == ([], [])


def test_the_word_user_worker_says_whose_login_it_is(town: Town) -> None:
    hands, station = Hands(town), Station(town.url)
    linked = "select m.name from cc.grid_team m join cc.operator o on o.id = m.operator_id and o.login = 't_grid_a1'"
    code = hands.sql("select code from cc.grid where key = 'G-A1'")
    for grid, name, words in ((code, None, "同时"), (None, "甲一网格员", "同时"), ("X", "甲一网格员", "没有甲一网格员"),
                              (code, "某人", "没有某人")):  # fmt: skip
        with pytest.raises(InvalidInput, match=words):
            worker(station, "t_grid_a1", grid, name)
    assert worker(station, "t_grid_a1", code, "甲一网格员").ok
    assert hands.rows(linked) == [("甲一网格员",)]
    with pytest.raises(InvalidInput, match="别的账号"):
        worker(station, "t_grid_worker", "G-A1", "甲一网格员")
    assert worker(station, "t_grid_a1", None, None).ok
    assert hands.rows(linked) == []
