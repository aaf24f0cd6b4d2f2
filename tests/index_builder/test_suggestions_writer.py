"""Which completions are written, in which order, and that the bytes depend on nothing else."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from suggest_corpus import (
    REPOSITORY,
    article,
    golden_articles,
    lexicon_directory,
    real_analyzer,
)

from engine.documents import Article
from engine.errors import ArtifactDamagedError
from engine.index.suggestions import open_suggestions
from index_builder.completions import gather_completions
from index_builder.suggestions_writer import write_suggestions

ARTICLES = [
    article(3, "直通车怎么开", ["直通车", "推广"], views=1_023),
    article(1, "万相台怎么开", ["推广", "直通車"], views=63),
    article(2, "引力魔方", ["引力 魔方"], views=7),
]


def texts(articles: list[Article], queries: list[tuple[str, int]]) -> list[tuple[str, str]]:
    found = gather_completions(articles, queries, real_analyzer().normalize)
    return [(completion.kind, completion.text) for completion in found]


def written(directory: Path, articles: list[Article]) -> dict[str, bytes]:
    directory.mkdir()
    write_suggestions(directory, articles, real_analyzer(), [("直通车 关键词", 3)])
    return {path.name: path.read_bytes() for path in sorted(directory.iterdir())}


def test_completions_come_by_popularity_and_equal_texts_are_one() -> None:
    assert texts(ARTICLES, [("直通车 出价", 1_000), ("直通车怎么开？", 5), ("!?", 9)]) == [
        ("query", "直通车 出价"),
        ("title", "直通车怎么开"),
        ("tag", "推广"),
        ("tag", "直通車"),
        ("tag", "引力 魔方"),
        ("title", "万相台怎么开"),
    ]


def test_of_equal_titles_the_most_read_one_is_offered_then_the_lowest_id() -> None:
    same = [
        article(5, "怎么退款", views=3),
        article(4, "怎么退款?", views=9),
        article(2, "怎么退款", views=9),
    ]
    (found,) = gather_completions(same, [], real_analyzer().normalize)
    assert (found.text, found.article_id) == ("怎么退款", "2")


def test_signs_that_make_another_name_make_another_completion() -> None:
    tagged = [article(1, "编程", ["c", "C++", "C#", "#C", "AI+教育", "AI教育"])]
    assert sorted(texts(tagged, [])) == [
        ("tag", "#C"),
        ("tag", "AI+教育"),
        ("tag", "AI教育"),
        ("tag", "C#"),
        ("tag", "C++"),
        ("title", "编程"),
    ]


def test_the_bytes_do_not_depend_on_the_order_of_articles(tmp_path: Path) -> None:
    articles = [*golden_articles(), *ARTICLES]
    shuffled = random.Random(7).sample(articles, len(articles))  # noqa: S311
    assert written(tmp_path / "a", articles) == written(tmp_path / "b", shuffled)


def test_the_bytes_do_not_depend_on_the_hash_seed(tmp_path: Path) -> None:
    here = written(tmp_path / "here", list(golden_articles()))
    program = (
        "import sys; from pathlib import Path; from engine.analysis.analyzer import open_analyzer;"
        "from suggest_corpus import golden_articles;"
        "from index_builder.suggestions_writer import write_suggestions;"
        "write_suggestions(Path(sys.argv[1]), golden_articles(), open_analyzer(Path(sys.argv[2])),"
        " [('直通车 关键词', 3)])"
    )
    (tmp_path / "there").mkdir()
    paths = [str(REPOSITORY), str(REPOSITORY / "tests")]
    subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "there"), str(lexicon_directory())],
        env=os.environ | {"PYTHONHASHSEED": "12345", "PYTHONPATH": os.pathsep.join(paths)},
        check=True,
    )
    assert here == {path.name: path.read_bytes() for path in (tmp_path / "there").iterdir()}


def test_arrays_are_little_endian_and_nothing_is_pickled(tmp_path: Path) -> None:
    written(tmp_path / "a", ARTICLES)
    arrays = sorted((tmp_path / "a").glob("*.npy"))
    assert len(arrays) == 9
    for path in arrays:
        array = np.load(path, allow_pickle=False)
        assert array.dtype.str[0] in "<|", path.name


@pytest.mark.parametrize("articles", [[], [article(1, "!?", ["。"])]])
def test_no_completion_at_all_is_a_table_too(tmp_path: Path, articles: list[Article]) -> None:
    assert write_suggestions(tmp_path, articles, real_analyzer()) == 0
    assert len(open_suggestions(tmp_path)) == 0


def test_a_missing_or_foreign_part_is_refused(tmp_path: Path) -> None:
    parts = written(tmp_path / "a", ARTICLES)
    other = written(tmp_path / "b", ARTICLES[:1])
    for name, content in parts.items():
        path = tmp_path / "a" / name
        path.unlink()
        with pytest.raises(ArtifactDamagedError, match="rebuild the index"):
            open_suggestions(tmp_path / "a")
        if name not in {"suggest.sound_names.json", "suggest.buckets.npy"}:
            path.write_bytes(other[name])
            with pytest.raises(ArtifactDamagedError, match="rebuild the index"):
                open_suggestions(tmp_path / "a")
        path.write_bytes(content)
    assert len(open_suggestions(tmp_path / "a")) == 6
