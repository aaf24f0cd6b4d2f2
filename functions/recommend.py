"""What stands around an article: itself, related and hot articles, and its tags?

GET /v1/articles, /v1/articles/{id}, its /related and /blocks, /v1/categories, /v1/hot and /v1/tags/{tag};
POST /v1/recommendations; GET /v1/fragments/related/{id}.html and
/v1/fragments/hot.html; GET /sitemap.xml. Each route parses, asks the engine once and responds.
"""

from __future__ import annotations

# First: it begins to open an index in a store while all the others are imported.
from functions import runtime

# isort: split
from engine.errors import ArticleNotFoundError
from engine.index.snapshot import Snapshot
from engine.recommend.blocks import article_blocks
from engine.recommend.for_you import for_you
from engine.recommend.hot import hot_articles
from engine.recommend.listing import category_counts, newest_articles
from engine.recommend.related import related_articles
from engine.recommend.sitemap import sheet_count, sitemap_sheet
from engine.recommend.tag_pages import tag_page
from engine.recommend.visible_articles import visible_article
from functions.bodies import (
    SITEMAP_PATH,
    article_body,
    blocks_body,
    categories_body,
    for_you_body,
    hot_body,
    listing_body,
    related_body,
    tag_body,
)
from functions.entry_point import entry_point
from functions.first_files import HOT_FILES, RELATED_FILES
from functions.fragments import CACHE_FRAGMENT, MEDIA_TYPE, hot_fragment, related_fragment
from functions.parameters import (
    parse_blocks,
    parse_history,
    parse_hot,
    parse_listing,
    parse_nothing,
    parse_page,
    parse_sheet,
    parse_size,
)
from functions.powertools import Response
from functions.responses import CACHE_NOTHING, EVENT_TOKEN, document
from functions.routes import Routes, readings
from functions.sitemap_document import base_url, sitemap_index_xml, sitemap_xml

routes = Routes()


@routes.get("/v1/hot")
def list_hot_articles() -> Response[str]:
    """Answer the hot list of the site or of one category."""
    request = parse_hot(routes.query_string)
    snapshot = runtime.current_snapshot(HOT_FILES)
    hot_list = hot_articles(
        snapshot, window=request.window, category=request.category, size=request.size
    )
    return routes.answer(hot_body(hot_list), snapshot)


@routes.get("/v1/tags/<tag>")
def list_articles_under_tag(tag: str) -> Response[str]:
    """Answer one page of the articles under a tag."""
    request = parse_page(routes.query_string)
    snapshot = runtime.current_snapshot()
    pages = (
        tag_page(snapshot, reading, page=request.page, size=request.size)
        for reading in readings(tag)
    )
    first = next(pages)
    page = first if first.total else next((page for page in pages if page.total), first)
    return routes.answer(tag_body(page), snapshot)


@routes.post("/v1/recommendations")
def recommend_to_reader() -> Response[str]:
    """Answer what somebody may read next who has read certain articles."""
    parse_nothing(routes.query_string)
    request = parse_history(routes.current_event.raw_event)
    snapshot = runtime.current_snapshot()
    answer = for_you(snapshot, request.history, request.size)
    return routes.answer(for_you_body(answer), snapshot, cache_control=CACHE_NOTHING)


@routes.get(SITEMAP_PATH)
def show_sitemap() -> Response[str]:
    """Answer the addresses of all articles: one sheet of them, or which sheets there are."""
    sheet = parse_sheet(routes.query_string)
    snapshot = runtime.current_snapshot()
    base = base_url(runtime.settings.site_url, routes.current_event.raw_event)
    sheets = sheet_count(snapshot)
    if sheet is None and sheets > 1:
        text = sitemap_index_xml(sheets, base, SITEMAP_PATH)
    else:
        text = sitemap_xml(sitemap_sheet(snapshot, sheet or 1), base)
    return document(
        text,
        "application/xml; charset=utf-8",
        if_none_match=routes.current_event.headers.get("if-none-match"),
    )


@routes.get("/v1/fragments/hot.html")
def include_hot_articles() -> Response[str]:
    """Answer the hot list as HTML to be included."""
    request = parse_hot(routes.query_string)
    hot_list = hot_articles(
        runtime.current_snapshot(),
        window=request.window,
        category=request.category,
        size=request.size,
    )
    return _fragment(hot_fragment(hot_list))


@routes.get("/v1/fragments/related/<file>")
def include_related_articles(file: str) -> Response[str]:
    """Answer the related articles of the article that `file`, its id and .html, names."""
    size = parse_size(routes.query_string)
    snapshot = runtime.current_snapshot()
    # API Gateway knows no variable with an ending behind it; without it the name is no fragment's.
    if not file.endswith(".html"):
        raise ArticleNotFoundError(file)
    article_id = _known_id(snapshot, file.removesuffix(".html"))
    return _fragment(related_fragment(related_articles(snapshot, article_id, size)))


def _fragment(text: str) -> Response[str]:
    return document(
        text,
        MEDIA_TYPE,
        if_none_match=routes.current_event.headers.get("if-none-match"),
        cache_control=CACHE_FRAGMENT,
    )


@routes.get("/v1/articles")
def list_newest_articles() -> Response[str]:
    """Answer one page of the newest articles of the site or of one category."""
    request = parse_listing(routes.query_string)
    snapshot = runtime.current_snapshot()
    listing = newest_articles(
        snapshot, category=request.category, page=request.page, size=request.size
    )
    return routes.answer(listing_body(listing), snapshot)


@routes.get("/v1/categories")
def list_categories() -> Response[str]:
    """Answer which categories there are and how many articles each has."""
    parse_nothing(routes.query_string)
    snapshot = runtime.current_snapshot()
    return routes.answer(categories_body(category_counts(snapshot)), snapshot)


# Before the article itself, whose id may hold slashes: see `Routes`.
@routes.get("/v1/articles/<article_id>/related")
def list_related_articles(article_id: str) -> Response[str]:
    """Answer what to read after an article."""
    size = parse_size(routes.query_string)
    snapshot = runtime.current_snapshot(RELATED_FILES)
    items = related_articles(snapshot, _known_id(snapshot, article_id), size)
    return routes.answer(related_body(items), snapshot)


@routes.get("/v1/articles/<article_id>/blocks")
def list_blocks(article_id: str) -> Response[str]:
    """Answer every box of an article's page at once."""
    boxes = parse_blocks(routes.query_string)
    snapshot = runtime.current_snapshot()
    known_id = _known_id(snapshot, article_id)
    blocks = article_blocks(snapshot, known_id, boxes)
    body = {**blocks_body(blocks), EVENT_TOKEN: runtime.issue_token("article", known_id)}
    return routes.answer(body, snapshot)


@routes.get("/v1/articles/<article_id>")
def show_article(article_id: str) -> Response[str]:
    """Answer an article with its whole text."""
    parse_nothing(routes.query_string)
    snapshot = runtime.current_snapshot()
    number = visible_article(snapshot, _known_id(snapshot, article_id))
    articles = snapshot.articles
    card = articles.card(number)
    token = runtime.issue_token("article", card.id)
    body = {**article_body(card, articles.text(number)), EVENT_TOKEN: token}
    return routes.answer(body, snapshot)


def _known_id(snapshot: Snapshot, parameter: str) -> str:
    for reading in readings(parameter):
        if snapshot.articles.find(reading) is not None:
            return reading
    raise ArticleNotFoundError(parameter)


handler = entry_point(routes)
