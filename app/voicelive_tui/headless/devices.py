"""`voicelive-tui devices`: prints the microphones and speakers as a table."""

import os
import socket
from collections.abc import Sequence

from voicelive_common.exit_codes import ExitCode
from voicelive_common.printable import printable

from voicelive_tui.engine.config.settings import Settings
from voicelive_tui.engine.engine import DevicesUnavailable, Engine
from voicelive_tui.headless.output_streams import print_line, print_note
from voicelive_tui.headless.sound_source import sound_source
from voicelive_tui.model.session.snapshot import SoundLink
from voicelive_tui.model.sound_devices import Devices

HEADER = ("", "name", "through", "in", "out", "rate")


def devices(settings: Settings) -> ExitCode:
    """Print the table; without a device, one sentence with the cure. Returns the exit code."""
    try:
        found, link = ask_devices(settings)
    except DevicesUnavailable as error:
        print_note(str(error))
        return ExitCode.SOUND
    if found.problem:
        print_note(found.problem)
        return ExitCode.SOUND
    source = sound_source(link, os.environ, socket.gethostname(), over_ssh=settings.over_ssh)
    if source.elsewhere:
        print_note(f"These are {source.text}.")
    if not found.devices:
        print_note(
            f"{link.machine if link else 'This machine'} has no sound device; plug one in, or use "
            "files: --mic FILE.wav --speaker FILE.wav."
        )
        return ExitCode.SOUND
    for line in table(found):
        print_line(line)
    return ExitCode.OK


def ask_devices(settings: Settings, *, measure: bool = False) -> tuple[Devices, SoundLink | None]:
    """The audio devices that sessions use, and the link to the machine that has them; None for this
    one. measure: take a second to measure the link. Raises DevicesUnavailable."""
    engine = Engine(settings)
    engine.start()
    try:
        return engine.devices_and_link(measure=measure)
    finally:
        engine.close()


def table(found: Devices) -> list[str]:
    """The lines of the table: a header, then one line per device. The first column marks the
    default microphone and the default speaker."""
    rows: list[Sequence[str]] = [HEADER]
    for device in found.devices:
        mark = ("mic" if device.default_input else "") + (
            "+" if device.default_input and device.default_output else ""
        )
        mark += "speaker" if device.default_output else ""
        channels = [
            str(count) if count else "-"
            for count in (device.input_channels, device.output_channels)
        ]
        rows.append(
            (
                mark,
                printable(device.name),
                printable(device.host_api),
                *channels,
                f"{device.default_rate_hz} Hz",
            )
        )
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADER))]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]
