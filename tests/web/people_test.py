#!/usr/bin/env python3
"""Labels, purposes, break-glass, second persons, recovery and keys on the running server; and what each of them must not give away."""
import atexit
import json
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import blackbox
from client import Authenticator, Browser

work = pathlib.Path(tempfile.mkdtemp(prefix="custos-people-"))
atexit.register(shutil.rmtree, work, ignore_errors=True)
NOTHING = "0123456789abcdef"


def setUpModule():
    global office, process, origin, head, prosecutor, deputy, first, second
    office = blackbox.Office(blackbox.default_program(), work / "office")
    office.run("init", "--owner", "Ada Head")
    for code in ("KAR", "ZED"):
        office.run("case add", "--code", code, "--title", "Case " + code)
        folder = work / code
        folder.mkdir()
        (folder / "statement.txt").write_text(f"The witness of {code} spoke of the quarry road. " * 20)
        office.run("ingest", folder, case=code)
    command = (office.program, "serve", "--home", office.home, "--listen", "127.0.0.1:0")
    process = subprocess.Popen([str(w) for w in command], env=office.environment, stdout=subprocess.PIPE, stderr=open(work / "serve.log", "ab"), text=True)
    origin = re.search(r"http://\S+", process.stdout.readline()).group(0)
    process.stdout.readline()
    head = Person(link=process.stdout.readline().strip())
    cases = {c["code"]: c["id"] for c in head.call("GET", "/cases").json["cases"]}
    first, second = cases["KAR"], cases["ZED"]
    prosecutor = colleague("Pavel Prosecutor", ["prosecutor"], [first, second])
    deputy = colleague("Petra Prosecutor", ["prosecutor"], [])


def tearDownModule():
    process.send_signal(signal.SIGTERM)
    process.wait(30)
    process.stdout.close()
    said = (work / "serve.log").read_text()
    if said:
        print("the server said:\n" + said, file=sys.stderr)


class Person(Browser):
    """Somebody with a passkey of their own, who signs in again when their rights changed."""

    def __init__(self, link):
        super().__init__(origin)
        folder = pathlib.Path(tempfile.mkdtemp(dir=work))
        self.key = Authenticator(folder)
        self.enrol_passkey(link, self.key)

    def back(self):
        self.cookie = self.csrf = None
        assert self.sign_in_passkey(self.key).status == 200
        return self


def colleague(name, roles, cases):
    made = head.call("POST", "/people", {"name": name, "roles": roles, "cases": cases})
    assert made.status == 201, made.bytes
    one = Person(made.json["link"])
    one.id = made.json["id"]
    return one


def person(who, code):
    return [p for p in who.call("GET", "/people").json["people"] if p["id"] == code][0]


def label(who, case, classification, compartments=(), reason="as the tests ask"):
    etag = who.call("GET", f"/cases/{case}/label").json["etag"]
    body = {"classification": classification, "compartments": list(compartments), "reason": reason}
    return who.call("PUT", f"/cases/{case}/label", body, {"If-Match": etag})


def clear(who, one, clearance="CONFIDENTIAL", compartments=(), organ="prosecution"):
    body = {"clearance": clearance, "compartments": list(compartments), "organ": organ, "reason": "as the tests ask"}
    return who.call("PUT", f"/people/{one}/clearance", body, {"If-Match": person(who, one)["etag"]})


def approve(refusal, requester, approver, yes=True):
    """Asks for what a refusal says is missing, and has it approved."""
    assert (refusal.status, refusal.json["code"]) == (403, "second_person"), refusal.bytes
    body = {k: refusal.json[k] for k in ("act", "kind", "object", "what")} | {"reason": "as the tests ask"}
    asked = requester.call("POST", "/approvals", body)
    assert asked.status == 201, asked.bytes
    said = approver.call("POST", f"/approvals/{asked.json['id']}", {"approve": yes, "note": "looked at by the tests"})
    assert said.status == 204, said.bytes
    return asked.json["id"]


def granted(one, **rights):
    """Two persons grant: the head asks, a prosecutor approves, the head does it; the person signs in again."""
    approve(clear(head, one.id, **rights), head, deputy if one is prosecutor else prosecutor)
    done = clear(head, one.id, **rights)
    assert done.status == 200, done.bytes
    return one.back()


def plain(case):
    """Back to INTERNAL and no walls, by two."""
    if head.call("GET", f"/cases/{case}/label").json["classification"] != "INTERNAL" or head.call("GET", f"/cases/{case}/label").json["compartments"]:
        approve(label(head, case, "INTERNAL"), head, prosecutor)
        assert label(head, case, "INTERNAL").status == 200


