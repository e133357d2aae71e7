"""The protocol in its smallest form: every search looks at every document."""

from paperclipper.errors import IndexUnavailableError
from paperclipper.search.analysis import FILLER, joined, stem
from paperclipper.search.document import STEMS, TITLE, WORDS, document, signature
from paperclipper.search.index import Found, Hit, Indexed, IndexStatus


class MemoryIndex:
    def __init__(self):
        self.documents, self.position = {}, None

    def status(self):
        return IndexStatus(self.position, len(self.documents))

    def catch_up(self, feed, deadline, progress=None):
        head = feed.head()
        held = self.position
        if held is None or held.epoch != head.epoch or held.stamp > head.stamp:
            self.documents, held = {}, None
        for entry in feed.entries_after(held.stamp if held else 0, 10**9)[1]:
            self.documents.pop(entry.paper_id, None)
            if entry.paper:
                self.documents[entry.paper_id] = document(entry.paper, entry.index_stamp)
        self.position = head
        if progress:
            progress(head, head)
        return True

    def rebuild(self, feed, progress=None):
        self.position = None
        self.catch_up(feed, 0, progress)

    def tidy(self):
        pass

    def contents(self, *, deep):
        for one in self.documents.values():
            yield Indexed(one.paper_id, one.stamp, signature(one.fields.items()) if deep else None)

    def search(self, query, limit, offset=0):
        if self.position is None:
            raise IndexUnavailableError("There is no index yet.")
        kept = [one for one in self.documents.values() if not any(_holds(one, c) for c in query.excluded)]
        counted = [(sum(_holds(one, c) for c in query.required), one) for one in kept]
        need = len(query.required)
        relaxed = need > 1 and not any(count == need for count, _ in counted) and any(count for count, _ in counted)
        found = [(count, one) for count, one in counted if (count > 0 if relaxed else count == need)]
        ranked = sorted(((10 * count + _title(one, query), one.paper_id) for count, one in found), reverse=True)
        hits = tuple(Hit(paper_id, score) for score, paper_id in ranked[offset : offset + limit])
        return Found(hits, len(ranked), relaxed, self.position)


def _holds(one, clause):
    words, stems = one.fields[WORDS], one.fields[STEMS]
    texts = [word.text for word in clause.words]
    if clause.is_phrase:
        starts = words[texts[0]].positions if texts[0] in words else []
        return any(all(w in words and at + i in words[w].positions for i, w in enumerate(texts)) for at in starts)
    if clause.open_end and any(word.startswith(texts[-1]) for word in words):
        return True
    apart = all(text in words if text in FILLER else stem(text) in stems for text in texts)
    return apart or (len(texts) > 1 and stem(joined(clause.words)) in stems)


def _title(one, query):
    return sum(stem(word.text) in one.fields[TITLE] for clause in query.required for word in clause.words)
