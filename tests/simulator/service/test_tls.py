"""Certificates: which are served, which clients trust them, and the errors for those that cannot be
served."""

import asyncio
import hashlib
import os
import ssl
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from azure.ai.voicelive.aio import ConnectionError as SdkConnectionError
from azure.ai.voicelive.aio import connect as sdk_connect
from azure.core.credentials import AzureKeyCredential
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from voicelive_simulator.service.server import Options, Simulator
from voicelive_simulator.service.tls import (
    MOST_FILE_BYTES,
    Tls,
    TlsError,
    load_certificate,
    self_signed,
)
from voicelive_simulator.sound.tones import ToneVoice

from tests.simulator.support.websocket_frames import TARGET
from tests.simulator.support.wire_peer import wire_peer
from tests.support.control_requests import TOKEN, ask
from tests.support.deadlines import DEADLINE_S
from tests.support.voice_live_peer import dial

Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


def trusting(tls: Tls, *, strict: bool = False) -> ssl.SSLContext:
    """A client's context that trusts this certificate and no other; `strict` as Python 3.13 is by
    default."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(cadata=tls.certificate)
    if strict:
        context.verify_flags |= ssl.VERIFY_X509_STRICT
    return context


def written(
    folder: Path,
    key: Key | None = None,
    *,
    begins_days: int = -1,
    lasts_days: int = 10,
    passphrase: bytes | None = None,
) -> tuple[Path, Path]:
    """A certificate for localhost and its key, as files."""
    key = key or ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "given")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(days=begins_days))
        .not_valid_after(now + timedelta(days=begins_days + lasts_days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    encryption = (
        serialization.BestAvailableEncryption(passphrase)
        if passphrase
        else serialization.NoEncryption()
    )
    certificate_file, key_file = folder / "cert.pem", folder / "key.pem"
    certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, encryption
        )
    )
    return certificate_file, key_file


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("name", ["127.0.0.1", "localhost"])
async def test_a_client_that_trusts_the_certificate_talks(name: str, strict: bool) -> None:
    tls = self_signed("127.0.0.1")
    async with Simulator(Options(tls=tls, token=TOKEN), ToneVoice()) as simulator:
        assert simulator.url == f"wss://127.0.0.1:{simulator.port}"
        context = trusting(tls, strict=strict)
        address = f"wss://{name}:{simulator.port}"
        async with dial(address + TARGET, tls=context) as client:
            assert "session.created" in str(await asyncio.wait_for(client.recv(), DEADLINE_S))
        async with wire_peer(address, context) as bare:
            assert (await bare.frame()).kind == "session.created"
            assert bare.writer.get_extra_info("ssl_object").version() == "TLSv1.3"
        answer = await ask(simulator.port, "GET /simulator/journal", tls=context, host=name)
        assert answer.status == 200 and answer.lines


async def test_one_that_does_not_trust_it_does_not_talk() -> None:
    async with Simulator(Options(tls=self_signed("127.0.0.1")), ToneVoice()) as simulator:
        for context in (ssl.create_default_context(), trusting(self_signed("127.0.0.1"))):
            with pytest.raises(ssl.SSLCertVerificationError):
                async with dial(simulator.url + TARGET, tls=context):
                    pass
        assert simulator.host.sessions.begun == 0


async def test_the_official_sdk_talks_to_a_certificate_that_it_was_given() -> None:
    tls = self_signed("127.0.0.1")
    async with Simulator(Options(tls=tls), ToneVoice()) as simulator:
        endpoint = f"https://127.0.0.1:{simulator.port}"
        key = AzureKeyCredential("k")
        async with sdk_connect(
            endpoint=endpoint,
            credential=key,
            model="gpt-4o",
            connection_options={"vendor_options": {"ssl": trusting(tls)}},
        ) as connection:
            created = await asyncio.wait_for(connection.recv(), DEADLINE_S)
            assert created.type == "session.created"
        with pytest.raises(SdkConnectionError, match=r"(?i)certificate"):
            async with sdk_connect(endpoint=endpoint, credential=key, model="gpt-4o"):
                pass


def test_a_made_certificate_names_every_loopback_address_and_the_host() -> None:
    tls = self_signed("192.0.2.7")
    certificate = x509.load_pem_x509_certificate(tls.certificate.encode())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost"]
    assert [str(address) for address in names.get_values_for_type(x509.IPAddress)] == [
        "127.0.0.1",
        "::1",
        "192.0.2.7",
    ]
    assert not certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    der = ssl.PEM_cert_to_DER_cert(tls.certificate)
    assert tls.fingerprint.replace(":", "").lower() == hashlib.sha256(der).hexdigest()
    assert "PRIVATE" not in tls.certificate
    assert self_signed("127.0.0.1").fingerprint != self_signed("127.0.0.1").fingerprint


def test_the_made_key_stays_in_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    self_signed("127.0.0.1")
    assert list(tmp_path.iterdir()) == []


async def test_a_given_certificate_is_served(tmp_path: Path) -> None:
    files = written(tmp_path)
    tls = load_certificate(*files)
    assert tls.certificate == files[0].read_text()
    async with (
        Simulator(Options(tls=tls), ToneVoice()) as simulator,
        dial(f"wss://localhost:{simulator.port}{TARGET}", tls=trusting(tls)) as client,
    ):
        assert "session.created" in str(await asyncio.wait_for(client.recv(), DEADLINE_S))


def test_of_a_given_file_only_certificates_are_public(tmp_path: Path) -> None:
    certificate_file, key_file = written(tmp_path)
    both = tmp_path / "both.pem"
    both.write_bytes(key_file.read_bytes() + certificate_file.read_bytes())
    tls = load_certificate(both, both)
    assert tls.certificate == certificate_file.read_text()


def refused(certificate_file: Path, key_file: Path, now: datetime | None = None) -> str:
    with pytest.raises(TlsError) as error:
        load_certificate(certificate_file, key_file, now)
    sentence = str(error.value)
    assert sentence.endswith(".") and "\n" not in sentence
    return sentence


def test_a_certificate_out_of_its_time_is_refused(tmp_path: Path) -> None:
    assert "expired on" in refused(*written(tmp_path, begins_days=-20))
    assert "not valid before" in refused(*written(tmp_path, begins_days=5))


def test_a_key_that_is_not_the_certificates_is_refused(tmp_path: Path) -> None:
    certificate_file, _ = written(tmp_path)
    (tmp_path / "other").mkdir()
    _, key_file = written(tmp_path / "other")
    assert "is not that of the certificate" in refused(certificate_file, key_file)


def test_a_key_with_a_passphrase_is_refused_and_nobody_is_asked(tmp_path: Path) -> None:
    assert "passphrase" in refused(*written(tmp_path, passphrase=b"secret"))


def test_a_key_that_openssl_calls_too_weak_is_one_sentence(tmp_path: Path) -> None:
    sentence = refused(
        *written(tmp_path, rsa.generate_private_key(public_exponent=65537, key_size=1024))
    )
    assert "OpenSSL does not take" in sentence


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe\x00", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"],
)
def test_a_file_without_a_certificate_or_key_is_one_sentence(
    tmp_path: Path, content: bytes
) -> None:
    certificate_file, key_file = written(tmp_path)
    wrong = tmp_path / "wrong.pem"
    wrong.write_bytes(content)
    assert refused(wrong, key_file) == f"{wrong} holds no PEM certificate."
    assert refused(certificate_file, wrong) == f"{wrong} holds no PEM private key."


def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    certificate_file, key_file = written(tmp_path)
    assert (
        refused(tmp_path / "none.pem", key_file)
        == f"{tmp_path / 'none.pem'} cannot be read: no such file or directory."
    )
    assert "is a directory" in refused(certificate_file, tmp_path)


def test_a_device_given_by_mistake_is_not_read_for_ever(tmp_path: Path) -> None:
    if not os.path.exists("/dev/zero"):
        pytest.skip("no /dev/zero here")
    certificate_file, _ = written(tmp_path)
    assert MOST_FILE_BYTES < 2**24
    assert "no PEM private key" in refused(certificate_file, Path("/dev/zero"))
