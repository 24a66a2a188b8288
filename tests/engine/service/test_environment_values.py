"""Values of the environment in a profile's headers and query: sent to a host that the user
confirmed, and nowhere else; never shown."""

from pathlib import Path
from typing import Any

import pytest
from voicelive_tui.engine import intents
from voicelive_tui.engine.config.settings import Secret, Settings
from voicelive_tui.engine.config.settings_loader import load_settings
from voicelive_tui.engine.config.variables import Variables
from voicelive_tui.engine.service.credential_destination import HostNotTrusted, destination_of
from voicelive_tui.engine.service.target import (
    service_endpoint,
    service_target,
    simulator_target,
)
from voicelive_tui.model.profile.profile import Profile
from voicelive_tui.model.session.snapshot import SessionState
from voicelive_tui.net.auth import EntraCredentials
from voicelive_tui.net.endpoint import EndpointError

from tests.support.engine_harness import engine_harness, profile
from tests.support.hostile_servers import saying, serving_beside

VALUE = "c0ffee00c0ffee00c0ffee00"
SETTINGS = Settings(variables=Variables([{"GATE_TOKEN": VALUE, "DOOR": "north-door-of-the-lab"}]))
HOST = "gate.example"


def gate(url: str = f"https://{HOST}", **service: Any) -> Profile:
    table = {
        "target": "url",
        "url": url,
        "headers": {"X-Gate": "Bearer ${GATE_TOKEN}", "X-Plain": "blue"},
        "query": {"door": "${DOOR}"},
    }
    return profile(service=table | service)


def target(of: Profile, settings: Settings = SETTINGS, trusted: set[str] | None = None) -> Any:
    allowed = {HOST} if trusted is None else trusted
    return service_target(of, settings, allowed, EntraCredentials())


def test_a_confirmed_host_gets_the_values() -> None:
    found = target(gate())
    assert found.headers == {"X-Gate": f"Bearer {VALUE}", "X-Plain": "blue"}
    assert "door=north-door-of-the-lab" in found.endpoint.url
    assert VALUE not in repr(found)
    assert Secret(VALUE) in found.secrets


@pytest.mark.parametrize("url", [f"https://{HOST}", "http://127.0.0.1:9"])
def test_no_other_host_gets_them_this_machine_included(url: str) -> None:
    with pytest.raises(HostNotTrusted) as refused:
        target(gate(url), trusted={f"{HOST} without credentials"})
    text = str(refused.value)
    assert "DOOR and GATE_TOKEN" in text and VALUE not in text


def test_the_endpoint_of_the_environment_has_to_be_confirmed_for_them_too() -> None:
    settings = Settings(endpoint=f"https://{HOST}", key=Secret("k"), variables=SETTINGS.variables)
    of = profile(service={"target": "azure", "headers": {"X-Gate": "${GATE_TOKEN}"}})
    endpoint = service_endpoint(of, settings)
    assert not destination_of(of, settings, endpoint, ()).confirmed
    found = destination_of(of, settings, endpoint, {HOST})
    assert found.confirmed
    assert found.permission == HOST
    assert str(found).startswith(
        "the key from the environment, and the value of GATE_TOKEN from the environment go to"
    )


def test_they_travel_encrypted_or_not_at_all() -> None:
    with pytest.raises(EndpointError, match="unencrypted"):
        target(gate(f"http://{HOST}"))


def test_a_variable_that_is_not_set_is_named() -> None:
    with pytest.raises(EndpointError, match="GATE_TOKEN, which is set neither"):
        target(gate(), Settings(variables=Variables([{"DOOR": "north", "GATE_TOKEN": " "}])))


def test_a_value_that_no_header_can_carry_is_named_and_not_repeated() -> None:
    for value in ("two\nlines", "caf\u00e9"):
        variables = Variables([{"DOOR": "d", "GATE_TOKEN": value}])
        with pytest.raises(EndpointError, match="cannot carry the value of GATE_TOKEN") as refused:
            target(gate(), Settings(variables=variables))
        assert value not in str(refused.value)


@pytest.mark.parametrize("value", ["north", "long" * 5_000])
def test_a_secret_that_cannot_be_hidden_is_named(value: str) -> None:
    variables = Variables([{"DOOR": "north", "GATE_TOKEN": value}])
    (said,) = target(gate(), Settings(variables=variables)).not_hidden
    assert said.startswith("The value of GATE_TOKEN is ") and value not in said
    named_by_its_header = gate(headers={"X-Door-Key": "${DOOR}"})
    (said,) = target(named_by_its_header, Settings(variables=variables)).not_hidden
    assert said.startswith("The value of DOOR is shorter than 8 characters")
    assert target(gate()).not_hidden == ()


def test_the_simulator_gets_none_of_them() -> None:
    of = gate(target="simulator", query={"door": "${DOOR}", "features": "x:true"})
    found = simulator_target(of, SETTINGS, "http://127.0.0.1:9", Secret("k"))
    assert found.headers == {}
    assert "door" not in found.endpoint.url
    assert "features=x%3Atrue" in found.endpoint.url


def test_env_files_count_and_the_settings_show_no_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    (tmp_path / ".env").write_text(f"GATE_TOKEN={VALUE}\nDOOR=of-the-file\n")
    settings = load_settings({"DOOR": "of-the-shell"}, folder=tmp_path)
    assert settings.variables.value("GATE_TOKEN") == VALUE
    assert settings.variables.value("DOOR") == "of-the-shell"
    assert VALUE not in repr(settings)


def test_they_reach_the_server_once_it_is_trusted_and_are_in_no_file(tmp_path: Path) -> None:
    with (
        serving_beside(saying(stay=True)) as server,
        engine_harness(tmp_path, variables=SETTINGS.variables) as harness,
    ):
        harness.engine.post(intents.OpenTab("a", gate(server.url)))
        harness.engine.post(intents.Start("a"))
        failed = harness.until_state(SessionState.FAILED)
        assert failed.asks_trust and not server.requests
        assert failed.destination is not None
        harness.engine.post(intents.TrustHost("a", failed.destination.permission))
        harness.until_state(SessionState.CONNECTED)
        (request,) = server.requests
        assert f"X-Gate: Bearer {VALUE}" in request and "X-Plain: blue" in request
        assert "door=north-door-of-the-lab" in request.partition("\n")[0]
        harness.stop()
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert files
    assert [path for path in files if VALUE.encode() in path.read_bytes()] == []
