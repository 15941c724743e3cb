"""An own certificate authority, and a server certificate of it for localhost and 127.0.0.1.

    certificates = make_certificates(tmp_path)
    ssl.create_default_context(cafile=certificates.ca)
    msal.ConfidentialClientApplication(..., verify=str(certificates.ca))
    key, cert = client_certificate("JigAjob")       # PEM, for an application's own sign-in

`REQUESTS_CA_BUNDLE` and `CURL_CA_BUNDLE`, if set, beat `verify=` of requests, and so of MSAL:
the fixture `certificates` unsets both.
"""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

if TYPE_CHECKING:
    from pathlib import Path

LIFETIME = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Certificates:
    """Paths of the CA's certificate and of the server's certificate and key, all PEM."""

    ca: Path
    server: Path
    key: Path

    def trusting(self) -> ssl.SSLContext:
        """A client's context that trusts this CA and no other."""
        return ssl.create_default_context(cafile=self.ca)

    def serving(self) -> ssl.SSLContext:
        """A server's context with the certificate for localhost."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.server, self.key)
        return context


def make_certificates(directory: Path) -> Certificates:
    """Write `ca.pem`, `srv.pem` and `srv.key` into `directory` and return where they are."""
    ca_key, key = _key(), _key()
    ca_name = _name("Test CA")
    ca = (
        _builder(ca_name, ca_name, ca_key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
        .add_extension(_identifier(ca_key), critical=False)
        .sign(ca_key, hashes.SHA256())
    )
    names = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
    server = (
        _builder(_name("localhost"), ca_name, key)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(digital_signature=True, key_encipherment=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(_identifier(key), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()),
            critical=False,
        )
        .sign(ca_key, hashes.SHA256())
    )
    made = Certificates(directory / "ca.pem", directory / "srv.pem", directory / "srv.key")
    made.ca.write_bytes(ca.public_bytes(Encoding.PEM))
    made.server.write_bytes(server.public_bytes(Encoding.PEM))
    made.key.touch(mode=0o600)
    made.key.write_bytes(_pem(key))
    return made


def client_certificate(name: str) -> tuple[bytes, bytes]:
    """The private key and the self-signed certificate of an application, both PEM."""
    key = _key()
    signed = _builder(_name(name), _name(name), key).sign(key, hashes.SHA256())
    return _pem(key), signed.public_bytes(Encoding.PEM)


def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _pem(key: rsa.RSAPrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: rsa.RSAPrivateKey
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=5))
        .not_valid_after(now + LIFETIME)
    )


def _identifier(key: rsa.RSAPrivateKey) -> x509.SubjectKeyIdentifier:
    return x509.SubjectKeyIdentifier.from_public_key(key.public_key())


def _usage(**granted: bool) -> x509.KeyUsage:
    every = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{name: granted.get(name, False) for name in every})
