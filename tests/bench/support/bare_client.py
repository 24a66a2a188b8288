"""The smallest voice client, in the manner of the vendor's quickstart: no screen, no record.

    python -m tests.bench.support.bare_client URL

20 ms blocks of a sounddevice stream are sent as they are read, with one yield of 1 ms in the loop;
what the service says is played from a buffer by the callback of an output stream, and thrown away
when the user is heard. Ends when the socket closes.
"""

import asyncio
import base64
import json
import sys
import threading
from typing import Any

import sounddevice
from websockets.asyncio.client import ClientConnection, connect

RATE_HZ = 24_000
BLOCK_FRAMES = 480
SESSION = {
    "modalities": ["text", "audio"],
    "turn_detection": {"type": "server_vad"},
    "input_audio_format": "pcm16",
    "output_audio_format": "pcm16",
}


class Player:
    """Plays pcm16 from a buffer; silence where there is none."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._buffer = bytearray()
        self.stream = sounddevice.RawOutputStream(
            RATE_HZ, BLOCK_FRAMES, channels=1, dtype="int16", callback=self._callback
        )

    def _callback(self, out: Any, frames: int, time: object, status: object) -> None:
        with self._lock:
            audio = bytes(self._buffer[: 2 * frames])
            del self._buffer[: 2 * frames]
        out[:] = audio.ljust(2 * frames, b"\0")

    def play(self, audio: bytes) -> None:
        with self._lock:
            self._buffer += audio

    def clear(self) -> None:
        with self._lock:
            self._buffer.clear()


async def send_microphone(connection: ClientConnection) -> None:
    with sounddevice.RawInputStream(RATE_HZ, channels=1, dtype="int16") as stream:
        while True:
            if stream.read_available < BLOCK_FRAMES:
                await asyncio.sleep(0.001)
                continue
            audio = base64.b64encode(stream.read(BLOCK_FRAMES)[0]).decode("ascii")
            event = {"type": "input_audio_buffer.append", "audio": audio, "event_id": ""}
            await connection.send(json.dumps(event))


async def main(url: str) -> None:
    player = Player()
    async with connect(url, compression=None, max_size=None, proxy=None) as connection:
        await connection.send(json.dumps({"type": "session.update", "session": SESSION}))
        microphone = asyncio.create_task(send_microphone(connection))
        with player.stream:
            async for frame in connection:
                event = json.loads(frame)
                if event["type"] == "response.audio.delta":
                    player.play(base64.b64decode(event["delta"]))
                elif event["type"] == "input_audio_buffer.speech_started":
                    player.clear()
        microphone.cancel()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
