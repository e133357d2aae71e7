"""Text that tries to run as a program: in every field, through the API and files, on every page, popup and
panel.

`no_errors` fails a test in which a dialog opened or the content security policy was violated.
"""

from pathlib import Path
from urllib.parse import quote

import pytest

import running
from digest_pages import paper_id, paper_page
from e2e.extension.host import DIGEST
from e2e.extension.hostile import ADDRESS, EVERYTHING, PAYLOADS, Hostile, groups
from e2e.extension.steps import await_state, button, open_day, sign_in, strip
from paperclipper.config import Settings
from paperclipper.web.app import create_app

pytestmark = pytest.mark.usefixtures("connected")

# What no page may contain, whatever its texts.
FIND_ACTIVE = """(document) => {
  const all = (selector) => [...document.querySelectorAll(selector)];
  const foreign =
    "iframe, frame, object, embed, base, style, video, audio, marquee, animate, set, math[href], [style]";
  const lead = [
    ["href", "a, area, link"], ["action", "form"], ["formaction", "*"], ["src", "*"], ["xlink:href", "*"],
  ];
  const isOurs = (address) => {
    const { origin, protocol } = new URL(address, location.href);
    return origin === location.origin || protocol.endsWith("-extension:");
  };
  const isWeb = (address) => /^https?:/.test(new URL(address, location.href).protocol) || isOurs(address);
  const bad = (one, name) => {
    const address = one.getAttribute(name);
    if (address === null || one.localName === "script" && isOurs(address)) return false;
    return !(URL.canParse(address, location.href) && (one.localName === "a" ? isWeb : isOurs)(address));
  };
  return [
    ...all("script:not([src]), meta[http-equiv], " + foreign),
    ...all("*").filter((one) => [...one.attributes].some(({ name }) => name.startsWith("on"))),
    ...lead.flatMap(([name, selector]) => all(selector).filter((one) => bad(one, name))),
  ].map((one) => one.outerHTML.slice(0, 200));
}"""
IN_PAGE = f"() => ({FIND_ACTIVE})(document)"
PARSED = f"(html) => ({FIND_ACTIVE})(new DOMParser().parseFromString(html, 'text/html'))"
# The panel is positioned by its style.
IN_PANEL = f"(host) => ({FIND_ACTIVE})(document.querySelector(host).shadowRoot)".replace(", [style]", "")
POST = """(path, fields) => {
  const form = document.body.appendChild(document.createElement("form"));
  form.method = "post";
  form.action = path;
  for (const [name, value] of fields) {
    const field = form.appendChild(document.createElement("textarea"));
    field.name = name;
    field.value = value;
  }
  document.documentElement.dataset.old = "yes";
  form.submit();
}"""
# Responses that are not pages: a download, a description for browsers, styles and scripts.
NO_PAGES = {"/export/markdown.zip", "/opensearch.xml", "/static/<path:filename>"}


@pytest.fixture(scope="module")
def hostile(browser, library, connected, tmp_path_factory):
    """A library in which every text is hostile."""
    made = Hostile(library, library.server, groups())
    made.decide_and_paste()
    made.import_files(tmp_path_factory.mktemp("import"))
    return made


@pytest.fixture
def tab(browser, library, hostile):
    tab = sign_in(browser, library.new_link())
    yield tab
    tab.close()


def assert_inactive(tab, address):
    tab.see("h1")
    assert tab.evaluate(IN_PAGE) == [], address


def pages(hostile):
    """Yield (rule, address) of every page; those of a paper for every paper."""
    parts = {
        "<paper_id>": hostile.paper,
        "<uuid:note_id>": hostile.note,
        "<tag_id>": hostile.tag,
        "<pairing_id>": hostile.pairing,
        "<purge_id>": hostile.purge,
    }
    for rule in rules():
        address = rule
        for part, value in parts.items():
            address = address.replace(part, value)
        yield rule, address
    for paper in hostile.papers[1:]:
        yield "/papers/<paper_id>", f"/papers/{paper}"
    yield "/papers/<paper_id>", f"/papers/{hostile.trashed}"
    yield "/trash/purge", f"/trash/purge?paper={hostile.trashed}"
    for q in (
        "alert",
        '"onerror alert"',
        "is:dismissed",
        "is:stub",
        "line",
        "answer",
        "page",
        "scrpt~ onerror*",
    ):
        yield "/", f"/?q={quote(q)}"


def rules():
    """Return the rules of all pages, including new ones."""
    found = create_app(Settings(Path("never-opened"))).url_map.iter_rules()
    reads = {rule.rule for rule in found if "GET" in rule.methods and not rule.rule.startswith("/api/")}
    return sorted(reads - NO_PAGES)


def test_no_page_runs_hostile_text(library, tab, hostile):
    for rule, address in pages(hostile):
        assert "<" not in address, f"{rule}: give its parts an example"
        tab.open(library.origin + address)
        assert_inactive(tab, address)
        assert tab.text("h1") != "Not found", address