def code(answer):
    return (answer.status, answer.json.get("code"))


class Labels(unittest.TestCase):
    def tearDown(self):
        plain(first)

    def hidden(self, one, case=None):
        """For this person the case is answered like one that does not exist, byte for byte."""
        case = case or first
        self.assertNotIn(case, [c["id"] for c in one.call("GET", "/cases").json["cases"]])
        search = {"query": "quarry", "sort": "date", "facets": {}}
        choice = {"purpose": "investigation", "reason": "a good reason"}
        lower = {"classification": "PUBLIC", "compartments": [], "reason": "a good reason"}
        for method, path, body in (
            ("GET", "/cases/%s", None),
            ("GET", "/cases/%s/label", None),
            ("GET", "/cases/%s/purpose", None),
            ("PUT", "/cases/%s/purpose", choice),
            ("PUT", "/cases/%s/label", lower),
            ("GET", "/cases/%s/tags", None),
            ("POST", "/cases/%s/searches", search),
            ("POST", "/cases/%s/uploads", {"files": 1, "bytes": 1, "source": "x", "collector": "x", "note": ""}),
            ("GET", "/items/%s-1", None),
            ("GET", "/items/%s-1/text", None),
            ("GET", "/items/%s-1/custody", None),
            ("GET", "/items/%s-1/original", None),
        ):
            with self.subTest(method + path):
                a, b = one.call(method, path % case, body), one.call(method, path % NOTHING, body)
                self.assertEqual((a.status, a.bytes), (404, b.bytes))

    def test_a_case_above_the_clearance_does_not_exist(self):
        low = colleague("Lea", ["investigator"], [first])
        self.assertEqual(low.call("GET", f"/cases/{first}").json["label"], {"classification": "INTERNAL", "compartments": []})
        clear(head, low.id, "INTERNAL")
        low.back()
        self.assertEqual(low.call("GET", f"/cases/{first}").status, 200)
        self.assertEqual(label(head, first, "CONFIDENTIAL").status, 200)
        self.hidden(low)
        self.assertEqual(head.call("GET", f"/cases/{first}").json["label"]["classification"], "CONFIDENTIAL")

    def test_a_case_in_a_foreign_compartment_does_not_exist(self):
        outside, inside = colleague("Odo", ["investigator"], [first]), colleague("Ines", ["investigator"], [first])
        wall = head.call("POST", "/compartments", {"name": "Sources"}).json["id"]
        granted(inside, compartments=[wall])
        self.assertEqual(label(head, first, "INTERNAL", [wall]).status, 200)
        self.hidden(outside)
        self.assertEqual(inside.call("GET", f"/cases/{first}").json["label"]["compartments"], [{"id": wall, "name": "Sources"}])
        self.assertEqual(clear(head, inside.id).status, 200, "one person withdraws")
        self.assertEqual(inside.call("GET", f"/cases/{first}").status, 401, "the session is dead at once")
        self.hidden(inside.back())
        granted(prosecutor, compartments=[wall])  # or nobody could approve that the wall comes down

    def test_compartments_are_there_for_who_stands_within_them(self):
        wall = head.call("POST", "/compartments", {"name": "Nobody else"}).json["id"]
        other = colleague("Hedi Head", ["unified_team_head"], [first])
        self.assertNotIn("Nobody else", str(other.call("GET", "/compartments").json))
        self.assertEqual(label(other, first, "INTERNAL", [wall]).bytes, label(other, first, "INTERNAL", [NOTHING]).bytes)
        third = colleague("Tess", ["analyst"], [first])
        self.assertEqual(clear(other, third.id, compartments=[wall]).status, 422)
        granted(third, compartments=[wall])
        self.assertEqual(person(other, third.id)["compartments"], [])
        self.assertEqual(clear(other, third.id, "INTERNAL").status, 200)
        self.assertEqual(person(head, third.id)["compartments"], [wall], "what is not seen stays as it is")

    def test_nobody_labels_a_case_out_of_their_own_sight(self):
        self.assertEqual(label(head, first, "SECRET").status, 422)
        self.assertEqual(head.call("GET", f"/cases/{first}").status, 200)

    def test_a_label_that_protects_less_needs_a_second_person_and_one_approval_serves_once(self):
        self.assertEqual(label(head, first, "CONFIDENTIAL").status, 200)
        approve(label(head, first, "INTERNAL"), head, prosecutor)
        self.assertEqual(code(label(head, first, "PUBLIC")), (403, "second_person"), "it holds for what was asked alone")
        self.assertEqual(label(head, first, "INTERNAL").status, 200)
        self.assertEqual(label(head, first, "CONFIDENTIAL").status, 200)
        self.assertEqual(code(label(head, first, "INTERNAL")), (403, "second_person"), "it is spent")

    def test_who_may_raise_may_not_lower(self):
        one = colleague("Rosa", ["investigator"], [first])
        self.assertEqual(label(one, first, "CONFIDENTIAL").status, 200)
        refused = label(one, first, "INTERNAL")
        self.assertEqual(refused.status, 404)
        ask = {"act": "downgrade", "kind": "case", "object": first, "what": {"classification": "INTERNAL", "compartments": []}, "reason": "as the tests ask"}
        self.assertEqual(one.call("POST", "/approvals", ask).status, 404)

    def test_a_lost_update_of_a_label_is_refused(self):
        body = {"classification": "CONFIDENTIAL", "compartments": [], "reason": "as the tests ask"}
        self.assertEqual(head.call("PUT", f"/cases/{first}/label", body).status, 428)
        late = head.call("PUT", f"/cases/{first}/label", body, {"If-Match": '"999"'})
        self.assertEqual((late.status, late.json["current"]["classification"]), (412, "INTERNAL"))

    def test_a_sealed_warrant_leaves_no_trace_for_who_stands_outside_and_comes_back_by_two(self):
        inside, outside = colleague("Iris In", ["investigator"], [first]), colleague("Otto Out", ["investigator"], [first])
        wall = head.call("POST", "/compartments", {"name": "Warrant of Vask"}).json["id"]
        granted(inside, compartments=[wall])
        add = lambda of, /, **values: head.call("POST", f"/kinds/{of}/records", {"case": first, "values": values}).json["code"]
        situation = add("situation", title="Of the sealed", basis="REF-SP", territory="Tarvania", period="2019")
        profile = add("profile", name="Orlen Zavask")
        sealed = add("suspect_case", title="The Prosecutor v. Zavask", person=profile, situation=situation, hypothesis="He ordered it")
        count = add("count", title="Murder by Zavask", person=sealed, crime="7(1)(a)", modes=["M-28-a"], period="2019", facts="x")
        proposition = add("proposition", text="Zavask was there", count=count, mode="M-28-a", kind="material")
        hidden = (sealed, count, proposition)

        def traces(who):
            find = lambda kind: who.call("POST", f"/kinds/{kind}/queries", {"filter": [], "case": first}).json
            seen = [find(kind)["total"] for kind in ("suspect_case", "count", "proposition")]
            states = who.call("GET", f"/record-queries/{find('suspect_case')['query']}/counts?by=state").json["counts"]
            words = who.call("POST", "/record-search", {"words": "Zavask"}).json["total"]
            links = sorted(l["code"] for l in who.call("GET", f"/records/{profile}").json["links"])
            hits = who.call("POST", "/suggest", {"to": ["suspect_case"], "words": "Zavask"}).json["hits"]
            return {"pages": [who.call("GET", f"/records/{c}").status for c in hidden], "seen": seen, "states": sum(s["count"] for s in states), "words": words, "links": links,
                    "suggested": len(hits), "matrix": who.call("GET", f"/proof-matrix/{sealed}").status, "history": who.call("GET", f"/records/{sealed}/history").status,
                    "label": who.call("GET", f"/records/{sealed}/label").status}

        def relabel(who, classification, walls, along=True):
            etag = head.call("GET", f"/records/{sealed}").headers["ETag"]
            return who.call("PUT", f"/records/{sealed}/label", {"classification": classification, "compartments": walls, "reason": "filed under seal", "along": along}, {"If-Match": etag})

        def along(who, walls):
            return who.call("POST", f"/records/{sealed}/label/along", {"classification": "INTERNAL", "compartments": walls})

        before = traces(outside)
        self.assertEqual((before["pages"], before["words"], before["links"]), ([200] * 3, 4, [sealed]))
        version = head.call("GET", f"/records/{sealed}").json["version"]
        would = along(head, [wall])
        self.assertEqual((would.status, would.json["others"], {r["code"] for r in would.json["first"]}), (200, 2, set(hidden) - {sealed}), would.bytes)
        self.assertEqual(head.call("GET", f"/records/{sealed}").json["version"], version, "asked, not done")
        self.assertIn("label_along_viewed", [r["act"] for r in head.call("GET", f"/records/{sealed}/readers").json["rows"]], "whose titles were shown stands in the ledger")
        late = head.call("PUT", f"/records/{sealed}/label", {"classification": "CONFIDENTIAL", "compartments": [], "reason": "filed under seal"}, {"If-Match": f'"{version + 7}"'})
        self.assertEqual((late.status, late.json["current"]), (412, {"classification": "INTERNAL", "compartments": []}))
        kept = outside.call("POST", "/kinds/count/queries", {"filter": [], "case": first}).json["query"]
        done = relabel(head, "INTERNAL", [wall])
        self.assertEqual((done.status, done.json["others"]), (200, 2), done.bytes)
        self.assertEqual(head.call("GET", f"/records/{sealed}/label").json["compartments"], [{"id": wall, "name": "Warrant of Vask"}])
        after = traces(outside)
        self.assertEqual(after, before | {"pages": [404] * 3, "seen": [n - 1 for n in before["seen"]], "states": before["states"] - 1, "words": 1, "links": [], "suggested": 0, "matrix": 404, "history": 404, "label": 404})
        nothing = outside.call("GET", "/records/PIC-9999999")
        self.assertEqual(along(outside, []).bytes, nothing.bytes)
        for one in hidden:
            self.assertEqual(outside.call("GET", f"/records/{one}").bytes, nothing.bytes)
        self.assertNotIn("Zavask", str(outside.call("GET", f"/record-queries/{kept}/rows").json), "nor in what was found before")
        self.assertEqual(outside.call("PUT", f"/records/{sealed}/label", {"classification": "PUBLIC", "compartments": [], "reason": "to be seen by all"}, {"If-Match": '"2"'}).status, 404)
        self.assertEqual(traces(inside), before | {"seen": traces(head)["seen"]})

        # --- unsealed: not by one, not with the word of who stands outside, once by two
        refused = relabel(head, "INTERNAL", [])
        self.assertEqual(code(refused), (403, "second_person"))
        asked = head.call("POST", "/approvals", {k: refused.json[k] for k in ("act", "kind", "object", "what")} | {"reason": "the warrant is public now"})
        self.assertEqual(asked.status, 201, asked.bytes)
        self.assertNotIn(sealed, str(prosecutor.call("GET", "/approvals").json))
        self.assertEqual(prosecutor.call("POST", f"/approvals/{asked.json['id']}", {"approve": True, "note": "looked at"}).status, 404)
        granted(prosecutor, compartments=[wall] + [c["id"] for c in prosecutor.call("GET", "/compartments").json["compartments"]])
        self.assertEqual(prosecutor.call("POST", f"/approvals/{asked.json['id']}", {"approve": True, "note": "looked at"}).status, 204)
        self.assertEqual(relabel(head, "INTERNAL", []).status, 200)
        self.assertEqual(traces(outside), before)
        self.assertEqual(code(relabel(head, "CONFIDENTIAL", []))[0], 200, "what protects more is one person's act")

    def test_nobody_changes_their_own_clearance(self):
        self.assertEqual(clear(head, "P-1").status, 403)

    def test_more_is_granted_by_two_and_who_gains_is_not_the_second(self):
        deputy = colleague("Dora", ["prosecutor"], [first])
        refused = clear(head, deputy.id, "SECRET")
        body = {k: refused.json[k] for k in ("act", "kind", "object", "what")} | {"reason": "as the tests ask"}
        asked = head.call("POST", "/approvals", body).json["id"]
        self.assertEqual(deputy.call("POST", f"/approvals/{asked}", {"approve": True, "note": ""}).status, 404)
        self.assertEqual(head.call("POST", f"/approvals/{asked}", {"approve": True, "note": ""}).status, 404)
        self.assertEqual(prosecutor.call("POST", f"/approvals/{asked}", {"approve": True, "note": ""}).status, 204)
        self.assertEqual(prosecutor.call("POST", f"/approvals/{asked}", {"approve": True, "note": ""}).status, 409)
        self.assertEqual(clear(head, deputy.id, "SECRET").status, 200)
        self.assertEqual(person(head, deputy.id)["clearance"], "SECRET")


