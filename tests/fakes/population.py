"""Fills a fake city with cases in every state by carrying out the workflow's own actions."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from commandcenter.domain.model import Attachment, Command, Duty, MaskedReporter, Person
from tests.fakes.acting import act, start_stage
from tests.fakes.city import ZONE, CaseRecord, FakeCity
from tests.fakes.directory import CATALOGUE
from tests.fakes.intake import blank_row
from tests.fakes.photos import street_png

WEIGHTS = {"reported": 6, "accepted": 9, "filed": 18, "dispatched": 60, "in_progress": 180, "returned": 4,
           "suspended": 6, "feedback": 23, "verified": 31, "closed": 40, "force_closed": 7}
PATHS: dict[str, tuple[str, ...]] = {
    "reported": (), "accepted": ("accept",), "filed": ("accept", "file"),
    "dispatched": ("accept", "file", "dispatch"), "in_progress": ("accept", "file", "dispatch", "receive"),
    "returned": ("accept", "file", "dispatch", "return_case"),
    "suspended": ("accept", "file", "dispatch", "receive", "suspend"),
    "feedback": ("accept", "file", "dispatch", "receive", "feedback"),
    "verified": ("accept", "file", "dispatch", "receive", "feedback", "verify"),
    "closed": ("accept", "file", "dispatch", "receive", "feedback", "verify", "close"),
    "force_closed": ("accept", "file", "dispatch", "receive", "force_close"),
}
PLACES = ("安德里北街 21 号东侧", "交道口东大街 8 号门前", "夕照寺街南口", "簋街中段北侧", "体育馆路 4 号院外",
          "金鱼池中区 12 号楼下", "前门东大街地铁口", "建国门内大街辅路")
ACTIONS_BY = {"accept": 3, "file": 3, "dispatch": 1, "receive": 4, "return_case": 4, "suspend": 7, "feedback": 4,
              "verify": 5, "close": 3, "force_close": 7}
NAMES = {3: "李晓燕", 1: "王建国", 4: "陈立", 5: "刘洋", 7: "周航"}
ROLES = ("acceptor", "dispatcher", "handler", "verifier", "supervisor", "followup")


def actor(number: int) -> Person:
    """Somebody who may do everything everywhere, under the name of an operator."""
    return Person(number, f"u{number:04d}", NAMES[number], 1, tuple(Duty(role, 1) for role in ROLES))


def populate(city: FakeCity, weights: dict[str, int] | None = None, seed: int = 7) -> FakeCity:
    """As many cases per state as `weights` says, newest last; the same seed gives the same city."""
    rng = random.Random(seed)
    states = [state for state, count in (weights or WEIGHTS).items() for _ in range(count)]
    rng.shuffle(states)
    now = city.now
    for number, state in enumerate(states, len(city.records) + 1):
        age = (len(states) - number + 1) * 97 if state in ("reported", "accepted", "filed", "returned") else 0
        _live(city, rng, number, state, now, min(age, 1900) or rng.randint(1800, 40_000))
    city.now = now
    return city


def _live(city: FakeCity, rng: random.Random, number: int, state: str, now: float, age_s: float) -> None:
    path = PATHS[state]
    city.now = now - age_s
    record = _arrive(city, rng, number)
    step = age_s * 0.8 / max(1, len(path) + 1)
    for action in path:
        city.now += step * rng.uniform(0.3, 1.0)
        _step(city, rng, record, action)


def _arrive(city: FakeCity, rng: random.Random, number: int) -> CaseRecord:
    which = rng.choices(range(len(CATALOGUE)), [facts[6] for facts in CATALOGUE])[0]
    item = city.directory.items[which + 1]
    units = [grid for grid in city.directory.grids.values() if grid.kind == "unit"]
    grid, channel = rng.choice(units), rng.choice(list(city.directory.channels.values())[:16])
    facts: dict[str, Any] = {"channel_id": channel.id, "citizen": channel.citizen, "street_id": grid.street_id,
                             "community_id": grid.community_id, "grid_id": grid.id, "photos": 2}
    row = blank_row(city, number, summary=f"{item.minor}，影响通行，请尽快处理", **facts)
    place = rng.choice(PLACES)
    record = CaseRecord(row, f"{place}发现{item.minor}，已持续半天，影响居民通行，请尽快派人处理。", place)
    city.put(record)
    city.write(record, start_stage(city, record, row, "accept", city.now), actor(3), "acceptor", "report",
               {"channel": channel.code})
    _evidence(record, rng)
    if channel.citizen:
        record.reporters.append(MaskedReporter(number, row.id, "李**", "138****0217", None, "", None, None, None))
        record.secrets[number] = ("李示例", "13800000217", "安德里北街 21 号")
    record.wanted_item = item.id
    return record


def _evidence(record: CaseRecord, rng: random.Random) -> None:
    for seq, kind in ((1, "scene"), (2, "place")):
        picture = street_png(rng.randint(1, 20))
        record.attachments.append(Attachment(seq, kind, f"{kind}.png", "image/png", len(picture), "0" * 64))
        record.contents[seq] = picture


def _step(city: FakeCity, rng: random.Random, record: CaseRecord, action: str) -> None:
    args = _args(city, rng, record, action)
    if action == "feedback":
        picture = street_png(rng.randint(21, 40))
        record.attachments.append(Attachment(90, "after", "after.png", "image/png", len(picture), "0" * 64))
        record.contents[90] = picture
    if action == "close":
        record.row = replace(record.row, answered=True, followed_up=True)
    who = actor(ACTIONS_BY[action])
    act(city, who, Command(UUID(int=rng.getrandbits(128)), record.row.id, record.row.version, action, args))


def _args(city: FakeCity, rng: random.Random, record: CaseRecord, action: str) -> dict[str, Any]:
    item = city.directory.items[record.wanted_item]
    if action == "file":
        return {"item_id": item.id}
    if action == "dispatch":
        line = next(o.id for o in city.directory.orgs.values() if o.line == item.line)
        return {"unit_id": record.row.street_id if item.kind == "event" and rng.random() < 0.4 else line}
    if action == "suspend":
        return {"until": datetime.fromtimestamp(city.now + 86400 * 3, ZONE).isoformat(), "reason": "等待配件到货"}
    return {
        "return_case": {"reason": "不属于本单位职责范围", "legal_basis": "城市管理监督指挥手册第三章"},
        "feedback": {"result": "已清理完毕，恢复通行"}, "force_close": {"reason": "权属争议，暂不具备处置条件"},
    }.get(action, {})


def small_city(**weights: int) -> FakeCity:
    """A city with only these states, e.g. small_city(filed=3)."""
    return populate(FakeCity(), weights)
