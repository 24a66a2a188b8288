"""When a change of the settings is sent, what an update holds, and what is kept back (protocol.md
sections 4, 6, 7, 8 and 14)."""

import copy
from collections.abc import Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from voicelive_tui.model.notice import Notice
from voicelive_tui.model.profile.setting_values import REMOVED
from voicelive_tui.protocol.commands import Command, Send
from voicelive_tui.protocol.settings_updates import GAP_S, PATIENCE_S, SettingsUpdates

from tests.protocol.support.conversation_harness import VAD, ConversationHarness, sent

SESSION = {"instructions": "a", "voice": "ash", "turn_detection": {**VAD, "threshold": 0.5}}


def detection(**fields: Any) -> dict[str, Any]:
    """The session with other values in its turn detection."""
    return {**SESSION, "turn_detection": {**VAD, "threshold": 0.5, **fields}}


def change(harness: ConversationHarness, session: Mapping[str, Any]) -> tuple[Command, ...]:
    return harness.conversation.update(session, harness.now)


def updates(commands: tuple[Command, ...]) -> list[dict[str, Any]]:
    return [each["session"] for each in sent(commands, "session.update")]


def id_of(commands: tuple[Command, ...]) -> str:
    (send,) = (each for each in commands if isinstance(each, Send))
    return str(send.event["event_id"])


def test_further_changes_wait_for_the_answer_and_go_as_one() -> None:
    harness = ConversationHarness(SESSION)
    assert updates(change(harness, detection(threshold=0.6)))
    harness.until(harness.now + 2 * GAP_S)
    assert change(harness, detection(threshold=0.7)) == ()
    assert change(harness, detection(threshold=0.8)) == ()
    assert harness.conversation.updates.waiting == ("session.turn_detection.threshold",)
    answered = harness.service("session.updated", session=detection(threshold=0.6))
    assert updates(answered) == [{"turn_detection": detection(threshold=0.8)["turn_detection"]}]
    assert not harness.conversation.updates.waiting


def test_an_early_answer_does_not_send_changes_faster_than_the_gap() -> None:
    harness = ConversationHarness(SESSION)
    began = harness.now
    change(harness, detection(threshold=0.6))
    assert harness.service("session.updated", session=detection(threshold=0.6)) == ()
    assert change(harness, detection(threshold=0.7)) == ()
    assert harness.conversation.due_s == began + GAP_S
    assert len(updates(harness.until(began + GAP_S))) == 1


def test_a_change_that_is_taken_back_while_it_waits_is_not_sent() -> None:
    harness = ConversationHarness(SESSION)
    change(harness, detection(threshold=0.6))
    change(harness, detection(threshold=0.7))
    change(harness, detection(threshold=0.6))
    assert harness.service("session.updated", session=detection(threshold=0.6)) == ()
    assert updates(harness.until(harness.now + 1)) == []


def test_an_update_that_is_never_answered_holds_up_the_next_for_a_while_only() -> None:
    harness = ConversationHarness(SESSION)
    began = harness.now
    first = id_of(change(harness, detection(threshold=0.6)))
    change(harness, detection(threshold=0.7))
    assert updates(harness.until(began + PATIENCE_S - 0.01)) == []
    assert len(updates(harness.until(began + PATIENCE_S))) == 1
    # It may be refused after all, and its value is not what the connection has then.
    harness.error(first)
    harness.service("session.updated", session=detection(threshold=0.7))
    assert updates(change(harness, {**detection(threshold=0.7), "instructions": "b"})) == []


def test_a_refusal_that_names_a_field_keeps_back_that_field_alone() -> None:
    harness = ConversationHarness(SESSION)
    event_id = id_of(
        change(harness, {**detection(threshold=7, silence_duration_ms=300), "instructions": "b"})
    )
    commands = harness.service(
        "error",
        error={"event_id": event_id, "param": "session.turn_detection.threshold", "message": "No."},
    )
    assert isinstance(commands[0], Notice) and "turn_detection.threshold" in commands[0].text
    assert harness.conversation.updates.refused == ("session.turn_detection.threshold",)
    assert updates(harness.until(harness.now + GAP_S)) == [
        {
            "turn_detection": detection(silence_duration_ms=300)["turn_detection"],
            "instructions": "b",
        }
    ]


def test_a_refused_value_is_tried_again_once_it_was_changed() -> None:
    harness = ConversationHarness(SESSION)
    harness.error(id_of(change(harness, detection(threshold=7))))
    harness.until(harness.now + GAP_S)
    assert updates(change(harness, detection(threshold=7, silence_duration_ms=1))) == [
        {"turn_detection": detection(silence_duration_ms=1)["turn_detection"]}
    ]
    harness.service("session.updated", session={})
    harness.until(harness.now + GAP_S)
    change(harness, detection(silence_duration_ms=1))
    assert harness.conversation.updates.refused == ()
    assert len(updates(change(harness, detection(threshold=7, silence_duration_ms=1)))) == 1


