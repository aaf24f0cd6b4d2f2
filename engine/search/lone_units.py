"""What does a single character ask for that was typed apart from others?

Whoever types 茶 expects 红茶 and 茶叶, as a plain search for text would find them; the lists hold 茶 alone
only where an article has it as a word of its own. So the pairs of units around it stand for it, too.
Invariant: every pair that stands for a unit holds it; a query without a lone unit, or of more than a few
units, keeps its plan: in a sentence (高、中、低端) other words say what is sought, and 128 lists for each unit
made one query in a hundred of the judged ones take 12 ms instead of 2.4.
"""

from __future__ import annotations

import re
from functools import cache

from engine.analysis.grams import is_pair
from engine.search.query_plan import QueryPlan
from engine.search.term_reader import TermReader
from engine.search.term_weights import SHORT_QUERY_UNITS

_LONE_UNIT = re.compile(r"(?<!\w)[㐀-鿿](?!\w)")

MOST_PAIRS = 128
"""The commonest ones: 99.9 % of what a search of the sample's text would find for its 1,850 characters
(64: 99.3, 32: 97.3). An article that has a character in rare pairs alone is hardly about it."""

MOST_CELLS = 2**23
"""Each pair costs a sum for every article: 64 MB of them at most, so fewer pairs from 65,536 articles on."""


def with_pairs_of_lone_units(reader: TermReader, plan: QueryPlan) -> QueryPlan:
    """Return `plan` with the pairs that hold each lone unit beside it; see `TermGroup.inside`."""
    if plan.units > SHORT_QUERY_UNITS or not any(len(group.term) == 1 for group in plan.groups):
        return plan
    lone = set(_LONE_UNIT.findall(plan.normalized))
    if not lone:
        return plan
    groups = tuple(
        group._replace(inside=pairs_around(reader, group.term)) if group.term in lone else group
        for group in plan.groups
    )
    return plan._replace(groups=groups)


def pairs_around(reader: TermReader, unit: str) -> tuple[str, ...]:
    """Return the pairs of units that hold `unit` and that most articles have, the commonest first."""
    before = [character + unit for character in _simplified_characters()]
    found: set[str] = set()
    for segment in reader.snapshot.segments:
        terms = segment.terms
        found.update(term for term in terms.starting_with(unit) if is_pair(term))
        # The lists are sorted by their beginnings alone: what may stand before the unit is tried out.
        found.update(filter(terms.__contains__, before))
    reader.expect(lambda: found)
    frequencies = {pair: reader.document_frequency(pair) for pair in found}
    most = min(MOST_PAIRS, MOST_CELLS // max(1, reader.articles))
    return tuple(sorted(found, key=lambda pair: (-frequencies[pair], pair))[:most])


@cache
def _simplified_characters() -> tuple[str, ...]:
    """Return the Han characters of GB 2312, 6,763 of them: folded text has hardly any other."""
    rows = (bytes((row, cell)) for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF))
    return tuple("".join(pair.decode("gb2312", "ignore") for pair in rows))
