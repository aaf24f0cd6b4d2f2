"""What text do the engines get?

Read, normalised and cut once, so that all peers index the same words, and kept in a folder from run to run.
Peers get normalised text (width, case, Traditional characters), which helps them; ours gets the articles as
they are and normalises them itself. Tags and summaries go to nobody: peers have no field for them.
Invariant: the folder's name is a digest of everything that went in.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.comparison.scenarios import Scenario
from benchmarks.peers.jieba_words import cut, load_words
from benchmarks.peers.protocol import BuildInput, Document
from engine.analysis.normalizer import open_normalizer
from index_builder.evaluation.judgements import read_records
from index_builder.lexicon.folding_compiler import write_folding

LEAST_PARAGRAPH_CHARACTERS = 20
LONGEST_TITLE_OF_PARAGRAPH = 20

SOURCE_NAME = "articles.jsonl"
DOCUMENTS_NAME = "documents.jsonl"
FACTS_NAME = "facts.json"

_LAYOUT = 2
"""Raised when the files of the folder change their meaning."""


def prepare(scenario: Scenario, work: Path) -> Path:
    """Return the folder that holds the scenario's articles and their words; made when it is missing."""
    folder = work / f"{scenario.name}-{_digest(scenario)}"
    if (folder / FACTS_NAME).is_file():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    records = list(_records(scenario))
    with (folder / SOURCE_NAME).open("w", encoding="utf-8") as file:
        for record in records:
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
    facts = _cut(records, folder)
    # Last: it says that the folder is whole.
    (folder / FACTS_NAME).write_text(json.dumps(facts), encoding="utf-8")
    return folder


def read_facts(folder: Path) -> dict[str, Any]:
    """Return `documents`, `characters` and `jieba_seconds` of a prepared folder."""
    facts: dict[str, Any] = json.loads((folder / FACTS_NAME).read_text(encoding="utf-8"))
    return facts


def read_build_input(folder: Path) -> BuildInput:
    """Return what peers index."""
    with (folder / DOCUMENTS_NAME).open(encoding="utf-8") as file:
        documents = [Document(*json.loads(line)) for line in file]
    return BuildInput(folder / SOURCE_NAME, documents)


def read_ids(folder: Path) -> frozenset[str]:
    """Return the ids of all documents."""
    with (folder / DOCUMENTS_NAME).open(encoding="utf-8") as file:
        return frozenset(json.loads(line)[0] for line in file)


def folding(folder: Path) -> Callable[[str], str]:
    """Return our normalisation of width, case and Traditional characters, whose tables go to `folder`."""
    write_folding(folder)
    return open_normalizer(folder).normalize


def _digest(scenario: Scenario) -> str:
    digest = hashlib.sha256(f"{_LAYOUT} {scenario.paragraphs}".encode())
    for source in scenario.sources:
        digest.update(source.read_bytes())
    return digest.hexdigest()[:12]


def _records(scenario: Scenario) -> Iterator[dict[str, Any]]:
    articles = (record for source in scenario.sources for _, record in read_records(source))
    if scenario.paragraphs is None:
        for record in articles:
            yield {name: value for name, value in record.items() if name not in {"tags", "summary"}}
        return
    paragraphs = [
        (f"{record['id']}#{number}", text)
        for record in articles
        for number, line in enumerate(str(record["body"]).split("\n"))
        if len(text := line.strip()) >= LEAST_PARAGRAPH_CHARACTERS
    ]
    wanted = min(scenario.paragraphs, len(paragraphs))
    for place in range(wanted):
        # Evenly over all sources.
        article_id, text = paragraphs[place * len(paragraphs) // wanted]
        head = min(LONGEST_TITLE_OF_PARAGRAPH, len(text) // 2)
        yield {"id": article_id, "title": text[:head], "body": text[head:]}


def _cut(records: list[dict[str, Any]], folder: Path) -> dict[str, Any]:
    normalize = folding(folder)
    load_words()
    seconds = 0.0
    characters = 0
    with (folder / DOCUMENTS_NAME).open("w", encoding="utf-8") as file:
        for record in records:
            title, body = (
                "\n".join(map(normalize, str(record[field]).splitlines()))
                for field in ("title", "body")
            )
            begun = time.process_time()
            words = [" ".join(cut(text)) for text in (title, body)]
            seconds += time.process_time() - begun
            characters += len(title) + len(body)
            file.write(json.dumps([record["id"], title, body, *words], ensure_ascii=False) + "\n")
    return {"documents": len(records), "characters": characters, "jieba_seconds": seconds}
