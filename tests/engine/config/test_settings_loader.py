"""Settings from options, the environment and `.env` files, in this order."""

from pathlib import Path

import pytest
from voicelive_tui.engine.config.settings import Secret, SettingsError
from voicelive_tui.engine.config.settings_loader import load_settings


def test_the_environment_in_both_spellings(tmp_path: Path) -> None:
    quickstart = {
        "AZURE_VOICE_LIVE_ENDPOINT": "https://q",
        "AZURE_VOICE_LIVE_API_KEY": "qk",
        "AZURE_VOICE_LIVE_API_VERSION": "qv",
        "VOICE_LIVE_MODEL": "qm",
    }
    settings = load_settings(quickstart, folder=tmp_path)
    assert (settings.endpoint, settings.key, settings.api_version, settings.model) == (
        "https://q",
        Secret("qk"),
        "qv",
        "qm",
    )
    ours = {
        "AZURE_VOICELIVE_ENDPOINT": "https://o",
        "AZURE_VOICELIVE_API_KEY": "ok",
        "AZURE_VOICELIVE_MODEL": "om",
    }
    settings = load_settings(
        {**quickstart, **ours, "AZURE_VOICELIVE_API_VERSION": "ov"}, folder=tmp_path
    )
    assert (settings.endpoint, settings.key, settings.api_version, settings.model) == (
        "https://o",
        Secret("ok"),
        "ov",
        "om",
    )


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(
        "AZURE_VOICELIVE_ENDPOINT='https://file'\nAZURE_VOICELIVE_API_KEY=\"file$key#1\"\n"
    )
    settings = load_settings({"AZURE_VOICELIVE_ENDPOINT": "https://env"}, folder=tmp_path)
    assert settings.endpoint == "https://env"
    assert settings.key == Secret("file$key#1")


def test_empty_values_count_as_none(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("AZURE_VOICELIVE_ENDPOINT=https://file\n")
    settings = load_settings(
        {"AZURE_VOICELIVE_ENDPOINT": " ", "AZURE_VOICELIVE_API_KEY": ""}, folder=tmp_path
    )
    assert settings.endpoint == "https://file"
    assert settings.key is None


def test_a_folder_of_profiles_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"no folder .*nowhere"):
        load_settings({}, folder=tmp_path, profiles=tmp_path / "nowhere")


def test_the_folder_in_which_it_starts_is_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(SettingsError, match="current folder"):
        load_settings({})


def test_options(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.mkdir()
    settings = load_settings(
        {"SSH_CONNECTION": "1 2 3 4"},
        folder=tmp_path,
        profiles=mine,
        no_audio=True,
        input="USB",
        record="none",
    )
    assert (settings.input, settings.output, settings.record) == ("none", "none", "none")
    assert settings.over_ssh
    assert settings.profile_dirs[:2] == (mine, tmp_path / "profiles")


def test_the_sound_of_another_machine_and_its_token(tmp_path: Path) -> None:
    environ = {"VOICELIVE_TUI_AUDIO_TOKEN": " the-token-of-this "}
    (tmp_path / ".env").write_text("VOICELIVE_TUI_AUDIO_TOKEN=from-a-repository\n")
    settings = load_settings(environ, folder=tmp_path, audio_at="127.0.0.1:4000")
    assert (settings.audio_at, settings.audio_token) == (
        "127.0.0.1:4000",
        Secret("the-token-of-this"),
    )
    assert "the-token-of-this" not in repr(settings)
    assert "VOICELIVE_TUI_AUDIO_TOKEN" in settings.secrets.names
    assert load_settings({}, folder=tmp_path).audio_token is None
    with pytest.raises(SettingsError, match=r"^--audio: laptop:4000 would send the sound over"):
        load_settings({}, folder=tmp_path, audio_at="laptop:4000")
