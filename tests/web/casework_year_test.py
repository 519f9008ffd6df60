#!/usr/bin/env python3
"""An invented situation from information received to appeal, on the running server. Every level, deadline, state and
lineage is worked out by hand here and compared with what Custos says.

Velmora, 2019: the Bridge Guard under Rask Orune shells the market of Ilse and keeps women in the mill. A State Party
refers the situation. Orune is charged with murder, rape and pillage; pillage is withdrawn; the warrant is under seal until
he flees; charges are confirmed in his absence; he is arrested, tried, convicted of one count and acquitted of the
other; the conviction is upheld."""
import pathlib
import random
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import people_test as office
import proof_test as proof
from proof_test import add, alter, errors, matrix, rate, step


def setUpModule():
    office.setUpModule()
    global head, first, deputy, lawyer
    head, first = proof.head, proof.first = office.head, office.first
    deputy, lawyer = office.colleague("Dena Deputy", ["deputy_prosecutor"], [first]), office.colleague("Lea", ["trial_lawyer"], [first])
    for one in (head, deputy, lawyer):
        one.call("PUT", f"/cases/{first}/purpose", {"purpose": "trial", "reason": "the work of this test"})


def tearDownModule():
    office.tearDownModule()


class Casework(unittest.TestCase):
    def page(self, code, who=None):
        answer = (who or head).call("GET", f"/records/{code}")
        self.assertEqual(answer.status, 200, answer.bytes)
        return answer.json

    def goes(self, code, name, to, who=None, reason=None, **values):
        answer = step(code, name, reason, who, **values)
        self.assertEqual((answer.status, answer.json.get("state")), (200, to), answer.bytes)

    def lacks(self, code, name, *what, who=None):
        answer = step(code, name, None, who)
        self.assertEqual((answer.status, [m["en"] for m in answer.json.get("missing", [])]), (409, list(what)), answer.bytes)

    def sets(self, code, who=None, /, **values):
        answer = alter(code, who, **values)
        self.assertEqual(answer.status, 200, answer.bytes)

    def due(self, of, limit):
        limits = head.call("GET", f"/time-limits?from={of}").json["limits"]
        return next(l["due"] for l in limits if l["code"] == limit)

    def found(self, kind, *states, who=None):
        words = {"filter": [{"field": "state", "op": "in", "value": list(states)}], "case": first}
        return (who or head).call("POST", f"/kinds/{kind}/queries", words).json["total"]

    def review(self, person, kind, votes, decision):
        """Held as the rules have it: declared, frozen, voted, decided, closed by another."""
        code = add("review", title=f"{kind} review", person=person, review_type=kind, members=["P-1", "P-2"],
                   declarations=[{"member": "P-1", "conflict": False}, {"member": "P-2", "conflict": False}])
        self.goes(code, "freeze", "frozen")
        self.sets(code, votes=[{"count": c, "member": m, "vote": v, "reasons": "As argued in the memorandum"} for (c, m), v in votes.items()],
                  dissent="P-2 would not charge the pillage", recommendation=decision, decision=decision, decided_by="P-1", decided_on="2026-11-20", next_review="2027-11-20")
        self.goes(code, "vote", "voted")
        self.goes(code, "close", "closed", deputy)
        return code

    def test_from_information_received_to_appeal(self):
        # --- the situation: a referral needs no authorisation of the Chamber
        situation = add("situation", title="Situation in Velmora", number="ICC-91/30", basis="REF-SP", territory="Velmora", period="2019-03-01/2019-09-30")
        self.goes(situation, "examine", "s02")
        self.lacks(situation, "request", "gravity assessed", "complementarity assessed", "a proprio motu trigger", who=deputy)
        self.goes(situation, "open", "s04", deputy, reason="reasonable basis, referral of a State Party")

        # --- the case: nothing is selected without an approved plan
        profile = add("profile", name="Rask Orune", aliases=[{"alias": "Раск Оруне", "script": "Cyrillic"}])
        person = add("suspect_case", title="The Prosecutor v. Orune", person=profile, situation=situation, hypothesis="Orune commanded the Bridge Guard and ordered the shelling of Ilse.")
        # Interviews 10 days; then the radio log 5 and the autopsies 3 side by side; then the memorandum 2: 17 days,
        # of which the autopsies may be 2 late.
        task = lambda code, days, after="": {"code": code, "task": code, "days": days, "after": after, "begins": "2027-01-04"} if not after else {"code": code, "task": code, "days": days, "after": after}
        plan = add("plan", title="Investigation plan", plan_type="SITPLAN", owner="P-1", objectives="Who ordered the shelling", tasks=[task("interviews", 10), task("radio", 5, "interviews"), task("autopsies", 3, "interviews"), task("memo", 2, "radio, autopsies")])
        days = {t["code"]: (t["begins"], t["ends"], t["slack"], t["critical"]) for t in head.call("GET", f"/schedules/{plan}").json["tasks"]}
        self.assertEqual(days, {"interviews": ("2027-01-04", "2027-01-13", 0, True), "radio": ("2027-01-14", "2027-01-18", 0, True),
                                "autopsies": ("2027-01-14", "2027-01-16", 2, False), "memo": ("2027-01-19", "2027-01-20", 0, True)})
        self.sets(person, plan=plan)
        self.lacks(person, "select", "an approved investigation plan", who=deputy)
        self.goes(plan, "submit", "submitted")
        self.goes(plan, "approve", "approved", deputy)
        self.goes(person, "select", "c02", deputy)

        # --- the counts
        charge = lambda title, crime, mode: add("count", title=title, person=person, crime=crime, modes=[mode], period="2019-04", facts="As in the statement of facts")
        murder, rape, pillage = charge("Murder at Ilse", "7(1)(a)", "M-25-3-b-O"), charge("Rape at the mill", "7(1)(g)-1", "M-28-a"), charge("Pillage of Ilse", "8(2)(e)(v)", "M-25-3-b-O")
        self.assertEqual([self.page(c)["values"].get("sgbc") for c in (murder, rape, pillage)], [None, True, None], "the crime says so until a lawyer does")

        # --- the proof of the murder: every element gets SG, the order only RG; the level is the weakest
        level = lambda count: next(c for c in matrix(person)["counts"] if c["code"] == count)
        elements = level(murder)["elements"]
        self.assertIsNone(level(murder)["level"], "nothing is rated yet")
        crime = [e for e in elements if not e["mode"]]
        for e in crime:
            rate(murder, "4", element=e["code"])
        rated = [e for e in elements if e["mode"]]
        self.assertEqual([e["code"] for e in rated], ["M-25-3-b-O-1", "M-25-3-b-O-2", "M-25-3-b-O-3"], "ordering has three elements")
        for e in rated:
            rate(murder, "3", element=e["code"])
        self.assertEqual((level(murder)["level"], level(murder)["weakest"]), ("3", [e["code"] for e in rated]))
        killed = add("proposition", text="Thirty-one people died in the market", count=murder, element=crime[0]["code"], kind="material", exonerating_searched=True)
        for source, direction in (("Hospital", "incriminating"), ("W-7", "incriminating"), ("W-7", "incriminating"), ("W-9", "exonerating")):
            add("proof", quote="seen", proposition=killed, items=[f"{first}-1"], page=1, direction=direction, source=source, evidence_type="T01")
        covered = next(e for e in level(murder)["elements"] if e["code"] == crime[0]["code"])
        self.assertEqual((covered["coverage"]["links"], covered["coverage"]["sources"], covered["coverage"]["exonerating"], covered["gaps"]), (4, 2, 1, ["exonerating"]))

        # --- reviews: the internal one, then the panel, which would not charge the pillage
        all_yes = {(c, m): "yes" for c in (murder, rape, pillage) for m in ("P-1", "P-2")}
        self.lacks(person, "internal", "a closed formal internal review", who=deputy)
        self.sets(person, internal_review=self.review(person, "formal", all_yes, "proceed"))
        self.goes(person, "internal", "c03", deputy)
        panel = self.review(person, "external", all_yes | {(pillage, "P-2"): "no"}, "proceed_reduced")
        self.sets(person, external_review=panel)
        self.goes(person, "external", "c04", deputy)
        frozen = matrix(panel)
        self.assertEqual(([c["level"] for c in frozen["counts"]], frozen["frozen"]["holds"]), (["3", None, None], True))
        self.sets(pillage, outcomes=[{"stage": "AWA", "on": "2026-11-21", "outcome": "AWA.withdrawn"}])
        self.goes(pillage, "withdraw", "withdrawn", deputy, reason="no prospect: the only witness died")

        # --- the application
        self.sets(person, head="P-1")
        self.lacks(person, "apply", "what is sought: a warrant or a summons", "why arrest is necessary, with the facts that show it, art. 58(1)(b) and (2)(e)", "the date of the application", who=deputy)
        self.sets(person, sought="warrant", necessity=["58(1)(b)(i)", "58(1)(b)(iii)"], necessity_reasons="He crossed the border twice; the Guard still holds the mill.", application_on="2026-11-22")
        self.assertEqual(step(person, "apply").status, 403, "not by who wrote it")
        self.goes(person, "apply", "c05", deputy)
        for count in (murder, rape):
            self.goes(count, "apply", "applied")
        self.sets(person, warrant_on="2026-11-24")
        self.goes(person, "warrant", "c06")

        # --- one day he is named in public, in the office's words; no charge was notified yet
        public = lambda who=None: (who or head).call("GET", "/warrants/public").json["persons"]
        self.sets(person, public_on="2019-12-01")
        self.assertEqual([(p["name"], p["state"]["en"], p["crimes"]) for p in public(lawyer)], [("Rask Orune", "At large", [])])

        # --- the warrant is under seal: for the lawyer, who stands outside, there is no such person and no such count
        wall = head.call("POST", "/compartments", {"name": "Orune"}).json["id"]
        office.granted(deputy, compartments=[wall])
        etag = head.call("GET", f"/records/{person}").headers["ETag"]
        sealed = head.call("PUT", f"/records/{person}/label", {"classification": "INTERNAL", "compartments": [wall], "reason": "warrant under seal", "along": True}, {"If-Match": etag})
        self.assertEqual(sealed.status, 200, sealed.bytes)
        # 3 counts, 2 reviews, 1 proposition with 4 proofs, the ratings (3 of the crime, 3 of the mode), and the case
        # hypothesis before the Gender and Children Unit
        self.assertEqual(sealed.json["others"], 3 + 2 + 1 + 4 + len(crime) + 3 + 1)
        for code in (person, murder, panel, killed):
            self.assertEqual(lawyer.call("GET", f"/records/{code}").status, 404)
        self.assertEqual(lawyer.call("GET", f"/proof-matrix/{panel}").status, 404)
        self.assertEqual(self.found("suspect_case", "c06", who=lawyer), self.found("suspect_case", "c06") - 1)
        self.page(profile, lawyer)

        for who in (head, deputy, lawyer):
            self.assertEqual(public(who), [], "behind a wall of its own nothing is public, whatever its date")

        # --- at large, and confirmation in his absence
        self.goes(person, "at_large", "c08")
        self.lacks(person, "in_absentia", "the steps taken, art. 61(2)(b)", who=deputy)
        self.sets(person, steps_to_secure="Red notice; requests to three States; radio notices in two languages")
        self.goes(person, "in_absentia", "c11", deputy)
        self.goes(person, "prepare", "c12")
        for count in (murder, rape):
            self.goes(count, "charge", "charged", deputy)
        # Hearing on Monday 15 March 2027: thirty days before is Saturday 13 February, so the last day is Friday the 12th.
        self.assertEqual((self.due("2027-03-15", "T04"), self.due("2027-03-15", "T07")), ("2027-02-12", "2027-03-12"))
        self.goes(person, "hear", "c13")
        self.lacks(person, "confirm", "the date of the decision")
        self.sets(person, confirmed_on="2027-05-14")
        self.goes(person, "confirm", "c14")
        for count in (murder, rape):
            self.assertEqual(errors(alter(count, outcomes=[{"stage": "DCC_DECISION", "outcome": "TRIAL.convicted"}])), [("outcomes[0].outcome", "other_stage")])
            self.sets(count, outcomes=[{"stage": "AWA", "outcome": "AWA.applied"}, {"stage": "DCC_DECISION", "on": "2027-05-14", "outcome": "DCC_DECISION.confirmed"}])
            self.goes(count, "confirm", "confirmed")

        # --- no trial in his absence, art. 63(1); he is arrested, and is committed on the charges that were confirmed
        self.lacks(person, "to_trial", "the presence of the accused, art. 63(1)")
        self.goes(person, "to_large", "c08")
        self.goes(person, "arrest", "c09")
        self.sets(person, surrendered_on="2027-09-01")
        self.goes(person, "appear", "c10")
        self.goes(person, "to_trial", "c17")
        self.goes(person, "trial", "c18")

        # --- judgment: guilty of the murder, not of the rape
        ended = lambda count, result: self.sets(count, outcomes=self.page(count)["values"]["outcomes"] + [{"stage": "TRIAL", "on": "2028-06-30", "outcome": result}])
        ended(murder, "TRIAL.convicted")
        self.goes(murder, "convict", "convicted")
        ended(rape, "TRIAL.acquitted")
        self.goes(rape, "acquit", "acquitted")
        self.goes(person, "convict", "c19")
        self.goes(person, "sentence", "c22")
        # Judgment on 30 June 2028, a Friday: thirty days later is Sunday 30 July, so the last day is Monday the 31st.
        self.assertEqual(self.due("2028-06-30", "T12"), "2028-07-31")
        self.goes(person, "appeal", "c23")
        self.sets(murder, outcomes=self.page(murder)["values"]["outcomes"] + [{"stage": "APPEAL", "on": "2029-02-01", "outcome": "APPEAL.upheld"}])
        self.goes(person, "enforce", "c25")
        self.goes(person, "complete", "c99")

        # --- what stands in the end
        self.assertEqual([(o["stage"], o["outcome"]) for o in self.page(murder)["values"]["outcomes"]],
                         [("AWA", "AWA.applied"), ("DCC_DECISION", "DCC_DECISION.confirmed"), ("TRIAL", "TRIAL.convicted"), ("APPEAL", "APPEAL.upheld")])
        ours = lambda *states: {c["code"]: c["state"] for c in matrix(person)["counts"] if c["state"] in states}
        self.assertEqual(ours("convicted", "acquitted", "withdrawn"), {murder: "convicted", rape: "acquitted", pillage: "withdrawn"})
        states = []
        for v in reversed(head.call("GET", f"/records/{person}/history").json["versions"]):
            if not states or states[-1] != v["state"]:
                states.append(v["state"])
        self.assertEqual(states, ["c01", "c02", "c03", "c04", "c05", "c06", "c08", "c11", "c12", "c13", "c14", "c08", "c09", "c10", "c17", "c18", "c19", "c22", "c23", "c25", "c99"])
        self.assertEqual(matrix(panel)["counts"], frozen["counts"], "what the panel voted on is what it was")
        tasks = [t["label"]["en"] for t in self.page(panel)["tasks"]]
        self.assertEqual(tasks, ["Hold the next formal review (12 months)"])
        chart = head.call("GET", f"/proof-matrix/{person}/chart?format=pdf")
        self.assertTrue(chart.bytes.startswith(b"%PDF"))


