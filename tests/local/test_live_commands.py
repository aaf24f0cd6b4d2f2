"""`wenmai takedown` and `wenmai rebuild`, as people call them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from small_site import lexicon_cache, site_articles, write_source

from engine.errors import GateRefusedError, InputError, WenmaiError
from engine.live.article_changes import ArticleChanges
from engine.live.change import read_live
from engine.live.changes import CHANGES
from engine.live.takedowns import TAKEDOWNS
from engine.store.local_folder import LocalFolderStore
from local.cli import exit_code_of, wenmai


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(wenmai, [str(argument) for argument in arguments])


def refused(result: Result) -> WenmaiError:
    assert isinstance(result.exception, WenmaiError), result.output
    return result.exception


def rebuild(tmp_path: Path, records: list[dict[str, object]], *options: str) -> Result:
    source = write_source(tmp_path / "source.jsonl", records)
    site = (tmp_path / "site").as_uri()
    return run("rebuild", source, "--to", site, "--cache", lexicon_cache(), "--jobs", "1", *options)


def test_takedown_hides_keeps_out_and_can_be_lifted(tmp_path: Path) -> None:
    site = (tmp_path / "site").as_uri()
    store = LocalFolderStore(tmp_path / "site")
    assert rebuild(tmp_path, site_articles(16)).exit_code == 0
    done = run("takedown", "3", "--to", site, "--reason", "侵权投诉")
    assert done.output == "3: taken down; readers follow within 5 seconds (1 in all)\n"
    assert read_live(store, TAKEDOWNS).by_id["3"].reason == "侵权投诉"
    summary = json.loads(rebuild(tmp_path, site_articles(16), "--json").stdout)
    assert (summary["articles"], summary["folded"]["left_out"]) == (15, 1)
    done = run("takedown", "3", "--to", site, "--lift")
    assert done.output == "3: allowed again; readers follow within 5 seconds\n"
    assert json.loads(rebuild(tmp_path, site_articles(16), "--json").stdout)["articles"] == 16


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((" ", "--to", "{site}"), "expected the id of an article"),
        (("3", "--to", "{site}", "--reason", "长" * 501), "at most 500 characters"),
        (("3", "--to", "https://example.org"), "unusable"),
        (("3", "--to", "{site}"), "nothing was published there yet"),
    ],
)
def test_unusable_takedown_says_what_was_expected(
    tmp_path: Path, arguments: tuple[str, ...], message: str
) -> None:
    site = (tmp_path / "site").as_uri()
    error = refused(run("takedown", *(a.replace("{site}", site) for a in arguments)))
    assert isinstance(error, InputError)
    assert message in str(error)
    assert exit_code_of(error) == 2
    assert not (tmp_path / "site").exists()


def test_rebuild_tells_what_became_of_the_live_changes(tmp_path: Path) -> None:
    assert rebuild(tmp_path, site_articles(16)).exit_code == 0
    store = LocalFolderStore(tmp_path / "site")
    ArticleChanges(store, lambda: datetime.now(UTC)).delete("3")
    done = rebuild(tmp_path, site_articles(16))
    assert done.exit_code == 0, done.output
    assert "generation 2" in done.output
    assert "0 put, 1 left out" in " ".join(done.output.split())
    assert read_live(store, CHANGES).deleted == {"3"}


def test_refused_rebuild_exits_with_3_and_leaves_everything_as_it_was(tmp_path: Path) -> None:
    assert rebuild(tmp_path, site_articles(16)).exit_code == 0
    before = sorted(path for path in (tmp_path / "site").rglob("*"))
    error = refused(rebuild(tmp_path, site_articles(4)))
    assert isinstance(error, GateRefusedError)
    assert exit_code_of(error) == 3
    assert sorted(path for path in (tmp_path / "site").rglob("*")) == before


def test_rebuild_of_a_source_that_is_not_there_exits_with_2(tmp_path: Path) -> None:
    error = refused(run("rebuild", tmp_path / "no.jsonl", "--to", (tmp_path / "site").as_uri()))
    assert exit_code_of(error) == 2
    assert "no such file" in str(error)
