#!/usr/bin/env python3
"""The home of a person on the running server: what its tiles count is what the lists behind them hold, and nothing more."""
import io
import pathlib
import re
import subprocess
import sys
import unittest
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import api_test as office_of
from api_test import Test
from client import Authenticator, Browser


def colleague(name, roles, cases, clearance=None):
    """A person with a passkey, as most roles ask for one."""
    folder = office_of.work / name
    folder.mkdir()
    made = office_of.head.call("POST", "/people", {"name": name, "roles": roles, "cases": cases})
    assert made.status == 201, made.bytes
    if clearance:
        etag = next(p["etag"] for p in office_of.head.call("GET", "/people").json["people"] if p["id"] == made.json["id"])
        more = office_of.head.call("PUT", f"/people/{made.json['id']}/clearance", {"clearance": clearance, "compartments": [], "organ": "prosecution", "reason": "as the tests ask"}, {"If-Match": etag})
        assert more.status == 200, more.bytes
    return Browser(office_of.server.origin).enrol_passkey(made.json["link"], Authenticator(folder))


def setUpModule():
    office_of.setUpModule()
    global head, first, second, officer, duty, lawyer, analyst, elsewhere
    head, first, second = office_of.head, office_of.first, office_of.second
    officer = colleague("Oda", ["protection_officer"], [first])
    duty = colleague("Dov", ["duty_officer"], [first])
    lawyer = colleague("Lea", ["trial_lawyer"], [first])
    analyst = colleague("Ana", ["analyst"], [first])
    elsewhere = colleague("Eli", ["protection_officer"], [second])
    for who in (officer, duty, elsewhere, head):  # those who can work for more than one purpose say which
        for case in (first, second):
            state = who.call("GET", f"/cases/{case}/purpose")
            if state.status == 200 and state.json["needed"]:
                answer = who.call("PUT", f"/cases/{case}/purpose", {"purpose": state.json["purposes"][0]["id"], "reason": "the work of this test"})
                assert answer.status == 200, answer.bytes
    global subjects
    subjects = [add(officer, "subject", pseudonym=f"Tree {i}", subject_type="witness", cooperation="screening", officer=me(officer), consent_on="2026-01", own_view="x", wishes="y",
                    level=["low", "high", "high"][i], next_review=["2020-01-01", "2099-01-01", "2099-01-01"][i]) for i in range(3)]
    for i in range(4):
        add(officer, "incident", title=f"Incident {i}", act_family="subversion", when=f"2026-11-0{i + 1}", reported="2026-11-10", channel="person", account="said so",
            verification=["unverified", "partly", "verified", "verified"][i], severity_actual=2, severity_potential=2, art70="unclear",
            place={"name": "Bria", "lat": 6.5, "lon": 21.9})


def tearDownModule():
    office_of.tearDownModule()


def me(who):
    return "P-" + who.call("GET", "/session").json["person"]["id"].removeprefix("P-")


def add(who, kind, case=None, **values):
    answer = who.call("POST", f"/kinds/{kind}/records", {"case": case or first, "values": values})
    assert answer.status == 201, answer.bytes
    return answer.json["code"]


def home(who, more=""):
    answer = who.call("GET", "/home" + more)
    assert answer.status == 200, answer.bytes
    return answer.json


def tile(of, name):
    return next(t for t in of["tiles"] if t["tile"] == name)


