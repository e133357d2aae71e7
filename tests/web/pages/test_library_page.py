"""The library page: the list, searches, facets and errors; and the library in the address bar."""

import re
import time
from html import unescape
from urllib.parse import quote
from xml.etree import ElementTree

import pytest

from paperclipper.services.tags import tagging
from web.pages.reading import ORIGIN, Inline, ask_to_connect, clip, normalise, note, post, text

OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


def page_link(page, rel):
    """Return the link to the next or previous page."""
    return unescape(re.search(rf'rel="{rel}" href="([^"]+)"', page)[1])


class TestLibrary:
    def test_an_empty_library_explains_the_first_steps(self, reader):
        page = text(reader.get("/"))
        for words in ("Your library is empty", "chrome://extensions", "about:debugging", ORIGIN):
            assert words in page
        assert 'href="https://huggingface.co/papers"' in page

    def test_papers_are_listed_newest_first_twenty_per_page(self, reader, store):
        for number in range(21):
            clip(store, f"Paper number {number:02}")
            time.sleep(0.002)  # times are stored in milliseconds
        every = [f"{n:02}" for n in range(20, -1, -1)]
        for address in ("/", "/?q=paper&sort=clipped", "/?q=status:unread"):
            first = text(reader.get(address))
            second = text(reader.get(page_link(first, "next")))
            again = text(reader.get(page_link(second, "prev")))
            shown = [re.findall(r"(\d\d)</a>", page) for page in (first, second, again)]
            assert shown == [every[:20], every[20:], every[:20]]
            assert 'rel="prev"' not in first
            assert 'rel="next"' not in second

    @pytest.mark.parametrize("cursor", [f"{'0' * 24}.20", "20", "x"])
    def test_an_expired_cursor_redirects_to_the_first_page(self, reader, store, cursor):
        answer = reader.get(f"/?q=otters&sort=upvotes&cursor={cursor}")
        assert (answer.status_code, answer.location) == (303, "/?q=otters&sort=upvotes")

    def test_a_search_marks_hits_and_papers_link_back_to_it(self, reader, store):
        clip(store, abstract="They count shells & stones.")
        clip(store, "Badgers at night", abstract="They dig.")
        page = text(reader.get("/?q=shells"))
        assert '<mark class="hit">shells</mark> &amp; stones' in page
        assert "Badgers" not in page
        link = unescape(re.search(r'href="(/papers/[^"]+)"', page)[1])
        assert 'href="/?q=shells"' in text(reader.get(link))

    def test_an_incomplete_word_matches_while_typing_and_on_the_page(self, reader, store):
        clip(store)
        part, page = text(reader.get("/?q=ott&part=results")), text(reader.get("/?q=ott"))
        assert '<mark class="hit">Otters</mark>' in part
        assert '<mark class="hit">Otters</mark>' in page
        assert "<html" not in part

    def test_partial_matches_are_separate_and_each_part_is_explained(self, reader, store):
        clip(store)
        page = text(reader.get("/?q=otters+zeppelin"))
        whole, close = page.split('id="partial-h"')
        assert "No paper has" in whole
        assert '<mark class="hit">Otters</mark>' not in whole
        assert '<mark class="hit">Otters</mark>' in close
        assert "<s>zeppelin</s>" in close
        assert 'href="/?q=otters"' in whole  # without zeppelin
        assert 'href="/?q=zeppelin"' not in whole  # which has no results

    def test_no_results_offer_similar_spelling(self, reader, store):
        clip(store)
        assert "Nothing found for “zeppelin”" in text(reader.get("/?q=zeppelin"))
        assert 'href="/?q=otters"' in text(reader.get("/?q=ottres"))

    def test_facets_and_filters_link_to_searches(self, reader, store):
        tagging.add(store, clip(store), "rivers/small")
        page = text(reader.get("/?q=otters+status:unread&sort=upvotes"))
        assert 'href="/?q=otters+status:unread+%23rivers/small&amp;sort=upvotes"' in page
        for on in ('aria-current="true"', 'aria-label="Remove filter: status:unread"'):
            assert re.search(rf'href="/\?q=otters&amp;sort=upvotes"[^>]*{on}', page), on
        assert 'name="sort" value="upvotes"' in page

    @pytest.mark.parametrize(
        ("q", "message", "character"),
        [
            ("otter+" * 30, "the limit is 24 words", "o"),
            ("o" * 257, "the limit is 256 characters", "o"),
            ("otters+(count", "never closed", "("),
            ("otters+status:sunk", "There is no status:sunk", "s"),
        ],
    )
    def test_an_invalid_search_shows_the_position(self, reader, store, q, message, character):
        clip(store)
        answer = reader.get(f"/?q={q}")
        assert answer.status_code == 200
        assert message in text(answer)
        assert f"<mark>{character}</mark>" in text(answer)

    def test_a_bracket_may_be_open_while_typing(self, reader, store):
        clip(store)
        assert '<mark class="hit">Otters</mark>' in text(reader.get("/?q=otters+(cou&part=results"))

    def test_a_trashed_paper_offers_undo(self, reader, store):
        paper_id = clip(store)
        answer = post(reader, f"/papers/{paper_id}/trash")
        page = text(reader.get(answer.location))
        assert f'action="/papers/{paper_id}/restore"' in page
        assert "Otters" in text(reader.get("/trash"))
        assert "Otters" not in text(reader.get("/?part=results"))
        post(reader, f"/papers/{paper_id}/restore")
        assert "Otters" in text(reader.get("/?part=results"))


def test_no_page_has_inline_scripts_or_styles(reader, store):
    paper_id = clip(store, abstract="A $x$.")
    note(store, paper_id, "one")
    asked = ask_to_connect()
    for path in (
        "/",
        "/?q=otter",
        f"/papers/{paper_id}",
        "/settings",
        "/trash",
        f"/pair/{asked.id}",
        "/sign-in",
    ):
        answer = reader.get(path)
        assert answer.status_code == 200
        assert Inline(text(answer)).found == [], path


def description(server):
    answer = server.ask("GET", "/opensearch.xml", token=())
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("application/opensearchdescription+xml")
    return ElementTree.fromstring(answer.body.decode())


def test_every_page_links_to_the_description(server):
    page = server.ask("GET", "/sign-in", token=()).body.decode()
    assert re.search(r'<link rel="search" [^>]*href="/opensearch.xml">', normalise(page))


def test_the_description_follows_the_standard(server):
    found = description(server)
    assert found.tag == f"{OPENSEARCH}OpenSearchDescription"
    assert 0 < len(found.find(f"{OPENSEARCH}ShortName").text) <= 16
    assert 0 < len(found.find(f"{OPENSEARCH}Description").text) <= 1024
    image = found.find(f"{OPENSEARCH}Image").text.removeprefix(server.origin)
    assert server.ask("GET", image, token=()).status == 200


def test_a_search_from_the_address_bar_opens_the_library(server):
    urls = {url.get("type"): url.get("template") for url in description(server).iter(f"{OPENSEARCH}Url")}
    assert urls["application/opensearchdescription+xml"] == f"{server.origin}/opensearch.xml"
    path = urls["text/html"].removeprefix(server.origin).replace("{searchTerms}", quote("keel & mast"))
    page = server.ask("GET", path, headers={"Cookie": server.session()}, token=())
    assert page.status == 200
    assert 'value="keel &amp; mast"' in page.body.decode()
