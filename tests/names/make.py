#!/usr/bin/env python3
"""make.py > pairs.tsv: labelled pairs of names, made of variants.tsv by a fixed draw.

A person is invented: a part or two of the given names and a family name of one origin. A match is the same person
written twice, each time with spellings drawn anew, in another script or language; a difference is the person beside
one who differs in a single part, the one of all parts that looks most like it (and not too like: parts that share a
spelling, or that a reader of that script could not tell apart, are no difference), or in the given name alone.
Whether a pair is for tuning or for the test is decided by its parts: no family name of the one is in the other."""
import difflib
import pathlib
import random
import unicodedata

COLUMNS = ["ar", "cyr", "en", "fr"]
draw = random.Random(20261128)


def plain(text):
    return "".join(c for c in unicodedata.normalize("NFD", text.lower()) if c.isalpha())


def parts():
    rows = []
    for line in pathlib.Path(__file__).with_name("variants.tsv").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        origin, part, *spellings = line.split("\t")
        rows.append({"origin": origin, "part": part, **{c: s.split("|") for c, s in zip(COLUMNS, spellings)}})
    return rows


ALL = parts()
for number, row in enumerate(ALL):
    row["n"], row["half"] = number, "tune" if number % 2 else "test"


def spelling(row, column):
    return draw.choice(row[column])


def written(person, column, change):
    words = [spelling(row, column) for row in person]
    if change == "turned":
        words = [words[-1]] + words[:-1]
    elif change == "fewer" and len(words) > 2:
        del words[1]
    elif change == "initial" and column in ("en", "fr", "cyr"):
        words[0] = words[0][0] + "."
    elif change == "slip" and column in ("en", "fr") and len(words[-1]) > 5:
        at = draw.randrange(2, len(words[-1]) - 1)
        words[-1] = words[-1][:at] + words[-1][at + 1:]
    elif change == "comma":
        words = [words[-1] + ","] + words[:-1]
    return " ".join(words)


def like(a, b):
    """How alike two parts look in Latin letters; 1 where they share a spelling in some script."""
    if any(set(map(plain, a[c])) & set(map(plain, b[c])) for c in COLUMNS):
        return 1
    return max(difflib.SequenceMatcher(None, plain(x), plain(y)).ratio() for x in a["en"] for y in b["en"])


def other(row):
    """The part that looks most like this one and is another."""
    of = [r for r in ALL if r["origin"] == row["origin"] and r["part"] == row["part"] and r["n"] != row["n"]]
    ranked = sorted(((like(row, r), r["n"], r) for r in of), reverse=True)
    near = [r for l, _, r in ranked if l < 0.9][:5]
    return draw.choice(near)


def person(half):
    origin = draw.choices(["a", "s", "w"], [4, 3, 3])[0]
    given = [r for r in ALL if r["origin"] == origin and r["part"] == "g"]
    family = [r for r in ALL if r["origin"] == origin and r["part"] == "f" and r["half"] == half]
    first = draw.choice(given)
    some = [first]
    if draw.random() < 0.4:
        some.append(draw.choice([r for r in given if like(r, first) < 0.9]))
    return some + [draw.choice(family)]


def group(one, two):
    scripts = {"ar": "arabic", "cyr": "cyrillic"}
    for c in ("ar", "cyr"):
        if c in (one, two):
            return scripts[c]
    return "latin"


def pair(half, match):
    who = person(half)
    one, two = draw.choice([("ar", "en"), ("ar", "fr"), ("cyr", "en"), ("cyr", "fr"), ("en", "fr"), ("fr", "en"), ("en", "en"), ("ar", "cyr")])
    change = draw.choices(["", "turned", "fewer", "initial", "slip", "comma"], [50, 14, 12, 4, 8, 12])[0]
    them = list(who)
    if not match:
        place = draw.choice([0, -1, -1])
        them[place] = other(them[place])
        change = draw.choice(["", "", "turned", "comma"])
    return [half, group(one, two), "match" if match else "other", change or "as is", written(who, one, ""), written(them, two, change)]


print("# Labelled pairs of names. Made by make.py of variants.tsv (see there for the source): invented persons.")
print("# part\tscript\tlabel\tchange\tone\tother")
for half in ("tune", "test"):
    seen = set()
    while len(seen) < 1200:
        row = pair(half, len(seen) % 2 == 0)
        if tuple(row[4:]) not in seen and row[4] != row[5]:
            seen.add(tuple(row[4:]))
            print("\t".join(row))
