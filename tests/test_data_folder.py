import os

import pytest

from paperclipper import config, data_folder
from paperclipper.errors import DataFolderError


def test_the_folder_is_accessible_only_to_its_owner(tmp_path):
    settings = config.read(tmp_path / "a" / "b")
    (tmp_path / "a" / "b").mkdir(parents=True, mode=0o755)
    data_folder.prepare_folder(settings)
    data_folder.prepare_folder(settings)
    for folder in (settings.data, settings.index):
        assert oct(folder.stat().st_mode & 0o777) == "0o700"


@pytest.mark.parametrize("inside", ["file", "file/deeper"])
def test_a_folder_that_cannot_be_created_is_reported_with_its_path(tmp_path, inside):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DataFolderError, match="file"):
        data_folder.prepare_folder(config.read(tmp_path / inside))


def test_only_one_process_can_lock_a_folder(tmp_path):
    with data_folder.lock(tmp_path, 4000):
        assert data_folder.lock_holder(tmp_path) == data_folder.LockHolder(os.getpid(), 4000)
        with (
            pytest.raises(DataFolderError, match=f"process {os.getpid()}, port 4000"),
            data_folder.lock(tmp_path, None),
        ):
            pass
        assert data_folder.lock_holder(tmp_path) == data_folder.LockHolder(os.getpid(), 4000)
    with (
        data_folder.lock(tmp_path, None),
        pytest.raises(DataFolderError, match="a restore"),
        data_folder.lock(tmp_path, 1),
    ):
        pass
    assert data_folder.lock_holder(tmp_path) is None


def test_a_shorter_record_replaces_a_longer_one(tmp_path):
    (tmp_path / "server.lock").write_text('{"pid": 4194304, "port": 65535, "more": "than before"}')
    with data_folder.lock(tmp_path, 80):
        assert data_folder.lock_holder(tmp_path) == data_folder.LockHolder(os.getpid(), 80)
