"""Trusted hosts: stored, listed, removed, and asked about before anything is sent."""

import os
from pathlib import Path

import pytest
from voicelive_tui.engine import intents
from voicelive_tui.engine.config.settings import Secret, Source
from voicelive_tui.engine.config.trusted_hosts import FILE, TrustedHosts, TrustError, parse_host
from voicelive_tui.model.session.snapshot import SessionState

from tests.support.engine_harness import engine_harness, profile
from tests.support.hostile_servers import saying, serving_beside

KEY = "a1b2c3d4e5f60718293a4b5c6d7e8f90"


def test_hosts_are_kept_once_and_can_be_removed(tmp_path: Path) -> None:
    hosts = TrustedHosts(tmp_path / "config")
    for name in ("a.example", "127.0.0.1:8765", "a.example"):
        hosts.add(name)
    again = TrustedHosts(tmp_path / "config", ["this.run"])
    assert again.stored_hosts() == ("a.example", "127.0.0.1:8765")
    assert "a.example" in again and "this.run" in again and "127.0.0.1" not in again
    again.remove("a.example")
    assert "a.example" not in hosts
    with pytest.raises(TrustError, match="trusted are 127"):
        again.remove("a.example")


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"a" * 2_000_000, b"# a.example\n\n \n"])
def test_a_file_without_hosts_trusts_nobody(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    assert "a.example" not in TrustedHosts(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_file_that_cannot_be_read_is_not_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / FILE)
    hosts = TrustedHosts(tmp_path)
    assert "a.example" not in hosts
    for change in (hosts.add, hosts.remove):
        with pytest.raises(TrustError, match="cannot be read"):
            change("a.example")
    assert (tmp_path / FILE).is_fifo()


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("a file")
    with pytest.raises(TrustError, match="as they were"):
        TrustedHosts(tmp_path / "config").add("a.example")


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("Mine.Services.AI.azure.com", "mine.services.ai.azure.com"),
        ("https://mine.example/voice-live?api-key=x", "mine.example"),
        ("127.0.0.1:8765", "127.0.0.1:8765"),
        ("http://[::1]:9", "[::1]:9"),
    ],
)
def test_a_host_of_an_address(text: str, host: str) -> None:
    assert parse_host(text) == host


@pytest.mark.parametrize("text", ["", "a b", "ftp://a", "user:pw@h.example", "h:99999"])
def test_what_names_no_host(text: str) -> None:
    with pytest.raises(TrustError) as caught:
        parse_host(text)
    assert "pw" not in str(caught.value)


def test_nothing_reaches_a_host_before_it_is_trusted(tmp_path: Path) -> None:
    with serving_beside(saying(stay=True)) as stranger:
        service = {"target": "url", "url": stranger.url, "auth": "key"}
        with engine_harness(tmp_path, endpoint="https://mine.example", key=Secret(KEY)) as harness:
            harness.engine.post(intents.OpenTab("a", profile(service=service)))
            harness.engine.post(intents.Start("a"))
            refused = harness.until_state(SessionState.FAILED)
            assert refused.asks_trust and refused.destination is not None
            assert refused.destination.host == stranger.url.removeprefix("http://")
            assert refused.destination.host in refused.problem and "was not sent" in refused.problem
            assert stranger.requests == []
            harness.engine.post(intents.TrustHost("a", refused.destination.host))
            assert not harness.until_state(SessionState.CONNECTED).asks_trust
            assert f"api-key: {KEY}" in stranger.requests[0]
        with engine_harness(tmp_path, endpoint="https://mine.example", key=Secret(KEY)) as harness:
            harness.start(of=profile(service=service))
        with engine_harness(
            tmp_path,
            config_dir=tmp_path / "other",
            endpoint="https://mine.example",
            key=Secret(KEY),
            trusted_hosts=("h.example",),
        ) as harness:
            harness.engine.post(intents.OpenTab("a", profile(service=service)))
            harness.engine.post(intents.Start("a"))
            assert harness.until_state(SessionState.FAILED).asks_trust


def test_an_answer_holds_for_every_tab_of_that_host(tmp_path: Path) -> None:
    with serving_beside(saying(stay=True)) as stranger:
        service = {"target": "url", "url": stranger.url, "auth": "key"}
        with engine_harness(tmp_path, endpoint="https://mine.example", key=Secret(KEY)) as harness:
            for key in "abc":
                harness.engine.post(intents.OpenTab(key, profile(key, service=service)))
            for key in "ab":
                harness.engine.post(intents.Start(key))
                harness.until_state(SessionState.FAILED, key)
            harness.engine.post(intents.TrustHost("a", stranger.url.removeprefix("http://")))
            harness.until_state(SessionState.CONNECTED)
            for key in "bc":
                destination = harness.session(key).destination
                assert destination is not None and destination.confirmed
                assert not harness.session(key).asks_trust


def test_a_profile_that_wants_a_key_where_there_is_none_says_so(tmp_path: Path) -> None:
    with engine_harness(tmp_path, endpoint="https://mine.example") as harness:
        harness.engine.post(
            intents.OpenTab("a", profile(service={"target": "azure", "auth": "key"}))
        )
        harness.engine.post(intents.Start("a"))
        assert (
            "AZURE_VOICELIVE_API_KEY is not set" in harness.until_state(SessionState.FAILED).problem
        )
        assert harness.session().destination is None


def test_an_env_file_of_a_repository_does_not_redirect_the_key_of_the_environment(
    tmp_path: Path,
) -> None:
    source = Source(str(tmp_path / ".env"))
    with (
        serving_beside(saying(stay=True)) as stranger,
        engine_harness(
            tmp_path, endpoint=stranger.url, endpoint_source=source, key=Secret(KEY)
        ) as harness,
    ):
        harness.engine.post(intents.OpenTab("a", profile(service={"target": "azure"})))
        harness.engine.post(intents.Start("a"))
        assert ".env" in harness.until_state(SessionState.FAILED).problem
        assert stranger.requests == []
