#!/usr/bin/env python3
"""The proof matrix on the running server: what it counts, what it refuses, and what others learn of it."""
import datetime
import io
import pathlib
import random
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
        self.assertEqual([e["code"] for e in count["elements"]], [f"7(1)(a)-{n}" for n in (1, 2, 3)] + [f"M-25-3-b-O-{n}" for n in (1, 2, 3)] + [f"M-28-a-{n}" for n in (1, 2, 3, 4, 5)])
        self.assertEqual([e["mode"] for e in count["elements"]], [""] * 3 + ["M-25-3-b-O"] * 3 + ["M-28-a"] * 5)
        self.assertEqual(count["crime"]["code"], "7(1)(a)")

    def test_the_level_is_that_of_the_weakest_element_of_the_best_mode(self):
        count = add("count", title="Second count", person=person, crime="7(1)(a)", modes=["M-25-3-b-O", "M-28-a"], period="2019", facts="x")
        level = lambda: matrix(count)["counts"][0]
        self.assertIsNone(level()["level"])
        for n, rating in ((1, "4"), (2, "3"), (3, "5")):
            rate(count, rating, element=f"7(1)(a)-{n}")
        for n, rating in ((1, "4"), (2, "2"), (3, "3")):
            rate(count, rating, element=f"M-25-3-b-O-{n}")
        self.assertEqual((level()["level"], level()["best_mode"], level()["weakest"]), ("2", "M-25-3-b-O", ["M-25-3-b-O-2"]))
        for n, rating in ((1, "5"), (2, "4"), (3, "4"), (4, "3")):
            rate(count, rating, element=f"M-28-a-{n}")
        rate(count, "5", mode="M-28-a")
        self.assertEqual(level()["level"], "2", "the fifth element of command is not rated, whatever is said of the whole mode")
        rate(count, "4", element="M-28-a-5")
        self.assertEqual((level()["level"], level()["best_mode"], level()["weakest"]), ("3", "M-28-a", ["7(1)(a)-2", "M-28-a-4"]))
        self.assertEqual([(m["code"], m["level"], m["weakest"]) for m in level()["modes"]], [("M-25-3-b-O", "2", ["M-25-3-b-O-2"]), ("M-28-a", "3", ["7(1)(a)-2", "M-28-a-4"])])
        self.assertEqual([e["mandatory"] for e in level()["elements"] if e["code"] == "M-28-a"], [False], "shown, as it was rated")
        rate(count, "1", reviewer="P-2", element="7(1)(a)-2")
        self.assertEqual((level()["level"], "disputed" in element(level(), "7(1)(a)-2")["gaps"]), ("1", True))
        self.assertIsNone(matrix(count, more="?standard=BRD")["counts"][0]["level"], "nothing is rated under that standard")

    def test_coverage_counts_independent_sources_and_says_what_rests_on_the_undisclosable(self):
        dead = add("proposition", text="Forty died", count=murder, element="7(1)(a)-1", kind="material", exonerating_searched=True)
        order = add("proposition", text="He gave the order", count=murder, element="M-25-3-b-O-1", kind="material")
        link = lambda p, direction, source, **more: add("proof", quote="said so", proposition=p, items=[item], page=1, direction=direction, source=source, **more)
        link(dead, "incriminating", "W-1", evidence_type="T01"), link(dead, "incriminating", "W-1", evidence_type="T01"), link(dead, "incriminating", "Hospital", evidence_type="D04")
        link(order, "incriminating", "Insider", evidence_type="T04", admissibility="art_54_3_e"), link(order, "exonerating", "Second officer")
        count = next(c for c in matrix(person)["counts"] if c["code"] == murder)
        killed, ordered = element(count, "7(1)(a)-1"), element(count, "M-25-3-b-O-1")
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
        wrong = send("proposition", text="x", count=murder, element="M-25-3-c-1", kind="material")
        self.assertEqual((wrong.status, [(e["field"], e["code"]) for e in wrong.json["errors"]]), (422, [("element", "other_mode")]))
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

    def test_a_milestone_before_its_own_start_is_refused_by_its_row(self):
        plan = lambda **row: send("plan", title="Plan", plan_type="COOPPLAN", owner="P-1", objectives="x", milestones=[{"milestone": "First", "baseline": "2027-01-10"}, {"milestone": "Collected", "begins": "2027-03-01"} | row])
        self.assertEqual(errors(plan(baseline="2027-04-01", actual="2027-02-20")), [("milestones[1].actual", "before_its_start")])
        self.assertEqual(errors(plan(baseline="2027-02-28", forecast="2027-02")), [("milestones[1].baseline", "before_its_start"), ("milestones[1].forecast", "before_its_start")])
        self.assertEqual(plan(baseline="2027-03", forecast="2027-03-01").status, 201)

    def test_the_chart_leaves_as_a_workbook_a_document_and_pdf(self):
        get = lambda format: lawyer.call("GET", f"/proof-matrix/{person}/chart?format={format}")
        sheet = zipfile.ZipFile(io.BytesIO(get("xlsx").bytes)).read("xl/worksheets/sheet1.xml").decode()
        self.assertIn("Murder at Osk", sheet)
        self.assertIn("Murder at Osk", zipfile.ZipFile(io.BytesIO(get("docx").bytes)).read("word/document.xml").decode())
        self.assertTrue(get("pdf").bytes.startswith(b"%PDF"))
        self.assertEqual(get("odt").status, 422)
        secret = add("count", title="Of a higher class", person=person, crime="7(1)(a)", modes=["M-28-a"], period="2019", facts="x")
        etag = head.call("GET", f"/records/{secret}").headers["ETag"]
        raised = head.call("PUT", f"/records/{secret}/label", {"classification": "CONFIDENTIAL", "compartments": [], "reason": "names a source"}, {"If-Match": etag})
        self.assertEqual(raised.status, 200, raised.bytes)
        self.assertEqual(matrix(person)["class"], "CONFIDENTIAL", "a file is of the highest class of what it is made of")

    def test_for_who_is_not_of_the_case_there_is_no_matrix(self):
        for path in ("", "/chart?format=xlsx"):
            real, none = elsewhere.call("GET", f"/proof-matrix/{person}{path}"), elsewhere.call("GET", f"/proof-matrix/PIC-0000000{path}")
            self.assertEqual((real.status, real.bytes), (none.status, none.bytes))
            self.assertEqual(real.status, 404)
        self.assertEqual(len(matrix(person, lawyer)["counts"]), len(matrix(person)["counts"]))


