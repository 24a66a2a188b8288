"""Whatever a client sends and a script wants, in any order: no crash, every response ends once, no
event for a missing item, exactly one reply to every client event, and bounded memory."""

from typing import Any

from hypothesis import HealthCheck, event, given, settings
from voicelive_simulator.dialogue.state.script import Reply

from tests.simulator.support.client_strategies import Course, courses, move_voice, resolved
from tests.simulator.support.conversation_driver import JSON, ConversationDriver
from tests.simulator.support.event_checker import EventChecker
from tests.simulator.support.retained_memory import retained_bytes
from tests.simulator.support.scripted_replies import Replies

MOST_HELD_BYTES = 2_000_000  # without the session's current values
# The reply to each accepted client event (protocol.md 4); an append and a text's delta have none.
REPLIES = {
    "session.update": "session.updated",
    "input_audio_buffer.clear": "input_audio_buffer.cleared",
    "input_audio_buffer.commit": "input_audio_buffer.committed",
    "conversation.item.create": "conversation.item.created",
    "conversation.item.delete": "conversation.item.deleted",
    "conversation.item.retrieve": "conversation.item.retrieved",
    "conversation.item.truncate": "conversation.item.truncated",
    "response.create": "response.created",
    "response.cancel": "response.done",
}
SILENT = ("input_audio_buffer.append", "input_text.delta", "input_text.done")


class Client:
    """Reports what happened, and checks every reply against its request."""

    def __init__(self, course: Course) -> None:
        self.driver = ConversationDriver(course.model, course.api_version, script=course.script)
        self.checker = EventChecker()
        self.checked = 0
        self.said = 0
        self._check()

    def carry_out(self, kind: str, fields: Any) -> None:
        match kind:
            case "wait":
                self.driver.wait(fields)
            case "voice":
                move_voice(self.driver, fields)
            case "garbage":
                self.driver.send_garbage()
            case _:
                self._say(kind, resolved(fields, self.driver.events))
        self._check()

    def _say(self, kind: str, fields: JSON) -> None:
        self.said += 1
        own = f"event_{self.said}"
        waited = self.driver.conversation.waits_for_voice
        session, order = self.checker.session, list(self.checker.order)
        events = self.driver.say(kind, **fields, event_id=own)
        if waited or self.driver.conversation.waits_for_voice:
            return  # the reply comes when the voice has delivered
        refused = [e["error"] for e in events if e["type"] == "error"]
        assert [error["event_id"] for error in refused] == [own] * len(refused) and len(
            refused
        ) <= 1
        answers = [e for e in events if e["type"] == REPLIES.get(kind)]
        if refused:
            assert (
                kind
                not in ("session.update", "conversation.item.delete", "conversation.item.retrieve")
                or not answers
            )
            return
        assert answers or kind in SILENT, "silence"
        if kind == "session.update":
            warned = {e["warning"]["param"] for e in events if e["type"] == "warning"}
            assert_merged(
                session, fields["session"], answers[0]["session"], warned, self.driver.api_version
            )
        if kind == "conversation.item.create":
            assert answers[0]["previous_item_id"] == before(fields.get("previous_item_id"), order)

    def _check(self) -> None:
        for sent in self.driver.events[self.checked :]:
            self.checker.check(sent)
        self.checked = len(self.driver.events)

    def finish(self) -> None:
        self.carry_out("voice", "release")
        self.carry_out("wait", 3000.0)
        self.checker.finish()


def before(asked: str | None, order: list[str]) -> str | None:
    """The item that a new one follows (protocol.md 4)."""
    if asked == "root":
        return None
    return asked or (order[-1] if order else None)


def assert_merged(
    session: JSON, asked: JSON, shown: JSON, warned: set[str], api_version: str
) -> None:
    """The requested fields have the requested values, with defaults added; the others are
    unchanged."""
    for name, value in shown.items():
        if name in asked and asked[name] is not None:
            assert contains(value, asked[name], f"session.{name}", warned, api_version), name
        elif name in asked:
            assert value is None
        elif name != "input_audio_sampling_rate" or "input_audio_format" not in asked:
            assert value == session[name], name


def contains(shown: Any, asked: Any, path: str, warned: set[str], api_version: str) -> bool:
    """Whether `shown` contains everything in `asked`, except unknown fields, which are left out and
    named."""
    if isinstance(asked, dict) and isinstance(shown, dict):
        return all(
            contains(shown[key], value, f"{path}.{key}", warned, api_version)
            if key in shown
            else f"{path}.{key}" in warned or api_version < "2026-04-10"
            for key, value in asked.items()
        )
    if isinstance(asked, list) and isinstance(shown, list):
        pairs = zip(shown, asked, strict=True)
        return all(
            contains(one, other, f"{path}[{n}]", warned, api_version)
            for n, (one, other) in enumerate(pairs)
        )
    return bool(shown == asked)


def note(driver: ConversationDriver) -> None:
    """For `pytest --hypothesis-show-statistics`: how far the sessions got."""
    done = [e["response"] for e in driver.events if e["type"] == "response.done"]
    for kind in {
        "truncated": "conversation.item.truncated",
        "spoken turn": "input_audio_buffer.speech_stopped",
    }.items():
        if any(e["type"] == kind[1] for e in driver.events):
            event(kind[0])
    for status in {response["status"] for response in done}:
        event(f"a response is {status}")


@settings(
    max_examples=250, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(courses)
def test_a_session_keeps_its_promises(course: Course) -> None:
    client = Client(course)
    client.carry_out("session.update", {"session": course.session})
    for kind, fields in course.steps:
        client.carry_out(kind, fields)
    client.finish()
    note(client.driver)
    assert retained_bytes(client.driver.conversation) < MOST_HELD_BYTES


def test_what_a_session_holds_does_not_grow_with_what_it_hears() -> None:
    """Blocks are kept for twenty minutes at most, so half an hour takes as much memory as an
    hour."""
    driver = ConversationDriver()
    driver.say(
        "session.update", session={"input_audio_format": "g711_ulaw", "turn_detection": None}
    )
    held = []
    for _ in range(2):
        for _ in range(30):
            driver.append(b"\xff" * 8000 * 60)
        held.append(retained_bytes(driver.conversation))
    assert held[1] < 1.05 * held[0]


def test_what_was_said_is_not_kept() -> None:
    driver = ConversationDriver(
        script=Replies(Reply("a few words"), Reply("a few more words " * 100))
    )
    held = []
    for _ in range(2):
        driver.say("response.create")
        driver.wait(300.0)
        held.append(retained_bytes(driver.conversation))
    audio = sum(len(e["delta"]) for e in driver.events if e["type"] == "response.audio.delta")
    assert held[1] - held[0] < 100_000 < audio