class Purposes(unittest.TestCase):
    def test_who_has_a_choice_makes_it_and_reads_carry_it(self):
        one = colleague("Hana Head", ["unified_team_head"], [first])
        one.chooses = False
        asked = one.call("GET", f"/cases/{first}")
        self.assertEqual(code(asked), (403, "purpose"))
        self.assertIn("trial", asked.json["purposes"])
        self.assertIn(first, [c["id"] for c in one.call("GET", "/cases").json["cases"]], "it is listed all the same")
        self.assertTrue(one.call("GET", f"/cases/{first}/purpose").json["needed"])
        self.assertEqual(one.call("PUT", f"/cases/{first}/purpose", {"purpose": "care", "reason": ""}).status, 422)
        self.assertEqual(one.call("PUT", f"/cases/{first}/purpose", {"purpose": "trial", "reason": ""}).status, 200)
        self.assertFalse(one.call("GET", f"/cases/{first}/purpose").json["needed"])
        self.assertEqual(one.call("GET", f"/items/{first}-1").status, 200)
        rows = one.call("GET", f"/items/{first}-1/custody").json["rows"]
        self.assertIn("trial", [json.loads(r["detail"]).get("purpose") for r in rows if r["who"] == one.id])

    def test_a_choice_is_of_one_session_and_one_case(self):
        one = colleague("Hugo Head", ["unified_team_head"], [first, second])
        one.chooses = False
        one.call("PUT", f"/cases/{first}/purpose", {"purpose": "trial", "reason": ""})
        self.assertEqual(code(one.call("GET", f"/cases/{second}")), (403, "purpose"))
        again = Browser(origin)
        again.chooses = False
        again.sign_in_passkey(one.key)
        self.assertEqual(code(again.call("GET", f"/cases/{first}")), (403, "purpose"))

    def test_who_can_name_one_purpose_alone_is_not_asked(self):
        one = colleague("Sole", ["investigator"], [first])
        one.chooses = False
        self.assertEqual(one.call("GET", f"/cases/{first}").status, 200)
        one.call("GET", f"/items/{first}-1")
        rows = one.call("GET", f"/items/{first}-1/custody").json["rows"]
        self.assertIn("investigation", [json.loads(r["detail"]).get("purpose") for r in rows if r["who"] == one.id])

    def test_from_confidential_on_a_reason_is_asked_of_everybody(self):
        one = colleague("Rhea", ["investigator"], [first])
        one.chooses = False
        self.assertEqual(label(head, first, "CONFIDENTIAL").status, 200)
        try:
            self.assertEqual(code(one.call("GET", f"/cases/{first}")), (403, "purpose"))
            self.assertEqual(one.call("PUT", f"/cases/{first}/purpose", {"purpose": "investigation", "reason": "short"}).status, 422)
            self.assertEqual(one.call("PUT", f"/cases/{first}/purpose", {"purpose": "investigation", "reason": "to prepare the interview"}).status, 200)
            self.assertEqual(one.call("GET", f"/cases/{first}").status, 200)
        finally:
            plain(first)

    def test_a_purpose_is_chosen_for_what_one_sees_alone(self):
        one = colleague("Zita", ["investigator"], [second])
        body = {"purpose": "investigation", "reason": "a good reason"}
        a, b = one.call("PUT", f"/cases/{first}/purpose", body), one.call("PUT", f"/cases/{NOTHING}/purpose", body)
        self.assertEqual((a.status, a.bytes), (404, b.bytes))


