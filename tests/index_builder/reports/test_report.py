"""The report shows what changed, as text, in one file that asks nobody for anything."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from engine.analysis.grams import unit_bigrams
from engine.errors import InputError
from engine.index.postings import open_trie
from engine.index.snapshot import Snapshot, open_snapshot
from index_builder.gates.gate import Verdict
from index_builder.pipeline import BuildOptions, build_index
from index_builder.reports.corpus_shape import count_categories, measure_growth
from index_builder.reports.page import ReportSubject, render_report
from index_builder.reports.plots import plot_categories, plot_growth
from index_builder.reports.query_changes import find_changes, read_query_texts

LEXICON = Path(__file__).resolve().parents[3] / "lexicon"
MARKUP = "</svg><script>alert(1)</script><img src=x onerror=alert(2)> $a$ &amp; \"'"


@pytest.fixture(scope="module")
def sample(sample_index: Path) -> Snapshot:
    return open_snapshot(sample_index)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, build_cache: Path) -> Snapshot:
    """An index whose titles, tags and categories hold markup."""
    folder = tmp_path_factory.mktemp("hostile")
    lines = [
        {
            "id": "1",
            "title": f"直通车 {MARKUP}",
            "body": "扣费公式",
            "category": [MARKUP, "直通车"],
        },
        {"id": "2", "title": "直通车 降价", "body": "扣费公式 直通车", "tags": [MARKUP]},
    ]
    source = folder / "source.jsonl"
    source.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    build_index(BuildOptions([source], folder / "index", LEXICON, 1, build_cache))
    return open_snapshot(folder / "index")


class Elements(HTMLParser):
    """Collects the elements of a page and its visible text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.ids: list[str] = []
        self.addresses: list[str] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        for name, value in attrs:
            assert not name.startswith("on"), name
            if name == "id":
                self.ids.append(value or "")
            if name in {"src", "href", "xlink:href", "action", "data"}:
                self.addresses.append(value or "")

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_report_compares_queries_counts_categories_and_vocabulary(
    sample: Snapshot, hostile: Snapshot
) -> None:
    verdicts = [Verdict("article count", "2, -98.4% against 126", "at most 20% fewer", False)]
    page = render_report(ReportSubject(hostile, sample, ["直通车", "花呗", "犇犇"], verdicts))
    elements = Elements(page)
    assert "refused" in elements.text
    assert "The first ten hits changed for 2 of 3 queries, the first hit for 2." in elements.text
    assert "直通车扣费公式与质量分的关系" in elements.text
    assert "淘宝" in elements.text or "推广" in elements.text


def test_markup_is_shown_and_never_taken_in(hostile: Snapshot) -> None:
    page = render_report(ReportSubject(hostile, None, [MARKUP]))
    elements = Elements(page)
    assert elements.names.isdisjoint({"script", "img", "iframe", "link", "object", "foreignObject"})
    assert "<script>alert(1)</script>" in elements.text
    assert "$a$" in elements.text


def test_a_report_refers_to_nothing_but_itself(sample: Snapshot) -> None:
    elements = Elements(render_report(ReportSubject(sample, sample, ["直通车"])))
    assert all(address.startswith("#") for address in elements.addresses)
    assert len(set(elements.ids)) == len(elements.ids)
    assert {address.removeprefix("#") for address in elements.addresses} <= set(elements.ids)


def test_the_same_indexes_give_the_same_page(sample: Snapshot) -> None:
    subject = ReportSubject(sample, sample, ["直通车"])
    assert render_report(subject) == render_report(subject)


def test_plots_are_svg_with_text_in_it(sample: Snapshot) -> None:
    growth = measure_growth(sample)
    for plot, text in (
        (plot_categories(count_categories(sample), None), "淘宝/店铺运营"),
        (plot_growth(growth, growth), "different words"),
    ):
        root = ET.fromstring(plot)  # noqa: S314 - our own
        words = [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]
        assert text in words


def test_categories_are_counted_once_an_article(sample: Snapshot) -> None:
    counts = count_categories(sample)
    assert sum(counts.values()) == 126
    assert list(counts.values()) == sorted(counts.values(), reverse=True)


def test_vocabulary_growth_ends_with_every_word_and_every_posting(sample: Snapshot) -> None:
    growth = measure_growth(sample)
    (segment,) = sample.segments
    lists = [
        segment.lists.document_frequency(segment.terms.get(word) or 0)
        for word in open_trie(sample.directory / "terms.marisa")
        if word in sample.analyzer.segmenter.words or unit_bigrams(word) != [word]
    ]
    assert growth.words[-1] == len(lists) > 3_000
    assert growth.occurrences[-1] == sum(lists)
    assert (growth.words[1:] >= growth.words[:-1]).all()
    assert 0.4 < growth.exponent < 1.0


def test_changes_name_what_entered_and_what_left(sample: Snapshot, hostile: Snapshot) -> None:
    (change,) = find_changes(sample, hostile, ["犇犇", "直通车"])
    assert change.query == "直通车"
    assert change.first_changed
    assert set(change.new) == {"1", "2"}
    assert "42" in change.left
    assert set(change.entered) <= {"1", "2"}
    assert find_changes(sample, sample, ["直通车", "花呗"]) == []


def test_an_index_of_one_article_has_a_report_too(tmp_path: Path, build_cache: Path) -> None:
    source = tmp_path / "source.jsonl"
    source.write_text('{"id": "1", "title": "直通车", "body": "扣费"}', encoding="utf-8")
    build_index(BuildOptions([source], tmp_path / "index", LEXICON, 1, build_cache))
    assert "<svg" in render_report(ReportSubject(open_snapshot(tmp_path / "index")))


@pytest.mark.parametrize(
    ("content", "message"), [("", "no query"), ('{"q": 1}', ":1: query"), ("[]", "JSON object")]
)
def test_a_bad_list_of_queries_is_named(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "queries.jsonl"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        read_query_texts(path)
