"""Writes the public certificate for clients, without harming files that the same call reads or
files with other contents.

Invariant: the file under that name is complete at every moment, either the old one or the new one.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

MOST_BYTES = 2**20
_CERTIFICATES = re.compile(
    rb"\s*(?:-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*)*"
)
_NEW = (
    os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
)


class CertificateFileError(Exception):
    """The certificate was not written, and nothing on the disk was changed; the message is one
    sentence."""


def write_certificate(path: Path, pem: str, inputs: Iterable[Path]) -> None:
    """Write `pem` to `path`, or to the target of a link of this name. Raises CertificateFileError.

    An existing file is replaced only when it contains nothing but certificates; it keeps its mode.
    inputs: files and folders that the same call reads; neither they, under whatever name, nor the
    contents of the folders are replaced.
    """
    try:
        target = Path(os.path.realpath(path))
        old = _stat(target)
        if any(target.is_relative_to(os.path.realpath(one)) for one in inputs) or (
            old and _is_among(old, inputs)
        ):
            raise CertificateFileError(
                f"--tls-cert-out {path} is read by the same call and would be lost; name another "
                "file."
            )
        if old and not _holds_only_certificates(target, old):
            raise CertificateFileError(
                f"--tls-cert-out {path} holds something else than certificates; name another file."
            )
        _replace(target, pem.encode("ascii"), stat.S_IMODE(old.st_mode) if old else None)
    except OSError as error:
        reason = (error.strerror or "unknown error").lower()
        raise CertificateFileError(
            f"The certificate cannot be written to {path}: {reason}."
        ) from None


def _stat(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _is_among(file: os.stat_result, inputs: Iterable[Path]) -> bool:
    for path in _files(inputs):
        with contextlib.suppress(OSError):
            if os.path.samestat(file, path.stat()):
                return True
    return False


def _files(inputs: Iterable[Path]) -> Iterator[Path]:
    for path in inputs:
        yield path
        for folder, _, names in os.walk(path):
            yield from (Path(folder, name) for name in names)


def _holds_only_certificates(path: Path, file: os.stat_result) -> bool:
    """Whether the file contains only certificates. An empty file does: nothing in it could be
    lost."""
    if not stat.S_ISREG(file.st_mode) or file.st_size > MOST_BYTES:
        return False
    return _CERTIFICATES.fullmatch(path.read_bytes()) is not None


def _replace(path: Path, data: bytes, mode: int | None) -> None:
    partial = path.with_name(f".{path.name[:200]}.{os.getpid()}.unfinished")
    fd = os.open(partial, _NEW, 0o666 if mode is None else mode)
    try:
        with open(fd, "wb") as file:
            file.write(data)
        if mode is not None:
            partial.chmod(mode)
        os.replace(partial, path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise
