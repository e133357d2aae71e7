"""The simplest index: a search looks at every document and evaluates its plan as `query.plan` defines it."""

from collections import Counter
from math import log

from whoosh.util.numeric import byte_to_length, length_to_byte

from paperclipper.errors import IndexUnavailableError
from paperclipper.model import Sort
from paperclipper.search.document import (
    CLIPPED,
    LABELS,
    NEVER_CLIPPED,
    PUBLISHED,
    STEMS,
    TITLE,
    UPVOTES,
    WORDS,
    ZONE_BITS,
    ZONES,
    document,
    facet_labels,
    signature,
    zone_weight,
)
from paperclipper.search.index.answer import Answer
from paperclipper.search.index.protocol import IndexStatus
from paperclipper.search.index.verification import IndexedPaper, find_differences
from paperclipper.search.query import plan as nodes
from paperclipper.search.query.planner import make_plan
from paperclipper.search.query.results import ClauseDiagnostics, Hit

K1, B = 1.2, 0.75
COLUMNS = {Sort.CLIPPED: CLIPPED, Sort.PUBLISHED: PUBLISHED, Sort.UPVOTES: UPVOTES}


class MemoryIndex:
    def __init__(self):
        self.documents, self.position = {}, None

    def status(self):
        return IndexStatus(
            self.position, sum(NEVER_CLIPPED not in one.fields[LABELS] for one in self.documents.values())
        )

    def catch_up(self, source, deadline, progress=None):
        head = source.head()
        position = self.position
        if position is None or position.epoch != head.epoch or position.stamp > head.stamp:
            self.documents, position = {}, None
        for entry in source.entries_after(position.stamp if position else 0, 10**9)[1]:
            self.documents.pop(entry.paper_id, None)
            if entry.paper:
                self.documents[entry.paper_id] = document(entry)
        self.position = head
        if progress:
            progress(head, head)
        return True

    def rebuild(self, source, progress=None):
        self.position = None
        self.catch_up(source, 0, progress)

    def merge_segments(self):
        pass

    def scrub(self):
        return True

    def verify(self, source, *, deep=False):
        papers = (
            IndexedPaper(one.paper_id, one.stamp, signature(one) if deep else None)
            for one in self.documents.values()
        )
        return find_differences(source, papers, deep=deep)

    def search(self, query, wanted):
        if self.position is None:
            raise IndexUnavailableError("There is no index yet.")
        plan = make_plan(query, self)
        full = self._full(plan)
        column = COLUMNS.get(plan.order)
        keys = {
            one.paper_id: (one.numbers[column], score) if column else (score, one.numbers[CLIPPED])
            for one, score in full
        }
        ranked = sorted(keys, key=keys.get, reverse=True)
        hits = tuple(Hit(paper_id, keys[paper_id][0]) for paper_id in ranked[: wanted.hits])
        return Answer(
            hits, len(ranked), self._partial(plan, full, wanted), self._counts(full), plan, self.position
        )

    def _full(self, plan):
        found = []
        for one in self.documents.values():
            scores = [self._score(one, clause.node) for clause in plan.clauses]
            if None not in scores and self._score(one, plan.scope) is not None:
                found.append((one, sum(scores) + sum(self._boosts(one, *each) for each in plan.boosts)))
        return found

    def _partial(self, plan, full, wanted):
        texts = [clause for clause in plan.clauses if not clause.is_filter]
        limits = [clause.node for clause in plan.clauses if clause.is_filter] + [plan.scope]
        if len(full) >= wanted.few:
            return ()
        found = []
        for one in self.documents.values():
            matching = [clause for clause in texts if self._score(one, clause.node) is not None]
            if (
                matching
                and len(matching) < len(texts)
                and all(self._score(one, node) is not None for node in limits)
            ):
                missing = tuple(clause.span for clause in texts if clause not in matching)
                found.append(Hit(one.paper_id, len(matching) / len(texts), missing))
        return tuple(sorted(found, key=lambda hit: -hit.score)[: wanted.partial])

    def _counts(self, full):
        counted = Counter(
            tuple(label.split(":", 1)) for one, _ in full for label in facet_labels(one.fields[LABELS])
        )
        facets = {facet for facet, _ in counted}
        return {facet: {value: n for (f, value), n in counted.items() if f == facet} for facet in facets}

    def diagnose(self, query):
        plan = make_plan(query, self)
        whole = range(len(plan.clauses))
        return tuple(
            ClauseDiagnostics(
                clause.span, self._count(plan, [i]), self._count(plan, [j for j in whole if j != i])
            )
            for i, clause in enumerate(plan.clauses)
        )

    def _count(self, plan, chosen):
        nodes = [plan.scope, *(plan.clauses[i].node for i in chosen)]
        return sum(
            all(self._score(one, node) is not None for node in nodes) for one in self.documents.values()
        )

    # Lexicon

    def frequency(self, field, term):
        return sum(term in one.fields[field] for one in self.documents.values())

    def terms_with_prefix(self, field, prefix, limit):
        terms = {
            term for one in self.documents.values() for term in one.fields[field] if term.startswith(prefix)
        }
        return sorted(terms, key=str.encode)[:limit]

    def most_frequent_terms(self, field, prefix, limit):
        found = self.terms_with_prefix(field, prefix, None)
        return sorted(found, key=lambda term: -self.frequency(field, term))[:limit], len(found) > limit

    def similar_terms(self, field, term, distance, limit):
        return self.terms_with_prefix(field, term[0], limit)

    # Plans

    def _score(self, one, node):
        """Return the score of a document, None if it does not match."""
        match node:
            case nodes.TermNode() | nodes.PhraseNode():
                return self._blend(one, [(node, 1.0)])
            case nodes.BlendNode():
                return self._blend(one, node.variants)
            case nodes.LabelNode():
                return 0.0 if any(label in one.fields[node.field] for label in node.labels) else None
            case nodes.RangeNode():
                number = one.numbers[node.column]
                return (
                    0.0 if (node.low or 0) <= number <= (number if node.high is None else node.high) else None
                )
            case _:
                return self._compound(one, node)

    def _compound(self, one, node):
        inner = node.nodes if isinstance(node, nodes.AllNode | nodes.AnyNode) else [node.node]
        scores = [self._score(one, each) for each in inner]
        match node:
            case nodes.UnscoredNode():
                return None if None in scores else 0.0
            case nodes.BoostedNode():
                return (
                    None
                    if None in scores
                    else scores[0] + sum(self._score(one, each) or 0 for each in node.boosts)
                )
            case nodes.NotNode():
                return 0.0 if None in scores else None
            case nodes.AllNode():
                return None if None in scores else sum(scores)
            case nodes.AnyNode():
                found = [score for score in scores if score is not None]
                return sum(found) if found else None

    def _blend(self, one, variants, field=STEMS):
        weight = sum(factor * self._weight(one, variant) for variant, factor in variants)
        if not weight:
            return None
        return self._bm25(one, field, weight, max(self._size(variant) for variant, _ in variants))

    def _bm25(self, one, field, weight, frequency):
        idf = log(len(self.documents) / (frequency + 1)) + 1
        average = sum(_length(each, field) for each in self.documents.values()) / len(self.documents) or 1
        length = byte_to_length(length_to_byte(_length(one, field)))  # rounded as in Whoosh
        return idf * weight * (K1 + 1) / (weight + K1 * (1 - B + B * length / average))

    def _boosts(self, one, node, factor):
        if isinstance(node, nodes.LabelNode):
            return 0.0 if self._score(one, node) is None else factor
        posting = one.fields[TITLE].get(node.text)
        return (
            factor * self._bm25(one, TITLE, posting.weight, self.frequency(TITLE, node.text))
            if posting
            else 0.0
        )

    def _weight(self, one, variant):
        if isinstance(variant, nodes.PhraseNode):
            return sum(
                _part_weight(start) for start in _starts(one, variant) if _is_within(start, variant.zone_mask)
            )
        posting = one.fields[variant.field].get(variant.text)
        return (
            posting.weight
            if posting and (not variant.zone_mask or posting.zone_mask & variant.zone_mask)
            else 0.0
        )

    def _size(self, variant):
        if isinstance(variant, nodes.PhraseNode):
            return min(max(self.frequency(WORDS, word) for word in slot) for slot in variant.slots)
        return self.frequency(variant.field, variant.text)


def _length(one, field):
    return sum(posting.count for posting in one.fields[field].values())


def _starts(one, phrase):
    places = [
        {
            place - i
            for word in slot
            if word in one.fields[WORDS]
            for place in one.fields[WORDS][word].positions
        }
        for i, slot in enumerate(phrase.slots)
    ]
    return set.intersection(*places)


def _part_weight(position):
    return zone_weight((position >> ZONE_BITS) - 1)


def _is_within(position, zone_mask):
    return bool(1 << (position >> ZONE_BITS) - 1 & (zone_mask or (1 << len(ZONES)) - 1))
