"""What does `dataclass` do at every cold start that could be done once, when the bundle is made?

It writes the source of five to ten methods for each class and compiles them: for the eighty records of a
query function that was a third of all import time. Here the same methods are written into the module's
syntax tree before it is compiled. Invariants: a record of the bundle does what its `dataclass` does
(tests/infra/test_record_expansion.py holds the one against the other); the sources that are deployed stay
as they are in the repository, line for line, and work without the bytecode; what is not understood here is
left to `dataclass`.

Needs nothing but the standard library, because the runtime's own Python runs it.
"""

from __future__ import annotations

import ast
import importlib.util
import marshal
import sys
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

RECORD_BASE = "record_base"
_UNCHECKED_HASH = (1).to_bytes(4, "little")  # PEP 552: the bytecode is taken as it is
_OPTIONS: tuple[dict[str, object], ...] = ({"frozen": True, "slots": True}, {"slots": True}, {})
_UNDERSTOOD_IN_FIELD = {"default", "default_factory", "repr"}


@dataclass(frozen=True, slots=True)
class _Field:
    """A field: its name, the source of its default or of its factory, and whether it is shown."""

    name: str
    default: str | None = None
    factory: str | None = None
    shown: bool = True


def expand_records(source: str) -> tuple[ast.Module, int]:
    """Return the tree of a module with its records written out, and how many those are."""
    tree = ast.parse(source)
    written_out = [(node, _written_out(node)) for node in _classes(tree)]
    # In between: what is written out has arguments of any name, `field` and `replace` among them.
    _import_late(tree)
    for node, statements in written_out:
        node.body += statements
    count = sum(bool(statements) for _, statements in written_out)
    if count:
        _import_behind_docstring(tree, RECORD_BASE)
    return ast.fix_missing_locations(tree), count


def compile_expanded(path: Path, shown_as: str) -> int:
    """Write the bytecode of the module at `path`, records written out; return how many those are."""
    source = path.read_bytes()
    tree, count = expand_records(source.decode("utf-8"))
    code = compile(tree, shown_as, "exec", dont_inherit=True)
    compiled = Path(importlib.util.cache_from_source(str(path)))
    compiled.parent.mkdir(exist_ok=True)
    header = importlib.util.MAGIC_NUMBER + _UNCHECKED_HASH + importlib.util.source_hash(source)
    compiled.write_bytes(header + marshal.dumps(code))
    return count


def _classes(tree: ast.Module) -> list[ast.ClassDef]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]


def _written_out(node: ast.ClassDef) -> list[ast.stmt]:
    """Return what `dataclass` would add to a class and take from it what only that reads; else nothing."""
    options = _options(node)
    fields = _fields(node)
    if options not in _OPTIONS or fields is None or not all(map(_is_generic, node.bases)):
        return []
    defined = {item.name for item in node.body if isinstance(item, ast.FunctionDef)}
    if "slots" in options:
        # A slot and a default of the class cannot have one name.
        node.body = [item for item in node.body if not isinstance(item, ast.AnnAssign)]
    elif any(field.factory is not None or not field.shown for field in fields):
        return []
    node.decorator_list = []
    written = ast.parse("\n".join(_methods(fields, options, "__post_init__" in defined))).body
    added: list[ast.stmt] = []
    for statement in written:
        if not (isinstance(statement, ast.FunctionDef) and statement.name in defined):
            for part in ast.walk(statement):
                # In a traceback, what was written here stands where the class does.
                part.lineno = part.end_lineno = node.lineno  # type: ignore[attr-defined]
                part.col_offset = part.end_col_offset = 0  # type: ignore[attr-defined]
            added.append(statement)
    return added


def _options(node: ast.ClassDef) -> dict[str, object] | None:
    if len(node.decorator_list) != 1:
        return None
    (decorator,) = node.decorator_list
    if isinstance(decorator, ast.Name) and decorator.id == "dataclass":
        return {}
    if not isinstance(decorator, ast.Call) or ast.unparse(decorator.func) != "dataclass":
        return None
    return {
        word.arg: word.value.value
        for word in decorator.keywords
        if word.arg and isinstance(word.value, ast.Constant)
    }


def _is_generic(base: ast.expr) -> bool:
    return isinstance(base, ast.Subscript) and ast.unparse(base.value) == "Generic"


def _fields(node: ast.ClassDef) -> list[_Field] | None:
    """Return the fields of a class, None where one of them is not understood."""
    fields = []
    for item in node.body:
        if isinstance(item, ast.Assign):
            return None
        if isinstance(item, ast.AnnAssign):
            field = _field(item)
            if field is None:
                return None
            fields.append(field)
    return fields or None


