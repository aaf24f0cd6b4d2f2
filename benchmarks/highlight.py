"""What does it cost to highlight the ten hits of a page, and which way of folding is the fastest?

Three ways to find Simplified, lower-case terms in original text:

    table       fold the text through a table of code points, then search it (what the engine does)
    normalizer  normalise the text with offsets, then search that
    regex       search the original for the terms with a class of sources for each character; not
                exact (no overlapping terms, nothing invisible within a term), here for its time

    python benchmarks/highlight.py [ARTICLES.jsonl[.gz]]    default: the sample corpus
"""

from __future__ import annotations

import gzip
import json
import re
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

from engine.analysis.folding import CharacterFolds
from engine.analysis.normalizer import Normalizer
from engine.search.folded_text import fold_table
from engine.search.highlight import Highlighter
from engine.search.occurrences import find_word
from index_builder.lexicon.folding_compiler import compile_folding, traditional_to_simplified
from index_builder.lexicon.variants import RADICALS, VARIANT_GROUPS

SAMPLE = Path(__file__).parents[1] / "local" / "sample"
PAGE = 10
LENGTH = 4_300
"""Code points a body is cut to: the average of a site with long articles."""
REPEATS = 5
QUERIES = [
    "直通车 优化",
    "会员 体系 设计",
    "产品 经理 面试",
    "plus 会员",
    "淘宝 店铺 流量",
    "拼多多 活动",
    "用户 增长",
    "退款 售后",
    "app 推广",
    "供应链",
]


def main() -> None:
    """Print the time for each way of finding, and for whole pages."""
    sources = [Path(name) for name in sys.argv[1:]] or sorted(SAMPLE.glob("*.jsonl"))
    articles = [article for source in sources for article in read(source)]
    table = compile_folding(traditional_to_simplified(), VARIANT_GROUPS, RADICALS)
    normalizer = Normalizer(CharacterFolds({ord(source): fold for source, fold in table.items()}))
    pages = find_pages(articles, normalizer)
    shown = [len(body) for _, page in pages for _, body in page]
    print(f"{len(articles):,} articles, {len(pages)} pages of {PAGE}, ", end="")
    print(f"{statistics.mean(shown):,.0f} characters a body\n")
    highlighter = Highlighter(normalizer)
    folds = fold_table(normalizer)
    sources_of = reverse_folds(normalizer)

    def by_table(terms: Sequence[str], _: str, body: str) -> object:
        folded = folds.fold(body, terms)
        return [find_word(folded.text, term) for term in terms]

    def by_normalizer(terms: Sequence[str], _: str, body: str) -> object:
        folded = normalizer.normalize_with_offsets(body)
        return [find_word(folded.text, term) for term in terms]

    def by_regex(terms: Sequence[str], _: str, body: str) -> object:
        return compile_terms(terms, sources_of).findall(body)

    print(f"{'a page of ten, milliseconds':38}{'p50':>8}{'p95':>8}")
    report("find by table", by_table, pages)
    report("find by normalizer", by_normalizer, pages)
    report("find by regex, compiled once", by_regex, pages)
    report(
        "compile the regex", lambda terms, *_: compile_terms(terms, sources_of), pages, cold=True
    )
    report("title, all of it", lambda terms, title, _: highlighter.title(title, terms), pages)
    report(
        "excerpt, all of it",
        lambda terms, _, body: highlighter.excerpt(body, dict.fromkeys(terms, 1.0)),
        pages,
    )


Page = tuple[list[str], list[tuple[str, str]]]


def read(path: Path) -> list[tuple[str, str]]:
    """Return (title, body) of each article in `path`."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        records = map(json.loads, lines)
        return [(record["title"], record["body"][:LENGTH]) for record in records]


def find_pages(articles: Sequence[tuple[str, str]], normalizer: Normalizer) -> list[Page]:
    """Return each query's terms with ten articles that have the most of them."""
    folded = [normalizer.normalize(body) for _, body in articles]
    pages: list[Page] = []
    for query in QUERIES:
        terms = query.split()
        order = sorted(
            range(len(articles)), key=lambda n: -sum(term in folded[n] for term in terms)
        )
        pages.append((terms, [articles[n] for n in order[:PAGE]]))
    return pages


def report(
    name: str,
    work: Callable[[Sequence[str], str, str], object],
    pages: Sequence[Page],
    *,
    cold: bool = False,
) -> None:
    """Print the median and the 95th percentile of `work` over `pages`, best of five runs each."""
    times = []
    for terms, page in pages:
        best = float("inf")
        for _ in range(REPEATS):
            if cold:
                _patterns.clear()
                re.purge()
            start = time.perf_counter()
            for title, body in page:
                work(terms, title, body)
            best = min(best, time.perf_counter() - start)
        times.append(best * 1000)
    times.sort()
    middle, high = times[len(times) // 2], times[int(len(times) * 0.95)]
    print(f"{name:38}{middle:8.3f}{high:8.3f}")


_patterns: dict[tuple[str, ...], re.Pattern[str]] = {}


def compile_terms(terms: Sequence[str], sources_of: dict[str, str]) -> re.Pattern[str]:
    """Return a pattern for `terms` in original text, the same one for the same terms."""
    pattern = _patterns.get(tuple(terms))
    if pattern is None:
        words = ("".join(f"[{re.escape(sources_of[c])}]" for c in term) for term in terms)
        pattern = _patterns[tuple(terms)] = re.compile("|".join(words))
    return pattern


def reverse_folds(normalizer: Normalizer) -> dict[str, str]:
    """Return folded character -> all characters of planes 0 and 1 that fold to it."""
    sources: defaultdict[str, str] = defaultdict(str)
    for code in range(0x20, 0x20000):
        sources[normalizer.normalize(chr(code))] += chr(code)
    return sources


if __name__ == "__main__":
    main()
