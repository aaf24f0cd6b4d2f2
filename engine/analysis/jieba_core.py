"""What of jieba does a cold start pay for?

Its tokenizer, not the emission table of its hidden Markov model: 35,000 probabilities as Python source
take longer to load than everything else of jieba, and ours are mapped from the index. So
`jieba.finalseg` is entered empty and fills itself when somebody asks it for anything. Invariant: stock
jieba, used by anyone in the same process, behaves as ever; nothing else in the engine imports jieba.
"""

from __future__ import annotations

import sys
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from types import ModuleType
from typing import Any

_NAME = "jieba.finalseg"


class _FilledOnDemand(ModuleType):
    """A module that runs its own source when the first name is asked of it."""

    def __getattr__(self, name: str) -> Any:
        # Python comes here only for a name that is missing. Once filled, this class is left behind.
        if name.startswith("__"):
            raise AttributeError(name)
        self.__class__ = ModuleType  # type: ignore[assignment]  # a plain module from here on
        spec = self.__spec__
        if spec is None or spec.loader is None:
            raise ModuleNotFoundError(f"{_NAME} has no loader; install jieba again", name=_NAME)
        spec.loader.exec_module(self)
        return getattr(self, name)


def _enter_empty() -> None:
    package = find_spec("jieba")
    if _NAME in sys.modules or package is None:
        return  # loaded already, or the import below says what is missing
    spec = PathFinder.find_spec(_NAME, package.submodule_search_locations)
    if spec is not None:
        module = module_from_spec(spec)
        module.__class__ = _FilledOnDemand
        sys.modules[_NAME] = module


_enter_empty()

# The import stands below the call that makes it cheap.
from jieba import Tokenizer, re_han_default, re_skip_default  # noqa: E402

__all__ = ["Tokenizer", "re_han_default", "re_skip_default"]
