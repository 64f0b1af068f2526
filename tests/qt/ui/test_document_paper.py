"""The 公文 on paper: every figure of the rows stands in the PDF, the layout is that of GB/T 9704—2012."""

import re
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from commandcenter.domain.joint import Document
from tests.support.pdf_text import page_texts
from ui.joint import paper
from ui.joint.document_words import day_words, official
from ui.joint.official import OfficialDocument, Paragraph
from ui.joint.pdf_file import compare, digest_in, pdf_bytes
from ui.joint.typesetting import set_in_type

ZONE = ZoneInfo("Asia/Shanghai")
PLAIN = {
    "kind": "order", "no": "LH-20261122-0003", "issuer": "北京市东城区", "caller": "北京市东城区",
    "title": "夜市占道与消防通道堵塞", "reason": "居民投诉 37 次。\n需要各单位到场。", "place": "簋街东口",
    "lon": 116.4172, "lat": 39.9406, "scope": "综合执法", "scenario": "占道经营与无照游商集中整治", "level": "重点哨",
    "meet_at": "2026-11-22T11:00:00+00:00", "ends_at": "2026-11-22T13:00:00+00:00",
    "handle_due": "2026-11-25T04:05:00+00:00", "drafted_by": "周航", "signed_by": "周航",
    "parties": [{"name": "北京市东城区城市管理综合行政执法局", "line": "城管执法", "heads": 6, "lead": True},
                {"name": "北京市公安局东城分局", "line": "公安", "heads": 2, "lead": False},
                {"name": "东城区消防救援支队", "line": "消防", "lead": False}],
    "checks": ["取缔摊位", "清障消防通道", "录像留证"], "cases": ["2611-002378", "2611-002377"],
    "issued_at": "2026-11-22T08:20:00+00:00", "date": "2026-11-22",
}
CODE, DIGEST = "7K3F-92QD-XA2B", "0123456789abcdef" * 4


def issued(**more):
    content = {key: value for key, value in {**PLAIN, **more}.items() if value is not None}
    return official(Document(CODE, 1, 0.0, "周航", content, DIGEST), ZONE)


def text_of(document):
    """Without blanks: where a line ends is the layout's business."""
    return re.sub(r"\s", "", "".join(page_texts(pdf_bytes(document))))


def many(count):
    """A document about so many units, cases and checks."""
    parties = [{"name": f"第{n}执法大队", "heads": n, "lead": n == 1} for n in range(1, count + 1)]
    return issued(parties=parties, cases=[f"2611-{n:06d}" for n in range(count)],
                  checks=[f"检查第{n}处" for n in range(count)])


def test_the_pdf_holds_every_figure_and_name_of_what_was_issued(qapp):
    said = text_of(issued())
    for words in ("LH-20261122-0003", "签发人：周航", "关于夜市占道与消防通道堵塞的联合执法令", "居民投诉37次",
                  "占道经营与无照游商集中整治", "重点哨", "2026年11月22日19:00至21:00", "簋街东口", "116.417200",
                  "39.940600", "共3个单位，8人", "城市管理综合行政执法局（牵头单位），6人", "东城分局，2人",
                  "3.东城区消防救援支队", "1.取缔摊位", "3.录像留证",
                  "共2件：2611-002378、2611-002377", "办结时限：2026年11月25日12:05", f"校验码{CODE}", DIGEST,
                  "2026年11月22日印发", "北京市东城区联合执法令"):
        assert words in said, words


def test_every_unit_case_and_check_of_a_large_order_is_printed(qapp):
    said = text_of(many(60))
    for n in range(1, 61):
        assert f"{n}.第{n}执法大队{'（牵头单位）' if n == 1 else ''}，{n}人" in said
        assert f"{n}.检查第{n - 1}处" in said and f"2611-{n - 1:06d}" in said
    assert f"共60个单位，{sum(range(61)):,}人" in said


def test_a_whistle_is_its_callers_with_the_district_among_the_copies(qapp):
    said = text_of(issued(kind="whistle", caller="和平里街道办事处", no="CS-20261122-0009", meet_at=None, ends_at=None,
                          checks=[], signed_by=None))
    assert "和平里街道办事处吹哨单" in said and "的吹哨单" in said and "抄送：北京市东城区。" in said
    assert "签发人" not in said and "接单后按规定时限到场" in said and "现场清单" not in said