class Home(Test):
    def test_each_role_has_its_home_and_others_none(self):
        self.assertEqual([h["home"] for h in home(officer)["homes"]], ["protection_officer", "protection_unit"])
        self.assertEqual([home(w)["home"] for w in (officer, duty, lawyer, head)], ["protection_officer", "duty_officer", "trial_lawyer", "team"])
        none = home(analyst)
        self.assertEqual((none["home"], none["homes"]), (None, []))
        self.assertEqual(analyst.call("GET", "/home?of=protection_unit").status, 404)

    def test_every_number_is_the_number_of_the_list_behind_it(self):
        for who, name in ((officer, "protection_officer"), (officer, "protection_unit"), (duty, "duty_officer"), (lawyer, "trial_lawyer"), (head, "team")):
            for t in home(who, f"?of={name}")["tiles"]:
                for part in t.get("parts", []):
                    found = who.call("POST", f"/kinds/{part['kind']}/queries", {"filter": part["filter"], "sort": part["sort"]})
                    self.assertEqual(found.status, 200, (name, t["tile"], found.bytes))
                    self.assertEqual(found.json["total"], part["count"], (name, t["tile"], part["label"]))

    def test_what_waits_is_counted_and_what_is_late_is_said(self):
        waits = {p["label"]["en"]: p["count"] for p in tile(home(officer), "open_points")["parts"]}
        self.assertEqual((waits["Incidents not verified"], waits["Incidents not looked at"], waits["Persons to review"]), (2, 4, 1))
        due = tile(home(officer), "due")
        self.assertEqual([(r["title"], r["due"], r["late"]) for r in due["rows"]], [("Tree 0", "2020-01-01", True)])
        self.assertEqual(due["total"], 1)

    def test_a_table_counts_by_two_things_with_words_for_each(self):
        risk = tile(home(officer, "?of=protection_unit"), "risk")
        self.assertEqual([r["value"] for r in risk["rows"]], ["low", "high"], "in the order of the vocabulary")
        self.assertEqual(([c["label"] for c in risk["columns"]], risk["cells"]), (["KAR"], [[1], [2]]))
        self.assertEqual(risk["rows"][1]["label"], {"en": "High", "fr": "Élevé"})
        load = tile(home(officer, "?of=protection_unit"), "workload")
        self.assertEqual(load["rows"][0]["label"], "Oda")

    def test_a_map_and_a_timeline_come_with_the_answer(self):
        where = tile(home(officer), "where")
        self.assertEqual((where["total"], len(where["points"]), where["without"]), (4, 4, 0))
        when = tile(home(officer, "?of=protection_unit"), "when")
        self.assertEqual(len([s for s in when["spans"] if s["field"] == "when"]), 4)

    def test_another_case_shows_nothing_of_this_one(self):
        theirs = home(elsewhere)
        self.assertEqual([p["count"] for p in tile(theirs, "open_points")["parts"]], [0] * 10)
        self.assertEqual((tile(theirs, "risk")["rows"], tile(theirs, "where")["points"], tile(theirs, "due")["rows"]), ([], [], []))
        unknown, closed = elsewhere.call("GET", "/home?case=nothing"), elsewhere.call("GET", f"/home?case={first}")
        self.assertEqual((unknown.status, unknown.bytes), (closed.status, closed.bytes))
        self.assertEqual(closed.status, 404)

    def test_a_home_is_narrowed_to_one_case(self):
        add(head, "lead", title="Lorry", received="2026-11-01", account="Seen")
        add(head, "lead", second, title="Bus", received="2026-11-01", account="Seen")
        rows = {r["case"]["code"]: r["counts"] for r in tile(home(head), "cases")["rows"]}
        self.assertEqual((rows["KAR"][1], rows["ZED"][1]), (1, 1))
        one = home(head, f"?case={second}")
        self.assertEqual((one["case"]["code"], [r["title"] for r in tile(one, "moved")["rows"]]), ("ZED", ["Bus"]))
        self.assertEqual([r["case"]["code"] for r in tile(one, "cases")["rows"]], ["ZED"])

    def test_that_a_home_was_shown_is_in_the_ledger(self):
        home(officer)
        auditor = colleague("Aud", ["auditor"], [])
        rows = auditor.call("GET", f"/ledger?act=home_viewed&who={me(officer)}").json["rows"]
        self.assertTrue(rows and rows[0]["object"] == "protection_officer", rows[:1])

    def test_cases_without_a_purpose_are_named_instead_of_counted_as_nothing(self):
        """A choice is asked for where it needs a reason: from the class on that the policy names. Elsewhere a purpose that serves is
        taken, and what is counted is not said to be missing."""
        confidential = head.call("POST", "/cases", {"code": "SEC", "title": "Behind a reason"}).json["id"]
        etag = head.call("GET", f"/cases/{confidential}/label").json["etag"]
        raised = head.call("PUT", f"/cases/{confidential}/label", {"classification": "CONFIDENTIAL", "compartments": [], "reason": "names of sources"}, {"If-Match": etag})
        self.assertEqual(raised.status, 200, raised.bytes)
        fresh = colleague("Fay", ["duty_officer", "protection_officer"], [first, confidential], clearance="CONFIDENTIAL")
        told = home(fresh, "?of=protection_officer")
        self.assertEqual(sum(map(sum, tile(told, "risk")["cells"])), len(subjects), "of the other case they are counted")
        self.assertEqual([c["code"] for c in told["silent"]], ["SEC"])
        self.assertEqual(home(officer)["silent"], [])