def step(code, name, reason=None, who=None, /, **values):
    """Moves a record along its workflow, as it is now."""
    by = who or head
    etag = by.call("GET", f"/records/{code}").headers["ETag"]
    body = ({"reason": reason} if reason else {}) | ({"values": values} if values else {})
    return by.call("POST", f"/records/{code}/transitions/{name}", body, {"If-Match": etag})


def alter(code, who=None, /, **values):
    by = who or head
    page = by.call("GET", f"/records/{code}")
    kept = {k: v for k, v in page.json["values"].items()}
    return by.call("PUT", f"/records/{code}", {"values": kept | values}, {"If-Match": page.headers["ETag"]})


def errors(answer):
    return [(e["field"], e["code"]) for e in answer.json["errors"]]


class Reviews(Test):
    def setUp(self):
        name = f"Suspect {self.id().rsplit('.', 1)[1]}"
        situation = add("situation", title=f"Situation of {name}", basis="REF-SP", territory="Tarvania", period="2019")
        self.person = add("suspect_case", title=f"The Prosecutor v. {name}", person=add("profile", name=name), situation=situation, hypothesis="x")
        self.count = add("count", title="Murder", person=self.person, crime="7(1)(a)", modes=["M-25-3-b-O"], period="2019", facts="x")

    def review(self, kind="external", **more):
        declared = [{"member": "P-1", "conflict": False}, {"member": "P-2", "conflict": True, "note": "Acted for him"}]
        return add("review", **({"title": "Panel", "person": self.person, "review_type": kind, "members": ["P-1", "P-2"], "declarations": declared} | more))

    def vote(self, member, word, count=None):
        return {"count": count or self.count, "member": member, "vote": word, "reasons": "Because of the radio log"}

    def closed(self, kind, decision):
        code = self.review(kind)
        self.assertEqual(step(code, "freeze").status, 200)
        self.assertEqual(alter(code, votes=[self.vote("P-1", "yes"), self.vote("P-2", "recused")], recommendation=decision, decision=decision,
                               decided_by="P-1", decided_on="2026-11-20", next_review="2027-11-20").status, 200)
        self.assertEqual(step(code, "vote").status, 200)
        by = colleague(f"Closer {code}", ["deputy_prosecutor"], [first])
        by.call("PUT", f"/cases/{first}/purpose", {"purpose": "trial", "reason": "the work of this test"})
        self.assertEqual(step(code, "close", None, by).status, 200)
        return code

    def test_a_review_freezes_the_matrix_and_says_what_is_otherwise_since(self):
        code = self.review()
        self.assertEqual(head.call("GET", f"/proof-matrix/{code}").status, 404, "nothing is frozen yet")
        self.assertEqual(errors(alter(code, matrix_hash="00" * 32)), [("matrix_hash", "computed")])
        self.assertEqual(step(code, "freeze").status, 200)
        hash = head.call("GET", f"/records/{code}").json["values"]["matrix_hash"]
        then = matrix(code)
        self.assertEqual((then["frozen"]["hash"], then["frozen"]["holds"], then["frozen"]["since"]), (hash, True, []))
        self.assertEqual([c["code"] for c in then["counts"]], [self.count])
        for n in (1, 2, 3):
            rate(self.count, "4", element=f"7(1)(a)-{n}")
        proposition = add("proposition", text="After the freeze", count=self.count, element="7(1)(a)-1", kind="material")
        now = matrix(code)
        self.assertEqual([(s["element"], s["then"], s["now"]) for s in now["frozen"]["since"]], [(f"7(1)(a)-{n}", None, "4") for n in (1, 2, 3)])
        self.assertNotIn(proposition, str(now["counts"]))
        self.assertEqual(matrix(code, lawyer)["counts"], now["counts"])
        self.assertEqual(elsewhere.call("GET", f"/proof-matrix/{code}").status, 404)

    def test_what_was_frozen_and_is_sealed_since_counts_nowhere_for_who_may_not_read_it(self):
        open_one = add("proposition", text="Said openly", count=self.count, element="7(1)(a)-1", kind="material", exonerating_searched=True)
        add("proof", quote="seen", proposition=open_one, items=[item], page=1, direction="incriminating", source="W-1", evidence_type="T01")
        secret = add("proof", quote="whispered", proposition=open_one, items=[item], page=1, direction="exonerating", source="W-2", evidence_type="T04")
        rating = rate(self.count, "4", element="7(1)(a)-1")
        code = self.review()
        self.assertEqual(step(code, "freeze").status, 200)
        whole = matrix(code)
        self.assertEqual(matrix(code, lawyer)["counts"], whole["counts"])
        wall = head.call("POST", "/compartments", {"name": f"Source of {code}"}).json["id"]
        for one in (secret, rating):
            etag = head.call("GET", f"/records/{one}").headers["ETag"]
            self.assertEqual(head.call("PUT", f"/records/{one}/label", {"classification": "CONFIDENTIAL", "compartments": [wall], "reason": "names a source"}, {"If-Match": etag}).status, 200)
        self.assertEqual(matrix(code)["counts"], whole["counts"], "for who may read all it is what was frozen")
        seen = matrix(code, lawyer)
        killed = element(seen["counts"][0], "7(1)(a)-1")
        self.assertEqual((killed["coverage"]["links"], killed["coverage"]["exonerating"], killed["level"], killed["gaps"], seen["class"]), (1, 0, None, ["one_source", "not_rated"], "INTERNAL"))
        self.assertEqual(seen["frozen"]["since"], [])

    def test_the_hash_is_that_of_the_whole_matrix_whoever_froze_it(self):
        one, other = self.review(), self.review()
        self.assertEqual((step(one, "freeze").status, step(other, "freeze", None, lawyer).status), (200, 200))
        self.assertEqual(matrix(one)["frozen"]["hash"], matrix(other)["frozen"]["hash"])

    def test_nobody_votes_before_the_freeze_with_a_conflict_twice_or_from_outside(self):
        code = self.review()
        self.assertEqual(errors(alter(code, votes=[self.vote("P-1", "yes")])), [("votes[0].vote", "not_frozen")])
        self.assertEqual(step(code, "freeze").status, 200)
        self.assertEqual(errors(alter(code, votes=[self.vote("P-2", "yes")])), [("votes[0].member", "conflicted")])
        self.assertEqual(errors(alter(code, votes=[self.vote("P-1", "yes"), self.vote("P-1", "no")])), [("votes[1].member", "twice")])
        self.assertEqual(errors(alter(code, votes=[self.vote("P-3", "yes")])), [("votes[0].member", "no_member")])
        self.assertEqual(errors(alter(code, votes=[self.vote("P-1", "yes", murder)])), [("votes[0].count", "other_person")])
        self.assertEqual(alter(code, votes=[self.vote("P-1", "yes")]).status, 200)
        lacking = step(code, "vote")
        self.assertEqual((lacking.status, errors(lacking)), (422, [("votes", "lacking")]))
        self.assertIn(f"P-2 ({self.count})", lacking.json["errors"][0]["message"]["en"])
        self.assertEqual(alter(code, votes=[self.vote("P-1", "yes"), self.vote("P-2", "recused")]).status, 200)
        self.assertEqual(step(code, "vote").status, 200)

    def test_a_member_who_has_said_nothing_of_conflicts_stops_the_freeze(self):
        code = self.review(declarations=[{"member": "P-1", "conflict": False}])
        self.assertEqual(errors(step(code, "freeze")), [("declarations", "undeclared")])

    def test_no_application_is_filed_without_a_closed_review_that_says_proceed_or_a_waiver(self):
        plan = add("plan", title="Plan", plan_type="SITPLAN", owner="P-1", objectives="x", milestones=[{"milestone": "x", "baseline": "2027-01-01"}])
        by = colleague(f"Approver {plan}", ["deputy_prosecutor"], [first])
        by.call("PUT", f"/cases/{first}/purpose", {"purpose": "trial", "reason": "the work of this test"})
        self.assertEqual(alter(self.person, plan=plan).status, 200)
        missing = lambda answer: [m["en"] for m in answer.json["missing"]]
        self.assertEqual(missing(step(self.person, "select", None, by)), ["an approved investigation plan"], "a plan that is named is not yet one that is approved")
        step(plan, "submit")
        self.assertEqual(step(plan, "approve", None, by).status, 200)
        self.assertEqual(step(self.person, "select", None, by).status, 200)
        internal = self.review("formal")
        self.assertEqual(alter(self.person, internal_review=internal).status, 200)
        self.assertEqual(missing(step(self.person, "internal", None, by)), ["a closed formal internal review"])
        self.assertEqual(alter(self.person, internal_review=self.closed("formal", "proceed")).status, 200)
        self.assertEqual(step(self.person, "internal", None, by).status, 200)
        external = ["a closed external review with a decision to proceed, or a recorded waiver"]
        for review in (self.review(), self.closed("external", "investigate_further"), self.closed("formal", "proceed")):
            self.assertEqual(alter(self.person, external_review=review).status, 200)
            self.assertEqual(missing(step(self.person, "external", None, by)), external)
        self.assertEqual(alter(self.person, external_review=self.closed("external", "proceed_reduced"), sought="warrant", application_on="2026-11-25").status, 200)
        self.assertEqual(step(self.person, "external", None, by).status, 200)
        self.assertEqual(alter(self.person, head="P-1").status, 200)
        self.assertEqual(missing(step(self.person, "apply", None, by)), ["why arrest is necessary, with the facts that show it, art. 58(1)(b) and (2)(e)"])
        self.assertEqual(alter(self.person, necessity=["58(1)(b)(i)"], necessity_reasons="He has two passports").status, 200)
        self.assertEqual(step(self.person, "apply").status, 403, "not by who wrote it")
        filed = step(self.person, "apply", None, by)
        self.assertEqual((filed.status, filed.json["state"]), (200, "c05"))

    def test_a_review_of_another_person_is_refused(self):
        other = add("suspect_case", title="Another", person=add("profile", name="Another"), situation=add("situation", title="Third", basis="REF-SP", territory="x", period="2019"), hypothesis="x")
        self.assertEqual(errors(alter(other, external_review=self.review())), [("external_review", "other_person")])


