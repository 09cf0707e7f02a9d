"""Files are whole or not there, and zips do not depend on the day. A whole site: tests/adapter/test_faults.py."""

import io
import os
import time
import zipfile

import pytest

from sitebuild.base import archive, store


def aged(path, seconds):
    then = time.time() - seconds
    os.utime(path, (then, then))
    return path


def test_what_is_kept_comes_back_and_a_file_that_is_put_holds_nothing_else(tmp_path):
    for data in (b"", b"x", bytes(range(256))):
        store.keep(tmp_path / "a/b/kept", data)  # folders are made
        assert store.kept(tmp_path / "a/b/kept") == data
        store.put(tmp_path / "a/b/put", data)
        assert (tmp_path / "a/b/put").read_bytes() == data
        assert (tmp_path / "a/b/put").stat().st_mode & 0o777 == 0o644, "a web server must be able to read it"
    assert sorted(path.name for path in (tmp_path / "a/b").iterdir()) == ["kept", "put"], "nothing unfinished is left"


@pytest.mark.parametrize(
    "damage", [lambda d: d[:-1], lambda d: b"y" + d[1:], lambda d: d[:-1] + b"!", lambda d: d + b"\n"]
)
def test_what_is_damaged_or_not_there_is_none(damage, tmp_path):
    file = tmp_path / "kept"
    assert store.kept(file) is None
    store.keep(file, b"xyz")
    file.write_bytes(damage(file.read_bytes()))
    assert store.kept(file) is None


def test_only_what_nobody_used_for_two_weeks_goes(tmp_path):
    day = 86400
    for name in ("fresh", "young", "old", "used"):
        store.keep(tmp_path / name, name.encode())
    aged(tmp_path / "young", 14 * day - 60)
    aged(tmp_path / "old", 14 * day + 60)
    assert store.kept(aged(tmp_path / "used", 15 * day)) == b"used"
    store.evict([tmp_path / "gone", *tmp_path.iterdir()])  # another build was faster
    assert sorted(path.name for path in tmp_path.iterdir()) == ["fresh", "used", "young"]


def test_a_zip_is_sorted_dated_1980_compressed_and_readable_by_everyone():
    made = archive.packed({"b/x.txt": b"x" * 1000, "a.txt": b"1"})
    assert made == archive.packed({"a.txt": b"1", "b/x.txt": b"x" * 1000}) and len(made) < 500
    with zipfile.ZipFile(io.BytesIO(made)) as packed:
        assert packed.namelist() == ["a.txt", "b/x.txt"] and packed.read("b/x.txt") == b"x" * 1000
        for entry in packed.infolist():
            assert entry.date_time == (1980, 1, 1, 0, 0, 0)
            # the specification's 4.4.2: 3 is Unix, whose permissions stand in the upper 16 bits
            assert (entry.create_system, entry.external_attr >> 16) == (3, 0o644)
