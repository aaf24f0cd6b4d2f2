"""What of jieba does a cold start pay for?

Its tokenizer, not the emission table of its hidden Markov model: 35,000 probabilities as Python source
take longer to load than everything else of jieba, and ours are mapped from the index. So
`jieba.finalseg` is entered late (`engine.late_module`). Invariant: stock jieba, used by anyone in the same
process, behaves as ever; nothing else in the engine imports jieba.
"""

from __future__ import annotations

import sys
from importlib.machinery import PathFinder
from importlib.util import find_spec

from engine.late_module import enter_late

_NAME = "jieba.finalseg"


def _enter_model_late() -> None:
    package = find_spec("jieba")
    if _NAME in sys.modules or package is None:
        return  # loaded already, or the import below says what is missing
    # Its spec is looked up beside the package, because asking for it by name would run the package.
    spec = PathFinder.find_spec(_NAME, package.submodule_search_locations)
    if spec is not None:
        enter_late(_NAME, spec)


_enter_model_late()

# The import stands below the call that makes it cheap.
from jieba import Tokenizer, re_han_default, re_skip_default  # noqa: E402

__all__ = ["Tokenizer", "re_han_default", "re_skip_default"]
