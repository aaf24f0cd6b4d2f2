"""A record of the bundle does what its dataclass does."""

from __future__ import annotations

import copy
import dataclasses
import pickle
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from infra.bundle import REPOSITORY
from infra.bundling import record_base
from infra.bundling.contents import QUERY_BUNDLE
from infra.bundling.record_expansion import compile_expanded, expand_records

SOURCE = '''
"""文章与读者。"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Card:
    """What a list shows."""

    id: str
    title: str = "无题"
    """An editor may leave it out."""
    tags: list[str] = field(default_factory=list)
    secret: str | None = field(default=None, repr=False)

    @property
    def line(self) -> str:
        return f"{self.title}（{self.id}）"

    def renamed(self, title: str) -> Card:
        return replace(self, title=title)


@dataclass(frozen=True, slots=True)
class Answer(Generic[T]):
    found: T
    field: str = "title"


@dataclass(slots=True)
class Visit:
    reader: str
    seconds: int = 0

    def __post_init__(self) -> None:
        self.seconds = max(0, self.seconds)


@dataclass
class Setting:
    name: str
    value: int = 3


@dataclass(order=True)
class Rank:
    place: int
'''


@pytest.fixture(params=["by dataclass", "written out"])
def records(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return the module of records, once as Python makes it and once as the bundle has it."""
    monkeypatch.setitem(sys.modules, "record_base", record_base)
    module = ModuleType("records_under_test")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    tree: Any = SOURCE
    if request.param == "written out":
        tree, count = expand_records(SOURCE)
        assert count == 4  # Rank, with its comparisons, is left to dataclass
    exec(compile(tree, "records", "exec"), vars(module))  # noqa: S102 - the source above
    return module


def test_a_record_is_made_shown_and_compared_alike(records: Any) -> None:
    card = records.Card("甲", secret="秘密")
    assert repr(card) == "Card(id='甲', title='无题', tags=[])"
    assert (card.line, card.secret) == ("无题（甲）", "秘密")
    assert card == records.Card(id="甲", title="无题", tags=[], secret="秘密")
    assert card != records.Card("甲")
    assert card != ("甲", "无题", [], "秘密")
    assert records.Card("甲").tags is not records.Card("甲").tags
    assert records.Card.__doc__ == "What a list shows."
    with pytest.raises(TypeError, match=r"__init__\(\) missing 1 required positional argument"):
        records.Card()
    assert records.Setting("a").value == records.Setting.value == 3
    assert sorted([records.Rank(2), records.Rank(1)]) == [records.Rank(1), records.Rank(2)]


def test_a_frozen_record_refuses_to_change_and_has_no_other_names(records: Any) -> None:
    card = records.Card("甲")
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot assign to field 'title'"):
        card.title = "新"
    with pytest.raises(dataclasses.FrozenInstanceError, match="cannot delete field 'title'"):
        del card.title
    assert not hasattr(card, "__dict__")
    assert hash(records.Answer("甲")) == hash(records.Answer("甲"))
    visit = records.Visit("甲", -5)
    visit.reader = "乙"
    assert (visit.reader, visit.seconds) == ("乙", 0)
    with pytest.raises(AttributeError):
        visit.page = 1
    with pytest.raises(TypeError, match="unhashable"):
        hash(visit)


def test_the_functions_of_dataclasses_know_it(records: Any) -> None:
    card = records.Card("甲", tags=["新人"])
    assert dataclasses.is_dataclass(card)
    assert [field.name for field in dataclasses.fields(records.Card)] == [
        *("id", "title", "tags", "secret"),
    ]
    assert card.renamed("开店") == records.Card("甲", "开店", ["新人"])
    assert dataclasses.asdict(records.Answer(card))["found"]["tags"] == ["新人"]
    assert dataclasses.astuple(card) == ("甲", "无题", ["新人"], None)
    match records.Answer("甲", "乙"):
        case records.Answer(found, where):
            assert (found, where) == ("甲", "乙")


def test_it_can_be_copied_and_pickled(records: Any) -> None:
    card = records.Card("甲", tags=["新人"])
    assert copy.copy(card) == card
    deep = copy.deepcopy(card)
    assert (deep == card, deep.tags is card.tags) == (True, False)
    assert pickle.loads(pickle.dumps(card)) == card  # noqa: S301 - our own


def test_every_record_of_the_rooms_is_written_out() -> None:
    left = []
    for room in QUERY_BUNDLE.rooms:
        for path in sorted((REPOSITORY / room).rglob("*.py")):
            source = path.read_text(encoding="utf-8")
            decorated = source.count("\n@dataclass")
            if expand_records(source)[1] != decorated:
                left.append(path.name)
    assert left == []


def test_bytecode_keeps_the_lines_of_its_source(tmp_path: Path) -> None:
    path = tmp_path / "cards.py"
    path.write_text(SOURCE, encoding="utf-8")
    assert compile_expanded(path, "/var/task/cards.py") == 4
    assert path.read_text(encoding="utf-8") == SOURCE
    tree, _ = expand_records(SOURCE)
    line = next(at for at, text in enumerate(SOURCE.splitlines(), 1) if "def line" in text)
    assert f"name='line', lineno={line}" in _lines_of_functions(tree)


def _lines_of_functions(tree: Any) -> str:
    import ast  # noqa: PLC0415

    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return " ".join(f"name={node.name!r}, lineno={node.lineno}" for node in functions)
