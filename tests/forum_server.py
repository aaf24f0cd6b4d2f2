"""The whole forum on a port of its own, for tests that come over HTTP."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engine.index.served import LiveView
from engine.live.overlay import LIVE_KEYS, compose
from functions import runtime
from functions.settings import Settings
from functions.warm_snapshot import WarmSnapshot
from local.gateway import Gateway
from local.http_server import listen, make_server
from local.template_routes import read_routes
from local.web.forum import Forum

PAYLOADS = (
    '<img src=x onerror="window.owned=1">',
    "<script>window.owned=1</script>",
    '"><svg onload="window.owned=1">',
)


@contextmanager
def serving(index: Path) -> Iterator[str]:
    """Serve the forum over `index` on a free port; yield its base URL."""
    with pytest.MonkeyPatch.context() as patch, listen("127.0.0.1", 0) as listener:
        warm = WarmSnapshot(Settings(str(index)), live=LiveView(LIVE_KEYS, compose))
        patch.setattr(runtime, "warm_snapshot", warm)
        server = make_server(Forum(Gateway(read_routes())), listener)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.close()
