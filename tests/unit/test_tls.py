"""The office's own certificate: what it may vouch for, and that the TLS port really answers with it."""

import ssl
import urllib.request
from pathlib import Path

import pytest
from cryptography import x509

from archive_svc import tls
from config.settings import Settings, load_settings


def hello(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["wsgi.url_scheme"].encode()]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load_settings(tmp_path, environment={})


def test_authority_is_kept_and_may_vouch_for_nothing_else(settings: Settings) -> None:
    files = tls.TlsFiles.of(settings)
    assert tls.load(hello, settings) is None, "no certificate, no TLS port"
    tls.make(files, office="VKS", names=["kho", "localhost"], addresses=["127.0.0.1", "192.168.1.5"])
    first = files.authority.read_bytes()
    tls.make(files, office="VKS", names=["kho"], addresses=["192.168.1.9"])
    assert files.authority.read_bytes() == first, "renewing keeps what the machines already trust"
    with pytest.raises(tls.TlsNames):
        tls.make(files, office="VKS", names=["google.com"], addresses=[])
    authority = x509.load_pem_x509_certificate(first)
    assert authority.extensions.get_extension_for_class(x509.NameConstraints).critical
    assert files.server_key.stat().st_mode & 0o077 == 0
    assert files.authority_key.stat().st_mode & 0o077 == 0


def test_the_port_answers_to_machines_that_trust_the_authority(settings: Settings) -> None:
    files = tls.TlsFiles.of(settings)
    tls.make(files, office="VKS", names=["localhost"], addresses=["127.0.0.1"])
    server = tls.load(hello, settings, host="127.0.0.1", port=18443)
    assert server is not None
    server.start()
    try:
        trusting = ssl.create_default_context(cafile=str(files.authority))
        with urllib.request.urlopen("https://localhost:18443/", context=trusting, timeout=10) as answer:
            assert answer.read() == b"https"
        with pytest.raises(OSError, match="CERTIFICATE_VERIFY_FAILED"):
            urllib.request.urlopen("https://localhost:18443/", context=ssl.create_default_context(), timeout=10)
    finally:
        server.stop()


def test_a_broken_certificate_is_told(settings: Settings) -> None:
    files = tls.TlsFiles.of(settings)
    tls.make(files, office="VKS", names=["localhost"], addresses=["127.0.0.1"])
    files.server.write_text("no certificate")
    with pytest.raises(tls.TlsUnusable):
        tls.load(hello, settings, host="127.0.0.1", port=18444)
