"""Parses the text of a search into a query. Pure; no other module parses searches.

Every text either is a valid query or raises a QueryError with the position of the mistake. README.md ("Find
things again") describes the language. In its grammar, adjacent clauses must all match, and `or` joins its two
neighbours:

    query = { alternatives }                alternatives = clause { "or" clause }
    clause = [ "-" ] ( "(" query ")" | [ field ":" ] ( "(" query ")" | '"' phrase '"' | word [ "*" | "~" ] ) )
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import islice

from paperclipper import identifiers
from paperclipper.errors import QueryError
from paperclipper.model import Sort
from paperclipper.search.query import filters
from paperclipper.search.query.syntax import (
    MAX_CHARACTERS,
    MAX_DEPTH,
    MAX_FUZZY,
    MAX_WORDS,
    AllClause,
    AnyClause,
    Clause,
    NotClause,
    Query,
    Span,
    WordsClause,
    walk_clauses,
)
from paperclipper.search.text.tokenizer import STOP_WORDS, Chain, chains, words

_QUOTES = str.maketrans("“”„«»", '"""""')
_ZONES = {
    "title": "title",
    "abstract": "abstract",
    "author": "author",
    "authors": "author",
    "note": "note",
    "notes": "note",
    "quote": "quote",
    "quotes": "quote",
    "org": "organisation",
    "venue": "venue",
    "id": "identifier",
    "arxiv": "identifier",
    "doi": "identifier",
}
_FIELD_NAME = re.compile(r"([A-Za-z]+):(?=[^\s:/])")
_MINUS = re.compile(r'-(?=[\w"(#$\\])')
_ACCENT = re.compile(r'(?<=\\)"|(?<=[A-Za-z])"(?=[aeiouAEIOU])')  # Schr\"odinger, also without its backslash
_ENDING = re.compile(r"(?:(?P<star>\*+)|~(?P<distance>\d*))$", re.ASCII)
_CAPITAL_STAR = re.compile(r"[A-Z]\*")  # A* search
_OPERATOR = re.compile(r"[^\s()\"]+")
_PHRASE_ENDING = re.compile(r"[*~]+\d*")
_SEPARATORS = re.compile(r"[,;|/:]")
_MIN_PREFIX_LENGTH = 3
_MIN_FUZZY_LENGTH = 4
_MAX_DISTANCE = 2


def parse(text: str, today: date, *, as_you_type: bool = False, unfinished: bool = False) -> Query:
    """Parse a search. Raise QueryError, with a position, if it is invalid.

    `as_you_type`: the last word may be a prefix. `unfinished`: closing brackets may be missing.
    """
    if len(text) > MAX_CHARACTERS:
        raise QueryError(
            f"This search is too long: the limit is {MAX_CHARACTERS} characters.", MAX_CHARACTERS
        )
    parser = _Parser(text.translate(_QUOTES), today, unfinished)
    clauses = parser.read_clauses()
    if as_you_type and clauses:
        clauses[-1] = _mark_unfinished(clauses[-1], text)
    _check_limits(clauses)
    return Query(text, _without_stop_words(clauses), parser.sort)


def plain_words(text: str) -> str:
    """Return the bare words of an invalid search, up to the maximum number of words."""
    found = [text[word.start : word.end] for word in words(text[:MAX_CHARACTERS])]
    return " ".join(found[:MAX_WORDS])


def _mark_unfinished(clause: Clause, text: str) -> Clause:
    """Mark the last word as unfinished if nothing follows it."""
    if isinstance(clause, AnyClause | AllClause):
        return replace(clause, clauses=(*clause.clauses[:-1], _mark_unfinished(clause.clauses[-1], text)))
    if not isinstance(clause, WordsClause) or clause.is_phrase or clause.is_prefix or clause.distance:
        return clause
    # If a single word is in brackets, its span includes them.
    ended = clause.span.end < len(text) or re.search(r"[\s)]", text[clause.words[-1].end :])
    return clause if ended else replace(clause, is_unfinished=True)


