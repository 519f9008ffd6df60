#!/usr/bin/env python3
"""What the server says of its operations is true of every answer, and the types of the front end are made of it. With
--write they are made anew."""
import atexit
import hashlib
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import blackbox
from api_test import Server
from client import Authenticator, Browser

work = pathlib.Path(tempfile.mkdtemp(prefix="custos-contract-"))
atexit.register(shutil.rmtree, work, ignore_errors=True)


def setUpModule():
    global server, head, case, office
    office = blackbox.Office(blackbox.default_program(), work / "office")
    office.run("init", "--owner", "Ada")
    office.run("case add", "--code", "KAR", "--title", "A case")
    folder = work / "received"
    folder.mkdir()
    for n in range(3):
        (folder / f"{n}.txt").write_text(f"Statement {n} of the quarry road. " * 9)
    office.run("ingest", folder, case="KAR")
    server = Server(office, link=True)
    head = Browser(server.origin).enrol_passkey(server.link, Authenticator(work))
    case = head.call("GET", "/cases").json["cases"][0]["id"]


def tearDownModule():
    server.stop()


def types(*how):
    (work / "openapi.json").write_bytes(Browser(server.origin).call("GET", "/openapi.json").bytes)
    return subprocess.run(["bash", "-c", '. ./node && exec node tools/api.mjs "$@"', "node", work / "openapi.json", *how], cwd=blackbox.ROOT / "web", capture_output=True, text=True)


def done(method, path, body=None, status=(200, 201, 202, 204), headers=()):
    answer = head.call(method, path, body, headers)  # held against the document by the browser
    assert answer.status in status, (path, answer.status, answer.bytes)
    return answer.json if answer.bytes else None


class Contract(unittest.TestCase):
    def test_the_types_of_the_front_end_are_made_of_what_the_server_says(self):
        made = types("--check")
        self.assertEqual(made.returncode, 0, made.stderr)

    def test_a_wrong_answer_would_be_seen(self):
        shapes = head.shapes()
        row = {"id": "1", "code": "K", "title": "T", "items": 1, "label": {"classification": "PUBLIC", "compartments": []}, "last_received": None}
        wrong = lambda **more: shapes.wrong("GET", "/api/v1/cases", 200, "application/json", json.dumps({"cases": [{**row, **more}]}))
        self.assertIsNone(wrong())
        self.assertIn("items is '1'", wrong(items="1"))
        self.assertIn("which is not described", wrong(secret=1))
        self.assertIn("classification", wrong(label={"classification": "OPEN", "compartments": []}))
        self.assertIn("is no operation", shapes.wrong("GET", "/api/v1/nothing", 200, "application/json", "{}"))

    def test_what_other_tests_do_not_ask_is_answered_as_it_says(self):
        done("GET", "/roles")
        done("GET", "/sessions")
        done("PUT", "/me/language", {"language": "fr"})
        done("POST", "/cases", {"code": "NEW", "title": "Another"})
        found = done("POST", f"/cases/{case}/searches", {"query": "quarry", "sort": "path", "facets": {}})["search"]
        done("GET", f"/searches/{found}")
        tag = done("POST", f"/cases/{case}/tags", {"name": "road"})["id"]
        job = done("POST", f"/cases/{case}/bulk", {"search": found, "tag": tag, "on": True})["job"]
        for _ in range(200):
            if done("GET", f"/jobs/{job}")["state"] == "done":
                break
            time.sleep(0.05)
        done("GET", f"/cases/{case}/tags")
        done("POST", f"/jobs/{job}/undo", {})
        data = b"one more"
        upload = done("POST", f"/cases/{case}/uploads", {"files": 1, "bytes": len(data), "source": "S", "collector": "C", "note": ""})["upload"]
        done("PUT", f"/uploads/{upload}/files/0?offset=0", data, headers={"X-Path": "a.txt", "X-Size": str(len(data)), "X-Sha256": hashlib.sha256(data).hexdigest(), "Content-Type": "application/octet-stream"})
        done("GET", f"/uploads/{upload}")

    def test_what_is_around_a_record_is_answered_as_it_says(self):
        lead = {"title": "Lorry at the bridge", "received": "2026-11-01", "account": "Seen at the bridge", "contact": "a telephone number"}
        one, two = (done("POST", "/kinds/lead/records", {"case": case, "values": lead})["code"] for _ in range(2))
        done("POST", f"/records/{one}/comments", {"text": "Ask the driver."})
        comment = done("GET", f"/records/{one}/comments")["comments"][0]["id"]
        done("DELETE", f"/comments/{comment}")
        relation = next(c["code"] for c in done("GET", "/vocabularies/relation")["codes"])
        done("POST", f"/records/{one}/links", {"relation": relation, "to": two})
        link = done("GET", f"/records/{one}")["links"][0]["id"]
        done("DELETE", f"/record-links/{link}")
        done("PUT", f"/records/{one}", {"values": {**lead, "title": "Lorry on the bridge"}}, headers={"If-Match": '"1"'}, status=(200, 412))
        done("GET", f"/records/{one}/history")
        done("GET", f"/records/{one}/readers")
        done("POST", f"/records/{one}/sealed/contact", {"reason": "to call back the driver"}, status=(200, 403, 404))
        query = done("POST", "/kinds/lead/queries", {})["query"]
        done("GET", f"/record-queries/{query}/counts?by=state")
        done("POST", "/suggest-staff", {"words": "ada"})
        done("POST", "/suggest", {"to": ["lead"], "words": "lorry"})
        done("POST", "/record-search", {"words": "lorry"})
        view = done("POST", "/views", {"kind": "lead", "name": "Mine", "query": {"words": "", "sort": [], "filter": []}})["id"]
        done("GET", "/views?kind=lead")
        done("DELETE", f"/views/{view}")
        done("GET", "/vocabularies")
        done("GET", "/vocabularies/channel/versions")


if __name__ == "__main__":
    if "--write" in sys.argv:
        setUpModule()
        types().check_returncode()
        tearDownModule()
    else:
        unittest.main()
