"""The town's whistle rules (吹哨报到): three levels, four kinds of caller, three scenarios, one standing team."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from commandcenter.domain import joint
from commandcenter.profiles.model import Compound, TeamMember
from commandcenter.profiles.whistle_model import (
    RatingWeights,
    ResponseScore,
    Scenario,
    Team,
    TeamLine,
    WhistleCaller,
    WhistleLevel,
    WhistleRules,
)

# key and hard run on 紧急工作时: a test knows their limits at any hour. Only a community calls without a signature.
WHISTLE = WhistleRules(
    radius_m=200,
    early_minutes=30,
    late_minutes=15,
    levels=(
        WhistleLevel("normal", "普通哨", 120, "hours", 480, 24),
        WhistleLevel("key", "重点哨", 30, "urgent", 120, 12, ("公安",)),
        WhistleLevel("hard", "疑难哨", 60, "urgent", 240, 0, ("公安", "水务")),
    ),
    callers=(
        WhistleCaller("grid", ("agency", "section"), signed=True),
        WhistleCaller("community", ("agency", "section"), signed=False),
        WhistleCaller("street", ("department", "agency", "section", "utility", "enterprise"), signed=True),
        WhistleCaller("district", ("department", "agency", "utility", "enterprise", "street"), signed=False),
    ),
    on_missed_confirm=True,
    on_missed_arrival=False,
    score=ResponseScore(respond_on_time=30, respond_late=15, arrive_on_time=40, arrive_late=20, acted=30),
    weights=RatingWeights(response=0.4, street=0.4, citizen=0.2),
    reason_below=60,
    objection_days=3,
    rectification_days=5,
    bulletin_automatic=True,
)
SCENARIOS = (
    Scenario("Z01", "综合执法", "违法建设拆除", ("城管委", "公安"), "2 小时内到场", "key", arrive_minutes=120),
    Scenario("Y01", "应急处置", "自来水管爆裂", ("水务", "城管委"), "15 分钟内响应，1 小时内到场", "key", 15, 60, 24),
    Scenario("K01", "重点工作", "重大活动保障", ("城管委", "公安", "水务"), "约定时间到场"),
)
TEAMS = (
    Team(
        "T1",
        "街道综合执法队",
        "1+X",
        (TeamLine("城管委", 3, True, True), TeamLine("公安", 2, False, True), TeamLine("水务", 1, False, True)),
    ),
)
GRID_TEAM = (
    TeamMember("G-A1", None, "leader", "甲一网格长", "13900000101", None, True),
    TeamMember("G-A1", None, "worker", "甲一网格员", "13900000102", None, True),
    TeamMember(None, "A", "specialist", "甲专业网格员", "13900000103", "水务", True),
    TeamMember(None, "A1", "partner", "甲一法官", "13900000104", "法官", True),
)
COMPOUNDS = (Compound("R1", "A1", "锦绣花园", True), Compound("R2", "B1", "翠湖苑", True))


def rules_of(whistle: WhistleRules, scenarios: Sequence[Scenario]) -> joint.WhistleRules:
    """A deployment's rules as a client reads them."""
    weights = whistle.weights
    return joint.WhistleRules(
        radius_m=whistle.radius_m,
        early_minutes=whistle.early_minutes,
        late_minutes=whistle.late_minutes,
        **asdict(whistle.score),
        weight_response=weights.response,
        weight_street=weights.street,
        weight_citizen=weights.citizen,
        reason_below=whistle.reason_below,
        objection_days=whistle.objection_days,
        rectification_days=whistle.rectification_days,
        bulletin_automatic=whistle.bulletin_automatic,
        levels=tuple(joint.Level(**asdict(level)) for level in whistle.levels),
        callers={caller.kind: (caller.calls, caller.signed) for caller in whistle.callers},
        scenarios=tuple(
            joint.Scenario(
                s.code, s.scope, s.name, s.parties, s.rule, s.level, s.confirm_minutes, s.arrive_minutes, s.handle_hours
            )
            for s in scenarios
        ),
    )


def teams_of(teams: Sequence[Team]) -> tuple[joint.Team, ...]:
    """Standing teams as a client reads them."""
    return tuple(
        joint.Team(
            number, t.code, t.name, t.template,
            tuple(joint.TeamLine(line.line, line.heads, line.lead) for line in t.lines), own=False,
        )
        for number, t in enumerate(teams, start=1)
    )  # fmt: skip
