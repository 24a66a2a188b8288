"""`voicelive-tui run`: holds one session without a console, from the first prompt to the exit
code."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from voicelive_common.exit_codes import ExitCode

from voicelive_tui.engine import intents
from voicelive_tui.engine.config.settings import Settings
from voicelive_tui.engine.engine import Engine
from voicelive_tui.engine.intents import OpenTab, Start, Stop
from voicelive_tui.headless.output_streams import Output
from voicelive_tui.headless.run_limits import RunLimits, limits_not_kept
from voicelive_tui.headless.run_summary import (
    awaits_transcription,
    closing_lines,
    exit_code,
    shortfall,
    summary,
    unbroken,
    unrecorded_sentence,
    user_turns,
)
from voicelive_tui.headless.script import (
    Mic,
    Script,
    ScriptError,
    SpokenTurn,
    TypedTurn,
    write_script,
)
from voicelive_tui.headless.session_follower import SessionFollower
from voicelive_tui.headless.signals import GracefulStop
from voicelive_tui.headless.time_over import judge_time_over
from voicelive_tui.journal.flusher import LONGEST_CLOSE_S
from voicelive_tui.model.profile.profile import Profile
from voicelive_tui.model.session.snapshot import SessionState
from voicelive_tui.model.turns.turn import Turn

CONNECT_TIMEOUT_S = 60.0
GOODBYE_TIMEOUT_S = 15.0
JOURNAL_TIMEOUT_S = LONGEST_CLOSE_S + 2.0
"""Longer than the journal itself waits for a disk that hangs, so that its report still arrives."""
TRANSCRIPTION_GRACE_S = 3.0
SPEAKER_BACK_S = 5.0
"""Seconds in which a speaker that was lost while no answer was heard must be back."""
IN_VAIN_S = 15.0
"""Seconds after an error of the service in which it may still begin a turn of what a file
speaks."""


@dataclass(frozen=True, slots=True)
class RunRequest:
    """The conversation to hold; the settings name its ports.

    turns: how many turns are wanted, None for as many as the microphone and the texts give.
    timeout_s: the longest time of the run in seconds, None for the default. wait_for_voice_s: how
    long a user at the microphone may stay silent before NobodySpoke, None for no limit of its own.
    limits: what makes a run fail that otherwise went well.
    """

    profile: Profile
    texts: Sequence[str] = ()
    turns: int | None = None
    timeout_s: float | None = None
    as_json: bool = False
    wait_for_voice_s: float | None = None
    limits: RunLimits = field(default_factory=RunLimits)


class NobodySpoke(Exception):
    """The user's microphone is open, nothing was heard there in time, and no turn has begun."""


class SoundMissing(Exception):
    """A port that the run needs is not there. The text is one sentence with the cure."""


def run(request: RunRequest, settings: Settings) -> ExitCode:
    """Hold the turns, print what is said and return the exit code. Raises ScriptError, before
    anything is opened if the error can be known then.

    Raises NobodySpoke only for a request with wait_for_voice_s.
    """
    if settings.input == "none":
        write_script("none", request.texts, request.turns)
    with GracefulStop() as stop:
        engine = Engine(settings)
        session_run = _Run(engine, request, settings, stop)
        try:
            engine.start()
            return session_run.run()
        finally:
            engine.close()
            session_run.print_rest()


