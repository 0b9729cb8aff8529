"""What may be attached: decided by the bytes, not by the name or the sender's word (reliability.md 2.E)."""

import hashlib
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import PurePath
from typing import IO, Any, Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

ENTRIES_MAX: Final = 1000
UNPACKED_MAX: Final = 100 * 1024 * 1024
RATIO_MAX: Final = 100
PIXELS_MAX: Final = 50_000_000
_CHUNK: Final = 64 * 1024
_MACROS: Final = ("vbaproject.bin", "basic/", "scripts/")

_OPEN: Final = "application/vnd.oasis.opendocument."
_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
CONTENT_TYPES: Final = {
    "pdf": "application/pdf",
    "docx": f"{_OFFICE}wordprocessingml.document",
    "xlsx": f"{_OFFICE}spreadsheetml.sheet",
    "odt": f"{_OPEN}text",
    "ods": f"{_OPEN}spreadsheet",
    "png": "image/png",
    "jpg": "image/jpeg",
}
ACCEPTED: Final = ", ".join(CONTENT_TYPES)


def check(upload: "UploadedFile[Any]") -> str:
    """Return the kind of an uploaded file ("pdf", "docx", …).

    Raises ValidationError with what to do about it: too big, of another kind, not what its name says, or unsafe.
    """
    size = upload.size or 0
    if size > settings.ATTACHMENT_MAX_BYTES:
        words = _("The file has %(size)s; at most %(most)s fit. Make it smaller, or divide it.")
        raise ValidationError(
            words % {"size": filesizeformat(size), "most": filesizeformat(settings.ATTACHMENT_MAX_BYTES)}
        )
    kind = PurePath(upload.name or "").suffix.lower().lstrip(".").replace("jpeg", "jpg")
    if kind not in CONTENT_TYPES:
        raise ValidationError(
            _("Attach one of these: %(kinds)s. Save the file as PDF if you can.") % {"kinds": ACCEPTED}
        )
    content = upload.file
    if content is None or not _CHECKS[kind](content, kind):
        raise ValidationError(
            _("The content is not what the name says (.%(kind)s). Open the file and save it again.") % {"kind": kind}
        )
    content.seek(0)
    return kind


def checksum(content: IO[bytes]) -> str:
    """Return the SHA-256 of a file, read in pieces."""
    content.seek(0)
    digest = hashlib.sha256()
    while piece := content.read(_CHUNK):
        digest.update(piece)
    content.seek(0)
    return digest.hexdigest()


_UNSAFE: Final = re.compile(r'[\x00-\x1f\x7f-\x9f\u2028\u2029\u200b-\u200f\u202a-\u202e"*:<>?|\\/]')


def safe_name(name: str, kind: str) -> str:
    """Return a name to download by: no path, no control or direction characters, the kind's own ending."""
    last = name.replace("\\", "/").rpartition("/")[2]
    stem = _UNSAFE.sub("", PurePath(last).stem).strip(". ")[:120] or "liite"
    return f"{stem}.{kind}"


# -- Content -----------------------------------------------------------------------------------------------------------
def _is_pdf(content: IO[bytes], _kind: str) -> bool:
    return _start(content, 5) == b"%PDF-"


def _start(content: IO[bytes], length: int) -> bytes:
    content.seek(0)
    return content.read(length)


def _is_png(content: IO[bytes], _kind: str) -> bool:
    head = _start(content, 24)
    if len(head) < 24 or head[:8] != b"\x89PNG\r\n\x1a\n" or head[12:16] != b"IHDR":
        return False
    _refuse_huge(*struct.unpack(">II", head[16:24]))
    return True


def _is_jpeg(content: IO[bytes], _kind: str) -> bool:
    if _start(content, 3) != b"\xff\xd8\xff":
        return False
    size = _jpeg_size(content)
    if size:
        _refuse_huge(*size)
    return size is not None


