"""The control path, decided from a request without a socket."""

from collections.abc import Mapping

import pytest
from voicelive_simulator.api.handshake import Refusal
from voicelive_simulator.service.control import (
    METHODS,
    Action,
    ArmFault,
    Disarm,
    Request,
    Reset,
    ShowJournal,
    ShowState,
    decide,
    is_control,
)

TOKEN = "right"
RIGHT: Mapping[str, str] = {"authorization": f"Bearer {TOKEN}"}


def asked(
    line: str, headers: Mapping[str, str] = RIGHT, peer: str = "127.0.0.1", token: str = TOKEN
) -> Action | Refusal:
    method, target = line.split(" ", 1)
    return decide(Request(method, target, headers, peer), token)


def refused(
    line: str, headers: Mapping[str, str] = RIGHT, peer: str = "127.0.0.1", token: str = TOKEN
) -> Refusal:
    answer = asked(line, headers, peer, token)
    assert isinstance(answer, Refusal), answer
    assert answer.message.endswith((".", "?")) and "right" not in answer.message
    return answer


@pytest.mark.parametrize(
    ("line", "action"),
    [
        ("GET /simulator/state", ShowState()),
        ("GET /simulator/state/", ShowState()),
        ("GET /simulator/state?", ShowState()),
        ("GET /simulator/journal", ShowJournal()),
        ("GET /simulator/journal?session=sess_1&after=12", ShowJournal("sess_1", 12)),
        ("DELETE /simulator/faults", Disarm()),
        ("POST /simulator/reset", Reset()),
    ],
)
def test_a_request_becomes_an_action(line: str, action: Action) -> None:
    assert asked(line) == action


def test_a_fault_may_be_written_as_on_the_command_line() -> None:
    table = asked("POST /simulator/faults?fault=drop&how=rst&after=2&session=sess_1")
    text = asked("POST /simulator/faults?fault=drop:how%3Drst,after%3D2&session=sess_1")
    assert isinstance(text, ArmFault) and text == table


def test_a_fault_is_read_from_the_query() -> None:
    action = asked(
        "POST "
        "/simulator/faults?fault=close&code=4000&reason=busy%2C+come+back&on=*.delta&after=3&session=sess_1"
    )
    assert isinstance(action, ArmFault)
    assert (action.session, action.fault.name, action.fault.on, action.fault.after) == (
        "sess_1",
        "close",
        "*.delta",
        3,
    )
    assert action.fault.params == {"code": 4000, "reason": "busy, come back"}
    nowhere = asked("POST /simulator/faults?fault=drop")
    assert isinstance(nowhere, ArmFault) and nowhere.session == ""


@pytest.mark.parametrize(
    ("line", "status", "says"),
    [
        ("GET /simulator", 404, "/simulator/state"),
        ("GET /simulator/else", 404, "/simulator/journal"),
        ("GET /simulator/state?verbose=1", 400, "no parameters"),
        ("POST /simulator/reset?hard=1", 400, "no parameters"),
        ("GET /simulator/journal?after=-1", 400, "after"),
        ("GET /simulator/journal?after=x", 400, "after"),
        ("GET /simulator/journal?after=²", 400, "after"),
        (f"GET /simulator/journal?after={'9' * 5000}", 400, "after"),
        ("GET /simulator/journal?since=1", 400, "session=ID and after=N"),
        ("GET /simulator/journal?after=1&after=2", 400, "once"),
        ("POST /simulator/faults", 400, "name"),
        ("POST /simulator/faults?fault=dorp", 400, "drop"),
        ("POST /simulator/faults?fault=drop&how=gently", 400, "rst"),
        ("POST /simulator/faults?fault=drop&fault=close", 400, "once"),
        (f"POST /simulator/faults?{'&'.join(f'a{n}=1' for n in range(60))}", 400, "query"),
    ],
)
def test_a_wrong_request_gets_a_sentence(line: str, status: int, says: str) -> None:
    refusal = refused(line)
    assert refusal.status == status and says in refusal.message


@pytest.mark.parametrize("path", METHODS)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "PUT", "HEAD", "OPTIONS", "get"])
def test_another_method_is_told_the_right_ones(path: str, method: str) -> None:
    if method not in METHODS[path]:
        refusal = refused(f"{method} {path}")
        assert refusal.status == 405 and refusal.headers["Allow"] == ", ".join(METHODS[path])


@pytest.mark.parametrize("peer", ["192.0.2.1", "::ffff:192.0.2.1", "", "localhost.example.com"])
def test_other_machines_are_refused_whatever_they_know(peer: str) -> None:
    assert refused("GET /simulator/state", peer=peer).status == 403


@pytest.mark.parametrize("peer", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_this_machine_is_not(peer: str) -> None:
    assert asked("GET /simulator/state", peer=peer) == ShowState()


@pytest.mark.parametrize("origin", ["https://example.com", "http://127.0.0.1:8765", "null", ""])
def test_a_page_in_a_browser_is_refused_even_with_the_token(origin: str) -> None:
    assert refused("POST /simulator/reset", {**RIGHT, "origin": origin}).status == 403


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer wrong",
        "Bearer righ",
        "Basic right",
        "right",
        "Bearer right\xe9",
    ],
)
def test_a_wrong_token_is_refused(authorization: str | None) -> None:
    headers = {} if authorization is None else {"authorization": authorization}
    for line in ("GET /simulator/state", "GET /simulator/nothing", "PUT /simulator/state"):
        refusal = refused(line, headers)
        assert refusal.status == 401 and refusal.headers["WWW-Authenticate"] == "Bearer"


def test_without_a_token_there_is_no_control_path_and_the_answer_says_how_to_have_it() -> None:
    for headers in (RIGHT, {}, {"authorization": "Bearer "}):
        refusal = refused("GET /simulator/state", headers, token="")
        assert refusal.status == 404 and "VOICELIVE_SIMULATOR_TOKEN" in refusal.message


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("/simulator/state", True),
        ("/simulator", True),
        ("/simulator?x", True),
        ("/simulators/voice-live/realtime", False),
        ("/voice-live/realtime?next=/simulator/state", False),
        ("/base/simulator/state", False),
        ("/simulator/voice-live/realtime?model=m", False),
        ("/simulator/voice-live/realtime/", False),
        ("/simulator/", True),
        ("", False),
    ],
)
def test_the_service_and_the_control_path_do_not_overlap(target: str, expected: bool) -> None:
    assert is_control(target) is expected