def test_what_is_left_of_a_profile_that_is_refused_in_part_is_sent_at_once() -> None:
    harness = ConversationHarness(SESSION, settled=False)
    harness.service("session.created", session={"turn_detection": VAD})
    event_id = id_of(harness.first)
    commands = harness.service("error", error={"event_id": event_id, "param": "session.voice"})
    assert updates(commands) == [{key: SESSION[key] for key in ("instructions", "turn_detection")}]
    assert not harness.conversation.ready, "the settings of the profile are not in force yet"
    harness.service("session.updated", session={})
    assert harness.conversation.ready


def test_a_new_voice_needs_a_new_connection_once_the_agent_has_spoken() -> None:
    harness = ConversationHarness(SESSION)
    harness.answering()
    harness.done()
    (notice,) = change(harness, {**SESSION, "voice": "sage"})
    assert isinstance(notice, Notice) and "voice" in notice.text
    assert harness.conversation.updates.held == ("session.voice",)
    assert not harness.conversation.updates.waiting
    commands = change(harness, {**SESSION, "voice": "sage", "instructions": "b"})
    assert updates(commands) == [{"instructions": "b"}]
    assert not any(isinstance(each, Notice) for each in commands), "it was said before"


def test_what_the_connection_has_is_known_for_taking_a_change_back() -> None:
    harness = ConversationHarness(SESSION)
    change(harness, {**detection(threshold=0.6), "temperature": 0.9})
    change(harness, {**detection(threshold=0.7), "temperature": 0.9, "tool_choice": "none"})
    known = harness.conversation.updates
    assert known.waiting == ("session.turn_detection.threshold", "session.tool_choice")
    assert known.value_of("session.turn_detection.threshold") == 0.6
    assert known.value_of("session.tool_choice") is REMOVED


KEYS = ("instructions", "temperature", "turn_detection.threshold", "turn_detection.silence")
BAD = 9
"""The value that the service of the property test refuses."""

edits = st.lists(
    st.tuples(
        st.sampled_from(("edit", "answer", "wait")),
        st.sampled_from(KEYS),
        st.integers(min_value=0, max_value=BAD),
        st.floats(min_value=0.01, max_value=1),
    ),
    max_size=40,
)


class _Service:
    """A service that answers updates in order, when it is told to, and names the first field whose
    value it refuses."""

    def __init__(self) -> None:
        self.session: dict[str, Any] = {}
        self.open: list[tuple[str, Mapping[str, Any]]] = []

    def answer(self, machine: SettingsUpdates) -> None:
        event_id, update = self.open.pop(0)
        flat = [
            f"{key}.{name}" if name else key
            for key, value in update.items()
            for name, each in (value.items() if isinstance(value, dict) else [("", value)])
            if each == BAD
        ]
        if flat:
            assert machine.refuse(event_id, f"session.{flat[0]}") is not None
        else:
            self.session.update(copy.deepcopy(dict(update)))
            assert machine.accept()


def _with(session: Mapping[str, Any], key: str, value: int) -> dict[str, Any]:
    table, _, name = key.partition(".")
    return {**session, table: {**session.get(table, {}), name: value} if name else value}


@given(edits)
def test_at_most_one_update_is_open_and_in_the_end_all_but_the_refused_is_in_force(
    steps: list[tuple[str, str, int, float]],
) -> None:
    wanted: dict[str, Any] = {"turn_detection": {"threshold": 1}, "instructions": 1}
    machine, service, now = SettingsUpdates(wanted), _Service(), 0.0
    times: list[float] = []
    count = 0

    def pump() -> None:
        nonlocal count
        update = machine.next_update(now)
        if not update:
            return
        assert not service.open, "two updates are unanswered"
        assert all(service.session.get(key) != value for key, value in update.items())
        assert not times or now - times[-1] >= GAP_S - 1e-9
        count += 1
        times.append(now)
        machine.sent(f"e{count}", update, now)
        service.open.append((f"e{count}", update))

    machine.sent("e0", wanted, now)
    service.open.append(("e0", wanted))
    service.answer(machine)
    for what, key, value, seconds in steps:
        if what == "edit":
            wanted = _with(wanted, key, value)
            quiet = not service.open and machine.complete
            quiet = quiet and (not times or now - times[-1] >= GAP_S)
            machine.want(wanted)
            pump()
            assert service.open or machine.complete or not quiet, "the first change waits"
        elif what == "answer" and service.open:
            service.answer(machine)
            pump()
        elif not service.open or now + seconds < times[-1] + PATIENCE_S:
            now += seconds
            pump()
    for _ in range(4 * len(KEYS)):
        if service.open:
            service.answer(machine)
        now += GAP_S
        pump()
    assert machine.complete and not service.open
    in_force = {key: service.session[key] for key in service.session}
    for key in machine.refused:
        assert machine.value_of(key) != BAD
        name = key.removeprefix("session.")
        kept = machine.value_of(key)
        table, _, field = name.partition(".")
        if field:
            wanted = {**wanted, table: {**wanted[table]}}
            wanted[table].pop(field) if kept is REMOVED else wanted[table].update({field: kept})
        elif kept is REMOVED:
            wanted = {each: value for each, value in wanted.items() if each != table}
        else:
            wanted = {**wanted, table: kept}
    assert in_force == wanted
