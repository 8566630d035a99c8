"""Certificates for a test, made with the `openssl` program."""

import shutil
import ssl
import subprocess
from pathlib import Path

import pytest


def certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """A certificate that vouches for itself, for an address or a name such as `IP:127.0.0.1`, and its key."""
    program = shutil.which("openssl")
    if program is None:
        pytest.skip("needs the openssl program")
    paths = folder / "certificate.pem", folder / "key.pem"
    command = [program, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-days", "2", "-subj", "/CN=test", "-addext", f"subjectAltName={name}"]
    command += ["-out", str(paths[0]), "-keyout", str(paths[1])]
    subprocess.run(command, check=True, capture_output=True)
    return paths


def encryption(folder: Path, name: str) -> tuple[ssl.SSLContext, Path]:
    """What a server encrypts with, and the file that a client has to trust."""
    folder.mkdir(parents=True, exist_ok=True)
    chain, key = certificate(folder, name)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain, key)
    return context, chain
