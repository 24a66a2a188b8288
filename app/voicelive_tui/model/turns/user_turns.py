"""The user's part of the turns: speech, commits and texts begin one, and may turn out to be
none."""

from voicelive_tui.model.events.fields import get_int, get_object, get_str
from voicelive_tui.model.events.record import Record
from voicelive_tui.model.turns.builder import TurnsBuilder


class UserTurns:
    """Begins turns for what the user says and types."""

    def __init__(self, turns: TurnsBuilder) -> None:
        self._turns = turns
        self._talk_s: float | None = None
        """When the microphone of the manual turn under way was opened."""
        self._awaits_item: int | None = None
        """The turn that was sent and whose item the service has not named yet."""
        self._audio_sent_ms = 0.0
        """The length of the audio appended to the connection."""

    def talk(self, record: Record) -> None:
        """The user opened or closed the microphone of a manual turn."""
        if record.event.get("on"):
            self._talk_s = record.t_s

    def audio_sent(self, duration_ms: float) -> None:
        """The client appended audio of this length."""
        self._audio_sent_ms += duration_ms

    def speech_started(self, record: Record) -> None:
        """The service hears the user."""
        item_id = get_str(record.event, "item_id")
        if item_id and item_id in self._turns.of_item:
            return
        start_ms = get_int(record.event, "audio_start_ms")
        turn = self._turns.begin(
            record.t_s, user_item_id=item_id or None, audio_start_ms=start_ms, spoken=True
        )
        if item_id:
            self._turns.of_item[item_id] = turn

    def speech_stopped(self, record: Record) -> None:
        """The service hears the user no longer."""
        turn = self._spoken(get_str(record.event, "item_id"))
        if turn is not None:
            end_ms = get_int(record.event, "audio_end_ms")
            sent_ms = round(self._audio_sent_ms)
            self._turns.change(turn, asked_s=record.t_s, audio_end_ms=end_ms, audio_sent_ms=sent_ms)

    def commit_sent(self, record: Record) -> None:
        """The client committed a manual turn. A commit while the service detects speech by itself
        ends the speech that is open."""
        last = len(self._turns) - 1
        if (
            last >= 0
            and self._turns[last].asked_s is None
            and self._turns[last].audio_start_ms is not None
        ):
            self._turns.change(last, asked_s=record.t_s)
            return
        started = record.t_s if self._talk_s is None else self._talk_s
        self._awaits_item = self._turns.begin(started, asked_s=record.t_s, spoken=True)
        self._talk_s = None

    def committed(self, record: Record) -> None:
        """The service made an item of the speech."""
        item_id = get_str(record.event, "item_id")
        turn = (
            self._turns.of_item.get(item_id)
            if self._awaits_item is not None
            else self._spoken(item_id)
        )
        if turn is None and item_id:
            turn = (
                self._awaits_item
                if self._awaits_item is not None
                else self._turns.begin(record.t_s, spoken=True)
            )
            self._turns.of_item[item_id] = turn
            self._turns.change(turn, user_item_id=item_id)
        self._awaits_item = None
        if turn is not None and self._turns[turn].asked_s is None:
            self._turns.change(turn, asked_s=record.t_s)

    def cleared(self) -> None:
        """The service threw away its input: speech that had not ended asked nothing."""
        last = len(self._turns) - 1
        if (
            last < 0
            or self._turns[last].asked_s is not None
            or self._turns[last].created_s is not None
        ):
            return
        # Speech that has asked nothing has no item but its own.
        item_id = self._turns[last].user_item_id
        if item_id is not None and self._turns.of_item.get(item_id) == last:
            del self._turns.of_item[item_id]
        self._turns.drop_last()

    def connection_ended(self) -> None:
        """The service is gone, with its input and with all that it was asked."""
        self.cleared()
        self._talk_s = self._awaits_item = None
        self._audio_sent_ms = 0.0

    def text_sent(self, record: Record, item_id: str) -> None:
        """The client sent a text, with this id for its item or with none. Texts that wait for one
        answer are one turn."""
        last = len(self._turns) - 1
        unanswered = (
            last >= 0
            and self._turns[last].created_s is None
            and self._turns[last].audio_start_ms is None
        )
        if unanswered and self._turns[last].asked_s is not None:
            self._turns.change(last, asked_s=record.t_s)
        else:
            last = self._turns.begin(record.t_s, asked_s=record.t_s, user_item_id=item_id or None)
        self._awaits_item = None if item_id else last
        if item_id:
            self._turns.of_item[item_id] = last

    def item_created(self, record: Record) -> None:
        """The service names an item: the user's, if a turn awaits one."""
        item = get_object(record.event, "item")
        item_id = get_str(item, "id")
        if (
            get_str(item, "role") == "user"
            and item_id
            and item_id not in self._turns.of_item
            and self._awaits_item is not None
        ):
            self._turns.of_item[item_id] = self._awaits_item
            self._turns.change(self._awaits_item, user_item_id=item_id)
            self._awaits_item = None

    def _spoken(self, item_id: str) -> int | None:
        """The turn of this speech. The speech that is open is meant by an event that names no item,
        and by the first event that names its item."""
        turn = self._turns.of_item.get(item_id)
        last = len(self._turns) - 1
        if (
            turn is not None
            or last < 0
            or last in self._turns.named
            or self._turns[last].asked_s is not None
        ):
            return turn
        if item_id and self._turns[last].user_item_id is not None:
            return None
        if item_id:
            self._turns.of_item[item_id] = last
            self._turns.change(last, user_item_id=item_id)
        return last
