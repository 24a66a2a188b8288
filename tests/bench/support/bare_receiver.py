"""The smallest receiver of events: one websockets connection, and `json.loads` of every frame.

    python -m tests.bench.support.bare_receiver URL

Ends when the socket closes.
"""

import asyncio
import json
import sys

from websockets.asyncio.client import connect


async def main(url: str) -> None:
    async with connect(url, compression=None, max_size=None, proxy=None) as connection:
        await connection.send(json.dumps({"type": "session.update", "session": {}}))
        async for frame in connection:
            json.loads(frame)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
