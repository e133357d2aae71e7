"""Looking up papers by paper id, clip id, identifier or title."""

from collections.abc import Iterable, Sequence
from datetime import date

from paperclipper import identifiers
from paperclipper.errors import InvalidInputError, NotFoundError
from paperclipper.formats.text import wikilinks
from paperclipper.model import Identifier, Paper, PaperFacts, PaperState
from paperclipper.store.papers import identifiers as paper_identifiers
from paperclipper.store.papers import papers
from paperclipper.store.papers import states as paper_states

MAX_IDENTIFIERS = 500


def paper_id(library_id: str, ref: str) -> str:
    """Return the id of the paper with this id, clip id or identifier, or of its survivor if it was merged.

    Raise NotFoundError if the paper does not exist.
    """
    found = papers.resolve(library_id, ref) or _by_identifier(library_id, ref)
    if found is None:
        raise NotFoundError("paper", ref)
    return found


def _by_identifier(library_id: str, ref: str) -> str | None:
    try:
        named = identifiers.parse(ref)
    except InvalidInputError:
        return None
    return next(iter(paper_identifiers.find(library_id, [named])), None)


def find_by_text(library_id: str, text: str) -> str | None:
    """Return the id of the paper with this id, link or title, or None. Papers in the trash are ignored."""
    try:
        found = paper(library_id, text)
    except NotFoundError:
        target = wikilinks.target(text)
        return papers.find_live(library_id, [target]).get(target)
    return found.id if found.is_mine and not found.deleted_at else None


def paper(library_id: str, ref: str) -> Paper:
    """Return the paper, live or in the trash. Raise NotFoundError if it does not exist."""
    return papers.get(library_id, paper_id(library_id, ref))


def by_ids(library_id: str, paper_ids: Iterable[str]) -> dict[str, Paper]:
    """Return the papers with these ids, live or in the trash. Unknown ids are omitted."""
    return papers.get_many(library_id, list(paper_ids))


def matching_papers(library_id: str, facts: PaperFacts) -> list[str]:
    """Return the ids of the papers that match these facts by identifier, or otherwise by folded title.

    Facts with an identifier match a paper by title only if the paper has no identifier.
    """
    named = paper_identifiers.find(library_id, facts.identifiers)
    if named:
        return named
    folded = identifiers.fold_title(facts.title)
    titled = papers.find_by_title(library_id, folded, without_identifiers=bool(facts.identifiers))
    return _choose_by_date(titled, facts.published)


def _choose_by_date(titled: list[tuple[str, date | None]], published: date | None) -> list[str]:
    """Return the only paper, or if there are several, the first one with the same printed date."""
    if len(titled) > 1:
        titled = [(paper_id, printed) for paper_id, printed in titled if printed and printed == published]
    return [paper_id for paper_id, _ in titled[:1]]


def states(library_id: str, named: Sequence[Identifier]) -> list[PaperState | None]:
    """Return the state of each identifier's paper, or None if there is no such paper.

    Raise InvalidInputError for more than MAX_IDENTIFIERS identifiers.
    """
    if len(named) > MAX_IDENTIFIERS:
        raise InvalidInputError(f"At most {MAX_IDENTIFIERS} identifiers at a time.", "/identifiers")
    found = paper_states.find(library_id, named)
    return [found.get(identifier) for identifier in named]


def newest(library_id: str, limit: int, offset: int) -> tuple[list[Paper], int]:
    """Return a page of the newest papers, and the total number of papers."""
    return papers.newest(library_id, limit, offset), papers.count(library_id)
