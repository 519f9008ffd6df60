#!/usr/bin/env python3
"""Compares a case with what corpus/manifest.csv expects of each file.

Taken as expectations:
  must_contain_json  each phrase must occur in the text of the file's item or of an item inside it, after NFKC,
                     folding of case and dropping all but letters and digits; where the text can only come from
                     recognition (expect = ocr_text) a phrase may differ as much as the manifest says that
                     Tesseract 5 itself differs on that image, and 5 % at least
  members            of archives: an item with the SHA-256 of each member must lie inside
  messages           of mailboxes: exactly so many messages must lie directly inside
  sha256             of every file: the item must have it

Not taken: speech (no engine is part of Custos; shown apart), "without" of HTML (leaving out is not promised),
labels, near-duplicate groups, EXIF, reference conversions of maps.

Status: 0 at least 99 % of the files with expectations are met and every miss is in the account with its reason."""
import argparse
import collections
import csv
import json
import os
import pathlib
import sys
import unicodedata

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests"))
import blackbox

csv.field_size_limit(1 << 30)
Verdict = collections.namedtuple("Verdict", "met loose missing")


def folded(text):
    kept = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in unicodedata.normalize("NFKC", kept) if unicodedata.category(c)[0] in "LN")


def least_difference(pattern, text):
    """The smallest edit distance between `pattern` and any piece of `text` (Myers 1999, bit-parallel)."""
    places = collections.defaultdict(int)
    for place, sign in enumerate(pattern):
        places[sign] |= 1 << place
    full, top = (1 << len(pattern)) - 1, 1 << (len(pattern) - 1)
    plus, minus, score = full, 0, len(pattern)
    best = score
    for sign in text:
        equal = places.get(sign, 0)
        vertical = equal | minus
        horizontal = (((equal & plus) + plus) ^ plus) | equal
        rising, falling = minus | (full & ~(horizontal | plus)), plus & horizontal
        if rising & top:
            score += 1
        elif falling & top:
            score -= 1
        rising, falling = (rising << 1) & full, (falling << 1) & full
        plus, minus = falling | (full & ~(vertical | rising)), rising & vertical
        best = min(best, score)
    return best


def tolerance_of(row, metadata):
    """How much a recognised phrase may differ: as much as Tesseract 5 itself did when the corpus was made."""
    if row["expect"] != "ocr_text":
        return 0.0
    measured = metadata.get("tesseract5_clean_distance" if "clean" in row["file"] else "tesseract5_scan_distance", 0.0) or 0.0
    return min(0.4, max(0.05, 1.25 * measured))


def check_phrases(phrases, texts, tolerance):
    texts = [folded(t) for t in texts]
    missing, loose = [], 0
    for phrase in phrases:
        wanted = folded(phrase)
        if any(wanted in text for text in texts):
            continue
        allowed = int(tolerance * len(wanted))
        if allowed and any(least_difference(wanted, text) <= allowed for text in texts):
            loose += 1
            continue
        missing.append("phrase: " + phrase)
    return missing, loose


def check_parts(metadata, item, family):
    missing = []
    inside = family.with_descendants(item)[1:]
    have = {one.get("sha256") for one in inside}
    for member in metadata.get("members", []):
        if member["sha256"] not in have:
            missing.append("member: " + member["name"])
    if "messages" in metadata:
        direct = family.children.get(item["item"], [])
        if len(direct) != metadata["messages"]:
            missing.append(f"messages: {metadata['messages']} expected, {len(direct)} found")
    return missing


def check_file(row, family):
    """None if the manifest expects nothing of this file."""
    phrases = json.loads(row["must_contain_json"] or "[]")
    metadata = json.loads(row["metadata_json"] or "{}")
    if not phrases and not {"members", "messages"} & set(metadata):
        return None
    item = family.find(row["file"])
    if item is None:
        return Verdict(False, False, ["there is no item of this path"])
    missing, loose = check_phrases(phrases, list(family.texts_under(item)), tolerance_of(row, metadata))
    missing += check_parts(metadata, item, family)
    return Verdict(not missing, bool(loose), missing)


def account_of(row, family):
    """What the account says of the file and of all inside it: (state, reasons)."""
    item = family.find(row["file"])
    if item is None:
        return "missing", []
    return item.get("state", "?"), sorted(blackbox.reasons_of(family.with_descendants(item)))


