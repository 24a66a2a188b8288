"""Manual turns were asked for, and the service answers without being asked (protocol.md section
18)."""

import math
from collections.abc import Mapping
from typing import Final

from voicelive_tui.model.events.fields import get_object, get_str
from voicelive_tui.model.events.record import Local, Record
from voicelive_tui.model.session.outcome import SettingsInForce
from voicelive_tui.model.session.setting_finding import SettingFinding, is_accepted

_NAME: Final = "turn_detection"
_HEARD: Final = frozenset(
    f"input_audio_buffer.{end}" for end in ("speech_started", "speech_stopped", "committed")
)
_CREATE: Final = "response.create"
_ITEM: Final = "conversation.item.create"
_CREATED: Final = "response.created"
_RACE: Final = "conversation_already_has_active_response"
_SENTENCE: Final = (
    "Manual turns were asked for, yet the service began a response that nobody asked for."
)
_CURE: Final = (
    "Turn detection that only answers when asked (create_response = false) does what manual turns "
    "should."
)


class UnaskedResponses:
    """Matches each response with the request for it.

    A request that the service refuses because a response is active did not ask for that response.
    A response to speech from before turns were manual is no proof, and neither is one before any
    speech, such as an agent's greeting.
    """

    watches = (_NAME,)
    kinds = _HEARD | {_CREATE, _CREATED, _ITEM, "error", Local.TALK}
    due_s = math.inf

    def __init__(self) -> None:
        self._requests: list[str] = []
        """The event ids of the requests without a response, in order."""
        self._answered: str | None = None
        """The event id of the request that the last response was taken to answer."""
        self._follows_manual_speech = False
        """Whether the last response, if nobody asked for it, answered speech of a manual turn."""
        self._response = ""
        """The id of the last response."""
        self._explained = False
        """Whether the next response may have another reason: speech from before turns were manual,
        or an MCP call that was approved."""
        self._heard = False
        """Whether there was speech since turns are manual that has no response yet."""

    def reset(self) -> None:
        """Forget nothing: what is under way is judged by when it began."""

    def apply(self, record: Record, settings: SettingsInForce) -> SettingFinding | None:
        """Take in a record."""
        proof = False
        match record.dir, record.kind:
            case "sent", "response.create":
                self._requests.append(get_str(record.event, "event_id"))
            case "sent", "conversation.item.create":
                kind = get_str(get_object(record.event, "item"), "type")
                self._explained = self._explained or kind == "mcp_approval_response"
            case "received", "response.created":
                proof = self._created(get_str(get_object(record.event, "response"), "id"))
            case "received", "error":
                proof = self._refused(get_object(record.event, "error"))
            case "local", Local.TALK if record.event.get("on"):
                self._speech(settings)
            case "received", kind if kind in _HEARD:
                self._speech(settings)
        if not (proof and _is_manual(settings)):
            return None
        return SettingFinding(f"session.{_NAME}.type", _SENTENCE, _CURE, record.t_s)

    def _speech(self, settings: SettingsInForce) -> None:
        if _is_manual(settings):
            self._heard = True
        else:
            self._explained = True

    def _created(self, response_id: str) -> bool:
        """Note a response. Return whether nobody asked for it."""
        if response_id and response_id == self._response:
            return False
        self._response = response_id
        self._answered = self._requests.pop(0) if self._requests else None
        self._follows_manual_speech = self._heard and not self._explained
        self._heard = self._explained = False
        return self._follows_manual_speech and self._answered is None

    def _refused(self, error: Mapping[str, object]) -> bool:
        """Note that a request was refused. Return whether this proves that nobody asked for the
        response that is active."""
        event_id = get_str(error, "event_id")
        if event_id in self._requests:
            self._requests.remove(event_id)
            return False
        was_its_request = bool(event_id) and event_id == self._answered
        return was_its_request and get_str(error, "code") == _RACE and self._follows_manual_speech


def _is_manual(settings: SettingsInForce) -> bool:
    """Whether manual turns were asked for, and the service accepted it."""
    if _NAME not in settings.asked:
        return False
    asked = settings.asked[_NAME]
    manual = asked is None or (isinstance(asked, Mapping) and asked.get("type") == "none")
    return manual and is_accepted(settings, _NAME)
