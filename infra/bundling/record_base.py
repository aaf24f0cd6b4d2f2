"""What do all records share that the bundle has written out (`record_expansion`)?

Copied to the bundle's root, where `dataclasses` is a late module. Invariant: whatever is rarely asked of a
record (its fields as `dataclasses` knows them, a refusal to change it) costs nothing until it is asked.
"""

from __future__ import annotations

from typing import Any, NoReturn


class FieldsOnDemand:
    """`__dataclass_fields__` of a record, made by `dataclasses` itself when somebody reads it."""

    __slots__ = ("_fields",)

    def __init__(self) -> None:
        self._fields: dict[str, Any] | None = None

    def __get__(self, record: object, owner: Any) -> dict[str, Any]:
        """Return the fields by name; `fields`, `replace`, `asdict` and `astuple` go through here."""
        if self._fields is None:
            from dataclasses import make_dataclass  # noqa: PLC0415 - loads inspect and ast

            made: Any = make_dataclass(owner.__name__, owner.__match_args__)
            self._fields = dict(made.__dataclass_fields__)
        return self._fields


def refuse_assignment(_record: object, name: str, _value: object) -> NoReturn:
    """Refuse to change a frozen record."""
    from dataclasses import FrozenInstanceError  # noqa: PLC0415

    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def refuse_deletion(_record: object, name: str) -> NoReturn:
    """Refuse to take something from a frozen record."""
    from dataclasses import FrozenInstanceError  # noqa: PLC0415

    raise FrozenInstanceError(f"cannot delete field {name!r}")


def get_state(record: Any) -> list[Any]:
    """Return what a copy of the record needs."""
    return [getattr(record, name) for name in record.__match_args__]


def set_state(record: Any, state: list[Any]) -> None:
    """Fill an empty copy of a record."""
    for name, value in zip(record.__match_args__, state, strict=True):
        object.__setattr__(record, name, value)


def replace_fields(record: Any, /, **changes: object) -> Any:
    """Return the record with some fields changed, as `copy.replace` asks for it."""
    from dataclasses import replace  # noqa: PLC0415

    return replace(record, **changes)
