"""Finding photos in files, folders, patterns, zips and standard input; losing none."""

from __future__ import annotations

import io
import os
import struct
import subprocess
import tempfile
import threading
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from greenpack.intake.limits import Limits
from greenpack.intake.photo import decode_photo
from greenpack.intake.source import Refused, Source, natural_order, printable
from greenpack.intake.sources import count_sources, find_sources
from greenpack.reasons import REASONS, GreenPackError

A, B = b"\xff\xd8\xff first", b"\xff\xd8\xff second"
NOBODY = 65534


def found(
    *paths: str | Path, limits: Limits | None = None, stdin: BinaryIO | None = None
) -> list[Source | Refused]:
    return list(find_sources([str(p) for p in paths], limits=limits or Limits(), stdin=stdin))


def names(results: list[Source | Refused], under: Path | None = None) -> list[str]:
    """Names, those refused with their reason behind a ``!``."""
    assert all(r.reason in REASONS for r in results if isinstance(r, Refused))
    prefix = f"{under}/" if under else ""
    return [
        r.name.removeprefix(prefix) + (f" !{r.reason}" if isinstance(r, Refused) else "")
        for r in results
    ]


def write(root: Path, *files: str, data: bytes | None = None) -> None:
    for name in files:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(name.encode() if data is None else data)


def make_zip(*entries: tuple[str | zipfile.ZipInfo, bytes], method: int = 8) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return buffer.getvalue()


# Files and folders


def test_one_file_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(A)
    assert found(path) == [Source(str(path), A, path, "a.jpg")]


def test_a_folder_in_natural_order(tmp_path: Path) -> None:
    write(tmp_path, "img10.jpg", "img9.JPG", "b/2.heic", "b/1.Tiff", "a.png", "z.webp", "x.mpo",
          "y.jpe", "y.jpeg", "w.tif", "w.heif")  # fmt: skip
    assert names(found(tmp_path), tmp_path) == [
        "a.png", "b/1.Tiff", "b/2.heic", "img9.JPG", "img10.jpg", "w.heif", "w.tif", "x.mpo",
        "y.jpe", "y.jpeg", "z.webp",
    ]  # fmt: skip


def test_hidden_and_other_names_are_passed_over(tmp_path: Path) -> None:
    write(
        tmp_path, ".a.jpg", ".cache/a.jpg", "notes.txt", "Thumbs.db", "a.jpg", "jpg", "a.jpg.part"
    )
    assert names(found(tmp_path), tmp_path) == ["a.jpg"]


def test_a_file_named_outright_is_taken_whatever_its_name(tmp_path: Path) -> None:
    write(tmp_path, "notes.txt", ".hidden.jpg", "[1].jpg")
    paths = [tmp_path / name for name in ("notes.txt", ".hidden.jpg", "[1].jpg")]
    assert names(found(*paths), tmp_path) == ["notes.txt", ".hidden.jpg", "[1].jpg"]


def test_what_is_not_there(tmp_path: Path) -> None:
    write(tmp_path, "a.jpg")
    assert names(found(tmp_path / "b.jpg", tmp_path / "a.jpg" / "c", "x" * 5000)) == [
        f"{tmp_path}/b.jpg !not_found",
        f"{tmp_path}/a.jpg/c !not_found",
        f"{'x' * 5000} !not_found",
    ]
    assert names(found("a\0b")) == ["a\ufffdb !not_found"]


def test_the_same_file_comes_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "a.jpg", "b.jpg")
    (tmp_path / "link.jpg").symlink_to("a.jpg")
    monkeypatch.chdir(tmp_path)
    assert names(found("a.jpg", "./a.jpg", tmp_path, tmp_path, "link.jpg", "*.jpg"), tmp_path) == [
        "a.jpg", "b.jpg",
    ]  # fmt: skip


def test_order_is_that_of_the_arguments(tmp_path: Path) -> None:
    write(tmp_path, "a.jpg", "b.jpg")
    results = found(tmp_path / "b.jpg", "-", tmp_path / "a.jpg", stdin=io.BytesIO(A))
    assert names(results, tmp_path) == ["b.jpg", "-", "a.jpg"]


