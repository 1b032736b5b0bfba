"""The sandbox's crypto against the platform's own worked examples."""

import json
from pathlib import Path

import pytest

from webhooks.sandbox.crypto import CryptoError, decrypt, encrypt, pad, signature, unpad

VECTORS = json.loads(
    (Path(__file__).parents[1] / "data" / "wechat_vectors.json").read_text("utf-8")
)
TOKEN, KEY, APP = VECTORS["token"], VECTORS["encoding_aes_key"], VECTORS["appid"]


@pytest.mark.parametrize("name", ["url_verify", "plain_post", "safe_post"])
def test_signatures_match_the_official_examples(name: str) -> None:
    case = VECTORS[name]
    assert signature(TOKEN, case["timestamp"], case["nonce"]) == case["signature"]


def test_the_official_message_is_read_and_written_byte_for_byte() -> None:
    case = VECTORS["safe_post"]
    signed = signature(TOKEN, case["timestamp"], case["nonce"], case["Encrypt"])
    assert signed == case["msg_signature"]
    plain = decrypt(case["Encrypt"], KEY, APP)
    assert len(plain.encode()) == case["msg_len"]
    assert encrypt(plain, KEY, APP, case["random16"].encode()) == case["Encrypt"]


def test_the_official_reply_is_written_byte_for_byte() -> None:
    case = VECTORS["safe_reply"]
    made = encrypt(case["plaintext"], KEY, APP, case["random16"].encode())
    assert made == case["Encrypt"]
    assert signature(TOKEN, case["TimeStamp"], case["Nonce"], made) == case["MsgSignature"]


def test_padding_is_to_32_and_checked_in_full() -> None:
    assert len(pad(b"x" * 32)) == 64
    assert unpad(pad(b"x" * 7)) == b"x" * 7
    for bad in (b"", b"x" * 31, b"x" * 31 + b"\x00", b"x" * 31 + b"\x21", b"x" * 30 + b"\x01\x02"):
        with pytest.raises(CryptoError):
            unpad(bad)


@pytest.mark.parametrize("text", ["", "not base64!", "QUJD", "A" * 43 + "="])
def test_what_is_no_ciphertext_is_refused(text: str) -> None:
    with pytest.raises(CryptoError):
        decrypt(text, KEY, APP)


def test_a_foreign_app_id_is_refused() -> None:
    with pytest.raises(CryptoError, match="app id"):
        decrypt(encrypt("hello", KEY, "wx-somebody-else"), KEY, APP)
