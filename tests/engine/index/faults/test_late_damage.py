"""Damage that shows after the first answers: the version is left for the one before, and says so.

A local folder stands in for the bucket, because a reader fetches from any store alike; what moto and networks
do is in `tests/functions/test_arriving_answers.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from arriving_places import (
    RECORDS,
    cut,
    dawdle,
    fail,
    flip,
    record,
    zero,
)
from parted_site import Bend, Site, ask, label, reason, served_by
from published_place import NOON

from engine.errors import ArtifactDamagedError, ArtifactError, StoreError
from engine.index.follower import IndexFollower
from engine.index.record_file import RecordFile
from engine.index.rollback import roll_back
from engine.index.served import LiveView, Reason, Served
from engine.index.snapshot import Snapshot
from engine.store.protocol import StoredObject


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


@pytest.mark.parametrize("bend", [flip, cut, zero])
def test_a_part_that_turns_out_damaged_is_left_for_the_version_before(
    site: Site, bend: Bend
) -> None:
    follower = site.start()
    ask(follower, 1)
    assert (label(follower), reason(follower)) == (2, None)
    site.damage(2, bend)
    # Whoever needs the part gets a clear error; nobody a wrong answer.
    with pytest.raises(ArtifactDamagedError, match=r"texts\.bin"):
        ask(follower, RECORDS - 1)
    assert ask(follower, RECORDS - 1) == record(1, RECORDS - 1)
    assert (label(follower), reason(follower)) == (1, Reason.VERSION)
    assert served_by(follower).generation == 2
    assert len(site.told) == 1


def test_a_part_that_turns_out_missing_is_left_for_the_version_before(site: Site) -> None:
    prefix = site.publish(3)
    follower = site.start()
    ask(follower, 1)
    site.store.delete(f"{prefix}texts.bin")
    with pytest.raises(ArtifactDamagedError):
        ask(follower, RECORDS - 1)
    ask(follower, RECORDS - 1)
    assert (label(follower), reason(follower)) == (2, Reason.VERSION)


@pytest.mark.parametrize("bend", [fail, dawdle(0.6)])
def test_a_part_that_does_not_come_in_time_is_left_for_the_version_before(
    site: Site, bend: Bend
) -> None:
    follower = site.start(wait_seconds=0.3)
    ask(follower, 1)
    site.damage(2, bend)
    with pytest.raises(StoreError):
        ask(follower, RECORDS - 1)
    ask(follower, RECORDS - 1)
    assert (label(follower), reason(follower)) == (1, Reason.STORE)


def test_damage_that_is_found_beside_requests_is_left_before_anybody_meets_it(site: Site) -> None:
    follower = site.start()
    ask(follower, 1)
    site.damage(2, flip)
    follower.complete()
    ask(follower, RECORDS - 1)
    assert (label(follower), reason(follower)) == (1, Reason.VERSION)


def test_a_version_that_was_left_comes_back_whole_or_not_at_all(site: Site) -> None:
    follower = site.start()
    site.damage(2, flip)
    with pytest.raises(ArtifactDamagedError):
        ask(follower, RECORDS - 1)
    ask(follower, RECORDS - 1)
    for _ in range(3):
        site.clock.now += 60
        follower.check(patient=True)
        assert (label(follower), reason(follower)) == (1, Reason.VERSION)
    site.mend()
    site.clock.now += 1_000
    follower.check(patient=True)
    assert (label(follower), reason(follower)) == (2, None)
    assert served_by(follower).base.arriving is None
    ask(follower, RECORDS - 1)


def test_where_every_version_is_damaged_whoever_needs_a_part_is_told_so(site: Site) -> None:
    follower = site.start()
    ask(follower, 1)
    site.store.bend = flip
    for _ in range(6):
        with pytest.raises(ArtifactDamagedError):
            ask(follower, RECORDS - 1)
        site.clock.now += 6
    assert reason(follower) is Reason.VERSION
    # A new version is served as soon as there is one.
    site.mend()
    site.publish(3)
    follower.check(patient=True)
    assert (label(follower), reason(follower)) == (3, None)


def test_a_version_that_is_left_is_not_opened_by_part_again(site: Site) -> None:
    site.publish(3)
    follower = site.start()
    site.store.bend = flip
    seen = []
    for _ in range(8):
        with pytest.raises(ArtifactDamagedError):
            ask(follower, RECORDS - 1)
        seen.append(label(follower))
        site.clock.now += 6
    assert seen == sorted(seen, reverse=True)
    assert seen[-1] == 1


def test_where_the_pointer_has_moved_the_newest_version_is_taken(site: Site) -> None:
    follower = site.start()
    ask(follower, 1)
    site.damage(2, flip)
    site.publish(3)
    with pytest.raises(ArtifactDamagedError):
        ask(follower, RECORDS - 1)
    ask(follower, RECORDS - 1)
    assert (label(follower), reason(follower)) == (3, None)
    assert served_by(follower).generation == 3


def test_a_rollback_to_a_version_that_was_left_opens_it_whole(site: Site) -> None:
    site.publish(3)
    roll_back(site.store, NOON)  # 2 is current, 3 is last
    follower = site.start()
    site.damage(2, flip)
    with pytest.raises(ArtifactDamagedError):
        ask(follower, RECORDS - 1)
    ask(follower, RECORDS - 1)
    assert label(follower) == 1
    site.mend()
    site.clock.now += 60
    follower.check(patient=True)
    assert (label(follower), reason(follower)) == (2, None)


def test_a_store_that_is_down_leaves_what_arrived_readable(site: Site) -> None:
    follower = site.start()
    ask(follower, 1)
    ask(follower, RECORDS - 1)
    site.store.bend = fail
    with pytest.raises(StoreError):
        ask(follower, RECORDS // 2)
    # The version before cannot be had either, beyond its opening.
    with pytest.raises(StoreError):
        ask(follower, RECORDS // 2)
    site.mend()
    site.clock.now += 10
    follower.check(patient=True)
    assert ask(follower, RECORDS // 2)
    assert (label(follower), reason(follower)) == (2, None)


def test_what_was_taken_down_stays_so_when_the_version_is_left(site: Site) -> None:
    class Overlaid(Snapshot):
        def __init__(self, base: Snapshot, text: str) -> None:
            super().__init__(base.directory, base.manifest, base.generated_at)
            self.text = text

    def compose(
        base: Snapshot, objects: Mapping[str, StoredObject], _last: Snapshot | None
    ) -> Snapshot:
        return Overlaid(base, b"".join(each.data for each in objects.values()).decode())

    site.store.put_if_absent("live/takedowns.json", b"41")
    follower = site.start(LiveView(("live/takedowns.json",), compose))
    site.damage(2, flip)
    with pytest.raises(ArtifactDamagedError):
        ask(follower, RECORDS - 1)
    ask(follower, RECORDS - 1)
    snapshot = served_by(follower).snapshot
    assert isinstance(snapshot, Overlaid)
    assert (snapshot.text, label(follower)) == ("41", 1)


def test_a_request_keeps_its_version_while_it_is_left(site: Site) -> None:
    follower = site.start()
    mine = served_by(follower).snapshot
    texts = RecordFile(mine.directory, "texts")
    assert texts[1] == record(2, 1)
    site.damage(2, flip)
    with pytest.raises(ArtifactDamagedError):
        ask(follower, RECORDS - 1)
    ask(follower, RECORDS - 1)
    assert label(follower) == 1
    # It gets the right answer, or a clear error where it needs what is damaged.
    assert texts[1] == record(2, 1)
    with pytest.raises(ArtifactDamagedError):
        texts[RECORDS - 1]


# Planted defects.


def test_a_reader_that_stays_on_a_damaged_version_is_caught(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(IndexFollower, "leave", lambda _self, lost: lost)
    with pytest.raises(ArtifactError):
        test_a_part_that_turns_out_damaged_is_left_for_the_version_before(site, flip)


def test_a_reader_that_forgets_what_it_left_is_caught(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Nothing(dict[str, ArtifactError]):
        def __setitem__(self, _key: str, _value: ArtifactError) -> None:
            pass

    real = Site.start

    def start(self: Site, *arguments: object, **more: object) -> IndexFollower:
        follower = real(self, *arguments, **more)  # type: ignore[arg-type]
        follower._left = Nothing()  # type: ignore[assignment]
        return follower

    monkeypatch.setattr(Site, "start", start)
    with pytest.raises((AssertionError, ArtifactError)):
        test_a_part_that_turns_out_damaged_is_left_for_the_version_before(site, flip)


def test_a_reader_that_takes_an_arriving_version_for_the_wanted_one_is_caught(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Served, "loss", property(lambda _: None))
    with pytest.raises(ArtifactError):
        test_a_part_that_turns_out_damaged_is_left_for_the_version_before(site, flip)
