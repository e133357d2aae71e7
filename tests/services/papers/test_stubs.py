import pytest

from builders import a_clip, arxiv, doi
from paperclipper.errors import InvalidInputError
from paperclipper.model import PageKind, Source
from paperclipper.services.papers import clipping, editing, lookup
from paperclipper.services.papers import stubs as pasting
from paperclipper.services.papers.editing import PaperEdit
from paperclipper.services.trash import trashing
from paperclipper.store.papers import papers

LINES = """
2603.01234
https://arxiv.org/abs/2603.00007v2
  doi:10.1000/182

https://boats.example/paper?utm_source=x
not a paper
"""


def outcomes(found):
    return [pasted.outcome.value for pasted in found]


def test_each_line_becomes_a_stub_or_has_a_reason(store):
    found = pasting.paste(store, LINES)
    assert outcomes(found) == ["added", "added", "added", "added", "unreadable"]
    stubs = [lookup.paper(store, pasted.paper_id) for pasted in found[:4]]
    assert [stub.facts.title for stub in stubs] == [
        "arXiv 2603.01234",
        "arXiv 2603.00007",
        "DOI 10.1000/182",
        "https://boats.example/paper",
    ]
    assert all(stub.is_stub and stub.is_mine for stub in stubs)
    assert {stub.clips[0].page.page_kind for stub in stubs} == {PageKind.PASTE}
    assert found[4].reason


def test_pasting_again_adds_nothing(store):
    pasting.paste(store, LINES)
    assert outcomes(pasting.paste(store, LINES)) == ["known"] * 4 + ["unreadable"]
    assert outcomes(pasting.paste(store, "2603.09999\narxiv:2603.09999")) == ["added", "known"]
    assert papers.count(store) == 5


def test_pasting_does_not_change_an_existing_paper(store):
    saved = clipping.save(store, a_clip())
    before = lookup.paper(store, saved.paper_id)
    (pasted,) = pasting.paste(store, "2603.01234")
    assert (pasted.outcome.value, pasted.paper_id) == ("known", saved.paper_id)
    assert lookup.paper(store, saved.paper_id) == before


def test_pasting_a_trashed_paper_restores_it(store):
    saved = clipping.save(store, a_clip())
    trashing.trash(store, saved.paper_id)
    (pasted,) = pasting.paste(store, "2603.01234")
    paper = lookup.paper(store, pasted.paper_id)
    assert (paper.id, paper.deleted_at, paper.facts.title) == (saved.paper_id, None, a_clip().facts.title)
    assert not paper.is_stub


@pytest.mark.parametrize("source", [Source.TEXT, Source.CARD, Source.DATA])
def test_any_page_completes_a_stub(store, source):
    (pasted,) = pasting.paste(store, "2603.01234")
    assert lookup.states(store, [arxiv("2603.01234")])[0].is_stub
    clipping.save(store, a_clip(source=source))
    paper = lookup.paper(store, pasted.paper_id)
    assert (paper.facts.title, paper.is_stub) == (a_clip().facts.title, False)
    assert not lookup.states(store, [arxiv("2603.01234")])[0].is_stub


def test_a_title_that_the_reader_gave_a_stub_is_kept(store):
    (pasted,) = pasting.paste(store, "2603.01234")
    version = lookup.paper(store, pasted.paper_id).version
    editing.edit(store, pasted.paper_id, PaperEdit(frozenset({"title"}), title="Mine"), str(version))
    clipping.save(store, a_clip())
    paper = lookup.paper(store, pasted.paper_id)
    assert (paper.facts.title, paper.facts.abstract, paper.is_stub) == (
        "Mine",
        a_clip().facts.abstract,
        False,
    )


def test_a_stub_with_a_doi_is_merged_with_the_paper_that_has_it(store):
    clipping.save(store, a_clip(identifiers=(arxiv("2603.01234"), doi("10.1000/182"))))
    assert outcomes(pasting.paste(store, "https://doi.org/10.1000/182")) == ["known"]


def test_too_many_lines_are_rejected_as_a_whole(store):
    with pytest.raises(InvalidInputError):
        pasting.paste(store, "\n".join(f"2603.{number:05}" for number in range(pasting.MAX_LINES + 1)))
    assert papers.count(store) == 0
