"""Invented papers for the tests of their files."""

from datetime import UTC, date, datetime

from paperclipper.model import (
    Annotation,
    AnnotationDraft,
    AnnotationKind,
    Clip,
    Colour,
    Identifier,
    PageKind,
    Paper,
    PaperFacts,
    Scheme,
    Source,
    SourcePage,
    Tag,
    TextQuote,
    Version,
)

PAPER_ID = "0b8f4c1e-0000-4000-8000-000000000001"
AT = datetime(2026, 3, 9, 23, 30, tzinfo=UTC)


def an_annotation(number, body="", quote="", colour=None):
    kind = AnnotationKind.HIGHLIGHT if quote else AnnotationKind.NOTE
    draft = AnnotationDraft(kind, body, TextQuote(quote) if quote else None, colour)
    annotation_id = f"0b8f4c1e-0000-4000-8000-{number:012}"
    return Annotation(annotation_id, PAPER_ID, Version("epoch", number), draft, AT, AT)


def a_note(body, number=2):
    return an_annotation(number, body)


def a_highlight(quote, body="", colour=Colour.YELLOW, number=3):
    return an_annotation(number, body, quote, colour)


def some_facts(**changes):
    facts = {
        "title": "Folding Boats: The $n$-Crease Problem",
        "abstract": "We fold #boats at [scale]. They float for $O(n_1^2)$ days.\n\n"
        "# Not a heading\n```\nnot code",
        "authors": ("Ada Keel", "Ben Mast"),
        "author_count": 2,
        "published": date(2026, 3, 6),
        "arxiv_version": 2,
        "code_url": "https://github.com/keel/boats",
        "identifiers": (Identifier(Scheme.ARXIV, "2603.00042"),),
    }
    return PaperFacts(**(facts | changes))


def a_paper(tags=("folding", "Boats/paper"), annotations=(), paper_id=PAPER_ID, **changes):
    names = {name for name in ("status", "rating", "clips", "clipped_at", "deleted_at") if name in changes}
    own = {name: changes.pop(name) for name in names}
    clip = Clip(
        "0195aaaa-0000-7000-8000-000000000001",
        paper_id,
        AT,
        Source.DATA,
        SourcePage(PageKind.DIGEST, "https://page.example/"),
    )
    return Paper(
        paper_id,
        "library",
        Version("epoch", 1),
        1,
        some_facts(**changes),
        tags=tuple(Tag(name, name) for name in tags),
        annotations=tuple(annotations),
        **({"clips": (clip,), "clipped_at": AT} | own),
    )
