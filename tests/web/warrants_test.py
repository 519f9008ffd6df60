#!/usr/bin/env python3
"""The public view of warrants on the running server: what it tells, and that what is sealed leaves no trace in it."""
import io
import json
import pathlib
import random
import re
import subprocess
import sys
import unittest
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import proof_test as proof
from api_test import Test
from proof_test import add, alter, colleague, errors, send, step

MURDER, RAPE, PILLAGE = "7(1)(a)", "7(1)(g)-1", "8(2)(e)(v)"


def setUpModule():
    proof.setUpModule()
    global head, first, second, lawyer, elsewhere, deputy, situation
    head, first, second, lawyer, elsewhere = proof.head, proof.first, proof.second, proof.lawyer, proof.elsewhere
    deputy = colleague("Dena", ["deputy_prosecutor"], [first])
    deputy.call("PUT", f"/cases/{first}/purpose", {"purpose": "trial", "reason": "the work of this test"})
    # The office words the first state too, so that no person has to be led through all the reviews.
    words, etag = states()
    assert put_states(words["codes"] + [{"code": "c01", "en": "Wanted", "fr": "Recherché"}]).status == 200
    situation = add("situation", title="Situation in Velmora", basis="REF-SP", territory="Velmora", period="2019")


def tearDownModule():
    proof.tearDownModule()


def states():
    answer = head.call("GET", "/vocabularies/public_state")
    return answer.json, answer.headers["ETag"]


def put_states(codes):
    words, etag = states()
    return head.call("PUT", "/vocabularies/public_state", words | {"codes": codes}, {"If-Match": etag})


def person(name, **more):
    return add("suspect_case", title=f"The Prosecutor v. {name}", person=add("profile", name=name), situation=situation, hypothesis="x", **more)


def public(name, **more):
    return person(name, **({"warrant_on": "2019-03-05", "public_on": "2019-04-01"} | more))


def charged(of, crime, title="Count"):
    code = add("count", title=title, person=of, crime=crime, modes=["M-25-3-b-O"], period="2019", facts="x")
    assert (moved := step(code, "charge", None, deputy)).status == 200, moved.bytes
    return code


def label(code, classification="INTERNAL", walls=()):
    etag = head.call("GET", f"/records/{code}").headers["ETag"]
    answer = head.call("PUT", f"/records/{code}/label", {"classification": classification, "compartments": list(walls), "reason": "it is under seal"}, {"If-Match": etag})
    assert answer.status == 200, answer.bytes


def wall(name):
    return head.call("POST", "/compartments", {"name": name}).json["id"]


def view(who=None):
    answer = (who or head).call("GET", "/warrants/public")
    assert answer.status == 200, answer.bytes
    return answer


def persons(who=None):
    return {p["name"]: p for p in view(who).json["persons"]}


def file(who, format):
    answer = who.call("GET", f"/warrants/public/file?format={format}")
    assert answer.status == 200, answer.bytes
    return answer.bytes


def parts(package):
    """All that an office document holds, part by part."""
    package = zipfile.ZipFile(io.BytesIO(package))
    return {n: package.read(n) for n in package.namelist()}


def told(who):
    """The view in every form that a person can have it."""
    text = subprocess.run(["pdftotext", "-layout", "-", "-"], input=file(who, "pdf"), capture_output=True, check=True).stdout
    return view(who).bytes, file(who, "json"), parts(file(who, "xlsx")), parts(file(who, "docx")), text


