import json
import resource
import signal
import zipfile
from datetime import timedelta

import pytest

from builders import CLIPPED_AT, a_clip, a_note, arxiv, some_facts, uuid7
from paperclipper.formats.vault.file_names import folded
from paperclipper.services.annotations import annotations
from paperclipper.services.papers import clipping
from paperclipper.services.tags import tagging
from paperclipper.services.transfer import exporting
from paperclipper.services.trash import trashing
from paperclipper.store.papers import papers

TITLES = ["Paper Boats: A Survey", "paper boats a survey", "論文の船", "../../Sails?", "CON"]


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "vault"


class Clipper:
    """Clips and annotates invented, numbered papers of one library."""

    def __init__(self, library_id):
        self.library_id = library_id
        self.number = 0

    def __call__(self, title="Paper Boats"):
        self.number += 1
        at = CLIPPED_AT + timedelta(minutes=self.number)
        facts = some_facts(title=title, published=None, identifiers=(arxiv(f"2603.{self.number:05}"),))
        return clipping.save(self.library_id, a_clip(facts=facts, clipped_at=at)).paper_id

    def note(self, paper_id, body):
        annotations.put(self.library_id, uuid7(), paper_id, a_note(body), None)


@pytest.fixture
def clip(store):
    return Clipper(store)


def state(folder):
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_ino)
        for path in folder.rglob("*")
        if path.is_file()
    }


def markdown_files(folder):
    return sorted(path for path in folder.rglob("*.md") if path.is_file())


def the_file(folder):
    (path,) = markdown_files(folder)
    return path


def counts(report):
    return report.written, report.unchanged, len(report.left_alone)


def test_there_is_one_file_per_paper_and_a_second_export_writes_nothing(store, clip, folder):
    for title in TITLES:
        clip(title)
    seen = []
    assert counts(exporting.export_markdown(store, folder, seen.append)) == (5, 0, 0)
    assert seen == [1, 2, 3, 4, 5]
    before = state(folder)
    assert counts(exporting.export_markdown(store, folder)) == (0, 5, 0)
    assert state(folder) == before
    names = [path.name for path in markdown_files(folder)]
    assert names == sorted(
        [
            "Paper Boats A Survey.md",
            "paper boats a survey (2603.00002).md",
            "論文の船.md",
            "Sails.md",
            "_CON.md",
        ]
    )
    assert len({folded(name) for name in names}) == 5


def test_the_readers_text_is_kept_when_ours_changes(store, clip, folder):
    paper_id = clip()
    exporting.export_markdown(store, folder)
    path = the_file(folder)
    text = path.read_text().replace("%% begin notes %%\n", "%% begin notes %%\nmine  \n") + "below"
    path.write_text(text)
    path.chmod(0o600)
    clip.note(paper_id, "A new note.")
    tagging.add(store, paper_id, "boats")
    assert counts(exporting.export_markdown(store, folder)) == (1, 0, 0)
    now = path.read_text()
    assert now.split("## Notes")[1] == text.split("## Notes")[1]
    assert "> A new note.\n" in now
    assert '  - "boats"\n' in now
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_renamed_and_moved_file_is_found_again(store, clip, folder):
    paper_id = clip()
    exporting.export_markdown(store, folder)
    moved = folder / "Reading/2026/My boats.md"
    moved.parent.mkdir(parents=True)
    the_file(folder).rename(moved)
    assert counts(exporting.export_markdown(store, folder)) == (0, 1, 0)
    clip.note(paper_id, "New")
    assert counts(exporting.export_markdown(store, folder)) == (1, 0, 0)
    assert the_file(folder) == moved


def test_a_new_title_changes_the_file_but_not_its_name(store, clip, folder):
    paper_id = clip()
    exporting.export_markdown(store, folder)
    papers.update(store, paper_id, title="Other Boats")
    assert counts(exporting.export_markdown(store, folder)) == (1, 0, 0)
    assert the_file(folder).name == "Paper Boats.md"
    assert 'title: "Other Boats"\n' in the_file(folder).read_text()
    assert 'citekey: "paperpaper"\n' in the_file(folder).read_text()


