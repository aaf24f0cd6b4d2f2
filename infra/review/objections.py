"""What speaks against deploying this template? `python -m infra.review.objections` prints it.

Invariant: each rule is proven by a changed template that it must object to (tests/infra/test_review.py).
"""

from __future__ import annotations

import sys

from infra.review import access, operation
from infra.review.resources import Template
from infra.translation import TEMPLATE, read_source, translate

RULES = (
    access.open_doors,
    access.foreign_pages,
    access.broad_roles,
    access.borrowed_roles,
    access.plain_connections,
    access.open_buckets,
    operation.unbounded,
    operation.endless_logs,
    operation.unnoticed,
    operation.unwatched_functions,
    operation.lost_runs,
    operation.fleeting_data,
    operation.misfits,
)


def objections(template: Template) -> list[str]:
    """Return what each rule objects to in a translated template."""
    return [objection for rule in RULES for objection in rule(template)]


def main() -> int:
    """Print the objections; return the exit code."""
    found = objections(translate(read_source(TEMPLATE), {"AllowedOrigin": "https://example.org"}))
    for objection in found:
        print(objection)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
