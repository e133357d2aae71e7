"""Turns a query into a plan: adds variants of its words, and boosts for matches in titles."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TypeGuard

from paperclipper.search.document import (
    NEVER_CLIPPED,
    SKIPPED,
    STEMS,
    TITLE,
    WHOLE_TITLE,
    WORDS,
    ZONES,
    title_terms,
)
from paperclipper.search.query import syntax
from paperclipper.search.query.plan import (
    AllNode,
    AnyNode,
    BlendNode,
    BoostedNode,
    LabelNode,
    Lexicon,
    NotNode,
    PhraseNode,
    Plan,
    PlanClause,
    PlanNode,
    RangeNode,
    TermNode,
    UnscoredNode,
)
from paperclipper.search.query.syntax import Query, WordsClause
from paperclipper.search.query.variants import Variant, VariantFinder
from paperclipper.search.text.stemming import stem
from paperclipper.search.text.tokenizer import STOP_WORDS, Chain, words

MAX_PREFIX_WORDS = 128
_MAX_TITLES = 256
_MAX_TITLE_WORDS = 16
_MAX_SIMILAR_WORDS = 4
_MIN_SIMILAR_LENGTH = 4
_SIMILAR_FACTOR, _PREFIX_FACTOR = 0.5, 0.3
_TITLE_BOOST = 2.0
_WHOLE_TITLE_BOOST = 1000.0


def make_plan(query: Query, lexicon: Lexicon) -> Plan:
    """Return the plan for a query whose tags have been resolved."""
    return _Planner(query, VariantFinder(lexicon)).plan()


def with_similar(plan: Plan, lexicon: Lexicon) -> Plan:
    """Add similar spellings of unknown words to a plan; if the query is short, of all words."""
    finder = VariantFinder(lexicon)

    def frequency(clause: PlanClause) -> int:
        return finder.frequency(STEMS, stem(clause.words[0]))

    candidates = [clause for clause in plan.clauses if _may_be_misspelt(clause)]
    rarest = sorted(candidates, key=frequency)[:_MAX_SIMILAR_WORDS]
    is_short = sum(not clause.is_filter for clause in plan.clauses) <= _MAX_SIMILAR_WORDS
    chosen = [clause for clause in rarest if is_short or not frequency(clause)]
    clauses = (_with_similar(clause, finder) if clause in chosen else clause for clause in plan.clauses)
    return replace(plan, clauses=tuple(clauses))


def _may_be_misspelt(clause: PlanClause) -> bool:
    if clause.is_filter or len(clause.words) != 1:
        return False
    word = clause.words[0]
    return len(word) >= _MIN_SIMILAR_LENGTH and word.isascii() and word.isalpha()


def _with_similar(clause: PlanClause, finder: VariantFinder) -> PlanClause:
    similar = tuple(
        (TermNode(STEMS, each), _SIMILAR_FACTOR) for each in finder.similar_stems(clause.words[0])
    )
    return replace(clause, similar=BlendNode(similar)) if similar else clause


class _Planner:
    def __init__(self, query: Query, finder: VariantFinder) -> None:
        self._query = query
        self._finder = finder
        self._truncated_prefixes: list[str] = []
        prefixes = sum(
            isinstance(p, WordsClause) and (p.is_prefix or p.is_unfinished)
            for p in syntax.walk_clauses(query.clauses)
        )
        self._max_prefix_words = MAX_PREFIX_WORDS // max(1, prefixes)

    def plan(self) -> Plan:
        query = self._query
        skipped = SKIPPED in query.labels()
        scope: PlanNode = AllNode(()) if skipped else NotNode(LabelNode((NEVER_CLIPPED,)))
        clauses = tuple(self._clauses(query.clauses))
        return Plan(clauses, scope, tuple(self._boosts()), query.order, tuple(self._truncated_prefixes))

    def _clauses(self, clauses: Sequence[syntax.Clause]) -> Iterator[PlanClause]:
        for clause, node in zip(clauses, self._nodes(clauses), strict=True):
            words = tuple(word.text for word in clause.words) if _is_plain(clause) else ()
            if _has_words(clause):
                yield PlanClause(clause.span, node, words=words)
            else:
                yield PlanClause(clause.span, UnscoredNode(node), is_filter=True)

    def _nodes(self, clauses: Sequence[syntax.Clause]) -> list[PlanNode]:
        """Return the node of each clause. Adjacent words also match if joined or abbreviated."""
        nodes = [self._node(clause) for clause in clauses]
        for i in range(len(clauses) - 1):
            for last in range(i + 1, len(clauses)):
                row = clauses[i : last + 1]
                variants = list(self._joined(row)) if all(_is_plain(clause) for clause in row) else []
                if variants:
                    nodes[i : last + 1] = [_with_variants(node, variants) for node in nodes[i : last + 1]]
        return nodes

    def _joined(self, row: Sequence[syntax.Clause]) -> Iterator[Variant]:
        texts = [word.text for word in words(self._query.text[row[0].span.start : row[-1].span.end])]
        if len(row) == 2 == len(texts):
            yield from self._finder.joined(texts[0], texts[1])
        if len(texts) <= 6:
            yield from self._finder.acronyms_for(" ".join(texts))

    def _node(self, clause: syntax.Clause, *, exact: bool = False) -> PlanNode:
        match clause:
            case WordsClause():
                return self._words(clause, exact=exact)
            case syntax.LabelClause():
                return LabelNode(self._labels(clause))
            case syntax.TagClause():
                return LabelNode(tuple(f"tag:{tag_id}" for tag_id in clause.ids or ()))
            case syntax.RangeClause():
                return RangeNode(clause.column, clause.low, clause.high)
            case syntax.AnyClause():
                return AnyNode(tuple(self._node(each, exact=exact) for each in clause.clauses))
            case syntax.AllClause():
                return AllNode(tuple(self._nodes(clause.clauses)))
            case syntax.NotClause():
                return NotNode(self._node(clause.clause, exact=True))

    def _labels(self, clause: syntax.LabelClause) -> tuple[str, ...]:
        if not clause.is_prefix:
            return clause.labels
        return tuple(
            found for label in clause.labels for found in self._finder.terms_with_prefix("labels", label, 400)
        )

    # Words

    def _words(self, clause: WordsClause, *, exact: bool) -> PlanNode:
        zone_mask = 1 << ZONES.index(clause.zone) if clause.zone else 0
        if clause.is_phrase:
            return self._phrase(clause, zone_mask)
        if clause.distance:
            return self._fuzzy(clause, zone_mask)
        if clause.is_prefix or clause.is_unfinished:
            return BlendNode(tuple(self._prefix(clause, zone_mask)))
        return _blend(list(self._written(clause, zone_mask, exact=exact)))

    def _written(self, clause: WordsClause, zone_mask: int, *, exact: bool) -> Iterator[Variant]:
        if len(clause.words) > 1 or clause.chains[0].is_cjk:
            yield from self._compound(clause, zone_mask)
            for compound in () if exact or zone_mask else _joined_words(clause.chains)[:1]:
                yield from self._finder.acronym_expansions(compound)
            return
        word = clause.words[0].text
        yield (
            (
                TermNode(WORDS, word, zone_mask)
                if word in STOP_WORDS
                else TermNode(STEMS, stem(word), zone_mask)
            ),
            1.0,
        )
        if not exact and not zone_mask:
            yield from self._finder.split(word)
            yield from self._finder.acronym_expansions(word)

    def _compound(self, clause: WordsClause, zone_mask: int) -> Iterator[Variant]:
        """Yield the variants of a compound: consecutive words, and one word."""
        slots = _phrase_slots(clause.chains)
        if clause.chains[0].is_cjk and len(clause.words) == 1:  # a single character matches many bigrams
            slots = (
                tuple(self._finder.words_with_prefix(clause.words[0].text, self._max_prefix_words)[0])
                or slots[0],
            )
        elif "&" in "".join(_joined_words(clause.chains)):  # not R. D. Laing
            slots = tuple(slot for each in slots for slot in (("and",), each))[1:]
        else:
            slots = (*slots[:-1], self._finder.inflections(slots[-1][0]))
        yield PhraseNode(slots, zone_mask), 1.0
        for word in _joined_words(clause.chains):
            yield TermNode(STEMS, stem(word), zone_mask), 1.0

    def _prefix(self, clause: WordsClause, zone_mask: int) -> Iterator[Variant]:
        """Yield the words that start with the last word and, if it is unfinished, the word itself."""
        before, last = clause.words[:-1], clause.words[-1].text
        if clause.is_unfinished:
            yield from self._written(clause, zone_mask, exact=False)
        prefix_words, more = self._finder.words_with_prefix(last, self._max_prefix_words)
        if more and clause.is_prefix:
            self._truncated_prefixes.append(last)
        factor = 1.0 if clause.is_prefix else _PREFIX_FACTOR
        if not before:
            yield from ((TermNode(WORDS, word, zone_mask), factor) for word in prefix_words)
            return
        if prefix_words:
            yield PhraseNode((*((word.text,) for word in before), tuple(prefix_words)), zone_mask), factor
        for word in _joined_words(clause.chains)[:1]:
            joined, _ = self._finder.words_with_prefix(word, self._max_prefix_words)
            yield from ((TermNode(WORDS, each, zone_mask), factor) for each in joined)

    def _fuzzy(self, clause: WordsClause, zone_mask: int) -> PlanNode:
        root = stem(clause.words[0].text)
        similar = self._finder.similar_stems(clause.words[0].text, clause.distance)
        return BlendNode(
            (
                (TermNode(STEMS, root, zone_mask), 1.0),
                *((TermNode(STEMS, other, zone_mask), _SIMILAR_FACTOR) for other in similar),
            )
        )

    def _phrase(self, clause: WordsClause, zone_mask: int) -> PlanNode:
        """Match consecutive words, and compounds also as one word. The score is that of the words."""
        apart = _phrase_slots(clause.chains)
        variants = [PhraseNode(apart, zone_mask)]
        for i, chain in enumerate(clause.chains):
            for word in _joined_words((chain,))[:1]:
                rest = (_phrase_slots(clause.chains[:i]), _phrase_slots(clause.chains[i + 1 :]))
                variants.append(PhraseNode((*rest[0], (word,), *rest[1]), zone_mask))
        significant = dict.fromkeys(stem(slot[0]) for slot in apart if slot[0] not in STOP_WORDS)
        return BoostedNode(
            UnscoredNode(AnyNode(tuple(variants))), tuple(TermNode(STEMS, each) for each in significant)
        )

    # Titles

    def _boosts(self) -> Iterator[tuple[TermNode | LabelNode, float]]:
        plain = [clause for clause in self._query.clauses if _is_plain(clause)]
        stems = dict.fromkeys(each for clause in plain for each in self._title_stems(clause))
        yield from ((TermNode(TITLE, each), _TITLE_BOOST) for each in stems)
        if plain and len(plain) == len(self._query.clauses):
            yield from self._whole_titles()

    def _title_stems(self, clause: WordsClause) -> Iterator[str]:
        yield from (stem(word.text) for word in clause.words if word.text not in STOP_WORDS)
        yield from (stem(word) for word in _joined_words(clause.chains)[:1])
        if clause.is_prefix or clause.is_unfinished:
            prefix_words, _ = self._finder.words_with_prefix(clause.words[-1].text, _MAX_TITLE_WORDS)
            yield from (stem(word) for word in prefix_words)

    def _whole_titles(self) -> Iterator[tuple[TermNode | LabelNode, float]]:
        """Yield boosts for titles that start with the whole query, with a larger one for an equal title."""
        typed, key = title_terms(self._query.text)
        last = self._query.clauses[-1]
        open_end = isinstance(last, WordsClause) and (last.is_prefix or last.is_unfinished)
        titles = self._finder.terms_with_prefix(WHOLE_TITLE, typed, _MAX_TITLES) if typed else ()
        matching = [title for title in titles if open_end or title == typed or title.startswith(typed + " ")]
        yield LabelNode(tuple(matching), WHOLE_TITLE), 2 * _WHOLE_TITLE_BOOST
        yield LabelNode((typed, key), WHOLE_TITLE), _WHOLE_TITLE_BOOST


def _has_words(clause: syntax.Clause) -> bool:
    """Return whether a clause searches for words, that is, whether it is not a filter."""
    if isinstance(clause, syntax.NotClause):
        return False
    return any(isinstance(each, WordsClause) for each in syntax.walk_clauses((clause,)))


def _is_plain(clause: syntax.Clause) -> TypeGuard[WordsClause]:
    """Return whether a clause is a bare word or compound."""
    return isinstance(clause, WordsClause) and not (clause.zone or clause.is_phrase or clause.distance)


def _phrase_slots(chains: Sequence[Chain]) -> tuple[tuple[str, ...], ...]:
    """Return the slots of a phrase.

    The bigrams of a CJK run cover all its characters, so the last character on its own is dropped.
    """
    found = []
    for chain in chains:
        texts = chain.words[:-1] if chain.is_cjk and len(chain.words) > 1 else chain.words
        found += [(word.text,) for word in texts]
    return tuple(found)


def _joined_words(chains: Sequence[Chain]) -> tuple[str, ...]:
    """Return all spellings of a compound as one word."""
    if len(chains) != 1 or not chains[0].compounds:
        return ()
    return chains[0].compounds if len(chains[0].words) == 2 else chains[0].compounds[:1]


def _blend(variants: list[Variant]) -> PlanNode:
    (first, factor), *others = variants
    return (
        first if not others and factor == 1.0 and isinstance(first, TermNode) else BlendNode(tuple(variants))
    )


def _with_variants(node: PlanNode, variants: list[Variant]) -> PlanNode:
    if isinstance(node, TermNode):
        return BlendNode(((node, 1.0), *variants))
    return BlendNode((*node.variants, *variants)) if isinstance(node, BlendNode) else node
