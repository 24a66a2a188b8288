"""The sound of this machine behind a real sshd, by the modules of `voicelive-tui ssh`, for
measurements that need no console there."""

from collections.abc import Iterator
from contextlib import contextmanager

from voicelive_common.redaction.secret import Secret
from voicelive_tui.audio.client.link_address import LinkAddress
from voicelive_tui.ssh.arguments import parse
from voicelive_tui.ssh.link import open_link
from voicelive_tui.ssh.master import connect

from tests.support.near_side import TOKEN, listening
from tests.support.slow_link import SlowLink
from tests.support.ssh_server import HOST, SshServer


@contextmanager
def ssh_link(server: SshServer, relay: SlowLink, *options: str) -> Iterator[LinkAddress]:
    """Forward the sound of this machine over one SSH connection by way of the relay, until the
    block ends. options: more options for ssh. Returns where the console on the server finds it."""
    port = relay.address[1] if isinstance(relay.address, tuple) else None
    arguments = parse([*server.options(port=port), *options, HOST])
    folder = server.folder / "near"
    folder.mkdir(exist_ok=True)
    with listening(folder, token=TOKEN) as near:
        master = connect(arguments, folder)
        try:
            assert not isinstance(near, tuple)
            link = open_link(master, arguments, name=None, token=TOKEN, local=near, note=print)
            yield LinkAddress(link.side.folder, Secret(TOKEN))
            link.close(master, remove=True)
        finally:
            master.close()
