"""The front matter of a Markdown file, written in unambiguous YAML and updated key by key.

Pure. Text is always written as a double-quoted scalar with JSON escapes (valid in YAML 1.1 and 1.2), dates
and numbers as plain scalars, and lists in block style. Front matter is parsed only as far as needed to
separate keys and compare values. The content of other keys is left unchanged.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

Value = str | int | date | Sequence[str] | None

FENCE = "---\n"

# Characters that JSON does not escape, but that are line breaks or not allowed in YAML.
_YAML_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_KEY = re.compile(r"([A-Za-z_][\w-]*|\"[^\"\n]*\"|'[^'\n]*')[ \t]*:(?=\s|$)")
_ITEM = re.compile(r"[ \t]*-(?:[ \t]+(.*))?")


class FrontMatterError(ValueError):
    """The front matter is missing or cannot be updated safely. The message is the reason, for the user."""


@dataclass(frozen=True)
class Entry:
    """A key and its lines as in the file. Lines before the first key form an entry with an empty key."""

    key: str
    source: str


def quoted(text: str) -> str:
    """Return the text as a double-quoted YAML scalar on one line."""
    written = json.dumps(_SURROGATES.sub("\ufffd", text), ensure_ascii=False)
    return _YAML_ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", written)


def entry(key: str, value: Value) -> Entry:
    """Return the entry for a key and value. If the value is missing or empty, only the key is written."""
    if isinstance(value, str):
        written = f" {quoted(value)}" if value else ""
    elif isinstance(value, int | date):
        written = f" {value}"
    else:
        written = "".join(f"\n  - {quoted(item)}" for item in value or ())
    return Entry(key, f"{key}:{written}\n")


def split(text: str) -> tuple[list[Entry], str]:
    """Return the entries of a file's front matter, and the text after its closing `---`.

    `join` restores exactly the same file. Raise FrontMatterError if there is no front matter or a key is
    duplicated.
    """
    if not text.startswith(FENCE):
        raise FrontMatterError("it has no front matter")
    end = text.find("\n" + FENCE, len(FENCE) - 1)
    if end == -1:
        raise FrontMatterError("its front matter is not closed")
    entries = _entries(text[len(FENCE) : end + 1])
    keys = [each.key for each in entries if each.key]
    if len(keys) != len(set(keys)):
        raise FrontMatterError("its front matter contains a duplicate key")
    return entries, text[end + 1 + len(FENCE) :]


def join(entries: Sequence[Entry], rest: str) -> str:
    """Return the text of a file with these entries."""
    return f"{FENCE}{''.join(each.source for each in entries)}{FENCE}{rest}"


def _entries(block: str) -> list[Entry]:
    entries: list[Entry] = []
    for line in re.findall(r"[^\n]*\n", block):
        match = _KEY.match(line)
        if match:
            entries.append(Entry(match[1].strip("\"'"), line))
        elif entries:
            entries[-1] = Entry(entries[-1].key, entries[-1].source + line)
        else:
            entries.append(Entry("", line))
    return entries


def fingerprint(source: str) -> str:
    """Return a hash of an entry's value that does not depend on its YAML style.

    Other programs requote and reflow entries. The plain, quoted and flow forms of entries written here have
    equal fingerprints. More complex values are compared as source text.
    """
    return hashlib.sha256(json.dumps(_meaning(source)).encode()).hexdigest()[:16]


def _meaning(source: str) -> list[str]:
    _, _, value = source.partition(":")
    head, _, rest = value.partition("\n")
    head = head.strip()
    lines = [line for line in rest.split("\n") if line.strip()]
    items = [_ITEM.fullmatch(line) for line in lines]
    if not head and all(items):
        return [_scalar(item[1] or "") for item in items if item]
    if lines:
        return [source]
    if head.startswith("[") and head.endswith("]"):
        return [_scalar(item) for item in _flow_items(head[1:-1])]
    return [_scalar(head)]


def _flow_items(inside: str) -> list[str]:
    return re.findall(r"\s*(\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'|[^,]+)\s*(?:,|$)", inside)


def _scalar(written: str) -> str:
    written = written.strip()
    if written.startswith('"'):
        try:
            return str(json.loads(written))
        except ValueError:
            return written
    if len(written) > 1 and written[0] == written[-1] == "'":
        return written[1:-1].replace("''", "'")
    return written


def update(existing: Sequence[Entry], ours: Sequence[Entry], last: Mapping[str, str]) -> list[Entry]:
    """Return the file's entries with our current values, except for keys that the reader has changed.

    `last` contains the fingerprint of each key after the last update. If a key's fingerprint has changed, the
    reader edited the key, so it is kept. Keys removed by the reader are not added again, and a key without a
    fingerprint in `last` is kept if it differs. All other keys stay unchanged and in place.
    """
    wanted = {each.key: each for each in ours}
    present = {each.key: each for each in existing}
    merged = [_merged_entry(each, wanted.get(each.key), last.get(each.key)) for each in existing]
    entries = [each for each in merged if each is not None]
    for index, each in enumerate(ours):
        if each.key not in present and each.key not in last:
            entries.insert(_insertion_index(entries, [before.key for before in ours[:index]]), each)
    return entries


def _merged_entry(found: Entry, wanted: Entry | None, last: str | None) -> Entry | None:
    now = fingerprint(found.source)
    if last is None or now != last or (wanted and fingerprint(wanted.source) == now):
        return found
    return wanted


def fingerprints(entries: Sequence[Entry], ours: Sequence[Entry], last: Mapping[str, str]) -> dict[str, str]:
    """Return the fingerprints to pass as `last` to the next update, after an update returned `entries`."""
    present = {each.key: fingerprint(each.source) for each in entries}
    wanted = {each.key: fingerprint(each.source) for each in ours}
    settled = {key: value for key, value in wanted.items() if present.get(key) == value}
    still = {key: value for key, value in last.items() if key in wanted or key in present}
    return still | settled


def _insertion_index(entries: Sequence[Entry], before: Sequence[str]) -> int:
    """Return the index after the last existing entry whose key is in `before`."""
    return max((index + 1 for index, each in enumerate(entries) if each.key in before), default=0)
