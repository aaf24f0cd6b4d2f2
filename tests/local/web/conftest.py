"""The forum in front of the real gateway and the sample index."""

from __future__ import annotations

from pathlib import Path

import pytest
from forum_pages import Ask, asker

from local.gateway import Gateway
from local.template_routes import read_routes
from local.web.forum import Forum


@pytest.fixture(scope="session")
def ask(served_index: Path) -> Ask:
    """Ask the forum over the sample index."""
    return asker(Forum(Gateway(read_routes())))