class BreakGlass(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.auditor = colleague("Aude Auditor", ["auditor"], [])

    def open(self, one, case="KAR", reason="a life is in danger at the quarry"):
        return one.call("POST", "/break-glass", {"case": case, "purpose": "investigation", "reason": reason})

    def test_it_opens_one_case_to_read_tells_the_auditor_and_the_head_and_is_reviewed(self):
        one = colleague("Gaia", ["investigator"], [second])
        self.assertEqual(one.call("GET", f"/cases/{first}").status, 404)
        opened = self.open(one)
        self.assertEqual((opened.status, opened.json["case"]), (201, first))
        self.assertEqual(one.call("GET", f"/items/{first}-1").status, 200)
        self.assertEqual(label(one, first, "CONFIDENTIAL").status, 404, "it reads, and does nothing else")
        self.assertEqual(one.call("GET", f"/items/{first}-1/original", headers={"X-Reason": "for%20the%20trial"}).status, 403)
        rows = one.call("GET", f"/items/{first}-1/custody").json["rows"]
        self.assertIn(True, [json.loads(r["detail"]).get("break_glass") for r in rows if r["who"] == one.id])
        for who in (self.auditor, head):
            alarm = [a for a in who.call("GET", "/alarms").json["alarms"] if a["about"]["id"] == one.id][0]
            self.assertEqual((alarm["kind"], alarm["case"], alarm["seen"]), ("break_glass", "KAR", False))
            self.assertEqual(who.call("POST", f"/alarms/{alarm['id']}/seen", {}).status, 204)
            self.assertEqual(one.call("POST", f"/alarms/{alarm['id']}/seen", {}).status, 404)
        self.assertEqual(one.call("POST", f"/break-glass/{opened.json['id']}/review", {"justified": True, "note": "I was right"}).status, 404)
        row = [g for g in self.auditor.call("GET", "/break-glass").json["break_glass"] if g["id"] == opened.json["id"]][0]
        self.assertEqual((row["state"], row["may_review"], row["person"]["id"]), ("open", True, one.id))
        review = {"justified": False, "note": "there was no danger at all"}
        self.assertEqual(self.auditor.call("POST", f"/break-glass/{opened.json['id']}/review", review).status, 204)
        self.assertEqual(self.auditor.call("POST", f"/break-glass/{opened.json['id']}/review", review).status, 409)
        self.assertEqual(one.call("GET", f"/cases/{first}").status, 404, "what is found unjustified ends at once")

    def test_it_does_not_tell_whether_a_case_exists(self):
        one = colleague("Gil", ["investigator"], [second])
        self.assertEqual(label(head, first, "CONFIDENTIAL").status, 200)
        wall = head.call("POST", "/compartments", {"name": "Glass"}).json["id"]
        granted(prosecutor, compartments=[wall])
        self.assertEqual(label(head, first, "CONFIDENTIAL", [wall]).status, 200)
        try:
            self.assertEqual(self.open(one).bytes, self.open(one, "NONE").bytes)
            self.assertEqual(self.open(one).status, 404)
        finally:
            plain(first)

    def test_only_roles_that_may_break_it_by_passkey_with_fresh_proof_and_a_reason(self):
        lawyer = colleague("Lou Lawyer", ["trial_lawyer"], [second])
        self.assertEqual(self.open(lawyer).status, 404)
        made = head.call("POST", "/people", {"name": "Pia", "roles": ["investigator"], "cases": [second]}).json
        by_password = Browser(origin).enrol(made["link"])
        self.assertEqual(self.open(by_password).status, 404)
        one = colleague("Gwen", ["investigator"], [second])
        self.assertEqual(self.open(one, reason="short").status, 422)
        self.assertEqual(self.open(one, "ZED").status, 409)

    def test_an_assignment_does_not_tell_of_a_case_above_the_clearance(self):
        one = colleague("Gero", ["investigator"], [first])
        self.assertEqual(clear(head, one.id, "INTERNAL").status, 200)
        one.back()
        self.assertEqual(self.open(one).status, 409)
        self.assertEqual(label(head, first, "CONFIDENTIAL").status, 200)
        try:
            self.assertEqual(self.open(one).bytes, self.open(one, "NONE").bytes)
        finally:
            plain(first)

    def test_others_see_nothing_of_it(self):
        one = colleague("Guy", ["investigator"], [second])
        opened = self.open(one)
        other = colleague("Ole", ["investigator"], [second])
        self.assertNotIn(opened.json["id"], str(other.call("GET", "/break-glass").json))
        self.assertEqual(other.call("POST", f"/break-glass/{opened.json['id']}/review", {"justified": True, "note": "looks good to me"}).status, 404)


class SecondPersons(unittest.TestCase):
    def test_requests_are_seen_by_who_asked_and_by_who_could_approve(self):
        one = colleague("Cleo", ["analyst"], [first])
        refused = clear(head, one.id, "SECRET")
        body = {k: refused.json[k] for k in ("act", "kind", "object", "what")} | {"reason": "as the tests ask"}
        asked = head.call("POST", "/approvals", body).json["id"]
        ids = lambda who: [a["id"] for a in who.call("GET", "/approvals").json["approvals"]]
        self.assertIn(asked, ids(head))
        self.assertIn(asked, ids(prosecutor))
        self.assertNotIn(asked, ids(one))
        for method, body in (("POST", {"approve": True, "note": ""}), ("DELETE", None)):
            self.assertEqual(one.call(method, f"/approvals/{asked}", body).bytes, one.call(method, f"/approvals/{NOTHING}", body).bytes)
        self.assertEqual(prosecutor.call("POST", f"/approvals/{asked}", {"approve": False, "note": ""}).status, 422, "a refusal has a reason")
        self.assertEqual(prosecutor.call("POST", f"/approvals/{asked}", {"approve": False, "note": "not needed for this work"}).status, 204)
        self.assertEqual(code(clear(head, one.id, "SECRET")), (403, "second_person"))

    def test_a_request_can_be_withdrawn_and_is_then_decided(self):
        one = colleague("Cora", ["analyst"], [first])
        refused = clear(head, one.id, "SECRET")
        body = {k: refused.json[k] for k in ("act", "kind", "object", "what")} | {"reason": "as the tests ask"}
        asked = head.call("POST", "/approvals", body).json["id"]
        self.assertEqual(head.call("DELETE", f"/approvals/{asked}").status, 204)
        self.assertEqual(prosecutor.call("POST", f"/approvals/{asked}", {"approve": True, "note": ""}).status, 409)

    def test_what_needs_nobody_else_is_not_asked_for(self):
        body = {"act": "upgrade", "kind": "case", "object": first, "what": {"classification": "CONFIDENTIAL", "compartments": []}, "reason": "as the tests ask"}
        self.assertEqual(head.call("POST", "/approvals", body).status, 409)

    def test_the_original_of_a_secret_case_needs_a_second_person(self):
        lead = colleague("Selma Head", ["unified_team_head"], [second])
        granted(lead, clearance="SECRET")
        granted(prosecutor, clearance="SECRET", compartments=[c["id"] for c in prosecutor.call("GET", "/compartments").json["compartments"]])
        self.assertEqual(label(lead, second, "SECRET").status, 200)
        reason = {"X-Reason": "for%20the%20trial"}
        refused = lead.call("GET", f"/items/{second}-1/original", headers=reason)
        approve(refused, lead, prosecutor)
        taken = lead.call("GET", f"/items/{second}-1/original", headers=reason)
        self.assertEqual((taken.status, taken.bytes), (200, (work / "ZED" / "statement.txt").read_bytes()))
        self.assertEqual(code(lead.call("GET", f"/items/{second}-1/original", headers=reason)), (403, "second_person"))
        self.assertNotIn("ZED", str(head.call("GET", "/cases").json), "the head of the other team is cleared to CONFIDENTIAL")
        approve(label(lead, second, "INTERNAL"), lead, prosecutor)
        self.assertEqual(label(lead, second, "INTERNAL").status, 200)


class Keys(unittest.TestCase):
    def test_a_fresh_proof_keeps_the_session_under_a_new_token_and_takes_own_keys_alone(self):
        one, other = colleague("Kim", ["analyst"], [first]), colleague("Kai", ["analyst"], [first])
        before = one.cookie
        self.assertEqual(one.prove(one.key).status, 200)
        self.assertNotEqual(one.cookie, before)
        old = Browser(origin)
        old.cookie = before
        self.assertEqual(old.call("GET", "/session").status, 401)
        self.assertEqual(one.prove(other.key).status, 403)
        asked = one.call("POST", "/me/proof/begin", {}).json
        self.assertEqual(asked["allow"], [one.call("GET", "/me/passkeys").json["passkeys"][0]["id"]])

    def test_the_last_means_to_sign_in_stays_and_a_removed_key_opens_nothing(self):
        one = colleague("Lin", ["analyst"], [first])
        only = one.call("GET", "/me/passkeys").json["passkeys"][0]["id"]
        self.assertEqual(one.call("DELETE", f"/me/passkeys/{only}").status, 409)
        folder = pathlib.Path(tempfile.mkdtemp(dir=work))
        another = Authenticator(folder)
        asked = one.call("POST", "/me/passkeys/begin", {}).json
        self.assertEqual(one.call("POST", "/me/passkeys/finish", another.make(asked, origin)).status, 201)
        elsewhere = Browser(origin)
        self.assertEqual(elsewhere.sign_in_passkey(one.key).status, 200)
        self.assertEqual(one.call("DELETE", f"/me/passkeys/{only}").status, 204)
        self.assertEqual(Browser(origin).sign_in_passkey(one.key).status, 401)
        self.assertEqual(elsewhere.call("GET", "/session").status, 401, "who came by it is out")
        self.assertEqual(one.call("GET", "/session").status, 200)
        stranger = colleague("Lux", ["analyst"], [first])
        theirs = one.call("GET", "/me/passkeys").json["passkeys"][0]["id"]
        self.assertEqual(stranger.call("DELETE", f"/me/passkeys/{theirs}").bytes, stranger.call("DELETE", "/me/passkeys/AAAA").bytes)


class Recovery(unittest.TestCase):
    def test_two_officers_of_different_organs_agree_and_the_person_can_object(self):
        lost = colleague("Lotte", ["analyst"], [first])
        registrar = colleague("Rita Registry", ["vws_liaison"], [])
        granted(registrar, organ="registry")
        auditor = colleague("Arno Auditor", ["auditor"], [])
        ask = {"person": lost.id, "reason": "her bag was stolen with all keys"}
        self.assertEqual(lost.call("POST", "/recoveries", ask).status, 404)
        self.assertEqual(head.call("POST", "/recoveries", {"person": "P-1", "reason": "I want a new one"}).status, 403)
        asked = head.call("POST", "/recoveries", ask)
        self.assertEqual((asked.status, asked.json["state"]), (201, "waiting"))
        one = asked.json["id"]
        self.assertEqual(head.call("POST", "/recoveries", ask).status, 409)
        self.assertEqual(head.call("POST", f"/recoveries/{one}/approve", {}).status, 403, "not alone")
        self.assertEqual(prosecutor.call("POST", f"/recoveries/{one}/approve", {}).status, 403, "not of one organ")
        self.assertEqual(registrar.call("POST", f"/recoveries/{one}/approve", {}).json["state"], "cooling")
        self.assertEqual(head.call("POST", f"/recoveries/{one}/link", {}).status, 409, "not before the cooling time is over")
        for who in (lost, auditor):
            self.assertIn("recovery_approved", [a["kind"] for a in who.call("GET", "/alarms").json["alarms"] if a["about"]["id"] == lost.id])
        self.assertEqual(lost.call("POST", f"/recoveries/{one}/withdraw", {}).json["state"], "withdrawn")
        self.assertEqual(head.call("POST", f"/recoveries/{one}/link", {}).status, 409)
        other = colleague("Olaf", ["analyst"], [first])
        self.assertEqual(other.call("GET", "/recoveries").json["recoveries"], [])
        self.assertEqual(other.call("POST", f"/recoveries/{one}/withdraw", {}).bytes, other.call("POST", f"/recoveries/{NOTHING}/withdraw", {}).bytes)


class Hostile(unittest.TestCase):
    CHANGES = (("PUT", "/cases/%s/label"), ("PUT", "/cases/%s/purpose"), ("PUT", "/people/P-1/clearance"), ("POST", "/compartments"), ("POST", "/break-glass"), ("POST", "/break-glass/x/review"), ("POST", "/approvals"), ("POST", "/approvals/x"), ("DELETE", "/approvals/x"), ("POST", "/recoveries"), ("POST", "/recoveries/x/approve"), ("POST", "/recoveries/x/link"), ("POST", "/alarms/x/seen"), ("DELETE", "/me/passkeys/x"), ("POST", "/me/proof/begin"))

    def test_every_change_needs_a_session_the_token_and_our_page(self):
        for method, path in self.CHANGES:
            path = path % first if "%" in path else path
            body = {} if method != "DELETE" else None
            with self.subTest(method + path):
                self.assertEqual(Browser(origin).call(method, path, body).status, 401)
                self.assertEqual(head.call(method, path, body, {"X-CSRF": "wrong"}).status, 403)
                self.assertEqual(head.call(method, path, body, {"Sec-Fetch-Site": "cross-site"}).status, 403)

    def test_an_expired_session_reaches_nothing(self):
        one = colleague("Exa", ["investigator"], [first])
        kept = one.cookie, one.csrf
        one.call("DELETE", "/session")
        one.cookie, one.csrf = kept
        for method, path in self.CHANGES:
            path = path % first if "%" in path else path
            with self.subTest(method + path):
                self.assertEqual(one.call(method, path, {} if method != "DELETE" else None).status, 401)

    def test_bodies_that_are_no_such_thing_are_refused_and_never_a_fault(self):
        for body in ({}, [], "x", 7, None, {"classification": 7, "compartments": "x", "reason": []}, {"act": "erase_backup", "kind": "key", "object": "x", "what": [], "reason": "a good reason"}, {"case": {}, "purpose": "x" * 9000, "reason": "\u202e" * 20}, {"approve": "yes", "note": 1}, {"person": "P-1\r\nX: y", "reason": "a good reason"}):
            for method, path in self.CHANGES:
                if method == "DELETE" or path == "/me/proof/begin":
                    continue
                path = path % first if "%" in path else path
                with self.subTest(path + str(body)[:40]):
                    answer = head.call(method, path, json.dumps(body).encode(), {"Content-Type": "application/json", "If-Match": '"0"'})
                    self.assertIn(answer.status, (400, 403, 404, 409, 412, 413, 422, 428))

    def test_verify_holds_after_all_this(self):
        office.run("verify")


if __name__ == "__main__":
    unittest.main()
