"""Recorded sessions as another program may have written them, line by line."""

import json
from pathlib import Path

from voicelive_tui.journal.reader import Recorded


def written(
    folder: Path,
    lines: list[str],
    *,
    profile: str = 'name = "Fine"\n',
    meta: str = 'title = "Fine"\n',
) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / "events.jsonl").write_bytes(
        "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogatepass")
    )
    (folder / "profile.toml").write_bytes(profile.encode("utf-8", "surrogatepass"))
    (folder / "meta.toml").write_bytes(meta.encode("utf-8", "surrogatepass"))
    return folder


def marker(n: int) -> str:
    return json.dumps(
        {"n": n, "t": 1.0, "dir": "received", "event": {"type": "marker", "number": n}},
        separators=(",", ":"),
    )


def markers(recorded: Recorded) -> list[int]:
    events = (recorded.index.record(n).event for n in range(recorded.index.count))
    return [event["number"] for event in events if event.get("type") == "marker"]