def check_hashes(rows, family):
    wrong = []
    for row in rows:
        item = family.find(row["file"])
        if item is None:
            wrong.append((row["file"], "no item"))
        elif item.get("sha256") != row["sha256"]:
            wrong.append((row["file"], f"SHA-256 {item.get('sha256')} instead of {row['sha256']}"))
    return wrong


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--custos", default=blackbox.default_program(), help="the program (default: $CUSTOS_BIN or build/bin/custos)")
    parser.add_argument("--home", required=True, help="the home that holds the case")
    parser.add_argument("--case", required=True, help="the case into which the corpus was ingested")
    parser.add_argument("--corpus", default=str(blackbox.CORPUS), help="the folder with manifest.csv")
    parser.add_argument("--kind", action="append", help="only this kind of files; may be repeated")
    parser.add_argument("--misses", type=int, default=200, help="list at most so many misses (default 200)")
    parser.add_argument("--json", action="store_true", help="print the result as one JSON object")
    return parser.parse_args()


def read_case(options):
    office = blackbox.Office(options.custos, pathlib.Path(options.home).parent)
    office.home = pathlib.Path(options.home)
    office.environment.pop("CUSTOS_KEYS")
    if "CUSTOS_KEYS" in os.environ:
        office.environment["CUSTOS_KEYS"] = os.environ["CUSTOS_KEYS"]
    return blackbox.Family(office.items(options.case), office.texts(options.case))


def main():
    options = arguments()
    manifest = pathlib.Path(options.corpus) / "manifest.csv"
    if not manifest.is_file():
        sys.exit(f"manifest_check: there is no {manifest}; name the corpus with --corpus")
    with open(manifest, newline="", encoding="utf-8") as file:
        rows = [r for r in csv.DictReader(file) if not options.kind or r["kind"] in options.kind]
    family = read_case(options)
    kinds = collections.defaultdict(lambda: {"files": 0, "met": 0, "loose": 0, "missed": 0})
    misses, speech = [], []
    for row in rows:
        verdict = check_file(row, family)
        if verdict is None:
            continue
        if row["expect"] == "speech":
            speech.append((row["file"], verdict.met))
            continue
        counts = kinds[row["kind"]]
        counts["files"] += 1
        counts["met" if verdict.met else "missed"] += 1
        counts["loose"] += verdict.met and verdict.loose
        if not verdict.met:
            state, reasons = account_of(row, family)
            misses.append({"file": row["file"], "kind": row["kind"], "state": state, "reasons": reasons, "missing": verdict.missing})
    wrong = check_hashes(rows, family)
    report(options, kinds, misses, wrong, speech)


def report(options, kinds, misses, wrong, speech):
    files, met = sum(k["files"] for k in kinds.values()), sum(k["met"] for k in kinds.values())
    unexplained = [m for m in misses if not m["reasons"]]
    share = met / files if files else 0.0
    holds = files > 0 and share >= 0.99 and not unexplained and not wrong
    if options.json:
        print(json.dumps({"holds": holds, "files": files, "met": met, "share": share, "kinds": kinds, "misses": misses, "hashes_wrong": wrong}))
        sys.exit(0 if holds else 1)
    print(f"{'kind':<18}{'files':>7}{'met':>7}{'of them nearly':>16}{'missed':>8}")
    for kind, counts in sorted(kinds.items()):
        print(f"{kind:<18}{counts['files']:>7}{counts['met']:>7}{counts['loose']:>16}{counts['missed']:>8}")
    for miss in misses[: options.misses]:
        print(f"missed: {miss['file']}\n    account: {miss['state']}, {' '.join(miss['reasons']) or 'NO REASON'}")
        for one in miss["missing"][:3]:
            print(f"    {one[:140]}")
    for path, what in wrong[: options.misses]:
        print(f"hash: {path}: {what}")
    for path, heard in speech:
        print(f"speech, not counted: {path}: {'met' if heard else 'not met'}")
    print(f"{met} of {files} files with expectations are met ({share:.2%}); {len(misses)} missed, {len(unexplained)} of them without a reason in the account; {len(wrong)} wrong hashes")
    sys.exit(0 if holds else 1)


if __name__ == "__main__":
    try:
        main()
    except blackbox.Failed as problem:
        sys.exit(f"manifest_check: {problem}")
