from __future__ import annotations

import time
import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.analysis.normalizer import NormalizedText, Normalizer

MARKS = "\u0301\u0323\u3099\u20e3\u0345\u034f\u1161\u11a8\u0e33"
ANY_TEXT = st.text(
    st.one_of(
        st.characters(exclude_categories=()),  # surrogates too, which hypothesis leaves out unasked
        st.sampled_from(
            "京東东帳賬账帐裏裡里 \n\u3000\u200b\u200d\ufe0f\ud83d\ude00ＡａßİiǰſKÅﬁ㈠①…"
        ),
        st.sampled_from(MARKS),
    )
)


@pytest.mark.parametrize(
    ("original", "normalized"),
    [
        ("淘寶店鋪被降權怎麼辦", "淘宝店铺被降权怎么办"),
        ("直通車低價引流", "直通车低价引流"),
        ("帳戶 賬戶 账户 帐户", "账户 账户 账户 账户"),
        ("裏裡里 爲為为 臺檯枱颱台", "里里里 为为为 台台台台台"),
        ("自動回覆話術", "自动回复话术"),
        ("項鍊 店舖 藉口 瞭解", "项链 店铺 借口 了解"),
        ("优惠劵 用户黏性 拚多多 二〇二四", "优惠券 用户粘性 拼多多 二零二四"),
        ("ＰＬＵＳ会员１００％，ＪＤ", "plus会员100%,jd"),
        ("STRASSE straße İstanbul ΣΑΣ", "strasse strasse istanbul σασ"),
        ("⻚⾯ ⻓尾 ⼿淘", "页面 长尾 手淘"),
        ("①㎡℃…㈱", "1m2°c...(株)"),
        ("cafe\u0301 ｶﾞ \u1112\u1161\u11ab", "caf\u00e9 ガ 한"),
        ("京\u200b东\u202e小\x00仓\ufeff", "京东小仓"),
        ("葛\U000e0100城", "葛城"),
        ("第一行\r\n第二行\u2028\t完", "第一行  第二行  完"),
        ("赞👍🏽 一家👨\u200d👩\u200d👧 爱❤\ufe0f", "赞👍🏽 一家👨👩👧 爱❤"),
        ("坏\ud83d的", "坏\ufffd的"),
        ("著名 看著 锻炼 油画 计划", "著名 看著 锻炼 油画 计划"),
    ],
)
def test_folds_width_case_script_variants_and_what_is_invisible(
    normalizer: Normalizer, original: str, normalized: str
) -> None:
    assert normalizer.normalize(original) == normalized


@settings(deadline=None)
@given(text=ANY_TEXT)
def test_normalising_twice_changes_nothing(normalizer: Normalizer, text: str) -> None:
    once = normalizer.normalize(text)
    assert normalizer.normalize(once) == once


@settings(deadline=None)
@given(text=ANY_TEXT)
def test_the_result_can_be_encoded_and_is_composed(normalizer: Normalizer, text: str) -> None:
    normalized = normalizer.normalize(text)
    normalized.encode()
    assert unicodedata.is_normalized("NFKC", normalized)
    assert "\x00" not in normalized


@settings(deadline=None)
@given(text=ANY_TEXT)
def test_no_text_grows_more_than_eighteenfold(normalizer: Normalizer, text: str) -> None:
    # ﷺ is the one character that becomes eighteen.
    assert len(normalizer.normalize(text)) <= 18 * len(text)


@settings(deadline=None)
@given(parts=st.lists(ANY_TEXT), space=st.sampled_from(" \n\t\u3000\u2028\r"))
def test_splitting_at_spaces_first_gives_the_same(
    normalizer: Normalizer, parts: list[str], space: str
) -> None:
    assert normalizer.normalize(space.join(parts)) == " ".join(map(normalizer.normalize, parts))


@settings(deadline=None)
@given(text=ANY_TEXT)
def test_long_texts_are_folded_as_short_ones(normalizer: Normalizer, text: str) -> None:
    assert normalizer.normalize(" ".join([text] * 50)) == " ".join(
        [normalizer.normalize(text)] * 50
    )


@settings(deadline=None)
@given(text=ANY_TEXT)
def test_offsets_ascend_and_cover_the_text(normalizer: Normalizer, text: str) -> None:
    result = normalizer.normalize_with_offsets(text)
    assert result.text == normalizer.normalize(text)
    assert result.starts.dtype == np.int32
    assert len(result.starts) == len(result.text) + 1
    assert result.starts[-1] == len(text)
    assert (np.diff(result.starts) >= 0).all()


def original_span(found: NormalizedText, start: int, end: int) -> tuple[int, int]:
    """Return what of the original `found.text[start:end]` was made from, by `starts` alone."""
    first = int(found.starts[start])
    if start == end:
        return first, first
    last = found.starts[end - 1]
    return first, int(found.starts[np.searchsorted(found.starts, last, side="right")])


@settings(deadline=None)
@given(text=ANY_TEXT, data=st.data())
def test_a_span_of_the_original_folds_to_what_it_was_found_for(
    normalizer: Normalizer, text: str, data: st.DataObject
) -> None:
    result = normalizer.normalize_with_offsets(text)
    start = data.draw(st.integers(0, len(result.text)))
    end = data.draw(st.integers(start, len(result.text)))
    first, last = original_span(result, start, end)
    assert 0 <= first <= last <= len(text)
    assert (first == last) == (start == end)
    assert result.text[start:end] in normalizer.normalize(text[first:last])


@pytest.mark.parametrize(
    ("original", "term", "covered"),
    [
        ("【直通車】低價", "直通车", "直通車"),
        ("等等…完", ".", "…"),
        ("cafe\u0301店", "é", "e\u0301"),
        ("爱❤\ufe0f店", "❤", "❤\ufe0f"),
        ("京\u200b东", "京", "京\u200b"),
        ("ＪＤ秒杀", "jd", "ＪＤ"),
        ("straße", "s", "s"),
        ("\ud83d京东", "京东", "京东"),
    ],
)
def test_a_found_term_maps_back_to_the_characters_that_a_reader_sees(
    normalizer: Normalizer, original: str, term: str, covered: str
) -> None:
    result = normalizer.normalize_with_offsets(original)
    start = result.text.index(term)
    first, last = original_span(result, start, start + len(term))
    assert original[first:last] == covered


@pytest.mark.parametrize(
    "unit",
    [
        "京東",
        "a\u0301",
        "\u0301\u0323",
        "a\u200b\u200b\u0301",
        "\u1100\u1161",
        "ﷺ",
        "\ud83d",
        "\x00",
    ],
)
def test_time_grows_linearly_with_the_text(normalizer: Normalizer, unit: str) -> None:
    def seconds(text: str) -> float:
        return min(_time(normalizer, text) for _ in range(3))

    # Eight times the text; quadratic time would be 64 times as long.
    assert seconds(unit * 16_000) < 24 * seconds(unit * 2_000) + 0.01


def _time(normalizer: Normalizer, text: str) -> float:
    start = time.process_time()
    normalizer.normalize_with_offsets(text)
    return time.process_time() - start


@settings(deadline=None)
@given(text=st.text(st.characters(), min_size=300, max_size=600))
def test_texts_with_many_different_characters_take_the_other_path_to_the_same(
    normalizer: Normalizer, text: str
) -> None:
    pieces = [text[start : start + 100] for start in range(0, len(text), 100)]
    joined = " ".join(pieces)
    assert normalizer.normalize(joined) == " ".join(map(normalizer.normalize, pieces))
