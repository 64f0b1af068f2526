"""Invents names of streets, towns, communities and villages: plausible, and none twice in a district."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import chain

_FIRST = "桃柳梅松竹荷兰槐榆杏枫樟桂茶龙凤石清白金玉双长安永平丰和兴新东西南北高上下前后古义福德"
_LAST = "林园溪泉河湾桥堤塘湖岭岗坡山庄店集营陵台阁楼坊亭口源门关"
_MODERN = (
    "和平", "建设", "光明", "新华", "胜利", "团结", "文化", "朝阳", "向阳", "幸福", "工农", "解放", "友谊", "民主",
    "振兴", "复兴", "锦绣", "阳光", "翠苑", "学府", "滨河", "花园", "安康", "新风", "育才", "健康", "长青",
    "繁荣", "前进", "春晖",
)  # fmt: skip
_FAMILIES = "张李王刘陈杨赵周吴徐孙马朱胡郭何高林罗郑梁宋唐许韩冯邓曹彭曾田董潘于蒋蔡余杜叶程魏吕丁任沈姚卢姜崔谭"
_VILLAGES = ("家庄", "家屯", "家寨", "家营", "家沟", "家湾", "家岭", "家集")


def place_stems(rng: random.Random) -> Iterator[str]:
    """Two characters such as 桃林 or 石桥, none twice."""
    stems = [first + last for first in _FIRST for last in _LAST]
    rng.shuffle(stems)
    return iter(stems)


class CommunityNames:
    """和平社区, 张家庄村: none twice, and none called like a stem already `taken`."""

    def __init__(self, rng: random.Random, taken: set[str]) -> None:
        villages = [family + ending for family in _FAMILIES for ending in _VILLAGES]
        rng.shuffle(villages)
        self._taken = taken
        self._stems = {"社区": chain(_MODERN, place_stems(rng)), "村": iter(villages)}

    def draw(self, ending: str) -> str:
        """The next name that ends in 社区 or 村."""
        stem = next(stem for stem in self._stems[ending] if stem not in self._taken)
        self._taken.add(stem)
        return stem + ending


def street_title(rng: random.Random, urban: bool, first: bool) -> str:
    """街道, 镇 or 乡: a district's are mostly streets, a county's mostly towns."""
    if first:
        return "街道" if urban else "镇"
    return rng.choices(("街道", "镇", "乡"), (8, 2, 0) if urban else (1, 6, 3))[0]
