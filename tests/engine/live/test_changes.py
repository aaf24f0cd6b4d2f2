"""What the live objects of article changes may hold, and what each change makes of them."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.documents import SITE_TIMEZONE, Article
from engine.errors import ArtifactDamagedError, LiveObjectFullError
from engine.index.codec import dump_json
from engine.live import changes as changes_module
from engine.live.changes import CHANGES, Change, Folded, LiveChanges
from engine.live.takedowns import TAKEDOWNS, Takedown, Takedowns

NOW = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
TRAIN = Article("42", "直通车扣费公式", "质量分越高,扣费越低。", tags=("直通车",))

_text = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=30
).filter(lambda text: bool(text.strip()))
_seconds = st.integers(0, 2_000_000_000)
_moments = st.none() | _seconds.map(lambda second: datetime.fromtimestamp(second, SITE_TIMEZONE))
_counts = st.none() | st.integers(0, 2**53 - 1)
_articles = st.builds(
    Article,
    id=st.from_regex(r"[a-z0-9/]{1,20}", fullmatch=True),
    title=_text,
    body=_text,
    url=st.none() | _text,
    category=st.lists(_text.map(str.strip), max_size=3).map(tuple),
    tags=st.lists(_text.map(str.strip), max_size=3, unique=True).map(tuple),
    author=st.none() | _text,
    published_at=_moments,
    updated_at=_moments,
    views=_counts,
    comments=_counts,
    likes=_counts,
    favorites=_counts,
    summary=st.none() | _text,
    cover=st.none() | _text,
)


@given(_articles)
def test_changes_come_back_as_they_were_written(article: Article) -> None:
    changes = LiveChanges().with_article(article, NOW, "s1").with_deletion("gone", NOW, "s1")
    assert CHANGES.decode(CHANGES.encode(changes)) == changes


def test_each_change_takes_the_next_number_and_replaces_the_last_of_its_article() -> None:
    changes = LiveChanges().with_article(TRAIN, NOW, "s1").with_deletion("7", NOW, "s2")
    changes = changes.with_deletion("42", NOW, "s3")
    assert changes == LiveChanges("s1", 3, {"42": Change(3, NOW, None), "7": Change(2, NOW, None)})
    assert changes.deleted == {"42", "7"}
    assert changes.with_deletion("7", NOW, "s1") is changes


def test_index_holds_what_was_folded_into_it_but_deletions_always_count() -> None:
    changes = LiveChanges().with_article(TRAIN, NOW, "s1").with_deletion("7", NOW, "s1")
    later = changes.with_article(Article("8", "聚划算报名", "先看门槛。"), NOW, "s1")
    assert set(later.not_in(changes.folded)) == {"7", "8"}
    assert set(later.not_in(Folded())) == {"42", "7", "8"}


def test_number_of_another_stream_says_nothing() -> None:
    changes = LiveChanges().with_article(TRAIN, NOW, "s1")
    assert set(changes.not_in(Folded("another", 99))) == {"42"}


def test_dropping_leaves_a_change_that_is_newer_than_what_was_folded() -> None:
    changes = LiveChanges().with_article(TRAIN, NOW, "s1")
    folded = changes.folded
    newer = changes.with_article(TRAIN, NOW, "s1")
    assert newer.without({"42"}, folded.sequence) is newer
    assert newer.without({"42"}, newer.sequence).by_id == {}


def test_more_changes_than_readers_can_keep_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes_module, "MOST_ARTICLES", 1)
    monkeypatch.setattr(changes_module, "MOST_DELETIONS", 1)
    changes = LiveChanges().with_article(TRAIN, NOW, "s1")
    assert changes.with_article(TRAIN, NOW, "s1").sequence == 2
    with pytest.raises(LiveObjectFullError, match=r"2 articles, the bound is 1; rebuild the index"):
        changes.with_article(Article("8", "聚划算报名", "先看门槛。"), NOW, "s1")
    changes = changes.with_deletion("9", NOW, "s1")
    with pytest.raises(LiveObjectFullError, match="2 deletions"):
        changes.with_deletion("10", NOW, "s1")


@pytest.mark.parametrize(
    "content",
    [
        {"stream": "s", "sequence": 1},
        {"stream": 1, "sequence": 1, "changes": {}},
        {"stream": "s", "sequence": True, "changes": {}},
        {"stream": "s", "sequence": 1, "changes": []},
        {
            "stream": "s",
            "sequence": 1,
            "changes": {
                "1": {"sequence": 2, "article": None, "changed_at": "2026-05-04T08:00:00+08:00"}
            },
        },
        {
            "stream": "s",
            "sequence": 1,
            "changes": {
                "1": {
                    "sequence": 1,
                    "article": {"id": "2", "title": "x", "body": "y"},
                    "changed_at": "2026-05-04T08:00:00+08:00",
                }
            },
        },
        {
            "stream": "s",
            "sequence": 1,
            "changes": {
                "1": {
                    "sequence": 1,
                    "article": {"id": "1"},
                    "changed_at": "2026-05-04T08:00:00+08:00",
                }
            },
        },
        {
            "stream": "s",
            "sequence": 1,
            "changes": {"1": {"sequence": 1, "article": None, "changed_at": "yesterday"}},
        },
    ],
)
def test_changes_of_another_shape_are_damage(content: object) -> None:
    sealed = json.loads(CHANGES.encode(LiveChanges()))
    forged = {**sealed, "content": content, "sha256": changes_digest(content)}
    with pytest.raises(ArtifactDamagedError, match="malformed"):
        CHANGES.decode(dump_json(forged))


def changes_digest(content: object) -> str:
    from engine.live.live_object import _digest  # noqa: PLC0415 - a test that forges needs it

    return _digest(content)


def test_takedowns_come_back_and_keep_the_first_reason() -> None:
    first = Takedowns().with_article("42", Takedown(NOW, "侵权投诉"))
    assert first.with_article("42", Takedown(NOW, "别的")) is first
    assert TAKEDOWNS.decode(TAKEDOWNS.encode(first)) == first
    assert first.without("42") == Takedowns()
    assert first.without("7") is first
