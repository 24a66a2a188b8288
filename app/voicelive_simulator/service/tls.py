"""The server's certificate: a given one, or a self-signed one that is made at the start and kept in
memory.

Invariant: a private key that is made here is in a file only while OpenSSL loads it, in a folder
that nobody else can enter.
"""

from __future__ import annotations

import ssl
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from voicelive_common.addresses import read_address

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
    from cryptography.x509 import Certificate, GeneralName

MOST_FILE_BYTES = 2**20
# The key is discarded with the process, so the certificate is of no use after its end.
_LASTS = timedelta(days=90)
_NAMES = ("localhost", "127.0.0.1", "::1")


class TlsError(Exception):
    """The certificate cannot be served; the message is one sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Tls:
    """A certificate ready to be served. `certificate` is the public part in PEM, with its chain;
    `fingerprint` is its SHA-256 in OpenSSL's notation."""

    context: ssl.SSLContext = field(repr=False)
    certificate: str = field(repr=False)
    fingerprint: str


def self_signed(host: str, now: datetime | None = None) -> Tls:
    """Make a new certificate for `host` and every name of loopback."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _signed_certificate(key, host, now or datetime.now(UTC))
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ) + certificate.public_bytes(serialization.Encoding.PEM)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory(prefix="voicelive-simulator-") as folder:  # 0700
        path = Path(folder, "pair.pem")
        path.touch(mode=0o600)
        path.write_bytes(pem)
        context.load_cert_chain(path)
    return _tls(context, [certificate])


def _signed_certificate(key: EllipticCurvePrivateKey, host: str, now: datetime) -> Certificate:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

    public = key.public_key()
    name = x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, "voicelive-tui simulator, not Azure")]
    )
    # The key usages that a strict verifier (Python 3.13, Go, rustls) requires of a leaf that is
    # trusted directly. A CA certificate could sign others.
    usage = x509.KeyUsage(True, False, False, False, False, False, False, False, False)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _LASTS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(_alternative_names(host)), critical=False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(public), critical=False)
        .sign(key, hashes.SHA256())
    )


def load_certificate(certificate_file: Path, key_file: Path, now: datetime | None = None) -> Tls:
    """Load the certificate (leaf first, then its chain) and the private key from these PEM files.
    Raises TlsError."""
    from cryptography import x509
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        chain = x509.load_pem_x509_certificates(_read(certificate_file))
    except ValueError:
        raise TlsError(f"{certificate_file} holds no PEM certificate.") from None
    pem = _read(key_file)
    try:
        key = load_pem_private_key(pem, password=None)
    except TypeError:
        raise TlsError(
            f"The key in {key_file} is protected by a passphrase; give one without."
        ) from None
    except (ValueError, UnsupportedAlgorithm):
        raise TlsError(f"{key_file} holds no PEM private key.") from None
    leaf = chain[0]
    if key.public_key() != leaf.public_key():
        raise TlsError(
            f"The key in {key_file} is not that of the certificate in {certificate_file}."
        )
    _check_dates(leaf, certificate_file, now or datetime.now(UTC))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        context.load_cert_chain(certificate_file, key_file)
    except (ssl.SSLError, OSError) as error:
        reason = getattr(error, "reason", None) or error.strerror
        raise TlsError(
            f"OpenSSL does not take the certificate in {certificate_file} ({reason})."
        ) from None
    return _tls(context, chain)


def _check_dates(leaf: Certificate, path: Path, now: datetime) -> None:
    if now > leaf.not_valid_after_utc:
        raise TlsError(
            f"The certificate in {path} expired on {leaf.not_valid_after_utc:%Y-%m-%d}; make a new "
            "one."
        )
    if now < leaf.not_valid_before_utc:
        raise TlsError(
            f"The certificate in {path} is not valid before {leaf.not_valid_before_utc:%Y-%m-%d}."
        )


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MOST_FILE_BYTES)
    except OSError as error:
        raise TlsError(
            f"{path} cannot be read: {(error.strerror or 'unknown error').lower()}."
        ) from None


def _alternative_names(host: str) -> list[GeneralName]:
    from cryptography import x509

    names: list[GeneralName] = []
    for name in dict.fromkeys((*_NAMES, host)):
        address = None if name == "localhost" else read_address(name)
        # Nobody connects to 0.0.0.0, and the addresses used instead are not known here.
        if address is not None and not address.is_unspecified:
            names.append(x509.IPAddress(address))
        elif address is None:
            names.append(x509.DNSName(name))
    return names


def _tls(context: ssl.SSLContext, chain: Sequence[Certificate]) -> Tls:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.serialization import Encoding

    pem = "".join(certificate.public_bytes(Encoding.PEM).decode() for certificate in chain)
    return Tls(context, pem, chain[0].fingerprint(hashes.SHA256()).hex(":").upper())