def _without_stop_words(clauses: list[Clause]) -> tuple[Clause, ...]:
    """Drop clauses that consist of stop words only, unless that would leave no clause."""
    significant = [
        clause
        for clause in clauses
        if not (isinstance(clause, WordsClause) and clause.has_only_stop_words and not clause.is_unfinished)
    ]
    return tuple(significant or clauses)


def _check_limits(clauses: list[Clause]) -> None:
    words_clauses = [clause for clause in walk_clauses(clauses) if isinstance(clause, WordsClause)]
    starts = [start for clause in words_clauses for start in _word_starts(clause)]
    if len(starts) > MAX_WORDS:
        raise QueryError(f"This search is too long: the limit is {MAX_WORDS} words.", starts[MAX_WORDS])
    fuzzy = [clause for clause in words_clauses if clause.distance]
    if len(fuzzy) > MAX_FUZZY:
        raise QueryError(
            f"This search has more than {MAX_FUZZY} words with ~, which is the limit.",
            fuzzy[MAX_FUZZY].span.start,
        )


def _word_starts(clause: WordsClause) -> Iterator[int]:
    """Yield the start of each word that counts towards the limit."""
    for chain in clause.chains:
        # The overlapping bigrams of a Chinese, Japanese or Korean run count as one word.
        for word in chain.words[:1] if chain.is_cjk else chain.words:
            if clause.is_phrase or word.text not in STOP_WORDS:
                yield word.start