class Counts(Test):
    def count(self, **more):
        return send("count", **({"title": "Count", "person": person, "crime": "7(1)(a)", "modes": ["M-28-a"], "period": "2019", "facts": "x"} | more))

    def test_a_crime_that_cannot_be_charged_is_refused(self):
        refused = self.count(crime="8(2)(b)(xx)")
        self.assertEqual(errors(refused), [("crime", "not_chargeable")])
        self.assertIn("annex", refused.json["errors"][0]["message"]["en"])

    def test_flags_come_from_the_crime_and_stay_the_lawyers(self):
        flags = lambda answer: {k: v for k, v in head.call("GET", f"/records/{answer.json['code']}").json["values"].items() if k in ("sgbc", "children")}
        self.assertEqual(flags(self.count(crime="6(d)")), {"sgbc": True})
        self.assertEqual(flags(self.count(crime="6(e)")), {"children": True})
        self.assertEqual(flags(self.count(crime="6(b)")), {}, "it depends on the facts")
        self.assertEqual(flags(self.count(crime="6(d)", sgbc=False)), {"sgbc": False})

    def test_a_merged_and_then_split_count_keeps_its_lineage(self):
        code = lambda answer: answer.json["code"]
        a, b = code(self.count(title="A")), code(self.count(title="B"))
        self.assertEqual(errors(self.count(title="C", origin=[a], lineage="merged")), [("origin", "few_origins")])
        merged = code(self.count(title="C", origin=[a, b], lineage="merged"))
        by = colleague("Merger", ["deputy_prosecutor"], [first])
        by.call("PUT", f"/cases/{first}/purpose", {"purpose": "trial", "reason": "the work of this test"})
        for each in (a, b):
            self.assertEqual(step(each, "merge", "joined with the other", by).status, 200)
        self.assertEqual(errors(self.count(title="D", origin=[merged, a], lineage="split")), [("origin", "origins")])
        parts = [code(self.count(title=t, origin=[merged], lineage="split")) for t in "DE"]
        self.assertEqual(step(merged, "merge", "split by incident", by).status, 200)
        comes = {l["code"] for l in head.call("GET", f"/records/{merged}").json["links"] if l["field"] == "origin" and l["direction"] == "in"}
        self.assertEqual(comes, set(parts))
        self.assertEqual(alter(a, origin=[parts[0]], lineage="split").status, 403, "a count that was merged is locked")

    def test_no_count_comes_from_itself(self):
        a = self.count(title="A").json["code"]
        b = self.count(title="B", origin=[a], lineage="split").json["code"]
        self.assertEqual(errors(alter(a, origin=[b], lineage="split")), [("origin", "circle")])

    def test_an_outcome_belongs_to_its_stage(self):
        self.assertEqual(errors(self.count(outcomes=[{"stage": "TRIAL", "outcome": "DCC_DECISION.confirmed"}])), [("outcomes[0].outcome", "other_stage")])
        self.assertEqual(self.count(outcomes=[{"stage": "AWA", "outcome": "AWA.applied"}, {"stage": "DCC_DECISION", "outcome": "DCC_DECISION.declined", "on": "2026-11"}]).status, 201)


