"""One generation of an index folder, open for searching. Must not write, nor know of the store."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from whoosh.reading import EmptyReader, MultiReader, SegmentReader
from whoosh.searching import Searcher

from paperclipper.search import whoosh_query
from paperclipper.search.document import WORDS, posting_signature
from paperclipper.search.index import Found, Hit, Indexed
from paperclipper.search.query import Query
from paperclipper.search.whoosh_folder import Folder, Generation
from paperclipper.search.whoosh_schema import PAPER, STAMP

Key = tuple[str, int]


class Snapshot:
    """An open generation. Not for two threads at once.

    Readers of segments that did not change are taken over from the snapshot before, which is then closed. (Whoosh's
    own `refresh` also takes over those whose deletions changed, and keeps segments that were merged away.)
    """

    def __init__(self, folder: Folder, generation: Generation, before: "Snapshot | None" = None) -> None:
        self.folder = folder
        self.generation = generation
        old = dict(before._readers) if before and before.folder is folder else {}
        self._readers: dict[Key, Any] = {}
        for segment in generation.segments:
            key = (segment.segment_id(), segment.deleted_count())
            self._readers[key] = old.pop(key, None) or SegmentReader(folder.storage, generation.schema, segment)
        if before:
            before._close_all(old if before.folder is folder else before._readers)
        self._searcher = Searcher(self._reader(), closereader=False)

    def _reader(self) -> Any:
        readers = list(self._readers.values())
        if len(readers) > 1:
            return MultiReader(readers, generation=self.generation.number)
        return readers[0] if readers else EmptyReader(self.generation.schema)

    def close(self) -> None:
        """Free the descriptors."""
        self._close_all(self._readers)

    def _close_all(self, readers: Mapping[Key, Any]) -> None:
        for reader in readers.values():
            reader.close()

    def papers(self) -> int:
        """How many papers it holds."""
        return int(self._searcher.doc_count())

    def search(self, query: Query, limit: int, offset: int) -> Found:
        """As `SearchIndex.search`."""
        found = self._found(whoosh_query.strict(query, self._searcher.reader()), limit, offset)
        if found.total or len(query.required) < 2:
            return found
        some = self._found(whoosh_query.relaxed(query, self._searcher.reader()), limit, offset)
        return Found(some.hits, some.total, some.total > 0, some.position)

    def _found(self, tree: Any, limit: int, offset: int) -> Found:
        results = self._searcher.search(tree, limit=offset + limit, optimize=False)
        page = results.top_n[offset:]
        hits = tuple(Hit(self._searcher.stored_fields(number)[PAPER], score) for score, number in page)
        return Found(hits, len(results), False, self.generation.position)

    def contents(self, *, deep: bool) -> Iterator[Indexed]:
        """As `SearchIndex.contents`."""
        for reader in self._readers.values():
            signatures = _signatures(reader) if deep else {}
            for number, stored in reader.iter_docs():
                yield Indexed(stored[PAPER], stored[STAMP], signatures.get(number, 0) if deep else None)


def _signatures(reader: Any) -> dict[int, int]:
    signatures: dict[int, int] = defaultdict(int)
    for field, term in reader.all_terms():
        if field == PAPER:
            continue
        matcher = reader.postings(field, term)
        while matcher.is_active():
            positions = matcher.value_as("positions") if field == WORDS else ()
            signatures[matcher.id()] += posting_signature(field, term.decode(), matcher.weight(), positions)
            matcher.next()
    return signatures
