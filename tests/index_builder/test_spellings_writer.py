"""The tables of what may be typed for a word, written for the sample corpus and read back."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from engine.analysis.analyzer import open_analyzer
from engine.documents import Article
from engine.errors import ArtifactDamagedError
from engine.index.snapshot import open_snapshot
from engine.index.spellings import KeyTable, SpellingTable, deletions, most_errors
from index_builder.spelling_vocabulary import gather_vocabulary
from index_builder.spellings_writer import write_spellings
from index_builder.text_encoder import open_text_encoder
from index_builder.token_chunks import analyze_chunk
from index_builder.vectorizer import CorpusCounts, merge_counts


@pytest.fixture(scope="module")
def words_counted(sample_index: Path) -> CorpusCounts:
    snapshot = open_snapshot(sample_index)
    articles = []
    for number in range(len(snapshot.articles)):
        card = snapshot.articles.card(number)
        body = snapshot.articles.text(number).body
        articles.append(Article(id=card.id, title=card.title, body=body, tags=card.tags))
    return merge_counts(
        [
            analyze_chunk(snapshot.analyzer, open_text_encoder(sample_index), articles).counts[
                "words"
            ]
        ]
    )


@pytest.fixture(scope="module")
def folder(
    sample_index: Path, words_counted: CorpusCounts, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    folder = tmp_path_factory.mktemp("written") / "index"
    shutil.copytree(sample_index, folder)
    write_spellings(folder, open_analyzer(folder), words_counted)
    return folder


@pytest.fixture(scope="module")
def table(folder: Path) -> SpellingTable:
    return SpellingTable(folder)


def words(table: SpellingTable, keys: KeyTable, typed: str) -> list[str]:
    return [table.word(number) for number in keys.get(typed)]


def test_words_are_found_by_pinyin_initials_and_similar_sounds(table: SpellingTable) -> None:
    assert words(table, table.pinyin, "zhitongche") == ["直通车"]
    assert words(table, table.initials, "ztc") == ["直通车"]
    assert words(table, table.similar, "zi ton ce") == []
    assert words(table, table.similar, "zi tong ce") == ["直通车"]
    assert "直通车" in words(table, table.begun, "zhitong")
    assert words(table, table.pinyin, "zhitong") == []


def test_a_word_is_read_as_its_phrase_has_it_and_as_its_characters_suggest(
    table: SpellingTable,
) -> None:
    assert "模板" in words(table, table.pinyin, "muban")
    assert "模板" in words(table, table.pinyin, "moban")
    assert words(table, table.pinyin, "yinhang")[:1] == ["银行"]


def test_titled_words_come_first(table: SpellingTable) -> None:
    numbers = table.pinyin.get("zhuangxiu") + table.pinyin.get("sheji")
    assert all(numbers)
    assert words(table, table.pinyin, "sheji")[0] == "设计"
    assert table.is_prominent(table.pinyin.get("zhitongche")[0])


def test_latin_words_are_found_without_a_letter(table: SpellingTable) -> None:
    for typed in ("taobo", "taobaoo", "toabao", "taopao"):
        assert "taobao" in [table.word(number) for number in table.latin_neighbours(typed)]


def test_only_common_readings_of_a_character_count(table: SpellingTable) -> None:
    assert list(table.sounds("长")) == ["zhang", "chang"]
    assert list(table.sounds("属")) == ["shu"]
    assert list(table.sounds("a")) == []


def test_stop_words_have_no_single_characters_and_names_need_synonyms_that_are_found(
    folder: Path, words_counted: CorpusCounts
) -> None:
    analyzer = open_analyzer(folder)
    vocabulary = gather_vocabulary(folder, analyzer, words_counted)
    single = [word for word in vocabulary.han if len(word) == 1]
    assert single
    assert not any(map(analyzer.is_stop_word, single))
    assert "拼夕夕" in vocabulary.han
    assert "taobao" in vocabulary.latin
    assert len(set(vocabulary.han)) == len(vocabulary.han)


def test_the_build_writes_the_same_tables(sample_index: Path, folder: Path) -> None:
    for path in folder.glob("spellings.*"):
        assert (sample_index / path.name).read_bytes() == path.read_bytes(), path.name


def test_equal_input_gives_equal_bytes(
    folder: Path, words_counted: CorpusCounts, tmp_path: Path
) -> None:
    again = tmp_path / "again"
    shutil.copytree(folder, again)
    write_spellings(again, open_analyzer(again), words_counted)
    names = sorted(path.name for path in folder.glob("spellings.*"))
    assert names
    for name in names:
        assert (again / name).read_bytes() == (folder / name).read_bytes(), name


@pytest.mark.parametrize(
    "name",
    ["words.marisa", "words.npy", "pinyin.offsets.npy", "similar.words.npy", "latin.words.npy"],
)
def test_a_damaged_part_is_refused(folder: Path, tmp_path: Path, name: str) -> None:
    damaged = tmp_path / "damaged"
    damaged.mkdir()
    for path in folder.glob("spellings.*"):
        shutil.copy(path, damaged)
    (damaged / f"spellings.{name}").write_bytes(b"")
    with pytest.raises(ArtifactDamagedError, match=r"spellings\."):
        SpellingTable(damaged)


def test_parts_of_two_builds_are_refused(folder: Path, tmp_path: Path) -> None:
    mixed = tmp_path / "mixed"
    mixed.mkdir()
    for path in folder.glob("spellings.*"):
        shutil.copy(path, mixed)
    shutil.copy(mixed / "spellings.pinyin.words.npy", mixed / "spellings.similar.words.npy")
    with pytest.raises(ArtifactDamagedError, match="do not fit together"):
        SpellingTable(mixed)


def test_the_deletion_neighbourhood_grows_with_the_word() -> None:
    assert set(deletions("abcd", most_errors("abcd"))) == {"abcd", "bcd", "acd", "abd", "abc"}
    assert most_errors("facebook") == 2
    assert most_errors("a" * 20) == 1
