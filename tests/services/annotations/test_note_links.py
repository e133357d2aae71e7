import pytest

from builders import a_clip, a_highlight, a_note, arxiv, doi, uuid7
from paperclipper.formats.text import wikilinks
from paperclipper.services.annotations import annotations, note_links
from paperclipper.services.papers import clipping, lookup, paper_merge
from paperclipper.services.trash import trashing


@pytest.fixture
def two(store):
    boats = clipping.save(store, a_clip(title="Folding Paper Boats", identifiers=(arxiv("2603.00001"),)))
    kites = clipping.save(store, a_clip(title="Kites: a Survey", identifiers=(doi("10.1000/kites"),)))
    return boats.paper_id, kites.paper_id


def note(store, paper_id, body, note_id=None, base=None):
    return annotations.put(store, note_id or uuid7(), paper_id, a_note(body), base)[0]


def linking_to(store, paper_id):
    return [(link.paper_id, link.annotation_id) for link in note_links.backlinks(store, paper_id)]


@pytest.mark.parametrize(
    "link",
    [
        "[[2603.00001]]",
        "[[arXiv:2603.00001v2]]",
        "[[https://arxiv.org/abs/2603.00001]]",
        "[[folding paper boats]]",
        "[[ Folding Paper Boats | that one ]]",
    ],
)
def test_a_note_links_by_id_or_title_and_the_paper_has_a_backlink(store, two, link):
    boats, kites = two
    linking = note(store, kites, f"Compare {link}.")
    assert linking_to(store, boats) == [(kites, linking.id)]
    (found,) = wikilinks.links(linking.draft.body)
    assert note_links.resolver(store, [linking.draft.body])(found.name) == boats


def test_the_body_of_a_highlight_links_too(store, two):
    boats, kites = two
    linking, _ = annotations.put(
        store, uuid7(), kites, a_highlight(body="As in [[Folding Paper Boats]]"), None
    )
    assert linking_to(store, boats) == [(kites, linking.id)]


@pytest.mark.parametrize(
    "body", ["`[[2603.00001]]`", "```\n[[2603.00001]]\n```", "[[]]", "[[a\nb]]", "[2603.00001]"]
)
def test_code_and_malformed_links_are_ignored(store, two, body):
    note(store, two[1], body)
    assert linking_to(store, two[0]) == []


def test_a_link_can_name_a_paper_that_is_saved_later(store, two):
    linking = note(store, two[0], "See [[2603.00777]]")
    resolve = note_links.resolver(store, [linking.draft.body])
    assert resolve("2603.00777") is None
    later = clipping.save(store, a_clip(title="Later", identifiers=(arxiv("2603.00777"),))).paper_id
    assert linking_to(store, later) == [(two[0], linking.id)]
    assert note_links.resolver(store, [linking.draft.body])("2603.00777") == later


def test_links_follow_edits_and_the_trash(store, two):
    boats, kites = two
    linking = note(store, kites, "[[2603.00001]]")
    changed = note(store, kites, "No link", linking.id, str(linking.version))
    assert linking_to(store, boats) == []
    back = annotations.restore_revision(store, linking.id, str(linking.version), str(changed.version))
    assert linking_to(store, boats) == [(kites, linking.id)]
    annotations.trash(store, back.id)
    assert linking_to(store, boats) == []
    annotations.restore(store, back.id)
    trashing.trash(store, kites)
    assert linking_to(store, boats) == []


def test_a_paper_does_not_link_to_itself(store, two):
    note(store, two[0], "[[2603.00001]]")
    assert linking_to(store, two[0]) == []


def test_links_to_a_merged_paper_resolve_to_the_survivor(store, two):
    boats, kites = two
    third = clipping.save(store, a_clip(title="Third", identifiers=(arxiv("2603.00003"),))).paper_id
    linking = note(store, third, "[[10.1000/kites]]")
    paper_merge.merge(store, kites, boats)
    assert linking_to(store, boats) == [(third, linking.id)]
    assert lookup.paper_id(store, "10.1000/kites") == boats
