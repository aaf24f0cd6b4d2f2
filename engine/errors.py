"""What can go wrong, as one tree.

Invariant: every error Wenmai raises on purpose is a `WenmaiError`, and its message says what was
found, what was expected and what to do. The edges translate kinds, never texts: `local/cli.py` to
exit codes, `functions/responses.py` to HTTP.

    WenmaiError
    ├── InputError              what was handed in is unusable (exit 2, HTTP 400)
    │   ├── SourceError         an article source is missing, empty or unreadable
    │   ├── LexiconError        a lexicon file has a bad line
    │   └── QueryError          a request parameter is bad; names the field
    │       └── RequestTooLargeError  it is larger than the route takes (HTTP 413)
    ├── NotFoundError           a named thing does not exist (HTTP 404)
    │   ├── ArticleNotFoundError
    │   └── ObjectNotFoundError the store holds no object under this key
    ├── NotAllowedError         whoever asks has not shown that they may (HTTP 403)
    ├── NotPublishedError       an index lies there that cannot be changed while it is served (HTTP 409)
    ├── ArticleTakenDownError   a takedown keeps this article from coming back (HTTP 409)
    ├── GateRefusedError        a quality gate said no (exit 3)
    ├── ArtifactError           an index cannot be trusted (exit 4)
    │   ├── ArtifactDamagedError
    │   └── ArtifactFormatError written in a format this reader does not know
    └── StoreError              bytes could not be had or kept (exit 5, HTTP 503)
        ├── StoreUnavailableError   no answer, a refusal, or past the deadline
        │   ├── CountersUnavailableError  the same of the counters of events
        │   ├── StoreRefusedError   the store answered, and said no to whoever asks
        │   └── ObjectTooShortError the object ends before the part that was asked for
        ├── StoreConflictError      somebody else wrote first
        ├── LiveObjectFullError     a live object cannot take one more change
        └── IndexUnavailableError   no index can be had at the place that was named
"""


class WenmaiError(Exception):
    """The root of every error raised on purpose."""


class InputError(WenmaiError):
    """Something handed in from outside is unusable."""


class SourceError(InputError):
    """An article source is missing, empty or unreadable."""


class LexiconError(InputError):
    """A lexicon file has a line that cannot be used."""


class QueryError(InputError):
    """A request parameter is unusable; `field` names it."""

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(f"{field}: {detail}")
        self.field = field
        self.detail = detail


class RequestTooLargeError(QueryError):
    """A request, or a part of it, is larger than the route takes."""


class NotFoundError(WenmaiError):
    """A named thing does not exist."""


class ArticleNotFoundError(NotFoundError):
    """No visible article has this id."""

    def __init__(self, article_id: str) -> None:
        super().__init__(f"no article has the id {article_id!r}; it may have been deleted")
        self.article_id = article_id


class ObjectNotFoundError(NotFoundError):
    """The store holds no object under this key."""

    def __init__(self, key: str, place: str) -> None:
        super().__init__(f"{place} holds no object {key!r}; check the key and the place")
        self.key = key
        self.place = place


class NotAllowedError(WenmaiError):
    """Whoever asks has not shown that they may."""


class NotPublishedError(WenmaiError):
    """The index is a plain folder: it has no place for what changes while it is served."""


class ArticleTakenDownError(WenmaiError):
    """The article was taken down and may not be put again."""

    def __init__(self, article_id: str) -> None:
        super().__init__(
            f"the article {article_id!r} was taken down; "
            "lift that first: wenmai takedown ID --to URL --lift"
        )
        self.article_id = article_id


class GateRefusedError(WenmaiError):
    """A quality gate refused to go on; names the gate, the figure and its bound."""

    def __init__(self, gate: str, found: str, bound: str, advice: str) -> None:
        super().__init__(f"{gate}: found {found}, the bound is {bound}. {advice}")
        self.gate = gate
        self.found = found
        self.bound = bound


class ArtifactError(WenmaiError):
    """An index artifact cannot be trusted."""


class ArtifactDamagedError(ArtifactError):
    """A file of the artifact is missing, or differs from what the manifest says."""


class ArtifactFormatError(ArtifactError):
    """The artifact is written in a format that this reader does not know."""


class StoreError(WenmaiError):
    """The object store could not do what was asked."""


class StoreUnavailableError(StoreError):
    """The store did not answer, refused, or took longer than the deadline."""


class CountersUnavailableError(StoreUnavailableError):
    """Events cannot be counted, or counts not be read, at the moment."""


class StoreRefusedError(StoreUnavailableError):
    """The store refused whoever asks; without s3:ListBucket, S3 also refuses what does not exist."""


class ObjectTooShortError(StoreUnavailableError):
    """The object ends before the part that was asked for: no answer of the network, but its size."""


class StoreConflictError(StoreError):
    """A conditional write lost: the object is not what the writer expected."""


class LiveObjectFullError(StoreError):
    """A live object would become longer than readers can fetch every few seconds."""

    def __init__(self, key: str, found: int, most: int, unit: str = "bytes") -> None:
        super().__init__(
            f"{key}: it would hold {found:,} {unit}, the bound is {most:,}; "
            "rebuild the index, which folds the changes in (docs/operations.md), and try again"
        )
        self.key = key


class IndexUnavailableError(StoreError):
    """No index can be had: none was named, none lies there yet, or it cannot be taken in."""
