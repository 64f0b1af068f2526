"""The words of a 公文 from what was issued (cc.document_content), or from a draft for its preview.

Only the issued content decides what is printed: so anybody can print the same sheet again and compare.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from commandcenter.domain.joint import ORDER, Document, NewSummons, WhistleRules
from commandcenter.domain.model import Directory, Person
from ui.joint.official import OfficialDocument, Paragraph

Content = Mapping[str, Any]
_NUMBERS = "一二三四五六七八九十"
_KINDS = {"order": "联合执法令", "whistle": "吹哨单"}
_NAMED = 8          # more units are addressed together: the first page must show the text (7.3.2)
_BLANK = "（未填）"
_PENDING, _LATER = "（签发时编号）", "（签发日期）"


def official(document: Document, zone: ZoneInfo) -> OfficialDocument:
    """An issued document."""
    return _official(document.content, zone, document.code, document.digest)


def preview(new: NewSummons, cases: Sequence[str], directory: Directory, rules: WhistleRules,
            person: Person) -> OfficialDocument:
    """A draft as it would be issued; `cases`: the numbers of its cases."""
    return _official(_content(new, cases, directory, rules, person), ZoneInfo(directory.time_zone))


def day_words(date: object) -> str:
    """2026年11月22日: no zero before month and day (7.3.5.4)."""
    year, month, day = (int(part) for part in str(date).split("-"))
    return f"{year}年{month}月{day}日"


def _official(content: Content, zone: ZoneInfo, code: str = "", digest: str = "") -> OfficialDocument:
    kind = _KINDS[content["kind"]]
    order = content["kind"] == ORDER
    day = day_words(content["date"]) if content.get("date") else _LATER
    return OfficialDocument(
        authority=f"{content['issuer'] if order else content['caller']}{kind}",
        number=content["no"],
        signer=content.get("signed_by", ""),
        title=f"关于{content['title']}的{kind}",
        addressees=_addressees([party["name"] for party in content["parties"]]),
        body=tuple(_numbered(_sections(content, zone))),
        attachments=(),
        signature=content["caller"],
        dated=day,
        copies="" if order else f"{content['issuer']}。",
        printed_by=content["issuer"],
        printed_on=day,
        code=code,
        digest=digest,
    )


# ------------------------------------------------------------------ the body
def _numbered(sections: Iterator[tuple[str, list[str]]]) -> Iterator[Paragraph]:
    """一、 the heading, then its paragraphs."""
    for number, (heading, texts) in zip(_NUMBERS, sections, strict=False):
        yield Paragraph(1, f"{number}、{heading}")
        yield from (Paragraph(0, text) for text in texts)


def _sections(content: Content, zone: ZoneInfo) -> Iterator[tuple[str, list[str]]]:
    order = content["kind"] == ORDER
    yield "事由", _why(content)
    yield ("集结时间和地点" if order else "报到时间和地点"), _when_and_where(content, zone)
    yield "参加单位", _units(content["parties"])
    if content.get("checks"):
        yield "现场清单", [f"{number}. {text}" for number, text in enumerate(content["checks"], 1)]
    if content.get("cases"):
        yield "关联案件", [f"共{len(content['cases']):,}件：{'、'.join(content['cases'])}。"]
    yield "办理要求", _demands(content, zone)
    if content.get("outcome"):
        yield "办结情况", _outcome(content["outcome"], zone)


def _why(content: Content) -> list[str]:
    reason = str(content.get("reason", "")).strip() or f"{content['title']}。"
    scenario = f"，{content['scenario']}" if content.get("scenario") else ""
    heading = "启动情形" if content["kind"] == ORDER else "吹哨情形"
    kind = f"{heading}：{content['scope']}{scenario}；级别：{content['level']}。"
    return [*(line.strip() for line in reason.splitlines() if line.strip()), kind]


def _when_and_where(content: Content, zone: ZoneInfo) -> list[str]:
    verb = "集结" if content["kind"] == ORDER else "报到"
    meet, ends = _instant(content.get("meet_at"), zone), _instant(content.get("ends_at"), zone)
    when = f"{verb}时间：{_time_words(meet, ends)}。" if meet else f"{verb}时间：接单后按规定时限到场。"
    place = str(content.get("place", "")).strip()
    point = (f"东经{content['lon']:.6f}度，北纬{content['lat']:.6f}度" if content.get("lon") is not None else "")
    where = f"{place}（{point}）" if place and point else place or point or _BLANK
    return [when, f"{verb}地点：{where}。"]


def _units(parties: Sequence[Content]) -> list[str]:
    listed = [f"{number}. {_unit(party)}" for number, party in enumerate(parties, 1)]
    heads = sum(party.get("heads") or 0 for party in parties)
    whole = f"共{len(parties):,}个单位" + (f"，{heads:,}人" if heads else "") + "。"
    return [*listed, whole]


def _unit(party: Content) -> str:
    lead = "（牵头单位）" if party.get("lead") else ""
    heads = f"，{party['heads']:,}人" if party.get("heads") else ""
    return f"{party['name']}{lead}{heads}"


def _demands(content: Content, zone: ZoneInfo) -> list[str]:
    due = _instant(content.get("handle_due"), zone)
    made = "各单位接到后在系统中确认、到场签到，如实记录处置情况并签字；未按时响应或到场的，按规定通报。"
    return [made, *([f"办结时限：{_time_words(due)}。"] if due else [])]


def _outcome(outcome: Content, zone: ZoneInfo) -> list[str]:
    """When and how it ended, and what the units counted together."""
    closed = _instant(outcome["closed_at"], zone)
    how = "裁定结束" if outcome.get("ruled") else "办结"
    conclusion = str(outcome.get("conclusion") or "").strip()
    ended = f"{_time_words(closed)}{how}。" if closed else ""
    return [f"{ended}{conclusion}", f"清点合计：{_counted(outcome)}。"]


def _counted(outcome: Content) -> str:
    numbers = outcome.get("documents") or ()
    told = (
        f"涉及{outcome['people']:,}人" if outcome.get("people") is not None else "",
        f"物品{outcome['goods']:,}件" if outcome.get("goods") is not None else "",
        f"文书{len(numbers):,}份（{'、'.join(numbers)}）" if numbers else "",
    )
    return "，".join(part for part in told if part) or "各单位未登记"


def _addressees(names: Sequence[str]) -> str:
    return "、".join(names) if 0 < len(names) <= _NAMED else "各参加单位"


def _time_words(instant: datetime, until: datetime | None = None) -> str:
    """2026年11月22日19:00至21:00."""
    words = f"{day_words(instant.date())}{instant:%H:%M}"
    if until is None:
        return words
    same = instant.date() == until.date()
    return f"{words}至{'' if same else day_words(until.date())}{until:%H:%M}"


def _instant(value: object, zone: ZoneInfo) -> datetime | None:
    if value is None:
        return None
    if isinstance(value, int | float):
        return datetime.fromtimestamp(value, zone)
    return datetime.fromisoformat(str(value)).astimezone(zone)


# ------------------------------------------------------------------ a draft
def _content(new: NewSummons, cases: Sequence[str], directory: Directory, rules: WhistleRules,
             person: Person) -> Content:
    """The keys of cc.document_content."""
    caller = directory.orgs[new.caller_id]
    home = directory.orgs.get(caller.district_id, caller)
    scenario = next((s.name for s in rules.scenarios if s.code == new.scenario), "")
    level = next((level.label for level in rules.levels if level.code == new.level), _BLANK)
    parties = sorted(new.parties, key=lambda party: not party.lead)
    return {
        "kind": new.kind, "no": _PENDING, "issuer": home.name, "caller": caller.name, "title": new.title or _BLANK,
        "reason": new.reason, "place": new.place, "lon": new.lon, "lat": new.lat, "scope": new.scope or _BLANK,
        "scenario": scenario, "level": level, "meet_at": new.meet_at, "ends_at": new.ends_at, "checks": new.checks,
        "parties": [{"name": directory.orgs[p.unit_id].name, "heads": p.heads, "lead": p.lead} for p in parties],
        "cases": cases, "signed_by": person.name,
    }
