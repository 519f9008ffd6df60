#!/usr/bin/env python3
"""Documents on the running server: what a template becomes, for whom, and whether a screen reader can read it."""
import io
import json
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


def colleague(name, roles, cases, clearance=None, silent=False):
    """A person with a passkey, as most roles ask for one."""
    folder = office_of.work / name
    folder.mkdir()
    made = office_of.head.call("POST", "/people", {"name": name, "roles": roles, "cases": cases})
    assert made.status == 201, made.bytes
    if clearance:
        etag = next(p["etag"] for p in office_of.head.call("GET", "/people").json["people"] if p["id"] == made.json["id"])
        less = office_of.head.call("PUT", f"/people/{made.json['id']}/clearance", {"clearance": clearance, "compartments": [], "organ": "prosecution", "reason": "as the tests ask"}, {"If-Match": etag})
        assert less.status == 200, less.bytes
    who = Browser(office_of.server.origin).enrol_passkey(made.json["link"], Authenticator(folder))
    for case in [] if silent else cases:
        state = who.call("GET", f"/cases/{case}/purpose")
        if state.status == 200 and state.json["needed"]:
            who.call("PUT", f"/cases/{case}/purpose", {"purpose": state.json["purposes"][0]["id"], "reason": "the work of this test"})
    return who


def setUpModule():
    office_of.setUpModule()
    global head, first, second, lawyer, elsewhere, officer, person, count, proof
    head, first, second = office_of.head, office_of.first, office_of.second
    for case in (first, second):
        head.call("PUT", f"/cases/{case}/purpose", {"purpose": "trial", "reason": "the work of this test"})
    lawyer = colleague("Lea", ["trial_lawyer"], [first])
    elsewhere = colleague("Eli", ["trial_lawyer"], [second])
    officer = colleague("Oda", ["protection_officer"], [first])
    situation = add("situation", title="Situation in Tarvania", number="S-1", basis="REF-SP", territory="Tarvania", period="2019")
    profile = add("profile", name="Orlen Vask", born="1961~", nationality="Tarvanian", positions=[{"position": "Commander", "unit": "Third Brigade", "from": "2018", "to": "2019"}])
    person = add("suspect_case", title="The Prosecutor v. Vask", person=profile, situation=situation, hypothesis="He ordered the shelling of Osk.")
    osk = add("crime_incident", title="Shelling of Osk", when="2019-04-11", place={"name": "Osk", "lat": 6.5, "lon": 21.9}, crimes=["7(1)(a)"], account="Shells fell on the market.", verification="verified")
    count = add("count", title="Murder at Osk", person=person, crime="7(1)(a)", modes=["M-25-3-b-O"], period="2019-04-11", incidents=[osk], facts="On 11 April 2019 shells fell on the market of Osk.")
    add("count", title="A count that was given up", person=person, crime="7(1)(a)", modes=["M-28-a"], period="2019", facts="-")
    one = add("proposition", text="Shells fell on the market of Osk.", count=count, element="7(1)(a)-1", kind="material")
    two = add("proposition", text="He gave the order.", count=count, mode="M-25-3-b-O", kind="material")
    proof = add("proof", quote="The witness spoke of the quarry road", proposition=one, items=[f"{first}-1"], page=1, direction="incriminating", source="W-1", evidence_type="T01")
    add("proof", quote="villageois déplacés", proposition=two, items=[f"{first}-2", f"{first}-1"], page=1, direction="incriminating", source="W-2", evidence_type="D01")
    add("proof", quote="Nobody ordered anything", proposition=two, items=[f"{first}-2"], page=1, direction="exonerating", source="W-3", evidence_type="D01")


def tearDownModule():
    office_of.tearDownModule()


def add(of, who=None, case=None, /, **values):
    answer = (who or head).call("POST", f"/kinds/{of}/records", {"case": case or first, "values": values})
    assert answer.status == 201, (of, answer.bytes)
    return answer.json["code"]


def incident(title, reported, **more):
    return add("incident", officer, title=title, act_family="threat", when=reported, reported=reported, account="Said so.", verification="unverified",
               severity_actual=2, severity_potential=more.pop("potential", 2), art70="unclear", **more)


def blocks(who, path):
    answer = who.call("GET", path + ("&" if "?" in path else "?") + "format=json")
    assert answer.status == 200, answer.bytes
    return answer.json


def words(of):
    """All that is said, a line a block, a row a line."""
    out = []
    for b in of["blocks"]:
        out += [b["text"]] if "text" in b else b.get("items", [])
        out += [" | ".join(row) for row in b.get("rows", [])]
    return "\n".join(out)