def digest(who, more=""):
    """The words of a digest, and the class on its pages."""
    answer = who.call("GET", "/home/digest?format=docx" + more)
    assert answer.status == 200, answer.bytes
    package = zipfile.ZipFile(io.BytesIO(answer.bytes))
    read = lambda name: " ".join(" ".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)", package.read(name).decode())).split())
    return read("word/document.xml"), " ".join(read(n) for n in package.namelist() if "header" in n)


class OnPaper(Test):
    def test_a_digest_tells_what_the_home_shows(self):
        pdf = officer.call("GET", "/home/digest")
        self.assertEqual((pdf.status, pdf.headers["Content-Type"], pdf.headers["Content-Disposition"]), (200, "application/pdf", 'attachment; filename="digest-protection_officer.pdf"'))
        said = " ".join(subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf.bytes, capture_output=True, check=True).stdout.decode().split())
        words, _ = digest(officer)
        shown = home(officer)
        for t in shown["tiles"]:
            self.assertIn(t["title"]["en"], said)
            self.assertIn(t["title"]["en"], words)
        for of in (said, words):
            self.assertIn("Tree 0", of)
            self.assertIn("2020-01-01 (late)", of)
            self.assertIn("Weekly digest: " + shown["label"]["en"], of)
        self.assertIn("Incidents not verified", words)
        self.assertIn("In all: 4.", words)
        unit, _ = digest(officer, "&of=protection_unit")
        self.assertIn("Made for Oda", unit)
        self.assertIn("Persons not reviewed in time 1 (alarm)", unit)
        self.assertIn("High", unit)
        self.assertIn("KAR", unit)

    def test_a_digest_is_in_the_language_of_who_asks(self):
        lawyer.call("PUT", "/me/language", {"language": "fr"})
        words, _ = digest(lawyer)
        lawyer.call("PUT", "/me/language", {"language": "en"})
        self.assertIn("Synthèse hebdomadaire : " + home(lawyer)["label"]["fr"], words)
        for t in home(lawyer)["tiles"]:
            self.assertIn(t["title"]["fr"].replace("'", "&apos;"), words.replace("&#39;", "&apos;").replace("'", "&apos;"))

    def test_what_a_person_may_not_see_leaves_no_trace_in_their_digest(self):
        add(head, "lead", title="Seen by all", received="2026-11-01", account="x")
        before = {who: digest(who, more)[0] for who, more in ((elsewhere, ""), (lawyer, ""), (duty, ""))}
        secret = add(head, "lead", title="Whispered at night", received="2026-11-01", account="x")
        wall = head.call("POST", "/compartments", {"name": "The source at night"}).json["id"]
        tag = head.call("GET", f"/records/{secret}").headers["ETag"]
        told, class_then = digest(head)
        raised = head.call("PUT", f"/records/{secret}/label", {"classification": "CONFIDENTIAL", "compartments": [wall], "reason": "names a source"}, {"If-Match": tag})
        self.assertEqual(raised.status, 200, raised.bytes)
        self.assertEqual({who: digest(who)[0] for who in before}, before)
        whole, class_now = digest(head)
        self.assertIn("Whispered at night", whole)
        self.assertIn("INTERNAL", class_then)
        self.assertIn("CONFIDENTIAL", class_now, "a file is of the highest class of what it tells of")
        self.assertIn("KAR", told)
        one, _ = digest(head, f"&case={second}")
        self.assertNotIn("Whispered", one)
        self.assertNotIn("KAR", one)

    def test_what_is_no_home_or_no_format_is_refused(self):
        self.assertEqual(officer.call("GET", "/home/digest?of=gone").status, 404)
        self.assertEqual(analyst.call("GET", "/home/digest?of=team").status, 404)
        self.assertEqual(analyst.call("GET", "/home/digest").status, 404, "no home, no digest")
        self.assertEqual(elsewhere.call("GET", f"/home/digest?case={first}").status, 404)
        refused = officer.call("GET", "/home/digest?format=odt")
        self.assertEqual((refused.status, refused.json["detail"]), (422, '"format" is pdf or docx'))

    def test_a_digest_is_in_the_ledger_before_it_is_given(self):
        digest(duty)
        reader = colleague("Auda", ["auditor"], [])
        rows = reader.call("GET", f"/ledger?act=exported&who={me(duty)}").json["rows"]
        self.assertTrue(rows and rows[0]["object"] == "duty_officer", rows[:1])


if __name__ == "__main__":
    unittest.main()
