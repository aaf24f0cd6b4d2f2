"""Must the lexicon be compiled again, when neither its words nor its tools have changed?

Compiling costs seconds and depends on nothing but the word lists and the installed dictionaries.
Invariant: a cached lexicon is found only under a key made of everything that it was compiled from, appears
in the cache whole (built beside, renamed last), and is compiled again when a byte of it has changed since.
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
from engine.index import text_codes
from index_builder import text_encoder
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
    compiled = _copy(entry, directory)
    if compiled is None:
        # Absent or damaged. Another build may be copying it: it notices, and compiles again as well.
        shutil.rmtree(entry, ignore_errors=True)
        _fill(entry, source)
        compiled = _copy(entry, directory)
    return compiled or compile_lexicon(source, directory)


def _copy(entry: Path, directory: Path) -> CompiledLexicon | None:
    """Copy the lexicon in `entry`; return what it holds, None when it is not there as it was written."""
    try:
        facts = json.loads((entry / _FACTS).read_bytes())
        for name, digest in facts["files"].items():
            shutil.copyfile(entry / name, directory / name)
            if _digest(directory / name) != digest:
                return None
        return CompiledLexicon(**facts["compiled"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None


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
        files = {path.name: _digest(path) for path in sorted(building.iterdir())}
        facts = {"compiled": asdict(compiled), "files": files}
        (building / _FACTS).write_text(json.dumps(facts), encoding="utf-8")
        # Somebody else may have been quicker: theirs has the same content.
        with suppress(OSError):
            building.rename(entry)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _key(source: Path) -> str:
    digest = hashlib.sha256()
    # Our own compilers are part of what an entry was made with.
    rooms = (Path(__file__).parent, Path(analyzer.__file__).parent)
    code = sorted(path for room in rooms for path in room.glob("*.py"))
    code += [Path(module.__file__ or "") for module in (text_codes, text_encoder)]
    for path in [*(source / name for name in LEXICON_FILES), *code]:
        found = _digest(path) if path.is_file() else "missing"
        digest.update(f"{path.name} {found}\n".encode())
    for tool in _TOOLS:
        digest.update(f"{tool} {version(tool)}\n".encode())
    return digest.hexdigest()[:16]


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
