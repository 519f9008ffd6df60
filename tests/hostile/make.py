#!/usr/bin/env python3
"""Makes hostile and broken files, always the same ones (fixed seed), to try the readers on.

Writes OUT/files/... and OUT/hostile.csv with the columns
  file       path below OUT/files, bytes other than printable ASCII written %XX
  expected   reasons (src/extract/contract/extract/account.h) of which one must be told of the item or of
             something inside it; "ok" among them: it may also be read without any
  text       a phrase that must be found in the item or inside it
  forbidden  a phrase that must appear nowhere
  note       what it is
and OUT/passwords.txt with the password that opens the encrypted ones."""
import argparse
import base64
import csv
import gzip
import io
import itertools
import os
import pathlib
import random
import shutil
import socket
import sqlite3
import stat
import struct
import subprocess
import sys
import tarfile
import tempfile
import urllib.parse
import warnings
import zipfile
import zlib

DATE = (2020, 1, 2, 3, 4, 6)
MTIME = 1577934246
PASSWORD = b"secret"
MARKER = "zebrafinch"  # a word that occurs in no other test file


class Maker:
    def __init__(self, out, corpus, entries, big):
        self.files = out / "files"
        self.out, self.corpus, self.entries, self.big = out, corpus, entries, big
        self.rows = []
        self.chance = random.Random(20200102)

    def add(self, name, data, expected, note, text="", forbidden=""):
        """Writes one file (data: bytes, or an iterable of bytes) and its line of the manifest."""
        path = os.path.join(os.fsencode(self.files), name if isinstance(name, bytes) else name.encode())
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            for piece in [data] if isinstance(data, bytes) else data:
                file.write(piece)
        os.utime(path, (MTIME, MTIME))
        self.tell(name, expected, note, text, forbidden)

    def tell(self, name, expected, note, text="", forbidden=""):
        name = name if isinstance(name, bytes) else name.encode()
        self.rows.append((urllib.parse.quote_from_bytes(name, safe="/ ,;:()[]{}!@$&*+='"), expected, text, forbidden, note))

    def write_manifest(self):
        with open(self.out / "hostile.csv", "w", newline="", encoding="ascii") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["file", "expected", "text", "forbidden", "note"])
            writer.writerows(self.rows)
        (self.out / "passwords.txt").write_bytes(PASSWORD + b"\n")


# --- CRC-32 of what nobody wants to compute byte by byte ---------------------------------------------


def _times(matrix, vector):
    result, row = 0, 0
    while vector:
        if vector & 1:
            result ^= matrix[row]
        vector >>= 1
        row += 1
    return result


def crc_join(first, second, second_length):
    """The CRC-32 of two byte strings one after the other, from their CRCs."""
    matrix = [0xEDB88320] + [1 << n for n in range(31)]  # one zero bit
    power = second_length * 8
    while power:
        if power & 1:
            first = _times(matrix, first)
        matrix = [_times(matrix, row) for row in matrix]
        power >>= 1
    return first ^ second


def crc_of_zeros(length):
    crc, done, piece, piece_length = 0, 0, zlib.crc32(b"\0"), 1
    while length:
        if length & 1:
            crc, done = (crc_join(crc, piece, piece_length) if done else piece), done + piece_length
        piece = crc_join(piece, piece, piece_length)
        piece_length *= 2
        length >>= 1
    return crc