def test_hostile_addresses_do_not_run(library, tab, hostile):
    """Hostile searches, redirects and unknown ids."""
    asked = [quote(payload, safe="") for payload in PAYLOADS]
    addresses = [f"/?q={text}" for text in asked[::2]]
    addresses += [
        f"/{path}/{asked[1]}" for path in ("papers", "tags", "pair", "trash/purges", "nothing", "static")
    ]
    addresses += [
        f"/?q=x&sort={asked[0]}&cursor={asked[1]}",
        f"/?trashed={asked[1]}",
        f"/settings?notice={asked[1]}",
    ]
    addresses += [f"/sign-in?next={text}" for text in ("javascript:alert(1)", "//evil.example", asked[0])]
    for address in addresses:
        tab.open(library.origin + address)
        assert_inactive(tab, address)


def test_refused_forms_do_not_run_hostile_text(library, tab, hostile):
    everything, line = "\n".join(PAYLOADS), groups(100)[1]
    fields = [
        (name, everything) for name in ("title", "authors", "abstract", "venue", "organisation", "keywords")
    ]
    spoilt = [("code_url", PAYLOADS[2]), ("project_url", f"{ADDRESS} {PAYLOADS[1]}")]
    forms = [
        ("/add", [("lines", everything)]),
        ("/settings/tokens", [("name", line), ("scope", "read")]),
        ("/settings/tokens", [("name", line * 9), ("scope", PAYLOADS[1])]),
        (f"/papers/{hostile.paper}/edit", fields + spoilt),
        (f"/papers/{hostile.paper}/notes/{hostile.note}", [("body", EVERYTHING), ("version", PAYLOADS[1])]),
        (f"/papers/{hostile.paper}/merge", [("other", line)]),
        (f"/papers/{hostile.paper}/tags", [("tag", EVERYTHING)]),
        (f"/tags/{hostile.tag}", [("name", line), ("colour", PAYLOADS[1])]),
        (f"/tags/{hostile.tag}", [("name", hostile.other_tag), ("version", PAYLOADS[1])]),
        (f"/tags/{hostile.tag}/merge", [("into", line)]),
        ("/bulk", [("q", line), ("do", PAYLOADS[1]), ("paper", PAYLOADS[1]), ("action", PAYLOADS[1])]),
        ("/trash/purge", [("id", PAYLOADS[1]), ("paper", PAYLOADS[1])]),
        ("/sign-in", [("library", line), ("password", line), ("next", "javascript:alert(1)")]),
        ("/sign-in", [("code", line), ("next", line)]),
    ]
    for path, values in forms:
        tab.open(library.origin + "/add")
        tab.evaluate(f"(path, fields) => void ({POST})(path, fields)", path, values)
        tab.wait("() => document.readyState === 'complete' && !document.documentElement.dataset.old")
        assert_inactive(tab, path)


def test_the_name_of_a_library_does_not_run(browser, library):
    name = f"{PAYLOADS[1]} {PAYLOADS[21]}"
    running.command("library", "add", name, data=library.data)
    tab = sign_in(browser, running.command("open", "--library", name, data=library.data).splitlines()[0])
    for path in ("/", "/settings", "/add"):
        tab.open(library.origin + path)
        assert_inactive(tab, path)
    tab.close()


@pytest.mark.both_browsers
def test_no_panel_and_no_popup_runs_hostile_text(browser, library, host, hostile):
    number = 16
    host.pages[f"{DIGEST}/papers/{paper_id(number)}"] = paper_page(number)
    paper = library.clip(paper_id(number), " ".join(EVERYTHING.split())[:1000], EVERYTHING)["id"]
    library.annotate(paper_id(number), EVERYTHING, "extension")
    for payload in (PAYLOADS[0], PAYLOADS[1]):
        library.ask("PUT", f"/papers/{paper}/tags/{quote(payload, safe='')}")
    tab = browser.new_tab(f"{DIGEST}/papers/{paper_id(number)}")
    await_state(tab, paper_id(number), "saved")
    tab.click(button(paper_id(number)))
    tab.see(f"{strip(paper_id(number))} >>> .panel .chip", "onerror")
    assert tab.evaluate(IN_PANEL, strip(paper_id(number))) == []
    popup = browser.popup_over(tab)
    popup.see("#state", "In your library")
    assert popup.evaluate(IN_PAGE) == []
    popup.close()
    tab.close()


def test_unescaped_payloads_would_be_noticed(browser):
    """Every payload that starts with a tag is noticed if nothing escapes it."""
    tab = open_day(browser)  # a page without a content security policy
    # Harmless as they are; harmful after a filter that removes words, or in browsers that run scripts.
    harmless = ("<javascript:", "<![CDATA[", "<https:", "<scr<", "<a href='\u2028", "<noscript")
    tags = [payload for payload in PAYLOADS if payload.startswith("<") and not payload.startswith(harmless)]
    assert len(tags) > 30
    assert [payload for payload in tags if not tab.evaluate(PARSED, payload)] == []
    tab.close()


@pytest.mark.nightly
@pytest.mark.timeout(3600)
def test_no_single_payload_runs(browser, library, tab):
    """Each payload alone, so that none is hidden by another."""
    alone = Hostile(library, library.server, [" ".join(payload.split()) for payload in PAYLOADS])
    for paper in alone.papers:
        for path in ("", "/edit", "/history", "/merge"):
            tab.open(f"{library.origin}/papers/{paper}{path}")
            assert_inactive(tab, paper)
