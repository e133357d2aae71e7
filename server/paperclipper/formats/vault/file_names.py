"""File names from titles: readable, and valid on every file system that a folder of notes is synchronised to.

Pure. The forbidden characters are those of Windows
(https://learn.microsoft.com/windows/win32/fileio/naming-a-file) and, because the names are used in links,
Obsidian's `# ^ [ ] |`.
"""

import re
import unicodedata

MAX_BYTES = 120

_FORBIDDEN = re.compile(r'[<>:"/\\|?*#^\[\]]')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\..*)?")
_EMPTY = "Untitled"


def stem(title: str, suffix: str = "") -> str:
    """Return the file name for a title, without extension: at most MAX_BYTES in UTF-8, suffix included.

    Never empty. Letters of every script stay; control, format (including bidi) and unassigned characters are
    removed.
    """
    visible = "".join(char if unicodedata.category(char)[0] != "C" else " " for char in title)
    words = " ".join(_FORBIDDEN.sub(" ", unicodedata.normalize("NFC", visible)).split())
    words = _cut(words.lstrip(". "), MAX_BYTES - len(suffix.encode())).rstrip(". ") or _EMPTY
    return ("_" if _RESERVED.fullmatch(words + suffix) else "") + words + suffix


def _cut(text: str, size: int) -> str:
    return text.encode()[:size].decode(errors="ignore")


def folded(name: str) -> str:
    """Return the form in which names are compared: some file systems ignore case and Unicode form."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
