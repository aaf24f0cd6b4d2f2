"""How is a module entered now and run when the first name is asked of it?

For what libraries import and hardly ever use. The standard library's `LazyLoader` means the same, but the
import statement itself asks a module for its `__spec__`, which makes its modules run at once (3.13).
Invariant: whoever asks for a name gets that of the real module, in any thread; once run, nothing of this
is left but a plain module.
"""

from __future__ import annotations

import sys
from importlib.machinery import ModuleSpec
from importlib.util import find_spec, module_from_spec
from threading import RLock
from types import ModuleType
from typing import Any


class LateModule(ModuleType):
    """A module whose source was not run yet."""

    def __getattr__(self, name: str) -> Any:
        """Run the source, then look again; Python comes here only for a name that is missing."""
        if name.startswith("__"):
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")
        # `vars`: an attribute that is missing would lead back here.
        with vars(self)["_late_lock"]:
            if self.__class__ is LateModule:
                self._run(name)
        return getattr(self, name)

    def _run(self, name: str) -> None:
        state = vars(self)
        if state.get("_late_running"):
            # The source itself asks, in this thread, for what it has not defined yet.
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r} yet")
        state["_late_running"] = True
        try:
            state["__spec__"].loader.exec_module(self)
        finally:
            del state["_late_running"]
        # The lock stays for whoever waits for it in this moment.
        self.__class__ = ModuleType  # type: ignore[assignment]


def enter_late(name: str, spec: ModuleSpec | None = None) -> None:
    """Let the module `name` run on first use, unless it was imported already or does not exist.

    `spec` says where it is, for a module whose package must not be run to find it.
    """
    if name in sys.modules:
        return
    spec = spec or find_spec(name)
    if spec is None or spec.loader is None:
        return  # its import will say what is missing
    module = module_from_spec(spec)
    vars(module)["_late_lock"] = RLock()
    module.__class__ = LateModule
    sys.modules[name] = module
