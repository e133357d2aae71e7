"""Names, comments, docstrings and texts use the field's standard words, not the private ones listed here."""

import ast
import io
import re
import tokenize
from pathlib import Path

ROOT = Path(__file__).parents[1]
NEVER = (
    "tell",
    "tells",
    "told",
    "say",
    "says",
    "said",
    "sign",
    "signs",
    "anew",
    "mend",
    "mends",
    "mended",
    "cure",
    "cures",
    "sound",
    "dear",
    "dearer",
    "room",
    "rooms",
    "house",
    "of late",
    "goes by",
    "stands",
)
WORDS = re.compile(rf"(?<![\w-])({'|'.join(NEVER)})(?![\w-])", re.IGNORECASE)

# Where a word is right: (file, word, the phrase around it).
EXCEPTIONS = (
    ("", "sign", r"\bsign[ _-]?(in|ins|out)\b"),  # a browser's sign-in
    ("", "signs", r"\bsigns[ -](in|out)\b"),
    ("", "stands", r"\bstands for\b"),
    ("", "sign", r"\b(minus|dollar|equals|plus|percent) sign\b"),
    ("search/whoosh/storage.py", "tell", r"def tell\(self\)"),  # a method of Python's files
    ("README.md", "says", r"A clip that says Saved is on disk"),  # the promise, as it was given
)

SOURCES = sorted(
    path
    for pattern in (
        "server/paperclipper/**/*.py",
        "server/paperclipper/web/**/*.html",
        "server/paperclipper/web/static/*.js",
        "server/paperclipper/web/static/*.css",
        "extension/**/*.js",
        "extension/**/*.html",
        "extension/**/*.css",
        "extension/manifest.json",
        "scripts/*",
        "*.md",
    )
    for path in ROOT.glob(pattern)
    if path.is_file() and "server/paperclipper/extension" not in str(path)
)
TESTS = sorted({*(ROOT / "tests").rglob("*.py"), *(ROOT / "tests").rglob("*.js")} - {Path(__file__)})


def split_names(text):
    """Names as words: `saidSoFar` and `said_so_far` as `said so far`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", text.replace("_", " "))


def forbidden_in(path, text):
    for number, line in enumerate(split_names(text).splitlines(), 1):
        for match in WORDS.finditer(line):
            if not is_exception(path, match[1].lower(), line, match.start()):
                yield f"{path.relative_to(ROOT)}:{number}: {match[1]}: {line.strip()[:100]}"


def is_exception(path, word, line, start):
    return any(
        word == excepted
        and file in str(path)
        and re.search(phrase, line[max(0, start - 30) : start + 60], re.I)
        for file, excepted, phrase in EXCEPTIONS
    )


def test_sources_use_standard_words():
    assert [found for path in SOURCES for found in forbidden_in(path, path.read_text())] == []


def test_tests_use_standard_words():
    """In their names, comments and docstrings; the texts they work on may be anything."""
    assert [found for path in TESTS for found in forbidden_in(path, own_words(path))] == []


def own_words(path):
    source = path.read_text()
    return without_strings(source) if path.suffix == ".py" else without_quoted(source)


def without_strings(source):
    """Python source with every string but docstrings emptied, line by line as it was."""
    docstrings = {
        (node.body[0].lineno, node.body[0].col_offset)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node)
    }
    lines = [""] * (source.count("\n") + 1)
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        is_text = token.type in (tokenize.NAME, tokenize.COMMENT) or token.start in docstrings
        if is_text:
            for offset, line in enumerate(token.string.splitlines()):
                lines[token.start[0] - 1 + offset] += f" {line}"
    return "\n".join(lines)


def without_quoted(source):
    return re.sub(r"\"[^\"\n]*\"|`[^`]*`", "", source)
