#!/usr/bin/env python3
"""Declared records on the running server: a person's whole way with one, and what others learn of it: nothing."""
import io
import json
import pathlib
import socketserver
import sys
import threading
import time
import unittest
import zipfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import api_test as office_of
from api_test import Test, colleague

LEAD = {"title": "Lorry at the bridge", "received": "2026-11-01", "account": "Seen at the bridge of Bria"}


def setUpModule():
    office_of.setUpModule()
    global head, ben, cem, first, second
    head, first, second = office_of.head, office_of.first, office_of.second
    ben = colleague("Ben", ["investigator"], [first])
    cem = colleague("Cem", ["analyst"], [second])


def tearDownModule():
    office_of.tearDownModule()


def add(who, case=None, **values):
    answer = who.call("POST", "/kinds/lead/records", {"case": case or first, "values": LEAD | values})
    assert answer.status == 201, answer.bytes
    return answer.json["code"]


def find(who, **query):
    answer = who.call("POST", "/kinds/lead/queries", query)
    assert answer.status == 200, answer.bytes
    return answer.json


def put(who, code, version, **values):
    return who.call("PUT", f"/records/{code}", {"values": LEAD | values}, {"If-Match": f'"{version}"'})


def move(who, code, version, name, **body):
    return who.call("POST", f"/records/{code}/transitions/{name}", body, {"If-Match": f'"{version}"'})


