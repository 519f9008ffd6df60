#!/usr/bin/env python3
"""Tests of the test harnesses themselves: each must pass what is right and catch what is planted. Needs no custos.

usage: harness_test.py [--help] [unittest options]"""
import importlib.machinery
import importlib.util
import io
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest
import zipfile
import zlib

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests/verify"), str(ROOT / "tools")]
sys.dont_write_bytecode = True
import blackbox
import make_proof
import manifest_check


def load(name, path):
    loader = importlib.machinery.SourceFileLoader(name, str(path))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(name, loader))
    loader.exec_module(module)
    return module


hostile_check = load("hostile_check", ROOT / "tests/hostile/check.py")
hostile = load("hostile_make", ROOT / "tests/hostile/make.py")
bench = load("bench_run", ROOT / "bench/run")
TOY = ROOT / "tests/faults/toy_office.py"


def faults(*words):
    return subprocess.run([sys.executable, str(ROOT / "bench/faults"), "--custos", str(TOY), *words], capture_output=True, text=True, timeout=300)


class FaultHarness(unittest.TestCase):
    def test_an_honest_office_survives_kills_and_power_cuts(self):
        done = faults("--short", "--part", "kill", "--part", "cut", "--seconds", "4", "--mails", "20")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_an_honest_office_survives_failing_calls(self):
        done = faults("--short", "--part", "sweep", "--seconds", "8", "--mails", "20")
        self.assertNotIn("verify ends", done.stdout + done.stderr)
        self.assertNotIn("are lost", done.stdout)
        self.assertNotIn("differs", done.stdout)

    def test_planted_defects_are_caught(self):
        done = faults("--planted", "--seconds", "12")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("planted no_fsync: caught", done.stdout)
        self.assertIn("planted lose_item: caught", done.stdout)


class HostileFiles(unittest.TestCase):
    def test_checksums_of_many_zeros_are_right(self):
        for length in (1, 2, 3, 1000, 12345, 1 << 20):
            self.assertEqual(hostile.crc_of_zeros(length), zlib.crc32(bytes(length)))

    def test_a_small_flat_bomb_is_a_valid_zip(self):
        with zipfile.ZipFile(io.BytesIO(hostile.flat_bomb(2))) as archive:
            self.assertIsNone(archive.testzip())

    def test_a_small_overlapping_bomb_expands_as_claimed(self):
        with zipfile.ZipFile(io.BytesIO(hostile.overlapping_bomb(5, 1))) as archive:
            try:
                self.assertIsNone(archive.testzip())
            except zipfile.BadZipFile as refusal:
                self.assertIn("verlap", str(refusal))

    def test_the_encrypted_zip_opens_with_its_password_only(self):
        data = hostile.encrypted_zip([(b"a.txt", b"inside")], hostile.PASSWORD, hostile.random.Random(1))
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            self.assertEqual(archive.read("a.txt", pwd=b"secret"), b"inside")
            with self.assertRaises((RuntimeError, zipfile.BadZipFile, zlib.error)):
                archive.read("a.txt", pwd=b"wrong")

    def test_the_same_files_are_made_each_time(self):
        pictures = []
        for _ in range(2):
            with tempfile.TemporaryDirectory() as folder:
                out = pathlib.Path(folder) / "out"
                command = [sys.executable, str(ROOT / "tests/hostile/make.py"), str(out), "--corpus", str(blackbox.CORPUS)]
                for group in ("pdfs", "images", "databases", "mail", "names", "misnamed"):
                    command += ["--only", group]
                subprocess.run(command, check=True, capture_output=True)
                pictures.append({str(p.relative_to(out)).encode("utf-8", "surrogateescape"): zlib.crc32(p.read_bytes()) for p in out.rglob("*") if p.is_file()})
        self.assertGreater(len(pictures[0]), 60)
        self.assertEqual(*pictures)

    def test_every_expected_reason_is_documented(self):
        listed = (ROOT / "src/extract/contract/extract/account.h").read_text()
        with tempfile.TemporaryDirectory() as folder:
            maker = hostile.Maker(pathlib.Path(folder), blackbox.CORPUS, 10, False)
            maker.files.mkdir(parents=True)
            for name, make in hostile.GROUPS.items():
                if name != "zips":
                    make(maker)
        for row in maker.rows:
            for reason in row[1].split():
                self.assertTrue(reason == "ok" or f'"{reason}"' in listed, f"{reason} is no reason of account.h")


class HostileCheck(unittest.TestCase):
    ROW = {"file": "zip/a%0Ab.zip", "expected": "bomb ok", "text": "wanted", "forbidden": "root:", "note": ""}

    def problems(self, reason="", text="the wanted phrase", path="made/files/zip/a\nb.zip"):
        items = [{"item": "K-1", "path": path, "parent": "", "reason": reason}]
        found = []
        hostile_check.check_row(self.ROW, blackbox.Family(items, [{"item": "K-1", "path": path, "text": text}]), found)
        return found

    def test_what_is_as_expected_is_no_problem(self):
        self.assertEqual(self.problems(), [])
        self.assertEqual(self.problems(reason="bomb"), [])

    def test_what_is_not_as_expected_is_a_problem(self):
        for planted in (dict(reason="encrypted"), dict(reason="crashed"), dict(text="nothing"), dict(text="wanted root:x"), dict(path="elsewhere")):
            with self.subTest(planted):
                self.assertTrue(self.problems(**planted))


