#!/usr/bin/env python3
"""The tamper campaign: changes valid proof folders in every way we can think of and demands that
verify.sh (and `custos check-proof`, if given) refuses each. Three kinds of attack:

  plain   a file of the folder is changed and nothing else
  deep    the same, and then both BagIt manifests are made anew, as a careful forger would
  signed  the holder of the log's key itself signs something malformed or untrue

First every unchanged folder must be accepted; at the end planted broken verifiers must be caught.
Status: 0 all refused and all controls as expected, 1 not, 2 wrong usage."""
import argparse
import base64
import collections
import hashlib
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time

import make_proof as maker

HERE = pathlib.Path(__file__).resolve().parent
CLEAN = {"PATH": "/usr/bin:/bin"}
ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
UNSIGNED = ("README.txt", "verify.sh", "bag-info.txt")  # no signature covers these: in deep attacks they may change
Case = collections.namedtuple("Case", "kind change where make")


# --- changes of one file's bytes: each yields (name of the change, new bytes) ------------------------


def flips(chance, data, count):
    places = {0, len(data) - 1} | {chance.randrange(len(data)) for _ in range(count)}
    for place in sorted(places):
        changed = bytearray(data)
        changed[place] ^= 1 << chance.randrange(8)
        yield "flip a bit", bytes(changed)


