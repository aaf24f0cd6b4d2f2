"""A late module runs when it is asked for something, once, and is a plain module from then on."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

from engine.late_module import LateModule, enter_late

NAME = "late_example"


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return the file of a module that is not imported yet and forgotten afterwards."""
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path / f"{NAME}.py"
    sys.modules.pop(NAME, None)


def test_it_runs_at_the_first_name_and_not_at_the_import(source: Path) -> None:
    source.write_text("import sys\nsys.late_runs = getattr(sys, 'late_runs', 0) + 1\nword = '甲'\n")
    enter_late(NAME)
    module = import_module(NAME)
    assert (type(module), hasattr(sys, "late_runs")) == (LateModule, False)
    try:
        assert module.word == "甲"
        assert (type(module), vars(sys)["late_runs"]) == (ModuleType, 1)
        assert not hasattr(module, "nothing")
        assert vars(sys)["late_runs"] == 1
    finally:
        del vars(sys)["late_runs"]


def test_threads_that_ask_at_once_wait_for_the_whole_of_it(source: Path) -> None:
    source.write_text("import time\nfirst = 1\ntime.sleep(0.05)\nlast = 2\n")
    enter_late(NAME)
    module = import_module(NAME)
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: module.last, range(8))) == {2}


def test_a_module_that_asks_itself_for_what_it_lacks_gets_no_endless_loop(source: Path) -> None:
    source.write_text(f"import sys\nknew = hasattr(sys.modules['{NAME}'], 'later')\nlater = 1\n")
    enter_late(NAME)
    module = import_module(NAME)
    assert (module.knew, module.later) == (False, 1)


def test_what_goes_wrong_in_it_is_raised_each_time(source: Path) -> None:
    source.write_text("raise OSError('坏了')\n")
    enter_late(NAME)
    module = import_module(NAME)
    for _ in range(2):
        with pytest.raises(OSError, match="坏了"):
            _ = module.word


def test_what_was_imported_stays_and_what_is_missing_is_left_to_its_import() -> None:
    before = sys.modules["json"]
    enter_late("json")
    enter_late("no_such_module_anywhere")
    assert sys.modules["json"] is before
    assert "no_such_module_anywhere" not in sys.modules
