"""Measures how well the causes of interruptions are told, on the virtual sound card: voices, voices
over an echo, the answer's own echo at several delays and levels, coughs and doors, the user's
command, and a service that cuts on its own.

    python -m tests.bench.causes [--each N]

Prints each class with how many of its cuts were told right and as what the others were told, and
the range of the coefficient of resemblance. 20 of each class take about ten minutes. The command
fails if less than 95 % of a class are told right, or a voice is ever told as an echo.
"""

import argparse
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.support.cut_answers import CutAnswers, cut_answers
from tests.support.interruptions import SENTENCES, VOICES, Sound, cough, door, spoken
from tests.support.virtual_sound import VirtualSound, missing

DELAYS_MS = (40, 100, 160, 250, 350)
LEVELS_DB = (-6.0, -12.0, -18.0, -24.0)
AFTER_MS = (350, 450, 600, 800)
"""From the beginning of a sound to the service's detection."""
FAINT_ECHO = (80, -20.0)
LEAST_RIGHT = 0.95
VOICE_OVER_ECHO = "voice over echo"


@dataclass
class Told:
    """What the cuts of one class were told as, and the coefficients."""

    as_: Counter[str] = field(default_factory=Counter)
    echoes: list[float] = field(default_factory=list)

    def share(self, right: str) -> float:
        """The share of the cuts that were told right."""
        return self.as_[right] / max(1, self.as_.total())


def voice(number: int) -> Sound:
    """A sentence in one of the voices, at one of several pitches and levels."""
    name, sentence = VOICES[number % len(VOICES)], SENTENCES[number % len(SENTENCES)]
    return spoken(
        sentence, name, pitch=0.9 + 0.05 * (number % 5), level_dbfs=-20.0 - 4 * (number % 3)
    )


def noise(number: int) -> Sound:
    """A cough or a door."""
    level_dbfs = -12.0 - 4 * (number % 4)
    return cough(number, level_dbfs) if number % 2 else door(number, level_dbfs)


def classes(answers: CutAnswers) -> Iterator[tuple[str, str, Callable[[int], str]]]:
    """Each class with its cause and what makes and tells one cut of it."""

    def by_voice(number: int) -> str:
        return answers.by_sound(voice(number), AFTER_MS[number % len(AFTER_MS)]).cut_by

    def over_echo(number: int) -> str:
        with answers.echo(*FAINT_ECHO):
            return answers.by_sound(voice(number), AFTER_MS[number % len(AFTER_MS)], 0.08).cut_by

    def by_echo(number: int) -> str:
        delay_ms = DELAYS_MS[number % len(DELAYS_MS)]
        level_db = LEVELS_DB[number // len(DELAYS_MS) % len(LEVELS_DB)]
        with answers.echo(delay_ms, level_db):
            return answers.by_detection(0.3 + 0.2 * (number % 7)).cut_by

    yield "voice", "voice", by_voice
    yield VOICE_OVER_ECHO, "voice", over_echo
    yield "echo", "echo", by_echo
    yield (
        "cough, door",
        "noise",
        lambda number: answers.by_sound(noise(number), AFTER_MS[number % 3]).cut_by,
    )
    yield "command", "user", lambda number: answers.by_command().cut_by
    yield "service", "service", lambda number: answers.by_detection(0.1 * number).cut_by


def row(name: str, told: Told, right: str) -> str:
    """One line of the table."""
    others = ", ".join(f"{count} {by}" for by, count in told.as_.items() if by != right)
    echoes = f"{min(told.echoes):.2f} to {max(told.echoes):.2f}" if told.echoes else "-"
    count = f"{told.as_[right]}/{told.as_.total()}"
    return f"{name:<16} {count:>7} {100 * told.share(right):>5.0f} %  {echoes:<13} {others}"


def measure(answers: CutAnswers, each: int) -> bool:
    """Cut `each` answers of each class and print the table. Returns whether that is good enough."""
    print(f"{'class':<16} {'right':>7} {'':>7}  {'resemblance':<13} told as", flush=True)
    good = True
    for name, right, cut in classes(answers):
        told = Told()
        for number in range(each):
            told.as_[cut(number)] += 1
            record = answers.records()[-1]
            told.echoes += [record["echo"]] if "echo" in record else []
        print(row(name, told, right), flush=True)
        good &= told.share(right) >= LEAST_RIGHT
        good &= right != "voice" or not told.as_["echo"]
    return good


def main(argv: Sequence[str] | None = None) -> int:
    """Measure on a card of its own."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.causes", description=__doc__)
    parser.add_argument("--each", type=int, default=20, help="cuts of each class (20)")
    arguments = parser.parse_args(argv)
    if reason := missing():
        print(reason)
        return 1
    with tempfile.TemporaryDirectory() as folder, VirtualSound() as card:
        os.environ.update(card.environment)
        with cut_answers(Path(folder), card) as answers:
            return 0 if measure(answers, arguments.each) else 1


if __name__ == "__main__":
    sys.exit(main())
