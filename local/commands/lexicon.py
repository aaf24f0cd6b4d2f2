"""`wenmai lexicon`: are the word lists right, and which words do they lack?"""

from __future__ import annotations

import json
from pathlib import Path

import click

from engine.errors import InputError, LexiconError
from engine.index.snapshot import open_snapshot
from local.commands.arguments import PACKAGED_LEXICON, as_json, index_folder


@click.group("lexicon")
def command() -> None:
    """Check the word lists, and find words for them."""


_LEXICON = click.option(
    "--lexicon",
    default=PACKAGED_LEXICON,
    type=click.Path(path_type=Path),
    help="Folder of word lists; the packaged ones when not given.",
)


@command.command("check")
@_LEXICON
@click.option(
    "--index",
    "index",
    type=click.Path(path_type=Path),
    help="Folder of an index: words are looked for, and cut, in its articles.",
)
@as_json
def check(lexicon: Path, index: Path | None, *, as_json: bool) -> None:
    """Tell what is wrong or worth a look in the word lists; exit 2 when one cannot be used."""
    from index_builder.lexicon.checker import check_lexicon  # noqa: PLC0415 - `--help` stays quick
    from local.commands.lexicon_findings import as_record, print_findings  # noqa: PLC0415

    findings = check_lexicon(lexicon, None if index is None else open_snapshot(index))
    errors = sum(finding.is_error for finding in findings)
    if as_json:
        content = {
            "errors": errors,
            "remarks": len(findings) - errors,
            "findings": [as_record(finding) for finding in findings],
        }
        click.echo(json.dumps(content, ensure_ascii=False, indent=2))
    else:
        print_findings(findings)
    if errors:
        lines = "line" if errors == 1 else "lines"
        raise LexiconError(f"{lexicon}: {errors} {lines} cannot be used; see above and mend them")


@command.command("mine")
@index_folder
@_LEXICON
@click.option(
    "--queries",
    type=click.Path(path_type=Path),
    help='Searches that found nothing, one a line, or {"query": .., "count": ..} lines.',
)
@click.option(
    "--top",
    default=50,
    show_default=True,
    type=click.IntRange(1, 10_000),
    help="Candidates from the articles, and again as many from --queries.",
)
@click.option("--out", type=click.Path(path_type=Path), help="Write the diff to this file.")
def mine(index: Path, lexicon: Path, queries: Path | None, top: int, out: Path | None) -> None:
    """Propose new words as a diff against domain_terms.txt, which stays as it is."""
    from index_builder.lexicon.mining import mine_words  # noqa: PLC0415 - `--help` stays quick

    mined = mine_words(open_snapshot(index), lexicon, queries, top)
    if out is None:
        click.echo(mined.diff, nl=False)
    else:
        try:
            out.write_text(mined.diff, encoding="utf-8", newline="")
        except OSError as error:
            raise InputError(f"{out}: cannot be written ({error.strerror})") from error
    # Apart from the diff, so that it can be piped to patch.
    click.echo(mined.summary, err=True)
    if out is not None:
        click.echo(f"written to {out}", err=True)
