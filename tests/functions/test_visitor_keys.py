from __future__ import annotations

from datetime import timedelta

import pytest
from counters_fixtures import at

from engine.counters.protocol import Visitor
from functions.visitor_keys import VisitorKeys

NOW = at("2026-05-04 08:30")
KEYS = VisitorKeys("a secret that is kept apart")
ADDRESS = "203.0.113.7"
BROWSER = "Mozilla/5.0 (X11; Linux x86_64)"


def of(
    visitor: str | None = None, ip: str = ADDRESS, browser: str = BROWSER, days: int = 0
) -> Visitor:
    return KEYS.of(visitor, ip, browser, NOW + timedelta(days=days))


def test_the_same_visitor_has_the_same_keys_all_day() -> None:
    first = KEYS.of(None, ADDRESS, BROWSER, at("2026-05-04 00:00"))
    last = KEYS.of(None, ADDRESS, BROWSER, at("2026-05-04 23:59"))
    assert (
        first == last == VisitorKeys("a secret that is kept apart").of(None, ADDRESS, BROWSER, NOW)
    )


def test_the_next_day_has_other_keys_for_visitor_and_source() -> None:
    today, tomorrow = of(), of(days=1)
    assert today.key != tomorrow.key
    assert today.source != tomorrow.source


def test_another_secret_has_other_keys() -> None:
    other = VisitorKeys("another secret, kept apart").of(None, ADDRESS, BROWSER, NOW)
    assert other.key != of().key
    assert other.source != of().source


def test_who_is_named_by_the_page_is_the_same_on_every_network() -> None:
    assert of("阿").key == of("阿", ip="198.51.100.1", browser="curl").key
    assert of("阿").key != of("宝").key
    assert of("阿").source != of("阿", ip="198.51.100.1").source


def test_who_is_not_named_is_an_address_and_a_browser() -> None:
    assert of().key != of(browser="curl").key
    assert of().key != of(ip="198.51.100.1").key
    assert of().source == of(browser="curl").source


def test_a_name_cannot_pass_for_a_browser() -> None:
    assert of(f"{ADDRESS}{BROWSER}").key != of().key
    assert of(ADDRESS).key != of().source


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("203.0.113.7", "203.0.113.8", False),
        ("::ffff:203.0.113.7", "::ffff:203.0.113.8", False),
        ("not an address", "another", False),
    ],
)
def test_a_source_is_an_address_and_of_ipv6_what_one_household_gets(
    one: str, other: str, same: bool
) -> None:
    assert (of(ip=one).source == of(ip=other).source) is same


def test_keys_hold_nothing_of_what_they_were_made_from() -> None:
    told = repr(of("user-4711"))
    for secret in ("user-4711", ADDRESS, "Mozilla", "secret"):
        assert secret not in told