def test_a_line_holds_28_characters_and_a_page_22_lines(qapp):
    body = (Paragraph(0, "字" * (28 * 22 * 3)),)
    pages = set_in_type(replace(issued(), body=body))
    lines = [words for words in pages[1].words if words.role == "body"]
    assert len(lines) == 22 and {len(words.text) for words in lines} == {28}
    steps = {round(b.baseline - a.baseline) for a, b in zip(lines, lines[1:], strict=False)}
    assert max(abs(step - paper.LINE) for step in steps) <= 1
    assert lines[0].baseline > paper.TOP and lines[-1].baseline < paper.BOTTOM


def test_everything_stands_inside_the_type_area_but_the_page_numbers(qapp):
    for page in set_in_type(many(20)):
        for words in page.words:
            width = paper_width(words)
            assert words.x >= paper.LEFT - 1 and words.x + width <= paper.RIGHT + 60, words
            assert words.baseline <= paper.BOTTOM or words.role == "page"
        assert all(rule.x >= paper.LEFT and rule.to_x <= paper.RIGHT for rule in page.rules)


def paper_width(words):
    from PySide6.QtGui import QFontMetricsF

    natural = QFontMetricsF(paper.font_of(words.role)).horizontalAdvance(words.text) * words.scale
    return natural + words.spacing * (len(words.text) - 1)


def test_page_numbers_stand_outside_and_below(qapp):
    pages = set_in_type(many(20))
    assert len(pages) >= 3
    for page in pages:
        number = next(words for words in page.words if words.role == "page")
        assert number.text == f"— {page.number} —"
        middle = paper.LEFT + paper.WIDTH / 2
        assert (number.x > middle) == (page.number % 2 == 1)
        assert number.baseline > paper.BOTTOM


def test_the_head_is_red_and_the_rule_as_wide_as_the_type_area(qapp):
    first = set_in_type(issued())[0]
    mark = next(words for words in first.words if words.role == "mark")
    red = [rule for rule in first.rules if rule.colour == "red"]
    assert mark.colour == "red" and mark.text == "北京市东城区联合执法令"
    assert [(rule.x, rule.to_x) for rule in red] == [(paper.LEFT, paper.RIGHT)]
    number = next(words for words in first.words if words.text == "LH-20261122-0003")
    assert paper.TOP + paper.MARK_TOP < mark.baseline < number.baseline < red[0].y


def test_the_imprint_ends_the_last_page_and_stands_nowhere_else(qapp):
    pages = set_in_type(many(20))
    lowest = [rule for rule in pages[-1].rules if rule.y == rule.to_y == paper.BOTTOM]
    assert len(lowest) == 1 and lowest[0].width == paper.THICK
    assert not any(words.role == "imprint" for page in pages[:-1] for words in page.words)


@pytest.mark.parametrize("count", range(1, 40))
def test_no_heading_ends_a_page_and_the_signature_never_stands_alone(qapp, count):
    pages = set_in_type(issued(checks=[f"第{n}项" for n in range(count)]))
    for page in pages[:-1]:
        lines = [words for words in page.words if words.role in ("body", "heading")]
        assert max(lines, key=lambda words: words.baseline).role == "body"
    signed = next(page for page in pages if any(words.text == "2026年11月22日" for words in page.words))
    last = {"2026年11月22日", "北京市东城区"}
    assert [words for words in signed.words if words.role == "body" and words.text not in last]
    assert signed is pages[-1], "the last page holds no text"


def test_the_date_begins_two_characters_after_the_signature_and_has_no_zeros(qapp):
    pages = set_in_type(issued(date="2026-01-02"))
    words = {one.text: one for page in pages for one in page.words if one.role == "body"}
    step = words["2026年1月2日"].x - words["北京市东城区"].x
    assert step == pytest.approx(2 * paper.CHARACTER)
    assert day_words("2026-10-08") == "2026年10月8日"


