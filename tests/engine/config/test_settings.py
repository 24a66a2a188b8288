"""Options, environment and .env; what a secret shows."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from voicelive_tui.engine.config.settings import Secret, SettingsError, load_settings, port_spec


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


def test_a_file_that_is_no_text_is_one_sentence_without_its_contents(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"AZURE_VOICELIVE_API_KEY=topsecret\n\xff\xfe")
    with pytest.raises(SettingsError) as caught:
        load_settings({}, folder=tmp_path)
    assert ".env" in str(caught.value)
    assert "topsecret" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_a_secret_never_shows() -> None:
    secret = Secret("topsecret")
    settings = load_settings(
        {
            "AZURE_VOICELIVE_API_KEY": "topsecret",
            "AZURE_VOICELIVE_ENDPOINT": "https://h?api-key=topsecret",
        }
    )
    for text in (
        repr(secret),
        str(secret),
        f"{secret}",
        f"{[secret]}",
        repr(settings),
        f"{settings}",
    ):
        assert "topsecret" not in text
    assert secret.reveal() == "topsecret"


@pytest.mark.parametrize(
    ("name", "spec"),
    [
        (None, None),
        ("", None),
        ("device", "device"),
        ("none", "none"),
        ("null", "null"),
        ("wav:a b.wav", "wav:a b.wav"),
        ("device:USB", "device:USB"),
        ("USB Headset", "device:USB Headset"),
    ],
)
def test_a_devices_name_becomes_a_port(name: str | None, spec: str | None) -> None:
    assert port_spec(name) == spec


@pytest.mark.parametrize(
    "line", ["AZURE_VOICELIVE_API_KEY='topsecret", 'AZURE_VOICE_LIVE_API_KEY="topsecret']
)
def test_a_line_of_ours_that_cannot_be_read_is_named_without_its_value(
    tmp_path: Path, line: str
) -> None:
    (tmp_path / ".env").write_text(f"A=1\n{line}\nB=2\n")
    with pytest.raises(SettingsError, match=r"\.env line 2 ") as caught:
        load_settings({}, folder=tmp_path)
    assert "topsecret" not in str(caught.value)


def test_lines_that_mean_other_programs_are_not_ours_to_judge(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(
        b"\xef\xbb\xbfAZURE_VOICELIVE_ENDPOINT=https://file\r\nwhat is this\r\nOTHER='open\r\n"
    )
    assert load_settings({}, folder=tmp_path).endpoint == "https://file"


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


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"AZURE_VOICELIVE_API_KEY=topsecret\n#" + b"x" * 2**20, "larger than 1 MiB"),
        (b"AZURE_VOICELIVE_API_KEY=topsecret\0\n", "line 1 holds a control character"),
        (b"A=1\nVOICELIVE_TUI_STATE_DIR=/topsecret\0\n", "line 2 holds a control character"),
    ],
)
def test_a_hostile_file_is_one_sentence_without_its_contents(
    tmp_path: Path, content: bytes, why: str
) -> None:
    (tmp_path / ".env").write_bytes(content)
    with pytest.raises(SettingsError, match=why) as caught:
        load_settings({}, folder=tmp_path)
    assert "topsecret" not in str(caught.value)


@given(
    st.binary(max_size=300)
    | st.text(max_size=300).map(
        lambda text: f"AZURE_VOICELIVE_MODEL={text}".encode("utf-8", "replace")
    )
)
def test_any_file_is_settings_or_one_sentence(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / ".env").write_bytes(content)
        try:
            load_settings({}, folder=Path(folder))
        except SettingsError as error:
            assert "\n" not in str(error)
