"""The fixtures of the tests of the whole program."""

import pytest

from tests.support.program import Program
from tests.whole.support.secrets_holder import SecretsHolder


@pytest.fixture
def holder(program: Program) -> SecretsHolder:
    return SecretsHolder(program)
