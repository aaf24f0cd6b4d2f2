"""What S3 does on a bad day, over real sockets."""

from __future__ import annotations

import pytest
from moto_server import S3Server
from scripted_s3 import Answer, an_object, answer, hang_up, scripted_s3, written

from engine.errors import (
    InputError,
    ObjectNotFoundError,
    StoreConflictError,
    StoreError,
    StoreUnavailableError,
)
from engine.store.s3 import S3Store
from engine.store.s3_client import S3Options

SLOW_DOWN = answer("503 Slow Down", b"<Error><Code>SlowDown</Code></Error>")
INTERNAL_ERROR = answer("500 Internal Server Error")
UNDER_WAY = answer("409 Conflict", b"<Error><Code>ConditionalRequestConflict</Code></Error>")
REFUSED = answer("403 Forbidden", b"<Error><Code>AccessDenied</Code></Error>")
LOST = answer("412 Precondition Failed", b"<Error><Code>PreconditionFailed</Code></Error>")


@pytest.mark.parametrize("bad", [SLOW_DOWN, INTERNAL_ERROR, hang_up, an_object(b"cut", length=99)])
def test_a_read_is_repeated_after_a_passing_fault(bad: Answer) -> None:
    with scripted_s3(bad, bad, an_object("文脉".encode())) as server:
        assert server.open().get("a").data == "文脉".encode()
        assert server.requests == ["GET /bucket/a"] * 3


@pytest.mark.parametrize("bad", [SLOW_DOWN, INTERNAL_ERROR, hang_up, an_object(b"cut", length=99)])
def test_a_read_is_repeated_a_bounded_number_of_times(bad: Answer) -> None:
    with scripted_s3(bad) as server:
        with pytest.raises(StoreUnavailableError, match="s3://bucket/a: no usable answer"):
            server.open().get("a")
        assert server.requests == ["GET /bucket/a"] * 4


def test_a_swap_is_repeated_after_409_because_nothing_was_decided() -> None:
    with scripted_s3(UNDER_WAY, UNDER_WAY, written()) as server:
        assert server.open().compare_and_swap("a", b"x", '"old"') == '"new"'
        assert server.requests == ["PUT /bucket/a"] * 3


@pytest.mark.parametrize("expected_etag", [None, '"old"'])
def test_409_without_end_is_a_conflict_after_a_bounded_number_of_attempts(
    expected_etag: str | None,
) -> None:
    with scripted_s3(UNDER_WAY) as server:
        with pytest.raises(StoreConflictError):
            server.open().compare_and_swap("a", b"x", expected_etag)
        assert len(server.requests) == 4


@pytest.mark.parametrize("expected_etag", [None, '"old"'])
def test_412_is_a_conflict_at_once(expected_etag: str | None) -> None:
    with scripted_s3(LOST) as server:
        with pytest.raises(StoreConflictError, match="somebody else wrote first"):
            server.open().compare_and_swap("a", b"x", expected_etag)
        assert len(server.requests) == 1


def test_a_swap_that_409_delayed_loses_when_the_other_writer_won() -> None:
    with scripted_s3(UNDER_WAY, LOST) as server, pytest.raises(StoreConflictError):
        server.open().compare_and_swap("a", b"x", '"old"')


@pytest.mark.parametrize("bad", [INTERNAL_ERROR, hang_up], ids=["500", "hang up"])
@pytest.mark.parametrize("expected_etag", [None, '"old"'])
def test_a_write_that_may_have_happened_is_not_repeated(
    bad: Answer, expected_etag: str | None
) -> None:
    # Repeated, it would lose against itself, and report its own success as a conflict.
    with scripted_s3(bad, LOST) as server:
        with pytest.raises(StoreUnavailableError):
            server.open().compare_and_swap("a", b"x", expected_etag)
        assert server.requests == ["PUT /bucket/a"]


def test_a_write_turned_away_with_503_is_repeated() -> None:
    with scripted_s3(SLOW_DOWN, written()) as server:
        assert server.open().put_if_absent("a", b"x") == '"new"'
        assert server.requests == ["PUT /bucket/a"] * 2


def test_a_large_write_is_one_conditional_request() -> None:
    with scripted_s3(written()) as server:
        server.open(5).put_if_absent("a", bytes(12_000_000))
        assert server.requests == ["PUT /bucket/a"]


