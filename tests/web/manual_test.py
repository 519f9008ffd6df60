#!/usr/bin/env python3
"""The operations manual on the running server: what is in force, who has read it, who was trained, and who may know."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import api_test as office_of
from api_test import Test
from proof_test import colleague, id_of


def setUpModule():
    office_of.setUpModule()
    global head, planner, analyst, officer, deputy
    head = office_of.head
    planner, analyst = colleague("Pia", ["planner"], []), colleague("Ana", ["analyst"], [office_of.first])
    officer, deputy = colleague("Oda", ["protection_officer"], []), colleague("Dee", ["deputy_prosecutor"], [])


def tearDownModule():
    office_of.tearDownModule()


def chapter(number, edition=1, who=None, **more):
    values = {"title": f"Chapter {number}", "number": number, "edition": edition, "text_en": "How it is done.", "focal_points": [id_of(planner)], "review_by": "2099-01-01"}
    return (who or planner).call("POST", "/kinds/manual_chapter/records", {"values": values | more})


def move(code, name, who, reason=None):
    version = who.call("GET", f"/records/{code}").json["version"]
    return who.call("POST", f"/records/{code}/transitions/{name}", {"reason": reason} if reason else {}, {"If-Match": f'"{version}"'})


def in_force(number, edition=1, **more):
    made = chapter(number, edition, **more)
    assert made.status == 201, made.bytes
    code = made.json["code"]
    for name, who in (("submit", planner), ("approve", deputy)):
        moved = move(code, name, who)
        assert moved.status == 200, moved.bytes
    return code


def acknowledge(code, who):
    return who.call("POST", "/kinds/acknowledgement/records", {"values": {"chapter": code}})


def manual(who, number):
    answer = who.call("GET", "/manual")
    assert answer.status == 200, answer.bytes
    return next((c for c in answer.json["chapters"] if c["number"] == number), None)


class Manual(Test):
    def test_a_chapter_is_in_force_once_another_person_has_approved_it(self):
        code = chapter("1").json["code"]
        self.assertIsNone(manual(analyst, "1"))
        self.assertEqual(move(code, "submit", planner).status, 200)
        self.assertIn(move(code, "approve", planner).status, (403, 404), "who writes does not approve")
        self.assertEqual(move(code, "approve", deputy).status, 200)
        met = manual(analyst, "1")
        self.assertEqual((met["code"], met["edition"], met["late"]), (code, 1, False))
        self.assertEqual(met["focal_points"], [{"code": id_of(planner), "name": "Pia"}])
        self.assertEqual(chapter("1.1", who=analyst).status, 404, "not everybody writes the manual")

    def test_each_person_acknowledges_an_edition_once_and_only_what_is_in_force(self):
        draft = chapter("2").json["code"]
        refused = acknowledge(draft, analyst)
        self.assertEqual((refused.status, refused.json["errors"][0]["code"]), (422, "not_in_force"))
        code = in_force("2.1")
        self.assertEqual(manual(analyst, "2.1")["mine"], {"concerned": True, "read_on": None, "trained_on": None})
        answer = acknowledge(code, analyst)
        self.assertEqual(answer.status, 201, answer.bytes)
        values = analyst.call("GET", f"/records/{answer.json['code']}").json["values"]
        self.assertEqual((values["person"], values["edition"], values["chapter"]), (id_of(analyst), 1, code))
        again = acknowledge(code, analyst)
        self.assertEqual((again.status, again.json["errors"][0]["code"]), (422, "twice"))
        forged = analyst.call("POST", "/kinds/acknowledgement/records", {"values": {"chapter": code, "person": id_of(head)}})
        self.assertEqual((forged.status, forged.json["errors"][0]["code"]), (422, "computed"))
        self.assertIsNotNone(manual(analyst, "2.1")["mine"]["read_on"])
        self.assertEqual(manual(head, "2.1")["read"], 1)

    def test_a_new_edition_is_to_be_read_anew_and_the_old_one_is_no_longer_in_force(self):
        old = in_force("3.9")
        acknowledge(old, analyst)
        wrong = chapter("3.9", 1, replaces=old)
        self.assertEqual((wrong.status, wrong.json["errors"][0]["code"]), (422, "not_next"))
        new = in_force("3.9", 2, replaces=old)
        met = manual(analyst, "3.9")
        self.assertEqual((met["code"], met["edition"], met["mine"]["read_on"]), (new, 2, None))
        self.assertEqual(move(old, "withdraw", deputy, "edition 2 is in force").status, 200)
        self.assertEqual(acknowledge(old, officer).json["errors"][0]["code"], "not_in_force")
        in_force("3.10")
        numbers = [c["number"] for c in analyst.call("GET", "/manual").json["chapters"]]
        self.assertLess(numbers.index("3.9"), numbers.index("3.10"))

    def test_a_chapter_concerns_the_roles_that_it_names_and_only_who_keeps_the_manual_learns_who_lacks(self):
        code = in_force("4", roles=["analyst"], training_needed=True)
        self.assertTrue(manual(analyst, "4")["mine"]["concerned"])
        self.assertFalse(manual(officer, "4")["mine"]["concerned"])
        self.assertNotIn("unread", manual(analyst, "4"))
        met = manual(planner, "4")
        self.assertEqual((met["concerned"], met["read"], met["trained"]), (1, 0, 0))
        self.assertEqual([p["name"] for p in met["unread"]], ["Ana"])
        self.assertEqual([p["name"] for p in met["untrained"]], ["Ana"])
        add = lambda who, **more: who.call("POST", "/kinds/training/records", {"values": {"title": "Course", "person": id_of(analyst), "type": "manual", "chapters": [code], "completed_on": "2026-01-10"} | more})
        expired, held = add(analyst, expires_on="2026-02-01").json["code"], add(analyst, expires_on="2099-01-01").json["code"]
        self.assertEqual(manual(planner, "4")["trained"], 0, "what nobody has confirmed does not count")
        self.assertIn(move(held, "confirm", analyst).status, (403, 404), "nobody confirms their own training")
        self.assertEqual(move(expired, "confirm", head).status, 200)
        self.assertEqual(manual(planner, "4")["trained"], 0, "nor what has expired")
        self.assertEqual(move(held, "confirm", head).status, 200)
        met = manual(planner, "4")
        self.assertEqual((met["trained"], met["untrained"]), (1, []))
        self.assertEqual(manual(analyst, "4")["mine"]["trained_on"], "2026-01-10")

    def test_a_chapter_prescribes_templates_that_there_are(self):
        refused = chapter("5", templates=[{"template": "no_such"}])
        self.assertEqual((refused.status, refused.json["errors"][0]["field"]), (422, "templates[0].template"))
        in_force("5", templates=[{"template": "warrant_application", "when": "for art. 58"}])
        self.assertEqual(manual(analyst, "5")["templates"], [{"name": "warrant_application", "when": "for art. 58"}])

    def test_who_has_left_is_waited_for_no_longer(self):
        gone = colleague("Gil", ["financial_investigator"], [])
        in_force("6", roles=["financial_investigator"])
        self.assertEqual(manual(planner, "6")["concerned"], 1)
        person = next(p for p in head.call("GET", "/people").json["people"] if p["name"] == "Gil")
        answer = head.call("PUT", f"/people/{person['id']}", {k: person[k] for k in ("name", "roles", "cases", "clearance", "compartments")} | {"disabled": True}, {"If-Match": person["etag"]})
        self.assertEqual(answer.status, 200, answer.bytes)
        self.assertEqual(manual(planner, "6")["concerned"], 0)
        self.assertEqual(gone.call("GET", "/manual").status, 401)

    def test_what_the_manual_says_is_found_by_its_words(self):
        in_force("7", text_en="Interviews are held where the witness feels safe: the rule of the green room.")
        found = analyst.call("POST", "/record-search", {"words": "\"green room\"", "limit": 5}).json
        self.assertEqual([h["kind"] for h in found["hits"]], ["manual_chapter"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
