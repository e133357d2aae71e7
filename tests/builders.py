"""Builders of invented papers, clips and notes. A test passes what it is about; the rest is made up."""

import os
import time
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from uuid import UUID

from paperclipper.model import (
    AnnotationDraft,
    AnnotationKind,
    ClipRequest,
    Colour,
    Identifier,
    PageKind,
    PaperFacts,
    Scheme,
    Source,
    SourcePage,
    TextQuote,
)

CLIPPED_AT = datetime(2026, 3, 9, 8, 30, tzinfo=UTC)
_FACTS = {field.name for field in fields(PaperFacts)}


def uuid7():
    """Return a UUIDv7 (RFC 9562, 5.7) of the current time."""
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10), "big")
    bits = milliseconds << 80 | random & ~(0xF << 76) & ~(0b11 << 62) | 7 << 76 | 0b10 << 62
    return str(UUID(int=bits))


def arxiv(value):
    return Identifier(Scheme.ARXIV, value)


def doi(value):
    return Identifier(Scheme.DOI, value)


def some_facts(**changes):
    facts = PaperFacts(
        title="Folding Paper Boats with Diffusion",
        abstract="We fold boats out of noise, one crease at a time.",
        authors=("Ada Paper", "Bo Crease"),
        author_count=2,
        published=date(2026, 3, 5),
        identifiers=(arxiv("2603.01234"),),
    )
    return replace(facts, **changes)


def titled(title, **changes):
    """Return the facts of a row of plain text: a title and no identifiers."""
    return PaperFacts(title=title, **changes)


def a_clip(**changes):
    """Return a clip of an invented paper; `changes` are fields of the request or of its facts."""
    facts = changes.pop("facts", None) or some_facts(
        **{n: changes.pop(n) for n in list(changes) if n in _FACTS}
    )
    request = ClipRequest(
        id=uuid7(),
        clipped_at=CLIPPED_AT,
        source=Source.DATA,
        page=SourcePage(PageKind.DIGEST, "https://huggingface.co/papers", upvotes=12, comments=3),
        facts=facts,
    )
    return replace(request, **changes)


def a_note(body="Try this on gliders.", **changes):
    return replace(AnnotationDraft(AnnotationKind.NOTE, body, made_in="page"), **changes)


def a_highlight(exact="one crease at a time", **changes):
    draft = AnnotationDraft(
        AnnotationKind.HIGHLIGHT, quote=TextQuote(exact), colour=Colour.GREEN, made_in="extension"
    )
    return replace(draft, **changes)