def test_a_long_title_breaks_into_lines_of_like_length(qapp):
    pages = set_in_type(issued(title="非机动车乱停放与占道经营及消防通道堵塞综合整治专项行动第三阶段"))
    lines = [words.text for words in pages[0].words if words.role == "title"]
    assert len(lines) == 3 and max(map(len, lines)) - min(map(len, lines)) <= 3


@pytest.mark.parametrize("title", ["night market and blocked exits", "夜市Wangfujing步行街与Dengshikou路口占道整治",
                                   "非机动车乱停放与占道经营及消防通道堵塞综合整治"])
def test_a_title_with_long_words_leaves_no_single_character_over(qapp, title):
    lines = [words.text for words in set_in_type(issued(title=title))[0].words if words.role == "title"]
    assert "".join(lines).replace(" ", "") == f"关于{title}的联合执法令".replace(" ", "")
    assert len(lines) == 2 and min(map(len, lines)) > 5


RUBBISH = ["", "　", "𠮷😀\U0010fffd", "a" * 400, "<b>&amp;</b>\\()%s{}", "，。、；：", "\u202e反", "1" * 4000,
           "第一行\n\n第二行\r\n第三行"]


@pytest.mark.parametrize("words", RUBBISH)
def test_rubbish_is_printed_as_it_is_and_breaks_nothing(qapp, words):
    document = issued(title=words[:100], reason=words, place=words[:200], checks=[words[:200] or "项"])
    content = pdf_bytes(document)
    assert len(page_texts(content)) == len(set_in_type(document)) and digest_in(content) == DIGEST
    assert compare(content, document).exact


# ------------------------------------------------------------------ comparing
def test_the_same_document_is_the_same_file_whenever_it_is_printed(qapp):
    made = pdf_bytes(issued())
    later = re.sub(rb"D:\d{14}", b"D:20301231235959", made)
    later = re.sub(rb'Date="[^"]*"', b'Date="2030-12-31T23:59:59+00:00"', later)
    assert later != made and compare(made, issued()).exact and compare(later, issued()).exact


def test_one_changed_figure_is_found_even_when_the_digest_was_kept(qapp):
    forged = pdf_bytes(issued(parties=[{**PLAIN["parties"][0], "heads": 60}, *PLAIN["parties"][1:]]))
    found = compare(forged, issued())
    assert found.same and not found.exact and "逐项核对" in found.said


@pytest.mark.parametrize("harm", [lambda pdf: pdf + b"\n1 0 obj\n<<>>\nendobj\n", lambda pdf: pdf[:-200],
                                  lambda pdf: pdf.replace(b"endstream", b"endstreaM", 1)])
def test_a_file_that_was_touched_is_not_exact(qapp, harm):
    assert not compare(harm(pdf_bytes(issued())), issued()).exact


def test_another_document_and_no_document_are_told_apart(qapp):
    other = official(Document(CODE, 1, 0.0, "周航", PLAIN, "f" * 64), ZONE)
    assert not compare(pdf_bytes(other), issued()).same and "不一致" in compare(pdf_bytes(other), issued()).said
    assert "不是 PDF" in compare(b"PK\x03\x04", issued()).said and "不是 PDF" in compare(b"", issued()).said
    assert "没有内容摘要" in compare(b"%PDF-1.4\nnothing here", issued()).said


def test_a_title_written_as_hexadecimal_is_read_too():
    title = "\ufeff" + f"x sha256:{DIGEST}"
    assert digest_in(b"%PDF-1.7 /Title <" + title.encode("utf-16-be").hex().encode() + b">") == DIGEST
    assert digest_in(b"%PDF-1.7 /Title (sha256:" + DIGEST.encode() + b")") == DIGEST
    assert digest_in(b"%PDF-1.7 /Title (\\377\\376 broken") == ""


def test_a_draft_has_neither_code_nor_digest(qapp):
    draft = replace(issued(), code="", digest="")
    said = text_of(draft)
    assert "草稿预览" in said and "校验码7K" not in said and isinstance(draft, OfficialDocument) and not draft.issued
    assert digest_in(pdf_bytes(draft)) == ""