class Records(Test):
    def test_each_of_several_versions_of_one_second_is_shown_as_it_was(self):
        code = add(ben, title="Version 1")
        for n in (2, 3, 4):
            self.assertEqual(put(ben, code, n - 1, title=f"Version {n}").status, 200)
        versions = ben.call("GET", f"/records/{code}/history").json["versions"]
        self.assertEqual(len(versions), 4)
        for v in versions:
            shown = ben.call("GET", f"/records/{code}?as_of={v['at']}").json
            self.assertEqual((shown["version"], shown["values"]["title"]), (v["version"], f"Version {v['version']}"))

    def test_a_declared_kind_tells_its_form_its_words_and_where_one_may_add(self):
        kind = ben.call("GET", "/kinds/lead").json
        self.assertEqual([c["code"] for c in kind["cases"]], ["KAR"])
        self.assertTrue(kind["bound"])
        self.assertEqual(kind["json_schema"]["properties"]["deaths"], {"type": "integer", "minimum": 0, "maximum": 1000000, "title": "Deaths reported"})
        self.assertIn("admiralty", [c["code"] for c in kind["vocabularies"]["grading"]["codes"]])

    def test_a_record_is_added_changed_and_refused_when_somebody_else_was_first(self):
        code = add(ben)
        page = ben.call("GET", f"/records/{code}")
        self.assertEqual((page.headers["ETag"], page.json["values"]["title"]), ('"1"', "Lorry at the bridge"))
        self.assertEqual(put(head, code, 1, deaths=3).json["version"], 2)
        late = put(ben, code, 1, deaths=4)
        self.assertEqual((late.status, late.json["current"]["values"]["deaths"]), (412, 3))
        self.assertEqual(ben.call("PUT", f"/records/{code}", {"values": LEAD}).status, 422, "without If-Match")

    def test_what_does_not_fit_is_told_field_by_field_in_both_languages(self):
        answer = ben.call("POST", "/kinds/lead/records", {"case": first, "values": {"title": "", "received": "2027-13", "deaths": -1}})
        self.assertEqual(answer.status, 422)
        self.assertEqual({e["field"]: e["code"] for e in answer.json["errors"]}, {"title": "required", "account": "required", "received": "form", "deaths": "least"})
        self.assertTrue(all(e["message"]["en"] and e["message"]["fr"] for e in answer.json["errors"]))

    def test_a_key_adds_once(self):
        send = lambda: ben.call("POST", "/kinds/lead/records", {"case": first, "values": LEAD}, {"Idempotency-Key": "k1"}).json["code"]
        self.assertEqual(send(), send())

    def test_for_who_is_not_of_the_case_a_record_does_not_exist(self):
        code = add(ben, owner=f"P-{head.call('GET', '/session').json['person']['id'].removeprefix('P-')}")
        none = "LEA-0000000"
        for method, path, body in [("GET", "/records/{}", None), ("GET", "/records/{}/history", None), ("GET", "/records/{}/readers", None), ("GET", "/records/{}/comments", None),
                                   ("POST", "/records/{}/comments", {"text": "hello there"}), ("POST", "/records/{}/links", {"relation": "related", "to": none}),
                                   ("POST", "/records/{}/sealed/contact", {"reason": "to know him better"}), ("GET", "/records/{}/document?format=pdf", None)]:
            real, made_up = cem.call(method, path.format(code), body), cem.call(method, path.format(none), body)
            self.assertEqual((real.status, real.bytes), (made_up.status, made_up.bytes), path)
            self.assertEqual(real.status, 404, path)
        self.assertEqual(put(cem, code, 1).bytes, put(cem, none, 1).bytes)
        self.assertEqual(find(cem)["total"], find(cem, filter=[{"field": "case", "op": "is", "value": second}])["total"])
        self.assertEqual(cem.call("POST", "/record-search", {"words": "bridge"}).json["total"], find(cem)["total"])
        mine = find(ben)["query"]
        self.assertEqual(cem.call("GET", f"/record-queries/{mine}/rows").status, 404)
        self.assertEqual(cem.call("GET", f"/record-queries/{mine}/export?format=csv").status, 404)

    def test_the_workflow_asks_for_what_is_missing_and_for_another_person(self):
        code = add(ben)
        refused = move(ben, code, 1, "submit")
        self.assertEqual((refused.status, len(refused.json["missing"])), (409, 2))
        put(ben, code, 1, conclusion="It was theirs", grade={"scheme": "admiralty", "source": "B", "information": "2"})
        self.assertEqual(move(ben, code, 2, "submit").json["state"], "submitted")
        self.assertIn(code, [t["code"] for t in head.call("GET", "/inbox").json["tasks"]])
        self.assertEqual(move(ben, code, 3, "close").status, 403)
        self.assertEqual(move(head, code, 3, "return", reason="short").status, 422)

    def test_a_list_is_sorted_windowed_and_exported(self):
        for i in range(3):
            add(ben, title=f"Export {i}", deaths=i, place={"name": "Bria", "lat": 6.5, "lon": 21.9 + i}, happened="2026-03")
        found = find(ben, words="export", sort=["-deaths"])
        rows = ben.call("GET", f"/record-queries/{found['query']}/rows?offset=0&limit=2").json
        self.assertEqual(([r["title"] for r in rows["rows"]], rows["total"]), (["Export 2", "Export 1"], 3))
        self.assertEqual(len(ben.call("GET", f"/record-queries/{found['query']}/places").json["points"]), 3)
        self.assertEqual(ben.call("GET", f"/record-queries/{found['query']}/times").json["spans"][0]["to"], "2026-11-01")
        csv = ben.call("GET", f"/record-queries/{found['query']}/export?format=csv").bytes.decode()
        self.assertEqual(len(csv.splitlines()), 4)
        self.assertNotIn("contact", csv)
        book = zipfile.ZipFile(io.BytesIO(ben.call("GET", f"/record-queries/{found['query']}/export?format=xlsx").bytes))
        self.assertIn("Export 2", book.read("xl/worksheets/sheet1.xml").decode())

    def test_what_was_asked_of_a_list_is_told_again_to_the_same_person_alone(self):
        asked = {"filter": [{"field": "channel", "op": "in", "value": ["media"]}], "sort": ["-received"], "words": "bridge", "case": first}
        made = find(ben, **asked)["asked"]
        self.assertEqual(ben.call("GET", f"/record-questions/{made}").json, asked | {"kind": "lead"})
        self.assertEqual(find(ben, **asked)["asked"], made, "the same question has the same id")
        self.assertNotEqual(find(head, **asked)["asked"], made)
        self.assertNotIn("asked", find(ben, filter=[], sort=["-changed"], words=""), "the whole list has no question")
        others, none = cem.call("GET", f"/record-questions/{made}"), cem.call("GET", "/record-questions/0123456789abcdef01234567")
        self.assertEqual((others.status, others.bytes), (none.status, none.bytes))
        self.assertEqual(others.status, 404)
        self.assertRegex(made, "^[0-9a-f]{24}$")

    def test_only_the_newest_questions_of_a_person_are_kept(self):
        ids = [find(ben, words=f"word{i}")["asked"] for i in range(202)]
        self.assertEqual([ben.call("GET", f"/record-questions/{i}").status for i in (ids[0], ids[-1])], [404, 200])

    def test_a_record_is_printed_as_pdf_and_docx_with_its_class_on_each_page(self):
        code = add(ben, title="À l'est <rien> & пусто", account="long " * 3000)
        pdf = ben.call("GET", f"/records/{code}/document?format=pdf").bytes
        self.assertTrue(pdf.startswith(b"%PDF") and b"/StructTreeRoot" in pdf and b"/Lang (en)" in pdf)
        docx = zipfile.ZipFile(io.BytesIO(ben.call("GET", f"/records/{code}/document?format=docx").bytes))
        self.assertIn("À l'est &lt;rien&gt; &amp; пусто", docx.read("word/document.xml").decode())
        self.assertIn("INTERNAL", docx.read("word/header1.xml").decode())

    def test_a_table_is_imported_after_a_dry_run_that_tells_each_wrong_line(self):
        table = "title;received;account;deaths\nOne;2026-11-01;x;1\nTwo;2026-11-40;x;-2\n".encode()
        send = lambda more: ben.call("POST", f"/kinds/lead/import?case={first}{more}", table, {"Content-Type": "text/csv"})
        dry = send("&dry=1").json
        self.assertEqual((dry["good"], [(e["line"], e["field"]) for e in dry["errors"]]), (1, [(3, "received"), (3, "deaths")]))
        self.assertEqual(send("").json["added"], [])
        self.assertEqual(len(send("&good_only=1").json["added"]), 1)

    def test_a_calendar_is_read_by_its_address_alone_and_holds_no_names(self):
        code = add(ben, title="Secret name", conclusion="x", grade={"scheme": "admiralty", "source": "B", "information": "2"})
        move(ben, code, 1, "submit")
        address = head.call("POST", "/me/calendar", {}).json["address"]
        path = address[address.index("/calendar/"):]
        feed = office_of.Browser(office_of.server.origin).call("GET", path)
        self.assertEqual(feed.status, 200)
        self.assertNotIn("Secret", feed.bytes.decode())
        head.call("POST", "/me/calendar", {})
        self.assertEqual(office_of.Browser(office_of.server.origin).call("GET", path).status, 404, "a new one ends the old")

    def test_the_last_days_of_time_limits_are_worked_out_by_the_offices_own_table(self):
        due = lambda **found: {l["code"]: l["due"] for l in found["limits"]}
        of = lambda day: due(**ben.call("GET", f"/time-limits?from={day}").json)
        self.assertEqual(of("2026-01-31")["T01"], "2026-02-28")  # a month that is shorter
        self.assertEqual(of("2026-03-31")["T04"], "2026-02-27")  # 30 days before is a Sunday: the Friday before
        self.assertEqual(of("2026-03-02")["T13"], "2026-03-09")  # 5 days after is a Saturday: the Monday after
        answer = head.call("GET", "/vocabularies/non_working_day")
        days = answer.json
        days["codes"].append({"code": "2026-03-09", "en": "A day of the office", "fr": "Un jour du bureau"})
        head.call("PUT", "/vocabularies/non_working_day", days, {"If-Match": answer.headers["ETag"]})
        self.assertEqual(of("2026-03-02")["T13"], "2026-03-10")
        days["codes"].append({"code": "2026-02-30", "en": "No day", "fr": "Aucun jour"})
        refused = head.call("PUT", "/vocabularies/non_working_day", days, {"If-Match": '"2"'})
        self.assertEqual(refused.status, 422, refused.bytes)
        self.assertIn("2026-02-30", refused.bytes.decode())
        for wrong in ("2026-03", "soon", "2026-02-30"):
            self.assertEqual(ben.call("GET", f"/time-limits?from={wrong}").status, 422, wrong)

    def test_a_plan_is_scheduled_and_forecast_for_who_may_read_it_alone(self):
        tasks = [{"code": "A", "task": "Interviews", "days": 30}, {"code": "B", "task": "Logs", "days": 4},
                 {"code": "C", "task": "Draft", "days": 10, "after": "A, B"}]
        values = {"title": "Plan", "plan_type": "INVPLAN", "owner": ben.id, "objectives": "Who ordered it", "tasks": tasks}
        made = head.call("POST", "/kinds/plan/records", {"case": first, "values": values})
        self.assertEqual(made.status, 201, made.bytes)
        code = made.json["code"]
        found = head.call("GET", f"/schedules/{code}").json
        self.assertEqual([(t["code"], t["slack"], t["critical"]) for t in found["tasks"]], [("A", 0, True), ("B", 26, False), ("C", 0, True)])
        self.assertTrue(found["ends"] <= found["p50"] <= found["p80"] <= found["p95"], "tasks of the assumed past take longer than planned")
        self.assertEqual(found, head.call("GET", f"/schedules/{code}").json, "the same day has the same futures")
        hidden, nothing = cem.call("GET", f"/schedules/{code}"), cem.call("GET", "/schedules/PLN-999999")
        self.assertEqual((hidden.status, hidden.bytes), (404, nothing.bytes))

    def test_a_person_is_found_by_name_in_any_script_among_those_one_may_see(self):
        person = lambda case, name, *aliases: head.call("POST", "/kinds/profile/records", {"case": case, "values": {"name": name, "aliases": [{"alias": a} for a in aliases]}}).json["code"]
        mine, other = person(first, "Omar Dagalo", "عمر دقلو"), person(second, "Omar Dagolo")
        asked = lambda who, name: who.call("POST", "/kinds/profile/queries", {"name": name}).json
        found = asked(ben, "Омар Дагало")
        self.assertEqual(found["total"], 1)
        row = ben.call("GET", f"/record-queries/{found['query']}/rows").json["rows"][0]
        self.assertEqual((row["code"], row["likeness"]["name"]), (mine, "Omar Dagalo"))
        self.assertEqual([(p["asked"], p["how"]) for p in row["likeness"]["parts"]], [("омар", "transliterated"), ("дагало", "transliterated")])
        self.assertEqual(ben.call("GET", f"/record-questions/{found['asked']}").json["name"], "Омар Дагало")
        self.assertEqual((asked(cem, "Омар Дагало")["total"], asked(head, "Омар Дагало")["total"]), (1, 2))
        self.assertEqual(asked(ben, "Slobodan")["total"], 0)
        refused = ben.call("POST", "/kinds/lead/queries", {"name": "Omar"})
        self.assertEqual((refused.status, "names of people" in refused.bytes.decode()), (422, True))
        self.assertEqual(ben.call("POST", "/kinds/profile/queries", {"name": "x" * 1001}).status, 429)

    def test_hostile_text_comes_back_as_it_went_in_and_runs_nowhere(self):
        hostile = "<script>alert(1)</script>'; drop table record; -- \\\" ${7*7} %00"
        code = add(ben, title=hostile, account=hostile)
        self.assertEqual(ben.call("GET", f"/records/{code}").json["values"]["title"], hostile)
        answer = ben.call("GET", f"/records/{code}")
        self.assertEqual((answer.headers["Content-Type"], answer.headers["X-Content-Type-Options"]), ("application/json", "nosniff"))
        for path in ["/records/%2e%2e", "/records/LEA-0000000%00", "/kinds/lead%27--"]:
            self.assertIn(ben.call("GET", path).status, (400, 404), path)
        self.assertEqual(ben.call("POST", "/record-search", {"words": "' or 1=1 --"}).json["total"], 0)
        self.assertEqual(ben.call("POST", "/suggest", {"to": ["lead'"], "words": "'"}).json["hits"], [])

    def test_a_session_that_ended_reads_no_record(self):
        code = add(ben)
        eve = colleague("Eve", ["investigator"], [first])
        self.assertEqual(eve.call("GET", f"/records/{code}").status, 200)
        etag = next(p["etag"] for p in head.call("GET", "/people").json["people"] if p["id"] == eve.id)
        head.call("PUT", f"/people/{eve.id}", {"roles": ["investigator"], "cases": [second], "disabled": False}, {"If-Match": etag})
        self.assertEqual(eve.call("GET", f"/records/{code}").status, 401)