class Editions(Test):
    """The legal texts are data with an edition, and a count keeps the one that it was charged under (casework.md 7.2, 15)."""

    def put(self, name, change):
        answer = head.call("GET", f"/vocabularies/{name}")
        codes = change(answer.json["codes"])
        return head.call("PUT", f"/vocabularies/{name}", answer.json | {"codes": codes}, {"If-Match": answer.headers["ETag"]})

    def test_a_count_keeps_the_edition_it_was_charged_under_whatever_the_law_becomes(self):
        count = lambda title, **more: add("count", **({"title": title, "person": person, "crime": "7(1)(b)", "modes": ["M-28-a"], "period": "2019", "facts": "x"} | more))
        elements = lambda code: [(e["code"], e["mandatory"]) for e in matrix(code)["counts"][0]["elements"] if e["mode"] == ""]
        edition = lambda code: head.call("GET", f"/records/{code}").json["values"]["edition"]
        before = count("Before the amendment")
        was = elements(before)
        self.assertEqual((edition(before), was[0]), ("RS-2021", ("7(1)(b)-1", True)))
        rate(before, "3", element="7(1)(b)-1")

        # The States Parties amend the first element of extermination; the office enters the new text beside the old one.
        self.assertEqual(self.put("legal_edition", lambda codes: codes + [{"code": "RS-2026", "en": "As amended in 2026", "fr": "Amendé en 2026", "since": "2026-01-01"},
                                                                         {"code": "RS-2126", "en": "As amended in 2126", "fr": "Amendé en 2126", "since": "2126-01-01"}]).status, 200)
        new = {"code": "7(1)(b)-1a", "en": "As amended", "fr": "Tel qu'amendé", "crime": "7(1)(b)", "element_type": "conduct", "editions": ["RS-2026"]}
        amend = lambda codes: [new, *(c | ({"editions": ["RS-2021"]} if c["code"] == "7(1)(b)-1" else {}) for c in codes)]
        changed = self.put("element", amend)
        self.assertEqual(changed.status, 200, changed.bytes)

        after = count("After the amendment")
        self.assertEqual((edition(before), edition(after)), ("RS-2021", "RS-2026"), "what begins in a hundred years has not begun")
        self.assertEqual(elements(before), was)
        self.assertEqual(elements(after), [("7(1)(b)-1a", True), *was[1:]])
        older = count("Charged under the older text", edition="RS-2021")
        self.assertEqual(elements(older), was)

        # An element from another edition is refused; one that was rated before the edition was another stays in sight.
        for code, element, of in ((before, "7(1)(b)-1a", "RS-2021"), (after, "7(1)(b)-1", "RS-2026")):
            wrong = send("proposition", text="x", count=code, element=element, kind="material")
            self.assertEqual(errors(wrong), [("element", "other_edition")])
            self.assertIn(of, wrong.json["errors"][0]["message"]["en"])
        self.assertEqual(alter(before, edition="RS-2026").status, 200)
        self.assertEqual(elements(before), [("7(1)(b)-1a", True), *was[1:], ("7(1)(b)-1", False)])
        left = matrix(before)["counts"][0]["elements"][-1]
        self.assertEqual((left["type"], left["level"]), ("left", "3"))

        # A crime that an edition does not have cannot be charged under it.
        self.assertEqual(self.put("crime", lambda codes: [c | ({"editions": ["RS-2026"]} if c["code"] == "7(1)(k)" else {}) for c in codes]).status, 200)
        wrong = send("count", title="x", person=person, crime="7(1)(k)", modes=["M-28-a"], period="2019", facts="x", edition="RS-2021")
        self.assertEqual(errors(wrong), [("crime", "other_edition")])
        for name, code, said in (("element", {"editions": ["RS-1"]}, "legal_edition"), ("legal_edition", {"since": "soon"}, "since")):
            refused = self.put(name, lambda codes: [*codes, {"code": "nonsense", "en": "x", "fr": "x"} | code])
            self.assertEqual((refused.status, said in refused.json["detail"]), (422, True), refused.bytes)


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