class Laws(Casework):
    """Whatever people do, in any order: nothing is filed without a review or its waiver (casework.md 7.2, 7), nobody is
    tried who is not there (7.2, 8; art. 63), no count stands at a stage that did not end for it (7.2, 6), and none is made
    that the law does not know (7.2, 14)."""

    test_from_information_received_to_appeal = None

    def test_no_way_leads_to_a_filing_without_review_or_waiver_nor_to_a_trial_in_absence(self):
        situation = add("situation", title="Situation in Velmora", number="ICC-92/30", basis="REF-SP", territory="Velmora", period="2019")
        plan = add("plan", title="Plan", plan_type="SITPLAN", owner="P-1", objectives="Who", tasks=[{"code": "a", "task": "a", "days": 1, "begins": "2027-01-04"}])
        self.goes(plan, "submit", "submitted")
        self.goes(plan, "approve", "approved", deputy)
        profile = add("profile", name="Ilen Dovar")
        draw = random.Random(20261128)
        met = {"c05": 0, "c17": 0, "refused": 0}
        for walk in range(4):
            person = add("suspect_case", title=f"The Prosecutor v. Dovar {walk}", person=profile, situation=situation, hypothesis="He gave the order")
            count = add("count", title="Murder", person=person, crime="7(1)(a)", modes=["M-25-3-b-O"], period="2019", facts="As stated")
            votes = {(count, m): "yes" for m in ("P-1", "P-2")}
            good, bad = self.review(person, "external", votes, "proceed"), self.review(person, "external", votes, draw.choice(["investigate_further", "do_not_pursue"]))
            internal = self.review(person, "formal", votes, "proceed")
            open_one = add("review", title="Open", person=person, review_type="external", members=["P-1"], declarations=[{"member": "P-1", "conflict": False}])
            choices = {"plan": [plan], "internal_review": [internal], "external_review": [good, bad, open_one, None], "review_waiver": ["Waived, as time is short", None, None],
                       "sought": ["warrant", "summons"], "necessity": [["58(1)(b)(i)"]], "necessity_reasons": ["He fled"], "application_on": ["2026-11-22"], "warrant_on": ["2026-11-24"],
                       "surrendered_on": ["2026-11-26", None], "steps_to_secure": ["Sought in three States"], "confirmed_on": ["2026-11-27"]}
            for _ in range(160):
                page = self.page(person)
                if page["state"] in ("c12", "c13", "c14") and page["values"].get("surrendered_on") and draw.random() < 0.5:
                    alter(person, head, surrendered_on=None)
                    continue
                if draw.random() < 0.4:
                    field = draw.choice([*choices, *["surrendered_on", "review_waiver", "external_review"] * 2])
                    alter(person, head, **{field: draw.choice(choices[field])})
                    continue
                ways = [w["name"] for w in page["transitions"] if w["name"] not in ("death", "drop", "close", "reject", "decline", "to_large")]
                if not ways:
                    break
                answer = step(person, draw.choice(ways), "as it is", deputy)
                met["refused"] += answer.status != 200
                if answer.status != 200:
                    continue
                state, values = answer.json["state"], page["values"]
                if state == "c05":
                    met["c05"] += 1
                    self.assertTrue(values.get("external_review") == good or values.get("review_waiver"), values)
                if state in ("c17", "c18"):
                    met["c17"] += state == "c17"
                    self.assertTrue(values.get("surrendered_on"), values)
        self.assertGreater(min(met.values()), 0, f"the walks went too few ways: {met}")

    def person(self, name):
        situation = add("situation", title=f"Situation {name}", basis="REF-SP", territory="Velmora", period="2019")
        return add("suspect_case", title=f"v. {name}", person=add("profile", name=name), situation=situation, hypothesis="x")

    def test_no_count_stands_at_a_stage_without_the_outcome_of_each_that_it_went_through(self):
        # By hand, of casework.md 1.6: what must have ended before a count stands there.
        ended = {"confirmed": {"DCC_DECISION"}, "convicted": {"DCC_DECISION", "TRIAL"}, "acquitted": {"DCC_DECISION", "TRIAL"}}
        rows = {"DCC_DECISION": ["DCC_DECISION.confirmed"], "TRIAL": ["TRIAL.convicted", "TRIAL.acquitted"], "AWA": ["AWA.applied"]}
        person, draw = self.person("Senn Vakar"), random.Random(6)
        met = {"confirmed": 0, "convicted": 0, "refused": 0}
        for walk in range(6):
            count = add("count", title=f"Count {walk}", person=person, crime="7(1)(a)", modes=["M-28-a"], period="2019", facts="x")
            self.goes(count, "charge", "charged", deputy)
            for _ in range(25):
                if draw.random() < 0.5:
                    stages = draw.sample(sorted(rows), draw.randint(0, 3))
                    answer = alter(count, head, outcomes=[{"stage": s, "outcome": draw.choice(rows[s])} for s in stages])
                else:
                    answer = step(count, draw.choice(["confirm", "confirm", "convict", "acquit"]), None, head)
                met["refused"] += answer.status != 200
                page = self.page(count)
                met[page["state"]] = met.get(page["state"], 0) + 1
                self.assertLessEqual(ended.get(page["state"], set()), {row["stage"] for row in page["values"].get("outcomes", [])}, page)
        self.assertGreater(min(met.values()), 0, f"the walks went too few ways: {met}")

    def test_no_count_is_made_of_a_crime_or_a_mode_that_the_law_does_not_know(self):
        codes = head.call("GET", "/vocabularies/crime").json["codes"]
        modes = [c["code"] for c in head.call("GET", "/vocabularies/liability_mode").json["codes"]]
        parts = {c["parent"] for c in codes if "parent" in c}
        person, draw, made = self.person("Tolan Reth"), random.Random(14), []
        for crime in (c["code"] for c in codes):
            of = draw.sample([m for m in modes if m != "M-25-3-e"], draw.randint(1, 2)) + ["M-25-3-e"] * (draw.random() < 0.4)
            answer = proof.send("count", title=crime, person=person, crime=crime, modes=of, period="2019", facts="x")
            lawful = crime not in parts and crime != "8(2)(b)(xx)" and ("M-25-3-e" not in of or crime.startswith("6"))
            self.assertEqual(answer.status, 201 if lawful else 422, (crime, of, answer.bytes))
            if lawful:
                made.append((crime, of, answer.json["code"]))
        self.assertGreater(sum("M-25-3-e" in of for _, of, _ in made), 0)
        counts = {c["code"]: c for c in matrix(person)["counts"]}
        for crime, of, code in made:
            mandatory = {e["code"] for e in counts[code]["elements"] if e["mandatory"]}
            with self.subTest(crime):
                self.assertTrue(any(e["mode"] == "" and e["type"] != "crime" for e in counts[code]["elements"]), "each crime has elements to be proved")
                # Aggression is a crime of leaders: art. 8 bis (1), whichever act it is.
                self.assertEqual("8bis-2" in mandatory, crime.startswith("8bis"))
                self.assertEqual({e["mode"] for e in counts[code]["elements"] if e["mode"]}, set(of))


if __name__ == "__main__":
    unittest.main()
