"""Hypothesis strategies for scenarios: replies, calls and what is heard. Most of it is valid."""

from hypothesis import strategies as st
from voicelive_simulator.dialogue.state.script import Call, Heard, Outcome, Pacing, Reply

calls = st.builds(
    Call,
    st.sampled_from(["f", "g", "f", "g", "f", "g", "unknown"]),
    st.sampled_from(["", "{}", '{"city": "Rome", "days": 3}']),
) | st.builds(
    Call,
    st.sampled_from(["add", "add", "look", "strike", "unknown"]),
    st.sampled_from(
        [
            "",
            '{"a": 1, "b": 2, "what": "out"}',
            '{"a": 1, "b": 2}',
            '{"what": "out"}',
            "no JSON at all",
        ]
    ),
    st.sampled_from(["own", "desk", "broken"]),
)
good_calls = st.sampled_from(
    [
        Call("f", '{"x": 1}'),
        Call("g"),
        Call("add", '{"a": 1, "b": 2}', "own"),
        Call("look", '{"what": "out"}', "desk"),
        Call("strike", "", "desk"),
    ]
)
any_reply = st.none() | st.builds(
    Reply,
    text=st.sampled_from(
        [None, "", "one two three four", "one two three four", "word " * 60, "word " * 1000]
    ),
    calls=st.just(()) | st.lists(calls, max_size=3).map(tuple),
    pacing=st.builds(
        Pacing,
        first_delta_ms=st.sampled_from([0, 300]),
        pace=st.sampled_from([0.5, 5.0, 100.0]),
        delta_ms=st.sampled_from([20, 200]),
        jitter_ms=st.sampled_from([0, 500]),
    ),
    outcome=st.sampled_from(
        [
            Outcome(),
            Outcome(),
            Outcome(),
            Outcome("incomplete", "content_filter"),
            Outcome("failed", code="x", message="y"),
        ]
    ),
)
replies = st.one_of(
    any_reply,
    st.builds(lambda call: Reply("", (call,)), good_calls),
    st.builds(lambda call, other: Reply("one two", (call, other)), good_calls, good_calls),
)
hearing = st.none() | st.builds(
    Heard,
    transcript=st.sampled_from([None, "", "um", "hello there", "I would like to"]),
    finished=st.booleans(),
    failed=st.sampled_from(["", "", "nobody understood"]),
)