class Protection(Test):
    def officer(self, name):
        folder = office_of.work / name
        folder.mkdir()
        made = head.call("POST", "/people", {"name": name, "roles": ["protection_officer"], "cases": [first]})
        self.assertEqual(made.status, 201, made.bytes)
        person = office_of.Browser(office_of.server.origin).enrol_passkey(made.json["link"], office_of.Authenticator(folder))
        person.id = made.json["id"]
        return person

    def make(self, who, kind, **values):
        answer = who.call("POST", f"/kinds/{kind}/records", {"case": first, "values": values})
        self.assertEqual(answer.status, 201, answer.bytes)
        return answer.json["code"]

    def test_an_assessment_is_computed_only_once_it_is_judged_and_a_new_incident_reopens_it(self):
        pia = self.officer("Pia")
        subject = self.make(pia, "subject", pseudonym="Alder", subject_type="witness", cooperation="contacted")
        information = self.make(pia, "information", title="Said to know", text="x", acquired="2026-11-01", tlp="amber", pap="amber", expiry_class="context")
        actor = self.make(pia, "actor", name="The group", actor_kind="group", role="associate", intent=4, capability=3, inhibiting=4, basis=[information])
        values = {"title": "Alder, first", "subject": subject, "circumstances": "x", "own_view": "I am afraid", "wishes": "to stay", "actors": [actor],
                  "e1": 4, "v1": 2, "c1": 2, "impact": 4, "confidence": "low"}
        code = self.make(pia, "ira", **values)
        self.assertNotIn("computed_level", pia.call("GET", f"/records/{code}").json["values"], "R-IRA-2: before both judged")
        judged = pia.call("PUT", f"/records/{code}", {"values": values | {"judged_level": "low"}}, {"If-Match": '"1"'})
        self.assertEqual([e["code"] for e in judged.json["errors"]], ["R-IRA-1"], "below what was computed, alone")
        judged = pia.call("PUT", f"/records/{code}", {"values": values | {"judged_level": "high", "assessor_2": ben.id}}, {"If-Match": '"1"'})
        self.assertEqual(judged.status, 200, judged.bytes)
        shown = pia.call("GET", f"/records/{code}").json["values"]
        self.assertEqual((shown["threat"], shown["computed_level"]), (3.65, "high"), "0.108 a year, 10 % in one, up to 24 % while confidence is low: L4; impact 4")
        self.assertEqual({e["factor"] for e in shown["effects"]}, {"e1", "v1", "c1"})
        self.assertGreater(next(e for e in shown["effects"] if e["factor"] == "e1")["points"], 0)
        self.assertLess(next(e for e in shown["effects"] if e["factor"] == "c1")["points"], 0, "what the person can set against it lowers it")
        self.assertEqual([], [t for t in pia.call("GET", "/inbox").json["tasks"] if t["code"] == code])
        self.make(pia, "incident", title="Called at night", act_family="threat", when="2026-11-20", reported="2026-11-21", account="x", victims=[subject],
                  verification="unverified", severity_actual=2, severity_potential=4, art70="unclear")
        self.assertEqual(["R-IRA-4: a new incident; review the assessment"], [t["label"]["en"] for t in pia.call("GET", "/inbox").json["tasks"] if t["code"] == code])

    def test_a_subject_exists_for_nobody_but_those_who_protect_them(self):
        pia = self.officer("Paz")
        subject = self.make(pia, "subject", pseudonym="Birch", subject_type="witness", cooperation="contacted")
        self.assertEqual(ben.call("GET", f"/records/{subject}").status, 200, "an investigator of the case may know the code")
        for who in (cem, colleague("Gil", ["budget_officer"], [first]), colleague("Lou", ["analyst"], [first])):
            self.assertEqual(who.call("GET", f"/records/{subject}").status, 404)
            self.assertEqual(who.call("POST", "/kinds/subject/queries", {}).status, 404)
            self.assertEqual(who.call("POST", "/record-search", {"words": "birch"}).json, {"total": 0, "hits": []})
            self.assertEqual(who.call("POST", "/suggest", {"to": ["subject"], "words": "bir"}).json, {"hits": []})
            self.assertNotIn("subject", [k["kind"] for k in who.call("GET", "/kinds").json["kinds"]])

    def test_the_model_of_risk_is_the_offices_and_a_matrix_that_is_not_monotone_is_refused_by_its_cells(self):
        answer = head.call("GET", "/vocabularies/risk_model")
        model = answer.json
        rows = {c["code"]: c for c in model["codes"]}
        changed = lambda: head.call("PUT", "/vocabularies/risk_model", model, {"If-Match": answer.headers["ETag"]})
        rows["matrix_5"]["values"] = [0, 1, 0, 3, 4]
        self.assertIn("L5 I3 lies below", changed().json["detail"])
        rows["matrix_5"]["values"] = [0, 1, 2, 3]
        self.assertIn("risk_model.matrix_5: \"values\" holds 5 figures", changed().json["detail"])
        rows["matrix_5"]["values"] = [1, 1, 2, 3, 4]
        self.assertEqual(changed().status, 200)

    def test_an_office_cannot_move_a_person_by_itself(self):
        pia, paz = self.officer("Pim"), self.officer("Pat")
        subject = self.make(pia, "subject", pseudonym="Cedar", subject_type="witness", cooperation="contacted")
        code = self.make(pia, "measure", title="Move away", family="MOV", subject=subject, description="x", authority="vws", legal_basis="Art. 43(6)",
                         why_not_less="locks would not do", introduced_risks="none identified", consent_on="2026-11-01")
        refused = move(paz, code, 1, "authorise")
        self.assertEqual((refused.status, refused.json["missing"][0]["en"]), (409, "R-MIT-2: a decision of VWS or a Chamber"))
        alone = pia.call("POST", "/kinds/measure/records", {"case": first, "values": {"title": "Move away", "family": "MOV", "subject": subject, "description": "x", "authority": "officer",
                         "legal_basis": "Art. 43(6)", "why_not_less": "locks would not do", "introduced_risks": "none identified"}})
        self.assertEqual([e["code"] for e in alone.json["errors"]], ["R-MIT-2"])
        # A referral that nobody has decided is no decision.
        referral = self.make(pia, "referral", **self.referral(subject))
        named = pia.call("PUT", f"/records/{code}", {"values": pia.call("GET", f"/records/{code}").json["values"] | {"decision": referral}}, {"If-Match": '"1"'})
        self.assertEqual(named.status, 200, named.bytes)
        self.assertEqual(self.lacks(move(paz, code, 2, "authorise")), ["R-MIT-2: a decision of VWS or a Chamber"])

    def referral(self, subject):
        """Every field that is required, with the first value that does."""
        need = {f["name"]: f for f in head.call("GET", "/kinds/referral").json["fields"] if f.get("required") and not f.get("when")}
        first_of = lambda name: head.call("GET", f"/vocabularies/{name}").json["codes"][0]["code"]
        value = {"coded": lambda f: first_of(f["vocabulary"]), "text": lambda f: "x", "long": lambda f: "x", "date": lambda f: "2026-11-01", "reference": lambda f: subject, "yes_no": lambda f: True,
                 "integer": lambda f: f.get("min", 1), "staff": lambda f: "P-1"}
        return {name: value[f["type"]](f) for name, f in need.items()}

    def lacks(self, answer):
        self.assertEqual(answer.status, 409, answer.bytes)
        return [m["en"] for m in answer.json["missing"]]

    def incident(self, who, **more):
        return self.make(who, "incident", **({"title": "x", "act_family": "exposure", "when": "2026-11-20", "reported": "2026-11-21", "account": "x", "verification": "unverified", "severity_actual": 2,
                                              "severity_potential": 4, "art70": "unclear"} | more))

    def test_an_exposure_names_whom_it_exposes_and_a_near_miss_closes_with_how_the_measures_held(self):
        pia = self.officer("Peg")
        exposed = self.incident(pia)
        self.assertEqual(self.lacks(move(pia, exposed, 1, "triage")), ["R-INC-4: everybody whom the exposure names or lets infer"])
        subject = self.make(pia, "subject", pseudonym="Dogwood", subject_type="witness", cooperation="contacted")
        self.assertEqual(move(pia, self.incident(pia, victims=[subject]), 1, "triage").status, 200)
        near = self.incident(pia, act_family="near_miss", techniques=[head.call("GET", "/vocabularies/ttp").json["codes"][-1]["code"]])
        for version, name in ((1, "triage"), (2, "code")):
            self.assertEqual(move(pia, near, version, name).status, 200)
        self.assertIn("R-INC-3: how the measures held", self.lacks(move(self.officer("Pru"), near, 3, "close")))

    def test_a_profile_is_accepted_on_graded_information_alone(self):
        pia, paz = self.officer("Pola"), self.officer("Peta")
        said = lambda **more: self.make(pia, "information", title="Said to know", text="x", acquired="2026-11-01", tlp="amber", pap="amber", expiry_class="context", **more)
        actor = lambda *basis: self.make(pia, "actor", name="The group", actor_kind="group", role="associate", intent=4, capability=3, inhibiting=4, basis=list(basis), confidence="low")
        graded = said(grade={"scheme": "admiralty", "source": "B", "information": "2"})
        self.assertEqual(self.lacks(move(paz, actor(graded, said()), 1, "accept")), ["R-ACT-2: a grade of each item that it rests on"])
        self.assertEqual(move(paz, actor(graded), 1, "accept").status, 200)

    def test_a_named_second_assessor_judges_and_who_is_known_to_a_resolved_actor_is_not_rated_low(self):
        pia, paz = self.officer("Pol"), self.officer("Pio")
        subject = self.make(pia, "subject", pseudonym="Elder", subject_type="witness", cooperation="contacted")
        information = self.make(pia, "information", title="Said to know", text="x", acquired="2026-11-01", tlp="amber", pap="amber", expiry_class="context")
        actor = self.make(pia, "actor", name="The group", actor_kind="group", role="associate", intent=4, capability=1, inhibiting=1, basis=[information])
        values = {"title": "Elder", "subject": subject, "circumstances": "x", "own_view": "x", "wishes": "x", "actors": [actor], "e1": 4, "impact": 1, "confidence": "high", "rationale": "x",
                  "valid_until": "2027-01-01", "judged_level": "low", "assessor_2": paz.id}
        code = self.make(pia, "ira", **values)
        self.assertEqual(move(pia, code, 1, "begin").status, 200)
        self.assertEqual(self.lacks(move(paz, code, 2, "final")), ["R-IRA-1: the judgement of the second assessor who is named", "R-IRA-5: a level above Low: an actor of strong intent knows who the person is"])

    def test_what_is_locked_or_approved_by_a_second_person_is_not_rewritten_on_the_way(self):
        pia, paz = self.officer("Pam"), self.officer("Piet")
        subject = self.make(pia, "subject", pseudonym="Gorse", subject_type="witness", cooperation="contacted")
        code = self.make(pia, "ira", title="Gorse", subject=subject, circumstances="As found", own_view="x", wishes="x", impact=1, confidence="high", judged_level="medium")
        self.assertEqual(move(pia, code, 1, "begin").status, 200)
        approving = lambda **values: move(paz, code, 2, "final", values={"rationale": "As discussed", "valid_until": "2027-01-01"} | values)
        wrong = approving(circumstances="As I would have it")
        self.assertEqual((wrong.status, [(e["field"], e["code"]) for e in wrong.json["errors"]]), (422, [("circumstances", "not_asked")]))
        self.assertEqual(approving(circumstances="As found").status, 200, "what was asked for is given with the approval; the rest is sent as it is")
        rewritten = move(pia, code, 3, "review", reason="an event", values={"judged_level": "low"})
        self.assertEqual((rewritten.status, [(e["field"], e["code"]) for e in rewritten.json["errors"]]), (422, [("judged_level", "not_asked")]))
        self.assertEqual(move(pia, code, 3, "review", reason="an event").status, 200)
        self.assertEqual(pia.call("GET", f"/records/{code}").json["values"]["judged_level"], "medium")


