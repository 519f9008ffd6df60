"""Homes and the proof matrix on a full office (issues 4 and 5, Speed): asked as a browser asks, one after another."""
import datetime
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


CASES, PERSONS, COUNTS, PLAN_TASKS = 30, 10, 10, 667  # cases; in each persons, counts of each, tasks of its plan: issue 5, Speed


def proofs(office, work, links, items):
    """A full office: for each case (a situation) persons, counts, six propositions a count, links to one item, a plan."""
    draw = random.Random(3)
    counts = PERSONS * COUNTS
    where = ["7(1)(a)-1", "7(1)(a)-2", "7(1)(a)-3", ""]
    for case, item in items.items():
        tables = {
            "situation": (["title", "basis", "territory", "period"], [[f"Situation {case}", "REF-SP", "Tarvania", "2019"]]),
            "profile": (["name"], [[f"Person {case} {i}"] for i in range(PERSONS)]),
            "suspect_case": (["title", "person", "situation", "hypothesis"], [[f"Case {case} {i}", f"Person {case} {i}", f"Situation {case}", "x"] for i in range(PERSONS)]),
            "count": (["title", "person", "crime", "modes", "period", "facts"], [[f"Count {case} {i}", f"Case {case} {i % PERSONS}", "7(1)(a)", "M-25-3-b-O|M-28-a", "2019", "x"] for i in range(counts)]),
            "proposition": (["text", "count", "element", "mode", "kind"], [[f"Proposition {case} {i}", f"Count {case} {i % counts}", w := draw.choice(where), "" if w else "M-28-a", "material"] for i in range(counts * 6)]),
            "proof": (["quote", "proposition", "items", "direction", "source", "reliability"],
                      [[f"Quote {i}", f"Proposition {case} {i % (counts * 6)}", item, draw.choice(["incriminating"] * 4 + ["exonerating"]), f"W-{draw.randint(1, 400)}", draw.randint(0, 3)] for i in range(links // CASES)]),
        }
        for kind, (header, rows) in tables.items():
            table_of(work / f"{kind}.csv", header, rows)
            office.run("import", kind, str(work / f"{kind}.csv"), case=case, timeout=3600)


def plans(browser, cases):
    day = datetime.date(2026, 1, 1)
    for case in cases:
        tasks = [{"code": f"t{i}", "task": f"Task {i}", "days": 1 + i % 9, "begins": str(day + datetime.timedelta(days=i % 300))} | ({"after": f"t{i - 1}"} if i % 3 else {}) for i in range(PLAN_TASKS)]
        made = browser.call("POST", "/kinds/plan/records", {"case": case, "values": {"title": "Plan", "plan_type": "SITPLAN", "owner": "P-1", "objectives": "x", "tasks": tasks}})
        assert made.status == 201, made.bytes


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
    (work / "one").mkdir()
    (work / "one" / "statement.txt").write_text("He said so.")
    for code in ["BEN", *(f"B{n:02}" for n in range(1, CASES))]:
        office.run("case add", "--code", code, "--title", f"Bench {code}")
        office.run("ingest", work / "one", case=code)
    took = fill(office, work, options)
    process, origin, _ = start(office)
    try:
        link = [process.stdout.readline() for _ in range(2)][1].strip()
        key = Authenticator(work)
        head = Browser(origin).enrol_passkey(link, key)
        cases = {c["code"]: c["id"] for c in head.call("GET", "/cases").json["cases"]}
        case = cases["BEN"]
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
    proofs(office, work, options.links, {code: f"{of}-1" for code, of in cases.items()})
    process, origin, _ = start(office)
    try:
        head = Browser(origin)
        head.sign_in_passkey(key)
        for of in cases.values():
            head.call("PUT", f"/cases/{of}/purpose", {"purpose": "trial", "reason": "the work of this bench"})
        plans(head, cases.values())
        persons = head.call("POST", "/kinds/suspect_case/queries", {"filter": []}).json["query"]
        codes = [r["code"] for r in head.call("GET", f"/record-queries/{persons}/rows").json["rows"]]
        full = f"{CASES} cases, {CASES * PERSONS * COUNTS:,} counts, {options.links:,} proof links"
        times = [t for c in codes[:20] for t in ask(head, f"/proof-matrix/{c}", 3)]
        table.add(f"{full}: matrix of a person in a case, p50", statistics.median(times) * 1000, "ms")
        table.add(f"{full}: matrix of a person in a case, p95", percentile(times, 0.95) * 1000, "ms", 200, at_least=False)
        times = ask(head, "/home?of=team", 60)
        rows = next(t for t in head.call("GET", "/home?of=team").json["tiles"] if t["tile"] == "cases")["rows"]
        assert (len(rows), sum(r["counts"][0] for r in rows)) == (CASES, options.links // CASES * CASES), rows
        table.add(f"{full}: home of the team, the first time", times[0] * 1000, "ms")
        table.add(f"{full}: home of the team, p50", statistics.median(times) * 1000, "ms")
        table.add(f"{full}: home of the team, p95", percentile(times, 0.95) * 1000, "ms", 200, at_least=False)
        proven = head.call("POST", "/kinds/proof/queries", {"filter": []}).json["query"]
        links = [r["code"] for r in head.call("GET", f"/record-queries/{proven}/rows").json["rows"]]
        times = []
        for code in links[:20]:
            page = head.call("GET", f"/records/{code}").json
            saved = head.call("PUT", f"/records/{code}", {"values": page["values"] | {"comment": "seen again"}}, {"If-Match": f'"{page["version"]}"'})
            assert saved.status == 200, saved.bytes
            times += ask(head, "/home?of=team", 1)
        table.add(f"{full}: home of the team, each time after a change, p95", percentile(times, 0.95) * 1000, "ms", 200, at_least=False)
        table.add("with all of it: memory of custos, full of casework", resident(process) / MB, "MB")
    finally:
        process.terminate()
        process.wait(30)
    return {kind: round(s, 1) for kind, s in took.items()}