def test_front_matter_changed_by_the_reader_is_kept(store, clip, folder):
    paper_id = clip()
    tagging.add(store, paper_id, "boats")
    exporting.export_markdown(store, folder)
    path = the_file(folder)
    path.write_text(path.read_text().replace('  - "boats"\n', '  - "boats"\n  - "mine"\n'))
    tagging.add(store, paper_id, "sails")
    assert counts(exporting.export_markdown(store, folder)) == (0, 1, 0)
    assert '  - "boats"\n  - "mine"\n' in path.read_text()


@pytest.mark.parametrize("content", [None, "", "{", "[]", '{"papers": {"x": 1}}', '{"papers": 3}'])
def test_nothing_of_the_readers_is_lost_without_the_manifest(store, clip, folder, content):
    paper_id = clip()
    exporting.export_markdown(store, folder)
    manifest = folder / exporting.MANIFEST
    manifest.unlink()
    if content is not None:
        manifest.write_text(content)
    path = the_file(folder)
    path.write_text(path.read_text().replace('"unread"', '"reading"'))
    clip.note(paper_id, "New")
    assert counts(exporting.export_markdown(store, folder)) == (1, 0, 0)
    assert 'status: "reading"\n' in path.read_text()
    assert "> New\n" in path.read_text()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda data: data.replace(b"\n", b"\r\n"), "line endings"),
        (lambda data: b"\xef\xbb\xbf" + data, "byte order mark"),
        (lambda data: data + b"\xff", "not valid UTF-8"),
        (lambda data: data.split(b"---\n", 2)[2], "no front matter"),
        (lambda data: data.replace(b"%% paperclipper:end generated %%", b""), "marker"),
        (
            lambda data: data.replace(b"one crease at a time.\n", b"one crease at a time. I doubt it.\n"),
            "edited",
        ),
    ],
)
def test_a_file_that_cannot_be_changed_safely_is_left_alone(store, clip, folder, change, reason):
    paper_id = clip()
    exporting.export_markdown(store, folder)
    path = the_file(folder)
    path.write_bytes(change(path.read_bytes()))
    before = state(folder)
    clip.note(paper_id, "New")
    report = exporting.export_markdown(store, folder)
    assert counts(report) == (0, 0, 1)
    assert report.left_alone[0][0] == path
    assert reason in report.left_alone[0][1]
    assert state(folder) == before


def test_two_files_of_one_paper_are_left_alone(store, clip, folder):
    clip()
    exporting.export_markdown(store, folder)
    path = the_file(folder)
    (folder / "Copy.md").write_bytes(path.read_bytes())
    before = state(folder)
    assert counts(exporting.export_markdown(store, folder)) == (0, 0, 1)
    assert state(folder) == before


def test_the_file_of_a_trashed_paper_is_unchanged(store, clip, folder):
    paper_id = clip()
    exporting.export_markdown(store, folder)
    before = state(folder)
    trashing.trash(store, paper_id)
    assert counts(exporting.export_markdown(store, folder)) == (0, 0, 0)
    assert state(folder) == before


def test_a_deleted_file_is_written_again(store, clip, folder):
    clip()
    exporting.export_markdown(store, folder)
    the_file(folder).unlink()
    assert counts(exporting.export_markdown(store, folder)) == (1, 0, 0)
    assert the_file(folder).name == "Paper Boats.md"


def test_file_names_of_the_reader_are_not_used(store, clip, folder):
    folder.mkdir()
    (folder / "PAPER boats.md").write_text("my own")
    clip()
    exporting.export_markdown(store, folder)
    assert (folder / "PAPER boats.md").read_text() == "my own"
    assert (folder / "Paper Boats (2603.00001).md").exists()


def test_cite_keys_differ_in_one_folder(store, clip, folder):
    for title in ("Boats one", "Boats two", "Boats three"):
        clip(title)
    exporting.export_markdown(store, folder)
    keys = [
        line
        for path in markdown_files(folder)
        for line in path.read_text().split("\n")
        if line[:8] == "citekey:"
    ]
    assert sorted(keys) == ['citekey: "paperboats"', 'citekey: "paperboatsb"', 'citekey: "paperboatsc"']


