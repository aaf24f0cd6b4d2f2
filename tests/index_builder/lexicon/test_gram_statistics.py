from __future__ import annotations

from collections import Counter
from math import log2

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index_builder.lexicon import gram_statistics
from index_builder.lexicon.character_runs import character_runs, encode_characters
from index_builder.lexicon.gram_statistics import cohesion, gram_tables, spell

LONGEST = 4


def figures(texts: list[str], min_count: int) -> dict[str, tuple[int, float, float, float]]:
    """Return gram -> count, cohesion, left and right entropy, as the tables have them."""
    characters = encode_characters(texts)
    total = int((characters != 0).sum())
    tables = gram_tables(characters, LONGEST, min_count)
    found = {}
    for length in range(1, LONGEST + 1):
        table = tables[length - 1]
        firmness = cohesion(tables, length, total) if length > 1 else [0.0] * len(table)
        words = spell(tables, length, _all(len(table)))
        rows = zip(
            table.counts.tolist(),
            map(float, firmness),
            table.left_entropy.tolist(),
            table.right_entropy.tolist(),
            strict=True,
        )
        found.update(dict(zip(words, rows, strict=True)))
    return found


def _all(size: int) -> gram_statistics._Integers:
    import numpy as np  # noqa: PLC0415

    return np.arange(size)


def by_counting(texts: list[str], min_count: int) -> dict[str, tuple[int, float, float, float]]:
    """Return the same, straight from the formulas."""
    runs = [run for text in texts for run in character_runs(text)]
    counts: Counter[str] = Counter()
    sides: dict[str, tuple[list[str], list[str]]] = {}
    for number, run in enumerate(runs):
        for size in range(1, LONGEST + 1):
            for at in range(len(run) - size + 1):
                gram = run[at : at + size]
                counts[gram] += 1
                left, right = sides.setdefault(gram, ([], []))
                # The end of a run is another neighbour each time.
                left.append(run[at - 1] if at else f"break {number}")
                right.append(run[at + size] if at + size < len(run) else f"break {number}")
    total = sum(map(len, runs))

    def entropy(neighbours: list[str]) -> float:
        shares = [count / len(neighbours) for count in Counter(neighbours).values()]
        return -sum(share * log2(share) for share in shares)

    def firmness(gram: str) -> float:
        joints = [
            log2(counts[gram] * total / (counts[gram[:cut]] * counts[gram[cut:]]))
            for cut in range(1, len(gram))
        ]
        return min(joints, default=0.0)

    return {
        gram: (count, firmness(gram), entropy(sides[gram][0]), entropy(sides[gram][1]))
        for gram, count in counts.items()
        if count >= min_count
    }


@given(
    texts=st.lists(st.text(st.sampled_from("京东小仓的b,9 "), max_size=40), max_size=6),
    min_count=st.integers(1, 3),
    slice_size=st.sampled_from([1, 7, 4_000_000]),
)
@example(texts=["京小仓京小仓,小仓"], min_count=1, slice_size=1)
@example(texts=[], min_count=1, slice_size=7)
def test_figures_are_those_of_the_formulas(
    texts: list[str], min_count: int, slice_size: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gram_statistics, "_SLICE", slice_size)
        found = figures(texts, min_count)
    expected = by_counting(texts, min_count)
    assert found.keys() == expected.keys()
    for gram, row in expected.items():
        assert found[gram] == pytest.approx(row, abs=1e-9), gram


def test_a_word_is_as_firm_as_its_weakest_joint() -> None:
    # 12 characters; 京小仓 twice, 京 3 times, 小仓 3 times, 京小 twice, 仓 3 times:
    # log2(2 * 12 / (3 * 3)) at 京|小仓, log2(2 * 12 / (2 * 3)) at 京小|仓.
    found = figures(["京小仓,京小仓,京东,小仓,是的"], 2)
    assert found["京小仓"][:2] == (2, pytest.approx(log2(24 / 9)))


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("京小仓,入仓。", ["京小仓", "入仓"]),
        ("开通 plus会员 和b端", ["开通", "会员", "和b端"]),
        ("双11大促3c数码", ["双", "大促", "数码"]),
        ("a/b测试", ["a", "b测试"]),
        ("上\n下😀左\ud800右𠮷", ["上", "下", "左", "右"]),
        ("", []),
    ],
)
def test_a_run_ends_where_no_word_goes_on(text: str, runs: list[str]) -> None:
    assert character_runs(text) == runs
