"""A few whistles and orders in each state, with meetings and tasks, as on a busy afternoon in 东城."""

from __future__ import annotations

from dataclasses import replace

from commandcenter.domain.joint import ORDER, Bulletin, CheckItem, Objection, Party, PartyWords, SummonsRow
from tests.fakes.city import FakeCity
from tests.fakes.directory import org_id
from tests.fakes.joint_rows import at, joint_id, lane, meeting, summons, task
from tests.fakes.joint_town import JointTown, town_of

DAY = 86_400.0
_RATED = ("efficiency", "cooperation", "professional", "responsibility")


def the_evening(city: FakeCity) -> JointTown:
    """A town with 12 whistles, 5 orders, 2 meetings and 3 tasks; `now` is the city's."""
    town = town_of(city)
    for fill in (_drafts, _waiting, _on_the_way, _acting, _rating, _over, _orders, _meetings, _tasks):
        fill(town)
    return town


def _responded(no: int, unit: str, when: float, **more: object) -> Party:
    return lane(no, unit, "responded", responded_at=when, response="on_time", version=2, **more)


def _arrived(no: int, unit: str, when: float, **more: object) -> Party:
    return lane(no, unit, "arrived", responded_at=when - 1500, response="on_time", arrived_at=when, distance_m=36,
                version=3, **{"arrival": "on_time", "came": 3, **more})


def _signed(no: int, unit: str, when: float, **more: object) -> Party:
    facts = {"arrival": "on_time", "came": 3, "response_score": 100, **more}
    return lane(no, unit, "signed", responded_at=when - 9000, response="on_time", arrived_at=when - 7000, distance_m=52,
                acted_at=when - 5000, done_at=when - 900, signed_at=when, version=6, **facts)


def _rated(party: Party, points: tuple[int, int, int, int], when: float) -> Party:
    street = sum(points) / 4
    score = round((party.response_score or 0) * 0.5 + street * 0.5, 1)
    return replace(party, **dict(zip(_RATED, points, strict=True)), rated_at=when, score=score)


def _drafts(town: JointTown) -> None:
    town.put(summons(1, "架空线坠落隐患", "景山", (lane(1, "区城管委", lead=True), lane(2, "供电公司")),
                     drafted_at=at(14, 20), place="景山东街 12 号院外", cases=_cases(town, 1)),
             reason="三根通信线缆垂落至人行道上方 1.8 米，居民担心触电。")
    town.put(summons(2, "楼道堆物与电动车入户", "东花市", (lane(1, "消防救援支队", lead=True), lane(2, "区住建委")),
                     drafted_at=at(14, 5), scope="兜底责任", place="南里东区 6 号楼"))


def _waiting(town: JointTown) -> None:
    calls = (_responded(1, "区城管执法局", at(14, 29), lead=True, heads=4), _responded(2, "公安分局", at(14, 31)),
             lane(3, "消防救援支队", heads=2))
    town.put(summons(3, "小区地桩地锁联合清理", "和平里", calls, state="issued", level="key", drafted_at=at(14, 18),
                     issued_at=at(14, 26), meet_at=at(15, 30), place="青年湖北街 5 号院", scenario="Z15", lon=116.4102,
                     lat=39.9561, cases=_cases(town, 3)), reason="私装地锁 37 个，堵塞消防通道，居民多次投诉。")
    late = replace(lane(1, "区住建委", lead=True, confirm_due=at(14, 25)), response="none")
    others = tuple(_responded(n, unit, at(13, 40)) for n, unit in
                   ((2, "消防救援支队"), (3, "公安分局"), (4, "区房管局")))
    town.put(summons(4, "地下空间违规住人", "天坛", (late, *others), state="issued", level="hard",
                     drafted_at=at(13, 10), issued_at=at(13, 25), meet_at=at(16), place="金鱼池中区", scenario="Z06"))
    town.put(summons(5, "共享单车淤积", "崇文门外", (lane(1, "单车运维中心", lead=True), lane(2, "交通支队")),
                     state="issued", drafted_at=at(14), issued_at=at(14, 12), place="崇文门地铁站 B 口",
                     scope="重点工作"))


