"""A query as a tree of Whoosh's, over the fields of `document`. Raw text never comes here."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from whoosh import query as tree

from paperclipper.search.analysis import FILLER, Word, joined, stem
from paperclipper.search.document import STEMS, TITLE, WHOLE_TITLE, WORDS, title_key
from paperclipper.search.query import Clause, Query

_TITLE_BOOST = 2.0
_WHOLE_TITLE_BOOST = 1000.0
_OPEN_END_SCORE = 1.0
# More than any one clause scores: of papers that lack words, those with the most come first.
_CLAUSE_SCORE = 1000.0
_SCANNED = 2000
_EXPANDED = 64


def strict(query: Query, reader: Any) -> Any:
    """Papers that hold every required clause and no excluded one; titles count extra."""
    required = [_clause(clause, reader) for clause in query.required]
    wanted = tree.AndMaybe(tree.And(required), _title(query)) if required else tree.Every()
    return _without(wanted, query, reader)


def relaxed(query: Query, reader: Any) -> Any:
    """Papers that hold some of the required clauses, those with the most first, and no excluded one."""
    required = [_clause(clause, reader) for clause in query.required]
    counted = [tree.ConstantScoreQuery(clause, _CLAUSE_SCORE) for clause in required]
    return _without(tree.AndMaybe(tree.Or(required + counted), _title(query)), query, reader)


def _without(wanted: Any, query: Query, reader: Any) -> Any:
    if not query.excluded:
        return wanted
    return tree.AndNot(wanted, tree.Or([_clause(clause, reader) for clause in query.excluded]))


def _clause(clause: Clause, reader: Any) -> Any:
    if clause.is_phrase:
        return _phrase(clause.words)
    apart = tree.And([_word(word) for word in clause.words])
    ways = [apart]
    if len(clause.words) > 1:
        ways.append(tree.Term(STEMS, stem(joined(clause.words))))
    if clause.open_end:
        begun = tree.Or([tree.Term(WORDS, word) for word in _expanded(clause.words[-1].text, reader)])
        before = [_word(word) for word in clause.words[:-1]]
        ways.append(tree.And([*before, tree.ConstantScoreQuery(begun, _OPEN_END_SCORE)]))
    return tree.Or(ways) if len(ways) > 1 else apart


def _word(word: Word) -> Any:
    return tree.Term(WORDS, word.text) if word.text in FILLER else tree.Term(STEMS, stem(word.text))


def _phrase(words: tuple[Word, ...]) -> Any:
    terms = [word.text for word in words]
    return tree.Phrase(WORDS, terms) if len(terms) > 1 else tree.Term(WORDS, terms[0])


def _expanded(beginning: str, reader: Any) -> list[str]:
    """The most frequent of the words that begin so, of a bounded number looked at."""
    scanned = list(islice(reader.expand_prefix(WORDS, beginning), _SCANNED))
    frequent = sorted(scanned, key=lambda term: reader.doc_frequency(WORDS, term), reverse=True)[:_EXPANDED]
    return [term.decode() for term in frequent]


def _title(query: Query) -> Any:
    words = [word for clause in query.required for word in clause.words]
    key = title_key(words)
    whole = [tree.Term(WHOLE_TITLE, key, boost=_WHOLE_TITLE_BOOST)] if key else []
    return tree.Or([*_title_words(words), *whole])


def _title_words(words: list[Word]) -> Iterator[Any]:
    for word in words:
        yield tree.Term(TITLE, stem(word.text), boost=_TITLE_BOOST)
