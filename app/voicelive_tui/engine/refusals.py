"""The notices that say why an intent is refused, one for each reason.

Invariant: the engine alone decides whether to refuse an intent. Front ends post every intent and
repeat none of its checks; a snapshot tells them what would be refused. How a recorded session looks
is theirs to decide.
"""

from voicelive_tui.engine.intents import LONGEST_MESSAGE
from voicelive_tui.model.notice import Notice

IS_RECORDED = Notice(
    "info",
    "This is a recorded session.",
    "{session.go_on} goes on with it in a new one.",
)
PROFILE_IS_EVIDENCE = Notice(
    "info",
    "The profile of a recorded session is evidence of what was asked for and stays as it is.",
)
IS_FAULTY = Notice(
    "error",
    "This profile has an error and cannot be used until it is repaired.",
    "{profile.edit} opens the file where the error is.",
)
NOT_RUNNING = Notice("info", "The session is not connected.", "{session.toggle} starts it.")
NOT_YET_CONNECTED = Notice(
    "info", "The session is being connected or closed; try again in a moment."
)
RECONNECTS = Notice(
    "info",
    "The session has no connection for the moment.",
    "{session.toggle} tries to connect now, {talk.interrupt} stops trying.",
)
NOT_ON_AIR = Notice(
    "info", "This session is not on air.", "{session.on_air} gives it microphone and speaker."
)
MUTED = Notice(
    "warning", "The microphone is muted, so this turn would be silent.", "{session.mute} opens it."
)


def muted_at(machine: str) -> Notice:
    """The refusal of a turn while the microphone is muted at the machine that has it."""
    return Notice(
        "warning",
        f"The microphone is muted at {machine}, so this turn would be silent.",
        "It can be unmuted only there.",
    )


NOTHING_TO_ASK_AGAIN = Notice(
    "info",
    "You have not asked anything yet, so there is nothing to ask again.",
    "{session.restart} takes a new connection.",
)
QUESTION_NOT_RECORDED = Notice(
    "warning",
    "Your question is not asked again: its sound was not recorded.",
    "Ask it yourself.",
)
NO_MARKS_IN_RECORDINGS = Notice(
    "info", "A recording is evidence, and nothing is added to it: mark and note while you talk."
)
NO_MARKS_AFTER_THE_END = Notice(
    "info", "The journal of this session is closed, so nothing can be marked in it."
)
OTHER_SESSION_HAS_SPEAKER = Notice(
    "info", "The speaker belongs to the session on air, so nothing else can be heard."
)
AGENT_SPEAKS = Notice(
    "info", "The speaker is in use: a turn can be heard when the agent has finished."
)
FILE_SPEAKS = Notice(
    "info", "A file speaks for you, and hearing a turn would send silence in its place."
)
TURN_IS_OPEN = Notice(
    "info", "Your turn is open, and hearing another one would send silence into it."
)
NO_SPEAKER = Notice("warning", "There is no speaker, so nothing can be heard.")
SPEAKER_IS_FILE = Notice(
    "info", "The speaker is a file, so nothing can be heard, and nothing is added to the file."
)
TYPED = Notice("info", "This was typed, so there is nothing to hear.")
NOTHING_TO_HEAR = Notice("info", "Nothing was heard of this.")
SOUND_NOT_RECORDED = Notice("info", "The sound of this turn was not recorded.")
TOO_LONG_TO_HEAR = Notice("info", "This turn has more sound than is played at once: half an hour.")
MESSAGES_WAIT = Notice(
    "warning",
    "This message was not sent, because too many wait already.",
    "{talk.interrupt} sends those that wait.",
)
MESSAGE_TOO_LONG = Notice(
    "warning",
    f"A message of more than {LONGEST_MESSAGE // 1000} 000 characters cannot be sent.",
)
UNSENT_MESSAGES_CURE = "{talk.message} and the arrow up bring back what was typed."
"""The cure of a notice that says that typed messages were not sent."""
