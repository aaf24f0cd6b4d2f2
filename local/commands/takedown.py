"""`wenmai takedown`: make an article vanish, and keep it from coming back."""

from __future__ import annotations

import click

from engine.errors import InputError
from engine.index.manifest import MANIFEST_NAME
from engine.live.article_changes import ArticleChanges
from engine.live.takedowns import MAX_REASON_CHARACTERS
from engine.store.locations import local_folder, open_store
from engine.store.protocol import Store
from local.commands.published import READ_SECONDS, now, read_published, to_url

VISIBLE_WITHIN = "readers follow within 5 seconds"


@click.command("takedown")
@click.argument("article_id")
@to_url
@click.option("--reason", default="", help="Why, for whoever asks later; kept in the store.")
@click.option("--lift", is_flag=True, help="Allow the article again.")
def command(article_id: str, url: str, reason: str, *, lift: bool) -> None:
    """Take ARTICLE_ID down in the index published at --to.

    It vanishes from every answer, may not be put again, and is left out of every rebuild, until the
    takedown is lifted. Nothing needs to be published again.
    """
    article_id = article_id.strip()
    if not article_id or not article_id.isprintable():
        raise InputError("ARTICLE_ID: expected the id of an article, found nothing that can be one")
    if len(reason) > MAX_REASON_CHARACTERS:
        raise InputError(
            f"--reason: expected at most {MAX_REASON_CHARACTERS} characters, found {len(reason)}"
        )
    changes = ArticleChanges(_served_place(url), now)
    if lift:
        changes.lift(article_id)
        click.echo(f"{article_id}: allowed again; {VISIBLE_WITHIN}")
        return
    known = changes.take_down(article_id, reason)
    click.echo(f"{article_id}: taken down; {VISIBLE_WITHIN} ({len(known.by_id)} in all)")


def _served_place(url: str) -> Store:
    """Return the store at `url`; raise `InputError` where no index lies that anybody could serve."""
    store = open_store(url, deadline_seconds=READ_SECONDS)
    folder = local_folder(url)
    if folder is None or not (folder / MANIFEST_NAME).is_file():
        read_published(store, url)
    return store
