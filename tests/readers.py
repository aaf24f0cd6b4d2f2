"""Readers of tiny artifacts, for the suites that break publication on purpose."""

from __future__ import annotations

from published_place import PublishedPlace
from tiny_artifact import label_of

from engine.index.follower import IndexFollower
from engine.index.served import LiveView, Served


def start_reader(place: PublishedPlace) -> IndexFollower:
    follower = IndexFollower(place.for_readers(), LiveView(), open_seconds=30)
    follower.open_first()
    return follower


def label_served(follower: IndexFollower) -> int:
    served = follower.served
    assert isinstance(served, Served)
    return label_of(served.snapshot)