def _on_the_way(town: JointTown) -> None:
    parties = (_arrived(1, "区市场监管局", at(14, 25), lead=True, arrival="early"),
               _arrived(2, "区生态环境局", at(14, 30)), _responded(3, "区城管执法局", at(13, 20), heads=3))
    town.put(summons(6, "餐饮油烟与占道经营", "东四", parties, state="responded", level="key", drafted_at=at(12, 50),
                     issued_at=at(13), meet_at=at(14, 50), place="豆瓣胡同", scenario="Z03", lon=116.4231, lat=39.9268))
    asked = replace(_responded(2, "区园林绿化局", at(11, 30)), asked="release")
    record = town.put(summons(7, "危树倾斜倚压平房", "东华门", (_responded(1, "区应急局",
                              at(11, 20), lead=True), asked), state="responded", drafted_at=at(10, 40),
                              issued_at=at(10, 55), meet_at=at(17), place="北池子头条 8 号", scope="应急处置"))
    record.lanes[2] = PartyWords(asked_reason="该树木属直管公房院内，养护责任不在我局（《东城区绿化管护分工》第 6 条）")


def _acting(town: JointTown) -> None:
    parties = (_arrived(1, "区水务局", at(13, 46), lead=True, acted_at=at(13, 58)),
               _arrived(2, "区园林绿化局", at(13, 50), arrival="late"))
    record = town.put(summons(8, "河道漂浮物", "龙潭", parties, state="acting", drafted_at=at(11, 30),
                              issued_at=at(11, 40), meet_at=at(13, 45), place="龙潭东湖北岸"))
    record.lanes[1] = PartyWords(result="已打捞水面漂浮物约 0.6 立方米，岸坡继续清理。")
    gone = replace(lane(2, "区民政局", "released"), live=False)
    done = (_signed(1, "区城管执法局", at(14, 10), lead=True), gone, replace(_signed(3, "区卫健委", at(14, 12)),
            state="done", signed_at=None, version=5, response_score=None))
    town.put(summons(9, "沿街流浪乞讨与占用桥下空间", "永定门外", done, state="acting", drafted_at=at(9, 20),
                     issued_at=at(9, 30), meet_at=at(10, 30), place="永定门桥下东侧"))


def _rating(town: JointTown) -> None:
    parties = (_rated(_signed(1, "区城管执法局", at(13, 40), lead=True), (98, 97, 98, 99), at(14, 10)),
               _rated(_signed(2, "区住建委", at(13, 50)), (95, 92, 96, 94), at(14, 12)),
               _signed(3, "公安分局", at(13, 55)))
    town.put(summons(10, "违章搭建拆除", "交道口", parties, state="rating", drafted_at=at(8, 40), issued_at=at(9),
                     meet_at=at(10), closed_at=at(13, 58), place="交道口南大街 31 号", scenario="Z01"),
             conclusion="拆除违建 46 平方米，渣土已清运。")


def _over(town: JointTown) -> None:
    shift, end = DAY, at(16) - DAY
    low = replace(_signed(2, "区水务局", end, arrival="late", response_score=80), objection="open")
    missed = lane(3, "区城管委", "pending", response="none", arrival="absent", response_score=0, version=2)
    parties = (_rated(_signed(1, "区城管执法局", end, lead=True), (90, 88, 92, 91), end + 3600),
               _rated(low, (70, 58, 75, 72), end + 3600), _rated(missed, (20, 20, 20, 20), end + 3600))
    record = town.put(summons(11, "雨水管线错接混接", "安定门", parties, state="verifying", drafted_at=at(8) - shift,
                              issued_at=at(9) - shift, meet_at=at(10) - shift, closed_at=end + 1800, ruled=True,
                              place="花园东巷 3 号", citizen_score=100), conclusion="混接点已封堵，城管委未到场。")
    record.lanes[2] = PartyWords(result="错接点三处已改造", rating_reason="到场后推诿近一小时")
    record.objections[2] = Objection(2, at(9), "迟到因主干道临时管制，有交管通告为证", None, None, "", {})
    archived = tuple(_rated(p, (96, 95, 97, 94), end - DAY) for p in
                     (_signed(1, "区市场监管局", end - DAY, lead=True), _signed(2, "公安分局", end - DAY)))
    town.put(summons(12, "无照经营取缔", "前门", archived, state="archived", drafted_at=at(9) - 2 * DAY,
                     issued_at=at(9, 10) - 2 * DAY, closed_at=end - DAY, archived_at=end - DAY + 7200,
                     citizen_score=80, place="鲜鱼口街西口"), conclusion="取缔三户，责令两户办照。")
    town.put(summons(13, "夜间施工噪声", "建国门", (replace(lane(1, "区生态环境局", "withdrawn"), live=False),),
                     state="withdrawn", drafted_at=at(22) - DAY, issued_at=at(22, 5) - DAY))


