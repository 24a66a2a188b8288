"""When faults strike: counts, sessions, the fields that an event must have, and events held
back."""

from typing import Any

from voicelive_simulator.faults.catalogue import parse_fault_text
from voicelive_simulator.faults.fault_filter import MOST_HELD, FaultFilter
from voicelive_simulator.faults.registry import MOST_ARMED, FaultRegistry
from voicelive_simulator.faults.steps import Message, Payload, Step

JSON = dict[str, Any]


def armed(*faults: str) -> FaultRegistry:
    return FaultRegistry(parse_fault_text(fault) for fault in faults)


def delta(text: str, response: str = "resp_1", kind: str = "response.text.delta") -> JSON:
    return {"event_id": f"event_{text}", "type": kind, "response_id": response, "delta": text}


def done(response: str = "resp_1") -> JSON:
    return {"event_id": "event_done", "type": "response.done", "response": {"id": response}}


def sent(passage: FaultFilter, *events: JSON) -> list[str]:
    """The deltas, or else the types, of the events sent."""
    steps: list[Step] = []
    for event in events:
        steps += passage.apply(Message(event))[0]
    assert all(isinstance(step, Message) for step in steps)
    return [
        step.event.get("delta") or step.event["type"] for step in steps if isinstance(step, Message)
    ]


def test_after_and_times() -> None:
    session = armed("lost-delta:after=1,times=2").session()
    assert sent(FaultFilter(session), *(delta(letter) for letter in "abcdef")) == [
        "a",
        "d",
        "e",
        "f",
    ]
    assert not session.armed


def test_times_0_is_for_ever() -> None:
    session = armed("lost-delta:times=0").session()
    assert sent(FaultFilter(session), *(delta(letter) for letter in "abc")) == []
    assert session.armed


def test_only_events_of_the_type_count() -> None:
    session = armed("lost-delta:on=response.audio.delta,after=1").session()
    assert sent(
        FaultFilter(session), delta("a"), delta("b", kind="response.audio.delta"), delta("c")
    ) == ["a", "b", "c"]
    assert sent(FaultFilter(session), delta("d", kind="response.audio.delta")) == []


def test_sessions_share_the_times_and_count_the_events_that_pass_for_themselves() -> None:
    server = armed("lost-delta:after=1,times=2")
    one, other = (FaultFilter(server.session()) for _ in range(2))
    assert sent(one, delta("a")) == ["a"]
    assert sent(other, delta("b")) == ["b"]
    assert sent(one, delta("c")) == sent(other, delta("d")) == []
    assert sent(one, delta("e")) == ["e"] and sent(
        FaultFilter(server.session()), delta("f"), delta("g")
    ) == ["f", "g"]


def test_a_session_that_runs_gets_what_is_armed_later() -> None:
    server = armed()
    session = server.session()
    assert not session.armed
    server.arm(parse_fault_text("lost-delta"))
    assert sent(FaultFilter(session), delta("a")) == []


def test_clearing_takes_everything_away_and_says_so() -> None:
    server = armed("lost-delta", "refuse")
    session, calmed = server.session(), []
    session.on_cleared, server.on_cleared = (
        lambda: calmed.append("session"),
        lambda: calmed.append("server"),
    )
    server.clear()
    assert (session.armed, server.to_json(), server.handshake(), calmed) == (
        [],
        [],
        [],
        ["session", "server"],
    )


def test_handshakes_are_struck_in_order_and_one_answer_is_enough() -> None:
    server = armed("hang:for_ms=5", "refuse:status=429", "refuse:status=403")
    assert [
        [fault.params.get("status", "hang") for fault in server.handshake()] for _ in range(3)
    ] == [["hang", 429], [403], []]


def test_a_hang_for_ever_is_the_last_word() -> None:
    server = armed("hang", "refuse")
    assert [[fault.name for fault in server.handshake()] for _ in range(2)] == [
        ["hang"],
        ["refuse"],
    ]


def test_what_waits_for_no_event_strikes_once_in_each_session() -> None:
    server = armed("stop-pongs", "drop:after=2", "close:on=error")
    for _ in range(2):
        session = server.session()
        assert [standing.fault.name for standing in session.immediate()] == ["stop-pongs"]
        assert session.immediate() == []
    assert [standing.fault.name for standing in server.session().immediate()] == ["stop-pongs"]


def test_a_drop_that_waits_for_no_event_strikes_one_session_of_all() -> None:
    server = armed("drop")
    one, other = server.session(), server.session()
    assert len(one.immediate()) == 1 and other.immediate() == []


def test_what_is_shown_says_how_often_it_struck() -> None:
    server = armed("lost-delta:times=3,on=response.text.delta")
    sent(FaultFilter(server.session()), delta("a"))
    assert server.to_json() == [
        {"fault": "lost-delta", "on": "response.text.delta", "after": 0, "times": 3, "struck": 1}
    ]


def test_the_oldest_are_forgotten_beyond_a_limit() -> None:
    server = armed()
    session = server.session()
    for n in range(MOST_ARMED + 5):
        server.arm(parse_fault_text(f"close:code={n},on=never"))
    assert len(server.to_json()) == len(session.armed) == MOST_ARMED
    assert server.to_json()[0]["code"] == 5


def test_a_delta_is_late_for_its_own_response() -> None:
    passage = FaultFilter(armed("late-delta").session())
    left = sent(
        passage, delta("a"), delta("b", "resp_2"), done("resp_2"), delta("c"), done("resp_1")
    )
    assert left == ["b", "response.done", "c", "response.done", "a"]
    assert not passage.held


def test_what_is_held_back_has_a_limit() -> None:
    passage = FaultFilter(armed("late-delta:times=0").session())
    left = sent(passage, *(delta(str(n)) for n in range(MOST_HELD + 2)))
    assert left == ["0", "1"] and len(passage.held) == MOST_HELD


def test_reordered_deltas_of_two_responses_do_not_mix() -> None:
    passage = FaultFilter(armed("reordered-delta").session())
    assert sent(passage, delta("a"), delta("x", "resp_2"), delta("b"), done()) == [
        "x",
        "b",
        "a",
        "response.done",
    ]


def test_jitter_is_drawn_from_its_seed() -> None:
    def delays(seed: int) -> list[Step]:
        passage = FaultFilter(armed(f"jitter:ms=100,seed={seed}").session())
        return [passage.apply(Message(delta(str(n))))[0][0] for n in range(5)]

    assert delays(1) == delays(1) != delays(2)
    assert len(set(delays(1))) == 5


def test_a_fault_waits_for_the_field_that_it_spoils() -> None:
    passage = FaultFilter(armed("wrong-type:field=response.id", "truncated-base64:on=*").session())
    assert sent(passage, {"type": "session.updated"}, delta("abc")) == ["session.updated", "abc"]
    [message] = passage.apply(Message(done()))[0]
    assert isinstance(message, Message) and message.event["response"]["id"] == 12345
    [cut] = passage.apply(Message(delta("abcdefgh")))[0]
    assert isinstance(cut, Message) and cut.event["delta"] == "abcde"


def test_the_spelling_of_a_replay_stays_unless_a_fault_changes_the_event() -> None:
    spelled = Message({"type": "a", "delta": 1}, '{"type":  "a", "delta":1}')
    passage = FaultFilter(armed("binary-frame", "surplus-field:after=1").session())
    [first], [second] = passage.apply(spelled)[0], passage.apply(spelled)[0]
    assert isinstance(first, Payload) and first.data == b'{"type":  "a", "delta":1}'
    assert isinstance(second, Message) and second.text is None
