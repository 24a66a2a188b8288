"""The names that mark secrets."""

import pytest
from voicelive_common.redaction.names import (
    SECRET_FIELDS,
    SECRET_TABLES,
    is_secret_name,
    is_url_field,
    may_hold_secret,
    path_may_hold_secret,
)


@pytest.mark.parametrize(
    "name",
    [
        *sorted(SECRET_FIELDS),
        *(
            "key",
            "Api-Key",
            "apiKeyValue",
            "x_api_key_2",
            "keys",
            "token",
            "access_token",
            "Token",
            "password",
            "PASSWORD",
            "secret",
        ),
        *(
            "client_secret",
            "credentials",
            "username",
            "cookie",
            "Set-Cookie",
            "client_sdp",
            "server_sdp",
        ),
    ],
)
def test_a_field_of_this_name_may_hold_a_secret(name: str) -> None:
    assert may_hold_secret(name)


@pytest.mark.parametrize(
    "name",
    [
        "tokens",
        "max_response_output_tokens",
        "input_token_details",
        "token_count",
        "keywords",
        "keyboard",
        "name",
        "arguments",
        "url",
    ],
)
def test_a_field_of_this_name_does_not(name: str) -> None:
    assert not may_hold_secret(name)


@pytest.mark.parametrize("name", ["url", "server_url", "serverUrl", "urls", "uri", "image_url"])
def test_a_field_of_this_name_holds_addresses(name: str) -> None:
    assert is_url_field(name)
    assert not is_url_field(f"{name}_count")


@pytest.mark.parametrize(
    "path", ["a.headers.x", "a[0].api_key", "a.server_url", "key[3]", "a.Token.b"]
)
def test_a_value_at_this_path_may_be_a_secret(path: str) -> None:
    assert path_may_hold_secret(path)
    assert not path_may_hold_secret("session.tools[0].name")


def test_whoever_knows_a_secret_for_certain_would_also_suspect_it() -> None:
    assert all(path_may_hold_secret(name) for name in SECRET_FIELDS | SECRET_TABLES)


@pytest.mark.parametrize(
    ("name", "secret"), [("GITHUB_TOKEN", True), ("azure_client_secret", True), ("KEYBOARD", False)]
)
def test_variables_of_the_environment(name: str, secret: bool) -> None:
    assert is_secret_name(name) is secret