def shown(command, data, *more):
    file = office_of.work / "document.pdf"
    file.write_bytes(data)
    return subprocess.run([command, *more, str(file)] + (["-"] if command == "pdftotext" else []), capture_output=True, text=True, check=True).stdout


class Documents(Test):
    def test_a_person_sees_the_templates_of_what_they_may_read(self):
        names = lambda who, more="": [t["template"] for t in who.call("GET", "/templates" + more).json["templates"] if t["usable"]]
        self.assertEqual(names(lawyer, "?kind=suspect_case"), ["charges", "list_of_evidence", "warrant_application"])
        self.assertIn("incident_report", names(officer))
        self.assertNotIn("charges", names(officer))
        self.assertEqual(officer.call("GET", "/templates/charges").bytes, officer.call("GET", "/templates/nothing").bytes)
        self.assertEqual(officer.call("GET", f"/records/{person}/document?template=charges").status, 404)

    def test_charges_hold_counts_propositions_and_numbered_sources(self):
        d = blocks(lawyer, f"/records/{person}/document?template=charges&lang=en")
        said = words(d)
        for text in ("Count 1: Murder at Osk", "Orlen Vask", "about 1961", "2. On 11 April 2019 shells fell on the market of Osk.", "3. Shells fell on the market of Osk.",
                     "KAR-000001 [1] | 1 | ", "Shelling of Osk, 11 April 2019, Osk\n", "The witness spoke of the quarry road", "Shelling of Osk"):
            self.assertIn(text, said)
        self.assertNotIn("Nobody ordered anything", said)
        word = zipfile.ZipFile(io.BytesIO(lawyer.call("GET", f"/records/{person}/document?template=warrant_application&format=docx").bytes))
        body = word.read("word/document.xml").decode()
        self.assertTrue('<w:numId w:val="1"/>' in body and '<w:numId w:val="2"/>' in body and "<w:tblHeader/>" in body, "lists and header rows are told as such")
        self.assertIn('w:numId="2"', word.read("word/numbering.xml").decode())
        self.assertEqual((d["title"], d["language"]), ("Document containing the charges: The Prosecutor v. Vask", "en"))
        self.assertIn("version 1 (default, not ratified)", d["reference"])
        french = blocks(lawyer, f"/records/{person}/document?template=charges&lang=fr")
        self.assertIn("Chef 1 : Murder at Osk", words(french))
        self.assertIn("vers 1961", words(french))

    def test_a_list_of_evidence_numbers_each_item_once_with_path_and_hash(self):
        d = blocks(lawyer, f"/records/{person}/document?template=list_of_evidence&lang=en")
        table = next(b for b in d["blocks"] if b["block"] == "table")
        self.assertEqual([row[:2] for row in table["rows"]], [["1", "Item KAR-000001"], ["2", "Item KAR-000002"]])
        self.assertTrue(all(re.fullmatch("[0-9a-f]{64}", row[3]) and row[2].endswith(".txt") for row in table["rows"]), table["rows"])
        self.assertIn("KAR-000002 [2]; KAR-000001 [1]", words(d))

    def test_each_shipped_template_is_filled_in_both_languages_as_pdf_and_docx(self):
        review = add("review", title="Review of Vask", person=person, review_type="formal", held_on="2026-11-02", members=["P-1"], declarations=[{"member": "P-1", "conflict": False}],
                     conditions=[{"condition": "Find the log", "owner": "P-1", "by": "2026-12-01", "met": False}])
        self.assertEqual(head.call("POST", f"/records/{review}/transitions/freeze", {}, {"If-Match": '"1"'}).status, 200)
        values = head.call("GET", f"/records/{review}").json["values"] | {"votes": [{"count": count, "member": "P-1", "vote": "yes", "reasons": "Enough"}]}
        self.assertEqual(head.call("PUT", f"/records/{review}", {"values": values}, {"If-Match": '"2"'}).status, 200)
        filing = add("filing", title="Application of 1 November", filing_type="application", on="2026-11-01", limit="Rule 121", items=[f"{first}-1"], summary="What it says")
        stra = add("stra", officer, title="Tarvania, north", horizon_until="2027-06", situation="Roads are closed.", threats=[{"category": "crime", "intent": 3, "capability": 2, "inhibiting": 4}])
        for who, code, names in ((lawyer, person, ("charges", "list_of_evidence", "warrant_application")), (lawyer, review, ("review_minutes",)), (lawyer, filing, ("filing_annex",)), (officer, stra, ("stra",))):
            for name in names:
                for language in ("en", "fr"):
                    pdf = who.call("GET", f"/records/{code}/document?template={name}&format=pdf&lang={language}")
                    self.assertEqual((pdf.status, pdf.bytes[:5]), (200, b"%PDF-"), (name, pdf.bytes[:300]))
                    self.assertIn(f'filename="{name}-{code}.pdf"', pdf.headers["Content-Disposition"])
                    docx = who.call("GET", f"/records/{code}/document?template={name}&format=docx&lang={language}")
                    inside = zipfile.ZipFile(io.BytesIO(docx.bytes)).read("word/document.xml").decode()
                    self.assertIn("Heading1", inside)
                    self.assertIn('w:pStyle w:val="Signature"', inside)
                    self.assertNotIn("{", words(blocks(who, f"/records/{code}/document?template={name}&lang={language}")))

    def test_a_pdf_tells_a_screen_reader_its_headings_lists_tables_language_and_title(self):
        pdf = lawyer.call("GET", f"/records/{person}/document?template=charges&format=pdf&lang=fr").bytes
        structure = [line.strip().split(" ")[0] for line in shown("pdfinfo", pdf, "-struct").splitlines()]
        for tag, least in (("H1", 1), ("H2", 5), ("H3", 1), ("Table", 3), ("TH", 6), ("TD", 6), ("L", 1), ("LI", 1), ("P", 5)):
            self.assertGreaterEqual(structure.count(tag), least, tag)
        self.assertIn("Document contenant les charges : The Prosecutor v. Vask", shown("pdfinfo", pdf))
        self.assertIn(b"/Lang (fr)", pdf)
        self.assertIn(b"/DisplayDocTitle true", pdf)
        self.assertIn("yes", next(line for line in shown("pdfinfo", pdf).splitlines() if line.startswith("Tagged")))
        text = shown("pdftotext", pdf, "-layout")
        pages = [p for p in text.split("\f") if p.strip()]
        self.assertTrue("Sources" in pages[-1] and "lieu et date" not in pages[-1], "a page break begins a page")
        self.assertTrue(len(pages) > 1 and all(p.count("INTERNAL") >= 2 for p in pages), "the classification stands above and below on each page")

    def test_the_banner_is_the_highest_class_that_was_put_in(self):
        other = add("suspect_case", title="The Prosecutor v. Nobody", person=add("profile", name="N."), situation=add("situation", title="S", basis="REF-SP", territory="Tarvania", period="2019"), hypothesis="x")
        path = f"/records/{other}/document?template=charges"
        self.assertEqual(blocks(lawyer, path)["class"], "INTERNAL")
        added = head.call("POST", "/kinds/count/records", {"case": first, "class": "CONFIDENTIAL", "values": {
            "title": "Closed count", "person": other, "crime": "7(1)(a)", "modes": ["M-28-a"], "period": "2019", "facts": "Closed."}})
        self.assertEqual(added.status, 201, added.bytes)
        self.assertEqual(blocks(head, path)["class"], "CONFIDENTIAL")
        cleared = colleague("Luc", ["trial_lawyer"], [first], "INTERNAL")
        low = blocks(cleared, path)
        self.assertEqual(low["class"], "INTERNAL")
        self.assertNotIn("Closed count", words(low))

    def test_a_report_holds_its_period_and_the_cases_of_who_asks(self):
        for day in ("2026-11-01", "2026-11-02", "2026-11-08", "2026-11-09"):
            incident(f"Incident of {day}", day, potential=5 if day == "2026-11-08" else 2)
        path = "/templates/incident_report/document?from=2026-11-02&to=2026-11-08&lang=en"
        d = blocks(officer, path)
        said = words(d)
        self.assertIn("Incidents reported in the period: 2.", said)
        self.assertEqual(d["title"], "Incident report, 2 November 2026 to 8 November 2026")
        self.assertEqual((d["about"], blocks(officer, path + f"&case={first}")["about"]), ("All cases open to Oda", "Case KAR"))
        self.assertNotIn("Incident of 2026-11-01", said)
        self.assertIn("Threat | 2", said)
        wrong = officer.call("GET", "/templates/incident_report/document?from=2026-11-08&to=2026-11-02")
        self.assertEqual((wrong.status, "the earlier first" in wrong.json["detail"]), (422, True))
        other = colleague("Ola", ["protection_officer"], [second])
        self.assertIn("Incidents reported in the period: 0.", words(blocks(other, path)))
        closed, unknown = (other.call("GET", f"{path}&case={c}") for c in (first, "nothing"))
        self.assertEqual((closed.status, closed.bytes), (404, unknown.bytes))
        confidential = head.call("POST", "/cases", {"code": "SEC", "title": "Behind a reason"}).json["id"]
        etag = head.call("GET", f"/cases/{confidential}/label").json["etag"]
        self.assertEqual(head.call("PUT", f"/cases/{confidential}/label", {"classification": "CONFIDENTIAL", "compartments": [], "reason": "names of sources"}, {"If-Match": etag}).status, 200)
        silent = words(blocks(colleague("Fay", ["protection_officer", "duty_officer"], [first, confidential], clearance="CONFIDENTIAL", silent=True), path))
        self.assertTrue(silent.startswith("Without the cases for which no purpose was chosen: SEC."), silent[:100])
        self.assertIn("Incidents reported in the period: 2.", silent)
        self.assertNotIn("no purpose was chosen", said)
        month = officer.call("GET", "/templates/incident_report/document?from=2026-11-01&to=2026-11-30&lang=fr")
        self.assertEqual(month.bytes[:5], b"%PDF-")

    def test_the_same_records_make_the_same_document(self):
        self.assertEqual(blocks(lawyer, f"/records/{person}/document?template=warrant_application"), blocks(lawyer, f"/records/{person}/document?template=warrant_application"))

    def test_the_ledger_tells_what_was_printed_with_template_version_and_records(self):
        lawyer.call("GET", f"/records/{person}/document?template=charges&format=docx")
        auditor = colleague("Aud", ["auditor"], [])
        row = auditor.call("GET", "/ledger?act=printed").json["rows"]
        self.assertLessEqual({"charges", person, count, proof}, {r["object"] for r in row})
        told = next(r for r in head.call("GET", f"/records/{proof}/readers").json["rows"] if r["act"] == "printed")
        self.assertEqual({k: json.loads(told["detail"])[k] for k in ("template", "version")}, {"template": "charges", "version": 1})


