"""How do the figures of `make bench` get into the documentation?

    python -m benchmarks.document COMPARISON.json.. --page docs/benchmarks.md

Writes one table for each comparison between the page's two marks, so that no figure is copied by hand.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from benchmarks.comparison.table import render
from engine.errors import InputError

BEGIN = "<!-- tables of make bench: begin -->"
END = "<!-- tables of make bench: end -->"


def main() -> None:
    """Read the comparisons, rewrite the page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("comparisons", nargs="+", type=Path)
    parser.add_argument("--page", required=True, type=Path)
    arguments = parser.parse_args()
    comparisons = [json.loads(path.read_text(encoding="utf-8")) for path in arguments.comparisons]
    try:
        page = with_tables(arguments.page.read_text(encoding="utf-8"), comparisons)
    except InputError as error:
        parser.error(f"{arguments.page}: {error}")
    arguments.page.write_text(page, encoding="utf-8")


def with_tables(page: str, comparisons: list[dict[str, Any]]) -> str:
    """Return `page` with the tables of `comparisons` between its marks, fewest documents first.

    Raises `InputError` for a page without the marks.
    """
    head, begin, rest = page.partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not begin or not end:
        raise InputError(f"expected the lines {BEGIN} and {END} in it")
    tables = [
        f"{render(one)}\n" for one in sorted(comparisons, key=lambda one: int(one["documents"]))
    ]
    return "\n".join([f"{head}{BEGIN}", "", *tables, f"{END}{tail}"])


if __name__ == "__main__":
    main()
