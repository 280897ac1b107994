"""TLS with the office's own certificate, so that court mode goes on without the server.

A browser keeps offline copies only of pages that came by https (or from the machine itself). The office has no
Internet, so no public authority can vouch for its server: ``archive tls`` makes a small authority of the office's own,
which may vouch for nothing but this server's names and private addresses, and a certificate signed by it.

waitress speaks no TLS; cheroot (CherryPy's server, pure Python, Windows and Linux) does, and runs beside it in the same
process with the same application. A proxy (nginx, Caddy) would be one more program to install and keep on each machine.
"""

import contextlib
import ipaddress
import os
import socket
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from config.errors import EXIT_UNABLE, ArchiveError
from config.settings import Settings
from storage.vault import durable_replacement

FOLDER = "tls"
AUTHORITY_YEARS, SERVER_DAYS = 15, 820
#: private networks (RFC 1918, RFC 4193, link-local) and the machine itself
PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8", "fc00::/7", "::1/128")
_A_DAY = timedelta(days=1)


class TlsNames(ArchiveError):
    """The office's authority may not vouch for the name asked for."""

    code = "TLS-NAMES"
    vi = "Chứng thư gốc không bảo đảm cho tên {names}. Chứng thư cũ vẫn dùng được. Chạy: archive tls --new-authority"
    en = "The office's authority may not vouch for {names}. The old certificate stays. Run: archive tls --new-authority"


class TlsUnusable(ArchiveError):
    """The certificate or its key cannot be read or does not fit."""

    code = "TLS-UNUSABLE"
    vi = "Không dùng được chứng thư trong {path}: {why}. Kho vẫn mở qua cổng thường. Chạy lại: archive tls"
    en = "The certificate in {path} cannot be used: {why}. The plain port still works. Run archive tls again."
    exit_code = EXIT_UNABLE


@dataclass(frozen=True, slots=True)
class TlsFiles:
    """Where authority and server certificate lie; ``archive backup`` keeps this folder."""

    folder: Path

    @staticmethod
    def of(settings: Settings) -> "TlsFiles":
        """The files of an archive."""
        return TlsFiles(settings.data / FOLDER)

    @property
    def authority(self) -> Path:
        """Certificate of the office's authority: the file that machines are to trust."""
        return self.folder / "chung-thu-goc.crt"

    @property
    def authority_key(self) -> Path:
        """Key of the authority."""
        return self.folder / "authority.key"

    @property
    def server(self) -> Path:
        """Certificate of the server, followed by that of the authority."""
        return self.folder / "server.crt"

    @property
    def server_key(self) -> Path:
        """Key of the server."""
        return self.folder / "server.key"

    @property
    def is_configured(self) -> bool:
        """Whether a certificate was made."""
        return self.server.is_file() and self.server_key.is_file()


def own_names(settings: Settings) -> list[str]:
    """Names other machines may use for this one: the setting, the host's name, and localhost."""
    host = socket.gethostname().lower()
    return list(dict.fromkeys(name for name in (settings.server_name.lower(), host, "localhost") if name))


def own_addresses() -> list[str]:
    """Addresses of this machine in private networks, and 127.0.0.1."""
    found = {"127.0.0.1"}
    with contextlib.suppress(socket.gaierror):  # a host that does not know its own name: give addresses by hand
        found |= {str(info[4][0]) for info in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    return sorted(address for address in found if _is_private(address))


def make(
    files: TlsFiles, *, office: str, names: Sequence[str], addresses: Sequence[str], new_authority: bool = False,
    moment: datetime | None = None,
) -> x509.Certificate:
    """Make (or renew) the server's certificate; the authority is made once and kept.

    :raises TlsNames: the authority there is may not vouch for these names.
    """
    moment = moment or datetime.now(UTC)
    files.folder.mkdir(parents=True, exist_ok=True)
    if new_authority or not (files.authority.is_file() and files.authority_key.is_file()):
        _make_authority(files, office, names, moment)
    authority = x509.load_pem_x509_certificate(files.authority.read_bytes())
    key = serialization.load_pem_private_key(files.authority_key.read_bytes(), None)
    foreign = [name for name in names if name not in _permitted_names(authority)]
    if foreign:
        raise TlsNames(names=", ".join(foreign))
    server_key = ec.generate_private_key(ec.SECP256R1())
    builder = (
        _builder(names[0], authority.subject, server_key, moment, timedelta(days=SERVER_DAYS))
        .add_extension(x509.SubjectAlternativeName(_general_names(names, addresses)), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key()), critical=False)  # type: ignore[arg-type]
    )
    certificate = builder.sign(key, hashes.SHA256())  # type: ignore[arg-type]
    _write_key(files.server_key, server_key)
    _write(files.server, _pem(certificate) + _pem(authority))
    return certificate


