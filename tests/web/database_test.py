#!/usr/bin/env python3
"""An office with its records in PostgreSQL: the same commands, the same answers, and what is refused of an address."""
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import blackbox
from api_test import Server
from client import Authenticator, Browser

LEAD = {"title": "Lorry at the bridge", "received": "2026-11-01", "account": "Seen at the bridge of Bria"}


def setUpModule():
    global work, database
    work = pathlib.Path(tempfile.mkdtemp(prefix="custos-database-"))
    work.chmod(0o755)  # the server may run as another user
    database = postgres("start")  # one of our own, to stop and start


def tearDownModule():
    postgres("stop")
    shutil.rmtree(work, ignore_errors=True)


def postgres(what):
    # Without its own pipe: the server that it leaves behind would keep it open.
    with open(work / "started", "w") as said:
        subprocess.run([blackbox.ROOT / "tools/postgres.sh", what, work / "pg"], check=True, stdout=said)
    return (work / "started").read_text().strip()


def office_in(name, where):
    office = blackbox.Office(blackbox.default_program(), work / name)
    office.home.parent.mkdir()
    office.run("init", "--owner", "Ada", *(["--database", where] if where else []))
    office.run("case add", "--code", "KAR", "--title", "A case")
    return office


class Database(unittest.TestCase):
    def test_all_commands_answer_as_they_do_with_records_in_the_home(self):
        received = work / "received"
        shutil.copytree(blackbox.ROOT / "samples", received)
        told = {}
        for name, where in (("home", None), ("database", database)):
            office = office_in(name, where)
            office.ingest(received, "--source", "S", "--no-ocr", case="KAR")
            again = office.ingest(received, "--source", "S", "--no-ocr", case="KAR").text
            self.assertIn("nothing new", again)
            report = office.json("report", case="KAR")
            report.pop("bytes")
            found = office.json("search", "the OR la", "--facets", case="KAR")
            items = [{k: i.get(k) for k in ("path", "type", "kind", "size", "state", "reason", "sha256", "parent")} for i in office.items("KAR")]
            told[name] = {"report": report, "total": found["total"], "facets": found["facets"], "items": items, "texts": sorted(t["text"] for t in office.texts("KAR"))}
            self.assertTrue(office.json("verify")["holds"])
            office.run("reindex", case="KAR")
            self.assertEqual(office.json("search", "the OR la", case="KAR")["total"], found["total"])
        self.assertEqual(told["home"], told["database"])

    def test_nothing_of_its_records_lies_in_the_home(self):
        office = office_in("elsewhere", database)
        self.assertEqual([str(p) for p in office.home.rglob("*.db*")], [])
        about = json.loads((office.home / "office.json").read_text())
        self.assertEqual((about["format"], about["database"]), (2, database))

    def test_a_password_in_the_address_is_refused_and_nothing_is_made(self):
        office = blackbox.Office(blackbox.default_program(), work / "refused")
        office.home.parent.mkdir()
        for address in ("postgresql://custos:secret@localhost/postgres", database + "&password=secret", "mysql://x", "/var/lib/x"):
            done = office.run("init", "--owner", "Ada", "--database", address, status=1)
            self.assertIn("password" if "secret" in address else "postgresql://USER@HOST/NAME", done.complaint)
            self.assertNotIn("secret", done.complaint)
            self.assertFalse(office.home.exists())

    def test_another_database_than_its_own_is_refused(self):
        office = office_in("moved", database)
        server = subprocess.run(office.command("serve", "--database", database.replace("/postgres?", "/template1?")), env=office.environment, capture_output=True, text=True, timeout=60)
        self.assertEqual(server.returncode, 1)
        self.assertIn("does not hold the records of this office", server.stderr)
        plain = office_in("plain", None)
        server = subprocess.run(plain.command("serve", "--database", database), env=plain.environment, capture_output=True, text=True, timeout=60)
        self.assertEqual(server.returncode, 1)
        self.assertIn("leave --database out", server.stderr)

    def test_a_backup_says_what_to_do_instead(self):
        office = office_in("kept", database)
        done = office.run("backup", "--to", work / "copy", status=1)
        self.assertIn("pg_dump --schema='custos_", done.complaint)
        self.assertFalse((work / "copy").exists())

    def test_the_office_is_served_and_lives_through_a_restart_of_its_database(self):
        office = office_in("served", database)
        server = Server(office, link=True)
        try:
            head = Browser(server.origin).enrol_passkey(server.link, Authenticator(work))
            case = head.call("GET", "/cases").json["cases"][0]["id"]
            add = lambda: head.call("POST", "/kinds/lead/records", {"case": case, "values": LEAD})
            code = add().json["code"]
            self.assertEqual(head.call("GET", f"/records/{code}").status, 200)
            postgres("stop")
            self.assertGreaterEqual(head.call("GET", f"/records/{code}").status, 500)
            self.assertGreaterEqual(add().status, 500)
            postgres("start")
            self.assertEqual(head.call("GET", f"/records/{code}").json["values"]["title"], LEAD["title"])
            self.assertEqual(add().status, 201)
            self.assertEqual(head.call("POST", "/kinds/lead/queries", {}).json["total"], 2)
        finally:
            server.stop()
        self.assertTrue(office.json("verify")["holds"])


if __name__ == "__main__":
    unittest.main()