def _field(item: ast.AnnAssign) -> _Field | None:
    if not isinstance(item.target, ast.Name) or "Var[" in ast.unparse(item.annotation):
        return None
    name = item.target.id
    if item.value is None:
        return _Field(name)
    if not isinstance(item.value, ast.Call) or ast.unparse(item.value.func) != "field":
        return _Field(name, default=ast.unparse(item.value))
    given = {word.arg: ast.unparse(word.value) for word in item.value.keywords if word.arg}
    if item.value.args or not given.keys() <= _UNDERSTOOD_IN_FIELD:
        return None
    shown = given.get("repr", "True") == "True"
    return _Field(name, given.get("default"), given.get("default_factory"), shown)


def _methods(fields: Sequence[_Field], options: Collection[str], is_checked: bool) -> Iterator[str]:
    names = [field.name for field in fields]
    frozen = "frozen" in options
    yield f"__match_args__ = {tuple(names)!r}"
    if "slots" in options:
        yield "__slots__ = __match_args__"
    yield f"__dataclass_fields__ = {RECORD_BASE}.FieldsOnDemand()"
    yield f"def __init__(self, {', '.join(map(_parameter, fields))}):"
    for field in fields:
        value = field.name
        if field.factory is not None:
            value = f"({field.factory})() if {value} is {RECORD_BASE} else {value}"
        if frozen:
            yield f"    object.__setattr__(self, {field.name!r}, {value})"
        else:
            yield f"    self.{field.name} = {value}"
    if is_checked:
        yield "    self.__post_init__()"
    shown = ", ".join(f"{field.name}={{self.{field.name}!r}}" for field in fields if field.shown)
    yield "def __repr__(self):"
    yield f"    return f'{{self.__class__.__qualname__}}({shown})'"
    yield "def __eq__(self, other):"
    yield "    if self is other: return True"
    yield "    if other.__class__ is not self.__class__: return NotImplemented"
    yield "    return " + " and ".join(f"self.{name} == other.{name}" for name in names)
    yield f"__replace__ = {RECORD_BASE}.replace_fields"
    if frozen:
        yield f"def __hash__(self): return hash(({', '.join(f'self.{name}' for name in names)},))"
        yield f"__setattr__ = {RECORD_BASE}.refuse_assignment"
        yield f"__delattr__ = {RECORD_BASE}.refuse_deletion"
        yield f"__getstate__ = {RECORD_BASE}.get_state"
        yield f"__setstate__ = {RECORD_BASE}.set_state"
    else:
        yield "__hash__ = None"


def _parameter(field: _Field) -> str:
    if field.factory is not None:
        # A value that nobody else has stands for "make a new one".
        return f"{field.name}={RECORD_BASE}"
    return field.name if field.default is None else f"{field.name}={field.default}"


def _import_late(tree: ast.Module) -> None:
    """Import `dataclasses` as a whole, so that it runs when a function of it is called.

    `from dataclasses import replace` would run it, and with it inspect and ast, at once.
    """
    imports = [
        statement
        for statement in tree.body
        if isinstance(statement, ast.ImportFrom) and statement.module == "dataclasses"
    ]
    imported = {alias.name for statement in imports for alias in statement.names}
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id in imported]
    arguments = {node.arg for node in ast.walk(tree) if isinstance(node, ast.arg)}
    if arguments & imported or any(not isinstance(node.ctx, ast.Load) for node in names):
        return  # something else has such a name, too
    for statement in imports:
        tree.body.remove(statement)
    if names:
        _Qualified(imported).visit(tree)
        _import_behind_docstring(tree, "dataclasses")


class _Qualified(ast.NodeTransformer):
    """Turns replace into dataclasses.replace."""

    def __init__(self, names: Collection[str]) -> None:
        self._names = names

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node.id not in self._names:
            return node
        module = ast.copy_location(ast.Name("dataclasses", ast.Load()), node)
        return ast.copy_location(ast.Attribute(module, node.id, ast.Load()), node)


def _import_behind_docstring(tree: ast.Module, name: str) -> None:
    place = 0  # the docstring and the future imports have to come first
    for place, statement in enumerate(tree.body):
        is_future = isinstance(statement, ast.ImportFrom) and statement.module == "__future__"
        if not is_future and not (isinstance(statement, ast.Expr) and place == 0):
            break
    tree.body.insert(place, ast.Import([ast.alias(name)], lineno=1, col_offset=0))


def main(arguments: Sequence[str]) -> None:
    """Compile the modules below FOLDER/PLACE.. as Lambda will find them, and print how many records."""
    folder, *places = arguments
    count = 0
    for place in map(Path(folder).joinpath, places):
        for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            shown_as = f"/var/task/{path.relative_to(folder).as_posix()}"
            count += compile_expanded(path, shown_as)
    print(count)


if __name__ == "__main__":
    main(sys.argv[1:])
