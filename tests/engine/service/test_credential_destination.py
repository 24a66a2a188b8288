"""Credentials are sent unasked only to the host that their own source names, or to one that the
user confirmed."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from voicelive_tui.engine.config.settings import ENVIRONMENT, Secret, Settings, Source
from voicelive_tui.engine.config.settings_loader import load_settings
from voicelive_tui.engine.service.credential_destination import HostNotTrusted, destination_of
from voicelive_tui.engine.service.target import service_endpoint
from voicelive_tui.net.endpoint import EndpointError

from tests.support.engine_harness import profile

REPOSITORY, CONFIG = "/repo/.env", "/config/.env"
HOSTS = [
    "mine.services.ai.azure.com",
    "evil.services.ai.azure.com",
    "127.0.0.1:8765",
    "evil.example",
    "[::1]:1",
]
ORIGINS = [ENVIRONMENT, REPOSITORY, CONFIG]


@given(
    st.sampled_from(HOSTS),
    st.sampled_from(ORIGINS),
    st.sampled_from(ORIGINS),
    st.booleans(),
    st.sampled_from(["azure", "url"]),
    st.sampled_from(HOSTS),
    st.sampled_from(["auto", "key", "entra"]),
    st.sets(st.sampled_from(HOSTS)),
)
def test_a_credential_goes_unasked_to_its_own_host_and_to_trusted_ones(
    host: str,
    endpoint_origin: str,
    key_origin: str,
    has_key: bool,
    target: str,
    url_host: str,
    auth: str,
    trusted: set[str],
) -> None:
    settings = Settings(
        endpoint=f"https://{host}",
        endpoint_source=Source(endpoint_origin),
        key=Secret("k") if has_key else None,
        key_source=Source(key_origin),
        config_dir=Path("/config"),
    )
    of = profile(
        service={"target": target, "auth": auth}
        | ({"url": f"https://{url_host}"} if target == "url" else {})
    )
    if auth == "key" and not has_key:
        with pytest.raises(EndpointError, match="is not set"):
            destination_of(of, settings, service_endpoint(of, settings), trusted)
        return
    found = destination_of(of, settings, service_endpoint(of, settings), trusted)
    goes_to = url_host if target == "url" else host
    assert found.host == goes_to
    unasked = goes_to == host and (
        key_origin == endpoint_origin
        if found.credential == "key"
        else endpoint_origin in (ENVIRONMENT, CONFIG)
    )
    if found.credential == "none":
        unasked = goes_to.startswith(("127.", "[::1]"))
    assert found.confirmed == (goes_to in trusted or unasked)
    if auth != "auto":
        assert found.credential == ("key" if auth == "key" else "token")
    elif found.credential == "none":
        assert target == "url" and url_host != host and not url_host.endswith(".azure.com")


@pytest.mark.parametrize(
    ("url", "asks"),
    [("https://evil.example", True), ("ws://192.0.2.1:9", True), ("http://127.0.0.1:9", False)],
)
def test_a_session_without_credentials_goes_unasked_to_this_machine_only(
    url: str, asks: bool
) -> None:
    settings = Settings(endpoint="https://mine.services.ai.azure.com", key=Secret("k"))
    of = profile(service={"target": "url", "url": url})
    found = destination_of(of, settings, service_endpoint(of, settings), ())
    assert (found.credential, found.confirmed) == ("none", not asks)
    if asks:
        assert "your microphone and the profile's instructions would go to" in str(found)
        assert "microphone" in str(HostNotTrusted(found)) and found.host in str(
            HostNotTrusted(found)
        )


def test_who_permits_speech_to_a_host_permits_no_key() -> None:
    settings = Settings(key=Secret("k"))
    speech, key = (
        profile(service={"target": "url", "url": "https://h.example", **auth})
        for auth in ({}, {"auth": "key"})
    )
    permission = destination_of(speech, settings, service_endpoint(speech, settings), ()).permission
    assert destination_of(
        speech, settings, service_endpoint(speech, settings), {permission}
    ).confirmed
    assert not destination_of(
        key, settings, service_endpoint(key, settings), {permission}
    ).confirmed


@pytest.mark.parametrize("hidden", ["evil.example", "vil.exam", "EVIL.example:8443"])
def test_nobody_is_asked_about_a_host_that_is_hidden(hidden: str) -> None:
    named = Secret(hidden.lower())
    settings = Settings()
    of = profile(service={"target": "url", "url": "https://evil.example:8443"})
    with pytest.raises(EndpointError, match="cannot be shown") as refused:
        destination_of(of, settings, service_endpoint(of, settings), set())
    assert named.reveal() not in str(refused.value)
    trusted = {"evil.example:8443"}
    assert destination_of(of, settings, service_endpoint(of, settings), trusted).confirmed


def test_credentials_that_others_could_read_go_nowhere() -> None:
    settings = Settings(endpoint="http://mine.example", key=Secret("k"))
    of = profile(service={"target": "azure"})
    with pytest.raises(EndpointError, match="unencrypted"):
        destination_of(of, settings, service_endpoint(of, settings), {"mine.example"})


def test_each_value_is_kept_with_its_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    here, config = tmp_path / "here", tmp_path / "home" / "voicelive-tui"
    here.mkdir()
    config.mkdir(parents=True)
    (config / ".env").write_text(
        "AZURE_VOICELIVE_ENDPOINT=https://config\nAZURE_VOICELIVE_API_KEY=config-key\n"
    )
    settings = load_settings({}, folder=here)
    assert (settings.endpoint, settings.key) == ("https://config", Secret("config-key"))
    assert settings.endpoint_source.origin in settings.personal_origins

    (here / ".env").write_text("AZURE_VOICE_LIVE_ENDPOINT=https://repository\n")
    settings = load_settings({}, folder=here)
    assert (settings.endpoint, settings.key) == ("https://repository", Secret("config-key"))
    assert settings.endpoint_source == Source(str(here / ".env"), "AZURE_VOICE_LIVE_ENDPOINT")
    assert settings.endpoint_source.origin not in settings.personal_origins
    assert settings.key_source.origin == str(config / ".env")

    settings = load_settings({"AZURE_VOICE_LIVE_API_KEY": "k"}, folder=here)
    assert (settings.key_source.origin, str(settings.key_source)) == (
        ENVIRONMENT,
        "AZURE_VOICE_LIVE_API_KEY",
    )


def test_a_source_is_shown_as_a_user_knows_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/me")
    assert str(Source(str(tmp_path / "profiles" / "a.toml"))) == "profiles/a.toml"
    assert str(Source("/home/me/.config/voicelive-tui/.env", "X")) == "~/.config/voicelive-tui/.env"
    assert str(Source("/elsewhere/.env")) == "/elsewhere/.env"


def test_an_env_file_of_a_repository_does_not_say_where_we_write(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home"))
    here, config = tmp_path / "here", tmp_path / "home" / "voicelive-tui"
    here.mkdir()
    config.mkdir(parents=True)
    (here / ".env").write_text("VOICELIVE_TUI_STATE_DIR=state\n")
    assert load_settings({}, folder=here).state_dir == Settings().state_dir
    (config / ".env").write_text("VOICELIVE_TUI_STATE_DIR=/mine\n")
    assert load_settings({}, folder=here).state_dir == Path("/mine")
    assert load_settings({"VOICELIVE_TUI_STATE_DIR": "/this-time"}, folder=here).state_dir == Path(
        "/this-time"
    )