class Tracking(Test):
    def test_a_fact_is_worth_acting_on_as_long_as_its_type_says(self):
        today = datetime.datetime.now(datetime.timezone.utc).date()
        ago = lambda days: str(today - datetime.timedelta(days=days))
        fact = lambda kind, on: add("tracking_fact", title=f"{kind} {on}", person=person, fact_type=kind, on=on, grade={"scheme": "admiralty", "source": "B", "information": "2"}, place={"name": "Osk", "lat": 44.1, "lon": 20.4})
        fresh, aged, month, on_going = fact("location", ago(13)), fact("location", ago(15)), fact("document", "2026-02"), fact("habit", "2020/..")
        until = lambda code: head.call("GET", f"/records/{code}").json["values"]["good_until"]
        self.assertEqual([until(c) for c in (fresh, aged, month)], [str(today + datetime.timedelta(days=1)), ago(1), "2027-02-28"])
        self.assertEqual(until(on_going), str(today + datetime.timedelta(days=180)), "what goes on counts from today")
        refused = send("tracking_fact", title="To come", person=person, fact_type="location", on="2999-01-01", grade={"scheme": "admiralty", "source": "B", "information": "2"})
        self.assertEqual((refused.status, refused.json["errors"][0]["code"]), (422, "not_to_come"))
        tiles = {t["tile"]: t for t in head.call("GET", "/home?of=tracking").json["tiles"]}
        self.assertEqual([p["count"] for p in tiles["facts"]["parts"]], [3, 1])
        self.assertEqual(tiles["where"]["total"], 3)

    def test_an_action_ends_with_its_effect_and_what_shows_it(self):
        action = add("tracking_action", title="Request to Morland", persons=[person], action_type="request", owner="P-1", objective="That he is arrested at the border", planned_on="2026-10-01", answer_by="2026-11-01")
        self.assertEqual([m["en"] for m in step(action, "do").json["missing"]], ["the day"])
        self.assertEqual(alter(action, done_on="2026-10-02").status, 200)
        self.assertEqual(step(action, "do").status, 200)
        tiles = {t["tile"]: t for t in head.call("GET", "/home?of=tracking").json["tiles"]}
        self.assertIn(action, [r["code"] for r in tiles["now"]["rows"]], "its answer is overdue")
        self.assertEqual([m["en"] for m in step(action, "assess").json["missing"]], ["the effect and what shows it"])
        self.assertEqual(errors(alter(action, effect="restricted", effect_on="2026-09-01", effect_note="Turned back twice")), [("", "effect_after")])
        self.assertEqual(alter(action, effect="restricted", effect_on="2026-11-03", effect_note="Turned back twice").status, 200)
        self.assertEqual(step(action, "assess").status, 200)


