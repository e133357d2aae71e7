"""How the facts of two readings of one paper become one. Pure.

Empty never replaces, and names beat a bare count of them; what was read better beats what was read worse; a field that
the reader sealed stays; e-print versions keep the newest. `sources` names, for each filled field, how it was read
(model.Source).
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from paperclipper.identifiers import fold_title
from paperclipper.model import PaperFacts, Source
from paperclipper.store.papers import papers

# Fields that stand or fall together: a count without its names, an inferred date without its mark, would lie.
FIELD_GROUPS: tuple[tuple[str, ...], ...] = (
    ("title",),
    ("abstract",),
    ("authors", "author_count"),
    ("published", "published_inferred"),
    ("organisation",),
    ("keywords",),
    ("ai_summary",),
    ("thumbnail_url",),
    ("code_url",),
    ("project_url",),
    ("venue",),
)


def sources_of(facts: PaperFacts, source: Source) -> dict[str, str]:
    """For facts that were all read in one way."""
    return {group[0]: source.value for group in FIELD_GROUPS if _is_filled(facts, group)}


def merge(
    old: PaperFacts, old_sources: Mapping[str, str], new: PaperFacts, new_sources: Mapping[str, str]
) -> tuple[PaperFacts, dict[str, str]]:
    """The facts of both, and how each was read."""
    columns: dict[str, Any] = {}
    sources = dict(old_sources)
    for group in FIELD_GROUPS:
        if _replaces(old, old_sources.get(group[0]), new, new_sources.get(group[0]), group):
            columns |= {name: getattr(new, name) for name in group}
            sources[group[0]] = new_sources[group[0]]
    identifiers = tuple(dict.fromkeys((*old.identifiers, *new.identifiers)))
    version = old.arxiv_version or new.arxiv_version
    return replace(old, **columns, identifiers=identifiers, arxiv_version=version), sources


def merged_columns(
    stored: papers.StoredFacts, facts: PaperFacts, sources: Mapping[str, str], newest_arxiv_version: int | None
) -> dict[str, Any]:
    """The columns of a paper's row after these facts, each read from such a source, were merged into it."""
    merged, merged_sources = merge(stored.facts, stored.sources, facts, sources)
    return papers.fact_columns(merged) | {
        "sources": merged_sources,
        "folded_title": fold_title(merged.title),
        "newest_arxiv_version": newest_version(stored.newest_arxiv_version, newest_arxiv_version),
    }


def newest_version(*versions: int | None) -> int | None:
    """The newest of the e-print versions that are known."""
    return max((version for version in versions if version is not None), default=None)


def _replaces(
    old: PaperFacts, old_source: str | None, new: PaperFacts, new_source: str | None, group: tuple[str, ...]
) -> bool:
    if new_source is None or not _is_filled(new, group) or old_source == Source.READER:
        return False
    if not _is_filled(old, group) or old_source is None or new_source == Source.READER:
        return True
    if group[0] == "authors" and bool(old.authors) != bool(new.authors):
        return bool(new.authors)
    return Source(new_source).strength >= Source(old_source).strength


def _is_filled(facts: PaperFacts, group: tuple[str, ...]) -> bool:
    return any(getattr(facts, name) not in ("", (), None, False) for name in group)