def _jpeg_size(content: IO[bytes]) -> tuple[int, int] | None:
    """Walk the segments to the frame header, which holds height and width."""
    content.seek(2)
    for _segment in range(ENTRIES_MAX):
        head = content.read(4)
        if len(head) < 4 or head[0] != 0xFF:
            return None
        marker, length = head[1], struct.unpack(">H", head[2:4])[0]
        if 0xC0 <= marker <= 0xCF and marker not in {0xC4, 0xC8, 0xCC}:
            frame = content.read(5)
            return struct.unpack(">HH", frame[1:5]) if len(frame) == 5 else None
        content.seek(max(length - 2, 0), 1)
    return None


def _refuse_huge(one: int, other: int) -> None:
    if one * other > PIXELS_MAX or not one * other:
        raise ValidationError(_("The picture is too large to be shown safely. Save it smaller."))


_END_RECORD_WITHIN: Final = 22 + 0xFFFF + 20
_UNREADABLE: Final = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, struct.error, NotImplementedError, RuntimeError, EOFError,
    KeyError, OSError, ValueError,
)  # fmt: skip


# -- Office files are zips: looked into without unpacking to disk ------------------------------------------------------
def _is_office(content: IO[bytes], kind: str) -> bool:
    """Say whether the zip is the document that its name promises; raise for what is unsafe in it."""
    if _start(content, 4) != b"PK\x03\x04":
        return False
    try:
        _refuse_long_directory(content)
        with zipfile.ZipFile(content) as package:
            entries = package.infolist()
            _refuse_unsafe(entries)
            _count(package, entries)
            return _names_kind(package, kind)
    except _UNREADABLE:
        return False


def _refuse_long_directory(content: IO[bytes]) -> None:
    """Look at the end record before the library reads the whole directory into memory; no zip64, which we never need."""
    length = content.seek(0, 2)
    content.seek(max(0, length - _END_RECORD_WITHIN))
    tail = content.read()
    place = tail.rfind(b"PK\x05\x06")
    record = tail[place : place + 22]
    if place < 0 or len(record) < 22:
        raise zipfile.BadZipFile
    number, directory = struct.unpack("<HI", record[10:16])
    is_zip64 = tail[max(0, place - 20) : max(0, place - 20) + 4] == b"PK\x06\x07"
    if is_zip64 or number > ENTRIES_MAX or directory > ENTRIES_MAX * 512:
        raise ValidationError(_("The file unpacks to too much. Save it as PDF and attach that."))


def _refuse_unsafe(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > ENTRIES_MAX or sum(entry.file_size for entry in entries) > UNPACKED_MAX:
        raise ValidationError(_("The file unpacks to too much. Save it as PDF and attach that."))
    for entry in entries:
        name = entry.filename.replace("\\", "/")
        if name.startswith("/") or ".." in name.split("/") or ":" in name:
            raise ValidationError(_("The file is built in an unsafe way. Save it as PDF and attach that."))
        if name.lower().endswith(_MACROS[0]) or name.lower().startswith(_MACROS[1:]):
            raise ValidationError(_("The file has macros. Save it without them, or as PDF."))


def _count(package: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> None:
    """Read every entry in pieces and count: what the zip says about its own sizes may be a lie."""
    total = 0
    for entry in entries:
        most = max(entry.compress_size, 1024) * RATIO_MAX
        with package.open(entry) as stream:
            read = 0
            while piece := stream.read(_CHUNK):
                read += len(piece)
                if read > most or total + read > UNPACKED_MAX:
                    raise ValidationError(_("The file unpacks to too much. Save it as PDF and attach that."))
        total += read


_MAIN_PART: Final = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}


def _names_kind(package: zipfile.ZipFile, kind: str) -> bool:
    names = set(package.namelist())
    if kind in _MAIN_PART:
        return "[Content_Types].xml" in names and _MAIN_PART[kind] in names
    return "mimetype" in names and package.read("mimetype").strip() == CONTENT_TYPES[kind].encode()


_CHECKS: Final[dict[str, Callable[[IO[bytes], str], bool]]] = {
    "pdf": _is_pdf,
    "docx": _is_office,
    "xlsx": _is_office,
    "odt": _is_office,
    "ods": _is_office,
    "png": _is_png,
    "jpg": _is_jpeg,
}
