"""Which refusals and failures are worth another attempt."""

import errno
import socket
import ssl

import pytest
from voicelive_tui.net.connect_error import ConnectError
from voicelive_tui.net.errors import connect_error
from voicelive_tui.net.http_refusals import status_error
from voicelive_tui.net.recovery import Recovery

HOST = "name.services.ai.azure.com"


def refused(status: int, body: bytes = b"") -> ConnectError:
    return status_error(status, {}, body, HOST, credential="token")


def failed(error: BaseException) -> ConnectError:
    return connect_error(error, HOST, timeout_s=15)


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 599])
def test_a_busy_or_broken_service_may_heal(status: int) -> None:
    assert refused(status).recovery is Recovery.RETRY


@pytest.mark.parametrize("status", [200, 301, 400, 401, 403, 404, 407, 418])
def test_a_refusal_does_not_heal(status: int) -> None:
    error = refused(status)
    assert error.recovery is Recovery.GIVE_UP and not error.needs_fresh_token


def test_an_expired_token_heals_with_a_fresh_one() -> None:
    error = refused(401, b'{"error": {"code": "401", "message": "The access token has expired."}}')
    assert error.recovery is Recovery.RETRY and error.needs_fresh_token
    assert "fresh" in str(error) and "az login" not in str(error)


def test_a_token_that_is_perhaps_expired_does_not_heal() -> None:
    body = b"""{"error": {"code": "401", "message": "Unauthorized. Access token is missing, invalid,
    audience is incorrect (https://cognitiveservices.azure.com), or have expired."}}"""
    error = refused(401, body)
    assert error.recovery is Recovery.GIVE_UP and not error.needs_fresh_token


@pytest.mark.parametrize(
    "error",
    [
        TimeoutError(),
        ConnectionRefusedError(errno.ECONNREFUSED, "Connection refused"),
        ConnectionResetError(errno.ECONNRESET, "Connection reset by peer"),
        ConnectionAbortedError(),
        BrokenPipeError(),
        EOFError(),
        OSError(errno.ENETUNREACH, "Network is unreachable"),
        OSError(errno.EMFILE, "Too many open files"),
        ssl.SSLEOFError(8, "EOF occurred in violation of protocol"),
        socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_broken_network_may_heal(error: BaseException) -> None:
    assert failed(error).recovery is Recovery.RETRY


@pytest.mark.parametrize(
    "error",
    [
        ssl.SSLError(1, "WRONG_VERSION_NUMBER"),
        ImportError("python-socks"),
        ValueError("anything else"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_wrong_setting_does_not_heal(error: BaseException) -> None:
    assert failed(error).recovery is Recovery.GIVE_UP


def test_an_unknown_name_heals_only_where_it_was_known_before() -> None:
    recovery = failed(socket.gaierror(socket.EAI_NONAME, "Name or service not known")).recovery
    assert recovery is Recovery.RETRY_AFTER_SUCCESS
    assert recovery.allows_retry(connected_before=True)
    assert not recovery.allows_retry(connected_before=False)


@pytest.mark.parametrize("before", [True, False])
def test_the_other_two_do_not_depend_on_the_past(before: bool) -> None:
    assert Recovery.RETRY.allows_retry(connected_before=before)
    assert not Recovery.GIVE_UP.allows_retry(connected_before=before)
