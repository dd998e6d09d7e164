"""Any text file as plain UTF-8: gzip and encodings are found out by content, never by name."""

from __future__ import annotations

import codecs
import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path

from ingestion.readers.chunk import FileRefused

GZIP_MAGIC = b"\x1f\x8b"
BLOCK = 1 << 16
SHARE_OF_ZEROS = 16
BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def unpacked(path: Path, scratch: Path) -> Path:
    """The file itself, or a decompressed copy in `scratch` where it is gzip; FileRefused if that is cut short."""
    with path.open("rb") as file:
        if file.read(2) != GZIP_MAGIC:
            return path
    target = scratch / "unpacked"
    try:
        with gzip.open(path, "rb") as packed, target.open("wb") as out:
            while block := packed.read(BLOCK):
                out.write(block)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise FileRefused(f"gzip file is damaged or cut short ({error}); export it again") from error
    return target


def as_utf8(path: Path, scratch: Path, encoding: str | None = None) -> tuple[Path, bool]:
    """The file as UTF-8 without a byte order mark, and whether some bytes had to be replaced by U+FFFD."""
    found, is_whole = (_usable(encoding), True) if encoding else detect(path)
    if found == "utf-8" and is_whole:
        return path, False
    target = scratch / "utf8"
    decoder = codecs.getincrementaldecoder(found)("strict" if is_whole else "replace")
    try:
        with target.open("w", encoding="utf-8", newline="") as out:
            for block in _blocks(path):
                out.write(decoder.decode(block))
            out.write(decoder.decode(b"", final=True))
    except UnicodeDecodeError as error:
        raise FileRefused(
            f"not {found} as said ({error.reason} at byte {error.start}); correct the encoding"
        ) from error
    return target, not is_whole


def detect(path: Path) -> tuple[str, bool]:
    """The encoding the content is in, and whether all of it decodes; raises FileRefused if none fits."""
    with path.open("rb") as file:
        head = file.read(4096)
    for bom, encoding in BOMS:
        if head.startswith(bom):
            return encoding, _decodes(path, encoding)
    if b"\x00" in head and not _is_padded(head):
        return _detect_utf16(path, head)
    if _decodes(path, "utf-8"):
        return "utf-8", True
    return _detect_by_lines(path)


def _is_padded(head: bytes) -> bool:
    """Whether the zero bytes are padding within plain text: few, and the rest is UTF-8 (a fixed-width column's)."""
    few = SHARE_OF_ZEROS * head.count(0) < len(head)
    return few and _line_decodes(head[: head.rfind(b"\n") + 1] or head, "utf-8")


def _detect_utf16(path: Path, head: bytes) -> tuple[str, bool]:
    """Which UTF-16 a file with zero bytes and no mark is in; ASCII characters tell by where their zeros are."""
    encoding = "utf-16-be" if head[0::2].count(0) > head[1::2].count(0) else "utf-16-le"
    if not _decodes(path, encoding):
        raise FileRefused("holds binary data where text was expected; export it as CSV, JSON or Parquet")
    return encoding, True


def _detect_by_lines(path: Path) -> tuple[str, bool]:
    """UTF-8 with some damaged lines, or GB18030: what most lines with other than ASCII characters are."""
    votes = {"utf-8": 0, "gb18030": 0}
    lines = 0
    with path.open("rb") as file:
        for line in file:
            if line.isascii():
                continue
            lines += 1
            for encoding in votes:
                votes[encoding] += _line_decodes(line, encoding)
    if 2 * votes["utf-8"] >= lines:
        return "utf-8", False
    if 2 * votes["gb18030"] >= lines:
        return "gb18030", votes["gb18030"] == lines and _decodes(path, "gb18030")
    raise FileRefused("encoding is none of UTF-8, UTF-16 and GB18030; save it as UTF-8 or name its encoding")


def _line_decodes(line: bytes, encoding: str) -> bool:
    """Whether one line is whole in the encoding."""
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _decodes(path: Path, encoding: str) -> bool:
    """Whether the whole file is valid in the encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for block in _blocks(path):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _blocks(path: Path) -> Iterator[bytes]:
    """The file's bytes, 64 KB at a time, which stay in the processor's cache."""
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            yield block


def _usable(encoding: str) -> str:
    """The codec's own name; raises FileRefused for one that does not exist."""
    try:
        return codecs.lookup(encoding).name
    except LookupError as error:
        raise FileRefused(f"unknown encoding {encoding!r}; use one such as utf-8 or gb18030") from error
