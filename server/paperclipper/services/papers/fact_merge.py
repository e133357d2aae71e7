"""Merging facts about the same paper from two pages. Pure.

An empty value never replaces a non-empty one, and author names take precedence over an author count. Facts
from a stronger or equal source replace existing facts, except fields edited by the reader, which are sealed.
`sources` maps each non-empty field to its source (model.Source).
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from paperclipper.identifiers import fold_title
from paperclipper.model import PaperFacts, Source
from paperclipper.store.papers import papers

# Fields that are only replaced together, such as a date and whether it was inferred.
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
    """Return the source of each non-empty field, for facts that all come from `source`."""
    return {group[0]: source.value for group in FIELD_GROUPS if _is_filled(facts, group)}


def merge(
    old: PaperFacts, old_sources: Mapping[str, str], new: PaperFacts, new_sources: Mapping[str, str]
) -> tuple[PaperFacts, dict[str, str]]:
    """Return the merged facts and their sources."""
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
    stored: papers.StoredFacts,
    facts: PaperFacts,
    sources: Mapping[str, str],
    newest_arxiv_version: int | None,
) -> dict[str, Any]:
    """Return the columns of a paper's row after merging these facts and their sources into it."""
    merged, merged_sources = merge(stored.facts, stored.sources, facts, sources)
    return papers.fact_columns(merged) | {
        "sources": merged_sources,
        "folded_title": fold_title(merged.title),
        "newest_arxiv_version": newest_version(stored.newest_arxiv_version, newest_arxiv_version),
    }


def newest_version(*versions: int | None) -> int | None:
    """Return the newest known e-print version, or None."""
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
