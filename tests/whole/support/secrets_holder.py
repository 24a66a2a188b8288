"""The program with every secret that it can hold; for the tests that none of them leaves it."""

from collections.abc import Callable, Mapping
from itertools import count

from voicelive_common.exit_codes import ExitCode

from tests.support.hostile_servers import Handler, serving_beside
from tests.support.program import Program
from tests.support.signals import write_wav
from tests.whole.support.canaries import KEY, PROFILE, canaries_in, canaries_in_files, environment

_ATTEMPTS = 3
WRITTEN_BY_THE_USER = frozenset({".env", "profiles/caged.toml"})


class SecretsHolder:
    """The program with every secret that it can hold, and checks of what it shows of them."""

    def __init__(self, program: Program) -> None:
        self.program = program
        program.profile("caged", PROFILE)
        self.silence = str(write_wav(program.home / "silence.wav", bytes(48_000)))
        """A sound file that makes no turn, so that a run with it waits."""
        self._numbers = count()

    def run(
        self,
        url: str,
        *more: str,
        profile: str = "caged",
        variables: Mapping[str, str] | None = None,
    ) -> ExitCode:
        """Hold a typed turn with the service at `url`, or wait for one with a --mic. Asserts that
        no canary is printed or logged."""
        log = self.program.home / f"log-{next(self._numbers)}"
        turn = (
            ()
            if "--mic" in more
            else ("--text", f"I say {KEY}" if variables is None else "I know no key")
        )
        arguments = ("run", profile, *turn, "--speaker", "none", "--log", log, *more)
        done = self.program.run(
            *arguments, environment=environment(url) if variables is None else variables
        )
        assert (canaries_in(done.stdout), canaries_in(done.stderr)) == ([], []), more
        assert log.is_file() and canaries_in(log.read_bytes()) == []
        assert "Traceback" not in done.stderr and done.returncode != ExitCode.INTERNAL, done.stderr
        return ExitCode(done.returncode)

    def leaks(self) -> Mapping[str, list[str]]:
        """The canaries in files that the program wrote."""
        return canaries_in_files(self.program.home, but=WRITTEN_BY_THE_USER)


def run_with(holder: SecretsHolder, handler: Handler, *more: str) -> ExitCode:
    """Hold a run with this service; returns its exit code."""
    with serving_beside(handler) as server:
        code = holder.run(server.url, *more)
        assert f"api-key: {KEY}" in server.requests[0]
    return code


def is_recorded_whole(hold: Callable[[], ExitCode]) -> bool:
    """Hold a run again until one is recorded as a whole, because a busy machine may not write
    everything in time. Returns False if none is."""
    return any(hold() is not ExitCode.UNRECORDED for _ in range(_ATTEMPTS))