class MailServer(socketserver.StreamRequestHandler):
    """Takes mail as RFC 5321 has it, and keeps it."""

    taken = []

    def handle(self):
        say = lambda line: self.wfile.write(line.encode() + b"\r\n")
        say("220 mail.office.example")
        for line in self.rfile:
            word = line[:4].upper()
            if word == b"DATA":
                say("354 go on")
                text = b""
                while not text.endswith(b"\r\n.\r\n"):
                    text += self.rfile.readline()
                MailServer.taken.append(text.decode())
            if word == b"QUIT":
                return say("221 well")
            say("250 well")


class Mail(unittest.TestCase):
    def test_a_task_is_told_by_mail_without_a_word_of_its_content(self):
        work = office_of.work / "mail"
        work.mkdir()
        sink = socketserver.ThreadingTCPServer(("127.0.0.1", 0), MailServer)
        threading.Thread(target=sink.serve_forever, daemon=True).start()
        settings = work / "mail.json"
        settings.write_text(json.dumps({"server": f"smtp://127.0.0.1:{sink.server_address[1]}", "from": "custos@office.example", "tls": False}))
        office = office_of.blackbox.Office(office_of.blackbox.default_program(), work / "office")
        office.run("init", "--owner", "Ada")
        office.run("case add", "--code", "KAR", "--title", "Case")
        server = office_of.Server(office, link=True, more=("--mail", settings))
        self.addCleanup(sink.shutdown)
        self.addCleanup(server.stop)
        ada = office_of.Browser(server.origin).enrol_passkey(server.link, office_of.Authenticator(work))
        case = ada.call("GET", "/cases").json["cases"][0]["id"]
        made = ada.call("POST", "/people", {"name": "Ben", "roles": ["investigator"], "cases": [case]}).json
        other = office_of.Browser(server.origin).enrol(made["link"])
        self.assertEqual(other.call("PUT", "/me/mail", {"address": "ben@office.example\r\nBcc: all@world.example"}).status, 422)
        self.assertEqual(other.call("PUT", "/me/mail", {"address": "ben@office.example"}).status, 204)
        self.assertEqual(other.call("GET", "/me/mail").json, {"address": "ben@office.example", "available": True})
        code = ada.call("POST", "/kinds/lead/records", {"case": case, "values": LEAD | {"owner": made["id"], "conclusion": "x", "grade": {"scheme": "admiralty", "source": "B", "information": "2"}}}).json["code"]
        self.assertEqual(move(ada, code, 1, "submit").status, 200)
        self.assertEqual(move(ada, code, 2, "return", reason="who saw it, and when").status, 200)
        until = time.time() + 30
        while not MailServer.taken and time.time() < until:
            time.sleep(0.2)
        self.assertEqual(len(MailServer.taken), 1)
        mail = MailServer.taken[0]
        self.assertIn("To: <ben@office.example>", mail)
        self.assertIn("There are 1 new notices for you in Custos", mail)
        for secret in ("Lorry", "Bria", code, "KAR", "lead"):
            self.assertNotIn(secret, mail)


if __name__ == "__main__":
    unittest.main(defaultTest=["Records", "Protection", "Mail"])
