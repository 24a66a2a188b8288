"""What ends `voicelive-tui ssh` before the console runs."""

from typing import Final

from voicelive_common.exit_codes import ExitCode

SSH_FAILED: Final = 255
"""The exit code with which `ssh` reports a failure of its own."""


class SshError(Exception):
    """The command cannot go on. The text is one sentence with the cure; `code` is the exit code."""

    def __init__(self, sentence: str, code: ExitCode = ExitCode.USAGE) -> None:
        super().__init__(sentence)
        self.code = code
