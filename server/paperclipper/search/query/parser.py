"""What a person types into the search box, read into a query. The only reader of raw searches; pure.

Whatever is typed is a query or a QueryError that names the place. README.md ("Find things again") has the language.
Its grammar, where a blank joins parts that must all hold, and `or` its two neighbours:

    query = { alternatives }                alternatives = clause { "or" clause }
    clause  = [ "-" ] ( "(" query ")" | [ field ":" ] ( "(" query ")" | '"' phrase '"' | word [ "*" | "~" ] ) )
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date

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
_FIELDS = {
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
_NAMED = re.compile(r"([A-Za-z]+):(?=[^\s:/])")
_MINUS = re.compile(r'-(?=[\w"(#$\\])')
_ACCENT = re.compile(r'(?<=\\)"|(?<=[A-Za-z])"(?=[aeiouAEIOU])')  # Schr\"odinger, also without its backslash
_ENDING = re.compile(r"(?:(?P<star>\*+)|~(?P<distance>\d*))$", re.ASCII)
_BETWEEN_WORDS = re.compile(r"[,;|/:]")
_SHORTEST_BEGINNING = 3
_SHORTEST_FUZZY = 4
_MOST_DIFFERENT = 2


def parse(text: str, today: date, *, as_you_type: bool = False, unfinished: bool = False) -> Query:
    """Read a search. As you type, its last word may be a beginning; an unfinished one may lack closing brackets.

    Raises QueryError.
    """
    if len(text) > MAX_CHARACTERS:
        raise QueryError(
            f"This search is too long: {MAX_CHARACTERS} characters are the most.", MAX_CHARACTERS
        )
    reader = _Reader(text.translate(_QUOTES), today, unfinished)
    clauses = reader.all_of()
    if as_you_type and clauses:
        clauses[-1] = _unfinished(clauses[-1], text)
    _refuse_too_many(clauses)
    return Query(text, _telling(clauses), reader.sort)


def plain_words(text: str) -> str:
    """The bare words of a search that cannot be read, as many as one may have."""
    found = [text[word.start : word.end] for word in words(text[:MAX_CHARACTERS])]
    return " ".join(found[:MAX_WORDS])


def _unfinished(clause: Clause, text: str) -> Clause:
    """The last word where nothing was typed after it."""
    if isinstance(clause, AnyClause | AllClause):
        return replace(clause, clauses=(*clause.clauses[:-1], _unfinished(clause.clauses[-1], text)))
    if not isinstance(clause, WordsClause) or clause.is_phrase or clause.is_prefix or clause.distance:
        return clause
    # The span of a word that stands alone in brackets is theirs.
    ended = clause.span.end < len(text) or re.search(r"[\s)]", text[clause.words[-1].end :])
    return clause if ended else replace(clause, is_unfinished=True)


def _telling(clauses: list[Clause]) -> tuple[Clause, ...]:
    """All parts but filler; filler is asked for where nothing else is."""
    telling = [
        clause
        for clause in clauses
        if not (isinstance(clause, WordsClause) and clause.has_only_stop_words and not clause.is_unfinished)
    ]
    return tuple(telling or clauses)


def _refuse_too_many(clauses: list[Clause]) -> None:
    asked = [clause for clause in walk_clauses(clauses) if isinstance(clause, WordsClause)]
    # The pairs of one Chinese, Japanese or Korean run overlap, and count as one word.
    starts = [
        chain.words[0].start if chain.is_cjk else word.start
        for clause in asked
        for chain in clause.chains
        for word in (chain.words[:1] if chain.is_cjk else chain.words)
        if clause.is_phrase or word.text not in STOP_WORDS
    ]
    if len(starts) > MAX_WORDS:
        raise QueryError(f"This search is too long: {MAX_WORDS} words are the most.", starts[MAX_WORDS])
    fuzzy = [clause for clause in asked if clause.distance]
    if len(fuzzy) > MAX_FUZZY:
        raise QueryError(f"{MAX_FUZZY} words with ~ are the most.", fuzzy[MAX_FUZZY].span.start)


@dataclass
class _Reader:
    """Reads from left to right; `at` is where it is, `open` the places of brackets not closed yet."""

    text: str
    today: date
    unfinished: bool
    at: int = 0
    open: list[int] = field(default_factory=list)
    sort: Sort | None = None

    def all_of(self, zone: str | None = None) -> list[Clause]:
        """Parts up to a closing bracket, or the end."""
        found: list[list[Clause]] = []
        joins = False
        while self._more():
            if self._operator(("or", "OR", "|")):
                joins = bool(found)
                continue
            if self._operator(("and", "AND", "&")):
                continue
            one = self._one(zone)
            if one:
                found = [*found[:-1], [_either(_whole(found[-1]), _whole(one))]] if joins else [*found, one]
                joins = False
        return [each for one in found for each in one]

    def _more(self) -> bool:
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1
        if self.at < len(self.text) and self.text[self.at] == ")" and not self.open:
            raise QueryError(f"The bracket at character {self.at + 1} closes nothing.", self.at)
        return self.at < len(self.text) and self.text[self.at] != ")"

    def _operator(self, names: tuple[str, ...]) -> bool:
        found = re.compile(r"[^\s()\"]+").match(self.text, self.at)
        if not found or found[0] not in names:
            return False
        self.at = found.end()
        return True

    def _one(self, zone: str | None) -> list[Clause]:
        start = self.at
        if not self._negated():
            return self._positive(zone, start)
        self._enter(start)
        inner = self._one(zone) if self._more() else []
        self.open.pop()
        if not inner:
            return []
        return [NotClause(Span(start, inner[-1].span.end), _together(_whole(inner)))]

    def _negated(self) -> bool:
        if self._operator(("NOT",)):
            return True
        found = _MINUS.match(self.text, self.at)
        self.at += bool(found)
        return bool(found)

    def _enter(self, place: int) -> None:
        self.open.append(place)
        if len(self.open) > MAX_DEPTH:
            raise QueryError(f"This search is nested too deep: {MAX_DEPTH} levels are the most.", place)

    def _positive(self, zone: str | None, start: int) -> list[Clause]:
        if self.text[self.at] == "(":
            return self._group(zone, start)
        named = _NAMED.match(self.text, self.at)
        if named and named[1].lower() in _FIELDS:
            self.at = named.end()
            return self._value(_FIELDS[named[1].lower()], start)
        if named and filters.knows(named[1].lower()):
            self.at = named.end()
            return self._filter(named[1].lower(), start)
        if named and named[1].lower() == "sort":
            self.at = named.end()
            self.sort = filters.sort(*self._raw())
            return []
        if self.text[self.at] == "#" and self.text[self.at + 1 : self.at + 2].isalnum():
            self.at += 1
            return self._filter("tag", start)
        return self._value(zone, start)

    def _group(self, zone: str | None, start: int) -> list[Clause]:
        opening = self.at
        self._enter(opening)
        self.at += 1
        inside = self.all_of(zone)
        if self.at == len(self.text):
            if not self.unfinished:
                raise QueryError(f"The bracket at character {opening + 1} is never closed.", opening)
        else:
            self.at += 1
        self.open.pop()
        clauses = _telling(inside)
        span = Span(start, self.at)
        return (
            [replace(clauses[0], span=span) if len(clauses) == 1 else AllClause(span, clauses)]
            if clauses
            else []
        )

    def _filter(self, name: str, start: int) -> list[Clause]:
        value, place = self._raw()
        return [filters.read(name, value, Span(start, self.at), place, self.today)]

    def _raw(self) -> tuple[str, int]:
        """A value as it is written, and where."""
        place = self.at
        if self.text[place] == '"':
            end = self._closing_quote(place)
            self.at = min(end + 1, len(self.text))
            return self.text[place + 1 : end], place + 1
        return self._chunk(), place

    def _value(self, zone: str | None, start: int) -> list[Clause]:
        if self.text[self.at] == "(":
            return self._group(zone, start)
        if self.text[self.at] == '"':
            return self._phrase(zone, start)
        place = self.at
        return list(_words(self._chunk(), start, place, zone))

    def _phrase(self, zone: str | None, start: int) -> list[Clause]:
        begin = self.at + 1
        end = self._closing_quote(self.at)
        found = tuple(_chains(self.text[begin:end], begin))
        self.at = min(end + 1, len(self.text))
        ending = re.compile(r"[*~]+\d*").match(self.text, self.at)
        self.at = ending.end() if ending else self.at
        return [WordsClause(Span(start, self.at), found, zone, is_phrase=True)] if found else []

    def _closing_quote(self, opening: int) -> int:
        end = opening + 1
        while end < len(self.text) and (self.text[end] != '"' or _ACCENT.match(self.text, end)):
            end += 1
        return end

    def _chunk(self) -> str:
        """What stands without blanks; brackets within it are its own: `O(n^2)`."""
        start, inner = self.at, 0
        while self.at < len(self.text) and not self.text[self.at].isspace():
            sign = self.text[self.at]
            if sign == '"' and self.at > start and not _ACCENT.match(self.text, self.at):
                break
            if sign == ")" and not inner and self.open:
                break
            inner += (sign == "(") - (sign == ")" and inner > 0)
            self.at += 1
        return self.text[start : self.at]


def _whole(clauses: list[Clause]) -> Clause:
    """What was written without blanks, or in brackets, as one part."""
    return (
        clauses[0]
        if len(clauses) == 1
        else AllClause(Span(clauses[0].span.start, clauses[-1].span.end), tuple(clauses))
    )


def _either(one: Clause, other: Clause) -> AnyClause:
    before = one.clauses if isinstance(one, AnyClause) else (one,)
    return AnyClause(Span(one.span.start, other.span.end), (*before, other))


def _together(clause: Clause) -> Clause:
    """What is left out is left out as it stands, filler and all."""
    if isinstance(clause, WordsClause) and len(clause.words) > 1 and not clause.is_prefix:
        return replace(clause, is_phrase=True)
    return clause


def _words(chunk: str, start: int, place: int, zone: str | None) -> Iterator[WordsClause]:
    """The words of one chunk: what commas and slashes part are parts of their own, unless it is an address."""
    named = _identifier(chunk) if zone in (None, "identifier") else ""
    if named:
        found = tuple(chain for chain, _ in zip(chains(named), range(MAX_WORDS), strict=False))
        yield WordsClause(
            Span(start, place + len(chunk)), tuple(_placed(chain, place) for chain in found), zone
        )
        return
    if zone == "identifier" or "://" in chunk:
        pieces = [(chunk, place)]
    else:
        pieces = [(chunk[begin:end], place + begin) for begin, end in _pieces(chunk)]
    for number, (piece, at) in enumerate(pieces):
        yield from _word(piece, start if number == 0 else at, at, zone)


def _pieces(chunk: str) -> Iterator[tuple[int, int]]:
    begin = 0
    for sign in _BETWEEN_WORDS.finditer(chunk):
        yield begin, sign.start()
        begin = sign.end()
    yield begin, len(chunk)


def _word(piece: str, start: int, place: int, zone: str | None) -> Iterator[WordsClause]:
    ending = None if re.fullmatch(r"[A-Z]\*", piece) else _ENDING.search(piece)
    found = tuple(_chains(piece[: ending.start()] if ending else piece, place))
    if not found:
        return
    span = Span(start, place + len(piece))
    if ending and ending["star"]:
        _refuse_short(found, _SHORTEST_BEGINNING, "*", "letters before")
        yield WordsClause(span, found, zone, is_prefix=True)
    elif ending:
        yield WordsClause(span, found, zone, distance=_distance(found, ending, place))
    else:
        yield WordsClause(span, found, zone)


def _distance(found: tuple[Chain, ...], ending: re.Match[str], place: int) -> int:
    _refuse_short(found, _SHORTEST_FUZZY, "~", "letters before")
    distance = int(ending["distance"] or 1)
    if not 1 <= distance <= _MOST_DIFFERENT:
        raise QueryError(
            f"~1 and ~2 are the letters that may differ, not ~{distance}.", place + ending.start()
        )
    return distance if len(found) == len(found[0].words) == 1 else 0


def _refuse_short(found: tuple[Chain, ...], shortest: int, sign: str, what: str) -> None:
    last = found[-1].words[-1]
    if sum(len(word.text) for word in found[-1].words) < shortest and not found[-1].is_cjk:
        message = f"“{last.text}{sign}” at character {last.start + 1} is too short: it takes {shortest} {what} the {sign}."
        raise QueryError(message, last.start)


def _chains(text: str, place: int) -> Iterator[Chain]:
    return (_moved(chain, place) for chain in chains(text))


def _moved(chain: Chain, by: int) -> Chain:
    return chain._replace(words=tuple(w._replace(start=w.start + by, end=w.end + by) for w in chain.words))


def _placed(chain: Chain, place: int) -> Chain:
    return chain._replace(words=tuple(w._replace(start=place, end=place + 1) for w in chain.words))


def _identifier(chunk: str) -> str:
    """The bare id that a link or a written id names: `https://arxiv.org/pdf/2401.01335v2`, `10.1145/3442188`."""
    chunk = chunk.rstrip(".,;")
    eprint = identifiers.parse_arxiv(chunk)
    return eprint.id if eprint else identifiers.parse_doi(chunk) or ""
