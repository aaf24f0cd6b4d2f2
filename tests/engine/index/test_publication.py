from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from published_place import PublishedPlace
from tiny_artifact import FILES, label_of, version_of

from engine.errors import (
    ArtifactDamagedError,
    InputError,
    StoreConflictError,
    StoreUnavailableError,
)
from engine.index.follower import IndexFollower
from engine.index.pointer_store import read_pointer
from engine.index.publication import Publication, Retention, publish_artifact
from engine.index.rollback import roll_back
from engine.index.served import LiveView
from engine.store.protocol import Store

Artifact = Callable[[int], Path]


def served_label(place: PublishedPlace) -> int:
    follower = IndexFollower(place.for_readers(), LiveView(), open_seconds=30)
    return label_of(follower.open_first().snapshot)


def test_what_was_published_is_what_readers_get(place: PublishedPlace, artifact: Artifact) -> None:
    done = place.publish(artifact(1))
    assert (done.moved, done.uploaded, done.pointer.generation) == (True, True, 1)
    assert served_label(place) == 1
    prefix = f"versions/{version_of(artifact(1))}/1/"
    assert place.listing() == [
        "current.json",
        *sorted(prefix + name for name in (*FILES, "manifest.json")),
    ]


def test_publish_leaves_the_old_index_readable_until_the_pointer_moves(
    place: PublishedPlace, artifact: Artifact
) -> None:
    place.publish(artifact(1))
    labels = []

    class Watched:
        """Asks what readers get before each write."""

        def __init__(self, store: Store) -> None:
            self._store = store

        def __getattr__(self, name: str) -> object:
            if name in {"put_if_absent", "compare_and_swap", "delete"}:
                labels.append(served_label(place))
            return getattr(self._store, name)

    publish_artifact(Watched(place.open()), artifact(2), place.now)
    assert labels == [1] * (len(FILES) + 2)
    assert served_label(place) == 2


def test_publishing_the_current_version_again_changes_nothing(
    place: PublishedPlace, artifact: Artifact
) -> None:
    place.publish(artifact(1))
    before = place.listing()
    again = place.publish(artifact(1))
    assert (again.moved, again.uploaded, again.pointer.generation) == (False, False, 1)
    assert place.listing() == before


def test_publishing_a_version_that_is_still_kept_uploads_nothing(
    place: PublishedPlace, artifact: Artifact
) -> None:
    for label in (1, 2):
        place.publish(artifact(label))
    again = place.publish(artifact(1))
    assert (again.moved, again.uploaded, again.pointer.generation) == (True, False, 3)
    assert served_label(place) == 1


def test_a_version_that_lost_a_file_in_the_store_is_mended_by_publishing_it(
    place: PublishedPlace, artifact: Artifact
) -> None:
    current = place.publish(artifact(1)).pointer.current
    place.open().delete(current.prefix + "tags.json")
    mended = place.publish(artifact(1))
    assert (mended.moved, mended.uploaded) == (True, True)
    assert mended.pointer.current.upload == 2
    assert served_label(place) == 1


def test_again_uploads_what_looks_whole(place: PublishedPlace, artifact: Artifact) -> None:
    place.publish(artifact(1))
    done = publish_artifact(place.open(), artifact(1), place.now, again=True)
    assert (done.moved, done.pointer.current.upload) == (True, 2)


def test_of_two_publications_that_saw_the_same_pointer_one_wins_and_the_other_says_so(
    place: PublishedPlace, artifact: Artifact
) -> None:
    place.publish(artifact(1))
    seen = read_pointer(place.open())
    place.publish(artifact(2))
    with pytest.raises(StoreConflictError) as caught:
        publish_artifact(place.open(), artifact(3), place.now, seen=seen)
    assert version_of(artifact(2)) in str(caught.value)
    assert "generation 2" in str(caught.value)
    assert served_label(place) == 2


def test_the_files_of_a_publication_that_lost_are_collected_by_the_next(
    place: PublishedPlace, artifact: Artifact
) -> None:
    place.publish(artifact(1))
    seen = read_pointer(place.open())
    place.publish(artifact(2))
    with pytest.raises(StoreConflictError):
        publish_artifact(place.open(), artifact(3), place.now, seen=seen)
    assert any(version_of(artifact(3)) in key for key in place.listing())
    done = place.publish(artifact(4))
    assert done.sweep.deleted == (f"versions/{version_of(artifact(3))}/2/",)
    assert not any(version_of(artifact(3)) in key for key in place.listing())


def test_an_upload_in_progress_is_no_orphan(place: PublishedPlace, artifact: Artifact) -> None:
    first = place.publish(artifact(1))
    half = f"versions/{version_of(artifact(2))}/2/"
    place.open().put_if_absent(half + "tags.json", (artifact(2) / "tags.json").read_bytes())
    place.pass_time(days=400)
    assert place.publish(artifact(1)).sweep.deleted == ()
    assert half + "tags.json" in place.listing()
    # The same upload goes on where it stopped.
    assert place.publish(artifact(2)).pointer.generation == first.pointer.generation + 1
    assert served_label(place) == 2


