"""The HTTP response of a fault in the handshake, instead of an upgrade."""

from __future__ import annotations

from http import HTTPStatus

from voicelive_simulator.api.handshake import Refusal
from voicelive_simulator.faults.fault import Fault

RETRY_AFTER_S = 2
REDIRECTED = "/redirected"


def phrase(status: int) -> str:
    """The reason phrase of an HTTP status, also for a status without a standard one."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Client Error" if status < 500 else "Server Error"


def refusal_for(fault: Fault, target: str) -> Refusal:
    """The response of the faults `refuse` and `redirect`. `target` is the request line's path with
    its query."""
    status = int(fault.params["status"])
    code = "".join(
        word.capitalize() for word in phrase(status).replace("-", " ").replace("'", "").split()
    )
    if fault.name == "redirect":
        # The endpoint may be below any path, so the request's own path in another folder leads back
        # to it.
        location = fault.params["location"] or REDIRECTED + target
        return Refusal(
            status,
            code,
            "The simulator's fault redirect answers this request.",
            {"Location": location},
        )
    retry_after_s = fault.params["retry_after_s"]
    if retry_after_s is None and status == HTTPStatus.TOO_MANY_REQUESTS:
        retry_after_s = RETRY_AFTER_S
    headers = {} if retry_after_s is None else {"Retry-After": str(retry_after_s)}
    message = (
        fault.params["message"]
        or f"The simulator's fault refuse answers this handshake: {phrase(status)}."
    )
    return Refusal(status, code, message, headers)