def fingerprint(path: Path) -> str:
    """SHA-256 of a certificate, as Windows and browsers show it."""
    digest = x509.load_pem_x509_certificate(path.read_bytes()).fingerprint(hashes.SHA256())
    return digest.hex(":").upper()


class TlsServer:
    """The TLS port beside the plain one, in a thread of its own."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self._thread = threading.Thread(target=server.serve, name="tls", daemon=True)

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Finish open requests and stop."""
        self._server.stop()
        self._thread.join(timeout=5)


def load(app: Any, settings: Settings, *, host: str | None = None, port: int | None = None) -> TlsServer | None:
    """A server for ``app`` on the TLS port, listening but not yet answering; None while no certificate was made.

    :raises TlsUnusable: certificate and key cannot be used, or the port is taken.
    """
    files = TlsFiles.of(settings)
    if not files.is_configured:
        return None
    from cheroot.ssl.builtin import BuiltinSSLAdapter
    from cheroot.wsgi import Server

    server = Server((host or settings.host, port or settings.tls_port), app, numthreads=8, server_name="")
    server.max_request_body_size = settings.max_file_mb * 2**21
    try:
        server.ssl_adapter = BuiltinSSLAdapter(str(files.server), str(files.server_key))
        server.prepare()
    except OSError as error:  # ssl.SSLError is one too
        raise TlsUnusable(path=files.folder, why=error) from error
    return TlsServer(server)


def _make_authority(files: TlsFiles, office: str, names: Sequence[str], moment: datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = _subject(f"Kho hồ sơ số – {office}"[:64])
    networks = [x509.IPAddress(ipaddress.ip_network(net)) for net in PRIVATE]
    permitted = [*(x509.DNSName(name) for name in names), *networks]
    certificate = (
        _builder(subject, subject, key, moment, timedelta(days=365 * AUTHORITY_YEARS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.NameConstraints(permitted_subtrees=permitted, excluded_subtrees=None), critical=True)
        .add_extension(x509.KeyUsage(False, False, False, False, False, True, True, False, False), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    _write_key(files.authority_key, key)
    _write(files.authority, _pem(certificate))


def _builder(
    subject: str | x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, moment: datetime, lasts: timedelta
) -> x509.CertificateBuilder:
    # a day back: the clocks of an office without Internet do not agree
    return (
        x509.CertificateBuilder()
        .subject_name(_subject(subject) if isinstance(subject, str) else subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(moment - _A_DAY)
        .not_valid_after(moment + lasts)
    )


def _subject(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _general_names(names: Sequence[str], addresses: Sequence[str]) -> list[x509.GeneralName]:
    return [*(x509.DNSName(name) for name in names),
            *(x509.IPAddress(ipaddress.ip_address(address)) for address in addresses)]


def _permitted_names(authority: x509.Certificate) -> set[str]:
    constraints = authority.extensions.get_extension_for_class(x509.NameConstraints).value
    return {name.value for name in constraints.permitted_subtrees or [] if isinstance(name, x509.DNSName)}


def _is_private(address: str) -> bool:
    return any(ipaddress.ip_address(address) in ipaddress.ip_network(net) for net in PRIVATE)


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _write(path: Path, data: bytes) -> None:
    with durable_replacement(path) as out:
        out.write(data)


def _write_key(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    data = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.unlink(missing_ok=True)
    # readable by the service's account from the first byte on
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(data)
