"""Whose certificates are taken."""

from __future__ import annotations

import os
import re
import ssl
from pathlib import Path

from warehouse_sync_pulumi.api.network import trusted_authorities
from warehouse_sync_pulumi.errors import SettingError

from .finding import Finding, Where

__all__ = ["certificates"]

_SUBJECT = "certificates"


def certificates() -> Finding:
    """The authorities that are trusted, those of the environment as OpenSSL finds them."""
    file, folders = os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")
    if not file and not folders:
        return Finding(_SUBJECT, f"the public authorities and the system's, {ssl.OPENSSL_VERSION}")
    try:
        trusted_authorities()
    except SettingError as error:
        return Finding(_SUBJECT, str(error), "name a PEM file of certificates, or unset it", Where.SETTINGS)
    if folders and not any(_holds_certificates(Path(folder)) for folder in folders.split(os.pathsep)):
        said = f"SSL_CERT_DIR is {folders!r}, which holds no certificates under the names of their hashes"
        advice = f"`openssl rehash {folders}` gives them these names; or unset it"
        return Finding(_SUBJECT, said, advice, None if file else Where.SETTINGS)
    named = {"SSL_CERT_FILE": file, "SSL_CERT_DIR": folders}
    said = " and ".join(f"{variable} {value}" for variable, value in named.items() if value)
    return Finding(_SUBJECT, f"only the authorities of {said}")


def _holds_certificates(folder: Path) -> bool:
    """Whether OpenSSL finds one in it: only a file that is named by the hash of its subject is looked for."""
    try:
        files = list(folder.iterdir())
    except OSError:
        return False
    return any(re.fullmatch(r"[0-9a-f]{8}\.\d+", file.name) and _is_certificate(file) for file in files)


def _is_certificate(file: Path) -> bool:
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=file)
    except OSError:  # ssl.SSLError is one
        return False
    return True
