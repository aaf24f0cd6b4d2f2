"""Must the lexicon be compiled again, when neither its words nor its tools have changed?

Compiling costs seconds and depends on nothing but the word lists and the installed dictionaries.
Invariant: a cached lexicon is found only under a key made of everything that it was compiled from, and
appears in the cache whole (built beside, renamed last).
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from contextlib import suppress
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from engine.analysis import analyzer
from engine.errors import InputError
from index_builder.lexicon.compiler import LEXICON_FILES, CompiledLexicon, compile_lexicon

_TOOLS = ("jieba", "opencc-python-reimplemented", "pypinyin", "marisa-trie", "numpy")
_FACTS = "compiled.json"


def cached_lexicon(source: Path, directory: Path, cache: Path | None) -> CompiledLexicon:
    """Put the compiled lexicon of `source` into `directory`, from `cache` where it is there.

    Raises `LexiconError` as `compile_lexicon` does, `InputError` when the cache cannot be written.
    """
    if cache is None:
        return compile_lexicon(source, directory)
    entry = cache / f"lexicon-{_key(source)}"
    if not (entry / _FACTS).is_file():
        _fill(entry, source)
    facts = json.loads((entry / _FACTS).read_bytes())
    for path in entry.iterdir():
        if path.name != _FACTS:
            shutil.copyfile(path, directory / path.name)
    return CompiledLexicon(**facts)


def _fill(entry: Path, source: Path) -> None:
    try:
        entry.parent.mkdir(parents=True, exist_ok=True)
        building = Path(tempfile.mkdtemp(prefix=".lexicon-", dir=entry.parent))
    except OSError as error:
        raise InputError(
            f"{entry.parent}: the cache cannot be written ({error.strerror}); name another --cache"
        ) from error
    try:
        compiled = compile_lexicon(source, building)
        (building / _FACTS).write_text(json.dumps(asdict(compiled)), encoding="utf-8")
        # Somebody else may have been quicker: theirs has the same content.
        with suppress(OSError):
            building.rename(entry)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _key(source: Path) -> str:
    digest = hashlib.sha256()
    # Our own compilers are part of what an entry was made with.
    code = sorted(
        [*Path(__file__).parent.glob("*.py"), *Path(analyzer.__file__).parent.glob("*.py")]
    )
    for path in [*(source / name for name in LEXICON_FILES), *code]:
        content = path.read_bytes() if path.is_file() else b"missing"
        digest.update(f"{path.name} {hashlib.sha256(content).hexdigest()}\n".encode())
    for tool in _TOOLS:
        digest.update(f"{tool} {version(tool)}\n".encode())
    return digest.hexdigest()[:16]
