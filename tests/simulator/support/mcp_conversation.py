"""Conversations with MCP servers: the simulator's own, a scenario's, and one that does not
exist."""

from typing import Any

from voicelive_simulator.dialogue.state.script import Call, McpServer, McpTool, Reply

from tests.simulator.support.conversation_driver import JSON, ConversationDriver
from tests.simulator.support.scripted_replies import Replies

OWN_URL = "http://127.0.0.1:8765/simulator/mcp"
NUMBERS = '{"a": 2, "b": 3.5}'
ADD = Call("add", NUMBERS, "own")
SCRIPTED = (
    McpServer(
        "desk",
        (
            McpTool("look", "Looks", {"type": "object", "required": ["what"]}, output="a tree"),
            McpTool("strike", error="All are on strike."),
        ),
    ),
    McpServer("broken", error="It is out of order."),
)


def server(label: str = "own", url: str = OWN_URL, **fields: Any) -> JSON:
    """A session's tool."""
    return {"type": "mcp", "server_label": label, "server_url": url, **fields}


def mcp_conversation(
    *replies: Reply | None, tools: list[JSON] | None = None, **session: Any
) -> ConversationDriver:
    """A conversation in text whose servers have been listed; the events until then are dropped."""
    driver = ConversationDriver(script=Replies(*replies, servers=SCRIPTED))
    offered = [server(require_approval="never")] if tools is None else tools
    driver.say("session.update", session={"modalities": ["text"], "tools": offered, **session})
    driver.wait(1.0)
    driver.events.clear()
    return driver


def created(events: list[JSON], kind: str) -> list[JSON]:
    """The items of a kind that entered the conversation."""
    items = [event["item"] for event in events if event["type"] == "conversation.item.created"]
    return [item for item in items if item["type"] == kind]


def answer(
    driver: ConversationDriver, request_id: str, approve: bool = True, **fields: Any
) -> list[JSON]:
    """The client's answer to an approval request."""
    item = {
        "type": "mcp_approval_response",
        "approval_request_id": request_id,
        "approve": approve,
        **fields,
    }
    return driver.say("conversation.item.create", item=item)


def respond(driver: ConversationDriver, **response: Any) -> list[JSON]:
    """Send a response.create and run until nothing is left to do."""
    before = len(driver.events)
    driver.say("response.create", response=response)
    driver.wait(30.0)
    return driver.events[before:]