def lengths(chance, data):
    yield "empty the file", b""
    yield "cut the last byte", data[:-1]
    yield "cut the first byte", data[1:]
    yield "cut in half", data[: len(data) // 2]
    yield "append an end of line", data + b"\n"
    yield "append a NUL", data + b"\0"
    yield "append a space", data + b" "
    yield "append it to itself", data + data


def lines(chance, data, count):
    rows = data.splitlines(keepends=True)
    if len(rows) < 1 or b"\0" in data:
        return
    yield "CRLF everywhere", data.replace(b"\n", b"\r\n")
    yield "empty line first", b"\n" + data
    yield "byte order mark", b"\xef\xbb\xbf" + data
    for place in sorted({chance.randrange(len(rows)) for _ in range(count)} | {0, len(rows) - 1}):
        before, row, after = rows[:place], rows[place], rows[place + 1:]
        yield "delete a line", b"".join(before + after)
        yield "duplicate a line", b"".join(before + [row, row] + after)
        yield "insert an empty line", b"".join(before + [row, b"\n"] + after)
        yield "insert a line", b"".join(before + [b"extra\n", row] + after)
        yield "CR at one line's end", b"".join(before + [row.rstrip(b"\n") + b"\r\n"] + after)
        yield "space at a line's end", b"".join(before + [row.rstrip(b"\n") + b" \n"] + after)
        yield "space at a line's start", b"".join(before + [b" " + row] + after)
        yield "NUL inside a line", b"".join(before + [row[:1] + b"\0" + row[1:]] + after)
        if after:
            yield "swap two lines", b"".join(before + [after[0], row] + after[1:])
            yield "join two lines", b"".join(before + [row.rstrip(b"\n")] + after)


def base64_texts(chance, data):
    for found in re.finditer(rb"(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{43,}={0,2}(?![A-Za-z0-9+/=])", data):
        text, start, end = found.group(), found.start(), found.end()
        if len(text) % 4:
            continue  # a long name, no base64
        put = lambda new: data[:start] + new + data[end:]
        if text.endswith(b"="):
            body = text.rstrip(b"=")
            spare = ALPHABET.index(body[-1:]) ^ 1
            yield "spare bits of base64", put(body[:-1] + ALPHABET[spare:spare + 1] + text[len(body):])
            yield "base64 without padding", put(body)
            yield "base64 padded too much", put(text + b"=")
        if b"+" in text or b"/" in text:
            yield "web alphabet of base64", put(text.replace(b"+", b"-").replace(b"/", b"_"))
        yield "space inside base64", put(text[:10] + b" " + text[10:])
        yield "line break inside base64", put(text[:10] + b"\n" + text[10:])
        yield "foreign sign inside base64", put(text[:10] + b"!" + text[10:])
        yield "base64 as hex", put(base64.b64decode(text + b"==").hex().encode())


def numbers(chance, data):
    for found in re.finditer(rb"(?m)(?:^|(?<=^index ))\d{1,18}$", data):
        text, start, end = found.group(), found.start(), found.end()
        value = int(text)
        for name, new in [("leading zero", b"0" + text), ("plus sign", b"+" + text), ("minus sign", b"-" + text),
                          ("one more", b"%d" % (value + 1)), ("one less", b"%d" % (value - 1)), ("hex number", b"0x%x" % value),
                          ("beyond 64 bits", b"%d" % (value + 2**64)), ("beyond 63 bits", b"%d" % (value + 2**63)),
                          ("fraction", text + b".0"), ("no number", b""), ("double", b"%d" % (value * 2 + 1)),
                          ("space before", b" " + text), ("other digits", "٣".encode())]:
            yield "number: " + name, data[:start] + new + data[end:]


def texts(chance, data):
    if re.fullmatch(rb"[0-9a-f]{64}\n", data) or re.match(rb"[0-9a-f]{64}  ", data):
        yield "upper case hex", data[:64].upper() + data[64:]
        yield "non-hex", b"g" + data[1:]
    for old, new in [(b"custos.example/case-1", b"custos.example/case-2"), (b"c2sp.org/tlog-proof@v1", b"c2sp.org/tlog-proof@v2"),
                     ("—".encode(), b"-"), ("— ".encode(), "—\u00a0".encode()), (b"index ", b"index  "), (b"index ", b"Index "),
                     (b"  data/", b" *data/"), (b"  data/", b" data/"), (b"data/", b"./data/"), (b"data/", b"data//")]:
        if old in data:
            yield "replace %r" % old.decode()[:8], data.replace(old, new)
            if data.count(old) > 1:
                yield "replace the first %r" % old.decode()[:8], data.replace(old, new, 1)
    if data.startswith(b"c2sp.org/"):
        head, _, tail = data.partition(b"\n")
        yield "extra line", head + b"\nextra AAAA\n" + tail
        mark = data.rindex("\n\n— ".encode())
        yield "line in the checkpoint", data[:mark] + b"\nmore" + data[mark:]
        yield "second signature, unknown", data + "— other AAAAAAAA\n".encode()
        yield "signature twice", data + data[mark + 2:]
        yield "no signature", data[:mark + 2]


def json_texts(chance, data):
    if not data.startswith(b"{"):
        return
    yield "space in the JSON", data.replace(b":", b": ", 1)
    yield "escape in the JSON", data.replace(b'"act"', b'"\\u0061ct"', 1)
    yield "end of line after the JSON", data + b"\n"
    yield "another act", data.replace(b"sealed", b"viewed").replace(b"copied_out", b"viewed").replace(b"extracted", b"viewed")
    yield "member added", data[:-1] + b',"z":1}'
    yield "member twice", b'{"act":"viewed",' + data[1:]


def changes_of(chance, name, data, thorough):
    if data:
        yield from flips(chance, data, 12 * thorough)
    yield from lengths(chance, data)
    if not name.startswith("data/"):
        yield from lines(chance, data, 2 * thorough)
        yield from texts(chance, data)
        yield from numbers(chance, data)
        yield from json_texts(chance, data)
    if "proof" in name or "keys/" in name:
        yield from base64_texts(chance, data)


# --- changes of the folder ---------------------------------------------------------------------------


def remove(path):
    return lambda folder: (folder / path).unlink()


def put(path, data):
    def act(folder):
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(data)
    return act


def exchange(first, second):
    def act(folder):
        one, two = (folder / first).read_bytes(), (folder / second).read_bytes()
        (folder / first).write_bytes(two)
        (folder / second).write_bytes(one)
    return act


def as_link(path):
    def act(folder):
        target = folder.parent / (folder.name + "-outside")
        shutil.move(folder / path, target)
        (folder / path).symlink_to(target)
    return act


def as_folder(path):
    def act(folder):
        (folder / path).unlink()
        (folder / path).mkdir()
    return act


def copy_entry(source, target, kinds=("json", "payload", "salt", "tlog-proof")):
    def act(folder):
        for kind in kinds:
            shutil.copyfile(folder / f"custody/{source}.{kind}", folder / f"custody/{target}.{kind}")
    return act


def renumber(source, target):
    def act(folder):
        for kind in ("json", "payload", "salt", "tlog-proof"):
            (folder / f"custody/{source}.{kind}").rename(folder / f"custody/{target}.{kind}")
    return act


def take_from(other, *paths):
    def act(folder):
        for path in paths:
            shutil.copyfile(other / path, folder / path)
    return act


def folder_changes(folder, other):
    names = sorted(p.stem for p in (folder / "custody").glob("*.json"))
    last = names[-1]
    following = "%04d" % (len(names) + 1)
    yield "extra file", put("extra", b"x")
    yield "hidden file", put(".hidden", b"")
    yield "extra original", put("data/second", b"x")
    yield "hidden original", put("data/.second", b"x")
    yield "extra key", put("keys/other.pub", b"x")
    yield "extra in custody", put("custody/notes.txt", b"x")
    yield "extra proof", copy_entry(last, following, ("tlog-proof",))
    yield "entry with five digits", copy_entry(last, "0" + following)
    yield "entry twice", copy_entry(last, following)
    yield "gap in the numbers", renumber(last, "%04d" % (len(names) + 1))
    yield "folder inside", put("data/sub/file", b"x")
    for path in ("custody/0001.json", "custody/0001.tlog-proof", "keys/log.pub", "bagit.txt", "manifest-sha256.txt"):
        yield "link instead of file", as_link(path)
        yield "folder instead of file", as_folder(path)
    if len(names) > 1:
        for kind in ("json", "payload", "salt", "tlog-proof"):
            yield "exchange between entries", exchange(f"custody/0001.{kind}", f"custody/0002.{kind}")
        yield "other order of entries", lambda f: [exchange(f"custody/0001.{k}", f"custody/0002.{k}")(f) for k in ("json", "payload", "salt", "tlog-proof")]
        yield "first entry dropped", lambda f: ([(f / f"custody/0001.{k}").unlink() for k in ("json", "payload", "salt", "tlog-proof")],
                                                 [renumber("%04d" % n, "%04d" % (n - 1))(f) for n in range(2, len(names) + 1)])
    yield "keys of another log", take_from(other, "keys/log.pub", "keys/log.vkey")
    yield "only log.pub of another log", take_from(other, "keys/log.pub")
    yield "only log.vkey of another log", take_from(other, "keys/log.vkey")
    yield "proof of another log", take_from(other, "custody/0001.tlog-proof")
    yield "entry of another log", take_from(other, *[f"custody/0001.{k}" for k in ("json", "payload", "salt")])
    yield "salt of another log", take_from(other, "custody/0001.salt")
    yield "payload of another log", take_from(other, "custody/0001.payload")


# --- what a dishonest signer could sign ----------------------------------------------------------------


class Forger(maker.Ledger):
    """A ledger whose own entries, payloads or checkpoints are spoiled before signing."""

    def __init__(self, chance, size, own, original, signer, entry=None, payload=None, checkpoint=None):
        self.spoil_entry, self.spoil_payload = entry, payload
        super().__init__(chance, size, own, original, signer)
        if checkpoint:
            self.checkpoint = checkpoint(self)

    def _entry(self, chance, index):
        entry = super()._entry(chance, index)
        if index not in self.own:
            return entry
        if self.spoil_payload:
            payload = self.spoil_payload(self.payloads[index])
            entry = entry.replace(maker.sha256(self.salts[index] + self.payloads[index]).hex().encode(),
                                  maker.sha256(self.salts[index] + payload).hex().encode())
            self.payloads[index] = payload
        return self.spoil_entry(entry) if self.spoil_entry else entry


def note(ledger, body, signatures=None):
    """A signed note over `body`, signed as it stands."""
    signer = ledger.signer
    signature = base64.b64encode(signer.key_hash + signer.sign(body))
    return body + b"\n" + (signatures or "— {} {}\n".format(signer.name, signature.decode()).encode())


def body_of(ledger):
    return ledger.checkpoint.partition("\n— ".encode())[0]


def spoiled_root(ledger):
    body = body_of(ledger)
    spare = ALPHABET.index(body[-3:-2]) ^ 1
    return note(ledger, body[:-3] + ALPHABET[spare:spare + 1] + b"=\n")


def number_of_size(new):
    def act(ledger):
        origin, size, root = body_of(ledger).splitlines()
        return note(ledger, origin + b"\n" + new(int(size)) + b"\n" + root + b"\n")
    return act


def signed_changes():
    entries = {
        "space in a signed entry": lambda e: e.replace(b":", b": ", 1),
        "unsorted keys in a signed entry": lambda e: b'{"zz":1,' + e[1:],
        "key twice in a signed entry": lambda e: re.sub(rb'("seq":\d+)', rb"\1,\1", e),
        "needless escape in a signed entry": lambda e: e.replace(b'"actor":"U', b'"actor":"\\u0055'),
        "upper case escape in a signed entry": lambda e: e.replace(b'"actor":"U', b'"actor":"\\u001F'),
        "escaped slash in a signed entry": lambda e: e.replace(b'"actor":"U', b'"actor":"\\/'),
        "fraction as seq": lambda e: re.sub(rb'("seq":\d+)', rb"\1.0", e),
        "leading zero in seq": lambda e: re.sub(rb'"seq":', b'"seq":0', e) if b'"seq":0' not in e else e.replace(b'"seq":0', b'"seq":00'),
        "seq as text": lambda e: re.sub(rb'"seq":(\d+)', rb'"seq":"\1"', e),
        "seq below zero": lambda e: re.sub(rb'"seq":(\d+)', rb'"seq":-7', e),
        "seq far off": lambda e: re.sub(rb'"seq":(\d+)', rb'"seq":100000', e),
        "no seq": lambda e: re.sub(rb'"seq":(\d+),', rb"", e),
        "no commit": lambda e: re.sub(rb'"commit":"\w+",', rb"", e),
        "commit in upper case": lambda e: re.sub(rb'"commit":"(\w+)"', lambda m: b'"commit":"' + m.group(1).upper() + b'"', e),
        "no act": lambda e: re.sub(rb'"act":"\w+",', rb"", e),
        "act is a number": lambda e: re.sub(rb'"act":"\w+"', rb'"act":5', e),
        "no sealing act": lambda e: e.replace(b'"sealed"', b'"viewed"').replace(b'"extracted"', b'"viewed"'),
        "act in upper case": lambda e: e.replace(b'"sealed"', b'"SEALED"').replace(b'"extracted"', b'"Extracted"'),
        "end of line in a signed entry": lambda e: e + b"\n",
        "text after a signed entry": lambda e: e + b"{}",
        "list instead of an entry": lambda e: b"[" + e + b"]",
        "tab in a text": lambda e: e.replace(b'"actor":"U', b'"actor":"\t'),
        "NUL in a text": lambda e: e.replace(b'"actor":"U', b'"actor":"\0'),
        "no UTF-8 in a text": lambda e: e.replace(b'"actor":"U', b'"actor":"\xff'),
        "overlong UTF-8 in a text": lambda e: e.replace(b'"actor":"U', b'"actor":"\xc0\x80'),
        "surrogate in a text": lambda e: e.replace(b'"actor":"U', b'"actor":"\xed\xa0\x80'),
        "comment in a signed entry": lambda e: e.replace(b",", b"/**/,", 1),
        "comma too many": lambda e: e[:-1] + b",}",
        "minus zero": lambda e: e[:-1] + b',"z":-0}',
        "power of ten": lambda e: e[:-1] + b',"z":1e3}',
        "nested too deep": lambda e: e[:-1] + b',"z":' + b"[" * 40 + b"]" * 40 + b"}",
        "member more": lambda e: e[:-1] + b',"z":1}',
        "member with an equals sign": lambda e: e.replace(b'"commit":', b'"commit=":1,"commit":'),
        "no actor": lambda e: re.sub(rb'"actor":"[^"]*",', b"", e),
        "time without fraction": lambda e: re.sub(rb"\.\d+Z", b"Z", e),
        "time with an offset": lambda e: re.sub(rb"\dZ", b"+00:00", e),
        "month 13": lambda e: e.replace(b"2026-03", b"2026-13"),
        "seq of another entry": lambda e: re.sub(rb'"seq":(\d+)', lambda m: b'"seq":%d' % (int(m.group(1)) + 1), e),
    }
    for name, spoil in entries.items():
        yield name, dict(entry=spoil)
    payloads = {
        "another SHA-256 sealed": lambda p: re.sub(rb'"sha256":"\w', lambda m: b'"sha256":"' + (b"0" if m.group()[-1:] != b"0" else b"1"), p),
        "SHA-256 in upper case": lambda p: re.sub(rb'"sha256":"(\w+)"', lambda m: b'"sha256":"' + m.group(1).upper() + b'"', p),
        "no SHA-256 sealed": lambda p: re.sub(rb'"sha256":"\w+",', b"", p),
        "another size sealed": lambda p: re.sub(rb'"size":', b'"size":1', p),
        "no size sealed": lambda p: re.sub(rb',"size":\d+', b"", p),
        "size as text": lambda p: re.sub(rb'"size":(\d+)', rb'"size":"\1"', p),
        "space in the payload": lambda p: p.replace(b":", b": ", 1),
        "unsorted keys inside the payload": lambda p: p[:-1] + b',"z":{"b":1,"a":2}}',
        "minus zero in the payload": lambda p: p[:-1] + b',"z":-0}',
        "power of ten in the payload": lambda p: p[:-1] + b',"z":1e3}',
        "payload nested too deep": lambda p: p[:-1] + b',"z":' + b"[" * 40 + b"]" * 40 + b"}",
        "SHA-256 twice": lambda p: re.sub(rb'("sha256":"\w+")', rb"\1,\1", p),
        "SHA-256 only inside another member": lambda p: re.sub(rb'"sha256":("\w+")', rb'"other":{"sha256":\1}', p),
        "no JSON sealed": lambda p: b"sha256 " + p,
        "empty payload": lambda p: b"",
    }
    for name, spoil in payloads.items():
        yield name, dict(payload=spoil)
    checkpoints = {
        "line more in a signed checkpoint": lambda l: note(l, body_of(l) + b"more\n"),
        "other origin in a signed checkpoint": lambda l: note(l, body_of(l).replace(b"case-1", b"case-2", 1)),
        "origin that only begins like the name": lambda l: note(l, body_of(l).replace(b"case-1", b"case-10", 1)),
        "origin below the name with a space": lambda l: note(l, body_of(l).replace(b"case-1", b"case-1/a b", 1)),
        "origin below the name, empty": lambda l: note(l, body_of(l).replace(b"case-1", b"case-1/", 1)),
        "spare bits in a signed root": spoiled_root,
        "leading zero in a signed size": number_of_size(lambda n: b"0%d" % n),
        "signed size of zero": number_of_size(lambda n: b"0"),
        "signed size one less": number_of_size(lambda n: b"%d" % (n - 1)),
        "signed size doubled": number_of_size(lambda n: b"%d" % (n * 2 + 1)),
        "signed CRLF": lambda l: note(l, body_of(l).replace(b"\n", b"\r\n")),
        "signature without the key hash": lambda l: note(l, body_of(l), "— {} {}\n".format(l.signer.name, base64.b64encode(l.signer.sign(body_of(l))).decode()).encode()),
        "signature under another name": lambda l: l.checkpoint.replace("— custos.example/case-1".encode(), "— custos.example/case-2".encode()),
        "signature with a wrong key hash": lambda l: note(l, body_of(l), "— {} {}\n".format(l.signer.name, base64.b64encode(b"abcd" + l.signer.sign(body_of(l))).decode()).encode()),
        "signature over other bytes": lambda l: note(l, body_of(l), "— {} {}\n".format(l.signer.name, base64.b64encode(l.signer.key_hash + l.signer.sign(body_of(l) + b"\n")).decode()).encode()),
        "two signatures": lambda l: l.checkpoint + "— other.example {}\n".format(base64.b64encode(bytes(68)).decode()).encode(),
    }
    for name, spoil in checkpoints.items():
        yield name, dict(checkpoint=spoil)


def forged(seed, size, own, spoil):
    def act(folder):
        shutil.rmtree(folder)
        chance = random.Random(seed)
        signer = maker.Signer("custos.example/case-1", chance.randbytes(32))
        Forger(chance, size, own, chance.randbytes(50), signer, **spoil).write(folder)
    return act


def forked(seed):
    """Two proofs of one folder with two different signed checkpoints of the same size."""
    def act(folder):
        shutil.rmtree(folder)
        chance = random.Random(seed)
        signer = maker.Signer("custos.example/case-1", chance.randbytes(32))
        original = chance.randbytes(50)
        maker.Ledger(random.Random(seed), 9, 2, original, signer).write(folder)
        other = folder.parent / (folder.name + "-fork")
        second = maker.Ledger(random.Random(seed + 1), 9, 2, original, signer)
        second.write(other)
        for kind in ("json", "payload", "salt", "tlog-proof"):
            shutil.copyfile(other / f"custody/0002.{kind}", folder / f"custody/0002.{kind}")
        maker.write_manifests(folder)
        shutil.rmtree(other)
    return act


# --- the cases ----------------------------------------------------------------------------------------


def files_of(folder):
    return sorted(os.path.relpath(os.path.join(place, name), folder) for place, _, names in os.walk(folder) for name in names)


def change_bytes(name, data, deep):
    def act(folder):
        (folder / name).write_bytes(data)
        if deep:
            maker.write_manifests(folder)
    return act


def then_manifests(act):
    def both(folder):
        act(folder)
        maker.write_manifests(folder)
    return both


def cases_of(chance, folder, other, thorough):
    for name in files_of(folder):
        data = (folder / name).read_bytes()
        short = name if not name.startswith("data/") else "data/"
        for change, new in changes_of(chance, name, data, thorough):
            if new == data:
                continue
            yield Case("plain", change, short, change_bytes(name, new, False))
            if name not in UNSIGNED and "manifest" not in name:
                yield Case("deep", change, short, change_bytes(name, new, True))
        yield Case("plain", "delete the file", short, remove(name))
        if "manifest" not in name:
            yield Case("deep", "delete the file", short, then_manifests(remove(name)))
    for change, act in folder_changes(folder, other):
        yield Case("plain", change, "folder", act)
        if "instead of file" not in change:
            yield Case("deep", change, "folder", then_manifests(act))


def signed_cases(seed):
    for number, (change, spoil) in enumerate(signed_changes()):
        yield Case("signed", change, "ledger", forged(seed + number, 5, 1, spoil))
    yield Case("signed", "two checkpoints in one folder", "ledger", forked(seed + 1000))


# --- running ------------------------------------------------------------------------------------------


class Verifier:
    def __init__(self, name, command):
        self.name, self.command = name, command

    def accepts(self, folder):
        done = subprocess.run(self.command + [str(folder)], env=CLEAN, capture_output=True, timeout=300)
        if done.returncode not in (0, 1):
            raise SystemExit(f"{self.name} ended with status {done.returncode} on {folder}: {done.stderr.decode(errors='replace')}")
        return done.returncode == 0


class Campaign:
    def __init__(self, verifiers, work, keep):
        self.verifiers, self.work, self.keep = verifiers, work, keep
        self.counts = collections.Counter()
        self.accepted, self.disagreed = [], []

    def control(self, folders):
        count = 0
        for count, folder in enumerate(folders, 1):
            for verifier in self.verifiers:
                if not verifier.accepts(folder):
                    raise SystemExit(f"control failed: {verifier.name} refuses the valid folder {folder}; nothing else can be trusted until this is mended")
        return count

    def try_case(self, base, case):
        folder = self.work / "case"
        shutil.copytree(base, folder, symlinks=True)
        try:
            try:
                case.make(folder)
            except OSError:
                return  # the change is not possible on this folder
            verdicts = {v.name: v.accepts(folder) for v in self.verifiers}
            self.counts[case.kind] += 1
            if any(verdicts.values()):
                self.accepted.append((case, verdicts))
                if self.keep:
                    shutil.copytree(folder, pathlib.Path(self.keep) / ("%04d" % len(self.accepted)), symlinks=True)
            if len(set(verdicts.values())) > 1:
                self.disagreed.append((case, verdicts))
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            outside = self.work / "case-outside"
            if outside.exists():
                outside.unlink()


# Each planted defect: what of verify.sh is broken how, and among which cases it must be found.
PLANTED = [
    ("accepts everything", None, None, lambda c: True),
    ("the signature is not checked", '  signature_holds || refuse "$1: the signature over', '  true || refuse "$1: the signature over', lambda c: "signature over" in c.change),
    ("the root is not compared", '[ "$node" = "$root" ]', "true", lambda c: c.kind == "deep" and c.change == "proof of another log" or "flip" in c.change and "json" in c.where and c.kind == "deep"),
    ("more bytes are not seen", '  same "$1" || refuse "$1 holds bytes', '  true || refuse "$1 holds bytes', lambda c: c.kind == "deep" and "tlog-proof" in c.where and c.change in ("append an end of line", "cut the last byte", "signature twice")),
    ("spare bits are not seen", "*[AEIMQUYcgkosw048]=) return 0", "*=) return 0", lambda c: "spare bits in a signed root" in c.change or c.kind == "deep" and "spare bits" in c.change),
    ("leading zeros are not seen", "0?*) return 1", "x0?*) return 1", lambda c: c.change == "leading zero in a signed size" or c.kind == "deep" and "leading zero" in c.change),
    ("the commitment is not compared", '[ "$found_member" = "\\"$commitment\\"" ]', "true", lambda c: c.kind == "deep" and "salt" in c.where and "flip" in c.change),
    ("the sealed SHA-256 is not compared", '[ "$found_member" = "\\"$data_sum\\"" ]', "true", lambda c: c.change == "another SHA-256 sealed" or c.kind == "deep" and c.where == "data/"),
    ("the sealed size is not compared", '[ "$found_member" = "$data_size" ]', "true", lambda c: c.change == "another size sealed"),
    ("the tag manifest is not compared", "same tagmanifest-sha256.txt", "true", lambda c: c.kind == "plain" and c.where == "README.txt"),
    ("unsorted keys are not seen", 'if (before != "" && !(before "" < key "")) fail()', "", lambda c: "unsorted keys" in c.change),
]


def planted_verifier(work, defect):
    name, old, new, _ = defect
    text = (HERE / "verify.sh").read_text()
    if old is None:
        text = "exit 0\n"
    elif text.count(old) < 1:
        raise SystemExit(f"the planted defect '{name}' no longer fits verify.sh: mend PLANTED in tamper.py")
    else:
        text = text.replace(old, new)
    path = work / "planted.sh"
    path.write_text(text)
    return Verifier(name, ["sh", str(path)])


def run_planted(work, base_cases, most):
    """Every planted defect must accept at least one case that it should not."""
    missed = []
    for defect in PLANTED:
        verifier = planted_verifier(work, defect)
        campaign = Campaign([verifier], work, None)
        for base, case in [pair for pair in base_cases if defect[3](pair[1])][:most]:
            campaign.try_case(base, case)
            if campaign.accepted:
                break
        found = bool(campaign.accepted)
        print(f"  planted: {defect[0]}: {'caught' if found else 'NOT CAUGHT'} after {sum(campaign.counts.values())} cases", flush=True)
        if not found:
            missed.append(defect[0])
    return missed


def refusing_verifier_is_caught(work, base):
    path = work / "planted.sh"
    path.write_text("exit 1\n")
    try:
        Campaign([Verifier("refuses everything", ["sh", str(path)])], work, None).control([base])
    except SystemExit:
        return True
    return False


def make_bases(work, count, seed):
    """Proof folders of several shapes; each with a foreign one beside it to steal from."""
    shapes = [(7, 2), (1, 1), (65, 2), (300, 3)] + [(None, None)] * max(0, count - 4)
    pairs = []
    for number, (size, own) in enumerate(shapes[:count]):
        base, other = work / f"base-{number}", work / f"other-{number}"
        name = b"original.bin" if number == 0 else None
        maker.make(base, seed + number, size, own, name=name)
        maker.make(other, seed + 5000 + number, size, own, origin="custos.example/other")
        pairs.append((base, other))
    return pairs


def foreign_folders(given, work):
    """The folders given, and those that the makers given make."""
    for number, path in enumerate(map(pathlib.Path, given)):
        if path.is_dir():
            yield path.resolve()
            continue
        if not os.access(path, os.X_OK):
            raise SystemExit(f"tamper.py: {path} is neither a folder nor a program; give a proof folder or its maker")
        out = work / f"made-{number}"
        subprocess.run([path.resolve(), out], check=True, stdout=subprocess.DEVNULL)
        made = [out] if (out / "bagit.txt").exists() else sorted(p for p in out.iterdir() if p.is_dir())
        if not made:
            raise SystemExit(f"tamper.py: {path} made no proof folder")
        yield from made


def random_valid(work, count, seed):
    """Random valid folders, one at a time."""
    for number in range(count):
        folder = work / "valid"
        maker.make(folder, seed + number)
        yield folder
        shutil.rmtree(folder)


def choose(chance, cases, most):
    """At most `most` cases, at least one of each (kind, change, file)."""
    if most is None or len(cases) <= most:
        return cases
    chance.shuffle(cases)
    seen, first, rest = set(), [], []
    for pair in cases:
        mark = (pair[1].kind, pair[1].change)
        (rest if mark in seen else first).append(pair)
        seen.add(mark)
    return (first + rest)[:most]


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", metavar="FOLDER_OR_MAKER",
                        help="valid proof folders made by others (custos proof), or programs that make some (called with a new folder in "
                             "which they put one or more); attacked like our own")
    parser.add_argument("--peer", metavar="BIN", help="also run `BIN check-proof FOLDER` and demand the same verdict on every case")
    parser.add_argument("--bases", type=int, default=4, help="how many own proof folders to attack (default 4)")
    parser.add_argument("--valid", type=int, default=30, help="so many random valid folders must be accepted (default 30, short 4)")
    parser.add_argument("--thorough", type=int, default=1, help="multiplies the random changes of each file (default 1)")
    parser.add_argument("--most", type=int, help="try at most so many cases, spread over all changes")
    parser.add_argument("--short", action="store_true", help="under a minute on one core: --bases 1 --most 100")
    parser.add_argument("--seed", type=int, default=1, help="what the random choices start from (default 1)")
    parser.add_argument("--keep", metavar="DIR", help="keep every folder that was wrongly accepted here")
    parser.add_argument("--json", action="store_true", help="print the result as one JSON object at the end")
    options = parser.parse_args()
    if options.short:
        options.bases, options.most, options.valid = 1, options.most or 100, min(options.valid, 4)
    return options


