"""A fixture with one sshd for the whole run."""

from collections.abc import Iterator

import pytest

from tests.support.ssh_server import SshServer, ssh_server


@pytest.fixture(scope="session")
def shared_ssh_server() -> Iterator[SshServer]:
    """One server for all tests that leave it as it was: without links, consoles and sessions."""
    with ssh_server() as running:
        yield running
