"""The sentences for reports of the sign-in library, as it words them."""

import pytest
from voicelive_tui.net.recovery import Recovery
from voicelive_tui.net.sign_in_errors import sign_in_error

HEAD = """DefaultAzureCredential failed to retrieve a token from the included credentials.
Attempted credentials:
"""
NOWHERE = (
    "\tManagedIdentityCredential: ManagedIdentityCredential authentication unavailable, no "
    "response from the IMDS endpoint. Connection to 169.254.169.254 timed out.\n"
)


@pytest.mark.parametrize(
    ("line", "words", "recovery"),
    [
        (
            "EnvironmentCredential: Authentication failed: AADSTS7000215: Invalid client secret "
            "provided. Trace ID: 1\nCorrelation",
            "(AADSTS7000215)",
            Recovery.GIVE_UP,
        ),
        (
            "EnvironmentCredential: Authentication failed: [SSL: CERTIFICATE_VERIFY_FAILED] "
            "certificate verify failed: self-signed certificate (_ssl.c:1006)",
            "REQUESTS_CA_BUNDLE",
            Recovery.GIVE_UP,
        ),
        (
            "AzureCliCredential: ERROR: Certificate verification failed. This typically happens "
            "when using Azure CLI behind a proxy that intercepts traffic.",
            "REQUESTS_CA_BUNDLE",
            Recovery.GIVE_UP,
        ),
        (
            "EnvironmentCredential: Authentication failed: HTTPSConnectionPool(host="
            "'login.microsoftonline.com', port=443): Max retries exceeded with url: / (Caused by "
            "ProxyError('Unable to connect to proxy', OSError('Tunnel connection failed: 407')))",
            "HTTPS_PROXY",
            Recovery.RETRY,
        ),
        (
            "EnvironmentCredential: Authentication failed: Failed to resolve "
            "'login.microsoftonline.com' ([Errno -3] Temporary failure in name resolution)",
            "cannot reach login.microsoftonline.com",
            Recovery.RETRY,
        ),
        (
            "AzureCliCredential: Please run 'az login' to set up an account",
            "No Azure sign-in works",
            Recovery.GIVE_UP,
        ),
    ],
)
def test_each_kind_has_its_sentence(line: str, words: str, recovery: Recovery) -> None:
    error = sign_in_error(f"{HEAD}\t{line}\n{NOWHERE}To mitigate this issue, please refer to it.")
    assert words in str(error)
    assert error.recovery is recovery
    assert "\n" not in str(error)


def test_a_machine_that_is_not_azures_does_not_blame_the_network() -> None:
    assert "No Azure sign-in works" in str(sign_in_error(HEAD + NOWHERE))
