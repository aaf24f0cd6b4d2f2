"""The PHP client under a real php: answers, stale answers, and a page that never waits."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from local.gateway import Gateway
from local.http_server import listen, make_server
from local.template_routes import read_routes

CLIENT = Path(__file__).resolve().parents[3] / "local" / "web" / "php" / "wenmai.php"
PHP = shutil.which("php")

pytestmark = pytest.mark.skipif(
    PHP is None and os.environ.get("WENMAI_PHP") != "required",
    reason="no php here; on Debian: apt-get install php-cli",
)

Application = Callable[[dict[str, Any], Callable[..., object]], Iterable[bytes]]


@contextmanager
def serving(application: Application) -> Iterator[str]:
    with listen("127.0.0.1", 0) as listener:
        server = make_server(application, listener)
        threading.Thread(target=server.run, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.close()


def php(code: str, base: str, cache: Path, options: str = "") -> Any:
    """Run `code` with $wenmai at hand; return what it put into $out, and the seconds it took."""
    script = (
        "error_reporting(E_ALL); set_error_handler(function ($n, $text) {"
        " if (error_reporting() & $n) { fwrite(STDERR, $text); exit(9); } });"
        f"require {json.dumps(str(CLIENT))};"
        f"$wenmai = new Wenmai({json.dumps(base)}, array('cache' => {json.dumps(str(cache))}, {options}));"
        f"$started = microtime(true); {code}"
        " echo json_encode(array('out' => $out, 'seconds' => microtime(true) - $started,"
        " 'error' => $wenmai->lastError()));"
    )
    result = subprocess.run([str(PHP), "-r", script], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, "")
    return json.loads(result.stdout)


@pytest.fixture
def service(served_index: Path) -> Iterator[str]:
    with serving(Gateway(read_routes())) as url:
        yield url


def test_the_client_parses_as_php() -> None:
    result = subprocess.run(
        [str(PHP), "-l", str(CLIENT)], capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout


def test_related_hot_search_and_blocks_come_as_arrays(service: str, tmp_path: Path) -> None:
    answer = php("$out = $wenmai->related('42', 4);", service, tmp_path)
    assert (len(answer["out"]), answer["error"]) == (4, None)
    assert len(php("$out = $wenmai->hot('month', 3, '推广');", service, tmp_path)["out"]) == 3
    found = php("$out = $wenmai->search('直通车 降价', array('size' => 2));", service, tmp_path)
    assert found["out"]["query"]["terms"] == ["直通车", "降价"]
    assert php("$out = $wenmai->blocks('42');", service, tmp_path)["out"]["header"]["title"]


def test_an_answer_is_used_again_without_asking(tmp_path: Path) -> None:
    asked: list[str] = []

    def application(
        environment: dict[str, Any], start_response: Callable[..., object]
    ) -> list[bytes]:
        asked.append(environment["QUERY_STRING"])
        start_response("200 OK", [("Content-Type", "application/json")])
        return [b'{"items": [{"id": "1"}]}']

    with serving(application) as url:
        for _ in range(3):
            assert php("$out = $wenmai->hot();", url, tmp_path)["out"] == [{"id": "1"}]
        assert len(asked) == 1
        php("$out = $wenmai->hot();", url, tmp_path, "'fresh_seconds' => 0")
        assert len(asked) == 2


def test_a_stale_answer_stands_in_when_the_service_fails_and_is_left_alone(tmp_path: Path) -> None:
    state = {"status": "200 OK", "asked": 0}

    def application(_: dict[str, Any], start_response: Callable[..., object]) -> list[bytes]:
        state["asked"] = int(state["asked"]) + 1
        start_response(str(state["status"]), [("Content-Type", "application/json")])
        return [b'{"items": [{"id": "1"}], "detail": "no index"}']

    with serving(application) as url:
        stale = "'fresh_seconds' => 0"
        assert php("$out = $wenmai->hot();", url, tmp_path, stale)["out"] == [{"id": "1"}]
        state["status"] = "503 Service Unavailable"
        failed = php("$out = $wenmai->hot();", url, tmp_path, stale)
        assert (failed["out"], failed["error"]) == ([{"id": "1"}], "no index")
        assert state["asked"] == 2
        rested = php("$out = $wenmai->hot();", url, tmp_path, stale)
        assert (rested["out"], state["asked"]) == ([{"id": "1"}], 2)
        assert "left alone" in rested["error"]


def test_a_service_that_hangs_or_drips_costs_a_page_its_time_out_alone(tmp_path: Path) -> None:
    def drip(_: dict[str, Any], start_response: Callable[..., object]) -> Iterator[bytes]:
        start_response("200 OK", [("Content-Type", "application/json")])
        for _number in range(30):
            time.sleep(0.1)
            yield b" "

    with serving(drip) as url:
        answer = php("$out = $wenmai->related('42');", url, tmp_path)
    # The drip would go on for three seconds; the bound leaves room for a busy machine.
    assert answer["out"] == []
    assert answer["seconds"] < 1.5
    assert "within 300 ms" in answer["error"]


def test_a_refused_request_is_told_and_does_not_rest_the_service(
    service: str, tmp_path: Path
) -> None:
    missing = php("$out = $wenmai->related('nobody');", service, tmp_path)
    assert missing["out"] == []
    assert "nobody" in missing["error"]
    assert php("$out = $wenmai->related('42', 2);", service, tmp_path)["error"] is None


def test_no_connection_and_no_cache_is_an_empty_list(tmp_path: Path) -> None:
    answer = php("$out = $wenmai->hot();", "http://127.0.0.1:9", tmp_path / "none")
    assert answer["out"] == []
    assert "no connection" in answer["error"]


def test_a_damaged_cache_file_is_asked_for_again(service: str, tmp_path: Path) -> None:
    php("$out = $wenmai->hot();", service, tmp_path)
    (kept,) = tmp_path.glob("*.json")
    kept.write_text('{"items": [', encoding="utf-8")
    assert len(php("$out = $wenmai->hot();", service, tmp_path)["out"]) == 10


def test_escaping_covers_attributes(service: str, tmp_path: Path) -> None:
    answer = php("""$out = Wenmai::escape('"><img onerror=\\'x\\'>');""", service, tmp_path)
    assert answer["out"] == "&quot;&gt;&lt;img onerror=&#039;x&#039;&gt;"
