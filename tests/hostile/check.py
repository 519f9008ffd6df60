#!/usr/bin/env python3
"""Feeds the hostile files of make.py to custos and checks that each is survived and accounted for:
the run ends in time, every file is an item, its reasons are among those expected, wanted phrases are
found, forbidden ones are not, nothing was written outside the home, no server was called, the totals
add up and `custos verify` holds.

Status: 0 all as expected, 1 not."""
import argparse
import csv
import glob
import pathlib
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import blackbox

HERE = pathlib.Path(__file__).resolve().parent
RECOGNISED = ["image", "pdf"]  # folders of make.py
CANARIES = ["/escape*", "/tmp/escape*", "/etc/escape*", "/var/tmp/escape*"]


def make_files(folder, options):
    command = [sys.executable, str(HERE / "make.py"), str(folder), "--corpus", str(options.corpus)]
    for group in options.only or []:
        command += ["--only", group]
    if options.big:
        command.append("--big")
    subprocess.run(command + ["--entries", str(options.entries)], check=True)


def read_manifest(folder):
    with open(folder / "hostile.csv", newline="", encoding="ascii") as file:
        return list(csv.DictReader(file))


class Trap:
    """A server where the hostile documents want to call. Nobody may."""

    def __init__(self):
        self.calls = 0
        self.door = socket.socket()
        try:
            self.door.bind(("127.0.0.1", 9))
            self.door.listen()
            threading.Thread(target=self._wait, daemon=True).start()
        except OSError:
            print("check.py: port 9 cannot be watched; calls to it stay unseen", file=sys.stderr)

    def _wait(self):
        while True:
            self.door.accept()
            self.calls += 1


def canaries(working):
    found = [p for pattern in CANARIES for p in glob.glob(pattern)]
    return found + [str(p) for p in working.rglob("escape*")]


def find(family, name):
    raw = urllib.parse.unquote_to_bytes(name)
    for shown in blackbox.shown_names(raw):
        item = family.find("files/" + shown) or family.find(shown)
        if item:
            return item
    return None


def check_row(row, family, problems):
    item = find(family, row["file"])
    if item is None:
        problems.append(f"{row['file']}: there is no item for it ({row['note']})")
        return
    inside = family.with_descendants(item)
    reasons = blackbox.reasons_of(inside)
    expected = set(row["expected"].split())
    known = reasons & expected
    if not known and not (not reasons and "ok" in expected):
        problems.append(f"{row['file']}: expected {row['expected']}, the account says {' '.join(sorted(reasons)) or 'nothing'} ({row['note']})")
    for bad in ("crashed", "internal"):
        if bad in reasons and bad not in expected:
            problems.append(f"{row['file']}: {bad} ({row['note']})")
    if "link" not in row["file"] and row["text"]:
        if not any(row["text"] in " ".join(text.split()) for text in family.texts_under(item)):
            problems.append(f"{row['file']}: the phrase '{row['text']}' is not found ({row['note']})")
    if row["forbidden"] and any(row["forbidden"] in text for text in family.texts_under(item)):
        problems.append(f"{row['file']}: holds the forbidden '{row['forbidden']}' ({row['note']})")


def check_totals(office, problems):
    report = office.json("report", case=blackbox.CASE)
    totals = report["totals"]
    if totals["expected"] != totals["extracted"] + totals["failed"] + totals["skipped"]:
        problems.append(f"the totals do not add up: {totals}")


def check_passwords(program, made, folder, problems):
    """The same encrypted files with the right password at hand: now they open."""
    office = blackbox.Office(program, folder).open_case()
    chosen = [made / "files" / name for name in ("zip/encrypted-zipcrypto.zip", "pdf/encrypted.pdf") if (made / "files" / name).exists()]
    if not chosen:
        return
    office.ingest("--passwords", made / "passwords.txt", *chosen)
    family = blackbox.Family(office.items(), office.texts())
    for path in chosen:
        item = family.find(path.name)
        if item is None or not any("zebrafinch" in text for text in family.texts_under(item)):
            problems.append(f"{path.name}: the password in passwords.txt does not open it")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--custos", default=blackbox.default_program(), help="the program (default: $CUSTOS_BIN or build/bin/custos)")
    parser.add_argument("--made", help="a folder made by make.py (default: made anew)")
    parser.add_argument("--corpus", default=str(blackbox.CORPUS), help="real files of which broken copies are made")
    parser.add_argument("--entries", type=int, default=20000, help="members of the large archive (default 20,000)")
    parser.add_argument("--only", action="append", help="only this group of make.py; may be repeated")
    parser.add_argument("--ocr", action="store_true", help="with recognition of every picture, not only of those of the groups " + " and ".join(RECOGNISED))
    parser.add_argument("--big", action="store_true", help="with the million members and the line of 2 GiB")
    parser.add_argument("--limit", type=int, default=1800, help="seconds within which the ingest must end (default 1800)")
    return parser.parse_args()


def main():
    options = arguments()
    problems = []
    with tempfile.TemporaryDirectory(prefix="custos-hostile-") as temporary:
        temporary = pathlib.Path(temporary)
        made = pathlib.Path(options.made) if options.made else temporary / "made"
        if not options.made:
            make_files(made, options)
        rows = read_manifest(made)
        working = temporary / "working"
        working.mkdir()
        before, trap = set(canaries(working)), Trap()
        office = blackbox.Office(options.custos, temporary / "office").open_case()
        began = time.monotonic()
        try:
            # Recognition costs most of the time: where pictures are what is hostile, and of everything with --ocr.
            parts = sorted(made.joinpath("files").iterdir())
            seen = [p for p in parts if options.ocr or p.name in RECOGNISED]
            office.ingest("--no-ocr", *(p for p in parts if p not in seen), timeout=options.limit, cwd=working)
            office.ingest(*seen, timeout=options.limit, cwd=working)
        except subprocess.TimeoutExpired:
            sys.exit(f"check.py: the ingest did not end within {options.limit} s")
        seconds = time.monotonic() - began
        family = blackbox.Family(office.items(), office.texts())
        for row in rows:
            check_row(row, family, problems)
        check_totals(office, problems)
        office.run("verify")
        (temporary / "second").mkdir()
        check_passwords(options.custos, made, temporary / "second", problems)
        problems += [f"written outside the home: {path}" for path in set(canaries(working)) - before]
        if trap.calls:
            problems.append(f"{trap.calls} calls to a server from inside documents")
    for problem in problems:
        print(problem)
    print(f"{len(rows)} hostile files in {seconds:.1f} s: {len(problems)} problems")
    sys.exit(1 if problems or not rows else 0)


if __name__ == "__main__":
    try:
        main()
    except blackbox.Failed as problem:
        sys.exit(f"check.py: {problem}")
