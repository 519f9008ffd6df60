#!/usr/bin/env python3
"""The proof matrix on the running server: what it counts, what it refuses, and what others learn of it."""
import io
import pathlib
import sys
import unittest
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import api_test as office_of
from api_test import Test
from client import Authenticator, Browser


def colleague(name, roles, cases):
    """A person with a passkey, as most roles ask for one."""
    folder = office_of.work / name
    folder.mkdir()
    made = office_of.head.call("POST", "/people", {"name": name, "roles": roles, "cases": cases})
    assert made.status == 201, made.bytes
    return Browser(office_of.server.origin).enrol_passkey(made.json["link"], Authenticator(folder))


def setUpModule():
    office_of.setUpModule()
    global head, first, second, lawyer, elsewhere, person, murder, item
    head, first, second = office_of.head, office_of.first, office_of.second
    for case in (first, second):
        head.call("PUT", f"/cases/{case}/purpose", {"purpose": "trial", "reason": "the work of this test"})
    lawyer = colleague("Lea", ["trial_lawyer"], [first])
    elsewhere = colleague("Eli", ["trial_lawyer"], [second])
    item = f"{first}-1"
    situation = add("situation", title="Situation in Tarvania", number="S-1", basis="REF-SP", territory="Tarvania", period="2019")
    profile = add("profile", name="Orlen Vask")
    person = add("suspect_case", title="The Prosecutor v. Vask", person=profile, situation=situation, hypothesis="He ordered it")
    murder = add("count", title="Murder at Osk", person=person, crime="7(1)(a)", modes=["M-25-3-b-O", "M-28-a"], period="2019-04-11", facts="Shells fell.")


def tearDownModule():
    office_of.tearDownModule()


def send(of, who=None, /, **values):
    return (who or head).call("POST", f"/kinds/{of}/records", {"case": first, "values": values})


def add(of, who=None, /, **values):
    answer = send(of, who, **values)
    assert answer.status == 201, (of, answer.bytes)
    return answer.json["code"]


def rate(of, rating, who=None, reviewer="P-1", **where):
    return add("element_rating", who, title="Judged", count=of, standard="SG", rating=rating, by=reviewer, rationale="Because", **where)


def matrix(code, who=None, more=""):
    answer = (who or head).call("GET", f"/proof-matrix/{code}{more}")
    assert answer.status == 200, answer.bytes
    return answer.json


def element(of, code):
    return next(e for e in of["elements"] if e["code"] == code)