class _Run:
    """One session that follows a script."""

    def __init__(
        self, engine: Engine, request: RunRequest, settings: Settings, stop: GracefulStop
    ) -> None:
        self._engine = engine
        self._request = request
        self._settings = settings
        self._stop = stop
        self._key = request.profile.slug
        self._output = Output(as_json=request.as_json)
        self._follower = SessionFollower(engine, self._key, self._output)
        self._script: Script | None = None
        self._prompted = 0
        self._connections = 1
        """The connections that the script knows of."""
        self._over_since_s: float | None = None
        self._speaker_lost_s: float | None = None
        self._silent_since_s: float | None = None
        self._errors_before = 0
        self._refused_since_s: float | None = None
        self._not_kept: list[str] = []

    def run(self) -> ExitCode:
        """Run from the first prompt to the summary and return the exit code."""
        self._engine.post(OpenTab(self._key, self._request.profile))
        self._engine.post(Start(self._key))
        try:
            code = self._hold_turns()
        except SoundMissing as error:
            self._output.problem(str(error))
            self._output.problem("This run needs that sound, so it ends.")
            code = ExitCode.SOUND
        except NobodySpoke:
            self._stop_session()
            if self._nobody_heard():
                raise
            # The user began to speak at the last moment.
            code = ExitCode.TURNS
        self._stop_session()
        code = self._check_recording(self._check_limits(code))
        self._print_summary(code)
        return code

    def print_rest(self) -> None:
        """Print what went wrong while the engine closed, such as a speaker's file that could not be
        completed."""
        self._follower.print_notices()

    def _stop_session(self) -> None:
        self._engine.post(Stop(self._key))
        self._follower.poll_until_over(GOODBYE_TIMEOUT_S)
        self._follower.poll_until_journal_closed(JOURNAL_TIMEOUT_S)
        self._follower.finish()

    def _check_limits(self, code: ExitCode) -> ExitCode:
        """The exit code, or TURNS for a successful conversation that did not keep its limits. One
        that never began is not judged."""
        if not self._follower.facts.connected:
            return code
        self._not_kept = limits_not_kept(self._request.limits, self._follower.session.view)
        for sentence in self._not_kept:
            self._output.problem(sentence)
        return ExitCode.TURNS if code is ExitCode.OK and self._not_kept else code

    def _check_recording(self, code: ExitCode) -> ExitCode:
        """The exit code, or UNRECORDED for a successful conversation that is not recorded as a
        whole although it should be."""
        session = self._follower.session
        if not session.recording.incomplete:
            return code
        self._output.problem(unrecorded_sentence(session))
        return ExitCode.UNRECORDED if code is ExitCode.OK else code

    def _hold_turns(self) -> ExitCode:
        started_s = time.perf_counter()
        while not self._follower.over:
            self._follower.poll()
            if self._stop.asked:
                return ExitCode.INTERRUPTED
            now = time.perf_counter()
            if self._has_speaker(now) and self._follower.session.ready:
                script = self._script = self._script or self._write_script()
                if self._complete(script, now):
                    break
                self._prompt(script)
                self._wait_for_voice(now)
                if self._spoke_in_vain(now):
                    break
            if self._expired(now - started_s):
                return self._time_out()
        wanted = self._script.turns if self._script else self._request.turns or 1
        code = exit_code(self._follower.session, self._follower.facts, wanted=wanted)
        if code is ExitCode.TURNS and wanted is not None:
            self._output.problem(shortfall(self._follower.session.view.turns, wanted))
        return code

    def _write_script(self) -> Script:
        """Write the script, now that it is known which ports are open. Raises SoundMissing and
        ScriptError."""
        mic = self._microphone()
        if mic == "user" and self._follower.session.manual:
            raise ScriptError(
                "this profile takes turns by hand, which needs the console's keys: give --mic a "
                "file, or --text"
            )
        if mic == "user":
            self._output.note("The microphone is open: speak. Ctrl+C ends the session.")
        return write_script(mic, self._request.texts, self._request.turns)

    def _has_speaker(self, now: float) -> bool:
        """Whether the requested speaker is there; True as well before the first prompt and after
        the session. Raises SoundMissing when an answer cannot be heard whole without it, and when
        it was lost for too long; a file does not come back at all."""
        if self._follower.session.state is not SessionState.CONNECTED:
            return True  # an ending session releases the speaker
        audio = self._follower.snapshot.audio
        if self._script is None or not self._wants_speaker or audio.output_name:
            self._speaker_lost_s = None
            return True
        self._speaker_lost_s = self._speaker_lost_s or now
        is_device = (self._settings.output or "").startswith("device")
        over = now - self._speaker_lost_s > SPEAKER_BACK_S
        if not is_device or over or self._answer_unheard():
            raise SoundMissing(audio.problem or "The speaker is lost.")
        return False

    def _answer_unheard(self) -> bool:
        """Whether the newest turn has audio that a speaker which is lost now has not played."""
        session = self._follower.session
        turn = session.view.turns[-1] if session.view.turns else None
        if turn is None or turn.first_audio_s is None or turn.interrupted:
            return False
        return session.turn_open or turn.cut_off or turn.heard_s is None

    @property
    def _wants_speaker(self) -> bool:
        return self._settings.output not in (None, "none")

    def _microphone(self) -> Mic:
        audio, settings = self._follower.snapshot.audio, self._settings
        if self._wants_speaker and not audio.output_name:
            raise SoundMissing(audio.problem or "The speaker cannot be used.")
        if settings.input == "none":
            return "none"
        if audio.input_name:
            return "file" if audio.input_is_file else "user"
        if settings.input is None and self._request.texts:
            return "none"
        raise SoundMissing(audio.problem or "The microphone cannot be used.")

    def _complete(self, script: Script, now: float) -> bool:
        """Whether all wanted turns are over, and their transcriptions are here or overdue."""
        session = self._follower.session
        if script.turns is None or len(self._unbroken_turns()) < script.turns or session.turn_open:
            self._over_since_s = None
            return False
        self._over_since_s = self._over_since_s or now
        return (
            not awaits_transcription(session.view)
            or now - self._over_since_s > TRANSCRIPTION_GRACE_S
        )

    def _prompt(self, script: Script) -> None:
        session = self._follower.session
        if session.turn_open:
            return
        held = len(self._unbroken_turns())
        again = self._reconnected() and self._prompted > held
        if again:
            self._prompted = held
            self._output.note("The turn that the lost connection broke off is held once more.")
        if self._prompted > held:
            return
        prompt = script.prompt(self._prompted)
        match prompt:
            case TypedTurn(text):
                self._engine.post(intents.SendText(self._key, text))
            case SpokenTurn() if self._prompted or again or session.manual:
                self._engine.post(intents.ToggleTalk(self._key))
            case None:
                return
        self._prompted += 1
        self._errors_before, self._refused_since_s = session.view.errors, None

    def _unbroken_turns(self) -> list[Turn]:
        """The turns that the user asked, without those that are held once more."""
        return unbroken(user_turns(self._follower.session.view.turns))

    def _reconnected(self) -> bool:
        """Whether the session has another connection than at the last call."""
        before, self._connections = self._connections, self._follower.facts.connections
        return self._connections > before

    def _wait_for_voice(self, now: float) -> None:
        """Raise NobodySpoke when the user at the microphone has been silent for too long."""
        limit_s = self._request.wait_for_voice_s
        if (
            limit_s is None
            or self._follower.snapshot.audio.input_is_file
            or not self._nobody_heard()
        ):
            return
        self._silent_since_s = self._silent_since_s or now
        if now - self._silent_since_s > limit_s:
            raise NobodySpoke

    def _spoke_in_vain(self, now: float) -> bool:
        """Whether the service reported an error about what a file spoke, and has begun no turn for
        so long since that none will follow."""
        session = self._follower.session
        waits = self._prompted > len(user_turns(session.view.turns)) and not session.turn_open
        if not (waits and self._follower.snapshot.audio.input_is_file):
            self._refused_since_s = None
            return False
        if session.view.errors > self._errors_before:
            self._refused_since_s = self._refused_since_s or now
        since_s = self._refused_since_s
        if since_s is None or now - since_s <= IN_VAIN_S:
            return False
        self._output.problem(
            f"The service reported an error and began no turn within {IN_VAIN_S:g} s of it."
        )
        return True

    def _nobody_heard(self) -> bool:
        session = self._follower.session
        return not session.user_speaking and not user_turns(session.view.turns)

    def _expired(self, taken_s: float) -> bool:
        limit_s = (
            self._script.timeout_s(self._request.timeout_s)
            if self._script
            else self._request.timeout_s or CONNECT_TIMEOUT_S
        )
        return limit_s is not None and taken_s > limit_s

    def _time_out(self) -> ExitCode:
        follower = self._follower
        code, sentence = judge_time_over(follower.session, follower.facts, self._script)
        if sentence:
            self._output.problem(sentence)
        return code

    def _print_summary(self, code: ExitCode) -> None:
        session, facts = self._follower.session, self._follower.facts
        wanted = self._script.turns if self._script else self._request.turns
        self._output.summary(
            summary(session, facts, code=code, wanted=wanted, not_kept=self._not_kept)
        )
        for line in closing_lines(session, facts):
            self._output.note(line)
