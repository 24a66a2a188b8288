"""Reading `.env` files, and reporting unreadable ones without their text."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from voicelive_tui.engine.config.dotenv_file import MAX_CHARACTERS, malformed_lines
from voicelive_tui.engine.config.settings import SettingsError
from voicelive_tui.engine.config.settings_loader import load_settings, malformed_dotenv_lines


def test_a_file_that_is_no_text_is_one_sentence_without_its_contents(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"AZURE_VOICELIVE_API_KEY=topsecret\n\xff\xfe")
    with pytest.raises(SettingsError) as caught:
        load_settings({}, folder=tmp_path)
    assert ".env" in str(caught.value)
    assert "topsecret" not in str(caught.value)
    assert caught.value.__cause__ is None


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


def test_a_long_run_of_blanks_is_read_in_a_moment(tmp_path: Path) -> None:
    # The parser alone would take minutes for this.
    run = " " * (MAX_CHARACTERS - 100)
    (tmp_path / ".env").write_text(f"A=x{run}y\nAZURE_VOICELIVE_MODEL=m{' ' * 40}# c\n")
    assert malformed_lines(tmp_path / ".env") == ()
    assert load_settings({}, folder=tmp_path).model == "m"


def test_a_file_that_is_too_large_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("A=1\n" * (MAX_CHARACTERS // 4 + 1))
    with pytest.raises(SettingsError, match=r"larger than 128 KiB.*or remove it"):
        load_settings({}, folder=tmp_path)


def test_many_odd_lines_are_counted_not_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("=\n" * 30_000)
    odd = malformed_dotenv_lines(load_settings({}))
    assert len(odd) == 6
    assert odd[-1] == ".env has 29995 more such lines."