def publish_all(place: PublishedPlace, artifact: Artifact, labels: range) -> list[Publication]:
    return [place.publish(artifact(label), Retention(keep=2)) for label in labels]


def test_a_dropped_version_stays_for_one_generation_and_the_grace(
    place: PublishedPlace, artifact: Artifact
) -> None:
    publish_all(place, artifact, range(1, 4))
    first = f"versions/{version_of(artifact(1))}/1/"
    place.pass_time(minutes=59)
    done = publish_all(place, artifact, range(4, 5))[0]
    assert first in done.sweep.waiting
    place.pass_time(minutes=2)
    done = publish_all(place, artifact, range(5, 6))[0]
    assert done.sweep.deleted == (first,)


def test_long_after_it_was_dropped_a_version_still_waits_for_another_generation(
    place: PublishedPlace, artifact: Artifact
) -> None:
    publish_all(place, artifact, range(1, 4))
    place.pass_time(days=30)
    assert place.publish(artifact(3)).sweep.deleted == ()
    place.publish(artifact(4), Retention(keep=2))
    assert not any(version_of(artifact(1)) in key for key in place.listing())


def test_a_clock_that_went_back_deletes_nothing(place: PublishedPlace, artifact: Artifact) -> None:
    publish_all(place, artifact, range(1, 4))
    place.pass_time(days=-400)
    assert publish_all(place, artifact, range(4, 6))[1].sweep.deleted == ()
    assert served_label(place) == 5


def test_generations_order_versions_whatever_the_clocks_say(
    place: PublishedPlace, artifact: Artifact
) -> None:
    for label, days in enumerate((0, -900, 2000, -3000), start=1):
        place.pass_time(days=days)
        done = place.publish(artifact(label))
        assert done.pointer.generation == label
        assert served_label(place) == label


def test_retired_versions_whose_files_are_gone_are_forgotten(
    place: PublishedPlace, artifact: Artifact
) -> None:
    for label in range(1, 8):
        place.publish(artifact(label), Retention(keep=2))
        place.pass_time(hours=2)
    pointer = place.publish(artifact(8), Retention(keep=2)).pointer
    assert len(pointer.retired) <= 3
    assert len({key.split("/")[1] for key in place.listing() if "/" in key}) <= 4


def test_rollback_names_the_old_files_in_a_new_generation(
    place: PublishedPlace, artifact: Artifact
) -> None:
    for label in (1, 2, 3):
        place.publish(artifact(label))
    keys = place.listing()
    assert roll_back(place.open(), place.now).generation == 4
    assert served_label(place) == 2
    roll_back(place.open(), place.now, version_of(artifact(3)))
    assert served_label(place) == 3
    assert place.listing() == keys


def test_a_rollback_to_a_version_with_a_missing_file_is_refused(
    place: PublishedPlace, artifact: Artifact
) -> None:
    for label in (1, 2):
        place.publish(artifact(label))
    for name in (*FILES, "manifest.json"):
        key = f"versions/{version_of(artifact(1))}/1/{name}"
        data = place.open().get(key).data
        place.open().delete(key)
        with pytest.raises(ArtifactDamagedError, match=name.replace(".", r"\.")):
            roll_back(place.open(), place.now)
        place.open().put_if_absent(key, data)
    assert served_label(place) == 2
    assert roll_back(place.open(), place.now).generation == 3


def test_a_rollback_with_nothing_published_says_so(place: PublishedPlace) -> None:
    with pytest.raises(InputError, match="nothing was published here yet"):
        roll_back(place.open(), place.now)


def test_a_folder_that_changed_since_it_was_built_is_not_published(
    place: PublishedPlace, artifact: Artifact
) -> None:
    place.publish(artifact(1))
    (artifact(2) / "tags.json").write_bytes(b"[]")
    with pytest.raises(ArtifactDamagedError, match=r"tags\.json: differs from the manifest"):
        place.publish(artifact(2))
    assert served_label(place) == 1


def test_a_deleted_pointer_is_followed_by_a_generation_that_never_was(
    place: PublishedPlace, artifact: Artifact
) -> None:
    for label in (1, 2, 3):
        place.publish(artifact(label))
    place.open().delete("current.json")
    assert place.publish(artifact(4)).pointer.generation == 4


def test_a_move_whose_answer_was_lost_knows_that_it_won(
    place: PublishedPlace, artifact: Artifact
) -> None:
    place.publish(artifact(1))

    class LosesAnswers:
        def __init__(self, store: Store) -> None:
            self._store = store

        def __getattr__(self, name: str) -> object:
            return getattr(self._store, name)

        def compare_and_swap(self, *arguments: object) -> str:
            self._store.compare_and_swap(*arguments)
            raise StoreUnavailableError("the line went dead")

    done = publish_artifact(LosesAnswers(place.open()), artifact(2), place.now)
    assert done.pointer.generation == 2
    assert served_label(place) == 2


@pytest.mark.parametrize("keep", [1, 0, -1])
def test_keeping_nothing_to_go_back_to_is_refused(keep: int) -> None:
    with pytest.raises(InputError, match="expected 2 or more"):
        Retention(keep=keep, grace=timedelta(0))
