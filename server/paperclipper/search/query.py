"""What a person types into the search box, read into clauses. Pure; the only reader of raw queries.

Whatever is typed is a query: words (each is required), "phrases", -not. Only too much is refused, because the work of
a search grows with the number of its words.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from paperclipper.errors import QueryError
from paperclipper.search.analysis import FILLER, Word, chains, words

MAX_CHARACTERS = 256
MAX_WORDS = 24

_QUOTES = str.maketrans("“”„«»", '"""""')
_CHUNK = re.compile(r'(?P<minus>(?<!\S)-(?=[\w"]))?(?:"(?P<phrase>[^"]*)(?:"|$)|(?P<plain>[^\s"]+))')


@dataclass(frozen=True)
class Clause:
    """One demand on a paper: the words of a hyphened compound (mostly one), or of a phrase.

    `open_end` says that the last word may be the beginning of a longer one.
    """

    words: tuple[Word, ...]
    is_phrase: bool = False
    is_negated: bool = False
    open_end: bool = False

    @property
    def is_filler(self) -> bool:
        """True where no paper must hold these words."""
        return not self.is_phrase and all(word.text in FILLER for word in self.words)


@dataclass(frozen=True)
class Query:
    """A search: every required clause must hold and no excluded one."""

    required: tuple[Clause, ...]
    excluded: tuple[Clause, ...]

    @property
    def is_empty(self) -> bool:
        """True where nothing of what was typed can be searched for."""
        return not self.required and not self.excluded


def parse(text: str, *, as_you_type: bool = False) -> Query:
    """Read a query. As you type, its last word may be unfinished.

    Raises QueryError for more than 256 characters or 24 words (filler does not count).
    """
    if len(text) > MAX_CHARACTERS:
        raise QueryError(f"This search is too long: {MAX_CHARACTERS} characters are the most.", MAX_CHARACTERS)
    clauses = list(_clauses(text.translate(_QUOTES)))
    _refuse_too_many(clauses)
    if as_you_type and clauses:
        clauses[-1] = _opened(clauses[-1], text)
    wanted = [clause for clause in clauses if not clause.is_negated]
    telling = [clause for clause in wanted if not clause.is_filler or clause.open_end]
    return Query(tuple(telling or wanted), tuple(clause for clause in clauses if clause.is_negated))


def _clauses(text: str) -> Iterator[Clause]:
    for chunk in _CHUNK.finditer(text):
        negated = chunk["minus"] is not None
        group = "phrase" if chunk["phrase"] is not None else "plain"
        offset = chunk.start(group)
        found = [w._replace(start=w.start + offset, end=w.end + offset) for w in words(chunk[group])]
        if group == "phrase" and found:
            yield Clause(tuple(found), is_phrase=True, is_negated=negated)
        elif negated and found:
            yield Clause(tuple(found), is_phrase=len(found) > 1, is_negated=True)
        else:
            yield from (Clause(tuple(chain)) for chain in chains(found) if chain)


def _refuse_too_many(clauses: list[Clause]) -> None:
    found = [word for clause in clauses for word in clause.words if word.text not in FILLER]
    # Pairs of one Chinese, Japanese or Korean run overlap, and count as one word.
    counted = [word for i, word in enumerate(found) if i == 0 or word.start >= found[i - 1].end]
    if len(counted) > MAX_WORDS:
        raise QueryError(f"This search is too long: {MAX_WORDS} words are the most.", counted[MAX_WORDS].start)


def _opened(clause: Clause, text: str) -> Clause:
    unfinished = not clause.is_phrase and not clause.is_negated and clause.words[-1].end == len(text)
    return Clause(clause.words, clause.is_phrase, clause.is_negated, unfinished)
