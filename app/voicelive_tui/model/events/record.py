"""One entry of a session's journal: the value that every fold reads.

Invariant: `n` counts from 0 without gaps within a session, in the order in which the engine saw the
frames. In a recording numbers may be missing: those of records that could not be written.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from voicelive_tui.model.events.canonical import canonical
from voicelive_tui.model.events.malformed import ending_type

Direction = Literal["sent", "received", "local"]
"""`sent` and `received` are frames of the socket. `local` is a fact that only this machine knows,
such as how much of an answer was heard."""

MALFORMED = "(malformed)"
"""The type shown for a frame that is no JSON object with a `type`."""
NOT_RECORDED = "(not recorded)"
"""The type shown for a record whose number is missing in a recording."""


@dataclass(frozen=True, slots=True)
class Record:
    """A frame, or a local fact.

    t_s: seconds since the session's start, from the engine's monotonic clock.
    event: the decoded frame, `{}` for a malformed one. Its audio is replaced by a reference:
        `{"$wav": file, "offset": bytes, "bytes": length}` when sound is recorded, else
        `{"$wav": null, "bytes": length}`.
    raw: the text of a frame that breaks the rules of JSON, whether or not an event could be read in
        it; empty for any other frame.
    """

    n: int
    t_s: float
    dir: Direction
    event: Mapping[str, Any]
    raw: str = ""
    kind: str = field(init=False, repr=False, compare=False)
    """The canonical type as which every fold takes the record. A malformed frame counts as the
    event that it would have ended, if that is known, and otherwise as `MALFORMED`."""

    @property
    def type(self) -> str:
        """The event's type as the wire names it, or `MALFORMED`."""
        kind = self.event.get("type")
        return kind if isinstance(kind, str) and kind else MALFORMED

    def __post_init__(self) -> None:
        type_name = self.type
        if type_name == MALFORMED:
            type_name = ending_type(self.raw) or type_name
        object.__setattr__(self, "kind", canonical(type_name))


class Local:
    """The types of `local` records. Payload fields stand beside each name."""

    # service, host, request_id; of a later connection also connection (its number), away_ms, tries
    CONNECTED = "console.connected"
    # The conversation so far, given to the connection that follows. carried, left_out: counts of
    # items; not_carried: {reason: count}; items: [{id: the new item's, was: the old item's or ""}].
    CARRIED_OVER = "console.carried_over"
    # The session goes on from an earlier one, whose items the next CARRIED_OVER has; follows the
    # first CONNECTED. folder: of the earlier recording; started: when that session began, with its
    # time zone, or ""; title: its profile
    GOES_ON = "console.goes_on"
    CLOSED = "console.closed"  # code: int | null, reason, sentence (what happened, in plain words)
    RETRY = "console.retry"  # attempt, wait_ms, sentence (why the session has no connection)
    MUTED = "console.muted"  # on: bool; machine: where it is muted, if not only in the console
    # side: "microphone" | "loudspeaker"; state: "lost" | "back" | "switched"; name: of the device;
    # was: of the one before, if switched; away_ms: how long there was none, if it was lost
    DEVICE = "console.device"
    # The link to the audio engine of another machine. machine: its name; way: "ssh" | "socket";
    # state: "up" | "stalled" | "lost" | "back"; round_trip_ms, clock_error_ms: as measured, missing
    # before; away_ms: with "back", how long nothing came. "up" comes when the session gets the
    # sound and when the round trip has changed by a fifth.
    LINK = "console.link"
    ON_AIR = "console.on_air"  # on: bool
    TALK = "console.talk"  # on: bool; a manual turn's microphone opened or closed
    # on: bool; speech at the microphone, as this machine's own detector hears it; t: when it began,
    # or when it ended without the silence that was waited for. level_dbfs: the loudest 20 ms so
    # far. With `on` while an answer plays: echo, echo_delay_ms as in CUT.
    SPEECH = "console.speech"
    # item_id, content_index; t: when the part's first sample was heard
    PLAYBACK_STARTED = "console.playback_started"
    # item_id, content_index, played_ms, received_ms, reason: see STOP_*; over a link also link_ms,
    # from the request to stop until it arrived, and device_ms, from there to silence
    PLAYBACK_STOPPED = "console.playback_stopped"
    # What was at the microphone when an answer was cut; follows the stop. item_id, content_index;
    # mic_dbfs: the loudest 20 ms of the last 500 ms; before_ms: from the beginning of the last
    # sound that stands out of the room's noise to the cut; voiced_ms: how much of it was voiced;
    # echo: how much it resembled what played echo_delay_ms before, from 0 to 1. A field that was
    # not measured is missing.
    CUT = "console.cut"
    # item_id, content_index, gap_ms, at_ms: the milliseconds of the part that were played before
    # the gap, with fractions; records of earlier versions have neither content_index nor at_ms
    UNDERRUN = "console.underrun"
    DROPPED = "console.dropped"  # blocks, what: "microphone"
    NOTICE = "console.notice"  # level: "info" | "warning" | "error", text
    # note: what the user wrote, or ""; item_id: the item that the mark is about, or ""; t: the
    # moment that was marked. A later record with the same t has a newer note for the same mark.
    MARK = "console.mark"
    # on: bool, what: "turn 4"; audio that was heard before is played again, and silence is sent
    # in place of the microphone meanwhile
    REPLAY = "console.replay"


STOP_DRAINED = "drained"
STOP_BARGE_IN = "barge_in"
STOP_USER = "user"
STOP_OFF_AIR = "off_air"
FlushReason = Literal["barge_in", "user", "off_air"]
"""Why the speaker was silenced: each is the `reason` of the stop that follows."""
