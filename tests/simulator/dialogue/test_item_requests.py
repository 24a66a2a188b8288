"""The items that a client creates, retrieves and deletes, of every kind and in every version."""

import base64
from typing import Any

import pytest
from voicelive_simulator.api.handshake import API_VERSIONS
from voicelive_simulator.dialogue.state import items as items_module

from tests.simulator.support.conversation_driver import JSON, ConversationDriver, error_in, user
from tests.simulator.support.voice_live_contract import sdk_differences
from tests.support.speech_like import pcm16, silence, speech_like

FIRST, GA, PREVIEW_2026, APRIL, JUNE, NEWEST, LATER = API_VERSIONS
SOUND = base64.b64encode(pcm16(silence(0.3), speech_like(1.0), silence(0.3))).decode()
CALL = {"type": "function_call", "name": "f", "call_id": "call_1", "arguments": "{}"}


def create(driver: ConversationDriver, item: Any, **fields: Any) -> JSON:
    [created] = driver.say("conversation.item.create", item=item, **fields)
    assert created["type"] == "conversation.item.created", created
    assert list(sdk_differences(created)) in ([], ["RequestAudioContentPart.audio: null"])
    shown: JSON = created["item"]
    return shown


def message(role: str, *content: JSON, **fields: Any) -> JSON:
    return {"type": "message", "role": role, "content": list(content), **fields}


def text(kind: str = "input_text") -> JSON:
    return {"type": kind, "text": "hello"}


# --- where items go
# --------------------------------------------------------------------------------------------------


def test_items_are_inserted_where_asked() -> None:
    driver = ConversationDriver()
    first, second = driver.type_text("first"), driver.type_text("second")
    for previous, shown in (("root", None), (first, first), (None, second), ("", None)):
        [created] = driver.say(
            "conversation.item.create", item=user("x"), previous_item_id=previous
        )
        assert created["previous_item_id"] == (
            shown if previous != "" else driver.events[-2]["item"]["id"]
        )


def test_an_unknown_place_is_refused_and_nothing_is_put_in() -> None:
    driver = ConversationDriver()
    error = error_in(
        driver.say(
            "conversation.item.create", item={**user("x"), "id": "mine"}, previous_item_id="item_no"
        )
    )
    assert error["param"] == "previous_item_id" and "item_no" in error["message"]
    assert error_in(driver.say("conversation.item.retrieve", item_id="mine"))["param"] == "item_id"


def test_an_item_keeps_its_id_and_takes_it_once() -> None:
    driver = ConversationDriver()
    assert create(driver, {**user("x"), "id": "mine"})["id"] == "mine"
    assert (
        error_in(driver.say("conversation.item.create", item={**user("x"), "id": "mine"}))["param"]
        == "item.id"
    )
    assert driver.say("conversation.item.delete", item_id="mine")[0] == {
        **driver.events[-1],
        "item_id": "mine",
    }
    for kind in ("retrieve", "delete"):
        assert (
            error_in(driver.say(f"conversation.item.{kind}", item_id="mine"))["param"] == "item_id"
        )
    assert create(driver, {**user("again"), "id": "mine"})["content"][0]["text"] == "again"


@pytest.mark.parametrize("item_id", [None, ""])
def test_an_item_without_an_id_gets_one(item_id: str | None) -> None:
    assert create(ConversationDriver(), {**user("x"), "id": item_id})["id"].startswith("item_")


def test_root_is_no_id() -> None:
    assert (
        error_in(
            ConversationDriver().say("conversation.item.create", item={**user("x"), "id": "root"})
        )["param"]
        == "item.id"
    )


# --- every kind
# --------------------------------------------------------------------------------------------------

SAME = object()
KINDS: list[tuple[str, str, JSON, Any]] = [
    # version, model, item, what is shown beside id and object
    (NEWEST, "gpt-4o", message("user", text()), message("user", text(), status="completed")),
    (NEWEST, "gpt-4o", message("user", text(), status="incomplete"), SAME),
    (NEWEST, "gpt-4o", message("user"), message("user", status="completed")),
    (
        NEWEST,
        "gpt-4o",
        {"role": "user", "content": [text()]},
        message("user", text(), status="completed"),
    ),
    (NEWEST, "gpt-4o", message("system", text(), status="completed"), SAME),
    (NEWEST, "gpt-4o", message("assistant", text("text"), status="completed"), SAME),
    (NEWEST, "gpt-4o", message("user", text(), text(), status="completed"), SAME),
    (
        JUNE,
        "gpt-4o",
        message(
            "user",
            {"type": "input_image", "image_url": "https://example.org/i.png", "detail": "low"},
            status="completed",
        ),
        SAME,
    ),
    (
        NEWEST,
        "gpt-4o",
        message("user", {"type": "input_image", "image_url": "data:image/png;base64,AAAA"}),
        message(
            "user", {"type": "input_image", "image_url": None, "detail": "auto"}, status="completed"
        ),
    ),
    (NEWEST, "gpt-4o", CALL, CALL | {"status": "completed"}),
    (NEWEST, "gpt-4o", CALL | {"status": "incomplete"}, SAME),
]


