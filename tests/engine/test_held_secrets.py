"""Which values of the configuration are hidden: a limited number, and never on the word of a
repository."""

from pathlib import Path

import pytest
from voicelive_common.redaction.redact import redact
from voicelive_common.redaction.secret import LONGEST, MOST
from voicelive_tui.engine.config.held_secrets import hold_secrets
from voicelive_tui.engine.config.settings import Settings
from voicelive_tui.engine.config.settings_loader import load_settings

VALUE = "correct-horse-battery"


def names(settings: Settings) -> tuple[str, ...]:
    return settings.secrets.names


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    folder = tmp_path / "config" / "voicelive-tui"
    folder.mkdir(parents=True)
    return folder


def test_of_the_folders_file_only_what_this_program_reads_is_hidden(tmp_path: Path) -> None:
    lines = [
        f"A_KEY={VALUE}",
        "B_TOKEN=a word that people say",
        "AZURE_VOICE_LIVE_API_KEY=the-quickstarts-key",
    ]
    (tmp_path / ".env").write_text(
        "\n".join([*lines, "AZURE_VOICELIVE_ENDPOINT=https://h.example/?code=of-the-door"])
    )
    settings = load_settings({})
    assert names(settings) == ("AZURE_VOICE_LIVE_API_KEY of .env", "the query in .env")
    assert redact(f"{VALUE}, a word that people say") == f"{VALUE}, a word that people say"
    assert redact("the-quickstarts-key at of-the-door") == "[hidden] at [hidden]"


def test_of_the_users_own_places_every_key_and_token_is_hidden(config: Path) -> None:
    (config / ".env").write_text(f"MY_TOKEN={VALUE}\n")
    settings = load_settings(
        {
            "GITHUB_TOKEN": "another-of-mine",
            "A_KEY": VALUE,
            "SSH_KEY": "/home/me/.ssh/id",
            "EDITOR": "nano-editor",
        }
    )
    # One value is one secret, wherever else it is found.
    assert names(settings) == (
        "GITHUB_TOKEN",
        "A_KEY",
    )
    assert (
        redact(f"{VALUE} another-of-mine /home/me/.ssh/id nano-editor")
        == "[hidden] [hidden] /home/me/.ssh/id nano-editor"
    )
    assert names(load_settings({})) == ("MY_TOKEN of config/voicelive-tui/.env",)


def test_a_file_of_many_keys_costs_nothing(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("".join(f"A{n}_KEY=value-number-{n:06}\n" for n in range(4_000)))
    assert names(load_settings({})) == ()


def test_their_number_is_bounded_and_the_keys_that_are_sent_come_first() -> None:
    environ = {f"A{n}_KEY": f"value-number-{n:06}" for n in range(MOST + 10)} | {
        "AZURE_VOICELIVE_API_KEY": VALUE
    }
    secrets = load_settings(environ).secrets
    assert len(secrets.values) == MOST and secrets.names[0] == "AZURE_VOICELIVE_API_KEY"
    assert secrets.shown == (f"11 more (at most {MOST} can be hidden)",)
    assert (
        redact(f"{VALUE} value-number-000000 value-number-{MOST:06}")
        == f"[hidden] [hidden] value-number-{MOST:06}"
    )


def test_a_repository_crowds_out_nothing(tmp_path: Path) -> None:
    query = "&".join(f"a{n}=value-number-{n:06}" for n in range(MOST + 10))
    (tmp_path / ".env").write_text(f"AZURE_VOICELIVE_ENDPOINT=https://h.example/?{query}")
    secrets = load_settings({"MY_TOKEN": VALUE}).secrets
    assert len(secrets.values) == MOST and secrets.names[0] == "MY_TOKEN"


def test_what_cannot_be_hidden_is_named_with_the_reason_and_without_its_value() -> None:
    held = hold_secrets(
        [
            ("LONG_KEY", "x" * (LONGEST + 1)),
            ("PIN_TOKEN", "1234"),
            ("WORD_KEY", "response.done"),
            ("A_KEY", VALUE),
        ]
    )
    assert str(held) == (
        "1 hidden in all output: A_KEY; not hidden: LONG_KEY (longer than 16,384 "
        "characters), "
        "PIN_TOKEN (shorter than 8 characters), WORD_KEY (a word of the protocol)"
    )
    assert VALUE not in repr(held)
