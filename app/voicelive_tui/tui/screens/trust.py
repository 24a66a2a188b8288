"""The question whether a session may go to a host that the user has not confirmed yet."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from voicelive_common.printable import printable

from voicelive_tui.model.session.destination import SPEECH, Destination
from voicelive_tui.tui.screens.question import QuestionScreen, answers
from voicelive_tui.tui.widgets.spans import Spans


class TrustScreen(QuestionScreen):
    """The result is True when the user trusts the host."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y", "trust", show=False),
        Binding("n", "close", show=False),
    ]

    def __init__(self, destination: Destination) -> None:
        super().__init__(f"Trust {printable(destination.host)}?")
        self._destination = destination

    def lines(self) -> list[Spans]:
        """The host, what would be sent to it, the source of its name, and the answers."""
        destination = self._destination
        return [
            [("host       ", "dim"), (printable(destination.host), "strong")],
            [("would get  ", "dim"), (printable(_data_sent(destination)), "strong")],
            [("named by   ", "dim"), (printable(destination.host_source), "strong")],
            [],
            [("Did you choose this host? A profile or .env that came with a", "")],
            [("repository can name any. Your answer is kept for later runs.", "")],
            [],
            answers(("y", "trust this host and connect"), ("n", "send nothing")),
        ]

    def action_trust(self) -> None:
        """Trust the host from now on."""
        self.dismiss(True)


def _data_sent(destination: Destination) -> str:
    return f"{SPEECH}; no credentials" if destination.sends_speech_only else destination.what
