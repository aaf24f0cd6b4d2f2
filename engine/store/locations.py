"""Which store does this text name?

Invariant: naming a local folder never loads the S3 client, which costs a cold start 20 to 70 ms.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from engine.errors import InputError
from engine.store.local_folder import LocalFolderStore
from engine.store.protocol import Store, check_key

if TYPE_CHECKING:
    from engine.store.s3_client import S3Options

_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")


def open_store(
    url: str, *, deadline_seconds: float = 5.0, s3_options: S3Options | None = None
) -> Store:
    """Return the store at a folder's path, file:///folder or s3://bucket/prefix.

    Nothing is read or created yet. Raises `InputError` for any other text, and for a path that is
    a file.
    """
    folder = local_folder(url)
    if folder is None:
        return _open_bucket(url, deadline_seconds, s3_options)
    if folder.is_file():
        raise _unusable(url, "it is a file")
    return LocalFolderStore(folder, deadline_seconds=deadline_seconds)


def open_store_pair(url: str, quick_seconds: float, patient_seconds: float) -> tuple[Store, Store]:
    """Return the store at `url` twice, with two deadlines, and with one client where it needs one.

    A client takes a cold start 10 ms. Raises what `open_store` does.
    """
    patient = open_store(url, deadline_seconds=patient_seconds)
    if local_folder(url) is not None:
        return open_store(url, deadline_seconds=quick_seconds), patient
    from engine.store.s3 import S3Store  # noqa: PLC0415 - see the invariant

    assert isinstance(patient, S3Store)  # noqa: S101 - there is no third kind
    return patient.with_deadline(quick_seconds), patient


def local_folder(url: str) -> Path | None:
    """Return the folder that a path or file:///folder names, None for s3://bucket/prefix.

    Raises `InputError` for any other text.
    """
    if url.startswith("s3://"):
        return None
    if url.startswith("file:"):
        return _path_of(url)
    if not url.strip() or "\0" in url or "://" in url:
        raise _unusable(url, "it is neither")
    return Path(url)


def _open_bucket(url: str, deadline_seconds: float, options: S3Options | None) -> Store:
    bucket, _, prefix = url.removeprefix("s3://").partition("/")
    prefix = prefix.removesuffix("/")
    if not _BUCKET.fullmatch(bucket):
        raise _unusable(url, f"{bucket!r} is no bucket name")
    if prefix:
        try:
            check_key(prefix)
        except InputError as error:
            raise _unusable(url, str(error)) from error
    from engine.store.s3 import S3Store  # noqa: PLC0415 - see the invariant

    return S3Store(bucket, prefix, options=options, deadline_seconds=deadline_seconds)


def _path_of(url: str) -> Path:
    parts = urlsplit(url)
    path = unquote(parts.path)
    if parts.netloc not in {"", "localhost"} or parts.query or parts.fragment:
        raise _unusable(url, "a file URL has three slashes and no host, query or fragment")
    if not path.startswith("/") or "\0" in path:
        raise _unusable(url, "the path is not absolute")
    return Path(path)


def _unusable(url: str, why: str) -> InputError:
    return InputError(
        f"the place {url!r} is unusable: {why}; "
        "expected a folder's path, file:///folder or s3://bucket/prefix"
    )