@dataclass
class _Parser:
    """A recursive descent parser.

    `position` is the next character to read; `open_brackets` has the positions of unclosed brackets.
    """

    text: str
    today: date
    unfinished: bool
    position: int = 0
    open_brackets: list[int] = field(default_factory=list)
    sort: Sort | None = None

    def read_clauses(self, zone: str | None = None) -> list[Clause]:
        """Read the clauses up to a closing bracket or the end."""
        groups: list[list[Clause]] = []
        follows_or = False
        while self._has_more():
            if self._read_operator(("or", "OR", "|")):
                follows_or = bool(groups)
            elif self._read_operator(("and", "AND", "&")):
                pass
            elif group := self._read_clause(zone):
                groups.append([_either(_grouped(groups.pop()), _grouped(group))] if follows_or else group)
                follows_or = False
        return [clause for group in groups for clause in group]

    def _has_more(self) -> bool:
        while self.position < len(self.text) and self.text[self.position].isspace():
            self.position += 1
        if self.position < len(self.text) and self.text[self.position] == ")" and not self.open_brackets:
            raise QueryError(f"The bracket at character {self.position + 1} was never opened.", self.position)
        return self.position < len(self.text) and self.text[self.position] != ")"

    def _read_operator(self, names: tuple[str, ...]) -> bool:
        match = _OPERATOR.match(self.text, self.position)
        if not match or match[0] not in names:
            return False
        self.position = match.end()
        return True

    def _read_clause(self, zone: str | None) -> list[Clause]:
        start = self.position
        if not self._read_negation():
            return self._read_unnegated(zone, start)
        self._open_level(start)
        inner = self._read_clause(zone) if self._has_more() else []
        self.open_brackets.pop()
        if not inner:
            return []
        return [NotClause(Span(start, inner[-1].span.end), _as_phrase(_grouped(inner)))]

    def _read_negation(self) -> bool:
        if self._read_operator(("NOT",)):
            return True
        if not _MINUS.match(self.text, self.position):
            return False
        self.position += 1
        return True

    def _open_level(self, offset: int) -> None:
        self.open_brackets.append(offset)
        if len(self.open_brackets) > MAX_DEPTH:
            raise QueryError(f"This search is nested too deeply: the limit is {MAX_DEPTH} levels.", offset)

    def _read_unnegated(self, zone: str | None, start: int) -> list[Clause]:
        if self.text[self.position] == "(":
            return self._read_group(zone, start)
        match = _FIELD_NAME.match(self.text, self.position)
        if match and _is_field(match[1].lower()):
            self.position = match.end()
            return self._read_field(match[1].lower(), start)
        if self.text[self.position] == "#" and self.text[self.position + 1 : self.position + 2].isalnum():
            self.position += 1
            return self._read_filter("tag", start)
        return self._read_value(zone, start)

    def _read_field(self, name: str, start: int) -> list[Clause]:
        if name in _ZONES:
            return self._read_value(_ZONES[name], start)
        if name == "sort":
            self.sort = filters.parse_sort(*self._read_raw_value())
            return []
        return self._read_filter(name, start)

    def _read_group(self, zone: str | None, start: int) -> list[Clause]:
        opening = self.position
        self._open_level(opening)
        self.position += 1
        clauses = _without_stop_words(self.read_clauses(zone))
        self._read_closing_bracket(opening)
        span = Span(start, self.position)
        if len(clauses) == 1:
            return [replace(clauses[0], span=span)]
        return [AllClause(span, clauses)] if clauses else []

    def _read_closing_bracket(self, opening: int) -> None:
        if self.position < len(self.text):
            self.position += 1
        elif not self.unfinished:
            raise QueryError(f"The bracket at character {opening + 1} is never closed.", opening)
        self.open_brackets.pop()

    def _read_filter(self, name: str, start: int) -> list[Clause]:
        value, offset = self._read_raw_value()
        return [filters.parse_filter(name, value, Span(start, self.position), offset, self.today)]

    def _read_raw_value(self) -> tuple[str, int]:
        """Read an unparsed value. Return it with its position."""
        offset = self.position
        if self.text[offset] == '"':
            end = self._find_closing_quote(offset)
            self.position = min(end + 1, len(self.text))
            return self.text[offset + 1 : end], offset + 1
        return self._read_chunk(), offset

    def _read_value(self, zone: str | None, start: int) -> list[Clause]:
        if self.text[self.position] == "(":
            return self._read_group(zone, start)
        if self.text[self.position] == '"':
            return self._read_phrase(zone, start)
        offset = self.position
        return list(_chunk_clauses(self._read_chunk(), start, offset, zone))

    def _read_phrase(self, zone: str | None, start: int) -> list[Clause]:
        begin = self.position + 1
        end = self._find_closing_quote(self.position)
        found = tuple(_chains(self.text[begin:end], begin))
        self.position = min(end + 1, len(self.text))
        ending = _PHRASE_ENDING.match(self.text, self.position)
        self.position = ending.end() if ending else self.position
        return [WordsClause(Span(start, self.position), found, zone, is_phrase=True)] if found else []

    def _find_closing_quote(self, opening: int) -> int:
        end = opening + 1
        while end < len(self.text) and (self.text[end] != '"' or _ACCENT.match(self.text, end)):
            end += 1
        return end

    def _read_chunk(self) -> str:
        """Read up to the next space. Balanced brackets are part of a chunk: `O(n^2)`."""
        start, depth = self.position, 0
        while self.position < len(self.text) and not self._ends_chunk(start, depth):
            character = self.text[self.position]
            if character == "(":
                depth += 1
            elif character == ")" and depth:
                depth -= 1
            self.position += 1
        return self.text[start : self.position]

    def _ends_chunk(self, start: int, depth: int) -> bool:
        character = self.text[self.position]
        if character == '"':
            return self.position > start and not _ACCENT.match(self.text, self.position)
        return character.isspace() or (character == ")" and not depth and bool(self.open_brackets))


def _is_field(name: str) -> bool:
    return name in _ZONES or name == "sort" or filters.is_filter(name)


def _grouped(clauses: list[Clause]) -> Clause:
    """Combine clauses written in brackets or without spaces into one clause."""
    return (
        clauses[0]
        if len(clauses) == 1
        else AllClause(Span(clauses[0].span.start, clauses[-1].span.end), tuple(clauses))
    )