class Instructions(Test):
    def test_an_instruction_is_followed_until_who_gave_it_has_looked_at_the_answer(self):
        code = add("instruction", title="Find the order of the day", about=[murder], to=id_of(lawyer), due="2026-01-31", text="The policy is inferred")
        self.assertEqual(step(code, "give").status, 200)
        mine = lambda who: [t["code"] for t in who.call("GET", "/inbox").json["tasks"] if t["mine"]]
        self.assertIn(code, mine(lawyer))
        late = next(t for t in head.call("GET", "/home?of=team").json["tiles"] if t["tile"] == "late")
        self.assertIn(code, [r["code"] for r in late["rows"]], "its day has passed")
        self.assertEqual([m["en"] for m in step(code, "answer", None, lawyer).json["missing"]], ["what was done"])
        self.assertEqual(alter(code, lawyer, answer="It is in the papers of the Northern Command").status, 200)
        self.assertEqual(step(code, "answer", None, lawyer).status, 200)
        self.assertNotIn(code, mine(lawyer))
        self.assertIn(code, mine(head), "who gave it looks at the answer")
        self.assertEqual(step(code, "insist", "the copy has no date").status, 200)
        self.assertIn(code, mine(lawyer))
        self.assertEqual(head.call("GET", f"/records/{code}").json["values"]["given_by"], id_of(head))


class Stages(Test):
    def test_a_count_reaches_no_stage_without_its_outcome(self):
        deputy = colleague("Del", ["deputy_prosecutor"], [first])
        deputy.call("PUT", f"/cases/{first}/purpose", {"purpose": "supervision", "reason": "the work of this test"})
        count = add("count", title="Stages", person=person, crime="7(1)(a)", modes=["M-25-3-b-O"], period="2019-04-11", facts="Shells fell.", outcomes=[{"stage": "AWA", "outcome": "AWA.applied"}])
        self.assertEqual(step(count, "charge", None, deputy).status, 200)
        self.assertEqual(errors(step(count, "confirm")), [("outcomes", "no_outcome")])
        confirmed = [{"stage": "DCC_DECISION", "on": "2026-11", "outcome": "DCC_DECISION.confirmed"}]
        self.assertEqual(alter(count, outcomes=confirmed).status, 200)
        self.assertEqual(step(count, "confirm").status, 200)
        for way in ("convict", "acquit"):
            self.assertEqual(errors(step(count, way)), [("outcomes", "no_outcome")])
        self.assertEqual(errors(alter(count, outcomes=[{"stage": "TRIAL", "on": "2026-11", "outcome": "TRIAL.convicted"}])), [("outcomes", "no_outcome")], "the earlier stage is not taken out")
        self.assertEqual(alter(count, outcomes=[*confirmed, {"stage": "TRIAL", "on": "2026-11", "outcome": "TRIAL.convicted"}]).status, 200)
        self.assertEqual(step(count, "convict").status, 200)