def test_patterns_that_the_shell_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "a10.jpg", "a9.jpg", "b.png", "sub/c.jpg", "sub/deep/d.jpg", "sub/.h/e.jpg")
    monkeypatch.chdir(tmp_path)
    assert names(found("*.jpg")) == ["a9.jpg", "a10.jpg"]
    assert names(found("s*")) == ["sub/c.jpg", "sub/deep/d.jpg"]
    assert names(found("**/*.jpg")) == ["a9.jpg", "a10.jpg", "sub/c.jpg", "sub/deep/d.jpg"]
    assert names(found("sub/**")) == ["sub/c.jpg", "sub/deep/d.jpg"]
    assert names(found(tmp_path / "**" / "d*"), tmp_path) == ["sub/deep/d.jpg"]
    assert names(found("**/deep/?.jpg")) == ["sub/deep/d.jpg"]
    assert names(found("*.gif", "x/**/*.jpg")) == ["*.gif !not_found", "x/**/*.jpg !not_found"]


def test_links_round_in_circles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "sub/a.jpg")
    (tmp_path / "sub" / "loop").symlink_to(tmp_path)
    (tmp_path / "sub" / "self.jpg").symlink_to("self.jpg")
    expected = ["sub/a.jpg", "sub/loop !symlink_loop", "sub/self.jpg !symlink_loop"]
    assert names(found(tmp_path), tmp_path) == expected
    monkeypatch.chdir(tmp_path)
    assert names(found("**/*.jpg")) == ["sub/a.jpg", "sub/self.jpg !symlink_loop"]


def test_linked_folders_are_walked_once(tmp_path: Path) -> None:
    write(tmp_path, "real/a.jpg")
    (tmp_path / "again").symlink_to("real")
    assert names(found(tmp_path), tmp_path) == ["again/a.jpg"]


def test_dangling_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gone.jpg").symlink_to("nowhere")
    (tmp_path / "gone.txt").symlink_to("nowhere")
    assert names(found(tmp_path), tmp_path) == ["gone.jpg !not_found"]
    monkeypatch.chdir(tmp_path)
    assert names(found("**/*.jpg")) == ["gone.jpg !not_found"]


def test_pipes_and_devices_never_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    write(tmp_path, "a.jpg")
    worker = threading.Thread(target=lambda: results.extend(found(tmp_path, "/dev/zero")))
    results: list[Source | Refused] = []
    worker.start()
    worker.join(5)
    assert not worker.is_alive()
    assert names(results, tmp_path) == [
        "a.jpg", "pipe.jpg !not_a_regular_file", "/dev/zero !not_a_regular_file",
    ]  # fmt: skip


