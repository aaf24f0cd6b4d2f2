"""Cards are stored as answers hold them."""

from __future__ import annotations

import json

from hypothesis import example, given
from hypothesis import strategies as st

from engine.documents import Article, Card, make_card
from engine.index.card_records import CardRecord, encode_card, record_of

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)


@given(TEXTS, TEXTS, st.lists(TEXTS, max_size=3))
@example('","title":"x', '"title":"y\\"\n\u2028', ['"title":'])
def test_a_record_reads_back_as_the_card(identifier: str, title: str, tags: list[str]) -> None:
    article = Article(id=identifier, title=title, body="正文", tags=tuple(tags), views=0)
    record = record_of(article)
    assert record.title == title
    assert record.card() == make_card(article)
    assert CardRecord(encode_card(article).decode("utf-8")) == record


def test_a_record_has_the_fields_of_a_card_in_their_order() -> None:
    record = record_of(Article(id="1", title="店铺", body="正文"))
    assert tuple(json.loads(record.json)) == Card.__match_args__