class PublicView(Test):
    def test_it_tells_what_was_made_public_in_the_words_for_it(self):
        code = public("Rask Orune", public_text="He led the Bridge Guard.")
        charged(code, RAPE), charged(code, MURDER), charged(code, MURDER, "Again")
        add("count", title="An idea", person=code, crime=PILLAGE, modes=["M-25-3-b-O"], period="2019", facts="x")
        line = persons()["Rask Orune"]
        crimes = line.pop("crimes")
        self.assertEqual(line, {"name": "Rask Orune", "situation": "Situation in Velmora", "warrant_on": "2019-03-05", "state": {"en": "Wanted", "fr": "Recherché"}, "text": "He led the Bridge Guard."})
        self.assertEqual([c["en"].split(" ")[0] for c in crimes], [MURDER, RAPE], "charged ones, each once; what is an idea of the office is not told")
        self.assertEqual(persons(lawyer)["Rask Orune"], persons()["Rask Orune"])
        self.assertNotIn("Rask Orune", persons(elsewhere))

    def test_what_is_not_public_yet_or_has_no_public_words_is_not_told(self):
        person("Not Public", warrant_on="2019-03-05")
        public("Not Today", public_on="2126-01-01")
        public("Some Day This Century", public_on="2019/..")
        self.assertFalse({"Not Public", "Not Today", "Some Day This Century"} & persons().keys())
        public("With Words")
        self.assertIn("With Words", persons())
        codes = states()[0]["codes"]
        self.assertEqual(put_states([c | ({"retired": True} if c["code"] == "c01" else {}) for c in codes]).status, 200)
        self.assertEqual(view().json, {"persons": []})
        self.assertEqual(put_states(codes).status, 200)
        wrong = put_states(codes + [{"code": "c77", "en": "Gone", "fr": "Parti"}])
        self.assertEqual(wrong.status, 422, wrong.bytes)
        self.assertEqual((wrong.status, "name a state of a person in a case" in wrong.json["detail"]), (422, True))

    def test_only_an_open_warrant_is_made_public(self):
        of = {"person": add("profile", name="Sealed One"), "situation": situation, "hypothesis": "x", "title": "v. Sealed One"}
        early = send("suspect_case", public_on="2019-04-01", **of)
        self.assertEqual((early.status, [e["code"] for e in early.json["errors"]]), (422, ["public_has_a_warrant"]))
        sealed = send("suspect_case", public_on="2019-04-01", warrant_on="2019-03-05", sealed=True, **of)
        self.assertEqual((sealed.status, [e["code"] for e in sealed.json["errors"]]), (422, ["public_is_not_sealed"]))
        self.assertIn("lift the seal first", sealed.json["errors"][0]["message"]["en"])
        code = public("Open One")
        self.assertEqual([e["code"] for e in alter(code, sealed=True).json["errors"]], ["public_is_not_sealed"])

    def test_whatever_is_sealed_and_whatever_happens_to_it_the_public_view_stays(self):
        # casework.md 7.2, 10: persons, warrants and counts behind a seal, made and changed in any order.
        charged(public("Oren Vash"), MURDER)
        everyone = (head, lawyer, deputy, elsewhere)
        see = lambda: [view(who).bytes for who in everyone]
        before, draw, hidden = see(), random.Random(10), []
        for n in range(40):
            if not hidden or draw.random() < 0.4:
                sealed = {"sealed": True} if draw.random() < 0.5 else {}
                hidden.append(person(f"Hidden {n}", warrant_on="2019-03-05", **sealed))
                if not sealed:
                    label(hidden[-1], "CONFIDENTIAL", [wall(f"Seal {n}")])
            elif draw.random() < 0.5:
                send("count", title=f"Count {n}", person=draw.choice(hidden), crime=draw.choice([MURDER, RAPE]), modes=["M-28-a"], period="2019", facts="x")
            else:
                alter(draw.choice(hidden), None, **draw.choice([{"warrant_on": "2020-01-01"}, {"public_text": "He fled."}, {"public_on": "2019-05-01", "sealed": True}]))
            self.assertEqual(see(), before, f"after {n + 1} changes")

    def test_what_is_sealed_leaves_no_trace_whoever_asks(self):
        code = public("Mira Tal", public_text="She kept the lists.")
        charged(code, MURDER)
        everyone = (head, lawyer, deputy, elsewhere)
        before = [told(who) for who in everyone]
        self.assertIn(b"Mira Tal", before[0][0])
        self.assertIn("Mira Tal", before[0][4].decode())
        walls = [wall("Of the sealed")]
        # Under seal; of a raised class; behind a wall; with a name that is sealed; and charges of who is public.
        person("Aaron Under Seal", warrant_on="2019-03-05", sealed=True)
        label(public("Bela Raised"), "CONFIDENTIAL")
        label(public("Cara Walled"), walls=walls)
        hidden = public("Dara Named Apart")
        label(head.call("GET", f"/records/{hidden}").json["values"]["person"], "CONFIDENTIAL", walls)
        label(charged(code, RAPE, "Sealed count"), walls=walls)
        label(charged(code, PILLAGE, "Raised count"), "CONFIDENTIAL")
        for who, was in zip(everyone, before):
            self.assertEqual(told(who), was)

    def test_it_names_no_record(self):
        code = public("Ilya Ren")
        count = charged(code, MURDER)
        bytes_, _, sheet, document, text = told(head)
        for each in (code, count, situation):
            for form in (bytes_, text, *sheet.values(), *document.values()):
                self.assertNotIn(each.encode(), form)
        self.assertEqual([p["name"] for p in view().json["persons"]], sorted(persons()))
        self.assertFalse(re.search(rb"\b(PIC|POI|CNT|SIT)-", bytes_))

    def test_files_and_their_row_in_the_ledger(self):
        public("Kemal Voss")
        for format, begins in (("json", b"{"), ("xlsx", b"PK"), ("docx", b"PK"), ("pdf", b"%PDF")):
            self.assertTrue(file(lawyer, format).startswith(begins))
        self.assertEqual(json.loads(file(lawyer, "json")), view(lawyer).json)
        headers = b"".join(v for n, v in parts(file(lawyer, "docx")).items() if "header" in n)
        self.assertIn(b"PUBLIC", headers)
        refused = lawyer.call("GET", "/warrants/public/file?format=csv")
        self.assertEqual((refused.status, refused.json["detail"]), (422, '"format" is json, xlsx, docx or pdf'))
        auditor = colleague("Aud", ["auditor"], [])
        me = proof.id_of(lawyer)
        for act, of in (("exported", "suspect_case"), ("public_view_viewed", "")):
            rows = auditor.call("GET", f"/ledger?act={act}&who={me}").json["rows"]
            self.assertTrue(rows and rows[0]["object"] == of, (act, rows[:1]))


if __name__ == "__main__":
    unittest.main()
