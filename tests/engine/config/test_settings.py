"""The values of the settings, in which no secret shows."""

import pytest
from voicelive_tui.engine.config.settings import Secret, port_spec
from voicelive_tui.engine.config.settings_loader import load_settings


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
