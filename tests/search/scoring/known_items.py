"""Searches for papers that a reader knows: words of a real title, as people type them.

They are drawn like the known-item queries with which the minimums in test_relevance.py were measured.
"""

import random
import re
import unicodedata

SMALL_WORDS = frozenset(
    [
        "the",
        "a",
        "an",
        "of",
        "for",
        "and",
        "in",
        "on",
        "to",
        "with",
        "by",
        "from",
        "via",
        "is",
        "are",
        "at",
        "as",
        "using",
        "towards",
        "toward",
        "its",
        "their",
        "how",
        "what",
        "can",
        "do",
        "we",
        "you",
        "your",
        "it",
        "be",
        "or",
        "not",
    ]
)
NOTES = {
    "zz1": ("Pokémon battles with agents", "Pokemon battles"),
    "zz2": (r"We reach 10^{139} states, \eg~progress in Go", "eg progress 139 states"),
    "zz3": ("这篇论文讨论扩散模型的蒸馏方法", "扩散模型"),
    "zz4": ("強化学習による言語モデルの調整", "言語モデル"),
    "zz5": ("Compare Qwen2.5-Math-72B to GPT-4", "Qwen2.5-Math-72B"),
    "zz6": ("naïve Erdős–Rényi baseline", "naive Erdos Renyi"),
    "zz7": ("한국어 대화 모델 평가", "대화 모델"),
}
"""The notes of papers without other text, each with a search for it."""


def queries(papers):
    """Return for each kind of search a list of (what is typed, the id of the paper meant)."""
    return _Queries(papers).all()


class _Queries:
    def __init__(self, papers):
        self.chance = random.Random(3)
        self.papers = papers
        self.titles = [
            p for p in papers if len(significant_words(p.facts.title)) >= 5 and "$" not in p.facts.title
        ]

    def all(self):
        hyphens = self.with_one_of(r"\S*\w-\w\S*", 2, 150)
        return {
            "3words": [self.some_words(paper, 3) for paper in self.chance.sample(self.titles, 300)],
            "4words_number": [
                self.some_words(paper, 4, other_grammatical_number)
                for paper in self.chance.sample(self.titles, 200)
            ],
            "hyphen": hyphens,
            "hyphen_as_space": [(typed.replace("-", " "), paper_id) for typed, paper_id in hyphens],
            "version_names": self.with_one_of(r"\S*[A-Za-z]+-?\d\S*", 1, 150),
            "accent_author_plain": list(self.by_authors(100)),
            "latex_title": self.with_formulas(60),
            "planted": [(typed, paper_id) for paper_id, (_, typed) in NOTES.items()],
        }

    def some_words(self, paper, number, changed=str):
        return " ".join(changed(word) for word in self.draw_words(paper, number)), paper.id

    def draw_words(self, paper, number):
        found = significant_words(paper.facts.title)
        return self.chance.sample(found, min(number, len(found)))

    def with_one_of(self, pattern, others, number):
        candidates = [paper for paper in self.titles if re.search(pattern, paper.facts.title)]
        chosen = self.chance.sample(candidates, min(number, len(candidates)))
        return [
            (
                " ".join([re.search(pattern, p.facts.title)[0].strip(".,:;()"), *self.draw_words(p, others)]),
                p.id,
            )
            for p in chosen
        ]

    def by_authors(self, number):
        candidates = [
            paper
            for paper in self.papers
            if any(without_accents(name) != name for name in paper.facts.authors)
        ]
        for paper in self.chance.sample(candidates, number):
            name = next(name for name in paper.facts.authors if without_accents(name) != name)
            yield " ".join([without_accents(name), *self.draw_words(paper, 2)]), paper.id

    def with_formulas(self, number):
        candidates = [paper for paper in self.papers if re.search(r"[$\\~^]", paper.facts.title)]
        words = (
            (re.findall(r"[A-Za-z0-9]{2,}", paper.facts.title)[:5], paper.id) for paper in candidates[:number]
        )
        return [(" ".join(found), paper_id) for found, paper_id in words]


def significant_words(title):
    """Return the words of a title, without small ones."""
    return [word for word in re.findall(r'[^\s:,;?!()"]+', title) if word.lower() not in SMALL_WORDS]


def without_accents(name):
    """Return a name without accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))


def other_grammatical_number(word):
    """Return the plural of a singular, or the singular of a plural."""
    if word.lower().endswith("s") and not word.lower().endswith("ss") and len(word) > 4:
        return word[:-1]
    return word + "s" if word.isalpha() and len(word) > 4 and word.islower() else word