def test_a_refusal_names_the_permission_that_hides_missing_objects() -> None:
    with scripted_s3(REFUSED) as server:
        store = server.open()
        with pytest.raises(StoreUnavailableError, match="s3:ListBucket"):
            store.get("a")
        with pytest.raises(StoreUnavailableError, match="access was refused"):
            store.put_if_absent("a", b"x")
        with pytest.raises(StoreUnavailableError, match="access was refused"):
            store.delete("a")
        assert len(server.requests) == 3


def test_an_answer_without_etag_is_refused() -> None:
    with scripted_s3(answer("200 OK")) as server:
        with pytest.raises(StoreUnavailableError):
            server.open().put_if_absent("a", b"x")
        with pytest.raises(StoreUnavailableError):
            server.open().get("a")


@pytest.mark.parametrize(
    "bad",
    [
        answer("206 Partial Content", b"xyz", Content_Range="bytes 0-9/1000", ETag='"tag"',
               Last_Modified="Mon, 01 Jan 2024 00:00:00 GMT"),
        answer("206 Partial Content", b"xyz", Content_Range="bytes 0-2/3", ETag='"tag"',
               Last_Modified="Mon, 01 Jan 2024 00:00:00 GMT"),
        an_object(bytes(10)),
        an_object(bytes(1000)),
    ],
    ids=["short body", "short range", "not partial", "whole object"],
)  # fmt: skip
def test_a_range_is_never_answered_with_other_bytes(bad: Answer) -> None:
    with scripted_s3(bad) as server, pytest.raises(StoreUnavailableError):
        server.open().get_range("a", 0, 10)


def test_a_page_that_is_no_listing_is_refused() -> None:
    page = answer("200 OK", b"Welcome to the guest network")
    with (
        scripted_s3(page) as server,
        pytest.raises(StoreUnavailableError, match="no usable answer"),
    ):
        server.open().list("versions/")


def test_deleting_is_idempotent_where_a_missing_object_answers_404() -> None:
    missing = answer("404 Not Found", b"<Error><Code>NoSuchKey</Code></Error>")
    with scripted_s3(missing) as server:
        server.open().delete("a")
        assert server.requests == ["DELETE /bucket/a"]
        with pytest.raises(ObjectNotFoundError):
            server.open().get("a")


def test_a_missing_bucket_is_no_missing_object(s3_options: S3Options) -> None:
    store = S3Store("wenmai-no-such-bucket", "site", options=s3_options)
    for attempt in (
        lambda: store.get("a"),
        lambda: store.put_if_absent("a", b""),
        lambda: store.compare_and_swap("a", b"", '"old"'),
        store.list,
        lambda: store.delete("a"),
    ):
        with pytest.raises(StoreUnavailableError, match="the bucket does not exist"):
            attempt()


def test_settings_come_from_the_environment(
    s3_server: S3Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in s3_server.environment.items():
        monkeypatch.setenv(name, value)
    store = S3Store(s3_server.create_bucket())
    store.put_if_absent("a", b"1")
    assert store.get("a").data == b"1"


@pytest.mark.parametrize("variable", ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT"])
def test_options_outrank_the_environment(
    variable: str, s3_server: S3Server, s3_options: S3Options, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, "https://elsewhere.invalid")
    store = S3Store(s3_server.create_bucket(), options=s3_options)
    store.put_if_absent("a", b"1")
    monkeypatch.setenv(variable, s3_server.endpoint_url)
    secure = S3Options("https://127.0.0.1:1", "us-east-1", "key", "secret")
    with pytest.raises(StoreUnavailableError, match=r"https://127\.0\.0\.1:1/"):
        S3Store("bucket", options=secure).get("a")


def test_missing_credentials_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with scripted_s3(answer("404 Not Found")) as server:
        monkeypatch.setenv("AWS_METADATA_ENDPOINT", server.endpoint_url)
        monkeypatch.delenv("AWS_ACCESS_KEY_ID", raising=False)
        monkeypatch.delenv("AWS_SECRET_ACCESS_KEY", raising=False)
        store = S3Store("bucket", options=S3Options(server.endpoint_url, "us-east-1"))
        with pytest.raises(StoreError, match="no AWS credentials in the environment"):
            store.get("a")


def test_unusable_settings_are_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_CHECKSUM_ALGORITHM", "rot13")
    with pytest.raises(InputError, match="cannot be set up"):
        S3Store("bucket")


def test_secrets_stay_out_of_texts(s3_options: S3Options) -> None:
    assert "moto-secret" not in repr(s3_options)
    assert repr(S3Store("bucket", "a/b", options=s3_options)) == "S3Store('s3://bucket/a/b')"