class Products(Test):
    """What goes to the Gender and Children Unit, by the rules of the vocabulary gcu_product."""

    def plan(self, plan_type):
        return add("plan", title=f"Plan {plan_type}", plan_type=plan_type, owner="P-1", objectives="To know", sgbc="Asked in each interview", milestones=[{"milestone": "Begun", "baseline": "2027-01-01"}])

    def move(self, code, name, who=None, reason=None, **values):
        page = (who or head).call("GET", f"/records/{code}").json
        if values:
            changed = (who or head).call("PUT", f"/records/{code}", {"values": page["values"] | values}, {"If-Match": f'"{page["version"]}"'})
            self.assertEqual(changed.status, 200, changed.bytes)
        version = (who or head).call("GET", f"/records/{code}").json["version"]
        return (who or head).call("POST", f"/records/{code}/transitions/{name}", {"reason": reason} if reason else {}, {"If-Match": f'"{version}"'})

    def reviews(self, code):
        return [link["code"] for link in head.call("GET", f"/records/{code}").json["links"] if link["kind"] == "gcu_review"]

    def test_however_a_plan_and_its_reviews_are_moved_none_is_approved_that_the_unit_wants_changed(self):
        # casework.md 7.2, 13
        deputy, unit = colleague("Duna", ["deputy_prosecutor"], [first]), colleague("Gil", ["gender_children_reviewer"], [first])
        deputy.call("PUT", f"/cases/{first}/purpose", {"purpose": "supervision", "reason": "the work of this test"})
        draw, met = random.Random(13), {"approved": 0, "held": 0}
        for walk in range(5):
            plan = self.plan("INVPLAN")
            for _ in range(30):
                reviews = self.reviews(plan)
                if draw.random() < 0.5 or not reviews:
                    by, way = draw.choice([(head, "submit"), (deputy, "approve"), (deputy, "approve"), (head, "return")])
                    answer = self.move(plan, way, by, "as it is")
                    met["held"] += way == "approve" and answer.status == 422
                else:
                    by, way = draw.choice([(head, "share"), (head, "share"), (unit, "require"), (unit, "comply")])
                    code = draw.choice(reviews)
                    if by is head:
                        alter(code, findings="No indicators", response="Added")
                    self.move(code, way, by)
                if head.call("GET", f"/records/{plan}").json["state"] == "approved":
                    if way == "approve":
                        met["approved"] += 1
                        states = [head.call("GET", f"/records/{r}").json["state"] for r in reviews]
                        self.assertNotIn("changes", states)
        self.assertGreater(min(met.values()), 0, f"the walks went too few ways: {met}")

    def test_an_investigation_plan_goes_to_the_unit_once_and_is_held_up_by_the_changes_it_asks_for(self):
        deputy, unit = colleague("Dot", ["deputy_prosecutor"], [first]), colleague("Gus", ["gender_children_reviewer"], [first])
        deputy.call("PUT", f"/cases/{first}/purpose", {"purpose": "supervision", "reason": "the work of this test"})
        plan, other = self.plan("INVPLAN"), self.plan("COOPPLAN")
        self.assertEqual(self.reviews(plan), [])
        for code in (plan, other):
            self.assertEqual(self.move(code, "submit").status, 200)
        self.assertEqual(self.reviews(other), [], "a cooperation plan is no product of the Unit")
        (review,) = self.reviews(plan)
        shown = head.call("GET", f"/records/{review}").json
        self.assertEqual((shown["title"], shown["state"], shown["values"]["product"], shown["values"]["about"]), ("Plan INVPLAN", "due", "GP02", [plan]))
        self.assertEqual(shown["values"]["due"], str(datetime.datetime.now(datetime.timezone.utc).date() + datetime.timedelta(days=10)))
        self.assertEqual(self.move(plan, "return", reason="a task is missing").status, 200)
        self.assertEqual(self.move(plan, "submit").status, 200)
        self.assertEqual(self.reviews(plan), [review], "once")
        self.assertEqual(self.move(review, "share", findings="Interview outlines lack indicators").status, 200)
        required = self.move(review, "require", unit)
        self.assertEqual(required.status, 200, required.bytes)
        held = self.move(plan, "approve", deputy)
        self.assertEqual(held.status, 422, held.bytes)
        self.assertIn(review, held.json["errors"][0]["message"]["en"])
        self.assertEqual(self.move(review, "share", response="Added").status, 200)
        self.assertEqual(self.move(review, "comply", unit).status, 200)
        approved = self.move(plan, "approve", deputy)
        self.assertEqual(approved.status, 200, approved.bytes)

    def test_a_rule_that_names_what_is_not_there_is_refused_with_its_place(self):
        answer = head.call("GET", "/vocabularies/gcu_product")
        for change, said in (({"kind": "no_such"}, "kind"), ({"kind": "filing"}, "not about filing"), ({"when": "gone"}, "when"), ({"while": ["gone"]}, "while"), ({"days": 0}, "days")):
            whole = answer.json | {"codes": [dict(c) for c in answer.json["codes"]]}
            product = next(c for c in whole["codes"] if c["code"] == "GP02")
            product["routes"] = [product["routes"][0] | change]
            refused = head.call("PUT", "/vocabularies/gcu_product", whole, {"If-Match": answer.headers["ETag"]})
            self.assertEqual(refused.status, 422, (change, refused.bytes))
            self.assertIn(said, refused.json["detail"])


class Falls(Test):
    def test_a_rating_that_falls_says_from_where_until_it_is_back(self):
        count = add("count", title="Falls", person=person, crime="7(1)(a)", modes=["M-25-3-b-O"], period="2019-04-11", facts="Shells fell.")
        code = rate(count, "4", element="7(1)(a)-1")

        def again(rating, standard="SG"):
            page = head.call("GET", f"/records/{code}").json
            given = {k: v for k, v in page["values"].items() if k not in ("fell_from", "fell_on")}
            answer = head.call("PUT", f"/records/{code}", {"values": given | {"rating": rating, "standard": standard}}, {"If-Match": f'"{page["version"]}"'})
            self.assertEqual(answer.status, 200, answer.bytes)
            values = head.call("GET", f"/records/{code}").json["values"]
            return values.get("fell_from"), "fell_on" in values

        self.assertEqual(again("5"), (None, False))
        self.assertEqual(again("3"), ("5", True))
        self.assertEqual(again("2"), ("5", True), "of falls one after the other, the height of the first")
        self.assertEqual(again("4"), ("5", True), "it is not back yet")
        fallen = head.call("POST", "/kinds/element_rating/queries", {"filter": [{"field": "fell_on", "op": "from", "value": str(datetime.date.today())}]})
        self.assertEqual((fallen.status, fallen.json.get("total")), (200, 1), fallen.bytes)
        self.assertEqual(again("5"), (None, False))
        self.assertEqual(again("X"), ("5", True))
        self.assertEqual(again("2", "RG"), (None, False), "under another standard it is another judgement")


