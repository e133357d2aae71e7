"""The front matter of a Markdown file: written so that every YAML reads the same, and changed key by key.

Pure. Written: text always double-quoted with JSON's escapes (right under YAML 1.1 and 1.2), dates and numbers bare,
lists in block style. Read: only as far as needed to tell keys apart and values equal; what stands under a key that
is not ours is kept as it was typed.
"""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

Value = str | int | date | Sequence[str] | None

FENCE = "---\n"

# Printable for JSON, but line breaks or forbidden for YAML.
_YAML_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_KEY = re.compile(r"([A-Za-z_][\w-]*|\"[^\"\n]*\"|'[^'\n]*')[ \t]*:(?=\s|$)")
_ITEM = re.compile(r"[ \t]*-(?:[ \t]+(.*))?")


class FrontMatterError(ValueError):
    """The file's front matter is missing or not one that can be changed; the message says why, for a person."""


@dataclass(frozen=True)
class Entry:
    """A key and the lines it has, as they stand in the file; what comes before the first key has the empty key."""

    key: str
    source: str


def quoted(text: str) -> str:
    """The text as a double-quoted YAML scalar on one line."""
    written = json.dumps(_SURROGATES.sub("\ufffd", text), ensure_ascii=False)
    return _YAML_ESCAPED.sub(lambda match: f"\\u{ord(match[0]):04x}", written)


def entry(key: str, value: Value) -> Entry:
    """The key with its value; a value that is missing or empty leaves the key with nothing."""
    if isinstance(value, str):
        written = f" {quoted(value)}" if value else ""
    elif isinstance(value, int | date):
        written = f" {value}"
    else:
        written = "".join(f"\n  - {quoted(item)}" for item in value or ())
    return Entry(key, f"{key}:{written}\n")


def split(text: str) -> tuple[list[Entry], str]:
    """The entries of a file's front matter, and all that follows its closing `---`.

    Raises FrontMatterError where it has none, or a key twice. Joining what it returns gives the file again, exactly.
    """
    if not text.startswith(FENCE):
        raise FrontMatterError("it has no front matter")
    end = text.find("\n" + FENCE, len(FENCE) - 1)
    if end == -1:
        raise FrontMatterError("its front matter does not end")
    entries = _entries(text[len(FENCE) : end + 1])
    keys = [each.key for each in entries if each.key]
    if len(keys) != len(set(keys)):
        raise FrontMatterError("its front matter has a key twice")
    return entries, text[end + 1 + len(FENCE) :]


def join(entries: Sequence[Entry], rest: str) -> str:
    """The file again."""
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
    """A hash of what an entry says, however it is written: programs that edit front matter requote and reflow it all.

    Equal for what is written here and for the plain, quoted and flow forms of the same; anything richer is only equal
    to itself.
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
    """The file's entries, brought up to ours wherever the reader has not changed them since.

    `last` holds, for each key that we wrote or found equal, its fingerprint then. A key with another one now is the
    reader's, or is gone because the reader took it out, and stays so; so does a differing key of which nothing is
    known. All other keys stay as they are, in their place.
    """
    wanted = {each.key: each for each in ours}
    present = {each.key: each for each in existing}
    kept = [_merged_entry(each, wanted.get(each.key), last.get(each.key)) for each in existing]
    entries = [each for each in kept if each is not None]
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
    """What `last` is for the next time, after an update that gave these entries."""
    present = {each.key: fingerprint(each.source) for each in entries}
    wanted = {each.key: fingerprint(each.source) for each in ours}
    settled = {key: value for key, value in wanted.items() if present.get(key) == value}
    still = {key: value for key, value in last.items() if key in wanted or key in present}
    return still | settled


def _insertion_index(entries: Sequence[Entry], before: Sequence[str]) -> int:
    """Behind the last of the keys that come before it in our order."""
    return max((index + 1 for index, each in enumerate(entries) if each.key in before), default=0)
