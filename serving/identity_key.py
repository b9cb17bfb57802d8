"""The key of the file of identifying values: 32 random bytes, from the environment or a file of mode 0600.

`FORECOURT_IDENTITY_KEY` (base64) wins; else the file `identity_key_file` of the settings, by default
`<data>/identity.key`. Only the default file is ever made here: a key that somebody configured is theirs.
From the one key two are derived (HKDF-SHA256, RFC 5869): one seals values, one makes the digests by which
unchanged rows are known.
"""

import base64
import binascii
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from serving.errors import IdentityKeyMissing
from serving.settings import ReaderSettings

_BYTES = 32


@dataclass(frozen=True)
class IdentityKey:
    """A key and what is derived from it. `name` tells keys apart and gives nothing of them away."""

    secret: bytes

    def __repr__(self) -> str:
        return f"IdentityKey({self.name})"

    @property
    def name(self) -> str:
        """8 bytes in hexadecimal, written into each file that the key seals."""
        return self._derived(b"name", 8).hex()

    @property
    def sealing(self) -> bytes:
        """The key of AES-256-GCM."""
        return self._derived(b"seal", _BYTES)

    @property
    def digesting(self) -> str:
        """What digests are keyed with, in hexadecimal."""
        return self._derived(b"digest", _BYTES).hex()

    def _derived(self, purpose: bytes, length: int) -> bytes:
        info = b"forecourt identity vault: " + purpose
        return HKDF(hashes.SHA256(), length=length, salt=None, info=info).derive(self.secret)


def read_key(settings: ReaderSettings) -> IdentityKey:
    """The key that the settings name. Raises IdentityKeyMissing, which says where one belongs."""
    if settings.identity_key is not None:
        return _decoded(settings.identity_key.get_secret_value(), "FORECOURT_IDENTITY_KEY")
    file = settings.identity_key_path
    try:
        mode = file.stat().st_mode
        text = file.read_text(encoding="ascii")
    except FileNotFoundError as error:
        raise IdentityKeyMissing(
            "There is no key for the identifying values: neither the variable FORECOURT_IDENTITY_KEY nor "
            f"the file {file}. `forecourt publish` makes one for a new installation; on another host, bring "
            "the key of the one that publishes."
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise IdentityKeyMissing(f"The key file {file} cannot be read: {error}.") from error
    if mode & 0o077:
        raise IdentityKeyMissing(
            f"The key file {file} may be read by others (mode {mode & 0o777:o}): chmod 600 {file}"
        )
    return _decoded(text, str(file))


def ensure_key(settings: ReaderSettings) -> IdentityKey:
    """The key, made now where none is configured and none was made yet."""
    file = settings.identity_key_path
    if settings.identity_key is None and settings.identity_key_file is None and not file.exists():
        write_key(file)
    return read_key(settings)


def write_key(file: Path) -> IdentityKey:
    """Make a new key and put it in `file` (mode 0600) in one step; a key that stood there is gone."""
    key = IdentityKey(secrets.token_bytes(_BYTES))
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f"{file.name}.new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(base64.urlsafe_b64encode(key.secret) + b"\n")
        opened.flush()
        os.fsync(opened.fileno())
    fresh.replace(file)
    return key


def _decoded(text: str, where: str) -> IdentityKey:
    try:
        secret = base64.urlsafe_b64decode(text.strip().encode())
    except (binascii.Error, ValueError) as error:
        raise IdentityKeyMissing(f"{where} holds no key: {_BYTES} bytes in base64 are needed.") from error
    if len(secret) != _BYTES:
        raise IdentityKeyMissing(f"{where} holds {len(secret)} bytes, a key has {_BYTES}.")
    return IdentityKey(secret)
