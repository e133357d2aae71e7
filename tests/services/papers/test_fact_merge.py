from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import arxiv, doi, some_facts
from paperclipper.model import PaperFacts, Source
from paperclipper.services.papers import fact_merge

CARD, DATA, TEXT = (source.value for source in (Source.CARD, Source.DATA, Source.TEXT))

# The sources that are pages. Facts from the reader are always sealed.
READ = st.sampled_from([source for source in Source if source is not Source.READER])


def merged(old, old_source, new, new_source):
    return fact_merge.merge(
        old, fact_merge.sources_of(old, old_source), new, fact_merge.sources_of(new, new_source)
    )


@pytest.mark.parametrize(
    ("old", "new", "winner"),
    [
        (Source.TEXT, Source.CARD, "new"),
        (Source.CARD, Source.DATA, "new"),
        (Source.TEXT, Source.DATA, "new"),
        (Source.DATA, Source.CARD, "old"),
        (Source.DATA, Source.TEXT, "old"),
        (Source.CARD, Source.TEXT, "old"),
        (Source.DATA, Source.DATA, "new"),
    ],
)
def test_facts_from_a_better_source_win(old, new, winner):
    facts, sources = merged(PaperFacts("T", abstract="old"), old, PaperFacts("T", abstract="new"), new)
    assert facts.abstract == winner
    assert sources["abstract"] == (new if winner == "new" else old)


def test_an_empty_value_never_replaces_another():
    old = some_facts(organisation="Boat Lab", keywords=("boats",), code_url="https://example.org/code")
    facts, sources = merged(old, Source.TEXT, PaperFacts(old.title), Source.DATA)
    assert facts == old
    assert sources["title"] == DATA
    assert sources["abstract"] == TEXT


def test_a_worse_source_fills_empty_fields():
    facts, sources = merged(PaperFacts("T"), Source.DATA, PaperFacts("U", abstract="shown"), Source.TEXT)
    assert (facts.title, facts.abstract) == ("T", "shown")
    assert sources == {"title": DATA, "abstract": TEXT}


def test_a_sealed_field_is_not_replaced():
    old = PaperFacts("Mine", abstract="theirs")
    facts, sources = fact_merge.merge(
        old,
        {"title": Source.READER, "abstract": TEXT},
        some_facts(),
        fact_merge.sources_of(some_facts(), Source.DATA),
    )
    assert facts.title == "Mine"
    assert facts.abstract == some_facts().abstract
    assert sources["title"] == Source.READER


def test_a_sealed_field_of_the_absorbed_paper_wins_unless_both_are_sealed():
    old, new = PaperFacts("Theirs"), PaperFacts("Mine")
    assert fact_merge.merge(old, {"title": DATA}, new, {"title": Source.READER})[0].title == "Mine"
    assert fact_merge.merge(old, {"title": Source.READER}, new, {"title": Source.READER})[0].title == "Theirs"


def test_an_author_count_does_not_replace_names():
    facts, _ = merged(some_facts(), Source.CARD, PaperFacts("T", author_count=9), Source.DATA)
    assert (facts.authors, facts.author_count) == (some_facts().authors, 2)


def test_author_names_replace_a_count():
    facts, _ = merged(PaperFacts("T", author_count=9), Source.TEXT, some_facts(), Source.DATA)
    assert (facts.authors, facts.author_count) == (some_facts().authors, 2)


def test_a_stated_date_replaces_an_inferred_one():
    inferred = PaperFacts("T", published=date(2025, 10, 31), published_inferred=True)
    facts, _ = merged(inferred, Source.TEXT, PaperFacts("T", published=date(2024, 10, 30)), Source.CARD)
    assert (facts.published, facts.published_inferred) == (date(2024, 10, 30), False)


def test_identifiers_are_combined_and_the_version_read_is_kept():
    old, new = some_facts(arxiv_version=1), some_facts(identifiers=(doi("10.1000/182"),), arxiv_version=3)
    facts, _ = merged(old, Source.DATA, new, Source.DATA)
    assert facts.identifiers == (arxiv("2603.01234"), doi("10.1000/182"))
    assert facts.arxiv_version == 1
    assert fact_merge.newest_version(1, None, 3) == 3
    assert fact_merge.newest_version(None) is None


FACTS = st.builds(
    PaperFacts,
    title=st.sampled_from(["A", "B"]),
    abstract=st.sampled_from(["", "x", "y"]),
    authors=st.sampled_from([(), ("Ada",), ("Bo",)]),
    author_count=st.sampled_from([None, 1, 2]),
    keywords=st.sampled_from([(), ("boats",)]),
)


@given(FACTS, FACTS, READ, READ)
def test_merging_loses_no_field_and_is_idempotent(old, new, old_source, new_source):
    once, sources = merged(old, old_source, new, new_source)
    for name in ("title", "abstract", "authors", "keywords"):
        assert getattr(once, name) or not (getattr(old, name) or getattr(new, name))
    assert once.authors or once.author_count or not (old.author_count or new.author_count)
    assert fact_merge.merge(once, sources, new, fact_merge.sources_of(new, new_source)) == (once, sources)
    assert fact_merge.merge(once, sources, replace(once), sources) == (once, sources)
