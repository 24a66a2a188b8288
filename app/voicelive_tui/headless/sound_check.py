"""The bare command without a terminal: holds one conversation with the local simulator in plain
lines."""

from dataclasses import replace

from voicelive_common.exit_codes import ExitCode

from voicelive_tui.engine.audio.port_opening import HELLO_WAV
from voicelive_tui.engine.config.settings import Settings
from voicelive_tui.headless.output_streams import print_note
from voicelive_tui.headless.run import NobodySpoke, RunRequest, run
from voicelive_tui.model.profile.profile import Profile

WAIT_FOR_VOICE_S = 15.0


def sound_check(profile: Profile, settings: Settings) -> ExitCode:
    """Hold one turn, with the user at the microphone if they speak, else with a spoken file in its
    place."""
    print_note(
        "There is no terminal to draw on, so the console holds one sound check with its local "
        "simulator in plain lines."
    )
    settings = replace(settings, simulator=True)
    request = RunRequest(profile, turns=1)
    if settings.input != "none":
        try:
            return run(replace(request, wait_for_voice_s=WAIT_FOR_VOICE_S), settings)
        except NobodySpoke:
            print_note("Nobody was heard at the microphone; a spoken file speaks instead.")
    return run(request, replace(settings, input=f"wav:{HELLO_WAV}"))