def test_links_and_hidden_folders_are_ignored(store, clip, folder, tmp_path):
    paper_id = clip()
    exporting.export_markdown(store, folder)
    outside = tmp_path / "outside"
    outside.mkdir()
    the_file(folder).rename(outside / "Paper Boats.md")
    (folder / "Paper Boats.md").symlink_to(outside / "Paper Boats.md")
    (folder / "linked").symlink_to(outside, target_is_directory=True)
    (folder / ".obsidian").mkdir()
    (folder / ".obsidian/Paper Boats.md").write_bytes((outside / "Paper Boats.md").read_bytes())
    before = state(outside)
    clip.note(paper_id, "New")
    assert counts(exporting.export_markdown(store, folder)) == (1, 0, 0)
    assert state(outside) == before
    assert (folder / "Paper Boats.md").is_symlink()
    assert "> New\n" in (folder / "Paper Boats (2603.00001).md").read_text()


def test_a_manifest_that_is_a_link_is_not_followed(store, clip, folder, tmp_path):
    clip()
    folder.mkdir()
    outside = tmp_path / "outside.json"
    outside.write_text('{"papers": {}}')
    (folder / exporting.MANIFEST).symlink_to(outside)
    exporting.export_markdown(store, folder)
    assert outside.read_text() == '{"papers": {}}'
    assert set(json.loads((folder / exporting.MANIFEST).read_text())["papers"]) == {
        paper.id for paper in papers.iterate(store)
    }


def test_a_manifest_cannot_lead_outside(store, clip, folder, tmp_path):
    paper_id = clip()
    folder.mkdir()
    outside = tmp_path / "outside.md"
    outside.write_text("mine")
    known = {"papers": {paper_id: {"path": "../outside.md", "keys": {}}}}
    (folder / exporting.MANIFEST).write_text(json.dumps(known))
    assert counts(exporting.export_markdown(store, folder)) == (1, 0, 0)
    assert outside.read_text() == "mine"


def test_a_failed_write_keeps_the_old_file_and_leaves_no_other(store, clip, folder):
    paper_id = clip()
    exporting.export_markdown(store, folder)
    before = state(folder)
    clip.note(paper_id, "New " * 1000)
    with limited_file_size(1000), pytest.raises(OSError, match="too large"):
        exporting.export_markdown(store, folder)
    assert state(folder) == before


class limited_file_size:  # noqa: N801 - reads as what it does
    """Limit the size of files, to simulate a full disk."""

    def __init__(self, size):
        self.size = size

    def __enter__(self):
        self.handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        self.limits = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (self.size, self.limits[1]))

    def __exit__(self, *_):
        resource.setrlimit(resource.RLIMIT_FSIZE, self.limits)
        signal.signal(signal.SIGXFSZ, self.handler)


def test_the_zip_equals_an_export_to_an_empty_folder(store, clip, folder, tmp_path):
    for title in TITLES:
        clip(title)
    exporting.export_markdown(store, folder)
    with exporting.markdown_zip(store) as file, zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        members = {name: archive.read(name) for name in archive.namelist()}
    assert members == {path.name: path.read_bytes() for path in markdown_files(folder)}


def test_equal_libraries_give_equal_zips(store, clip):
    clip()
    with exporting.markdown_zip(store) as one, exporting.markdown_zip(store) as other:
        assert one.read() == other.read()


def test_the_unpacked_zip_can_be_exported_to(store, clip, folder):
    paper_id = clip()
    with exporting.markdown_zip(store) as file, zipfile.ZipFile(file) as archive:
        archive.extractall(folder)
    assert counts(exporting.export_markdown(store, folder)) == (0, 1, 0)
    tagging.add(store, paper_id, "boats")
    assert counts(exporting.export_markdown(store, folder)) == (1, 0, 0)
    assert '  - "boats"\n' in the_file(folder).read_text()


def test_a_folder_that_cannot_be_written_is_reported(store, clip, tmp_path):
    clip()
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        exporting.export_markdown(store, tmp_path / "file")