class Keeping(Test):
    def test_a_template_is_changed_by_who_keeps_words_and_by_who_read_it_last(self):
        opened = head.call("GET", "/templates/review_minutes")
        self.assertEqual((opened.json["editable"], opened.headers["ETag"]), (True, '"2"'), "as it is shipped")
        declaration = opened.json["declaration"]
        declaration["title"]["en"] = "Record of review: {title}"
        put = lambda who, version, what=declaration: who.call("PUT", "/templates/review_minutes", what, {"If-Match": f'"{version}"'})
        self.assertEqual(put(lawyer, 2).status, 403)
        self.assertEqual(put(head, 2).json, {"version": 3})
        late = put(head, 2)
        self.assertEqual((late.status, late.json["current"]["version"]), (412, 3))
        self.assertEqual(head.call("PUT", "/templates/review_minutes", declaration).status, 422, "without If-Match")
        self.assertEqual([v["version"] for v in head.call("GET", "/templates/review_minutes").json["versions"]], [3, 2])
        declaration["title"]["en"] = "{titel}"
        wrong = put(head, 3)
        self.assertEqual(wrong.status, 422)
        self.assertTrue(wrong.json["detail"].startswith('template review_minutes.title.en: review has no field "titel"; it has title, '), wrong.json["detail"])

    def test_what_is_not_kept_yet_is_tried_out(self):
        declaration = head.call("GET", "/templates/charges").json["declaration"]
        declaration["blocks"] = [{"block": "paragraph", "en": "Only {title}", "fr": "Seul {title}"}]
        body = {"declaration": json.dumps(declaration), "code": person, "lang": "en"}
        self.assertEqual(words(head.call("POST", "/template-previews", body).json), "Only The Prosecutor v. Vask")
        self.assertEqual(head.call("POST", "/template-previews", body | {"code": ""}).json, {"blocks": None})
        self.assertEqual(head.call("POST", "/template-previews", body | {"code": "PIC-0000000"}).status, 404)
        self.assertEqual(lawyer.call("POST", "/template-previews", body).status, 403)
        broken = head.call("POST", "/template-previews", body | {"declaration": '{\n"template" oops'})
        self.assertEqual((broken.status, broken.json["detail"].startswith("not JSON at line 2, column ")), (422, True), broken.bytes)


if __name__ == "__main__":
    unittest.main()
