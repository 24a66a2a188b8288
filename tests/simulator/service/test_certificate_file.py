"""`--tls-cert-out`: files that the call reads, and files with other contents, stay unchanged."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.deadlines import DEADLINE_S
from tests.support.simulator_process import environment, ready_line

COMMAND = [sys.executable, "-W", "error", "-m", "voicelive_simulator", "--parent"]
SCENARIO = 'name = "mine"\n[[turn]]\nsays = "Hello."\n'
EVENT = '{"n":0,"t":0.0,"dir":"received","event":{"type":"session.created","session":{}}}\n'


def call(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Its standard input is at its end, so a simulator that starts ends at once."""
    return subprocess.run(
        [*COMMAND, *map(str, arguments)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
        check=False,
        env=environment(),
    )


def refuses(out: Path, *arguments: str | Path) -> str:
    """The error's sentence; checks that the file under this name is unchanged and that no other
    file was left beside it."""
    before, beside = out.read_bytes(), sorted(os.listdir(out.parent))
    answer = call("--tls-cert-out", out, *arguments)
    assert out.read_bytes() == before
    assert sorted(os.listdir(out.parent)) == beside
    assert (answer.returncode, answer.stdout) == (2, "") and answer.stderr.count("\n") == 1
    return answer.stderr


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(
        name, name, key.public_key(), 7, now - timedelta(1), now + timedelta(1)
    )
    pem = serialization.Encoding.PEM
    (tmp_path / "cert.pem").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(pem))
    (tmp_path / "key.pem").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return tmp_path / "cert.pem", tmp_path / "key.pem"


@pytest.mark.parametrize("which", ["cert.pem", "key.pem"])
@pytest.mark.parametrize("link", ["itself", "symbolic", "hard"])
def test_the_key_and_the_certificate_of_the_call_are_kept(
    pair: tuple[Path, Path], which: str, link: str, tmp_path: Path
) -> None:
    cert, key = pair
    out = tmp_path / which
    if link != "itself":
        out = tmp_path / "out.pem"
        out.symlink_to(which) if link == "symbolic" else os.link(tmp_path / which, out)
    assert "is read by the same call" in refuses(out, "--tls-cert", cert, "--tls-key", key)


def test_the_scenario_of_the_call_is_kept(tmp_path: Path) -> None:
    scenario = tmp_path / "mine.toml"
    scenario.write_text(SCENARIO, encoding="utf-8")
    assert "is read by the same call" in refuses(scenario, "--tls", "--scenario", scenario)


def test_a_replayed_recording_is_kept_and_nothing_is_added_to_it(tmp_path: Path) -> None:
    (tmp_path / "recording").mkdir()
    events = tmp_path / "recording" / "events.jsonl"
    events.write_text(EVENT, encoding="utf-8")
    assert "is read by the same call" in refuses(events, "--tls", "--replay", events.parent)
    answer = call("--tls", "--replay", events.parent, "--tls-cert-out", events.parent / "new.pem")
    assert answer.returncode == 2 and os.listdir(events.parent) == ["events.jsonl"]


@pytest.mark.parametrize(
    "text", ["echo hello\n", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "\0"]
)
def test_a_file_that_holds_something_else_is_kept(tmp_path: Path, text: str) -> None:
    out = tmp_path / "out.pem"
    out.write_text(text, encoding="utf-8")
    assert "something else than certificates" in refuses(out, "--tls")


def test_a_key_behind_a_certificate_is_kept(pair: tuple[Path, Path], tmp_path: Path) -> None:
    both = tmp_path / "both.pem"
    both.write_bytes(b"".join(one.read_bytes() for one in pair))
    assert "something else than certificates" in refuses(both, "--tls")


def test_an_old_certificate_is_replaced_through_a_link_and_keeps_its_mode(
    pair: tuple[Path, Path], tmp_path: Path
) -> None:
    old, _ = pair
    old.chmod(0o600)
    before = old.read_bytes()
    (tmp_path / "link.pem").symlink_to(old)
    assert call("--tls", "--tls-cert-out", tmp_path / "link.pem").returncode == 0
    assert (tmp_path / "link.pem").is_symlink()
    assert old.read_bytes() != before and b"BEGIN CERTIFICATE" in old.read_bytes()
    assert old.stat().st_mode & 0o777 == 0o600
    assert sorted(os.listdir(tmp_path)) == ["cert.pem", "key.pem", "link.pem"]


def test_a_simulator_that_cannot_listen_leaves_the_certificate_of_the_other_alone(
    tmp_path: Path,
) -> None:
    out = tmp_path / "simulator.pem"
    pipe = subprocess.PIPE
    arguments = [*COMMAND, "--tls", "--tls-cert-out", str(out)]
    with subprocess.Popen(
        arguments, stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=environment()
    ) as process:
        try:
            port = ready_line(process)["port"]
            before = out.read_bytes()
            assert call("--tls", "--tls-cert-out", out, "--port", str(port)).returncode == 1
            assert out.read_bytes() == before
        finally:
            process.kill()
