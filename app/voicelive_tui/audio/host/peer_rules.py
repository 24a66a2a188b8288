"""What a peer on another machine may ask for. Everything else ends its connection."""

from voicelive_tui.audio.ipc.frames import FrameError, Message
from voicelive_tui.audio.ipc.messages import OpenRequest
from voicelive_tui.audio.ipc.requests import (
    AudioRequest,
    EndRequest,
    JoinRequest,
    ListDevicesRequest,
    PingRequest,
    PlayRequest,
    Purpose,
    SetFormatsRequest,
)
from voicelive_tui.model.formats import is_usable_rate

_LONGEST_ID_BYTES = 256
_LONGEST_PORT_BYTES = 1024


class PeerRules:
    """Checks the requests of one peer in their order. purpose: what it joined for."""

    def __init__(self, purpose: Purpose) -> None:
        self._purpose = purpose
        self._opened = False

    def check(self, message: Message) -> AudioRequest:
        """Return the request. Raises FrameError for anything that this peer may not ask for."""
        if not isinstance(message, AudioRequest):
            raise FrameError(f"{type(message).__name__} is nothing that the audio process is asked")
        if self._purpose == "devices" and not isinstance(message, ListDevicesRequest | PingRequest):
            raise FrameError(f"{type(message).__name__} from a peer that joined to list devices")
        match message:
            case JoinRequest():
                raise FrameError("a second JoinRequest")
            case OpenRequest(input_spec, output_spec):
                self._check_open(input_spec, output_spec)
            case SetFormatsRequest(input_format, output_format):
                for rate_hz in (input_format.rate_hz, output_format.rate_hz):
                    if not is_usable_rate(rate_hz):
                        raise FrameError(f"a rate of {rate_hz} Hz")
            case PlayRequest() | EndRequest():
                _check_length(message.item_id, _LONGEST_ID_BYTES)
        return message

    def _check_open(self, *specs: str) -> None:
        if self._opened:
            raise FrameError("a second OpenRequest")
        self._opened = True
        for spec in specs:
            _check_length(spec, _LONGEST_PORT_BYTES)


def _check_length(text: str, most_bytes: int) -> None:
    size_bytes = len(text.encode("utf-8", "surrogatepass"))
    if size_bytes > most_bytes:
        raise FrameError(f"a name of {size_bytes} bytes, the limit is {most_bytes}")
