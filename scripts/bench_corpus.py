"""The papers and queries of `bench_search`: real papers if they are available, otherwise invented ones."""

import itertools
import json
import lzma
import random
import re
from collections import Counter

from bench_engines import Query

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
_COMMON_WORDS = STOP_WORDS | {"these", "when", "while", "using", "been", "which", "have", "their", "into"}
_COMMON_WORDS |= {"also", "such", "than"}

# The corpus


def write_corpus(path, wanted, folder):
    """Write papers with invented tags and notes to a file. Return whether the papers themselves are real."""
    is_real = (folder / "arxiv_papers.jsonl.xz").exists()
    papers = real_papers(folder) if is_real else invented_papers(wanted)
    if len(papers) < wanted:
        raise SystemExit(
            f"The corpus in {folder} has {len(papers):,} papers, but {wanted:,} are needed. Reduce --papers."
        )
    chance = random.Random(11)
    chance.shuffle(papers)
    texts = itertools.chain.from_iterable(
        re.split(r"(?<=[.?!])\s+", it["abstract"]) for it in papers[:20_000]
    )
    sentences = [text for text in texts if 30 < len(text) < 400]
    tags = ["llm", "diffusion", "agents", "benchmark", "theory", *(f"topic-{i:03}" for i in range(195))]
    weights = list(itertools.accumulate(1 / (i + 3) for i in range(len(tags))))
    with path.open("w", encoding="utf-8") as lines:
        for it in papers[:wanted]:
            drawn = chance.choices(tags, cum_weights=weights, k=chance.randint(0, 5))
            it |= {
                "tags": sorted(set(drawn)),
                "note": _note(sentences, chance),
                "date": _date(it["id"], chance),
            }
            lines.write(json.dumps(it) + "\n")
    return is_real


def _note(sentences, chance):
    length, note = chance.randint(0, 600), ""
    while 40 <= length > len(note):
        note += chance.choice(sentences) + " "
    return note[:length].strip()


def _date(arxiv_id, chance):
    return f"20{arxiv_id[:2]}-{arxiv_id[2:4]}-{chance.randint(1, 28):02}"


def real_papers(folder):
    """Return the papers of both files, each once."""
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
    """Return papers of invented words, with frequencies like those of a natural language (Zipf's law)."""
    chance = random.Random(5)
    syllables = [a + b for a in "bdfgklmnprstvz" for b in ("a", "e", "i", "o", "u", "an", "er", "is", "on")]
    words = list(
        dict.fromkeys("".join(chance.choices(syllables, k=chance.randint(2, 4))) for _ in range(40_000))
    )
    weights = list(itertools.accumulate(1 / (i + 20) for i in range(len(words))))

    def text(least, most):
        return " ".join(chance.choices(words, cum_weights=weights, k=chance.randint(least, most)))

    def paper(number):
        sentences = ". ".join(text(10, 30) for _ in range(9))
        names = [f"{text(1, 1)} {text(1, 1)}".title() for _ in range(chance.randint(1, 8))]
        month = f"{19 + number % 7:02}{1 + number % 12:02}"
        return {
            "id": f"{month}.{number:05}",
            "title": text(6, 12),
            "abstract": f"{sentences}.",
            "authors": names,
        }

    return [paper(number) for number in range(wanted)]


# The queries


def draw_queries(records, of_each):
    """Return the queries to measure and as many with other words to warm up, `of_each` of every class."""
    count, words, pairs, authors, tags, years = 0, Counter(), Counter(), Counter(), Counter(), []
    for it in records.read(0, min(records.count, 10_000)):
        count += 1
        abstract = re.findall(r"[a-z]{4,}", it["abstract"].lower())
        words.update(
            {*abstract, *re.findall(r"[a-z]{4,}", f"{it['title']} {it['note']}".lower())} - _COMMON_WORDS
        )
        runs = re.findall(r"[a-z]{4,}(?: [a-z]{4,})+", it["abstract"].lower())
        all_pairs = (pair for run in runs for pair in itertools.pairwise(run.split()))
        pairs.update(pair for pair in all_pairs if not _COMMON_WORDS & {*pair})
        authors.update(name for name in it["authors"] if '"' not in name)
        tags.update(it["tags"])
        years.append(int(it["date"][:4]))
    ranked = words.most_common()
    pools = {
        "common": [word for word, _ in ranked[:40]],
        "middle": [word for word, have in ranked[10:] if count // 100 <= have <= count * 9 // 100],
        "rare": [word for word, have in ranked if 3 <= have <= max(12, count // 800)],
        "phrases": [pair for pair, have in pairs.items() if 5 <= have <= max(5, count // 50)] or list(pairs),
        "authors": list(authors),
        "tags": [tag for tag, _ in tags.most_common()],
        "years": years,
    }
    for name in ("middle", "rare", "phrases", "authors"):
        random.Random(7).shuffle(pools[name])
    return [_drawn({name: pool[half::2] for name, pool in pools.items()}, of_each) for half in (0, 1)]


def _drawn(pools, of_each):
    chance = random.Random(7)
    makers = {
        "rare word": lambda: (chance.choice(pools["rare"]),),
        "common word": lambda: (chance.choice(pools["common"]),),
        "two words": lambda: (chance.choice(pools["common"]), chance.choice(pools["middle"])),
        "five words or-ed": lambda: (
            *chance.sample(pools["common"], 2),
            *chance.sample(pools["middle"], 2),
            chance.choice(pools["rare"]),
        ),
        "phrase": lambda: chance.choice(pools["phrases"]),
        "prefix": lambda: (chance.choice(pools["middle"] + pools["common"])[: chance.choice((3, 4, 5))],),
        "fuzzy": lambda: (
            _misspelt(chance.choice([word for word in pools["middle"] if len(word) > 5]), chance),
        ),
        "author": lambda: (chance.choice(pools["authors"]),),
        "tag": lambda: (pools["tags"][min(int(chance.expovariate(0.1)), len(pools["tags"]) - 1)],),
        "date + word": lambda: (chance.choice(pools["common"] + pools["middle"][:20]),),
    }
    found = {}
    for kind, tries in itertools.product(CLASSES, range(10 * of_each)):
        year = chance.choice(pools["years"]) if kind == "date + word" else 0
        if sum(each.kind == kind for each in found) < of_each:
            found.setdefault(Query(kind, makers[kind](), year), tries)
    return list(found)


def _misspelt(word, chance):
    """Return the word without one of its letters."""
    at = chance.randint(2, len(word) - 1)
    return word[:at] + word[at + 1 :]