def id_of(who):
    return who.call("GET", "/session").json["person"]["id"]


class Priorities(Test):
    WEIGHTS = {"scale": 15, "nature": 10, "manner": 10, "impact": 10, "responsibility": 15, "evidence": 15, "access": 10, "appearance": 10, "effect": 5}

    def add(self, title, scores, others=None, who=None, case=None, **more):
        rows = [{"under": c, "assessor": id_of(head), "score": n, "evidence": "x"} for c, n in zip(self.WEIGHTS, scores)]
        rows += [{"under": c, "assessor": id_of(lawyer), "score": n} for c, n in (others or {}).items()]
        answer = (who or lawyer).call("POST", "/kinds/priority/records", {"case": case or first, "values": {"title": title, "scores": rows} | more})
        self.assertEqual(answer.status, 201, answer.bytes)
        return answer.json["code"]

    def test_cases_are_ranked_by_several_assessors_with_what_would_turn_the_order(self):
        one = self.add("One", [4, 4, 3, 3, 4, 3, 2, 2, 3], {"scale": 2}, target="2026-01")
        two = self.add("Two", [3, 3, 3, 3, 3, 3, 3, 3, 3])
        part = self.add("Part", [3, 3])
        found = lawyer.call("GET", f"/priorities?case={first}").json
        by_hand = (15 * 3 + 10 * 4 + 10 * 3 + 10 * 3 + 15 * 4 + 15 * 3 + 10 * 2 + 10 * 2 + 5 * 3) / 100
        self.assertEqual([(r["code"], r["score"]) for r in found["ranked"]], [(one, by_hand), (two, 3)])
        top = found["ranked"][0]
        self.assertEqual((top["under"][0]["mean"], top["under"][0]["disputed"], top["late"]), (3, True, True))
        self.assertEqual((top["best"], top["worst"]), (1, 2))
        self.assertAlmostEqual(sum(top["near"]), 1, places=3)
        self.assertGreater(top["near"][0], top["even"][0], "near the weights of the office the order is surer")
        # D = 0.05; under access d = -1, w = 0.1: R = (0.05 + 0.1) / 0.9 = 1/6, t = (1/6) / (7/6) = 1/7: a change of 0.043.
        self.assertEqual((top["turn"]["criterion"], round(top["turn"]["to"], 4)), ("access", 0.1429))
        self.assertEqual(found["incomplete"], [{"code": part, "title": "Part", "missing": list(self.WEIGHTS)[2:]}])
        self.assertEqual(found, lawyer.call("GET", f"/priorities?case={first}").json, "the same cases have the same draws")
        self.assertFalse({one, two} & {r["code"] for r in elsewhere.call("GET", "/priorities").json["ranked"]})
        for format, begins in (("xlsx", b"PK"), ("docx", b"PK"), ("pdf", b"%PDF")):
            self.assertTrue(lawyer.call("GET", f"/priorities/chart?case={first}&format={format}").bytes.startswith(begins))
        self.assertEqual(lawyer.call("GET", "/priorities/chart?format=gif").status, 422)

    def test_a_decision_keeps_the_score_and_the_weights_it_was_made_by(self):
        code = self.add("To decide", [5] * 9, who=elsewhere, case=second, decision="First, for its gravity", target="2027-06")
        page = head.call("GET", f"/records/{code}").json
        self.assertEqual((page["values"]["score"], page["values"]["weights"]), (5, 1))
        move = lambda who, version: who.call("POST", f"/records/{code}/transitions/decide", {}, {"If-Match": f'"{version}"'})
        self.assertEqual(move(elsewhere, 1).status, 403, "who scored does not decide")
        decided = move(head, 1)
        self.assertEqual(decided.status, 200, decided.bytes)
        values = head.call("GET", f"/records/{code}").json["values"]
        self.assertEqual((values["score"], values["weights"], values["decided_by"]), (5, 1, id_of(head)))
        without = self.add("No target", [5, 5], who=elsewhere, case=second)
        refused = head.call("POST", f"/records/{without}/transitions/decide", {}, {"If-Match": '"1"'})
        self.assertEqual((refused.status, len(refused.json["missing"])), (409, 3))

    def test_one_assessor_scores_a_criterion_once(self):
        row = {"under": "scale", "assessor": id_of(head), "score": 3}
        answer = lawyer.call("POST", "/kinds/priority/records", {"case": first, "values": {"title": "Twice", "scores": [row, row]}})
        self.assertEqual((answer.status, answer.json["errors"][0]["code"]), (422, "twice"))


if __name__ == "__main__":
    unittest.main()