def _either(clause: Clause, other: Clause) -> AnyClause:
    alternatives = clause.clauses if isinstance(clause, AnyClause) else (clause,)
    return AnyClause(Span(clause.span.start, other.span.end), (*alternatives, other))


def _as_phrase(clause: Clause) -> Clause:
    """Return a negated compound as a phrase, so that only the exact spelling is excluded."""
    if isinstance(clause, WordsClause) and len(clause.words) > 1 and not clause.is_prefix:
        return replace(clause, is_phrase=True)
    return clause


def _chunk_clauses(chunk: str, start: int, offset: int, zone: str | None) -> Iterator[WordsClause]:
    """Yield the words of a chunk.

    Commas and slashes separate words, except in identifiers and URLs.
    """
    identifier = _identifier(chunk) if zone in (None, "identifier") else ""
    if identifier:
        found = tuple(_all_at(chain, offset) for chain in islice(chains(identifier), MAX_WORDS))
        yield WordsClause(Span(start, offset + len(chunk)), found, zone)
    elif zone == "identifier" or "://" in chunk:
        yield from _piece_clauses(chunk, start, offset, zone)
    else:
        for begin, end in _pieces(chunk):
            piece_start = offset + begin if begin else start
            yield from _piece_clauses(chunk[begin:end], piece_start, offset + begin, zone)


def _pieces(chunk: str) -> Iterator[tuple[int, int]]:
    begin = 0
    for separator in _SEPARATORS.finditer(chunk):
        yield begin, separator.start()
        begin = separator.end()
    yield begin, len(chunk)


def _piece_clauses(piece: str, start: int, offset: int, zone: str | None) -> Iterator[WordsClause]:
    ending = None if _CAPITAL_STAR.fullmatch(piece) else _ENDING.search(piece)
    found = tuple(_chains(piece[: ending.start()] if ending else piece, offset))
    span = Span(start, offset + len(piece))
    if not found:
        return
    if not ending:
        yield WordsClause(span, found, zone)
    elif ending["star"]:
        _check_length(found, _MIN_PREFIX_LENGTH, "*")
        yield WordsClause(span, found, zone, is_prefix=True)
    else:
        _check_length(found, _MIN_FUZZY_LENGTH, "~")
        distance = _parse_distance(ending, offset)
        is_single = len(found) == len(found[0].words) == 1
        yield WordsClause(span, found, zone, distance=distance if is_single else 0)


def _parse_distance(ending: re.Match[str], offset: int) -> int:
    distance = int(ending["distance"] or 1)
    if not 1 <= distance <= _MAX_DISTANCE:
        raise QueryError(
            f"Write ~1 or ~2, the number of letters that may differ, not ~{distance}.",
            offset + ending.start(),
        )
    return distance


def _check_length(found: tuple[Chain, ...], shortest: int, operator: str) -> None:
    last = found[-1]
    if last.is_cjk or sum(len(word.text) for word in last.words) >= shortest:
        return
    word = last.words[-1]
    problem = f"“{word.text}{operator}” at character {word.start + 1} is too short"
    raise QueryError(f"{problem}: it takes {shortest} letters before the {operator}.", word.start)


def _chains(text: str, offset: int) -> Iterator[Chain]:
    return (_shifted(chain, offset) for chain in chains(text))


def _shifted(chain: Chain, by: int) -> Chain:
    return chain._replace(words=tuple(w._replace(start=w.start + by, end=w.end + by) for w in chain.words))


def _all_at(chain: Chain, offset: int) -> Chain:
    return chain._replace(words=tuple(w._replace(start=offset, end=offset + 1) for w in chain.words))


def _identifier(chunk: str) -> str:
    """Return the identifier in a URL or bare id: `https://arxiv.org/pdf/2401.01335v2`, `10.1145/3442188`."""
    chunk = chunk.rstrip(".,;")
    eprint = identifiers.parse_arxiv(chunk)
    return eprint.id if eprint else identifiers.parse_doi(chunk) or ""