@pytest.mark.parametrize(("version", "model", "item", "shown"), KINDS)
def test_an_item_is_shown_as_the_server_has_it(
    version: str, model: str, item: JSON, shown: Any
) -> None:
    driver = ConversationDriver(model, version)
    created = create(driver, item)
    expected = (item if shown is SAME else shown) | {"id": created["id"], "object": "realtime.item"}
    assert created == expected
    [retrieved] = driver.say("conversation.item.retrieve", item_id=created["id"])
    assert retrieved["item"] == expected


def test_before_june_an_image_s_address_is_called_url() -> None:
    image = {"type": "input_image", "url": "https://example.org/i.png"}
    [created] = ConversationDriver(api_version=APRIL).say(
        "conversation.item.create", item=message("user", image)
    )
    assert created["item"]["content"] == [image | {"detail": "auto"}]
    for version, name in ((APRIL, "image_url"), (JUNE, "url")):
        wrong = message("user", {"type": "input_image", name: "https://example.org/i.png"})
        error = error_in(
            ConversationDriver(api_version=version).say("conversation.item.create", item=wrong)
        )
        assert error["code"] == "missing_required_parameter"


def test_audio_in_an_item_is_heard_and_shown_without_its_bytes() -> None:
    driver = ConversationDriver("gpt-realtime")
    created = create(driver, message("user", {"type": "input_audio", "audio": SOUND}))
    [part] = created["content"]
    assert part["audio"] is None and part["transcript"].startswith("[speech, 1.0 s")
    driver.say("response.create", response={"modalities": ["text"]})
    driver.wait(10.0)
    assert "I hear you" in driver.last("response.text.done")["text"]
    own = create(
        driver, message("user", {"type": "input_audio", "audio": SOUND, "transcript": "my words"})
    )
    assert own["content"][0]["transcript"] == "my words"


def test_a_spoken_turn_is_retrieved_with_its_transcript_and_without_audio() -> None:
    driver = ConversationDriver()
    driver.append(pcm16(silence(0.5), speech_like(1.0), silence(1.0)))
    created = next(e["item"] for e in driver.events if e["type"] == "conversation.item.created")
    [retrieved] = driver.say("conversation.item.retrieve", item_id=created["id"])
    assert retrieved["item"] == created
    [part] = retrieved["item"]["content"]
    assert part["audio"] is None and part["transcript"].startswith("[speech")


def test_an_output_answers_its_call_and_has_no_status() -> None:
    driver = ConversationDriver()
    create(driver, CALL)
    output = create(
        driver,
        {
            "type": "function_call_output",
            "call_id": "call_1",
            "output": "sunny",
            "status": "completed",
        },
    )
    assert set(output) == {"id", "object", "type", "call_id", "output"}
    error = error_in(
        driver.say("conversation.item.create", item={**output, "id": None, "call_id": "call_2"})
    )
    assert (error["code"], error["param"]) == ("invalid_tool_call_id", "item.call_id")


# --- what is refused
# --------------------------------------------------------------------------------------------------

