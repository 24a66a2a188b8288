"""No secret leaves the program under any fault of the simulator; see test_canary.py."""

import json
import urllib.request
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

from voicelive_common.exit_codes import ExitCode
from voicelive_simulator.faults.catalogue import KINDS

from tests.support.control_requests import TOKEN
from tests.support.deadlines import DEADLINE_S
from tests.support.simulator_process import simulator_process
from tests.whole.support.canaries import HELD, KEY, spellings
from tests.whole.support.secrets_holder import SecretsHolder, is_recorded_whole

REPEATED_SECRETS = "|".join(f"{value} {spellings(value)['base64']}" for value in HELD)
"""The text of the faults that take a long one."""
AT_A_DELTA = {"on": "response.text.delta"}

TURNS_HELD = {ExitCode.OK, ExitCode.UNRECORDED}
"""The codes of a run that held its turns: a busy machine may not write everything in time."""

Fault = Mapping[str, str | int]

REFUSALS: Sequence[Fault] = (
    *(
        {"fault": "refuse", "status": status, "message": f"Not with {KEY}"}
        for status in (400, 401, 403, 404, 429, 500, 503)
    ),
    {
        "fault": "redirect",
        "location": f"https://h.example/?key={spellings(KEY)['percent-encoded']}",
    },
    {"fault": "redirect"},
)
ENDS: Sequence[Fault] = (
    *({"fault": "drop", "how": how, **AT_A_DELTA} for how in ("fin", "rst", "half-frame")),
    *(
        {"fault": "close", "code": code, "reason": f"No {KEY}", **AT_A_DELTA}
        for code in (1000, 1002, 1008, 1011, 4000)
    ),
    *({"fault": "close", "code": code, **AT_A_DELTA} for code in (1005, 1006)),
    {"fault": "expire", **AT_A_DELTA},
    {"fault": "token-expiry", "reason": f"gone: {KEY}", **AT_A_DELTA},
)
SILENCES: Sequence[Fault] = (
    {"fault": "hang"},
    {"fault": "stop-reading"},
    {"fault": "stop-pongs"},
    {"fault": "stall", "ms": 3_600_000, **AT_A_DELTA},
)
ODD_FRAMES: Sequence[Fault] = (
    *(
        {"fault": "malformed-json", "how": how}
        for how in ("cut", "comma", "nan", "two", "empty", "null")
    ),
    {"fault": "bad-utf8"},
    {"fault": "binary-frame", "how": "json"},
    {"fault": "binary-frame", "how": "random"},
    {"fault": "fragments"},
    {"fault": "giant-frame", "size_mb": 1},
    {
        "fault": "unknown-event",
        "json": json.dumps({"type": "simulator.echo", "said": REPEATED_SECRETS, KEY: 1}),
    },
    {"fault": "missing-field", "field": "delta"},
    {"fault": "surplus-field", "value": json.dumps({"said": REPEATED_SECRETS})},
    {"fault": "wrong-type", "field": "delta", "value": json.dumps([REPEATED_SECRETS])},
    {"fault": "duplicate-delta"},
    {"fault": "late-delta"},
    {"fault": "lost-delta"},
    {"fault": "reordered-delta"},
    {"fault": "truncated-base64", "field": "delta"},
)
SLOW: Sequence[Fault] = (
    {"fault": "jitter", "ms": 5},
    {"fault": "slow-drip", "bytes_per_s": 1_000_000},
)
UNSEEN: Sequence[Fault] = ({"fault": "keep-detecting"},)
"""Turns are detected in these sessions, so nothing is ignored."""
ALL: Sequence[Fault] = (*REFUSALS, *ENDS, *SILENCES, *ODD_FRAMES, *SLOW, *UNSEEN)


def test_every_fault_of_the_simulator_is_among_them() -> None:
    assert {fault["fault"] for fault in ALL} == set(KINDS)


def control(url: str, method: str, path: str) -> None:
    """Send a request to the simulator's control path."""
    request = urllib.request.Request(
        f"{url}/simulator/{path}", method=method, headers={"Authorization": f"Bearer {TOKEN}"}
    )
    with urllib.request.urlopen(request, timeout=DEADLINE_S) as answer:
        assert answer.status == 200


def under_faults(holder: SecretsHolder, faults: Sequence[Fault], *more: str) -> list[ExitCode]:
    """The exit codes of one run under each of these faults, with a simulator that accepts only the
    canary as key."""
    codes = []
    with simulator_process(
        "--port", "0", extra={"VOICELIVE_SIMULATOR_KEY": KEY, "VOICELIVE_SIMULATOR_TOKEN": TOKEN}
    ) as ready:
        url = f"http://127.0.0.1:{ready['port']}"
        for fault in faults:
            control(url, "POST", f"faults?{urlencode(fault)}")
            codes.append(holder.run(url, "--json", "--no-reconnect", *more))
            control(url, "DELETE", "faults")
        assert holder.run(url) in TURNS_HELD  # the key is really sent
    return codes


def test_sessions_that_fail_in_every_way_of_the_simulator_show_no_secret(
    holder: SecretsHolder,
) -> None:
    with ThreadPoolExecutor(4) as pool:
        refused = pool.submit(under_faults, holder, REFUSALS)
        ended = [pool.submit(under_faults, holder, faults) for faults in (ENDS[::2], ENDS[1::2])]
        silent = pool.submit(under_faults, holder, SILENCES, "--timeout", "1")
        assert TURNS_HELD.isdisjoint(refused.result())
        assert {code for each in ended for code in each.result()} == {ExitCode.CLOSED}
        assert ExitCode.REFUSED not in silent.result()
    assert holder.leaks() == {}


def test_odd_and_slow_frames_show_no_secret(holder: SecretsHolder) -> None:
    scenario = holder.program.home / "long.toml"
    scenario.write_text(
        f'name = "Long"\n[[turn]]\nturn = 1\nsays = {json.dumps("and so on " * 100)}\n'
    )
    odd = [
        text
        for n, fault in enumerate(ODD_FRAMES)
        for text in ("--fault", fault_option({**fault, **AT_A_DELTA, "after": 2 * n}))
    ]
    slow = [text for fault in (*SLOW, *UNSEEN) for text in ("--fault", fault_option(fault))]
    with simulator_process("--port", "0", "--scenario", str(scenario), *odd, *slow) as ready:
        url = f"http://127.0.0.1:{ready['port']}"
        arguments = ("--json", "--timeout", str(DEADLINE_S))
        assert is_recorded_whole(lambda: holder.run(url, *arguments))
    recorded = "".join(path.read_text() for path in holder.program.home.rglob("events.jsonl"))
    assert "simulator.echo" in recorded and "surplus_field" in recorded
    assert holder.leaks() == {}


def fault_option(fault: Fault) -> str:
    """The fault as a command-line option. Texts are JSON, so that their commas do not separate
    parameters."""
    name, *rest = fault.items()
    return f"{name[1]}:" + ",".join(f"{key}={value}" for key, value in rest)