class ManifestCheck(unittest.TestCase):
    def test_letters_count_and_spaces_do_not(self):
        self.assertEqual(manifest_check.folded("Straße,  ﬁne\n(É)!"), manifest_check.folded("STRASSE fine É"))

    def test_the_least_difference_is_the_edit_distance_to_the_nearest_piece(self):
        for pattern, text, wanted in [("abc", "xxabcxx", 0), ("abc", "xxabxx", 1), ("abcd", "zzacdzz", 1), ("abcd", "", 4), ("kitten", "a sitting b", 2)]:
            self.assertEqual(manifest_check.least_difference(pattern, text), wanted)

    def family(self, text, reason=""):
        items = [{"item": "K-1", "path": "corpus/a/b.zip", "parent": "", "state": "extracted", "reason": "", "sha256": "00"},
                 {"item": "K-2", "path": "corpus/a/b.zip/c.txt", "parent": "K-1", "state": "extracted", "reason": reason, "sha256": "11"}]
        return blackbox.Family(items, [{"item": "K-2", "path": "", "text": text}])

    def row(self, **more):
        return {"file": "a/b.zip", "kind": "x", "expect": "", "must_contain_json": '["The wanted phrase"]', "metadata_json": "{}", **more}

    def test_a_phrase_inside_a_part_counts_for_the_container(self):
        self.assertTrue(manifest_check.check_file(self.row(), self.family("... the  wanted\nphrase.")).met)

    def test_a_missing_phrase_and_a_missing_member_are_told(self):
        self.assertFalse(manifest_check.check_file(self.row(), self.family("nothing")).met)
        members = self.row(must_contain_json="[]", metadata_json=json.dumps({"members": [{"name": "x", "sha256": "22"}]}))
        self.assertIn("member: x", manifest_check.check_file(members, self.family("")).missing)

    def test_recognised_text_may_differ_a_little_and_read_text_may_not(self):
        family = self.family("the wantcd phrase")
        self.assertFalse(manifest_check.check_file(self.row(), family).met)
        recognised = self.row(expect="ocr_text", metadata_json='{"tesseract5_scan_distance": 0.1}')
        self.assertTrue(manifest_check.check_file(recognised, family).loose)


class Proofs(unittest.TestCase):
    def test_roots_are_those_of_certificate_transparency(self):
        leaves = [b"", b"\0", b"\x10", b"\x20\x21", b"\x30\x31", b"\x40\x41\x42\x43", bytes(range(0x50, 0x58)), bytes(range(0x60, 0x70))]
        root = make_proof.root_of([make_proof.leaf_hash(leaf) for leaf in leaves])
        self.assertEqual(root.hex(), "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328")

    def test_the_stranger_needs_nothing_from_the_environment(self):
        with tempfile.TemporaryDirectory() as folder:
            for number in range(4):
                proof = pathlib.Path(folder) / str(number)
                make_proof.make(proof, 100 + number)
                done = subprocess.run(["env", "-i", "PATH=/usr/bin:/bin", "sh", str(proof / "verify.sh")], capture_output=True)
                self.assertEqual(done.returncode, 0, done.stdout.decode() + done.stderr.decode())
                self.assertEqual(done.stderr, b"")

    def test_a_key_known_from_elsewhere_must_be_the_key(self):
        with tempfile.TemporaryDirectory() as folder:
            proof = pathlib.Path(folder) / "proof"
            ledger = make_proof.make(proof, 5)
            right, wrong = ledger.signer.vkey().decode().strip(), make_proof.Signer(ledger.signer.origin, bytes(32)).vkey().decode().strip()
            for key, status in ((right, 0), (wrong, 1), ("nonsense", 1)):
                done = subprocess.run(["sh", str(proof / "verify.sh"), "--key", key, str(proof)], capture_output=True)
                self.assertEqual(done.returncode, status, done.stdout.decode())


class Bench(unittest.TestCase):
    def test_copies_differ_and_stay_what_they_are(self):
        mail = b"From: a@b\nSubject: c\n\nbody\n"
        self.assertNotEqual(bench.distinct(mail, ".eml", 1), bench.distinct(mail, ".eml", 2))
        self.assertTrue(bench.distinct(b"From x\n" + mail, ".eml", 1).startswith(b"From x\nX-Copy"))
        self.assertIn(b"copy number 7", bench.distinct(b"<body>x</BODY></html>", ".html", 7))

    def test_memory_of_children_is_seen(self):
        measured = bench.timed([sys.executable, "-c", "import time; x = bytearray(80 << 20); time.sleep(0.5)"])
        self.assertGreater(max(measured["rss_mb"].values()), 80)


class Scripts(unittest.TestCase):
    def test_every_script_says_how_it_is_used(self):
        for script in ["bench/run", "bench/faults", "tools/manifest_check.py", "tests/hostile/make.py", "tests/hostile/check.py", "tests/verify/make_proof.py",
                       "tests/verify/tamper.py", "tests/verify/verify.sh", "tests/cli/contract_test.py", "tests/harness_test.py", "tests/faults/toy_office.py"]:
            with self.subTest(script):
                done = subprocess.run([str(ROOT / script), "--help"], capture_output=True, text=True, env=dict(os.environ, PYTHONDONTWRITEBYTECODE="1"))
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertIn("usage", done.stdout)


if __name__ == "__main__":
    if "--help" in sys.argv or "-h" in sys.argv:
        print(__doc__)
        sys.exit(0)
    unittest.main()
