#!/usr/bin/python3
"""A toy in place of custos: just enough of its command line to try the fault harness on, and its planted
defects (CUSTOS_PLANT=no_fsync, lose_item). Its home is one file of JSON lines, synced line by line.

usage: toy_office.py init|case add|ingest|list|texts|verify --home DIR [options of custos] [PATH...]"""
import hashlib
import json
import os
import pathlib
import sys

FLAGS = ("--json", "--acknowledge", "--no-ocr")


def read_arguments(words):
    command, options, paths = words.pop(0), {}, []
    if command == "case":
        command += " " + words.pop(0)
    while words:
        word = words.pop(0)
        if word in FLAGS:
            options[word] = True
        elif word.startswith("--"):
            options[word] = words.pop(0)
        else:
            paths.append(pathlib.Path(word))
    return command, options, paths


def rows_of(journal):
    if not journal.exists():
        return []
    return [json.loads(line) for line in journal.read_bytes().split(b"\n")[:-1]]


def row_of(path):
    data = path.read_bytes()
    return {"item": str(path), "path": str(path), "parent": "", "state": "extracted", "reason": "",
            "sha256": hashlib.sha256(data).hexdigest(), "size": len(data), "text": data[:100].decode("latin-1")}


def open_journal(journal):
    """Opens it durably, and cuts off a line that was written only in part."""
    file = os.open(journal, os.O_RDWR | os.O_CREAT, 0o600)
    folder = os.open(journal.parent, os.O_RDONLY)
    os.fsync(folder)
    whole = journal.read_bytes().rfind(b"\n") + 1
    os.ftruncate(file, whole)
    os.lseek(file, whole, os.SEEK_SET)
    return file


def ingest(journal, paths):
    plant = os.environ.get("CUSTOS_PLANT", "")
    file = open_journal(journal)
    have = {row["path"] for row in rows_of(journal)}
    files = sorted(p for root in paths for p in root.rglob("*") if p.is_file() and not p.is_symlink())
    for number, path in enumerate(files, 1):
        if str(path) in have:
            continue
        row = row_of(path)
        if plant != "lose_item" or number % 5:
            os.write(file, json.dumps(row).encode() + b"\n")
            if plant != "no_fsync":
                os.fsync(file)
        print("sealed", row["sha256"], path, flush=True)


def main():
    if len(sys.argv) < 2 or "--help" in sys.argv:
        print(__doc__)
        sys.exit(0 if "--help" in sys.argv else 2)
    command, options, paths = read_arguments(sys.argv[1:])
    home = pathlib.Path(options["--home"])
    journal = home / "journal"
    if command == "init":
        home.mkdir()
        pathlib.Path(os.environ["CUSTOS_KEYS"]).mkdir()
    elif command == "ingest":
        ingest(journal, paths)
    elif command == "list":
        for row in rows_of(journal):
            print(json.dumps({key: row[key] for key in row if key != "text"}))
    elif command == "texts":
        for row in rows_of(journal):
            print(json.dumps({key: row[key] for key in ("item", "path", "text")}))
    elif command == "verify":
        rows_of(journal)


if __name__ == "__main__":
    try:
        main()
    except OSError as problem:
        print(f"The disk failed ({problem.strerror}); free it and run the command again.", file=sys.stderr)
        sys.exit(1)