class Proof(Test):
    def test_a_count_lists_the_elements_of_its_crime_and_its_modes(self):
        count = matrix(person)["counts"][0]
        self.assertEqual([e["code"] for e in count["elements"]], ["7(1)(a)-1", "7(1)(a)-2", "7(1)(a)-3", "M-25-3-b-O", "M-28-a"])
        self.assertEqual([e["mode"] for e in count["elements"]], [False] * 3 + [True] * 2)
        self.assertEqual(count["crime"]["code"], "7(1)(a)")

    def test_the_level_is_that_of_the_weakest_element_of_the_best_mode(self):
        count = add("count", title="Second count", person=person, crime="7(1)(a)", modes=["M-25-3-b-O", "M-28-a"], period="2019", facts="x")
        level = lambda: matrix(count)["counts"][0]
        self.assertIsNone(level()["level"])
        for n, rating in ((1, "4"), (2, "3"), (3, "5")):
            rate(count, rating, element=f"7(1)(a)-{n}")
        rate(count, "2", mode="M-25-3-b-O")
        self.assertEqual((level()["level"], level()["best_mode"], level()["weakest"]), ("2", "M-25-3-b-O", ["M-25-3-b-O"]))
        rate(count, "4", mode="M-28-a")
        self.assertEqual((level()["level"], level()["best_mode"], level()["weakest"]), ("3", "M-28-a", ["7(1)(a)-2"]))
        rate(count, "1", reviewer="P-2", element="7(1)(a)-2")
        self.assertEqual((level()["level"], "disputed" in element(level(), "7(1)(a)-2")["gaps"]), ("1", True))
        self.assertIsNone(matrix(count, more="?standard=BRD")["counts"][0]["level"], "nothing is rated under that standard")

    def test_coverage_counts_independent_sources_and_says_what_rests_on_the_undisclosable(self):
        dead = add("proposition", text="Forty died", count=murder, element="7(1)(a)-1", kind="material", exonerating_searched=True)
        order = add("proposition", text="He gave the order", count=murder, mode="M-25-3-b-O", kind="material")
        link = lambda p, direction, source, **more: add("proof", quote="said so", proposition=p, items=[item], page=1, direction=direction, source=source, **more)
        link(dead, "incriminating", "W-1", evidence_type="T01"), link(dead, "incriminating", "W-1", evidence_type="T01"), link(dead, "incriminating", "Hospital", evidence_type="D04")
        link(order, "incriminating", "Insider", evidence_type="T04", admissibility="art_54_3_e"), link(order, "exonerating", "Second officer")
        count = next(c for c in matrix(person)["counts"] if c["code"] == murder)
        killed, ordered = element(count, "7(1)(a)-1"), element(count, "M-25-3-b-O")
        self.assertEqual((killed["coverage"]["sources"], {t["code"]: t["sources"] for t in killed["coverage"]["types"]}), (2, {"T01": 1, "D04": 1}))
        self.assertEqual(killed["gaps"], ["not_rated"])
        self.assertEqual(ordered["gaps"], ["one_source", "no_exonerating_search", "depends", "exonerating", "not_rated"])
        self.assertEqual(element(count, "7(1)(a)-2")["gaps"], ["no_proposition", "not_rated"])
        self.assertFalse(ordered["propositions"][0]["links"][0]["disclosable"])

    def test_what_does_not_fit_the_count_is_refused_in_words(self):
        wrong = send("proposition", text="x", count=murder, element="6(a)-1", kind="material")
        self.assertEqual((wrong.status, [(e["field"], e["code"]) for e in wrong.json["errors"]]), (422, [("element", "other_crime")]))
        wrong = send("proposition", text="x", count=murder, mode="M-25-3-c", kind="material")
        self.assertEqual([(e["field"], e["code"]) for e in wrong.json["errors"]], [("mode", "other_mode")])
        wrong = send("element_rating", title="x", count=murder, element="7(1)(a)-1", mode="M-28-a", standard="SG", rating="3", by="P-1", rationale="x")
        self.assertEqual(wrong.status, 422)
        unknown = send("proof", quote="x", proposition=add("proposition", text="y", count=murder, mode="M-28-a", kind="material"), items=[f"{second}-999999"], direction="neutral")
        self.assertEqual(unknown.status, 422)

    def test_tasks_of_a_plan_that_wait_for_one_another_are_refused(self):
        task = lambda code, after: {"code": code, "task": code, "days": 3, "after": after}
        plan = lambda *tasks: send("plan", title="Plan", plan_type="INVPLAN", owner="P-1", objectives="x", tasks=list(tasks))
        wrong = plan(task("A", "C"), task("B", "A"), task("C", "B"), task("D", ""))
        self.assertEqual((wrong.status, wrong.json["errors"][0]["code"]), (422, "circle"))
        self.assertIn("A, B, C", wrong.json["errors"][0]["message"]["en"])
        self.assertEqual(plan(task("A", ""), task("B", "A"), task("C", "A, B")).status, 201)

    def test_the_chart_leaves_as_a_workbook_a_document_and_pdf(self):
        get = lambda format: lawyer.call("GET", f"/proof-matrix/{person}/chart?format={format}")
        sheet = zipfile.ZipFile(io.BytesIO(get("xlsx").bytes)).read("xl/worksheets/sheet1.xml").decode()
        self.assertIn("Murder at Osk", sheet)
        self.assertIn("Murder at Osk", zipfile.ZipFile(io.BytesIO(get("docx").bytes)).read("word/document.xml").decode())
        self.assertTrue(get("pdf").bytes.startswith(b"%PDF"))
        self.assertEqual(get("odt").status, 422)

    def test_for_who_is_not_of_the_case_there_is_no_matrix(self):
        for path in ("", "/chart?format=xlsx"):
            real, none = elsewhere.call("GET", f"/proof-matrix/{person}{path}"), elsewhere.call("GET", f"/proof-matrix/PIC-0000000{path}")
            self.assertEqual((real.status, real.bytes), (none.status, none.bytes))
            self.assertEqual(real.status, 404)
        self.assertEqual(len(matrix(person, lawyer)["counts"]), len(matrix(person)["counts"]))


class Displays(Test):
    def test_a_board_has_a_column_a_state_and_days_stand_on_days(self):
        for i, day in enumerate(("2026-12-01", "2026-12-01/2026-12-03", "2026-12")):
            add("hearing", title=f"Hearing {i}", on=day)
        found = head.call("POST", "/kinds/hearing/queries", {"filter": []}).json["query"]
        board = head.call("GET", f"/record-queries/{found}/board").json
        self.assertEqual([(c["state"], c["total"]) for c in board["columns"]], [("set", 3), ("held", 0), ("vacated", 0)])
        self.assertEqual({c["days"] for c in board["columns"][0]["cards"]}, {0})
        days = head.call("GET", f"/record-queries/{found}/days?field=on&from=2026-12-01&to=2026-12-31").json
        self.assertEqual(({d["day"]: d["count"] for d in days["days"]}, days["vague"]), ({"2026-12-01": 2, "2026-12-02": 1, "2026-12-03": 1}, 1))
        for wrong in ("field=title&from=2026-12-01&to=2026-12-31", "field=on&from=x&to=2026-12-31", "field=on&from=2000-01-01&to=2026-12-31"):
            self.assertEqual(head.call("GET", f"/record-queries/{found}/days?{wrong}").status, 422, wrong)
        self.assertEqual(elsewhere.call("GET", f"/record-queries/{found}/board").status, 404)


if __name__ == "__main__":
    unittest.main()
