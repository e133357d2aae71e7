"""Finds papers among ten thousand real ones by words of their titles, or by a vague memory of them."""

import pytest

from paperclipper.errors import QueryError
from paperclipper.search.query.results import Wanted
from search.index.list_source import ask
from search.scoring import known_items

# The best of nine engines over all its matches, less 0.01 (mean reciprocal rank, 0 below rank ten).
MINIMUM = {
    "3words": 0.948,
    "4words_number": 0.964,
    "hyphen": 0.949,
    "hyphen_as_space": 0.946,
    "version_names": 0.969,
    "accent_author_plain": 0.99,
    "latex_title": 0.99,
    "planted": 0.919,
}
VAGUE = [
    ("spotting fake pictures where only a small region was painted over", "2512.16688"),
    ("checks claims against the live web with a small model", "2510.01226"),
    ("find poisoned training data from how attention is allocated", "2601.21692"),
    ("preconditioner with a hierarchical matrix for realtime physics", "2605.13343"),
    ("business process modelling with ontologies that can be executed", "2509.09775"),
    ("reunite lost pets by the sound they make", "2603.24470"),
    ("survey about loss functions", "2504.04242"),
    ("crisp edges from an image generator, floor plans", "2602.16238"),
    ("canonical correlation for long conversations", "2504.09094"),
    ("comparing pretraining methods on chest xrays", "2410.21969"),
    ("why monitoring the chain of thought comes for free with RL", "2602.03978"),
    ("mamba for breast cancer risk from scans over several years", "2510.19003"),
    ("which features of a language model belong to one language, autoencoder", "2505.05111"),
    ("several agents build enterprise workflows from plain instructions", "2503.22473"),
    ("predicting where ships go from irregular AIS signals", "2503.21834"),
    ("do research agents do the work of consultants", "2605.17554"),
    ("trying on clothes in videos, dataset with triplets", "2604.27958"),
    ("image generator that reflects on its earlier attempts at inference", "2503.12271"),
    ("summaries of meetings made from extracted facts", "2509.15901"),
    ("segmenting objects under water in videos", "2603.24006"),
]


def reciprocal_rank(paper_id, hits):
    ids = [hit.paper_id for hit in hits][:10]
    return 1 / (ids.index(paper_id) + 1) if paper_id in ids else 0.0


def mean_reciprocal_ranks(index, queries):
    """Return the mean reciprocal rank among full matches, and in the list shown to the reader."""
    full, shown = [], []
    for typed, paper_id in queries:
        try:
            found = index.search(ask(typed), Wanted(10, partial=10, few=10))
        except QueryError:  # such as an unpaired bracket in a title
            full, shown = [*full, 0.0], [*shown, 0.0]
            continue
        full.append(reciprocal_rank(paper_id, found.hits))
        shown.append(reciprocal_rank(paper_id, [*found.hits, *found.partial]))
    return sum(full) / len(full), sum(shown) / len(shown)


@pytest.fixture(scope="module")
def queries(ten_thousand):
    if not ten_thousand.is_real:
        pytest.skip("the corpus of real papers is not available")
    return known_items.queries(ten_thousand.papers)


@pytest.mark.parametrize("kind", MINIMUM)
def test_words_of_a_title_find_its_paper(ten_thousand, queries, kind):
    full, shown = mean_reciprocal_ranks(ten_thousand.index, queries[kind])
    print(f"{kind}: {full:.3f} among full matches, {shown:.3f} as shown")
    assert shown >= MINIMUM[kind]


def test_a_vague_memory_finds_its_paper(ten_thousand, queries):
    full, shown = mean_reciprocal_ranks(ten_thousand.index, VAGUE)
    print(f"vague: {full:.3f} among full matches, {shown:.3f} as shown")
    assert full < 0.3 < 0.75 < shown
