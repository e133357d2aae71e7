"""From what was asked to what an index is to do: the query's words with all the ways in which they are written."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from paperclipper.search.document import (
    PASSED_OVER,
    SKIPPED,
    STEMS,
    TITLE,
    WHOLE_TITLE,
    WORDS,
    ZONES,
    whole_title,
)
from paperclipper.search.query import syntax
from paperclipper.search.query.plan import (
    AllOf,
    AnyOf,
    Between,
    Blend,
    Clause,
    Gate,
    Labelled,
    Lexicon,
    Maybe,
    Node,
    Phrase,
    Plan,
    Term,
    Without,
)
from paperclipper.search.query.syntax import Query, Words
from paperclipper.search.query.variants import Way, Ways
from paperclipper.search.text.stemming import stem
from paperclipper.search.text.tokenizer import FILLER, Chain, words

MOST_BEGUN = 128
_MOST_TITLES = 256
_MOST_TITLE_WORDS = 16
_MOST_NEAR_WORDS = 4
_SHORTEST_NEAR = 4
_NEAR, _BEGUN = 0.5, 0.3
_TITLE_BONUS = 2.0
_WHOLE_TITLE_BONUS = 1000.0


def plan(asked: Query, lexicon: Lexicon) -> Plan:
    """What an index is to do for a query. Every tag in it must have been looked up."""
    return _Planner(asked, Ways(lexicon)).plan()


def with_near(made: Plan, lexicon: Lexicon) -> Plan:
    """The same plan, with near spellings of unknown words, and of all words of a short query."""
    ways = Ways(lexicon)
    single = [
        c for c in made.clauses if not c.is_filter and len(c.words) == 1 and _may_be_misspelt(c.words[0])
    ]
    rarest = sorted(single, key=lambda clause: ways.frequency(STEMS, stem(clause.words[0])))[
        :_MOST_NEAR_WORDS
    ]
    is_short = sum(not clause.is_filter for clause in made.clauses) <= _MOST_NEAR_WORDS
    near = [clause for clause in rarest if is_short or not ways.frequency(STEMS, stem(clause.words[0]))]
    return replace(made, clauses=tuple(_nearly(c, ways) if c in near else c for c in made.clauses))


def _may_be_misspelt(word: str) -> bool:
    return len(word) >= _SHORTEST_NEAR and word.isascii() and word.isalpha()


def _nearly(clause: Clause, ways: Ways) -> Clause:
    near = ways.near_stems(clause.words[0])
    return replace(clause, near=Blend(tuple((Term(STEMS, each), _NEAR) for each in near))) if near else clause


class _Planner:
    def __init__(self, asked: Query, ways: Ways) -> None:
        self._asked = asked
        self._ways = ways
        self._cut_short: list[str] = []
        begun = sum(
            isinstance(p, Words) and (p.is_prefix or p.is_unfinished) for p in syntax.every_part(asked.parts)
        )
        self._most_begun = MOST_BEGUN // max(1, begun)

    def plan(self) -> Plan:
        asked = self._asked
        skipped = SKIPPED in asked.labels()
        scope: Node = AllOf(()) if skipped else Without(Labelled((PASSED_OVER,)))
        clauses = tuple(self._clauses(asked.parts))
        return Plan(clauses, scope, tuple(self._bonus()), asked.order, tuple(self._cut_short))

    def _clauses(self, parts: Sequence[syntax.Part]) -> Iterator[Clause]:
        nodes = self._nodes(parts)
        for part, node in zip(parts, nodes, strict=True):
            is_text = isinstance(part, Words | syntax.AnyOf | syntax.AllOf) and any(
                isinstance(each, Words) for each in syntax.every_part((part,))
            )
            said = tuple(w.text for w in part.words) if _is_plain(part) and isinstance(part, Words) else ()
            yield Clause(part.span, node if is_text else Gate(node), not is_text, words=said)

    def _nodes(self, parts: Sequence[syntax.Part]) -> list[Node]:
        """What each part comes to, words that stand side by side also written together or as an acronym."""
        nodes = [self._node(part) for part in parts]
        for i in range(len(parts) - 1):
            for last in range(i + 1, len(parts)):
                row = parts[i : last + 1]
                ways = list(self._as_one(row)) if all(_is_plain(part) for part in row) else []
                if ways:
                    nodes[i : last + 1] = [_also(node, ways) for node in nodes[i : last + 1]]
        return nodes

    def _as_one(self, row: Sequence[syntax.Part]) -> Iterator[Way]:
        said = [word.text for word in words(self._asked.text[row[0].span.start : row[-1].span.end])]
        if len(row) == 2 == len(said):
            yield from self._ways.together(said[0], said[1])
        if len(said) <= 6:
            yield from self._ways.acronym(" ".join(said))

    def _node(self, part: syntax.Part, *, exactly: bool = False) -> Node:
        match part:
            case Words():
                return self._words(part, exactly=exactly)
            case syntax.Labelled():
                return Labelled(self._labels(part))
            case syntax.Tagged():
                return Labelled(tuple(f"tag:{tag_id}" for tag_id in part.ids or ()))
            case syntax.Between():
                return Between(part.number, part.low, part.high)
            case syntax.AnyOf():
                return AnyOf(tuple(self._node(each, exactly=exactly) for each in part.parts))
            case syntax.AllOf():
                return AllOf(tuple(self._nodes(part.parts)))
            case syntax.Not():
                return Without(self._node(part.part, exactly=True))

    def _labels(self, part: syntax.Labelled) -> tuple[str, ...]:
        if not part.is_begun:
            return part.labels
        return tuple(found for label in part.labels for found in self._ways.beginning("labels", label, 400))

    # Words

    def _words(self, part: Words, *, exactly: bool) -> Node:
        within = 1 << ZONES.index(part.part) if part.part else 0
        if part.is_phrase:
            return self._phrase(part, within)
        if part.distance:
            return self._misspelt(part, within)
        if part.is_prefix or part.is_unfinished:
            return Blend(tuple(self._begun(part, within)))
        return _blend(list(self._written(part, within, exactly=exactly)))

    def _written(self, part: Words, within: int, *, exactly: bool) -> Iterator[Way]:
        if len(part.words) > 1 or part.chains[0].is_cjk:
            yield from self._compound(part, within)
            for compound in () if exactly or within else _as_one_word(part.chains)[:1]:
                yield from self._ways.expansions(compound)
            return
        word = part.words[0].text
        yield (Term(WORDS, word, within) if word in FILLER else Term(STEMS, stem(word), within)), 1.0
        if not exactly and not within:
            yield from self._ways.split(word)
            yield from self._ways.expansions(word)

    def _compound(self, part: Words, within: int) -> Iterator[Way]:
        """Words that a hyphen or the like ties: one after the other, or as one word."""
        slots = _slots(part.chains)
        if part.chains[0].is_cjk and len(part.words) == 1:  # one character begins many pairs
            slots = (tuple(self._ways.begun(part.words[0].text, self._most_begun)[0]) or slots[0],)
        elif "&" in "".join(_as_one_word(part.chains)):  # not R. D. Laing
            slots = tuple(slot for each in slots for slot in (("and",), each))[1:]
        else:
            slots = (*slots[:-1], self._ways.forms(slots[-1][0]))
        yield Phrase(slots, within), 1.0
        for word in _as_one_word(part.chains):
            yield Term(STEMS, stem(word), within), 1.0

    def _begun(self, part: Words, within: int) -> Iterator[Way]:
        """The last word as a beginning; as one types, also as it stands."""
        before, last = part.words[:-1], part.words[-1].text
        if part.is_unfinished:
            yield from self._written(part, within, exactly=False)
        beginnings, more = self._ways.begun(last, self._most_begun)
        if more and part.is_prefix:
            self._cut_short.append(last)
        factor = 1.0 if part.is_prefix else _BEGUN
        if not before:
            yield from ((Term(WORDS, word, within), factor) for word in beginnings)
            return
        if beginnings:
            yield Phrase((*((word.text,) for word in before), tuple(beginnings)), within), factor
        for word in _as_one_word(part.chains)[:1]:
            together, _ = self._ways.begun(word, self._most_begun)
            yield from ((Term(WORDS, each, within), factor) for each in together)

    def _misspelt(self, part: Words, within: int) -> Node:
        root = stem(part.words[0].text)
        near = self._ways.near_stems(part.words[0].text, part.distance)
        return Blend(
            ((Term(STEMS, root, within), 1.0), *((Term(STEMS, other, within), _NEAR) for other in near))
        )

    def _phrase(self, part: Words, within: int) -> Node:
        """Words as they stand, any compound of them also as one word; scored by its words."""
        apart = _slots(part.chains)
        ways = [Phrase(apart, within)]
        for i, chain in enumerate(part.chains):
            for word in _as_one_word((chain,))[:1]:
                rest = (_slots(part.chains[:i]), _slots(part.chains[i + 1 :]))
                ways.append(Phrase((*rest[0], (word,), *rest[1]), within))
        telling = dict.fromkeys(stem(slot[0]) for slot in apart if slot[0] not in FILLER)
        return Maybe(Gate(AnyOf(tuple(ways))), tuple(Term(STEMS, each) for each in telling))

    # Titles

    def _bonus(self) -> Iterator[tuple[Term | Labelled, float]]:
        plain = [part for part in self._asked.parts if _is_plain(part)]
        stems = dict.fromkeys(
            each for part in plain if isinstance(part, Words) for each in self._title_stems(part)
        )
        yield from ((Term(TITLE, each), _TITLE_BONUS) for each in stems)
        if plain and len(plain) == len(self._asked.parts):
            yield from self._whole_titles()

    def _title_stems(self, part: Words) -> Iterator[str]:
        yield from (stem(word.text) for word in part.words if word.text not in FILLER)
        yield from (stem(word) for word in _as_one_word(part.chains)[:1])
        if part.is_prefix or part.is_unfinished:
            begun, _ = self._ways.begun(part.words[-1].text, _MOST_TITLE_WORDS)
            yield from (stem(word) for word in begun)

    def _whole_titles(self) -> Iterator[tuple[Term | Labelled, float]]:
        """A title that begins with the whole query comes first, before it one that ends there too."""
        asked, key = whole_title(self._asked.text)
        last = self._asked.parts[-1]
        open_end = isinstance(last, Words) and (last.is_prefix or last.is_unfinished)
        titles = self._ways.beginning(WHOLE_TITLE, asked, _MOST_TITLES) if asked else ()
        begun = [title for title in titles if open_end or title == asked or title.startswith(asked + " ")]
        yield Labelled(tuple(begun), WHOLE_TITLE), 2 * _WHOLE_TITLE_BONUS
        yield Labelled((asked, key), WHOLE_TITLE), _WHOLE_TITLE_BONUS


def _is_plain(part: syntax.Part) -> bool:
    """Whether it is a bare word or compound."""
    return isinstance(part, Words) and not (part.part or part.is_phrase or part.distance)


def _slots(chains: Sequence[Chain]) -> tuple[tuple[str, ...], ...]:
    """The words to be found one after the other. Of a Chinese run its pairs say all; the last character is but one."""
    found = []
    for chain in chains:
        said = chain.words[:-1] if chain.is_cjk and len(chain.words) > 1 else chain.words
        found += [(word.text,) for word in said]
    return tuple(found)


def _as_one_word(chains: Sequence[Chain]) -> tuple[str, ...]:
    """The whole as one word, in the ways in which that is written."""
    if len(chains) != 1 or not chains[0].joined:
        return ()
    return chains[0].joined if len(chains[0].words) == 2 else chains[0].joined[:1]


def _blend(ways: list[Way]) -> Node:
    (first, factor), *others = ways
    return first if not others and factor == 1.0 and isinstance(first, Term) else Blend(tuple(ways))


def _also(node: Node, ways: list[Way]) -> Node:
    if isinstance(node, Term):
        return Blend(((node, 1.0), *ways))
    return Blend((*node.ways, *ways)) if isinstance(node, Blend) else node