@pytest.fixture
def unprivileged(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Permissions do not bind the superuser, under whom tests may run.

    Asks for ``monkeypatch`` so that the rights are back before it returns to the working folder,
    which may be one that only the superuser can enter.
    """
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def locked() -> Iterator[Path]:
    # Not below tmp_path, which is closed to other users from its root on.
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        root.chmod(0o755)
        write(root, "a.jpg", "b.jpg", "c/d.jpg", "e/f.jpg", "g.zip")
        for name, mode in (("b.jpg", 0), ("c", 0), ("g.zip", 0), ("e", 0o644)):
            (root / name).chmod(mode)
        yield root
        for name in ("c", "e"):
            (root / name).chmod(0o755)


def test_no_permission(locked: Path, unprivileged: None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert names(found(locked), locked) == [
        "a.jpg", "b.jpg !no_permission", "c !no_permission", "e/f.jpg !no_permission",
        "g.zip !no_permission",
    ]  # fmt: skip
    monkeypatch.chdir(locked)
    assert "c !no_permission" in names(found("**/*.jpg"))
    assert count_sources([str(locked)], limits=Limits()) == 5


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (PermissionError(13, "denied"), "no_permission"),
        (FileNotFoundError(2, "gone"), "not_found"),
        (OSError(5, "Input/output error"), "read_failed"),
    ],
)
def test_errors_between_finding_and_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, reason: str
) -> None:
    write(tmp_path, "a.jpg")

    def fail(path: object, flags: int) -> int:
        raise error

    monkeypatch.setattr(os, "open", fail)
    assert names(found(tmp_path), tmp_path) == [f"a.jpg !{reason}"]


def test_files_without_numbers_are_told_apart_by_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "a.jpg", "b.jpg")
    real = os.stat

    def numberless(path: str, **options: object) -> os.stat_result:
        status = real(path)
        return os.stat_result((status.st_mode, 0, *status[2:]))

    monkeypatch.setattr(os, "stat", numberless)
    assert names(found(tmp_path, tmp_path / "b.jpg"), tmp_path) == ["a.jpg", "b.jpg"]


def test_files_too_large_are_not_read(tmp_path: Path) -> None:
    write(tmp_path, "a.jpg", data=bytes(101))
    with (tmp_path / "sparse.jpg").open("wb") as sparse:
        sparse.truncate(50 * 1024**3)
    write(tmp_path, "z.jpg", data=bytes(100))
    limits = Limits(max_file_bytes=100)
    assert names(found(tmp_path, limits=limits), tmp_path) == [
        "a.jpg !file_too_large", "sparse.jpg !file_too_large", "z.jpg",
    ]  # fmt: skip


def test_a_file_that_grows_while_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "a.jpg", data=bytes(50))
    results = find_sources([str(tmp_path)], limits=Limits(max_file_bytes=100))
    real = os.open

    def grow(path: Path, flags: int) -> int:
        write(tmp_path, "a.jpg", data=bytes(500))
        return real(path, flags)

    monkeypatch.setattr(os, "open", grow)
    assert names(list(results), tmp_path) == ["a.jpg !file_too_large"]


def test_reading_is_lazy_and_flat(tmp_path: Path) -> None:
    for number in range(20):
        write(tmp_path, f"{number}.jpg", data=bytes(1_000_000))
    (tmp_path / "z.zip").write_bytes(
        make_zip(*((f"{n}.jpg", os.urandom(1_000_000)) for n in range(10)))
    )
    results = find_sources([str(tmp_path)], limits=Limits())
    next(results)
    (tmp_path / "19.jpg").unlink()
    tracemalloc.start()
    try:
        kinds = [type(result) for result in results]
        assert tracemalloc.get_traced_memory()[1] < 8e6
    finally:
        tracemalloc.stop()
    assert kinds.count(Source) == 28
    assert kinds.count(Refused) == 1


def test_folders_deeper_than_python_calls(tmp_path: Path) -> None:
    here = os.getcwd()  # noqa: PTH109
    os.chdir(tmp_path)
    try:
        for _ in range(1200):
            os.mkdir("d")  # noqa: PTH102
            os.chdir("d")
        Path("a.jpg").write_bytes(A)
        os.chdir(here)
        assert [len(r.name) for r in found(tmp_path)] == [len(str(tmp_path)) + 2400 + 6]
    finally:
        os.chdir(here)
        # Python's own removal of trees recurses, and fails on this one.
        subprocess.run(["rm", "-rf", tmp_path / "d"], check=True)


def test_names_that_are_no_utf8(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode("照片.jpg".encode("gb18030"))).write_bytes(A)
    (tmp_path / "a\x1b[31m\n.jpg").write_bytes(B)
    (tmp_path / os.fsdecode(b"x\xff.jpg")).write_bytes(B + b"x")
    results = found(tmp_path)
    assert sorted(names(results, tmp_path)) == sorted(
        ["照片.jpg", "a\ufffd[31m\ufffd.jpg", "x\ufffd.jpg"]
    )
    assert all(isinstance(r, Source) and r.path is not None and r.path.exists() for r in results)
    assert {r.sidecar_name for r in results if isinstance(r, Source)} >= {"照片.jpg"}


# Standard input


def test_a_photo_on_standard_input() -> None:
    assert found("-", "-", stdin=io.BytesIO(A)) == [Source("-", A, None, "-")]
    assert names(found("-", stdin=io.BytesIO(b""))) == ["-"]
    assert names(found("-")) == ["- !not_found"]


def test_a_zip_on_standard_input() -> None:
    data = make_zip(("b.jpg", B), ("a.jpg", A))
    assert names(found("-", stdin=io.BytesIO(data))) == ["-!/a.jpg", "-!/b.jpg"]
    limits = Limits(max_zip_bytes=len(data) - 1)
    assert names(found("-", stdin=io.BytesIO(data), limits=limits)) == ["- !file_too_large"]


def test_endless_standard_input() -> None:
    class Endless(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def read(self, size: int = -1) -> bytes:
            return bytes(size)

    limits = Limits(max_file_bytes=5_000_000)
    assert names(found("-", stdin=Endless(), limits=limits)) == ["- !file_too_large"]


def test_standard_input_that_breaks_off() -> None:
    class Broken(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            raise OSError(5, "Input/output error")

    assert names(found("-", stdin=Broken())) == ["- !read_failed"]


# Zips


@pytest.fixture
def zipped(tmp_path: Path) -> Callable[..., list[str]]:
    """Puts bytes in batch.zip between two good photos and says what comes of the folder."""

    def look(data: bytes, limits: Limits | None = None) -> list[str]:
        write(tmp_path, "a.jpg", "z.jpg")
        (tmp_path / "batch.zip").write_bytes(data)
        results = names(found(tmp_path, limits=limits), tmp_path)
        assert (results[0], results[-1]) == ("a.jpg", "z.jpg")
        return [name.removeprefix("batch.zip!/") for name in results[1:-1]]

    return look


def test_photos_of_a_zip(zipped: Callable[..., list[str]], tmp_path: Path) -> None:
    data = make_zip(
        ("day/10.JPG", A), ("day/9.jpg", B), ("day/", b""), ("notes.txt", b"x"), (".a.jpg", A),
        ("day/.b.jpg", A), ("__MACOSX/day/._9.jpg", A), ("x\\y.png", A),
    )  # fmt: skip
    assert zipped(data) == ["day/9.jpg", "day/10.JPG", "x/y.png"]
    first = found(tmp_path / "batch.zip")[0]
    assert first == Source(f"{tmp_path}/batch.zip!/day/9.jpg", B, None, "9.jpg")


def test_a_zip_named_outright_needs_no_suffix(tmp_path: Path) -> None:
    (tmp_path / "upload").write_bytes(make_zip(("a.jpg", A)))
    assert names(found(tmp_path / "upload"), tmp_path) == ["upload!/a.jpg"]
    assert names(found(tmp_path), tmp_path) == []


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "cp437"])
def test_names_without_the_utf8_flag(zipped: Callable[..., list[str]], encoding: str) -> None:
    name = "été.jpg" if encoding == "cp437" else "包裹/开箱照片.jpg"
    stand_in = "x" * (len(name.encode(encoding)) - 4) + ".jpg"
    data = make_zip((stand_in, A)).replace(stand_in.encode(), name.encode(encoding))
    assert zipped(data) == [name]


def test_names_with_the_utf8_flag(zipped: Callable[..., list[str]]) -> None:
    assert zipped(make_zip(("包裹/照片 2.jpg", A), ("包裹/照片 10.jpg", A))) == [
        "包裹/照片 2.jpg", "包裹/照片 10.jpg",
    ]  # fmt: skip


def test_unsafe_names(zipped: Callable[..., list[str]]) -> None:
    data = make_zip(
        ("../a.jpg", A), ("/etc/a.jpg", A), ("C:\\a.jpg", A), ("b/../../c.jpg", A),
        ("..\\d.jpg", A), ("good..jpg", A), ("../etc/passwd", A),
    )  # fmt: skip
    results = zipped(data)
    assert sum(name.endswith("!unsafe_path") for name in results) == 6
    assert "good..jpg" in results


def test_nested_zips_are_told(zipped: Callable[..., list[str]]) -> None:
    data = make_zip(("a.jpg", A), ("inner.zip", make_zip(("b.jpg", B))))
    assert zipped(data) == ["a.jpg", "inner.zip !zip_nested"]


def test_links_in_zips(zipped: Callable[..., list[str]]) -> None:
    link = zipfile.ZipInfo("link.jpg")
    link.external_attr = 0o120777 << 16
    assert zipped(make_zip((link, b"/etc/passwd"))) == ["link.jpg !not_a_regular_file"]


def test_a_zip_without_photos_is_told(zipped: Callable[..., list[str]]) -> None:
    assert zipped(make_zip(("notes.txt", b"x"))) == ["batch.zip !unreadable"]
    assert zipped(make_zip()) == ["batch.zip !unreadable"]


@pytest.mark.parametrize("cut", [0, 10, 40, 90])
def test_damaged_zips(zipped: Callable[..., list[str]], cut: int) -> None:
    data = make_zip(("a.jpg", A))
    assert zipped(data[:cut]) == ["batch.zip !zip_damaged"]
    assert zipped(b"no zip at all" * 10) == ["batch.zip !zip_damaged"]


def test_a_damaged_entry_loses_only_itself(zipped: Callable[..., list[str]]) -> None:
    noise = [os.urandom(5000) for _ in range(3)]
    data = bytearray(make_zip(*zip(("a.jpg", "b.jpg", "c.jpg"), noise, strict=True), method=0))
    data[data.index(noise[1]) + 100] ^= 1
    assert zipped(bytes(data)) == ["a.jpg", "b.jpg !zip_damaged", "c.jpg"]
    packed = bytearray(make_zip(("a.jpg", A), ("b.jpg", b"12345678" * 400), ("c.jpg", B)))
    start = packed.index(b"b.jpg") + 5
    packed[start : start + 6] = b"\xff" * 6
    assert zipped(bytes(packed)) == ["a.jpg", "b.jpg !zip_damaged", "c.jpg"]


def test_other_packings(zipped: Callable[..., list[str]]) -> None:
    assert zipped(make_zip(("a.jpg", A), method=zipfile.ZIP_BZIP2)) == ["a.jpg"]
    assert zipped(make_zip(("a.jpg", A), method=zipfile.ZIP_LZMA)) == ["a.jpg !zip_damaged"]


def test_encrypted_entries(zipped: Callable[..., list[str]]) -> None:
    data = bytearray(make_zip(("a.jpg", A), ("b.jpg", B)))
    for mark, offset in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        data[data.index(mark) + offset] |= 1
    assert zipped(bytes(data)) == ["a.jpg !zip_encrypted", "b.jpg"]


def test_an_entry_that_unpacks_to_far_more(zipped: Callable[..., list[str]]) -> None:
    data = make_zip(("a.jpg", A), ("bomb.jpg", bytes(60_000_000)), ("c.jpg", B))
    assert zipped(data) == ["a.jpg", "bomb.jpg !zip_bomb", "c.jpg"]
    assert zipped(data, Limits(max_zip_ratio=1e6, max_file_bytes=1000)) == [
        "a.jpg", "bomb.jpg !file_too_large", "c.jpg",
    ]  # fmt: skip


def test_entries_that_together_unpack_to_far_more(zipped: Callable[..., list[str]]) -> None:
    data = make_zip(*((f"{n}.jpg", bytes(6_000_000)) for n in range(9)))
    results = zipped(data)
    assert results[-1] == "batch.zip !zip_bomb"
    assert 1 <= len(results) - 1 <= 2
    assert zipped(data, Limits(max_zip_total_bytes=5)) == ["batch.zip !zip_bomb"]


def test_entries_that_share_their_bytes(zipped: Callable[..., list[str]]) -> None:
    one = make_zip(("0.jpg", os.urandom(200_000)), method=0)
    start = one.index(b"PK\1\2")
    entry = one[start : one.index(b"PK\5\6")]
    many = 3000
    directory = entry * many
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, many, many, len(directory), start, 0)
    results = zipped(one[:start] + directory + end)
    assert len(results) < 300
    assert results[-1].endswith(("!zip_bomb", "!zip_damaged"))


def test_a_header_that_lies_of_its_size(zipped: Callable[..., list[str]]) -> None:
    data = make_zip(("a.jpg", bytes(5_000_000)), ("b.jpg", B))
    true, lie = struct.pack("<L", 5_000_000), struct.pack("<L", 10)
    assert data.count(true) == 2
    assert zipped(data.replace(true, lie)) == ["a.jpg !zip_damaged", "b.jpg"]


def test_more_entries_than_allowed(zipped: Callable[..., list[str]]) -> None:
    data = make_zip(*((f"{n}.jpg", b"x") for n in range(30)))
    assert zipped(data, Limits(max_zip_entries=29)) == ["batch.zip !zip_bomb"]
    assert zipped(data, Limits(max_zip_entries=1)) == ["batch.zip !zip_bomb"]
    assert len(zipped(data, Limits(max_zip_entries=30))) == 30


def test_reading_never_exceeds_the_file_limit(
    zipped: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    data = make_zip(("a.jpg", bytes(3000)), method=0)
    monkeypatch.setattr(zipfile.ZipExtFile, "read", lambda self, size: bytes(600))
    limits = Limits(max_file_bytes=3000)
    assert zipped(data, limits) == ["a.jpg !file_too_large"]


@settings(max_examples=100)
@given(st.data())
def test_damaged_zips_raise_nothing(data: st.DataObject) -> None:
    whole = bytearray(make_zip(("a.jpg", A), ("包裹.jpg", B * 50), ("../c.jpg", A)))
    for position in data.draw(st.lists(st.integers(0, len(whole) - 1), max_size=6)):
        whole[position] = data.draw(st.integers(0, 255))
    cut = whole[: data.draw(st.integers(4, len(whole)))]
    stdin = io.BytesIO(b"PK\3\4" + bytes(cut[4:]))
    assert found("-", stdin=stdin)


# Counting


def test_counting_reads_no_photo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "a.jpg", "sub/b.png", "notes.txt")
    (tmp_path / "c.zip").write_bytes(make_zip(("a.jpg", A), ("b.jpg", B), ("../c.jpg", A)))
    (tmp_path / "d.zip").write_bytes(b"broken")
    (tmp_path / "gone.jpg").symlink_to("nowhere")
    paths = [str(tmp_path), str(tmp_path), str(tmp_path / "missing.jpg")]
    assert count_sources(paths, limits=Limits()) == len(found(*paths)) == 8
    assert count_sources([*paths, "-"], limits=Limits()) is None
    assert count_sources([], limits=Limits()) == 0


# A batch as it comes


def test_the_good_photos_of_a_hostile_batch_come_through(tmp_path: Path, jpeg: bytes) -> None:
    write(tmp_path, "1-good.jpg", "9-good.jpg", data=jpeg)
    write(tmp_path, "2-empty.jpg", data=b"")
    write(tmp_path, "3-text.jpg", data=b"hello")
    write(tmp_path, "4-cut.jpg", data=jpeg[: len(jpeg) // 2])
    (tmp_path / "5-loop.jpg").symlink_to("5-loop.jpg")
    (tmp_path / "6-gone.jpg").symlink_to("nowhere")
    os.mkfifo(tmp_path / "7-pipe.jpg")
    crc = zlib.crc32(jpeg) ^ 1
    damaged = make_zip(("in.jpg", jpeg), method=0).replace(
        struct.pack("<L", zlib.crc32(jpeg)), struct.pack("<L", crc)
    )
    (tmp_path / "8.zip").write_bytes(damaged)
    outcomes = {}
    for result in find_sources([str(tmp_path)], limits=Limits()):
        name = result.name.removeprefix(f"{tmp_path}/")
        if isinstance(result, Refused):
            outcomes[name] = result.reason
            continue
        try:
            decode_photo(
                name, result.data, limits=Limits(), camera_timezone=ZoneInfo("Asia/Shanghai")
            )
            outcomes[name] = "decoded"
        except GreenPackError as error:
            outcomes[name] = error.code
    assert outcomes == {
        "1-good.jpg": "decoded",
        "2-empty.jpg": "unreadable",
        "3-text.jpg": "unreadable",
        "4-cut.jpg": "truncated",
        "5-loop.jpg": "symlink_loop",
        "6-gone.jpg": "not_found",
        "7-pipe.jpg": "not_a_regular_file",
        "8.zip!/in.jpg": "zip_damaged",
        "9-good.jpg": "decoded",
    }


# Names


def test_natural_order() -> None:
    written = ["img 10", "img 9", "Img 1", "img 010", "a²", "9" * 5000, ""]
    assert sorted(written, key=natural_order) == [
        "", "9" * 5000, "a²", "Img 1", "img 9", "img 010", "img 10",
    ]  # fmt: skip
    assert sorted(["p10", "p9", "P1"], key=natural_order) == ["P1", "p9", "p10"]


@given(st.lists(st.text(max_size=12), max_size=6))
def test_any_names_can_be_ordered(texts: list[str]) -> None:
    once = sorted(texts, key=natural_order)
    assert sorted(once, key=natural_order) == once


@given(st.one_of(st.text(max_size=20), st.binary(max_size=20)))
def test_printable_names_stay_as_they_are(name: str | bytes) -> None:
    shown = printable(name.replace("\ud800", "") if isinstance(name, str) else name)
    shown.encode()
    assert printable(shown) == shown


def test_names_that_turn_the_writing_are_shown_plain() -> None:
    assert printable("gpj\u202e.exe\u3000x") == "gpj\ufffd.exe\u3000x"
