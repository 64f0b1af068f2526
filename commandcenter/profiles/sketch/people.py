"""Invents the operators of a district: every role at its post, with generated names."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from commandcenter.profiles.model import Operator
from commandcenter.profiles.sketch.organisation import Community, Line, Station, Street, agency_key, unit_key

_FAMILY = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_GIVEN_FIRST = "建国志文晓海永立春秋玉雪明思嘉子雨欣佳慧德长家宏世卫庆振东"
_GIVEN_LAST = "华军伟平芳敏静丽强磊洋勇艳杰涛超霞辉玲宁鹏飞莉斌宇浩凯颖琳岩"
_FIRST_PHONE = 13900000001

# Role, login letter, first number, how many: the posts of the district's hall.
_HALL = (
    ("acceptor", "s", 1, 6),
    ("dispatcher", "d", 32, 6),
    ("verifier", "h", 1, 4),
    ("followup", "f", 1, 4),
    ("supervisor", "z", 1, 3),
    ("evaluator", "k", 1, 1),
    ("screen", "screen", 1, 1),
    ("auditor", "audit", 1, 1),
    ("admin", "admin", 1, 1),
)
_SYSTEMS = (
    ("ch_12345", "12345 热线接入", "channel"),
    ("ch_app", "随手拍 APP 接入", "channel"),
    ("ch_wechat", "微信与小程序接入", "channel"),
    ("ch_sense", "视频与物联感知接入", "channel"),
    ("gw_notice", "短信与微信通知网关", "gateway"),
)
_STREET_POSTS = (
    ("dispatcher", "disp"),
    ("street_leader", "lead"),
    ("handler", "unit"),
    ("grid_worker", "gw1"),
    ("grid_worker", "gw2"),
)
_FIXED_FAMILY = {"d0032": "王"}

# Where a deployment has people in its communities: in the first of every street.
_COMMUNITY_POSTS = (
    ("handler", "c1"),
    ("grid_worker", "c1_gw"),
)

Post = tuple[str, str, str]


def staff(
    district_key: str,
    streets: Sequence[Street],
    lines: Sequence[Line],
    stations: Sequence[Station],
    seed: int,
    communities: Sequence[Community] = (),
) -> list[Operator]:
    """One operator per post; names are invented, phones are consecutive 1390000xxxx.

    ``communities``: those whose first of every street has a clerk and a grid worker of its own.
    """
    posts = [*_hall_posts(district_key), *_street_posts(streets, stations), *_line_posts(lines)]
    posts += _community_posts(streets, communities)
    names = person_names(random.Random(seed))
    people = [_person(post, next(names)) for post in posts]
    people += [(login, name, role, district_key) for login, name, role in _SYSTEMS]
    return [
        Operator(login, name, ((role, scope),), str(_FIRST_PHONE + number))
        for number, (login, name, role, scope) in enumerate(people)
    ]


def _person(post: Post, name: str) -> tuple[str, str, str, str]:
    login, role, scope = post
    if login in _FIXED_FAMILY:
        name = _FIXED_FAMILY[login] + name[1:]
    return login, name, role, scope


def _hall_posts(district_key: str) -> Iterator[Post]:
    for role, letters, first, count in _HALL:
        for number in range(first, first + count):
            yield f"{letters}{number:04d}", role, district_key


def _street_posts(streets: Sequence[Street], stations: Sequence[Station]) -> Iterator[Post]:
    for street in streets:
        for role, suffix in _STREET_POSTS:
            yield f"{street.login}_{suffix}", role, street.key
        for station in stations:
            yield f"{street.login}_{station.login}", "handler", agency_key(street.key, station.title)


def _community_posts(streets: Sequence[Street], communities: Sequence[Community]) -> Iterator[Post]:
    for street in streets:
        for community in [c for c in communities if c.street_key == street.key][:1]:
            for role, suffix in _COMMUNITY_POSTS:
                yield f"{street.login}_{suffix}", role, community.key


def _line_posts(lines: Sequence[Line]) -> Iterator[Post]:
    for line in lines:
        yield f"u_{line.login}", "handler", unit_key(line.key)


def person_names(rng: random.Random) -> Iterator[str]:
    """Distinct names of two or three characters."""
    used: set[str] = set()
    while True:
        given = rng.choice(_GIVEN_FIRST) if rng.random() < 0.75 else ""
        name = rng.choice(_FAMILY) + given + rng.choice(_GIVEN_LAST)
        if name not in used:
            used.add(name)
            yield name
