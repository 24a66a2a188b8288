"""A response's plan: the script's reply, or the honest sound check, within what the client asked for (protocol.md 13.3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from voicelive_tui.simulator.api.schema import Refused
from voicelive_tui.simulator.dialogue import answers
from voicelive_tui.simulator.dialogue.answers import Told
from voicelive_tui.simulator.dialogue.items import Item
from voicelive_tui.simulator.dialogue.response import Plan
from voicelive_tui.simulator.dialogue.response_params import ResponseParams
from voicelive_tui.simulator.dialogue.script import MOST_SPOKEN_CHARS, Outcome, Reply, Situation
from voicelive_tui.simulator.dialogue.usage import Input

_OUTPUTS = ("function_call_output", "mcp_call")


def situation(context: Sequence[Item], turn: int) -> Situation:
    """What a response to `context` answers, in its turn `turn`."""
    text = next((item.text for item in reversed(context) if item.role == "user"), "")
    last = context[-1].wire if context else {}
    if last.get("type") not in _OUTPUTS:
        return Situation(turn, text)
    return Situation(turn, text, _tool_name(context), str(last.get("output") or last.get("error") or ""))


def _tool_name(context: Sequence[Item]) -> str | None:
    """Whose output the last item is; None when the context has no such call."""
    last = context[-1].wire
    if last["type"] == "mcp_call":
        return str(last["name"])
    calls = (item.wire for item in reversed(context) if item.wire["type"] == "function_call")
    return next((str(call["name"]) for call in calls if call["call_id"] == last["call_id"]), None)


def make_plan(
    params: ResponseParams, context: Sequence[Item], reply: Reply | None, told: Told, conversation_id: str, read: Input
) -> Plan:
    """`context` is what the model would see, in order; `reply` the script's; `told` what the person knows by now. A call that the
    client's tools do not allow, or words too long to be spoken, make a response that fails and says why."""
    speaks = "audio" in params.modalities
    limit = params.token_limit
    plan = Plan(
        text=params.verbatim,
        speaks=speaks,
        output_audio_format=params.output_audio_format,
        echoed=params.echoed(conversation_id),
        timestamps=params.timestamps,
        visemes=params.visemes,
        out_of_band=params.out_of_band,
        max_tokens=None if isinstance(limit, str) else limit,
        input=read,
    )
    if plan.text:
        return plan
    scripted = reply or Reply()
    try:
        params.tool_choice.check()
        calls = params.tool_choice.calls(scripted.calls)
        if any(call.server_label for call in calls):
            raise Refused("The simulator calls no MCP server yet.", code="mcp_not_available")
    except Refused as refused:
        return _failed(plan, refused.code, refused.message)
    text = scripted.text
    if text is None:
        # A forced call comes alone: the model was not asked to talk.
        alone = bool(calls) and not scripted.calls
        text = "" if alone else _answer(context, told if speaks else replace(told, remark=""))
    if speaks and len(text) > MOST_SPOKEN_CHARS:
        return _failed(plan, "text_too_long", f"The simulator speaks at most {MOST_SPOKEN_CHARS} characters in one response.")
    return replace(plan, text=text, calls=calls, pacing=scripted.pacing, outcome=scripted.outcome)


def _failed(plan: Plan, code: str, message: str) -> Plan:
    return replace(plan, outcome=Outcome("failed", code=code, message=message))


def _answer(context: Sequence[Item], told: Told) -> str:
    """To the last thing that was put to the model."""
    for item in reversed(context):
        if item.heard:
            return answers.spoken(item.heard, told)
        if item.role == "user":
            return answers.typed(item.text, told)
        if item.wire["type"] in _OUTPUTS:
            return answers.tool_output(str(item.wire.get("output") or item.wire.get("error") or ""), told)
        if item.role == "assistant":
            break
    return answers.greeting(told)
