"""Searches for papers that a reader knows: words of a real title, in the ways in which people type them.

After the known-item queries that the figures to reach were measured with: the same kinds, drawn in the same way.
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
"""Of papers that say nothing themselves: a note, and a search for it."""


def queries(papers):
    """For each kind of search its (what is typed, the id of the paper meant)."""
    return _Queries(papers).all()


class _Queries:
    def __init__(self, papers):
        self.chance = random.Random(3)
        self.papers = papers
        self.titles = [p for p in papers if len(telling(p.facts.title)) >= 5 and "$" not in p.facts.title]

    def all(self):
        hyphens = self.with_one_of(r"\S*\w-\w\S*", 2, 150)
        return {
            "3words": [self.some(paper, 3) for paper in self.chance.sample(self.titles, 300)],
            "4words_number": [
                self.some(paper, 4, other_number) for paper in self.chance.sample(self.titles, 200)
            ],
            "hyphen": hyphens,
            "hyphen_as_space": [(typed.replace("-", " "), paper_id) for typed, paper_id in hyphens],
            "version_names": self.with_one_of(r"\S*[A-Za-z]+-?\d\S*", 1, 150),
            "accent_author_plain": list(self.by_authors(100)),
            "latex_title": self.of_formulas(60),
            "planted": [(typed, paper_id) for paper_id, (_, typed) in NOTES.items()],
        }

    def some(self, paper, number, changed=str):
        return " ".join(changed(word) for word in self.drawn(paper, number)), paper.id

    def drawn(self, paper, number):
        found = telling(paper.facts.title)
        return self.chance.sample(found, min(number, len(found)))

    def with_one_of(self, pattern, others, number):
        having = [paper for paper in self.titles if re.search(pattern, paper.facts.title)]
        for_each = self.chance.sample(having, min(number, len(having)))
        return [
            (" ".join([re.search(pattern, p.facts.title)[0].strip(".,:;()"), *self.drawn(p, others)]), p.id)
            for p in for_each
        ]

    def by_authors(self, number):
        having = [paper for paper in self.papers if any(plain(name) != name for name in paper.facts.authors)]
        for paper in self.chance.sample(having, number):
            name = next(name for name in paper.facts.authors if plain(name) != name)
            yield " ".join([plain(name), *self.drawn(paper, 2)]), paper.id

    def of_formulas(self, number):
        having = [paper for paper in self.papers if re.search(r"[$\\~^]", paper.facts.title)]
        words = (
            (re.findall(r"[A-Za-z0-9]{2,}", paper.facts.title)[:5], paper.id) for paper in having[:number]
        )
        return [(" ".join(found), paper_id) for found, paper_id in words]


def telling(title):
    """The words of a title that say something."""
    return [word for word in re.findall(r'[^\s:,;?!()"]+', title) if word.lower() not in SMALL_WORDS]


def plain(name):
    """Without accents."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", name) if not unicodedata.combining(sign))


def other_number(word):
    """Plural for singular, or the other way round."""
    if word.lower().endswith("s") and not word.lower().endswith("ss") and len(word) > 4:
        return word[:-1]
    return word + "s" if word.isalpha() and len(word) > 4 and word.islower() else word
