"""The papers and queries for `bench_search`: real papers if available, otherwise synthetic ones."""

import itertools
import json
import lzma
import random
import re
from collections import Counter

from bench_engines import BenchQuery

from paperclipper.search.text.tokenizer import STOP_WORDS

CLASSES = (
    "rare word",
    "common word",
    "two words",
    "five words or-ed",
    "phrase",
    "prefix",
    "fuzzy",
    "author",
    "tag",
    "date + word",
)
_MORE_STOP_WORDS = "these when while using been which have their into also such than"
_STOP_WORDS = STOP_WORDS.union(_MORE_STOP_WORDS.split())

# The corpus


def write_corpus(path, wanted, folder):
    """Write papers with synthetic tags and notes; return whether the papers themselves are real."""
    is_real = (folder / "arxiv_papers.jsonl.xz").exists()
    papers = real_papers(folder) if is_real else invented_papers(wanted)
    if len(papers) < wanted:
        raise SystemExit(f"The corpus in {folder} has {len(papers):,} papers; {wanted:,} are needed.")
    rng = random.Random(11)
    rng.shuffle(papers)
    sentences = _sentences(papers[:20_000])
    tags = ["llm", "diffusion", "agents", "benchmark", "theory", *(f"topic-{i:03}" for i in range(195))]
    weights = list(itertools.accumulate(1 / (i + 3) for i in range(len(tags))))
    with path.open("w", encoding="utf-8") as lines:
        for paper in papers[:wanted]:
            drawn = rng.choices(tags, cum_weights=weights, k=rng.randint(0, 5))
            added = {
                "tags": sorted(set(drawn)),
                "note": _note(sentences, rng),
                "date": _date(paper["id"], rng),
            }
            lines.write(json.dumps(paper | added) + "\n")
    return is_real


def _sentences(papers):
    texts = itertools.chain.from_iterable(re.split(r"(?<=[.?!])\s+", paper["abstract"]) for paper in papers)
    return [text for text in texts if 30 < len(text) < 400]


def _note(sentences, rng):
    length, note = rng.randint(0, 600), ""
    while 40 <= length > len(note):
        note += rng.choice(sentences) + " "
    return note[:length].strip()


def _date(arxiv_id, rng):
    return f"20{arxiv_id[:2]}-{arxiv_id[2:4]}-{rng.randint(1, 28):02}"


def real_papers(folder):
    """Return the papers of both files without duplicates."""
    found = {}
    for name in ("daily_papers", "arxiv_papers"):
        with lzma.open(folder / f"{name}.jsonl.xz", "rt", encoding="utf-8") as lines:
            for it in map(json.loads, lines):
                if it["title"] and it["abstract"]:
                    facts = {"title": " ".join(it["title"].split()), "abstract": it["abstract"]}
                    facts["authors"] = it["authors"][:12] or ["Anon"]
                    found.setdefault(it["arxiv_id"], {"id": it["arxiv_id"], **facts})
    return list(found.values())


def invented_papers(wanted):
    """Return papers made of synthetic words whose frequencies follow Zipf's law."""
    rng = random.Random(5)
    syllables = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "an", "er", "is", "on")]
    words = list(dict.fromkeys("".join(rng.choices(syllables, k=rng.randint(2, 4))) for _ in range(40_000)))
    weights = list(itertools.accumulate(1 / (i + 20) for i in range(len(words))))

    def text(least, most):
        return " ".join(rng.choices(words, cum_weights=weights, k=rng.randint(least, most)))

    def paper(number):
        sentences = ". ".join(text(10, 30) for _ in range(9))
        names = [f"{text(1, 1)} {text(1, 1)}".title() for _ in range(rng.randint(1, 8))]
        month = f"{19 + number % 7:02}{1 + number % 12:02}"
        return {
            "id": f"{month}.{number:05}",
            "title": text(6, 12),
            "abstract": f"{sentences}.",
            "authors": names,
        }

    return [paper(number) for number in range(wanted)]


# The queries


def draw_queries(records, per_class):
    """Return queries of each class to measure, and the same number of different queries for warming up.

    Words are selected by document frequency.
    """
    pools = _pools(_Counts(records.read(0, min(records.count, 10_000))))
    return [_drawn({name: pool[half::2] for name, pool in pools.items()}, per_class) for half in (0, 1)]


class _Counts:
    """Document frequencies of words, pairs of words, authors and tags, and the years of the papers."""

    def __init__(self, papers):
        self.papers, self.years = 0, []
        self.words, self.pairs, self.authors, self.tags = Counter(), Counter(), Counter(), Counter()
        for paper in papers:
            self._add(paper)

    def _add(self, paper):
        self.papers += 1
        texts = f"{paper['title']} {paper['note']} {paper['abstract']}".lower()
        self.words.update(set(re.findall(r"[a-z]{4,}", texts)) - _STOP_WORDS)
        for run in re.findall(r"[a-z]{4,}(?: [a-z]{4,})+", paper["abstract"].lower()):
            self.pairs.update(pair for pair in itertools.pairwise(run.split()) if not _STOP_WORDS & {*pair})
        self.authors.update(name for name in paper["authors"] if '"' not in name)
        self.tags.update(paper["tags"])
        self.years.append(int(paper["date"][:4]))


def _pools(counts):
    """Return the words and names used to generate queries."""
    papers, ranked = counts.papers, counts.words.most_common()
    pools = {
        "common": [word for word, _ in ranked[:40]],
        "middle": [word for word, n in ranked[10:] if papers // 100 <= n <= papers * 9 // 100],
        "rare": [word for word, n in ranked if 3 <= n <= max(12, papers // 800)],
        "phrases": [pair for pair, n in counts.pairs.items() if 5 <= n <= max(5, papers // 50)],
        "authors": list(counts.authors),
        "tags": [tag for tag, _ in counts.tags.most_common()],
        "years": counts.years,
    }
    pools["phrases"] = pools["phrases"] or list(counts.pairs)
    for name in ("middle", "rare", "phrases", "authors"):
        random.Random(7).shuffle(pools[name])
    return pools


def _drawn(pools, per_class):
    rng = random.Random(7)
    makers = {
        "rare word": lambda: (rng.choice(pools["rare"]),),
        "common word": lambda: (rng.choice(pools["common"]),),
        "two words": lambda: (rng.choice(pools["common"]), rng.choice(pools["middle"])),
        "five words or-ed": lambda: (
            *rng.sample(pools["common"], 2),
            *rng.sample(pools["middle"], 2),
            rng.choice(pools["rare"]),
        ),
        "phrase": lambda: rng.choice(pools["phrases"]),
        "prefix": lambda: (rng.choice(pools["middle"] + pools["common"])[: rng.choice((3, 4, 5))],),
        "fuzzy": lambda: (_misspelt(rng.choice([word for word in pools["middle"] if len(word) > 5]), rng),),
        "author": lambda: (rng.choice(pools["authors"]),),
        "tag": lambda: (pools["tags"][min(int(rng.expovariate(0.1)), len(pools["tags"]) - 1)],),
        "date + word": lambda: (rng.choice(pools["common"] + pools["middle"][:20]),),
    }
    found = {}
    for kind, tries in itertools.product(CLASSES, range(10 * per_class)):
        year = rng.choice(pools["years"]) if kind == "date + word" else 0
        if sum(each.kind == kind for each in found) < per_class:
            found.setdefault(BenchQuery(kind, makers[kind](), year), tries)
    return list(found)


def _misspelt(word, rng):
    """Return the word with one letter removed."""
    at = rng.randint(2, len(word) - 1)
    return word[:at] + word[at + 1 :]
