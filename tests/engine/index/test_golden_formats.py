"""Indexes that earlier builds wrote: this reader opens its own format and refuses every other."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import ArtifactFormatError
from engine.index.manifest import FORMAT_VERSION
from engine.index.snapshot import open_snapshot

GOLDEN = Path(__file__).resolve().parents[2] / "golden"


def test_format_3_opens_and_reads_as_it_was_written() -> None:
    snapshot = open_snapshot(GOLDEN / "format-3", verify=True)
    assert snapshot.manifest.format_version == FORMAT_VERSION == 3
    assert [snapshot.articles.card(n).title for n in range(3)] == [
        "新店三个月没订单,淘宝店铺该从哪几步自查",
        "淘宝店铺层级从第一级冲到第三级要多少成交额",
        "图片被同行搬走,淘宝盗图取证与申诉全流程",
    ]
    assert snapshot.articles.text(1).body.startswith("问：淘宝店铺层级到底怎么算？")
    (segment,) = snapshot.segments
    number = segment.terms.get("店铺")
    assert number is not None
    documents, impacts = segment.lists.postings(number)
    assert documents.tolist() == [0, 1, 2]
    assert impacts.tolist() == [215, 255, 119]
    assert float(segment.lists.peaks[number]) == 0.2232666015625
    assert segment.terms.get("保证金") is None


@pytest.mark.parametrize("version", [1, 2])
def test_an_older_format_is_refused_with_what_to_do(version: int) -> None:
    with pytest.raises(
        ArtifactFormatError,
        match=f"written in format {version}, this reader knows format 3; rebuild",
    ):
        open_snapshot(GOLDEN / f"format-{version}")
