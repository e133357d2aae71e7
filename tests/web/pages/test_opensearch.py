"""The browser's address bar finds the library as a search engine."""

import re
from urllib.parse import quote
from xml.etree import ElementTree

from web.pages.reading import normalise

OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


def described(server):
    answer = server.ask("GET", "/opensearch.xml", token=())
    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("application/opensearchdescription+xml")
    return ElementTree.fromstring(answer.body.decode())


def test_every_page_names_the_description(server):
    page = server.ask("GET", "/sign-in", token=()).body.decode()
    assert re.search(r'<link rel="search" [^>]*href="/opensearch.xml">', normalise(page))


def test_it_says_what_the_standard_asks_for(server):
    found = described(server)
    assert found.tag == f"{OPENSEARCH}OpenSearchDescription"
    assert 0 < len(found.find(f"{OPENSEARCH}ShortName").text) <= 16
    assert 0 < len(found.find(f"{OPENSEARCH}Description").text) <= 1024
    image = found.find(f"{OPENSEARCH}Image").text.removeprefix(server.origin)
    assert server.ask("GET", image, token=()).status == 200


def test_a_search_from_the_address_bar_arrives(server):
    urls = {url.get("type"): url.get("template") for url in described(server).iter(f"{OPENSEARCH}Url")}
    assert urls["application/opensearchdescription+xml"] == f"{server.origin}/opensearch.xml"
    path = urls["text/html"].removeprefix(server.origin).replace("{searchTerms}", quote("keel & mast"))
    page = server.ask("GET", path, headers={"Cookie": server.session()}, token=())
    assert page.status == 200
    assert 'value="keel &amp; mast"' in page.body.decode()
