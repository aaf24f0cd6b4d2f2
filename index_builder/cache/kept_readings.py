"""How are characters read, when an earlier build has asked the dictionaries already?

Weighing 47,000 phrases takes a second of every build and depends on nothing but the installed dictionaries.
Invariant: what comes out is what `reading_evidence` gives.
"""

from __future__ import annotations

import json

from engine.index.codec import dump_json
from index_builder.cache.kept_records import make_all
from index_builder.cache.shard_folder import ShardFolder
from index_builder.lexicon.reading_evidence import Place, ReadingEvidence, reading_evidence

_ONLY = "reading evidence"
"""There is one result for a fingerprint, which names the dictionaries and the code."""


def kept_evidence(folder: ShardFolder) -> ReadingEvidence:
    """Return the evidence in `folder`; where it is not there, gather it and keep it there.

    Raises `InputError` when the folder cannot be written.
    """
    (evidence,) = make_all([_ONLY], lambda _: reading_evidence(), _encode, _decode, folder)
    return evidence


def _encode(evidence: ReadingEvidence) -> bytes:
    return dump_json(
        {
            "readings": {c: " ".join(sounds) for c, sounds in evidence.readings.items()},
            "phrases": {phrase: " ".join(read) for phrase, read in evidence.phrases.items()},
            "shares": evidence.shares,
            "usual": {f"{c}{place.value}": sound for (c, place), sound in evidence.usual.items()},
        }
    )


def _decode(record: bytes) -> ReadingEvidence:
    told = json.loads(record)
    places = {str(place.value): place for place in Place}
    return ReadingEvidence(
        readings={c: tuple(sounds.split(" ")) for c, sounds in told["readings"].items()},
        phrases={phrase: tuple(read.split(" ")) for phrase, read in told["phrases"].items()},
        shares=told["shares"],
        usual={(key[0], places[key[1:]]): sound for key, sound in told["usual"].items()},
    )