def main():
    options = arguments()
    began = time.monotonic()
    chance = random.Random(options.seed)
    verifiers = [Verifier("verify.sh", ["sh", str(HERE / "verify.sh")])]
    if options.peer:
        verifiers.append(Verifier("check-proof", [options.peer, "check-proof"]))
    if options.keep:
        os.makedirs(options.keep, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        work = pathlib.Path(temporary)
        pairs = make_bases(work, options.bases, options.seed)
        honest = work / "honest"  # the forger without a forgery: shows that its folders are refused for the forgery alone
        honest.mkdir()
        forged(options.seed, 5, 1, {})(honest)
        pairs += [(folder, pairs[0][1]) for folder in foreign_folders(options.folders, work)]
        campaign = Campaign(verifiers, work, options.keep)
        controls = campaign.control([honest] + [folder for pair in pairs for folder in pair])
        controls += campaign.control(random_valid(work, options.valid, options.seed * 104729))
        print(f"  control: {controls} valid folders accepted", flush=True)
        cases = [(base, case) for base, other in pairs for case in cases_of(chance, base, other, options.thorough)]
        cases += [(pairs[0][0], case) for case in signed_cases(options.seed * 7919)]
        for base, case in choose(chance, list(cases), options.most):
            campaign.try_case(base, case)
        campaign.control([pairs[0][0]])
        for case, verdicts in campaign.accepted:
            print(f"  WRONGLY ACCEPTED ({case.kind}): {case.change}, {case.where}: {verdicts}")
        for case, verdicts in campaign.disagreed:
            print(f"  DISAGREEMENT ({case.kind}): {case.change}, {case.where}: {verdicts}")
        missed = run_planted(work, cases, 40)
        if not refusing_verifier_is_caught(work, pairs[0][0]):
            missed.append("refuses everything")
    total = sum(campaign.counts.values())
    result = {"controls": controls, "cases": total, "by_kind": dict(campaign.counts), "accepted": len(campaign.accepted),
              "disagreed": len(campaign.disagreed), "planted": len(PLANTED) + 1, "planted_missed": missed,
              "seconds": round(time.monotonic() - began, 1)}
    print(json.dumps(result) if options.json else
          f"{total} changed folders ({', '.join(f'{v} {k}' for k, v in sorted(campaign.counts.items()))}): "
          f"{len(campaign.accepted)} wrongly accepted, {len(campaign.disagreed)} disagreements, "
          f"{len(PLANTED) + 1 - len(missed)} of {len(PLANTED) + 1} planted defects caught, {result['seconds']} s")
    sys.exit(1 if campaign.accepted or campaign.disagreed or missed or not total else 0)


if __name__ == "__main__":
    main()
