"""The office on the web under load: records and people, asked as browsers ask (issue 3, section 1)."""
import http.client
import json
import os
import pathlib
import random
import re
import socket
import subprocess
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests/web")]
import blackbox
from client import Authenticator, Browser

MB = 1e6
COMMON = "the"  # stands in nearly every record
SORTS = ["-received", "-changed", "title", "deaths", "-happened"]


def percentile(values, p):
    values = sorted(values)
    return values[min(len(values) - 1, int(p * len(values)))] if values else 0.0


def resident(process):
    return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{process.pid}/status").read_text()).group(1)) * 1024


def start(office):
    began = time.monotonic()
    command = [office.program, "serve", "--home", str(office.home), "--listen", "127.0.0.1:0"]
    process = subprocess.Popen(command, env=office.environment, stdout=subprocess.PIPE, text=True)
    origin = re.search(r"http://\S+", process.stdout.readline()).group(0)
    assert Browser(origin).call("GET", "/openapi.json").status == 200
    return process, origin, time.monotonic() - began


def real_words():
    """Words of real text, in order: records and what is searched in them are cut out of it."""
    words = []
    for file in sorted(blackbox.CORPUS.rglob("*")):
        if file.suffix in (".txt", ".eml", ".html", ".htm") and file.stat().st_size < 500_000:
            words += re.findall(r"[a-z]{3,20}", file.read_text("utf-8", "replace").lower())
        if len(words) > 2_000_000:
            break
    return words


def leads(path, number, words):
    draw = random.Random(1)
    with open(path, "w") as table:
        table.write("title,received,channel,account,happened,deaths,urgent,place\n")
        for i in range(number):
            at = draw.randrange(len(words) - 60)
            table.write(f"{' '.join(words[at : at + 4])},2026-{draw.randint(1, 10):02d}-{draw.randint(1, 28):02d},{draw.choice(['person', 'state', 'media', 'own'])},"
                        f"{' '.join(words[at + 4 : at + 50])},20{draw.randint(19, 25)}-{draw.randint(1, 12):02d},{draw.randint(0, 40)},no,"
                        f"Place {draw.randint(1, 200)} @ {draw.uniform(-10, 10):.4f} {draw.uniform(20, 40):.4f}\n")


class Person(threading.Thread):
    """Somebody at work: a list, a page, the inbox, a search, every few seconds."""

    def __init__(self, origin, browser, case, until, pause, words):
        super().__init__(daemon=True)
        self.words = words
        self.origin, self.browser, self.case, self.until, self.pause = origin, browser, case, until, pause
        self.took, self.found, self.wide, self.wrong = [], [], [], 0

    def ask(self, into, method, path, body=None):
        began = time.monotonic()
        answer = self.browser.call(method, path, body)
        into.append(time.monotonic() - began)
        if answer.status != 200:
            self.wrong += 1
            return None
        return answer.json

    def run(self):
        draw = random.Random(id(self))
        time.sleep(draw.uniform(0, self.pause))
        while time.monotonic() < self.until:
            kind = draw.random()
            if kind < 0.3:
                at = draw.randrange(len(self.words) - 20)
                asked = [w for w in self.words[at : at + 20] if len(w) > 4][:2]
                wide = draw.random() < 0.1
                found = self.ask(self.wide if wide else self.found, "POST", "/kinds/lead/queries", {"words": COMMON if wide else " ".join(asked), "sort": [draw.choice(SORTS) if wide else "-received"]})
                rows = found and self.ask(self.took, "GET", f"/record-queries/{found['query']}/rows?offset={draw.randrange(max(1, found['total']))}&limit=50")
                self.codes = [r["code"] for r in (rows or {}).get("rows", []) if r] or getattr(self, "codes", [])
            elif kind < 0.7 and getattr(self, "codes", None):
                self.ask(self.took, "GET", f"/records/{draw.choice(self.codes)}")
            elif kind < 0.85:
                self.ask(self.took, "GET", "/inbox")
            else:
                self.ask(self.took, "GET", "/session")
            time.sleep(draw.expovariate(1 / self.pause))


def bench(options, table, work):
    office = blackbox.Office(options.custos, work / "office")
    office.run("init", "--owner", "Bench")
    office.run("case add", "--code", "BEN", "--title", "Bench")
    csv = work / "leads.csv"
    words = real_words()
    leads(csv, options.records, words)
    began = time.monotonic()
    office.run("import", "lead", str(csv), case="BEN", timeout=3600)
    table.add(f"records imported, of {options.records:,}", options.records / (time.monotonic() - began), "/s")
    process, origin, took = start(office)
    try:
        table.add("start to first answer", took, "s", 1, at_least=False)
        link = [process.stdout.readline() for _ in range(2)][1].strip()
        head = Browser(origin).enrol_passkey(link, Authenticator(work))
        case = head.call("GET", "/cases").json["cases"][0]["id"]
        people = []
        for i in range(options.people):
            folder = work / f"p{i}"
            folder.mkdir()
            made = head.call("POST", "/people", {"name": f"Person {i}", "roles": ["analyst" if i % 2 else "investigator"], "cases": [case]})
            people.append(Browser(origin).enrol_passkey(made.json["link"], Authenticator(folder)))
        until = time.monotonic() + options.seconds
        all_of = [Person(origin, p, case, until, 5.0, words) for p in people]
        for p in all_of:
            p.start()
        for p in all_of:
            p.join()
        took, found, wide = ([t for p in all_of for t in getattr(p, which)] for which in ("took", "found", "wide"))
        total = head.call("POST", "/kinds/lead/queries", {"words": COMMON}).json["total"]
        assert not sum(p.wrong for p in all_of), "a request was refused under load"
        many = f"{options.people} people, {options.records:,} records"
        table.add(f"{many}: requests/s", (len(took) + len(found) + len(wide)) / options.seconds, "/s")
        for name, values, most in (("reads", took, 0.05), ("searches of records", found, 0.3), (f"searches that find {total:,}", wide, 0.3)):
            table.add(f"{many}: {name}, p50", percentile(values, 0.5) * 1000, "ms")
            table.add(f"{many}: {name}, p99", percentile(values, 0.99) * 1000, "ms", most * 1000, at_least=False)
        idle = [socket.create_connection(("127.0.0.1", int(origin.rsplit(":", 1)[1]))) for _ in range(500)]
        time.sleep(2)
        table.add("500 idle connections, with all the rest: memory of custos", resident(process) / MB, "MB", 300, at_least=False)
        for link in idle:
            link.close()
        return {"reads": len(took), "searches": len(found), "searches that find nearly all": len(wide)}
    finally:
        process.terminate()
        process.wait(30)