def deflated_zeros(megabytes, zlib_frame=False):
    """A deflate stream of zeros, made of one repeated piece: as quick to write as it is small."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    if zlib_frame:
        yield b"\x78\xda"
    for _ in range(megabytes):
        yield piece
    yield b"\x03\x00"
    if zlib_frame:
        yield struct.pack(">HH", (megabytes << 20) % 65521, 1)


# --- zip, written by hand where the library is too honest ----------------------------------------------


def local_header(name, crc, packed, size, flags=0, method=8):
    extra = b""
    if size > 0xFFFFFFFE or packed > 0xFFFFFFFE:
        extra = struct.pack("<HHQQ", 1, 16, size, packed)
        size = packed = 0xFFFFFFFF
    return struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 45 if extra else 20, flags, method, 0x1883, 0x5022, crc, packed, size, len(name), len(extra)) + name + extra


def central_header(name, crc, packed, size, offset, flags=0, method=8):
    extra = b""
    if size > 0xFFFFFFFE or packed > 0xFFFFFFFE:
        extra = struct.pack("<HHQQ", 1, 16, size, packed)
        size = packed = 0xFFFFFFFF
    return struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\1\2", 45, 45 if extra else 20, flags, method, 0x1883, 0x5022, crc, packed, size,
                       len(name), len(extra), 0, 0, 0, 0, offset) + name + extra


def end_of_zip(count, size, offset):
    return struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, min(count, 0xFFFF), min(count, 0xFFFF), size, offset, 0)


def honest_zip(members):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name, DATE), data, zipfile.ZIP_DEFLATED, 9)
    return file.getvalue()


def flat_bomb(megabytes):
    packed = b"".join(deflated_zeros(megabytes))
    size, crc, name = megabytes << 20, crc_of_zeros(megabytes << 20), b"zeros.bin"
    head = local_header(name, crc, len(packed), size)
    central = central_header(name, crc, len(packed), size, 0)
    return head + packed + central + end_of_zip(1, len(central), len(head) + len(packed))


def nested_bomb(depth, width):
    inner = bytes(10 << 20)
    names = ["zeros-%d.bin" % n for n in range(width)]
    for level in range(depth):
        inner = honest_zip([(name, inner) for name in names])
        names = ["level-%d-%d.zip" % (level, n) for n in range(width)]
    return inner


def overlapping_bomb(count, megabytes):
    """After Fifield (2019): each member quotes the header of the next, and all share one kernel."""
    kernel = b"".join(deflated_zeros(megabytes))
    crc, size, packed = crc_of_zeros(megabytes << 20), megabytes << 20, len(kernel)
    body, members = kernel, []
    for number in reversed(range(count)):
        name = b"%04d" % number
        header = local_header(name, crc, packed, size)
        members.append((name, crc, packed, size, len(body) + len(header)))
        if number:
            quote = struct.pack("<BHH", 0, len(header), len(header) ^ 0xFFFF)
            crc = crc_join(zlib.crc32(header), crc, size)
            size, packed = size + len(header), packed + len(quote) + len(header)
            body = quote + header + body
        else:
            body = header + body
    central = b"".join(central_header(n, c, p, s, len(body) - from_end) for n, c, p, s, from_end in reversed(members))
    return body + central + end_of_zip(count, len(central), len(body))


class ZipCrypto:
    """The old cipher of PKZIP, as APPNOTE 6.1 describes it."""

    TABLE = [zlib.crc32(bytes([n]), 0xFFFFFFFF) ^ 0xFFFFFFFF for n in range(256)]

    def __init__(self, password):
        self.keys = [0x12345678, 0x23456789, 0x34567890]
        for byte in password:
            self._update(byte)

    def _crc(self, crc, byte):
        return zlib.crc32(bytes([byte]), crc ^ 0xFFFFFFFF) ^ 0xFFFFFFFF

    def _update(self, byte):
        keys = self.keys
        keys[0] = self._crc(keys[0], byte)
        keys[1] = ((keys[1] + (keys[0] & 0xFF)) * 134775813 + 1) & 0xFFFFFFFF
        keys[2] = self._crc(keys[2], keys[1] >> 24)

    def encrypt(self, data):
        out = bytearray()
        for byte in data:
            temp = (self.keys[2] | 2) & 0xFFFF
            out.append(byte ^ (((temp * (temp ^ 1)) >> 8) & 0xFF))
            self._update(byte)
        return bytes(out)


def encrypted_zip(members, password, chance):
    body, central = b"", b""
    for name, data in members:
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        packed = packer.compress(data) + packer.flush()
        crc = zlib.crc32(data)
        secret = ZipCrypto(password).encrypt(chance.randbytes(11) + bytes([crc >> 24]) + packed)
        central += central_header(name, crc, len(secret), len(data), len(body), flags=1)
        body += local_header(name, crc, len(secret), len(data), flags=1) + secret
    return body + central + end_of_zip(len(members), len(central), len(body))


def lying_zip(central_name, local_name, claimed):
    data = MARKER.encode()
    body = local_header(local_name, zlib.crc32(data), len(data), len(data), method=0) + data
    central = central_header(central_name, zlib.crc32(data), len(data), claimed, 0, method=0)
    return body + central + end_of_zip(1, len(central), len(body))


def make_zips(m):
    m.add("zip/flat-10-gigabytes.zip", flat_bomb(10240), "bomb too_large", "10 GiB of zeros in one deflate member")
    m.add("zip/nested-5-deep.zip", nested_bomb(5, 6), "bomb too_deep too_large", "zips in zips, five levels of six, zeros at the bottom")
    m.add("zip/overlapping.zip", overlapping_bomb(250, 20), "bomb damaged too_large", "250 overlapping members of 20 MiB each")
    m.add("zip/encrypted-zipcrypto.zip", encrypted_zip([(b"letter.txt", ("the %s sings\n" % MARKER).encode())], PASSWORD, m.chance),
          "encrypted ok", "opens with the password 'secret', else encrypted")
    m.add("zip/encrypted-unknown.zip", encrypted_zip([(b"a.txt", b"alpha"), (b"b.txt", b"beta")], b"nobody knows this", m.chance),
          "encrypted", "no password opens it")
    m.add("zip/slip.zip", honest_zip([("../../escape-up.txt", MARKER), ("/escape-root.txt", "x"), ("C:\\escape-drive.txt", "x"), ("a/../../b", "x")]),
          "ok", "names that would leave the folder", text=MARKER)
    m.add("zip/two-names.zip", lying_zip(b"good.txt", b"evil.txt", len(MARKER)), "ok damaged", "local and central header disagree on the name")
    m.add("zip/claims-4-gigabytes.zip", lying_zip(b"a.txt", b"a.txt", 0xFFFFFFF0), "ok damaged truncated bomb too_large", "the directory claims 4 GB, eleven bytes are there")
    m.add("zip/same-name-twice.zip", same_name_twice(), "ok", "two members of one name", text="second " + MARKER)
    m.add("zip/directory-cut.zip", honest_zip([("a.txt", "x" * 5000), ("b.txt", MARKER)])[:-60], "truncated damaged", "the end of the central directory is cut off")
    m.add("zip/comment-with-end.zip", honest_zip([("a.txt", MARKER)]) + end_of_zip(7, 100, 99999), "ok damaged truncated", "a second, false end record behind the first")
    m.add("zip/%s-entries.zip" % m.entries, many_entries(m.entries), "ok too_large", "%d members" % m.entries, text="member number %d" % (m.entries - 1))


def same_name_twice():
    file = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with zipfile.ZipFile(file, "w") as archive:
            for word in ("first", "second"):
                archive.writestr(zipfile.ZipInfo("a.txt", DATE), f"{word} {MARKER}")
    return file.getvalue()


def many_entries(count):
    with tempfile.TemporaryFile() as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            for number in range(count):
                archive.writestr(zipfile.ZipInfo("folder-%d/entry-%d.txt" % (number // 1000, number), DATE), "member number %d" % number)
        file.seek(0)
        yield from iter(lambda: file.read(1 << 20), b"")


# --- tar and other containers ---------------------------------------------------------------------------


def tar_of(members, form=tarfile.PAX_FORMAT):
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=form) as archive:
        for name, kind, value in members:
            info = tarfile.TarInfo(name)
            info.mtime, info.type = MTIME, kind
            if kind == tarfile.REGTYPE:
                info.size = len(value)
                archive.addfile(info, io.BytesIO(value))
                continue
            if kind in (tarfile.SYMTYPE, tarfile.LNKTYPE):
                info.linkname = value
            elif kind in (tarfile.CHRTYPE, tarfile.BLKTYPE):
                info.devmajor, info.devminor = value
            archive.addfile(info)
    return file.getvalue()


def huge_tar_header():
    block = bytearray(tar_of([("huge.bin", tarfile.REGTYPE, b"x" * 100)], tarfile.GNU_FORMAT)[:512])
    block[124:136] = b"\x80" + (1 << 62).to_bytes(11, "big")
    block[148:156] = b" " * 8
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block) + b"x" * 100


def gzip_members(count):
    empty = gzip.compress(b"", 9, mtime=0)
    yield gzip.compress(("the %s in the first member\n" % MARKER).encode(), 9, mtime=0)
    for _ in range(count // 1000):
        yield empty * 1000


def make_containers(m):
    text = ("tar says %s\n" % MARKER).encode()
    m.add("tar/slip.tar", tar_of([("../escape-up.txt", tarfile.REGTYPE, text), ("/escape-root.txt", tarfile.REGTYPE, b"x"),
                                  ("a/../../../escape-far.txt", tarfile.REGTYPE, b"x")]), "ok outside", "../ and absolute names", text=MARKER)
    m.add("tar/links.tar", tar_of([("link", tarfile.SYMTYPE, "/etc"), ("link/passwd", tarfile.REGTYPE, text), ("hard", tarfile.LNKTYPE, "/etc/passwd"),
                                   ("loop", tarfile.SYMTYPE, "loop"), ("up", tarfile.SYMTYPE, "../../..")]),
          "symlink outside ok", "a link out of the archive and a file through it", text=MARKER, forbidden="root:x:0:0")
    m.add("tar/devices.tar", tar_of([("null", tarfile.CHRTYPE, (1, 3)), ("disk", tarfile.BLKTYPE, (8, 0)), ("pipe", tarfile.FIFOTYPE, None),
                                     ("file.txt", tarfile.REGTYPE, text)]), "special_file", "device nodes and a pipe", text=MARKER)
    m.add("tar/claims-4-exabytes.tar", huge_tar_header(), "truncated damaged too_large bomb", "a member that claims 2^62 bytes")
    m.add("tar/no-end.tar", tar_of([("a.txt", tarfile.REGTYPE, text)])[:1024], "ok truncated damaged", "without the end blocks", text=MARKER)
    m.add("gz/members.gz", gzip_members(200000), "ok too_large bomb", "200,000 empty members after one with text", text=MARKER)
    m.add("gz/zeros.gz", [gzip.compress(b"", mtime=0)[:10], *deflated_zeros(2048), struct.pack("<II", crc_of_zeros(1 << 31), 1 << 31)],
          "bomb too_large", "2 GiB of zeros")
    m.add("gz/wrong-checksum.gz", gzip.compress(text, mtime=0)[:-8] + bytes(8), "damaged ok", "checksum of zeros", text=MARKER)
    m.add("gz/inside-itself-30.gz", nested_gzip(30), "ok too_deep truncated", "thirty gzips inside one another")


def nested_gzip(depth):
    data = MARKER.encode()
    for _ in range(depth):
        data = gzip.compress(data, mtime=0)
    return data


# --- mail -----------------------------------------------------------------------------------------------


def nested_multipart(levels):
    out = [b"From: a@example.org\nSubject: nested %s\nMIME-Version: 1.0\n" % MARKER.encode()]
    for n in range(levels):
        out.append(b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n))
    out.append(b"Content-Type: text/plain\n\nthe innermost text\n")
    for n in reversed(range(levels)):
        out.append(b"--b%d--\n" % n)
    return b"".join(out)


def make_mail(m):
    head = ("From: a@example.org\nTo: b@example.org\nDate: Thu, 2 Jan 2020 03:04:06 +0000\nSubject: about the %s\nMIME-Version: 1.0\n" % MARKER).encode()
    m.add("mail/multipart-10000.eml", nested_multipart(10000), "too_deep", "multipart in multipart, 10,000 levels")
    m.add("mail/message-10000.eml", b"Content-Type: message/rfc822\n\n" * 10000 + head + b"\nhello\n", "too_deep ok", "message in message, 10,000 levels, without a header of mail: text")
    m.add("mail/no-end.mbox", b"From a@example.org Thu Jan  2 03:04:06 2020\n" + head + b"\nfirst letter\n\nFrom b@example.org Thu Jan  2 03:04:07 2020\n" +
          head + b'Content-Type: multipart/mixed; boundary="x"\n\n--x\nContent-Type: text/plain\n\nthe second letter breaks o',
          "ok truncated damaged", "the last message has no end", text="the second letter breaks")
    m.add("mail/line-20-megabytes.eml", head + b"X-Long: " + b"a" * (20 << 20) + b"\n\nbody of the long one\n", "ok too_large damaged", "one header line of 20 MiB")
    m.add("mail/headers-200000.eml", head + b"".join(b"X-H%d: v\n" % n for n in range(200000)) + b"\nbody\n", "ok too_large", "200,000 header lines")
    m.add("mail/broken-base64.eml", head + b'Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n' + base64.b64encode(b"words " * 20)[:50] + b"!!**\n=\n",
          "ok damaged truncated", "base64 that is none")
    m.add("mail/same-boundary.eml", head + b'Content-Type: multipart/mixed; boundary=""\n\n--\nContent-Type: text/plain\n\ntext\n----\n', "ok damaged truncated", "an empty boundary")
    m.add("mail/attachment-name.eml", head + b'Content-Type: multipart/mixed; boundary="x"\n\n--x\nContent-Type: text/plain\nContent-Disposition: attachment; '
          b'filename="../../../../tmp/escape-mail.txt"\n\nattached ' + MARKER.encode() + b"\n--x--\n", "ok", "an attachment whose name leads outside", text="attached " + MARKER)
    m.add("mail/header-only.eml", head, "ok truncated damaged", "no body, no empty line")


# --- PDF ------------------------------------------------------------------------------------------------


def pdf_of(objects, trailer=b"/Root 1 0 R", prev=None):
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(b"%010d 00000 n \n" % p for p in places)
    back = b" /Prev %d" % start if prev == "self" else b""
    return out + b"trailer\n<< /Size %d %s%s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, back, start)


def stream(data, more=b""):
    return b"<< /Length %d %s>>\nstream\n%s\nendstream" % (len(data), more, data)


def page_objects(text, catalog=b"", page=b""):
    return [b"<< /Type /Catalog /Pages 2 0 R %s>>" % catalog, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> /XObject << /X 6 0 R >> >> %s>>" % page,
            stream(b"BT /F1 12 Tf 72 700 Td (%s) Tj ET" % text), b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            stream(b"/X Do", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 6 0 R >> >> ")]


def make_pdfs(m):
    text = ("pdf with %s" % MARKER).encode()
    plain = pdf_of(page_objects(text))
    loop = page_objects(text)
    loop[1] = b"<< /Type /Pages /Kids [3 0 R 2 0 R] /Count 2000000000 /Parent 2 0 R >>"
    m.add("pdf/page-tree-loop.pdf", pdf_of(loop), "ok damaged too_deep too_large", "a page tree that holds itself")
    deep = page_objects(text)
    first = len(deep) + 1
    deep[1] = b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % first
    deep += [b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % (first + n + 1) for n in range(20000)] + [deep[2]]
    m.add("pdf/page-tree-20000-deep.pdf", pdf_of(deep), "ok damaged too_deep", "a page tree of 20,000 levels")
    m.add("pdf/form-loop.pdf", pdf_of([*page_objects(text)[:3], stream(b"/X Do BT /F1 12 Tf 72 700 Td (%s) Tj ET" % text), *page_objects(text)[4:]]),
          "ok damaged too_deep", "a form that draws itself", text=MARKER)
    m.add("pdf/xref-loop.pdf", pdf_of(page_objects(text), prev="self"), "ok damaged", "the cross-reference names itself as its predecessor")
    m.add("pdf/javascript.pdf", pdf_of(page_objects(text, b"/OpenAction << /S /JavaScript /JS (app.launchURL\\('http://127.0.0.1:9/'\\); while\\(true\\){}) >> ")),
          "ok", "a script that runs when opened, which must not run", text=MARKER)
    m.add("pdf/launch.pdf", pdf_of(page_objects(text, b"/OpenAction << /S /Launch /F (/bin/sh) >> ")), "ok", "an action that starts a program", text=MARKER)
    m.add("pdf/length-lies.pdf", plain.replace(b"/Length", b"/Length 4294967296 /L", 1), "ok damaged", "a stream that claims 4 GB")
    m.add("pdf/no-xref.pdf", plain[: plain.index(b"xref\n")], "ok damaged truncated", "the cross-reference is cut off")
    zeros = b"".join(deflated_zeros(1024, zlib_frame=True))
    bomb = page_objects(text)
    bomb[3] = stream(zeros, b"/Filter /FlateDecode ")
    m.add("pdf/stream-bomb.pdf", pdf_of(bomb), "bomb too_large ok damaged timed_out out_of_memory", "a page whose content is 1 GiB of zeros")
    once = zlib.compress(zeros, 9)
    bomb[3] = stream(once, b"/Filter [/FlateDecode /FlateDecode] ")
    m.add("pdf/stream-bomb-twice.pdf", pdf_of(bomb), "bomb too_large ok damaged timed_out out_of_memory", "the same, packed twice")
    make_encrypted_pdf(m, plain)


def make_encrypted_pdf(m, plain):
    if not shutil.which("qpdf"):
        print("make.py: qpdf is not installed, so pdf/encrypted.pdf is left out", file=sys.stderr)
        return
    with tempfile.TemporaryDirectory() as folder:
        source, target = os.path.join(folder, "in.pdf"), os.path.join(folder, "out.pdf")
        pathlib.Path(source).write_bytes(plain)
        for name, password, expected in [("encrypted", PASSWORD.decode(), "encrypted ok"), ("encrypted-unknown", "nobody knows this", "encrypted")]:
            subprocess.run(["qpdf", "--static-id", "--static-aes-iv", "--encrypt", password, "owner", "128", "--use-aes=y", "--", source, target], check=True)
            m.add(f"pdf/{name}.pdf", pathlib.Path(target).read_bytes(), expected, "needs a password" + (", which is 'secret'" if "ok" in expected else ""))


# --- text, mark-up --------------------------------------------------------------------------------------


def make_texts(m):
    laughs = "<?xml version='1.0'?>\n<!DOCTYPE lol [\n<!ENTITY a0 'ha'>\n" + "".join(
        "<!ENTITY a%d '%s'>\n" % (n, ("&a%d;" % (n - 1)) * 10) for n in range(1, 13)) + "]>\n<lol>%s &a12;</lol>\n" % MARKER
    m.add("xml/billion-laughs.xml", laughs.encode(), "ok bomb damaged too_large", "entities of entities: 2 * 10^12 bytes")
    m.add("xml/quadratic.xml", ("<!DOCTYPE q [<!ENTITY a '%s'>]><q>%s</q>" % ("a" * 100000, "&a;" * 20000)).encode(), "ok bomb damaged too_large", "2 GB by one long entity")
    m.add("xml/outside-entity.xml", ("<?xml version='1.0'?><!DOCTYPE x [<!ENTITY f SYSTEM 'file:///etc/passwd'><!ENTITY h SYSTEM 'http://127.0.0.1:9/'>]><x>%s &f; &h;</x>" % MARKER).encode(),
          "ok damaged", "an entity that names a file and one that names a server", forbidden="root:x:0:0")
    m.add("xml/deep.xml", b"<a>" * 200000 + MARKER.encode() + b"</a>" * 200000, "ok too_deep damaged", "200,000 elements deep")
    m.add("xml/svg-deep.svg", b"<svg xmlns='http://www.w3.org/2000/svg'>" + b"<g>" * 100000 + b"<text>x</text>" + b"</g>" * 100000 + b"</svg>", "ok too_deep damaged", "100,000 groups deep")
    m.add("html/deep.html", b"<html><body>" + b"<div>" * 200000 + MARKER.encode() + b"</div>" * 200000, "ok too_deep damaged", "200,000 elements deep")
    m.add("html/attributes.html", b"<html><body><p " + b" ".join(b"a%d='v'" % n for n in range(100000)) + b">attributes of %s</p>" % MARKER.encode(), "ok too_large damaged", "100,000 attributes")
    m.add("html/unclosed.html", b"<!DOCTYPE html><title>open</title><p>unclosed %s <script>var a = '" % MARKER.encode(), "ok damaged truncated", "nothing is closed", text="unclosed " + MARKER)
    m.add("json/deep.json", b"[" * 500000 + b"]" * 500000, "ok too_deep damaged", "500,000 lists deep")
    m.add("json/deep-objects.json", b'{"a":' * 200000 + b'"%s"' % MARKER.encode() + b"}" * 200000, "ok too_deep damaged", "200,000 objects deep")
    m.add("json/long-number.json", b'{"n":' + b"9" * 1000000 + b',"t":"%s"}' % MARKER.encode(), "ok damaged too_large", "a number of a million digits")
    m.add("rtf/deep.rtf", b"{\\rtf1 " + b"{" * 200000 + MARKER.encode() + b"}" * 200001, "ok too_deep damaged", "200,000 groups deep")
    m.add("csv/columns.csv", b",".join(b"c%d" % n for n in range(200000)) + b"\n", "ok too_large", "200,000 columns")
    m.add("csv/open-quote.csv", b'a,b\n1,"' + b"never closed %s\n" % MARKER.encode() * 1000, "ok damaged", "a quote that never closes", text="never closed " + MARKER)
    m.add("text/utf16-no-mark-le.txt", ("Little endian %s, без метки порядка байтов.\n" % MARKER * 5).encode("utf-16-le"), "ok", "UTF-16LE without BOM", text="Little endian " + MARKER)
    m.add("text/utf16-no-mark-be.txt", ("Big endian %s, without a mark.\n" % MARKER * 5).encode("utf-16-be"), "ok", "UTF-16BE without BOM", text="Big endian " + MARKER)
    m.add("text/nul-inside.txt", b"before \0\0\0 after %s\n" % MARKER.encode() * 50, "ok damaged unsupported", "NUL bytes in a text")
    m.add("text/mixed-encodings.txt", "utf-8: Ünïcödé ".encode() + "latin: Ünïcödé ".encode("latin-1") + MARKER.encode() + b"\n", "ok damaged", "two encodings in one file", text=MARKER)
    m.add("text/random.bin", m.chance.randbytes(200000), "unsupported ok", "random bytes")
    m.add("text/one-line-10-megabytes.txt", b"word " * (2 << 20), "ok too_large", "one line of 10 MiB")
    m.add("text/combining.txt", ("a" + "\u0301" * 100000 + " " + MARKER + "\n").encode(), "ok too_large", "100,000 combining marks on one letter", text=MARKER)
    if m.big:
        m.add("text/one-line-2-gigabytes.txt", itertools.repeat(b"word " * (1 << 18), 1639), "ok too_large", "one line of 2 GiB")


# --- images and sound -------------------------------------------------------------------------------------


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, packed):
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def tiff(width, height, next_directory=0):
    tags = [(256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1), (273, 4, 1, 200), (277, 3, 1, 1), (278, 4, 1, height), (279, 4, 1, 16)]
    return (b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", len(tags)) + b"".join(struct.pack("<HHII", *t) for t in tags) +
            struct.pack("<I", next_directory)).ljust(200, b"\0") + bytes(16)


def make_images(m):
    limits = "too_large bomb damaged truncated out_of_memory"
    m.add("image/60000x60000-tiny.png", png(60000, 60000, zlib.compress(bytes(100), 9)), limits, "claims 3.6 billion pixels and holds a hundred")
    m.add("image/60000x60000-full.png", png(60000, 60000, b"".join(deflated_zeros(3434, zlib_frame=True))), limits, "3.6 billion black pixels in 3.6 MB")
    m.add("image/largest.png", png(0x7FFFFFFF, 0x7FFFFFFF, zlib.compress(b"", 9)), limits, "2^31-1 in both directions")
    m.add("image/zero.png", png(0, 0, zlib.compress(b"", 9)), "damaged truncated unsupported ok", "no pixels")
    m.add("image/65535.gif", b"GIF89a" + struct.pack("<HHBBB", 65535, 65535, 0x80, 0, 0) + bytes(6) + b"," + struct.pack("<HHHHB", 0, 0, 65535, 65535, 0) + b"\x02\x02\x44\x01\x00;", limits, "65,535 squared")
    m.add("image/frames.gif", b"GIF89a" + struct.pack("<HHBBB", 2, 2, 0x80, 0, 0) + bytes(6) + (b"," + struct.pack("<HHHHB", 0, 0, 2, 2, 0) + b"\x02\x02\x84\x51\x00") * 200000 + b";", "ok " + limits, "200,000 frames")
    m.add("image/65000.bmp", b"BM" + struct.pack("<IHHI", 66, 0, 0, 54) + struct.pack("<IiiHHIIiiII", 40, 2**31 - 1, -(2**31 - 1), 1, 24, 0, 0, 0, 0, 0, 0) + bytes(12), limits, "2^31-1 in both directions, upside down")
    m.add("image/largest.tiff", tiff(0xFFFFFFFF, 0xFFFFFFFF), limits, "2^32-1 in both directions")
    m.add("image/directory-loop.tiff", tiff(4, 4, next_directory=8), "ok damaged too_large too_deep truncated", "a directory that is its own successor")
    m.add("image/largest.jpg", b"\xff\xd8\xff\xc0\x00\x0b\x08\xff\xff\xff\xff\x01\x01\x11\x00\xff\xda\x00\x08\x01\x01\x00\x00?\x00\x00\xff\xd9", "ok " + limits + " unsupported", "65,535 squared, no tables")
    m.add("av/claims-4-gigabytes.wav", b"RIFF\xff\xff\xff\xffWAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x40\x1f\0\0\x01\0\x08\0data\xff\xff\xff\xff" + bytes(10), "ok truncated damaged", "claims 4 GB of sound")
    m.add("av/box-loop.mp4", struct.pack(">I4s4sI", 16, b"ftyp", b"isom", 0) + struct.pack(">I4s", 0, b"moov") + struct.pack(">I4s", 8, b"trak") * 100000, "ok truncated damaged unsupported too_large", "100,000 empty boxes")
    m.add("av/box-size-wraps.mp4", struct.pack(">I4s4sI", 16, b"ftyp", b"isom", 0) + struct.pack(">I4sQ", 1, b"moov", 2**64 - 8), "ok truncated damaged unsupported too_large", "a box of 2^64-8 bytes")


# --- OLE, SQLite --------------------------------------------------------------------------------------------


FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def ole(fat, directory, first_directory=1, sectors=6):
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIIII", 0, 1, first_directory, 0, 4096, END, 0, END, 0, 0) + struct.pack("<I", FREE) * 108
    table = struct.pack("<128I", *(fat + [FREE] * (128 - len(fat))))
    return head + table + directory + bytes(512 * sectors)


def ole_entry(name, kind, left=FREE, right=FREE, child=FREE, start=END, size=0):
    text = name.encode("utf-16-le") + b"\0\0"
    return text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text), kind, 1, left, right, child) + bytes(36) + struct.pack("<IQ", start, size)


def make_databases(m):
    stream_name = "__substg1.0_1000001F"
    root = lambda child=1: ole_entry("Root Entry", 5, child=child)
    body = ole_entry(stream_name, 2, start=2, size=100000)
    rest = bytes(128) * 2
    reasons = "damaged truncated unsupported ok"
    m.add("ole/fat-loop.msg", ole([FAT, END, 3, 4, 2], root() + body + rest), reasons, "the chain of a stream returns to its start")
    m.add("ole/directory-loop.msg", ole([FAT, 1, END], root() + body + rest), reasons, "the chain of the directory is a loop")
    m.add("ole/tree-loop.doc", ole([FAT, END, 3, END], root() + ole_entry("WordDocument", 2, left=1, right=1, child=1, start=2, size=600) + rest), reasons, "an entry that is its own brother and child")
    m.add("ole/storage-loop.xls", ole([FAT, END], root() + ole_entry("A", 1, child=2) + ole_entry("B", 1, child=1) + bytes(128)), reasons, "two storages that hold each other")
    m.add("ole/size-lies.ppt", ole([FAT, END, END], root() + ole_entry("PowerPoint Document", 2, start=2, size=2**40) + rest), reasons, "a stream that claims a terabyte")
    m.add("ole/header-only.msg", ole([FAT, END], root(FREE))[:512], "damaged truncated unsupported", "a header and nothing else")
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "a.db")
        database = sqlite3.connect(path)
        database.executescript("create table letters(id integer primary key, body text); begin;")
        database.executemany("insert into letters(body) values(?)", [("row %d about the %s " % (n, MARKER) * 20,) for n in range(500)])
        database.commit()
        database.close()
        good = bytearray(pathlib.Path(path).read_bytes())
    good[24:28] = good[92:96] = bytes(4)
    m.add("sqlite/good.db", bytes(good), "ok", "an honest database", text="row 499 about the " + MARKER)
    broken = bytearray(good)
    page = struct.unpack(">H", good[16:18])[0]
    broken[page: page + 12] = b"\x05" + struct.pack(">HHHB", 0, 0, page, 0) + struct.pack(">I", 2)
    m.add("sqlite/tree-loop.db", bytes(broken), "damaged ok truncated", "a table page that is its own child")
    m.add("sqlite/page-size-lies.db", bytes(good[:16]) + b"\0\3" + bytes(good[18:]), "damaged unsupported truncated ok encrypted", "a page size that is not allowed")
    m.add("sqlite/half.db", bytes(good[: len(good) // 2]), "damaged truncated ok", "the second half is missing")


# --- names, links, the file system -------------------------------------------------------------------------


def make_names(m):
    names = [(b"line\nbreak.txt", "a line break"), (b"carriage\rreturn.txt", "a carriage return"), (b"invalid-\xff\xfe-utf8.txt", "bytes that are not UTF-8"),
             (b"half-\xc3.txt", "half a character"), (b"n" * 251 + b".txt", "255 bytes"), ("rtl-\u202egpj.txt".encode(), "a right-to-left override"),
             (b"-rf.txt", "a dash in front"), (b" leading and trailing ", "spaces around"), (b"tab\there.txt", "a tab"), (b"bell\x07\x1b[31mred.txt", "control characters"),
             (b"quote'\"`$(touch escape-shell).txt", "signs of the shell"), (b"back\\slash.txt", "a backslash"), (b"...", "three points"), ("e\u0301.txt".encode(), "NFD"), ("\u00e9.txt".encode(), "NFC"),
             (b"CON.txt", "a device name of Windows"), ("\u200b.txt".encode(), "an invisible character"), (b"percent%2e%2e%2f.txt", "percent escapes"), (b"..%c0%af..txt", "overlong slash in percent escapes")]
    for number, (name, note) in enumerate(names):
        m.add(b"names/" + name, ("the %s of name %d\n" % (MARKER, number)).encode(), "ok", "name with " + note, text="%s of name %d" % (MARKER, number))
    deep = b"/".join([b"d" * 200] * 15)
    m.add(b"names/" + deep + b"/deep.txt", ("deep %s\n" % MARKER).encode(), "ok", "a path of 3,000 bytes", text="deep " + MARKER)


def make_links(m):
    folder = m.files / "links"
    folder.mkdir(parents=True)
    m.add("links/target.txt", ("target %s\n" % MARKER).encode(), "ok", "what a link points to", text="target " + MARKER)
    for name, target, expected, note in [("inside", "target.txt", "symlink", "a link inside the tree"), ("outside", "/etc/passwd", "outside symlink", "a link out of the tree"),
                                         ("dangling", "nowhere", "symlink outside", "a link to nothing"), ("itself", "itself", "symlink outside", "a link to itself"), ("up", "../links", "symlink", "a link to the folder that it is in")]:
        os.symlink(target, folder / name)
        m.tell("links/" + name, expected, note, forbidden="root:x:0:0" if name == "outside" else "")
    os.mkfifo(folder / "pipe")
    m.tell("links/pipe", "special_file", "a pipe: opening it would wait for ever")
    here = os.getcwd()
    os.chdir(folder)
    with socket.socket(socket.AF_UNIX) as door:
        door.bind("socket")
    os.chdir(here)
    m.tell("links/socket", "special_file", "a socket")
    try:
        os.mknod(folder / "device", stat.S_IFCHR | 0o600, os.makedev(1, 5))
        m.tell("links/device", "special_file", "/dev/zero: it never ends")
    except PermissionError:
        print("make.py: not root, so links/device is left out", file=sys.stderr)


# --- copies of real files, broken or misnamed -----------------------------------------------------------------


STRICT = {".zip", ".docx", ".xlsx", ".pptx", ".odt", ".ods", ".odp", ".epub", ".7z", ".rar", ".gz", ".bz2", ".xz", ".zst", ".kmz", ".cab", ".png"}


def one_of_each_extension(corpus):
    chosen = {}
    for place, folders, names in os.walk(corpus):
        folders.sort()
        for name in sorted(names):
            path = pathlib.Path(place) / name
            kind = path.suffix.lower()
            size = path.stat().st_size
            if kind and size >= 200 and (kind not in chosen or (size, str(path)) < (chosen[kind].stat().st_size, str(chosen[kind]))):
                chosen[kind] = path
    return sorted(chosen.items())


def make_truncated(m):
    for kind, path in one_of_each_extension(m.corpus):
        data = path.read_bytes()
        name = "truncated/%s" % kind[1:]
        half = "truncated damaged missing_part unsupported" + ("" if kind in STRICT else " ok encrypted")
        m.add(f"{name}/half{kind}", data[: len(data) // 2], half, "half of " + str(path.relative_to(m.corpus)).encode("ascii", "replace").decode())
        m.add(f"{name}/less-one{kind}", data[:-1], half + " ok encrypted symlink", "all but the last byte")
        m.add(f"{name}/one{kind}", data[:1], "ok truncated damaged unsupported", "one byte")
        m.add(f"{name}/zero{kind}", b"", "empty", "no bytes")
        middle = len(data) // 2
        spoiled = data[:middle] + bytes(b ^ 0xFF for b in data[middle: middle + 32]) + data[middle + 32:]
        m.add(f"{name}/spoiled{kind}", spoiled, "ok truncated damaged missing_part unsupported encrypted bomb too_large too_deep empty", "32 bytes in the middle inverted")


def make_misnamed(m):
    plain = pdf_of(page_objects(("misnamed pdf %s" % MARKER).encode()))
    for name, data, note, text in [
            ("pdf.jpg", plain, "a PDF", "misnamed pdf"), ("zip.txt", honest_zip([("a.txt", "misnamed zip " + MARKER)]), "a ZIP", "misnamed zip"),
            ("html.doc", b"<!DOCTYPE html><html><body>misnamed html %s</body></html>" % MARKER.encode(), "an HTML page", "misnamed html"),
            ("eml.exe", b"From: a@example.org\nTo: b@example.org\nSubject: misnamed mail %s\nDate: Thu, 2 Jan 2020 03:04:06 +0000\nMessage-ID: <1@example.org>\n\nbody\n" % MARKER.encode(), "a mail", ""),
            ("png.docx", png(2, 2, zlib.compress(bytes(6))), "a PNG", ""), ("gz.pdf", gzip.compress(b"misnamed gzip " + MARKER.encode(), mtime=0), "a GZIP", "misnamed gzip"),
            ("text.pst", b"misnamed text %s\n" % MARKER.encode() * 3, "plain text", "misnamed text"), ("tar", tar_of([("a.txt", tarfile.REGTYPE, b"misnamed tar " + MARKER.encode())]), "a TAR without extension", "misnamed tar"),
            ("sqlite.csv", b"SQLite format 3\0" + bytes(84), "a broken SQLite file", "")]:
        m.add("misnamed/" + name, data, "ok damaged truncated encrypted" if not text else "ok", note + " under another extension", text=text)
    m.add("misnamed/two-in-one.pdf", plain + honest_zip([("inside.txt", "zip behind " + MARKER)]), "ok damaged", "a PDF and a ZIP in one file", text=MARKER)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", help="a new or empty folder")
    parser.add_argument("--corpus", default="/work/shared/corpus", help="real files of which broken copies are made (default /work/shared/corpus)")
    parser.add_argument("--entries", type=int, default=20000, help="members of the archive of many members (default 20,000)")
    parser.add_argument("--big", action="store_true", help="an archive of 1,000,000 members and a line of 2 GiB as well")
    parser.add_argument("--only", metavar="GROUP", action="append", help="only these groups: " + " ".join(GROUPS))
    return parser.parse_args()


GROUPS = {"zips": make_zips, "containers": make_containers, "mail": make_mail, "pdfs": make_pdfs, "texts": make_texts, "images": make_images,
          "databases": make_databases, "names": make_names, "links": make_links, "truncated": make_truncated, "misnamed": make_misnamed}


def main():
    options = arguments()
    out = pathlib.Path(options.out)
    if out.exists() and any(out.iterdir()):
        sys.exit(f"make.py: {out} is not empty; give a new folder")
    if not pathlib.Path(options.corpus).is_dir():
        sys.exit(f"make.py: there is no folder {options.corpus}; name the corpus with --corpus")
    for group in options.only or []:
        if group not in GROUPS:
            sys.exit(f"make.py: there is no group {group}; choose from {' '.join(GROUPS)}")
    maker = Maker(out, pathlib.Path(options.corpus), 1000000 if options.big else options.entries, options.big)
    maker.files.mkdir(parents=True)
    for name, make in GROUPS.items():
        maker.chance = random.Random("custos " + name)
        if not options.only or name in options.only:
            make(maker)
    maker.write_manifest()
    print(f"{len(maker.rows)} files in {maker.files}, listed in {out / 'hostile.csv'}")


if __name__ == "__main__":
    main()
