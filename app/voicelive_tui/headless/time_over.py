"""The exit code and the sentence of a run whose time is over before it ended by itself."""

from voicelive_common.exit_codes import ExitCode

from voicelive_tui.headless.run_summary import RunFacts, shortfall, turns_held, unlimited_code
from voicelive_tui.headless.script import Script
from voicelive_tui.model.session.snapshot import SessionSnapshot, SessionState


def judge_time_over(
    session: SessionSnapshot, facts: RunFacts, script: Script | None
) -> tuple[ExitCode, str]:
    """Return the exit code and what is wrong, in one sentence; an empty one for a run without a
    wanted number of turns that held all it should. script: None before the service was ready."""
    if session.state is SessionState.RECONNECTING:
        return _without_connection(session, facts)
    if script is None:
        return _before_first_prompt(session, facts)
    turns = session.view.turns
    if script.turns is None:
        code = unlimited_code(turns)
        return code, shortfall(turns, len(turns)) if code is ExitCode.TURNS else ""
    held = turns_held(turns)
    if held < script.turns:
        sentence = f"{held} of {script.turns} turns were held when the time was over."
    else:
        sentence = "The time was over before the last answer had been heard to its end."
    return ExitCode.TURNS, sentence


def _without_connection(session: SessionSnapshot, facts: RunFacts) -> tuple[ExitCode, str]:
    sentence = f"The session had no connection when the time was over. {session.problem}".rstrip()
    if facts.connected:
        return ExitCode.CLOSED, sentence
    refused = session.http_status is not None
    return ExitCode.REFUSED if refused else ExitCode.UNREACHABLE, sentence


def _before_first_prompt(session: SessionSnapshot, facts: RunFacts) -> tuple[ExitCode, str]:
    if session.recording.wanted and not facts.connected:
        return (
            ExitCode.TURNS,
            "The disk did not answer within --timeout, so the session did not begin.",
        )
    code = ExitCode.TURNS if facts.connected else ExitCode.UNREACHABLE
    return code, "The service was not ready within --timeout."
