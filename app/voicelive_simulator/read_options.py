"""Makes the options of a simulator from its command line. Modules that are slow to import are
imported only when an argument needs them."""

from __future__ import annotations

import math
import sys
from argparse import Namespace
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from voicelive_common.addresses import Authority, read_address, read_authority

from voicelive_simulator.arguments import KEY_VARIABLE, TOKEN_VARIABLE

if TYPE_CHECKING:
    from voicelive_simulator.faults.fault import Fault
    from voicelive_simulator.replay.recording import Recording
    from voicelive_simulator.scenario.scenario import Scenario
    from voicelive_simulator.service.options import Options
    from voicelive_simulator.service.tls import Tls

LONGEST_SESSION_MINUTES = 60 * 24 * 365


class UsageError(Exception):
    """The command line asks for something impossible; the message is one sentence."""


def read_options(arguments: Namespace, environ: Mapping[str, str]) -> Options:
    """Check the parsed arguments and load what they name. Raises UsageError.

    A problem in a recording that can be served is printed to stderr.
    """
    key = _secret(arguments.key or environ.get(KEY_VARIABLE, ""), KEY_VARIABLE)
    host = _host(arguments.host, key, remote=arguments.allow_remote)
    if not 0 <= arguments.port <= 65535:
        raise UsageError(f"There is no port {arguments.port}: use 0 (any free one) to 65535.")
    if not 0 < arguments.session_minutes <= LONGEST_SESSION_MINUTES:
        raise UsageError("--session-minutes must be more than 0, and no more than a year.")
    if arguments.scenario and arguments.replay:
        raise UsageError(
            "--scenario and --replay exclude each other: a replay already has its words."
        )
    if arguments.factor is not None and not arguments.replay:
        raise UsageError("--factor belongs to --replay.")
    factor = _factor(arguments.factor)
    faults = tuple(_fault(text) for text in arguments.fault)
    scenario = _scenario(arguments.scenario) if arguments.scenario else None
    recording = _recording(Path(arguments.replay)) if arguments.replay else None
    tls = _tls(arguments, host)
    from voicelive_simulator.service.options import Options

    return Options(
        host=host,
        port=arguments.port,
        key=key,
        token=_secret(environ.get(TOKEN_VARIABLE, ""), TOKEN_VARIABLE),
        session_minutes=arguments.session_minutes,
        log=arguments.log,
        scenario=scenario,
        replay=recording,
        factor=factor,
        faults=faults,
        tls=tls,
        allowed_hosts=tuple(_allowed_host(text) for text in arguments.allow_host),
        allowed_origins=tuple(_allowed_origin(text) for text in arguments.allow_origin),
    )


def _factor(value: float | None) -> float:
    factor = 1.0 if value is None else value
    if not (math.isfinite(factor) and factor >= 0):
        raise UsageError("--factor must be 0 (no waiting) or more.")
    return factor


def _secret(value: str, name: str) -> str:
    value = value.strip()
    if not (value.isascii() and (value.isprintable() or not value)):
        raise UsageError(f"{name} must be plain ASCII: it travels in a header.")
    return value


def _host(given: str, key: str, *, remote: bool) -> str:
    """The address to listen on. Access from other machines has to be requested twice, by --host and
    by --allow-remote, and needs a key."""
    address = read_address(given)
    if address is None:
        raise UsageError(
            f"{given!r} is no address: use 127.0.0.1, ::1 or localhost; other names are not looked "
            "up."
        )
    if not address.is_loopback and not remote:
        raise UsageError(
            f"The simulator listens on loopback only, and {address} is not: use 127.0.0.1 or ::1, "
            f"or let other machines in with --allow-remote and a key."
        )
    if not address.is_loopback and not key:
        raise UsageError(
            f"A simulator that other machines can reach needs a key: set {KEY_VARIABLE}."
        )
    return str(address)


def _allowed_host(text: str) -> Authority:
    authority = read_authority(text)
    if authority is None:
        raise UsageError(
            f"--allow-host {text}: this is no host; write it as in box.local or localhost:9000."
        )
    return authority


def _allowed_origin(text: str) -> str:
    from voicelive_simulator.service.access import read_origin

    origin = read_origin(text.removesuffix("/"))
    if origin is None:
        raise UsageError(
            f"--allow-origin {text}: this is no origin; write scheme, host and port, as in "
            "http://localhost:3000."
        )
    return origin


def _fault(text: str) -> Fault:
    from voicelive_simulator.faults.catalogue import parse_fault_text
    from voicelive_simulator.faults.fault import FaultError

    try:
        return parse_fault_text(text)
    except FaultError as error:
        raise UsageError(f"--fault {text}: {error}") from None


def _scenario(name: str) -> Scenario:
    from voicelive_simulator.scenario.load import load_scenario
    from voicelive_simulator.scenario.problems import ScenarioError

    try:
        return load_scenario(name)
    except ScenarioError as error:
        raise UsageError(str(error)) from None


def _recording(folder: Path) -> Recording:
    from voicelive_simulator.replay.recording import RecordingError, load_recording

    try:
        recording = load_recording(folder)
    except RecordingError as error:
        raise UsageError(str(error)) from None
    for problem in recording.problems:
        print(f"Replay of {recording.name}: {problem}", file=sys.stderr)
    return recording


def _tls(arguments: Namespace, host: str) -> Tls | None:
    """The requested certificate; None without TLS."""
    if bool(arguments.tls_cert) != bool(arguments.tls_key):
        raise UsageError(
            "--tls-cert and --tls-key belong together; --tls alone makes a certificate."
        )
    if not (arguments.tls or arguments.tls_cert):
        if arguments.tls_cert_out:
            raise UsageError("--tls-cert-out needs --tls, or --tls-cert and --tls-key.")
        return None
    from voicelive_simulator.service.tls import TlsError, load_certificate, self_signed

    try:
        tls = (
            load_certificate(Path(arguments.tls_cert), Path(arguments.tls_key))
            if arguments.tls_cert
            else self_signed(host)
        )
    except TlsError as error:
        raise UsageError(str(error)) from None
    return tls
