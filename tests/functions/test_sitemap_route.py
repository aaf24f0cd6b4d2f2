from __future__ import annotations

from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest
from handler_calls import event_for
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import InputError
from engine.index.snapshot import open_snapshot
from engine.recommend import sitemap
from engine.recommend.sitemap import SitemapEntry
from functions import runtime
from functions.settings import Settings, read_settings
from functions.sitemap_document import base_url, sitemap_xml

NAMESPACE = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
BASE = "https://bbs.example.cn/"


def locations(text: str) -> list[str]:
    # Ours, not a stranger's: no entity in it to fear.
    root = ET.fromstring(text.encode())  # noqa: S314
    return [element.text or "" for element in root.iter(f"{NAMESPACE}loc")]


def located(url: str | None, article_id: str = "41") -> str:
    (location,) = locations(sitemap_xml([SitemapEntry(article_id, url, None)], BASE))
    return location


def test_the_sitemap_names_every_article_once_with_its_last_change(
    get, sample_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runtime, "settings", Settings(site_url="https://bbs.example.cn"))
    answer = get("/sitemap.xml")
    assert answer.headers["Content-Type"] == "application/xml; charset=utf-8"
    found = locations(answer.body)
    assert len(found) == len(set(found)) == len(open_snapshot(sample_index).articles)
    assert "https://bbs.example.cn/article/41.html" in found
    root = ET.fromstring(answer.body.encode())  # noqa: S314
    dates = [element.text or "" for element in root.iter(f"{NAMESPACE}lastmod")]
    assert all(datetime.fromisoformat(date).tzinfo for date in dates)
    entry = next(e for e in root if e[0].text == "https://bbs.example.cn/article/41.html")
    assert entry[1].text == get("/v1/articles/41").body["updated_at"]


def test_without_a_setting_addresses_start_where_the_request_was_sent(get) -> None:
    answer = get("/sitemap.xml", host="127.0.0.1:8000")
    assert "http://127.0.0.1:8000/article/41.html" in locations(answer.body)


def test_the_sitemap_can_be_revalidated(get) -> None:
    first = get("/sitemap.xml")
    assert get("/sitemap.xml", if_none_match=first.headers["ETag"]).status == 304


def test_many_articles_are_spread_over_sheets_that_an_index_names(
    get, sample_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = locations(get("/sitemap.xml").body)
    monkeypatch.setattr(sitemap, "ARTICLES_PER_SHEET", 50)
    index = get("/sitemap.xml")
    assert "<sitemapindex" in index.body
    sheets = locations(index.body)
    assert [urlsplit(sheet).query for sheet in sheets] == ["page=1", "page=2", "page=3"]
    read = [get("/sitemap.xml", urlsplit(sheet).query).body for sheet in sheets]
    assert [len(locations(sheet)) for sheet in read] == [50, 50, 26]
    assert [url for sheet in read for url in locations(sheet)] == whole
    refused = get("/sitemap.xml", "page=4")
    assert refused.status == 400
    assert refused.body["detail"] == "page: expected a whole number from 1 to 3, found 4"


@pytest.mark.parametrize("query", ["page=0", "page=x", "page=99999", "sheet=1", "page=1&page=1"])
def test_a_bad_sheet_is_refused(get, query: str) -> None:
    answer = get("/sitemap.xml", query)
    assert answer.status == 400
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("url", "location"),
    [
        ("/article/41.html", "https://bbs.example.cn/article/41.html"),
        ("article/41.html", "https://bbs.example.cn/article/41.html"),
        ("https://other.example.com/a?b=1&c=2", "https://other.example.com/a?b=1&c=2"),
        ("//cdn.example.com/a", "https://cdn.example.com/a"),
        ("/文章/41", "https://bbs.example.cn/%E6%96%87%E7%AB%A0/41"),
        ("/a%20b", "https://bbs.example.cn/a%20b"),
        ('/a"<b>', "https://bbs.example.cn/a%22%3Cb%3E"),
        (None, "https://bbs.example.cn/v1/articles/41"),
        ("  ", "https://bbs.example.cn/v1/articles/41"),
        ("javascript:alert(1)", "https://bbs.example.cn/v1/articles/41"),
        ("http://[", "https://bbs.example.cn/v1/articles/41"),
        ("/" + "a" * 3_000, "https://bbs.example.cn/v1/articles/41"),
    ],
)
def test_every_url_becomes_an_absolute_address(url: str | None, location: str) -> None:
    assert located(url) == location


@given(st.one_of(st.none(), st.text(max_size=60)), st.text(min_size=1, max_size=30))
def test_whatever_an_article_is_called_the_document_is_well_formed(
    url: str | None, article_id: str
) -> None:
    location = located(url, article_id)
    assert urlsplit(location).scheme in {"http", "https"}
    assert location.isascii()
    assert not any(character.isspace() for character in location)


def test_behind_api_gateway_addresses_are_https() -> None:
    event, _ = event_for("/sitemap.xml", host="bbs.example.cn")
    event["headers"]["x-forwarded-proto"] = "https"
    assert base_url(None, event) == "https://bbs.example.cn/"


def test_a_host_header_cannot_bring_markup_or_a_path_in() -> None:
    for host in ('a"><b>', "evil.example/path", "a b", ""):
        event, _ = event_for("/sitemap.xml", host=host)
        event["requestContext"]["domainName"] = host
        assert base_url(None, event) == "http://localhost/"


@pytest.mark.parametrize(
    "value", ["bbs.example.cn", "ftp://x", "https://", 'https://a"b', "https://a b"]
)
def test_a_site_address_that_is_none_is_refused_at_the_start(value: str) -> None:
    with pytest.raises(InputError, match="WENMAI_SITE_URL"):
        read_settings({"WENMAI_SITE_URL": value})


def test_a_site_below_a_path_keeps_it() -> None:
    assert read_settings({"WENMAI_SITE_URL": " https://a.cn/bbs "}).site_url == "https://a.cn/bbs"
    event, _ = event_for("/sitemap.xml")
    assert base_url("https://a.cn/bbs", event) == "https://a.cn/bbs/"
