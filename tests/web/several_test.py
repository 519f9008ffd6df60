#!/usr/bin/env python3
"""Several servers and workers of one office on one PostgreSQL: what one begins another goes on with, and what one leaves
when it is killed another takes over, once."""
import hashlib
import json
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import blackbox
from api_test import Server
from client import Authenticator, Browser, totp

FILES = 800


def setUpModule():
    global work, database, office
    work = pathlib.Path(tempfile.mkdtemp(prefix="custos-several-"))
    work.chmod(0o755)  # the server of the database may run as another user
    with open(work / "started", "w") as said:
        subprocess.run([blackbox.ROOT / "tools/postgres.sh", "start", work / "pg"], check=True, stdout=said)
    database = (work / "started").read_text().strip()
    office = blackbox.Office(blackbox.default_program(), work / "office")
    office.run("init", "--owner", "Ada", "--database", database)
    for code in ("KAR", "ZED"):
        office.run("case add", "--code", code, "--title", "Case " + code)


def tearDownModule():
    with open(work / "started", "w") as said:
        subprocess.run([blackbox.ROOT / "tools/postgres.sh", "stop", work / "pg"], check=True, stdout=said)
    shutil.rmtree(work, ignore_errors=True)


class Worker:
    def __init__(self):
        self.said = open(work / "work.log", "ab")
        self.process = subprocess.Popen([str(w) for w in (office.program, "work", "--home", office.home)], env=office.environment, stdout=subprocess.PIPE, stderr=self.said, text=True)
        assert "working for" in self.process.stdout.readline()

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        self.process.wait(60)
        self.process.stdout.close()
        self.said.close()


def at(browser, server):
    """The same person, asking another server."""
    other = Browser(server.origin)
    other.cookie, other.csrf = browser.cookie, browser.csrf
    return other


def put(browser, upload, n, name, data, offset=0, size=None, last=True):
    head = {"X-Path": name, "X-Size": str(size if size is not None else len(data)), "Content-Type": "application/octet-stream"}
    if last:
        head["X-Sha256"] = hashlib.sha256(data).hexdigest()
    return browser.call("PUT", f"/uploads/{upload}/files/{n}?offset={offset}", data, head)


def begin(browser, case, files, size):
    return browser.call("POST", f"/cases/{case}/uploads", {"files": files, "bytes": size, "source": "A raid", "collector": "K.", "note": ""}).json["upload"]


def wait_for(what, seconds=180):
    for _ in range(seconds * 50):
        found = what()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError("it did not come about")


