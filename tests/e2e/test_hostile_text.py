"""Text that would like to be a program: in every field, by the API and by a file, on every page, popup and panel.

`no_troubles` fails a test in which a dialog opened or the content policy was broken.
"""

import json
from urllib.parse import quote, urljoin

import pytest

import running
from builders import uuid7
from digest_pages import paper_id, paper_page
from host import DIGEST
from steps import await_state, button, sign_in, strip

pytestmark = pytest.mark.usefixtures("connected")

# After OWASP's cross site scripting cheat sheets, and what Markdown, MathML and links add.
PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\nscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHN2Zy9vbmxvYWQ9YWxlcnQoMik+)",
    "[x](vbscript:msgbox(1))",
    "<javascript:alert(1)>",
    "![x](javascript:alert(1))",
    "![x](https://evil.example/p.png?leak)",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "[x]: javascript:alert(1)\n[x]",
    '[x](https://a" onmouseover="alert(1))',
    "`<img onerror=alert(1) src=x>`",
    "$\\href{javascript:alert(1)}{x}$",
    '<a href="javascript&colon;alert(1)">x</a>',
    "[[x|<img src=x onerror=alert(1)>]]",
    "$$\\text{<img src=x onerror=alert(1)>}$$",
    "https://a.b/\u202efdp.exe",
    "\"'><iframe srcdoc='<script>parent.alert(1)</script>'>",
    "{{7*7}}{% include 'settings.html' %}${7*7}",
    "</title></textarea></style></template><script>alert(1)</script>",
    "<body onload=alert(1)><input autofocus onfocus=alert(1)><details open ontoggle=alert(1)>",
]
EVERYTHING = " ".join(payload.replace("\n", " ") for payload in PAYLOADS)
# What a page may not hold, whatever its texts are.
ALIVE = """() => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const isProgram = (address) => /^\\s*(javascript|data|vbscript):/i.test(address ?? "");
  const leading = ["href", "src", "action", "formaction"];
  return [
    ...all("script:not([src]), iframe, object, embed, base"),
    ...all("*").filter((one) => [...one.attributes].some(({ name }) => name.startsWith("on"))),
    ...all("*").filter((one) => leading.some((name) => isProgram(one.getAttribute(name)))),
  ].map((one) => one.outerHTML.slice(0, 200));
}"""
LINKS = "() => [...document.querySelectorAll('a[href]')].map((link) => link.href)"
MOST_PAGES = 40


@pytest.fixture(scope="module")
def hostile(browser, library, connected, tmp_path_factory):
    """A library whose every text is hostile."""
    for payload in PAYLOADS:
        save(library, f"{payload.strip()[:900]} ", payload)
    paper = save(library, EVERYTHING[:1000], EVERYTHING)["id"]
    for kind in ("note", "highlight"):
        marked = {"exact": EVERYTHING[:500], "prefix": "<b>", "suffix": "<i>"} if kind == "highlight" else None
        for body in ("\n\n".join(PAYLOADS), "second"):
            colour = "pink" if marked else None
            annotation = {"paper": paper, "kind": kind, "body": body, "quote": marked, "colour": colour}
            library.ask("PUT", f"/annotations/{uuid7()}", annotation)
    for payload in PAYLOADS[:6]:
        tag = payload.replace(",", "").replace("\n", "")[:90]
        library.ask("PUT", f"/papers/{paper}/tags/{quote(tag, safe='')}")
    trashed = save(library, "Trashed <img src=x onerror=alert(1)>", EVERYTHING)["id"]
    library.ask("DELETE", f"/papers/{trashed}")
    file = tmp_path_factory.mktemp("import") / "papers.jsonl"
    file.write_text(json.dumps({"title": f"Imported {EVERYTHING[:900]}", "abstract": EVERYTHING}) + "\n")
    running.command("import", str(file), data=library.data)
    return paper


def save(library, title, text):
    facts = {
        "title": title or "x",
        "abstract": text,
        "authors": [text[:300]],
        "organisation": text[:300],
        "keywords": [text[:200]],
        "ai_summary": text,
        "venue": text[:300],
        "code_url": "https://a.example/?x=<script>alert(1)</script>",
    }
    page = {"kind": "digest", "url": "https://huggingface.co/papers"}
    clip = {"clipped_at": "2026-03-09T08:30:00Z", "source": "data", "page": page, "paper": facts}
    return library.ask("PUT", f"/clips/{uuid7()}", clip)["paper"]


def assert_dead(tab):
    assert tab.evaluate(ALIVE) == [], tab.url


def test_no_page_of_the_library_comes_alive(browser, library, hostile):
    tab = sign_in(browser, library.new_link())
    first = ("/", f"/papers/{hostile}", "/?q=script+alert", "/trash", "/settings")
    to_see = [library.origin + path for path in first]
    seen = set()
    while to_see and len(seen) < MOST_PAGES:
        address = to_see.pop(0)
        room = address.partition("?")[0]
        if room in seen and "?q=" not in address:
            continue
        seen.add(room)
        tab.open(address)
        tab.see("h1")
        assert_dead(tab)
        ours = [urljoin(address, link).partition("#")[0] for link in tab.evaluate(LINKS)]
        to_see += [link for link in ours if link.startswith(library.origin) and not link.endswith(".zip")]
    assert len(seen) > 10
    tab.close()


def test_no_panel_and_no_popup_comes_alive(browser, library, host, hostile):
    number = 16
    host.pages[f"{DIGEST}/papers/{paper_id(number)}"] = paper_page(number)
    clip = {
        "clipped_at": "2026-03-09T08:30:00Z",
        "source": "data",
        "page": {"kind": "digest", "url": "https://huggingface.co/papers"},
        "paper": {"title": EVERYTHING[:1000], "arxiv_id": paper_id(number)},
    }
    paper = library.ask("PUT", f"/clips/{uuid7()}", clip)["paper"]["id"]
    library.annotate(paper_id(number), "\n\n".join(PAYLOADS), "extension")
    library.ask("PUT", f"/papers/{paper}/tags/{quote(PAYLOADS[1], safe='')}")
    tab = browser.new_tab(f"{DIGEST}/papers/{paper_id(number)}")
    await_state(tab, paper_id(number), "saved")
    tab.click(button(paper_id(number)))
    tab.see(f"{strip(paper_id(number))} >>> .panel .chip", "onerror")
    inside = ALIVE.replace("() => {", "(document) => {", 1)
    assert tab.evaluate(f"(host) => ({inside})(document.querySelector(host).shadowRoot)", strip(paper_id(number))) == []
    popup = browser.popup_over(tab)
    popup.see("#state", "In your library")
    assert_dead(popup)
    popup.close()
    tab.close()
