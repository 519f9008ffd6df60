"""Homes and the proof matrix on a full office (issues 4 and 5, Speed): asked as a browser asks, one after another."""
import random
import statistics
import time

from office import MB, Authenticator, Browser, blackbox, percentile, resident, start


def table_of(path, header, rows):
    with open(path, "w") as out:
        out.write(",".join(header) + "\n")
        for row in rows:
            out.write(",".join('"' + str(c).replace('"', '""') + '"' if any(s in str(c) for s in ',"|') else str(c) for c in row) + "\n")


def fill(office, work, options):
    draw = random.Random(2)
    day = lambda: f"{draw.choice((2025, 2026))}-{draw.randint(1, 10):02d}-{draw.randint(1, 28):02d}"
    tables = {
        "subject": (["pseudonym", "subject_type", "cooperation", "officer", "level", "next_review"],
                    ([f"Tree {i}", "witness", "screening", draw.choice(["P-1", ""]), draw.choice(["low", "low", "medium", "high", "very_high"]), day()] for i in range(options.subjects))),
        "incident": (["title", "act_family", "when", "reported", "channel", "account", "verification", "severity_actual", "severity_potential", "art70", "place"],
                     ([f"Incident {i}", draw.choice(["subversion", "inducement", "near_miss"]), d := day(), d, "person", "said so", draw.choice(["unverified", "partly", "verified"]), draw.randint(1, 5), draw.randint(1, 5), "unclear",
                       f"Town {draw.randint(1, 200)} @ {draw.uniform(12, 16):.4f} {draw.uniform(29, 33):.4f}"] for i in range(options.incidents))),
        "obligation": (["title", "instrument", "citation", "modality", "text", "trigger", "fulfilled_by", "due"], ([f"Obligation {i}", "statute", "art. 68", "must", "Keep it", "an order", "a letter", day()] for i in range(500))),
    }
    took = {}
    for kind, (header, rows) in tables.items():
        table_of(work / f"{kind}.csv", header, rows)
        began = time.monotonic()
        office.run("import", kind, str(work / f"{kind}.csv"), case="BEN", timeout=3600)
        took[kind] = time.monotonic() - began
    return took


def proofs(office, work, options):
    draw = random.Random(3)
    persons, counts = 60, 1500
    table_of(work / "situation.csv", ["title", "basis", "territory", "period"], [["Situation", "REF-SP", "Tarvania", "2019"]])
    table_of(work / "profile.csv", ["name"], [[f"Person {i}"] for i in range(persons)])
    table_of(work / "suspect_case.csv", ["title", "person", "situation", "hypothesis"], [[f"Case {i}", f"Person {i}", "Situation", "x"] for i in range(persons)])
    table_of(work / "count.csv", ["title", "person", "crime", "modes", "period", "facts"], [[f"Count {i}", f"Case {i % persons}", "7(1)(a)", "M-25-3-b-O|M-28-a", "2019", "x"] for i in range(counts)])
    where = ["7(1)(a)-1", "7(1)(a)-2", "7(1)(a)-3", ""]
    table_of(work / "proposition.csv", ["text", "count", "element", "mode", "kind"], [[f"Proposition {i}", f"Count {i % counts}", w := draw.choice(where), "" if w else "M-28-a", "material"] for i in range(counts * 6)])
    table_of(work / "proof.csv", ["quote", "proposition", "items", "direction", "source", "reliability"],
             [[f"Quote {i}", f"Proposition {i % (counts * 6)}", options.item, draw.choice(["incriminating"] * 4 + ["exonerating"]), f"W-{draw.randint(1, 400)}", draw.randint(0, 3)] for i in range(options.links)])
    for kind in ("situation", "profile", "suspect_case", "count", "proposition", "proof"):
        office.run("import", kind, str(work / f"{kind}.csv"), case="BEN", timeout=3600)


def ask(browser, path, times):
    took = []
    for _ in range(times):
        began = time.monotonic()
        answer = browser.call("GET", path)
        took.append(time.monotonic() - began)
        assert answer.status == 200, answer.bytes
    return took


def bench(options, table, work):
    office = blackbox.Office(options.custos, work / "office")
    office.run("init", "--owner", "Bench")
    office.run("case add", "--code", "BEN", "--title", "Bench")
    (work / "one").mkdir()
    (work / "one" / "statement.txt").write_text("He said so.")
    office.run("ingest", work / "one", case="BEN")
    took = fill(office, work, options)
    process, origin, _ = start(office)
    try:
        link = [process.stdout.readline() for _ in range(2)][1].strip()
        key = Authenticator(work)
        head = Browser(origin).enrol_passkey(link, key)
        case = head.call("GET", "/cases").json["cases"][0]["id"]
        head.call("PUT", f"/cases/{case}/purpose", {"purpose": "trial", "reason": "the work of this bench"})
        folder = work / "officer"
        folder.mkdir()
        made = head.call("POST", "/people", {"name": "Officer", "roles": ["protection_officer"], "cases": [case]})
        officer = Browser(origin).enrol_passkey(made.json["link"], Authenticator(folder))
        officer.call("PUT", f"/cases/{case}/purpose", {"purpose": "protection", "reason": "the work of this bench"})
        what = f"{options.subjects:,} subjects, {options.incidents:,} incidents"
        for name in ("protection_officer", "protection_unit"):
            times = ask(officer, f"/home?of={name}", 60)
            table.add(f"{what}: home {name}, p50", statistics.median(times) * 1000, "ms")
            table.add(f"{what}: home {name}, p95", percentile(times, 0.95) * 1000, "ms", 200, at_least=False)
        found = officer.call("POST", "/kinds/incident/queries", {"filter": []}).json["query"]
        for path in ("board", "days?field=when&from=2026-01-01&to=2026-12-31"):
            times = ask(officer, f"/record-queries/{found}/{path}", 30)
            table.add(f"{what}: {path.split('?')[0]}, p95", percentile(times, 0.95) * 1000, "ms", 200, at_least=False)
        table.add("with all of it: memory of custos", resident(process) / MB, "MB")
    finally:
        process.terminate()
        process.wait(30)
    options.item = f"{case}-1"
    proofs(office, work, options)
    process, origin, _ = start(office)
    try:
        head = Browser(origin)
        head.sign_in_passkey(key)
        head.call("PUT", f"/cases/{case}/purpose", {"purpose": "trial", "reason": "the work of this bench"})
        persons = head.call("POST", "/kinds/suspect_case/queries", {"filter": []}).json["query"]
        codes = [r["code"] for r in head.call("GET", f"/record-queries/{persons}/rows").json["rows"]]
        times = [t for c in codes[:20] for t in ask(head, f"/proof-matrix/{c}", 3)]
        table.add(f"{options.links:,} proof links: matrix of a person in a case, p50", statistics.median(times) * 1000, "ms")
        table.add(f"{options.links:,} proof links: matrix of a person in a case, p95", percentile(times, 0.95) * 1000, "ms", 200, at_least=False)
        times = ask(head, "/home?of=team", 20)
        table.add(f"{options.links:,} proof links: home of the team, p95", percentile(times, 0.95) * 1000, "ms", 200, at_least=False)
    finally:
        process.terminate()
        process.wait(30)
    return {kind: round(s, 1) for kind, s in took.items()}