class Several(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.one = Server(office, link=True)
        cls.two = Server(office, more=("--index", str(work / "index")))  # as a second machine
        cls.workers = [Worker(), Worker()]
        cls.key = Authenticator(work)
        cls.head = Browser(cls.one.origin).enrol_passkey(cls.one.link, cls.key)
        cls.cases = {c["code"]: c["id"] for c in cls.head.call("GET", "/cases").json["cases"]}

    @classmethod
    def tearDownClass(cls):
        for p in (cls.one, cls.two, *cls.workers):
            if p.process.poll() is None:
                p.stop()

    def test_1_who_signs_in_at_one_is_known_at_the_other_and_gone_from_both(self):
        other = at(self.head, self.two)
        self.assertEqual([c["code"] for c in other.call("GET", "/cases").json["cases"]], ["KAR", "ZED"])
        # A challenge of one is answered at the other, and good once.
        begun = Browser(self.one.origin).call("POST", "/sign-in/passkey/begin", {}).json
        signed = self.key.sign(begun, self.two.origin)
        self.assertEqual(Browser(self.two.origin).call("POST", "/sign-in/passkey/finish", signed).status, 200)
        again = self.key.sign(begun, self.one.origin)
        self.assertEqual(Browser(self.one.origin).call("POST", "/sign-in/passkey/finish", again).status, 401, "used up at the other")
        # A password that is begun at one is confirmed at the other; a session that ends there has ended here.
        made = self.head.call("POST", "/people", {"name": "Ben", "roles": ["analyst"], "cases": [self.cases["ZED"]]}).json
        ben = Browser(self.one.origin)
        self.assertEqual(ben.call("POST", "/sign-in/link", {"token": made["link"].rsplit("/", 1)[1]}).status, 200)
        secret = ben.call("POST", "/me/totp", {"password": "a long walk to the quarry road"}).json["secret"]
        there = at(ben, self.two)
        self.assertEqual(there.call("POST", "/me/totp/confirm", {"code": totp(secret)}).status, 200)
        here = at(there, self.one)
        self.assertEqual(here.call("GET", "/session").status, 200)
        self.assertEqual(there.call("DELETE", "/session").status, 204)
        self.assertEqual(here.call("GET", "/session").status, 401)

    def test_2_a_search_of_one_is_looked_through_at_the_other(self):
        folder = work / "ZED"
        folder.mkdir()
        for n in range(5):
            (folder / f"{n}.txt").write_text(f"The lorry number {n} crossed the bridge. " * 5)
        office.run("ingest", folder, case="ZED")
        found = self.head.call("POST", f"/cases/{self.cases['ZED']}/searches", {"query": "lorry", "sort": "path", "facets": {"type": ["text/plain"]}}).json
        self.assertEqual(found["total"], 5)
        other = at(self.head, self.two)
        self.assertEqual(other.call("GET", f"/searches/{found['search']}").json["query"], "lorry")
        hits = lambda who: [h["path"] for h in who.call("GET", f"/searches/{found['search']}/hits").json["hits"]]
        self.assertEqual(len(hits(other)), 5)
        self.assertEqual(hits(other), hits(self.head))

    def test_3_a_vocabulary_that_is_changed_at_one_holds_at_the_other(self):
        other = at(self.head, self.two)
        list_of = lambda who: who.call("GET", "/vocabularies/channel")
        before = list_of(self.head)
        other_before = list_of(other).json
        changed = {k: v for k, v in before.json.items() if k in ("vocabulary", "version", "source", "label", "codes", "en", "fr", "note")}
        changed["codes"] = [*before.json["codes"], {"code": "pigeon", "en": "Carrier pigeon", "fr": "Pigeon voyageur"}]
        put = self.head.call("PUT", "/vocabularies/channel", changed, {"If-Match": before.headers["ETag"]})
        self.assertEqual(put.status, 200, put.bytes)
        wait_for(lambda: any(c["code"] == "pigeon" for c in list_of(other).json["codes"]), 20)
        stale = other.call("PUT", "/vocabularies/channel", {**changed, "version": other_before["version"]}, {"If-Match": before.headers["ETag"]})
        self.assertIn(stale.status, (409, 412), "the other knows that it was changed")

    def test_4_a_server_and_a_worker_are_killed_in_the_middle_and_nothing_is_lost_or_done_twice(self):
        case = self.cases["KAR"]
        texts = [f"Statement {n}: the quarry road was closed on day {n % 30}. ".encode() * 60 for n in range(FILES)]
        upload = begin(self.head, case, FILES, sum(map(len, texts)))
        other = at(self.head, self.two)
        for n, text in enumerate(texts):  # by turns to one and the other
            self.assertEqual(put(self.head if n % 2 else other, upload, n, f"statements/{n:04}.txt", text).status, 200)
        self.assertEqual(other.call("POST", f"/uploads/{upload}/finish", {"files": FILES}).status, 202)
        # Somebody of the four is at it; the others can say how far it is.
        owner = wait_for(self.owner)
        wait_for(lambda: self.items(case) > 0)
        mine = next(p for p in (self.one, self.two, *self.workers) if p.process.pid == int(owner.split("-")[0]))
        mine.process.send_signal(signal.SIGSTOP)
        self.assertEqual(self.owner(), owner, "it is in the middle")
        self.assertTrue(self.processing(other if mine is self.one else self.head, case))
        # Whoever does it is killed, and one of the other sort with it; the rest has to go on.
        victims = [mine, self.workers[0] if mine in (self.one, self.two) else self.two]
        for v in victims:
            v.stop(signal.SIGKILL)
        left = next(s for s in (self.two, self.one) if s not in victims)
        asks = at(self.head, left)
        wait_for(lambda: self.state(asks, upload) == "done", 300)
        paths = sorted(i["path"] for i in office.items("KAR"))
        self.assertEqual(paths, [f"statements/{n:04}.txt" for n in range(FILES)])
        self.assertEqual({i["state"] for i in office.items("KAR")}, {"extracted"})
        report = office.json("report", case="KAR")["totals"]
        self.assertEqual((report["expected"], report["extracted"], report["failed"], report["skipped"]), (FILES, FILES, 0, 0))
        self.assertEqual(asks.call("POST", f"/cases/{case}/searches", {"query": "quarry", "sort": "path", "facets": {}}).json["total"], FILES)
        for p in (self.one, self.two, *self.workers):
            if p.process.poll() is None:
                p.stop()
        self.assertTrue(office.json("verify")["holds"])

    def state(self, browser, upload):
        return browser.call("GET", f"/uploads/{upload}?n=0").json["state"]

    def processing(self, browser, case):
        return browser.call("GET", f"/cases/{case}").json["processing"]

    def items(self, case):
        return int(self.ask(f'select count(*) from "{self.schema()}_{case}".item'))

    def owner(self):
        """Of the one job that is being done: the number of its process, and more."""
        return self.ask(f"select owner from \"{self.schema()}\".job where state = 'running'")

    def schema(self):
        return f"custos_{json.loads((office.home / 'office.json').read_text())['office']}"

    def ask(self, sql):
        return subprocess.run(["psql", database, "-tA", "-c", sql], capture_output=True, text=True, check=True).stdout.strip()


class Alone(unittest.TestCase):
    def test_records_in_the_home_have_one_server_and_that_is_said(self):
        plain = blackbox.Office(blackbox.default_program(), work / "plain")
        plain.run("init", "--owner", "Ada")
        done = plain.run("work", status=1)
        self.assertIn("custos serve", done.complaint)


if __name__ == "__main__":
    unittest.main()
