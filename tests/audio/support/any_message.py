"""Generated messages and requests of the audio protocol, of every kind and with any values."""

from hypothesis import strategies as st
from voicelive_tui.audio.ipc import messages, requests
from voicelive_tui.audio.ipc.frames import Message
from voicelive_tui.model.sound_devices import Devices

KINDS = [
    messages.OpenRequest,
    messages.Opened,
    messages.MicBlock,
    messages.Levels,
    messages.MicSpeech,
    messages.PlaybackStarted,
    messages.Flushed,
    messages.Drained,
    messages.Underrun,
    messages.InputEnded,
    messages.DeviceNotice,
    Devices,
    requests.SetFormatsRequest,
    requests.PlayRequest,
    requests.EndRequest,
    requests.FlushRequest,
    requests.MuteRequest,
    requests.ListenRequest,
    requests.SpeakFileRequest,
    requests.ListDevicesRequest,
    requests.JoinRequest,
    requests.PingRequest,
    messages.PlayoutReport,
    messages.Pong,
    messages.Welcome,
    messages.MutedThere,
]
st.register_type_strategy(int, st.integers(-(2**63), 2**63 - 1))
st.register_type_strategy(float, st.floats(allow_nan=False))
any_message: st.SearchStrategy[Message] = st.one_of(*(st.from_type(kind) for kind in KINDS))
