#!/usr/bin/env python3
"""Makes valid proof folders of random ledgers, without Custos: the independent maker against which
verify.sh and `custos check-proof` are tried. Signs with the openssl command. Also the library of
tamper.py (trees, checkpoints, manifests)."""
import argparse
import base64
import hashlib
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
DER_PREFIX_PUBLIC = bytes.fromhex("302a300506032b6570032100")
DER_PREFIX_PRIVATE = bytes.fromhex("302e020100300506032b657004220420")
MAGIC = b"c2sp.org/tlog-proof@v1\n"


def sha256(data):
    return hashlib.sha256(data).digest()


def canonical(value):
    """Canonical JSON for objects of strings, integers, lists: RFC 8785 with ASCII keys."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


# --- the tree of RFC 9162 ---------------------------------------------------------------------------


def leaf_hash(entry):
    return sha256(b"\x00" + entry)


def node_hash(left, right):
    return sha256(b"\x01" + left + right)


def split_of(count):
    """The largest power of two below count."""
    return 1 << ((count - 1).bit_length() - 1)


def root_of(leaves):
    if len(leaves) == 1:
        return leaves[0]
    middle = split_of(len(leaves))
    return node_hash(root_of(leaves[:middle]), root_of(leaves[middle:]))


def inclusion_path(index, leaves):
    if len(leaves) == 1:
        return []
    middle = split_of(len(leaves))
    if index < middle:
        return inclusion_path(index, leaves[:middle]) + [root_of(leaves[middle:])]
    return inclusion_path(index - middle, leaves[middle:]) + [root_of(leaves[:middle])]


# --- the key and the checkpoint ---------------------------------------------------------------------


class Signer:
    """An Ed25519 key made from a seed, for the ledger `origin`; signs by the openssl command. The key is
    named like the ledger, or like the office that keeps it."""

    def __init__(self, origin, seed, name=None):
        self.origin, self.name = origin, name or origin
        self.private = DER_PREFIX_PRIVATE + seed
        self.public = self._run(["openssl", "pkey", "-inform", "DER", "-pubout", "-outform", "DER"], self.private)[-32:]
        self.key_hash = sha256(self.name.encode() + b"\n\x01" + self.public)[:4]

    @staticmethod
    def _run(command, data):
        return subprocess.run(command, input=data, capture_output=True, check=True).stdout

    def sign(self, message):
        with tempfile.TemporaryDirectory() as folder:
            key, text = os.path.join(folder, "key"), os.path.join(folder, "message")
            pathlib.Path(key).write_bytes(self.private)
            pathlib.Path(text).write_bytes(message)
            return self._run(["openssl", "pkeyutl", "-sign", "-keyform", "DER", "-inkey", key, "-rawin", "-in", text], b"")

    def vkey(self):
        return f"{self.name}+{self.key_hash.hex()}+{base64.b64encode(bytes([1]) + self.public).decode()}\n".encode()

    def pem(self):
        body = base64.b64encode(DER_PREFIX_PUBLIC + self.public)
        return b"-----BEGIN PUBLIC KEY-----\n" + body + b"\n-----END PUBLIC KEY-----\n"

    def checkpoint(self, size, root):
        body = f"{self.origin}\n{size}\n{base64.b64encode(root).decode()}\n".encode()
        signature = base64.b64encode(self.key_hash + self.sign(body)).decode()
        return body + f"\n— {self.name} {signature}\n".encode()


def proof_text(index, path, checkpoint):
    lines = b"".join(base64.b64encode(node) + b"\n" for node in path)
    return MAGIC + b"index %d\n" % index + lines + b"\n" + checkpoint


# --- the folder -------------------------------------------------------------------------------------


def encoded_name(name):
    """BagIt (RFC 8493, 2.1.3): percent, CR and LF of a name are written as %25, %0D, %0A."""
    return name.replace(b"%", b"%25").replace(b"\r", b"%0D").replace(b"\n", b"%0A")


def write_manifests(folder):
    """Writes both manifests anew, from whatever the folder holds now."""
    folder = os.fsencode(folder)
    data = os.path.join(folder, b"data")
    lines = []
    for name in sorted(os.listdir(data)):
        digest = hashlib.sha256(_bytes_of(os.path.join(data, name))).hexdigest().encode()
        lines.append(digest + b"  " + encoded_name(b"data/" + name) + b"\n")
    _write(os.path.join(folder, b"manifest-sha256.txt"), b"".join(lines))
    names = []
    for place, _, files in os.walk(folder):
        for name in files:
            path = os.path.relpath(os.path.join(place, name), folder)
            if not path.startswith(b"data/") and path != b"tagmanifest-sha256.txt":
                names.append(path)
    lines = [hashlib.sha256(_bytes_of(os.path.join(folder, n))).hexdigest().encode() + b"  " + n + b"\n" for n in sorted(names)]
    _write(os.path.join(folder, b"tagmanifest-sha256.txt"), b"".join(lines))


def _bytes_of(path):
    with open(path, "rb") as file:
        return file.read()


def _write(path, data):
    with open(path, "wb") as file:
        file.write(data)


class Ledger:
    """A random ledger of `size` entries, of which some speak of one original."""

    def __init__(self, chance, size, own, original, signer):
        self.signer = signer
        self.original = original
        self.own = sorted(chance.sample(range(size), own))
        self.taken = chance.choice(["sealed", "sealed", "extracted"])  # received itself, or found inside another item
        self.payloads, self.salts, self.entries = {}, {}, []
        for index in range(size):
            self.entries.append(self._entry(chance, index))
        self.leaves = [leaf_hash(e) for e in self.entries]
        self.checkpoint = signer.checkpoint(size, root_of(self.leaves))

    def _entry(self, chance, index):
        salt = chance.randbytes(32)
        act = self.taken if index == self.own[0] else chance.choice(["viewed", "copied_out", "verified"])
        payload = {"item": "KAR-%06d" % chance.randrange(10**6), "note": "note\n\"é\" \u0001 " + "x" * chance.randrange(40)}
        if index == self.own[0]:
            payload.update(sha256=hashlib.sha256(self.original).hexdigest(), size=len(self.original))
        payload = canonical(payload)
        entry = {"act": act, "actor": "U-%03d" % chance.randrange(1000), "commit": sha256(salt + payload).hex(),
                 "seq": index, "time": "2026-03-04T10:11:%02d.%06dZ" % (chance.randrange(60), chance.randrange(10**6))}
        if chance.random() < 0.8:
            entry["item"] = json.loads(payload)["item"]
        if index in self.own:
            self.payloads[index], self.salts[index] = payload, salt
        return canonical(entry)

    def write(self, folder, name=b"original.bin"):
        folder = pathlib.Path(folder)
        for part in ("data", "custody", "keys"):
            (folder / part).mkdir(parents=True)
        _write(os.path.join(os.fsencode(folder), b"data", name), self.original)
        for number, index in enumerate(self.own, 1):
            stem = folder / "custody" / ("%04d" % number)
            stem.with_suffix(".json").write_bytes(self.entries[index])
            stem.with_suffix(".payload").write_bytes(self.payloads[index])
            stem.with_suffix(".salt").write_bytes(self.salts[index].hex().encode() + b"\n")
            stem.with_suffix(".tlog-proof").write_bytes(proof_text(index, inclusion_path(index, self.leaves), self.checkpoint))
        (folder / "keys/log.pub").write_bytes(self.signer.pem())
        (folder / "keys/log.vkey").write_bytes(self.signer.vkey())
        (folder / "bagit.txt").write_bytes(b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
        (folder / "README.txt").write_text("A proof folder made by tests/verify/make_proof.py.\n")
        shutil.copyfile(HERE / "verify.sh", folder / "verify.sh")
        write_manifests(folder)


NAMES = [b"original.bin", b"a name with spaces.pdf", "Зверь.txt".encode(), b"100%.txt", b"line\nbreak.txt",
         b"ends in newline\n", b"carriage\rreturn", b"\xff\xfe not utf-8", b"-dash", b".hidden", b"'\"\\$(x)`*?[", b"n" * 255]


def make(folder, seed, size=None, own=None, origin="custos.example/case-1", name=None):
    """One valid proof folder, wholly determined by its arguments."""
    chance = random.Random(seed)
    size = size or chance.choice([1, 2, 3, 4, 5, 7, 8, 9, 16, 17, 31, 64, 65, 100, 255, 300])
    own = own or chance.randint(1, min(size, 3))
    name = name if name is not None else chance.choice(NAMES)
    original = chance.randbytes(chance.choice([0, 1, 100, 5000]))
    signer = Signer(origin, chance.randbytes(32), chance.choice([origin, origin.rpartition("/")[0] or origin]))
    ledger = Ledger(chance, size, own, original, signer)
    ledger.write(folder, name)
    return ledger


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", help="an empty or new folder; the proof folders are written as OUT/0001, OUT/0002, ...")
    parser.add_argument("--count", type=int, default=1, help="how many (default 1)")
    parser.add_argument("--seed", type=int, default=1, help="what the random choices start from (default 1)")
    parser.add_argument("--size", type=int, help="entries of the ledger (default: random, 1 to 300)")
    parser.add_argument("--entries", type=int, help="entries about the original (default: random, 1 to 3)")
    options = parser.parse_args()
    out = pathlib.Path(options.out)
    if out.exists() and any(out.iterdir()):
        sys.exit(f"{out} is not empty: give a new folder")
    for number in range(1, options.count + 1):
        make(out / ("%04d" % number), options.seed + number, options.size, options.entries)
    print(f"{options.count} proof folders in {out}")


if __name__ == "__main__":
    main()
