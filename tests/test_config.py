from pathlib import Path

import pytest

from paperclipper import config
from paperclipper.errors import InvalidInputError


def test_the_option_takes_precedence_over_the_environment_and_the_default(tmp_path):
    environ = {"PAPERCLIPPER_DATA": str(tmp_path / "of environment")}
    assert config.read(tmp_path / "typed", environ=environ).data == tmp_path / "typed"
    assert config.read(environ=environ).data == tmp_path / "of environment"
    own = config.read(environ={})
    assert own.data.is_absolute()
    assert "paperclipper" in str(own.data)
    assert config.read(environ={"PAPERCLIPPER_DATA": ""}) == own


def test_paths_are_made_absolute_and_home_is_expanded(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert config.read(Path("~/papers")).data == tmp_path / "papers"
    assert config.read(Path("papers")).data == tmp_path / "papers"


def test_the_server_listens_on_this_machine_only(tmp_path):
    settings = config.read(tmp_path, port=8400)
    assert settings.origin == "http://127.0.0.1:8400"
    assert settings.hosts == {"127.0.0.1:8400", "localhost:8400"}
    assert config.read(tmp_path).port == 8377


def test_public_addresses_are_normalised(tmp_path):
    for typed in ("https://Papers.Example", "https://papers.example/", "https://papers.example:443"):
        settings = config.read(tmp_path, public=typed)
        assert (settings.origin, settings.public_host) == ("https://papers.example", "papers.example")
        assert settings.hosts == {"127.0.0.1:8377", "localhost:8377", "papers.example"}
    assert config.read(tmp_path, public="https://papers.example:8443").public_host == "papers.example:8443"


@pytest.mark.parametrize(
    "typed", ["http://papers.example", "papers.example", "https://a@b.example", "https://b.example/x"]
)
def test_an_invalid_public_address_is_refused(tmp_path, typed):
    with pytest.raises(InvalidInputError, match="https://"):
        config.read(tmp_path, public=typed)


def test_all_data_is_in_one_folder(tmp_path):
    settings = config.read(tmp_path)
    assert {settings.database.parent, settings.index.parent} == {tmp_path}
