"""Attachments at rest: sealed, found again, told apart from what was changed."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from models.sealed import KeyProblem, KeyRing
from models.storage import PATH, UNFINISHED, Lost, Storage


@pytest.fixture
def keys() -> KeyRing:
    return KeyRing.parse(KeyRing.generate())


@pytest.fixture(params=["file", "memory"])
def storage(request: pytest.FixtureRequest, tmp_path: Path, keys: KeyRing) -> Storage:
    urls = {"file": f"file://{tmp_path}/papers", "memory": f"memory://{uuid.uuid4().hex}"}
    return Storage(urls[request.param], keys)


def test_what_is_put_is_got(storage: Storage) -> None:
    first, second = storage.put(b"one"), storage.put(b"two")
    assert first != second
    assert PATH.fullmatch(first)
    assert (storage.get(first), storage.get(second)) == (b"one", b"two")


def test_deleted_is_gone_and_deleting_twice_is_harmless(storage: Storage) -> None:
    path = storage.put(b"one")
    storage.delete(path)
    storage.delete(path)
    with pytest.raises(Lost):
        storage.get(path)


@pytest.mark.parametrize("path", ["", "../../etc/passwd", "aa/" + "0" * 29, "aa/" + "0" * 30])
def test_no_path_leads_out_or_to_nothing(storage: Storage, path: str) -> None:
    with pytest.raises(Lost):
        storage.get(path)


def test_what_lies_outside_is_neither_read_nor_deleted(tmp_path: Path, keys: KeyRing) -> None:
    storage, outside = Storage(f"file://{tmp_path}/papers", keys), tmp_path / "secret"
    outside.write_bytes(b"secret")
    for act in (storage.get, storage.delete):
        with pytest.raises(Lost):
            act("../secret")
    assert outside.read_bytes() == b"secret"


def test_on_disk_it_is_sealed_and_whole(tmp_path: Path, keys: KeyRing) -> None:
    storage = Storage(f"file://{tmp_path}/papers", keys)
    path = storage.put(b"ID 530999199001011234" * 50)
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert [file.relative_to(tmp_path / "papers").as_posix() for file in files] == [path]
    assert b"530999" not in files[0].read_bytes()
    assert not files[0].name.endswith(UNFINISHED)


def test_changed_or_swapped_files_do_not_open(tmp_path: Path, keys: KeyRing) -> None:
    storage = Storage(f"file://{tmp_path}", keys)
    first, second = storage.put(b"one"), storage.put(b"two")
    (tmp_path / first).write_bytes((tmp_path / second).read_bytes())
    with pytest.raises(KeyProblem):
        storage.get(first)
    sealed = bytearray((tmp_path / second).read_bytes())
    sealed[-1] ^= 1
    (tmp_path / second).write_bytes(sealed)
    with pytest.raises(KeyProblem):
        storage.get(second)


def test_a_store_that_cannot_be_written_to_says_so(tmp_path: Path, keys: KeyRing) -> None:
    (tmp_path / "papers").write_text("a file where the folder should be")
    with pytest.raises(OSError, match="papers"):
        Storage(f"file://{tmp_path}/papers", keys).put(b"one")