MISSING, BAD, TYPE = "missing_required_parameter", "invalid_value", "invalid_type"
APPROVAL = {"type": "mcp_approval_response", "approval_request_id": "x", "approve": True}
REFUSED: list[tuple[str, str, Any, str, str]] = [
    (NEWEST, "gpt-4o", None, "item", MISSING),
    (NEWEST, "gpt-4o", "hello", "item", TYPE),
    (NEWEST, "gpt-4o", {"type": "thought"}, "item.type", BAD),
    (NEWEST, "gpt-4o", {"type": "mcp_call"}, "item.type", BAD),
    (NEWEST, "gpt-4o", message("robot"), "item.role", BAD),
    (NEWEST, "gpt-4o", {"type": "message", "content": []}, "item.role", MISSING),
    (NEWEST, "gpt-4o", {"type": "message", "role": "user"}, "item.content", MISSING),
    (NEWEST, "gpt-4o", message("user") | {"content": "hello"}, "item.content", TYPE),
    (NEWEST, "gpt-4o", message("user", {"text": "x"}), "item.content[0].type", MISSING),
    (
        NEWEST,
        "gpt-4o",
        message("user", text(), {"type": "input_text"}),
        "item.content[1].text",
        MISSING,
    ),
    (NEWEST, "gpt-4o", message("user", text("text")), "item.content[0].type", BAD),
    (
        NEWEST,
        "gpt-4o",
        message("system", {"type": "input_audio", "audio": SOUND}),
        "item.content[0].type",
        BAD,
    ),
    (NEWEST, "gpt-4o", message("assistant", text()), "item.content[0].type", BAD),
    (
        NEWEST,
        "gpt-realtime",
        message("assistant", {"type": "audio", "audio": SOUND}),
        "item.content[0].type",
        BAD,
    ),
    (
        NEWEST,
        "gpt-realtime",
        message("user", {"type": "input_audio", "audio": "!"}),
        "item.content[0].audio",
        BAD,
    ),
    (
        NEWEST,
        "gpt-realtime",
        message("user", {"type": "input_audio", "audio": "AA=="}),
        "item.content[0].audio",
        BAD,
    ),
    (
        NEWEST,
        "gpt-realtime",
        message("user", {"type": "input_audio"}),
        "item.content[0].audio",
        MISSING,
    ),
    (
        NEWEST,
        "gpt-4o",
        message("user", {"type": "input_audio", "audio": SOUND}),
        "item.content[0].type",
        BAD,
    ),
    (
        NEWEST,
        "gpt-4o",
        message("user", {"type": "input_image"}),
        "item.content[0].image_url",
        MISSING,
    ),
    (
        NEWEST,
        "gpt-4o",
        message("user", {"type": "input_image", "image_url": "x", "detail": "4k"}),
        "item.content[0].detail",
        BAD,
    ),
    (NEWEST, "gpt-4o", message("user", status="in_progress"), "item.status", BAD),
    (NEWEST, "gpt-4o", message("user", id="x" * 33), "item.id", BAD),
    (NEWEST, "gpt-4o", message("user", id=5), "item.id", TYPE),
    *(
        (NEWEST, "gpt-4o", {k: v for k, v in CALL.items() if k != name}, f"item.{name}", MISSING)
        for name in CALL
        if name != "type"
    ),
    (NEWEST, "gpt-4o", CALL | {"arguments": {}}, "item.arguments", TYPE),
    (NEWEST, "gpt-4o", {"type": "function_call_output", "output": "x"}, "item.call_id", MISSING),
    (
        NEWEST,
        "gpt-4o",
        {"type": "function_call_output", "call_id": "call_1"},
        "item.output",
        MISSING,
    ),
    (NEWEST, "gpt-4o", APPROVAL, "item.approval_request_id", BAD),
    (NEWEST, "gpt-4o", APPROVAL | {"approve": "yes"}, "item.approve", TYPE),
    (PREVIEW_2026, "gpt-4o", APPROVAL, "item.type", BAD),
]


@pytest.mark.parametrize(("version", "model", "item", "param", "code"), REFUSED)
def test_a_bad_item_is_refused_with_its_path(
    version: str, model: str, item: Any, param: str, code: str
) -> None:
    driver = ConversationDriver(model, version)
    error = error_in(driver.say("conversation.item.create", item=item, event_id="event_mine"))
    assert (error["param"], error["code"], error["event_id"]) == (param, code, "event_mine")
    assert driver.types() == ["session.created", "error"]


def test_unknown_fields_of_an_item_are_named_and_left_out() -> None:
    created, *warnings = ConversationDriver().say(
        "conversation.item.create", item=message("user", text() | {"mood": "glad"}, colour="red")
    )
    assert "colour" not in created["item"] and "mood" not in created["item"]["content"][0]
    assert [warning["warning"]["param"] for warning in warnings] == [
        "item.colour",
        "item.content[0].mood",
    ]


def test_a_conversation_holds_so_much_text_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(items_module, "MOST_CHARS", 10_000)
    driver = ConversationDriver()
    first = create(driver, user("x" * 6000))["id"]
    error = error_in(driver.say("conversation.item.create", item=user("x" * 6000)))
    assert (error["code"], error["type"]) == ("conversation_full", "server_error")
    driver.say("conversation.item.delete", item_id=first)
    create(driver, user("x" * 6000))