def _orders(town: JointTown) -> None:
    team = (lane(1, "区城管执法局", lead=True, heads=6), lane(2, "公安分局", heads=2), lane(3, "区市场监管局", heads=2),
            lane(4, "交通支队", heads=2), lane(5, "消防救援支队", heads=1), lane(6, "区卫健委", heads=1))
    draft = town.put(_order(21, "夜市占道与消防通道堵塞", "北新桥", team, drafted_at=at(14, 28), meet_at=at(19),
                            ends_at=at(21), place="簋街东口", scenario="Z02", cases=_cases(town, 6),
                            from_id=joint_id(3)), reason="关联案件 6 件，吹哨 1 次；占道摊位 40 余个，消防通道被堵。")
    draft.checks += [CheckItem(n, text, None, None) for n, text in
                     enumerate(("取缔摊位", "清障消防通道", "录像留证", "文书编号"), 1)]
    draft.row = replace(draft.row, unticked=4)
    confirmed = (_responded(1, "区文旅局", at(13, 30), lead=True, heads=3), lane(2, "公安分局", heads=2),
                 _responded(3, "区市场监管局", at(13, 35), heads=2))
    town.put(_order(22, "非法一日游揽客整治", "东华门", confirmed, state="issued", level="key", drafted_at=at(13),
                    issued_at=at(13, 15), meet_at=at(16, 30), ends_at=at(18), place="王府井步行街南口", scenario="Z11"))
    acting = (_arrived(1, "区城管执法局", at(12, 50), lead=True, heads=6, came=6, acted_at=at(13, 20), goods=14),
              _arrived(2, "公安分局", at(12, 55), heads=2, came=2))
    record = town.put(_order(23, "渣土车夜查", "体育馆路", acting, state="acting", drafted_at=at(9),
                             issued_at=at(9, 30), meet_at=at(13), ends_at=at(15, 30), place="光明路与体育馆路口"))
    record.checks += [CheckItem(1, "检查运输证件", 1, at(13, 25)), CheckItem(2, "过磅", None, None)]
    record.row = replace(record.row, unticked=1)
    rated = (_rated(_signed(1, "区城管委", at(12), lead=True), (91, 90, 90, 93), at(14)),
             _signed(2, "供电公司", at(12, 10)))
    town.put(_order(24, "架空飞线清理", "朝阳门", rated, state="rating", drafted_at=at(8) - DAY, issued_at=at(9) - DAY,
                    meet_at=at(9), ends_at=at(12), closed_at=at(12, 20), place="南小街"))
    town.put(_order(25, "地下空间清退", "天坛", tuple(replace(p, response_score=100) for p in rated), state="archived",
                    drafted_at=at(8) - 3 * DAY, issued_at=at(9) - 3 * DAY, closed_at=at(12) - 2 * DAY,
                    archived_at=at(12) - DAY))


def _order(number: int, title: str, street: str, parties: tuple[Party, ...], **more: object) -> SummonsRow:
    return summons(number, title, street, parties, kind=ORDER, **more)  # type: ignore[arg-type]


def _meetings(town: JointTown) -> None:
    invited = {"区住建委": "confirmed", "公安分局": "invited", "区房管局": "excused"}
    town.put(meeting(31, "地下空间违规住人清退方案", "天坛", at(15, 30), invited, kind="second",
                     summons_id=joint_id(4), street_id=org_id("天坛")),
             agenda="一、清退顺序；二、安置；三、封堵。")
    town.put(meeting(32, "架空线入地排期", "东城区", at(10), {"区城管委": "present", "供电公司": "present",
                     "联通公司": "absent"}, state="held"), decisions="十二月底前完成景山东街入地\n供电公司提交停电方案")


def _tasks(town: JointTown) -> None:
    town.put(task(41, "提交景山东街停电方案", "供电公司", "东城区", at(18) + 2 * DAY, source="meeting",
                  meeting_id=joint_id(32)), text="含备用电源安排")
    town.put(task(42, "核查簋街排烟设施", "区生态环境局", "东城区", at(18) + DAY, leader="张副区长",
                  state="reported", reported_at=at(11)), text="逐户核查并上报", result="已核查 41 户，6 户立案。")
    town.put(task(43, "未响应吹哨的整改", "区城管委", "东城区", at(12), source="rectification", overdue=True,
                  summons_id=joint_id(11), party_no=3), text="说明原因并提交整改措施")
    town.bulletins.append(Bulletin(joint_id(44), "TB-20250617-0044", "no_response", joint_id(11),
                                   town.summons[joint_id(11)].row.no, 3, org_id("区城管委"),
                                   "未在规定时间内响应吹哨，请说明原因并整改", at(17) - DAY, True, joint_id(43), "open",
                                   at(12), None))


def _cases(town: JointTown, count: int) -> tuple[int, ...]:
    """The first cases of the city, if it has any."""
    return tuple(list(town.city.records)[:count])
