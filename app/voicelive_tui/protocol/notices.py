"""The conversation's notices to the user whose words do not depend on an event."""

from voicelive_tui.model.notice import Notice

NOTHING_TO_INTERRUPT = Notice(
    "info", "The agent is not speaking, so there is nothing to interrupt."
)
REQUEST_UNANSWERED = Notice(
    "warning",
    "The service has not begun an answer within 15 s of being asked for one (response.create); it "
    "is no longer waited for, and what you typed meanwhile is sent.",
)
EMPTY_TURN = Notice(
    "warning",
    "No microphone audio came in during this turn, so nothing was committed; check the input "
    "device.",
)
SERVICE_DETECTS = Notice(
    "info",
    "The service detects turns by itself in this session, so just speak; turns by hand need a "
    'profile with turn_detection = "none".',
)
NO_AUTOMATIC_RESPONSE = Notice(
    "info",
    "This profile has create_response = false, so the service answers only when it is asked.",
    "{talk.toggle} asks for an answer to what you said.",
)
UNPLAYABLE = Notice(
    "error",
    "This version cannot play the session's output_audio_format; use pcm16, g711_ulaw or g711_alaw "
    "in the profile.",
)
UNSENDABLE = Notice(
    "error",
    "The microphone stays off: this version sends pcm16 or G.711; change the profile's "
    "input_audio_format.",
)
SILENCE_SENT = Notice(
    "info",
    "The microphone went away while you spoke; silence goes out in its place, so that the service "
    "ends the turn.",
)
CANNOT_REPEAT = Notice(
    "warning",
    "Your question is not asked again: its recording cannot be converted into the session's audio "
    "format.",
    "Ask it yourself.",
)
BAD_BASE64 = Notice(
    "warning",
    "The service sent audio that is not valid base64; that piece is missing from the answer.",
)


def held_settings(keys: list[str]) -> Notice:
    """The notice about changed settings that a connection keeps as they are, because the API cannot
    unset them or the service takes them only at its beginning."""
    names = ", ".join(key.removeprefix("session.") for key in keys)
    return Notice(
        "info",
        f"{names}: changed in the profile, but the connection keeps what it has.",
        "{session.restart} takes a new one and keeps the conversation.",
    )


class OncePerSession:
    """Remembers the notices that were shown, so that each is shown once per session."""

    def __init__(self) -> None:
        self._notices: set[Notice] = set()

    def once(self, notice: Notice) -> tuple[Notice, ...]:
        """Return the notice the first time, and nothing after that."""
        if notice in self._notices:
            return ()
        self._notices.add(notice)
        return (notice,)
