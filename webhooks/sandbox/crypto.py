"""The platform's signatures and message encryption, written from its description.

Kept apart from the product's own code on purpose: two readings of one protocol catch each other's
mistakes.
"""

import base64
import binascii
import hashlib
import hmac
import secrets

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32  # the platform pads to 32 bytes although AES works on 16


class CryptoError(ValueError):
    """A ciphertext, a signature or a key that the platform would not accept."""


def signature(*parts: str) -> str:
    """SHA-1 over the sorted parts joined, as the platform signs everything."""
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


def same(left: str, right: str) -> bool:
    """Compare two signatures in constant time."""
    return hmac.compare_digest(left.encode(), right.encode())


def read_key(aes_key: str) -> bytes:
    """The 32 bytes behind a 43-character EncodingAESKey."""
    try:
        key = base64.b64decode(aes_key + "=")
    except binascii.Error as error:
        raise CryptoError("the EncodingAESKey is not base64") from error
    if len(aes_key) != 43 or len(key) != 32:
        raise CryptoError("an EncodingAESKey has 43 characters")
    return key


def pad(data: bytes) -> bytes:
    """PKCS#7 to a multiple of 32."""
    count = BLOCK - len(data) % BLOCK
    return data + bytes([count]) * count


def unpad(data: bytes) -> bytes:
    """Take PKCS#7 padding off, refusing any that is not exactly right."""
    if not data or len(data) % BLOCK:
        raise CryptoError("the padded length is no multiple of 32")
    count = data[-1]
    if not 1 <= count <= BLOCK or data[-count:] != bytes([count]) * count:
        raise CryptoError("the padding is not PKCS#7 to 32")
    return data[:-count]


def _cipher(key: bytes) -> Cipher[modes.CBC]:
    return Cipher(algorithms.AES(key), modes.CBC(key[:16]))


def encrypt(message: str, aes_key: str, app_id: str, random16: bytes | None = None) -> str:
    """`random16 | length | message | app id`, encrypted and in base64."""
    body = message.encode()
    start = secrets.token_hex(8).encode() if random16 is None else random16
    plain = start + len(body).to_bytes(4, "big") + body + app_id.encode()
    worker = _cipher(read_key(aes_key)).encryptor()
    return base64.b64encode(worker.update(pad(plain)) + worker.finalize()).decode()


def decrypt(ciphertext: str, aes_key: str, app_id: str) -> str:
    """The message inside, after checking padding, length and app id."""
    try:
        data = base64.b64decode(ciphertext, validate=True)
    except (binascii.Error, ValueError) as error:
        raise CryptoError("Encrypt is not base64") from error
    if not data or len(data) % BLOCK:
        raise CryptoError("the ciphertext's length is no multiple of 32")
    worker = _cipher(read_key(aes_key)).decryptor()
    plain = unpad(worker.update(data) + worker.finalize())
    if len(plain) < 20:
        raise CryptoError("the decrypted text is too short")
    length = int.from_bytes(plain[16:20], "big")
    body, owner = plain[20 : 20 + length], plain[20 + length :]
    if len(body) != length or owner != app_id.encode():
        raise CryptoError("the app id inside the ciphertext is not this account's")
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise CryptoError("the decrypted text is not UTF-8") from error
