"""Generating file names from titles that are readable and valid on all common file systems.

Pure. The forbidden characters are those reserved by Windows
(https://learn.microsoft.com/windows/win32/fileio/naming-a-file) and, because the names are used in links,
`# ^ [ ] |`, which are reserved by Obsidian.
"""

import re
import unicodedata

MAX_BYTES = 120

_FORBIDDEN = re.compile(r'[<>:"/\\|?*#^\[\]]')
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\..*)?")
_EMPTY = "Untitled"


def stem(title: str, suffix: str = "") -> str:
    """Return the file name for a title, without extension: at most MAX_BYTES in UTF-8, including the suffix.

    The name is never empty. Letters in any script are kept; control, format (including bidi) and unassigned
    characters are removed.
    """
    visible = "".join(char if unicodedata.category(char)[0] != "C" else " " for char in title)
    words = " ".join(_FORBIDDEN.sub(" ", unicodedata.normalize("NFC", visible)).split())
    words = _cut(words.lstrip(". "), MAX_BYTES - len(suffix.encode())).rstrip(". ") or _EMPTY
    return ("_" if _RESERVED.fullmatch(words + suffix) else "") + words + suffix


def _cut(text: str, size: int) -> str:
    return text.encode()[:size].decode(errors="ignore")


def folded(name: str) -> str:
    """Return the name folded for comparison, as some file systems ignore case and Unicode normalisation."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
