"""The state of a conversation as a snapshot shows it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ConversationStatus:
    """The state of a conversation at one time; all is False when nothing goes on.

    manual: turn detection is off. ready: the service takes the microphone. talking: a manual turn
    is open. assistant_speaking: audio leaves the speaker or waits for it, or would if there were
    one. turn_open: the turn is not over.
    """

    manual: bool
    ready: bool = False
    talking: bool = False
    user_speaking: bool = False
    assistant_speaking: bool = False
    turn_open: bool = False
