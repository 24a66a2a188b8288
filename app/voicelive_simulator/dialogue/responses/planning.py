"""A response's plan: the script's reply, or the honest sound check, within what the client asked
for (protocol.md 13.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from voicelive_simulator.api.schema import JSON, Refused
from voicelive_simulator.dialogue.outputs.plan import ResponsePlan
from voicelive_simulator.dialogue.responses import sound_check
from voicelive_simulator.dialogue.responses.params import ResponseParams
from voicelive_simulator.dialogue.responses.sound_check import ReplyContext
from voicelive_simulator.dialogue.state.items import Item
from voicelive_simulator.dialogue.state.mcp_target import Target
from voicelive_simulator.dialogue.state.script import (
    MOST_SPOKEN_CHARS,
    Call,
    Outcome,
    Pacing,
    Reply,
    Situation,
)
from voicelive_simulator.dialogue.state.tool_result import tool_name, tool_result
from voicelive_simulator.dialogue.state.usage import Input
from voicelive_simulator.dialogue.tools.mcp_catalog import Offers


def situation(context: Sequence[Item], turn: int) -> Situation:
    """What a response to `context` answers, in its turn `turn`. A listing is nothing to answer."""
    context = [item for item in context if item.wire["type"] != "mcp_list_tools"]
    text = next((item.text for item in reversed(context) if item.role == "user"), "")
    result = tool_result(context[-1]) if context else None
    if result is None:
        return Situation(turn, text)
    return Situation(turn, text, tool_name(context), result)


def approved_plan(
    params: ResponseParams, call: Call, target: Target, request_id: str, conversation_id: str
) -> ResponsePlan:
    """Nothing but a call that the client approved. No model takes part, so it costs nothing and
    comes at once."""
    return ResponsePlan(
        text="",
        speaks=False,
        output_audio_format=params.output_audio_format,
        echoed=params.echoed(conversation_id),
        calls=(call,),
        targets={call: target},
        approved=request_id,
        pacing=Pacing(first_delta_ms=0),
    )


def make_plan(
    params: ResponseParams,
    context: Sequence[Item],
    reply: Reply | None,
    reply_context: ReplyContext,
    offers: Offers,
    read: Input,
    echoed: JSON,
) -> ResponsePlan:
    """`context` is what the model would see, in order; `reply` the script's; `reply_context` what
    the user knows by now; `offers` the MCP servers among the tools. A call that the client's tools
    do not allow, or words too long to be spoken, make a response that fails and says why."""
    speaks = "audio" in params.modalities
    limit = params.token_limit
    plan = ResponsePlan(
        text=params.verbatim,
        speaks=speaks,
        output_audio_format=params.output_audio_format,
        echoed=echoed,
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
        choice = replace(params.tool_choice, offers=offers)
        choice.check()
        calls = choice.calls(scripted.calls)
        targets = choice.targets(calls)
        _refuse_out_of_band_calls(params, targets)
    except Refused as refused:
        return _failed(plan, refused.code, refused.message)
    text = scripted.text
    if text is None:
        # A forced call comes alone: the model was not asked to talk.
        alone = bool(calls) and not scripted.calls
        text = (
            ""
            if alone
            else _answer(context, reply_context if speaks else replace(reply_context, remark=""))
        )
    if speaks and len(text) > MOST_SPOKEN_CHARS:
        return _failed(
            plan,
            "text_too_long",
            f"The simulator speaks at most {MOST_SPOKEN_CHARS} characters in one response.",
        )
    return replace(
        plan,
        text=text,
        calls=calls,
        targets=targets,
        pacing=scripted.pacing,
        outcome=scripted.outcome,
    )


def _refuse_out_of_band_calls(params: ResponseParams, targets: Mapping[Call, Target]) -> None:
    """A request outside the conversation has no item that an approval could name."""
    for call, target in targets.items():
        if params.out_of_band and target.asks:
            message = (
                f"{call.name!r} needs approval, and what stays out of the conversation "
                "cannot ask for it: see require_approval."
            )
            raise Refused(message, code="approval_out_of_band")


def _failed(plan: ResponsePlan, code: str, message: str) -> ResponsePlan:
    return replace(plan, outcome=Outcome("failed", code=code, message=message))


def _answer(context: Sequence[Item], reply_context: ReplyContext) -> str:
    """To the last thing that was put to the model."""
    for item in reversed(context):
        if item.heard:
            return sound_check.spoken(item.heard, reply_context)
        if item.role == "user":
            return sound_check.typed(item.text, reply_context)
        if (result := tool_result(item)) is not None:
            gave = item.wire.get("output") is not None
            return (
                sound_check.tool_output(result, reply_context)
                if gave
                else sound_check.tool_failed(result, reply_context)
            )
        if item.role == "assistant":
            break
    return sound_check.greeting(reply_context)
