#!/usr/bin/env python3
"""The evidence workspace, asked as the front end asks it: pictures, sound, tables, notes, saved searches, terms, time and
places; who may, who may not, and what the ledger tells of it."""
import atexit
import json
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import api_test
import blackbox
import exhibits
from client import Authenticator, Browser

work = pathlib.Path(tempfile.mkdtemp(prefix="custos-workspace-"))
atexit.register(shutil.rmtree, work, ignore_errors=True)


def setUpModule():
    global office, server, head, first, second, other, key
    office = blackbox.Office(blackbox.default_program(), work / "office")
    office.run("init", "--owner", "Ada")
    exhibits.main(work / "material")
    (work / "material" / "broken.pdf").write_bytes(b"%PDF-1.4\n" + b"\x00\xff" * 400)
    (work / "material" / "huge.png").write_bytes(b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + struct.pack(">IIBBBBB", 60000, 60000, 8, 2, 0, 0, 0) + b"....")
    (work / "material" / "deep.html").write_text("<html><body>" + "<table><tr><td>" * 10_000 + "bottom")
    for code in ("KAR", "ZED"):
        office.run("case add", "--code", code, "--title", "Case " + code)
        office.run("ingest", work / "material", case=code)
    server = api_test.Server(office, link=True)
    key = Authenticator(work)
    head = Browser(server.origin).enrol_passkey(server.link, key)
    cases = {c["code"]: c["id"] for c in head.call("GET", "/cases").json["cases"]}
    first, second = cases["KAR"], cases["ZED"]
    made = head.call("POST", "/people", {"name": "Zoe", "roles": ["investigator"], "cases": [second]})
    other = Browser(server.origin).enrol(made.json["link"])


def tearDownModule():
    if server.process.poll() is None:
        server.stop()
    said = (api_test.work / "serve.log").read_text()
    assert not said, "the server said:\n" + said


def search(query, facets=None, who=None, case=None):
    asked = (who or head).call("POST", f"/cases/{case or first}/searches", {"query": query, "sort": "path", "facets": facets or {}})
    assert asked.status == 200, asked.bytes
    return asked.json


def item(name, query="*"):
    found = search(query)["search"]
    hits = head.call("GET", f"/searches/{found}/hits?limit=200").json["hits"]
    return [h["item"] for h in hits if h["path"].endswith(name)][0], found


def custody(of):
    return [(r["act"], r["detail"]) for r in head.call("GET", f"/items/{of}/custody").json["rows"]]


class SetPages(unittest.TestCase):
    """Files without pages of their own, set by Custos inside the sandbox."""

    def test_a_mail_is_set_with_its_words_and_the_pages_of_its_hits(self):
        mail, found = item("seen.eml", '"northern barrier"')
        self.assertEqual(head.call("GET", f"/items/{mail}").json["views"], ["pages", "text"])
        page = head.call("GET", f"/items/{mail}/pages/1?search={found}&width=700").json
        self.assertEqual((page["set"], page["cut"], page["width"], page["height"]), ("styled", False, 700, 990))
        self.assertGreater(page["pages"], 1)
        last = page["pages"]
        self.assertEqual(page["hit_pages"], [[1, 1], [last, 1]])
        self.assertEqual([len(h) for h in page["hits"]], [2])
        words = [w[4] for w in page["words"]]
        for said in ("From", "nobody", "https://elsewhere.example.org/photo.png", "الحاجز"):
            self.assertIn(said, words)
        self.assertNotIn("document.title", " ".join(words))
        x = {w[4]: w[0] for w in page["words"]}
        self.assertGreater(x["وقفوا"], x["الشمالي"])
        self.assertEqual([len(h) for h in head.call("GET", f"/items/{mail}/pages/{last}?search={found}").json["hits"]], [2])
        self.assertEqual(head.call("GET", f"/items/{mail}/pages/{last + 1}").status, 404)
        picture = head.call("GET", f"/items/{mail}/pages/1/picture?width=700")
        self.assertEqual((picture.status, picture.bytes[:3]), (200, b"\xff\xd8\xff"))

    def test_letters_are_those_of_a_font_where_there_are_no_files(self):
        document, _ = item("order.docx", "ridge")
        page = head.call("GET", f"/items/{document}/pages/1").json
        wide = {w[4]: w[2] for w in page["words"]}
        # Frames that stand for letters that were not found are as wide for an i as for an m.
        self.assertGreater(wide["mmmmmmmm"], 2.5 * wide["iiiiiiii"])
        self.assertIn("noon", wide)

    def test_a_page_of_tables_without_end_is_refused_in_words_and_its_text_can_be_read(self):
        deep, _ = item("deep.html")
        answer = head.call("GET", f"/items/{deep}/pages/1")
        self.assertEqual((answer.status, answer.json["code"]), (415, "unsupported"))
        self.assertIn("read its text", answer.json["detail"])
        self.assertIn("bottom", head.call("GET", f"/items/{deep}/text").json["text"])

    def test_pages_that_are_the_files_own_are_told_as_such(self):
        pdf, _ = item("inspection.pdf")
        page = head.call("GET", f"/items/{pdf}/pages/1").json
        self.assertEqual((page["set"], page["cut"], page["hit_pages"]), ("", False, []))


class Pages(unittest.TestCase):
    def test_a_page_is_a_jpeg_made_here_with_its_words_and_hits(self):
        pdf, found = item("inspection.pdf", '"quarry road"')
        page = head.call("GET", f"/items/{pdf}/pages/1?search={found}&width=700").json
        self.assertEqual((page["page"], page["pages"], page["width"], page["height"]), (1, 2, 700, 991))
        words = [w[4] for w in page["words"]]
        self.assertEqual(words[:3], ["The", "convoy", "left"])
        boxes = {tuple(w[:4]): w[4] for w in page["words"]}
        self.assertEqual([[boxes[tuple(b)] for b in hit] for hit in page["hits"]], [["quarry", "road"]])
        picture = head.call("GET", f"/items/{pdf}/pages/1/picture?width=700")
        self.assertEqual((picture.status, picture.headers["Content-Type"]), (200, "image/jpeg"))
        self.assertEqual(picture.bytes[:3], b"\xff\xd8\xff")
        self.assertEqual(struct.unpack(">HH", picture.bytes[picture.bytes.index(b"\xff\xc0") + 5:][:4]), (991, 700))
        self.assertEqual(picture.headers["Cache-Control"], "no-store")

    def test_each_look_at_a_page_stands_in_the_ledger(self):
        pdf, _ = item("inspection.pdf")
        before = len(custody(pdf))
        head.call("GET", f"/items/{pdf}/pages/2")
        head.call("GET", f"/items/{pdf}/pages/2/picture")
        self.assertEqual([d for a, d in custody(pdf)[before:] if a == "viewed"][:2], ['{"what":"words","page":2,"purpose":"investigation"}', '{"what":"page","page":2,"purpose":"investigation"}'])

    def test_a_picture_is_never_larger_than_the_original_nor_wider_than_allowed(self):
        png, _ = item("bridge.png")
        self.assertEqual(head.call("GET", f"/items/{png}/pages/1?width=2400").json["width"], 320)
        pdf, _ = item("inspection.pdf")
        self.assertEqual(head.call("GET", f"/items/{pdf}/pages/1?width=999999").json["width"], 2400)

    def test_what_cannot_be_drawn_says_why_and_the_server_goes_on(self):
        text, _ = item("statement 1993.txt")
        broken, _ = item("broken.pdf")
        huge, _ = item("huge.png")
        pdf, _ = item("inspection.pdf")
        self.assertEqual(head.call("GET", f"/items/{text}/pages/1").status, 415)
        self.assertEqual((lambda a: (a.status, a.json["code"]))(head.call("GET", f"/items/{broken}/pages/1/picture")), (422, "not_drawn"))
        self.assertEqual(head.call("GET", f"/items/{huge}/pages/1/picture").status, 429)
        for page in ("3", "0", "x", "-1", "99999999999999999999"):
            self.assertEqual(head.call("GET", f"/items/{pdf}/pages/{page}").status, 404, page)
        self.assertEqual(head.call("GET", f"/items/{pdf}/pages/1").status, 200)


class Media(unittest.TestCase):
    def test_a_sound_is_played_in_pieces_and_told_once_a_sitting(self):
        sound, _ = item("call.wav")
        before = sum(d == '{"what":"media","purpose":"investigation"}' for _, d in custody(sound))
        whole = (work / "material" / "call.wav").read_bytes()
        parts = [head.call("GET", f"/items/{sound}/media", headers={"Range": r}) for r in ("bytes=0-99", "bytes=100-199", "bytes=-10")]
        self.assertEqual([p.status for p in parts], [206, 206, 206])
        self.assertEqual([p.bytes for p in parts], [whole[:100], whole[100:200], whole[-10:]])
        self.assertEqual(parts[0].headers["Content-Type"], "audio/wav")
        self.assertEqual(sum(d == '{"what":"media","purpose":"investigation"}' for _, d in custody(sound)), before + 1)

    def test_its_peaks_show_where_it_is_loud(self):
        sound, _ = item("call.wav")
        peaks = head.call("GET", f"/items/{sound}/peaks").json
        self.assertEqual(peaks["seconds"], 4)
        self.assertGreater(min(peaks["peaks"][55:95]), 180)
        self.assertLess(max(peaks["peaks"][:45]), 20)

    def test_nothing_but_sound_and_film_is_given_that_way(self):
        for name in ("inspection.pdf", "bridge.png", "lorries.csv", "statement 1993.txt"):
            one, _ = item(name)
            self.assertEqual(head.call("GET", f"/items/{one}/media").status, 404, name)
        pdf, _ = item("inspection.pdf")
        self.assertEqual(head.call("GET", f"/items/{pdf}/peaks").status, 415)


class Tables(unittest.TestCase):
    def test_a_window_of_a_table_with_its_hits_in_their_cells(self):
        table, found = item("lorries.csv", '"quarry road"')
        part = head.call("GET", f"/items/{table}/table?offset=249&limit=3&search={found}").json
        self.assertEqual((part["rows"], part["columns"], part["offset"], part["hit_rows"]), (301, 3, 249, [250]))
        self.assertEqual(part["cells"], [["249", "AB-1249", "depot"], ["250", "AB-1250", "\x02quarry road\x03"], ["251", "AB-1251", "depot"]])
        self.assertEqual(head.call("GET", f"/items/{table}/table?offset=999999999&limit=3").json["cells"], [])


class Notes(unittest.TestCase):
    def test_a_note_is_kept_in_versions_and_told_in_the_custody(self):
        pdf, _ = item("inspection.pdf")
        made = head.call("POST", f"/items/{pdf}/notes", {"text": "Which quarry? <img src=x>", "page": 1, "region": [100, 200, 300, 400], "quote": "quarry"})
        self.assertEqual((made.status, made.json["region"], made.json["version"]), (201, [100, 200, 300, 400], 1))
        note = made.json["id"]
        changed = head.call("PUT", f"/notes/{note}", {"text": "The one at the bridge."}, {"If-Match": made.json["etag"]})
        self.assertEqual((changed.status, changed.json["version"], changed.json["page"]), (200, 2, 1))
        late = head.call("PUT", f"/notes/{note}", {"text": "Another."}, {"If-Match": made.json["etag"]})
        self.assertEqual((late.status, late.json["current"]["text"]), (412, "The one at the bridge."))
        self.assertEqual([n["text"] for n in head.call("GET", f"/notes/{note}/history").json["notes"]], ["Which quarry? <img src=x>", "The one at the bridge."])
        self.assertEqual(head.call("DELETE", f"/notes/{note}", headers={"If-Match": late.json["current"]["etag"]}).status, 204)
        self.assertEqual(head.call("GET", f"/items/{pdf}/notes").json["notes"], [])
        self.assertEqual([n["removed"] for n in head.call("GET", f"/notes/{note}/history").json["notes"]], [False, False, True])
        self.assertEqual([a for a, _ in custody(pdf) if a.startswith("note_")], ["note_added", "note_changed", "note_removed"])

    def test_only_the_author_changes_a_note_and_a_wrong_one_is_refused(self):
        pdf = second + "-" + item("inspection.pdf")[0].split("-")[1]
        made = other.call("POST", f"/items/{pdf}/notes", {"text": "Seen by Zoe."}).json
        self.assertEqual(head.call("PUT", f"/notes/{made['id']}", {"text": "No."}, {"If-Match": made["etag"]}).status, 403)
        self.assertEqual([n["text"] for n in head.call("GET", f"/items/{pdf}/notes").json["notes"]], ["Seen by Zoe."])
        for wrong in ({"text": "  "}, {"text": "x" * 30000}, {"text": "x", "region": [0, 0, 1, 1]}, {"text": "x", "page": 1, "region": [9000, 0, 2000, 1]}, {"text": "x", "page": -1}, {"page": 1}):
            self.assertEqual(other.call("POST", f"/items/{pdf}/notes", wrong).status, 422, wrong)


class Corrections(unittest.TestCase):
    def test_a_correction_is_a_layer_that_searches_find_and_the_guess_stays(self):
        png, _ = item("bridge.png")
        read = lambda layer="": head.call("GET", f"/items/{png}/text?page=1{layer}").json
        guessed = read()
        self.assertTrue(guessed["engine"].startswith("tesseract"))
        self.assertIsNone(guessed["correction"])
        write = lambda text, version, method="PUT": head.call(method, f"/items/{png}/pages/1/correction", {"text": text} if method == "PUT" else None, {"If-Match": f'"{version}"'})
        self.assertEqual(search("Konjic")["total"], 0)
        made = write("Sign at the bridge of Konjic <b>1993</b>", 0)
        self.assertEqual((made.status, made.json["version"], made.json["author"]), (200, 1, "P-1"))
        found = search("Konjic")
        self.assertEqual(found["total"], 1)
        self.assertIn("\x02Konjic\x03", head.call("GET", f"/searches/{found['search']}/hits").json["hits"][0]["snippet"])
        self.assertEqual((read()["text"], read()["correction"]["author"]), ("Sign at the bridge of Konjic <b>1993</b>", "P-1"))
        self.assertEqual(read("&layer=recognised")["text"], guessed["text"])
        late = write("Another reading", 0)
        self.assertEqual((late.status, late.json["current"]["version"]), (412, 1))
        self.assertEqual(write("Sign at the bridge of Jablanica", 1).status, 200)
        self.assertEqual((search("Konjic")["total"], search("Jablanica")["total"]), (0, 1))
        self.assertEqual(write("", 2, "DELETE").status, 204)
        self.assertEqual((search("Jablanica")["total"], read()["text"], read()["correction"]["removed"]), (0, guessed["text"], True))
        self.assertEqual(write("Sign at the bridge of Mostar", 3).status, 200)
        versions = head.call("GET", f"/items/{png}/pages/1/correction").json["versions"]
        self.assertEqual([(v["version"], v["removed"]) for v in versions], [(1, False), (2, False), (3, True), (4, False)])
        self.assertEqual([a for a, _ in custody(png) if a == "corrected"], ["corrected"] * 4)
        self.assertEqual((search("Mostar")["total"], search("Konjic")["total"]), (1, 0))

    def test_what_was_read_is_not_corrected_and_a_wrong_page_is_not_there(self):
        pdf, _ = item("inspection.pdf")
        png, _ = item("bridge.png")
        put = lambda one, page, text: head.call("PUT", f"/items/{one}/pages/{page}/correction", {"text": text}, {"If-Match": '"0"'}).status
        self.assertEqual(put(pdf, 1, "x"), 422)
        self.assertEqual([put(png, page, "x") for page in ("2", "0", "y")], [404, 404, 404])
        self.assertEqual(put(png, 1, "  "), 422)


def tag(kind, name, who=None, case=None, **more):
    made = (who or head).call("POST", f"/cases/{case or first}/tags", {"kind": kind, "name": name, **more})
    assert made.status == 201, made.bytes
    return made.json["id"]


def put(of, scope, on=True, who=None, case=None):
    begun = (who or head).call("POST", f"/cases/{case or first}/bulk", {**scope, "tag": of, "on": on})
    assert begun.status == 202, begun.bytes
    return ended(begun.json["job"], who)


def ended(job, who=None):
    for _ in range(200):
        state = (who or head).call("GET", f"/jobs/{job}").json
        if state["state"] == "done":
            return job, state
        time.sleep(0.05)
    raise AssertionError(f"{job} does not end: {state}")


class Filing(unittest.TestCase):
    def test_an_issue_code_is_put_on_a_whole_result_counted_narrowed_by_and_undone(self):
        top = tag("issue", "Attacks", code="3", french="Attaques", description="Of any kind")
        low = tag("issue", "On villages", code="3.1", french="De villages", parent=top)
        found = search("quarry")
        job, state = put(low, {"search": found["search"]})
        self.assertEqual((state["expected"], state["changed"]), (found["total"], found["total"]))
        self.assertEqual(search("issue:3")["total"], found["total"])
        all = search("*")
        self.assertEqual({v["value"]: v["count"] for v in all["facets"]["issue"]}, {"3": found["total"], "3.1": found["total"]})
        self.assertEqual(search("*", {"issue": ["3"]})["total"], found["total"])
        pdf, _ = item("inspection.pdf")
        self.assertEqual(head.call("GET", f"/items/{pdf}").json["issues"], ["3.1"])
        undone = head.call("POST", f"/jobs/{job}/undo", {})
        self.assertEqual(undone.status, 202)
        ended(undone.json["job"])
        self.assertEqual((search("issue:3")["total"], head.call("GET", f"/items/{pdf}").json["issues"]), (0, []))
        refused = head.call("POST", f"/cases/{first}/searches", {"query": "issue:4", "sort": "path", "facets": {}})
        self.assertEqual((refused.status, refused.json["expected"]), (422, 'expected an issue code of this case after issue:, found "4"'))

    def test_a_scheme_is_changed_by_version_and_a_retired_code_takes_nothing_new(self):
        one = tag("issue", "Detention", code="5", french="D\u00e9tention")
        pdf, _ = item("inspection.pdf")
        get = lambda: [t for t in head.call("GET", f"/cases/{first}/tags?kind=issue").json["tags"] if t["id"] == one][0]
        etag = get()["etag"]
        change = lambda body, etag: head.call("PUT", f"/cases/{first}/tags/{one}", body, {"If-Match": etag})
        whole = {"name": "Detention", "code": "5", "french": "D\u00e9tention"}
        self.assertEqual(change({**whole, "retired": True}, etag).status, 204)
        late = change(whole, etag)
        self.assertEqual((late.status, late.json["current"]["retired"]), (412, True))
        self.assertEqual(head.call("POST", f"/cases/{first}/bulk", {"items": [pdf], "tag": one, "on": True}).status, 409)
        self.assertEqual(change({**whole, "french": " "}, get()["etag"]).status, 422)
        self.assertEqual(change({**whole, "parent": one}, get()["etag"]).status, 422)
        self.assertEqual(head.call("POST", f"/cases/{first}/tags", {"kind": "issue", **whole}).status, 409)
        self.assertEqual(head.call("GET", f"/cases/{first}/tags?kind=colour").status, 422)

    def test_folders_are_a_tree_and_an_item_lies_in_several(self):
        trial = tag("folder", "Trial")
        shown, other_one = tag("folder", "Exhibits", parent=trial), tag("folder", "To read")
        png, _ = item("bridge.png")
        put(shown, {"items": [png]})
        put(other_one, {"items": [png]})
        self.assertEqual(head.call("GET", f"/items/{png}").json["folders"], ["To read", "Trial/Exhibits"])
        self.assertEqual(search('folder:"Trial"')["total"], 1)
        tree = {t["path"]: (t["count"], t["below"], t["parent"]) for t in head.call("GET", f"/cases/{first}/tags?kind=folder").json["tags"]}
        self.assertEqual({p: t for p, t in tree.items() if p != "For the Registry"}, {"To read": (1, 1, None), "Trial": (0, 1, None), "Trial/Exhibits": (1, 1, trial)})
        self.assertNotIn("Trial", [t["name"] for t in head.call("GET", f"/cases/{first}/tags").json["tags"]])


ACT = {"kind": "transferred", "at": "2026-11-20T10:15:00+01:00", "from": "M. Kov\u00e1\u010d", "to": "Laboratory", "place": "The Hague", "condition": "sealed", "seal": "A-7731", "reason": "to be examined"}
LIST = {"title": "Annex A", "recipient": "Registry", "purpose": "Filing"}


class Custody(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        made = head.call("POST", "/people", {"name": "Kim", "roles": ["evidence_custodian"], "cases": [first]})
        assert made.status == 201, made.bytes
        folder = work / "kim"
        folder.mkdir()
        cls.keeper = Browser(server.origin).enrol_passkey(made.json["link"], Authenticator(folder))

    def test_who_keeps_items_finds_their_case_and_no_other(self):
        self.assertEqual([c["code"] for c in self.keeper.call("GET", "/cases").json["cases"]], ["KAR"])
        self.assertEqual(self.keeper.call("GET", f"/cases/{first}").json["code"], "KAR")
        hidden, absent = self.keeper.call("GET", f"/cases/{second}"), self.keeper.call("GET", "/cases/0123456789abcdef")
        self.assertEqual((hidden.status, hidden.bytes), (404, absent.bytes))

    def test_an_act_is_recorded_by_who_keeps_custody_and_by_nobody_else(self):
        pdf, found = item("inspection.pdf")
        self.assertEqual(head.call("POST", f"/cases/{first}/custody-acts", {**ACT, "items": [pdf]}).status, 403)
        made = self.keeper.call("POST", f"/cases/{first}/custody-acts", {**ACT, "items": [pdf]})
        self.assertEqual(made.status, 201, made.bytes)
        act, detail = [r for r in custody(pdf) if r[0].startswith("custody_")][-1]
        self.assertEqual(act, "custody_transferred")
        for said in ('"at":"2026-11-20T10:15:00+01:00"', '"to":"Laboratory"', '"seal":"A-7731"', '"purpose":"preservation"'):
            self.assertIn(said, detail)
        kept = head.call("GET", f"/items/{pdf}/custody-acts").json["acts"][-1]
        self.assertEqual((kept["from"], kept["at"]), (ACT["from"], ACT["at"]))
        self.assertIn("custody_transferred", office.run("show", "--custody", "KAR-" + pdf.rsplit("-", 1)[1].zfill(6)).text)
        whole = self.keeper.call("POST", f"/cases/{first}/searches", {"query": "quarry", "sort": "path", "facets": {}}).json
        self.assertEqual(self.keeper.call("POST", f"/cases/{first}/custody-acts", {**ACT, "kind": "examined", "from": "", "search": whole["search"]}).status, 201)
        for wrong in ({"at": "2026-11-20T10:15:00"}, {"at": "2999-01-01T00:00:00Z"}, {"to": ""}, {"reason": "x"}, {"kind": "lost"}, {"items": []}, {"search": found}):
            refused = self.keeper.call("POST", f"/cases/{first}/custody-acts", {**ACT, "items": [pdf], **wrong})
            self.assertEqual(refused.status, 422, (wrong, refused.bytes))

    def test_the_form_of_an_item_is_a_document_with_its_class(self):
        pdf, _ = item("bridge.png")
        self.keeper.call("POST", f"/cases/{first}/custody-acts", {**ACT, "items": [pdf]})
        form = head.call("GET", f"/items/{pdf}/custody-form")
        self.assertEqual((form.status, form.headers["Content-Type"]), (200, "application/pdf"))
        text = said_by(form.bytes)
        for words in ("INTERNAL", "Chain of custody of item KAR-", "Transferred, 2026-11-20T10:15:00+01:00", "A-7731", "Laboratory", "Signature"):
            self.assertIn(words, text)
        self.assertEqual(custody(pdf)[-2][0], "printed")

    def test_a_list_is_made_from_a_folder_issued_once_and_printed(self):
        pdf, _ = item("inspection.pdf")
        csv, _ = item("lorries.csv")
        folder = tag("folder", "For the Registry")
        put(folder, {"items": [csv, pdf]})
        self.assertEqual(head.call("POST", f"/cases/{first}/hand-overs", {**LIST, "in": folder}).status, 403)
        made = self.keeper.call("POST", f"/cases/{first}/hand-overs", {**LIST, "purpose": "", "in": folder})
        self.assertEqual(made.status, 201, made.bytes)
        at = f"/hand-overs/{made.json['id']}"
        draft = head.call("GET", at).json
        self.assertEqual(([l["number"] for l in draft["lines"]], draft["issued"]), ([1, 2], False))
        do = lambda method, path, body, etag: self.keeper.call(method, path, body, {"If-Match": etag})
        self.assertEqual(do("POST", at + "/issue", {}, draft["etag"]).status, 422)
        self.assertEqual(do("PUT", at, {**LIST, "remove": {"items": [csv]}, "add": {"items": [csv]}}, draft["etag"]).status, 204)
        self.assertEqual(do("POST", at + "/issue", {}, draft["etag"]).status, 409)
        draft = head.call("GET", at).json
        self.assertEqual([l["item"] for l in draft["lines"]], [pdf, csv])
        self.assertEqual(do("POST", at + "/issue", {}, draft["etag"]).status, 204)
        issued = head.call("GET", at).json
        self.assertEqual((issued["issued"], issued["by"], len(issued["sha256"])), (True, "P-" + issued["by"].split("-")[1], 64))
        for method, path, body in (("PUT", at, LIST), ("DELETE", at, None), ("POST", at + "/issue", {})):
            self.assertEqual(do(method, path, body, issued["etag"]).status, 409, path)
        for one in (pdf, csv):
            told = [json.loads(d) for a, d in custody(one) if a == "handed_over"]
            self.assertEqual([(t["list"], t["number"], t["to"]) for t in told], [(issued["number"], 1 if one == pdf else 2, "Registry")])
        papers = {f: head.call("GET", at + f"/paper?format={f}") for f in ("pdf", "docx", "xlsx", "csv")}
        self.assertEqual({p.status for p in papers.values()}, {200})
        for words in ("INTERNAL", "Hand-over list KAR-R", "Annex A", "Registry", issued["lines"][0]["code"], issued["sha256"][:20]):
            self.assertIn(words, said_by(papers["pdf"].bytes))
        rows = papers["csv"].bytes.decode().splitlines()
        self.assertEqual((len(rows), rows[1].split(",")[:2]), (3, ["1", issued["lines"][0]["code"]]))
        self.assertEqual((papers["docx"].bytes[:2], papers["xlsx"].bytes[:2]), (b"PK", b"PK"))
        self.assertEqual(head.call("GET", at + "/paper?format=exe").status, 422)


def said_by(pdf):
    path = work / "printed.pdf"
    path.write_bytes(pdf)
    return " ".join(subprocess.run(["pdftotext", "-layout", path, "-"], check=True, stdout=subprocess.PIPE).stdout.decode().split())


class Around(unittest.TestCase):
    def test_a_saved_search_belongs_to_one_person_and_has_one_name(self):
        found = search("quarry", {"type": ["application/pdf"]})["search"]
        keep = lambda name: head.call("POST", f"/cases/{first}/saved-searches", {"name": name, "search": found})
        self.assertEqual(keep("Quarry").status, 201)
        self.assertEqual(keep("QUARRY").status, 409)
        self.assertEqual(keep("  ").status, 422)
        kept = head.call("GET", f"/cases/{first}/saved-searches").json["searches"]
        self.assertEqual([(s["name"], s["query"], s["sort"], s["facets"]) for s in kept], [("Quarry", "quarry", "path", {"type": ["application/pdf"]})])
        self.assertEqual(other.call("DELETE", f"/saved-searches/{kept[0]['id']}").status, 404)
        mine = search("depot", who=other, case=second)["search"]
        self.assertEqual(other.call("POST", f"/cases/{second}/saved-searches", {"name": "Quarry", "search": mine}).status, 201)
        self.assertEqual(head.call("GET", f"/cases/{second}/saved-searches").json["searches"], [])
        self.assertEqual(head.call("DELETE", f"/saved-searches/{kept[0]['id']}").status, 204)
        self.assertEqual(head.call("GET", f"/cases/{first}/saved-searches").json["searches"], [])

    def test_terms_are_counted_as_the_command_line_counts_them(self):
        report = head.call("POST", f"/cases/{first}/term-reports", {"terms": ["quarry", "(quarry OR", "convoy", "nosuchword"]}).json["terms"]
        self.assertEqual([r["error"] is None for r in report], [True, False, True, True])
        self.assertEqual([(r["items"], r["unique"]) for r in report if not r["error"]], [(2, 1), (1, 0), (0, 0)])
        self.assertEqual(search("quarry")["total"], report[0]["items"])
        self.assertEqual(head.call("POST", f"/cases/{first}/term-reports", {"terms": []}).status, 422)
        self.assertEqual(head.call("POST", f"/cases/{first}/term-reports", {"terms": ["x"] * 501}).status, 422)

    def test_the_timeline_counts_every_result_once(self):
        found = search("*")
        for by in ("day", "month", "year", ""):
            line = head.call("GET", f"/searches/{found['search']}/timeline" + (f"?by={by}" if by else "")).json
            self.assertEqual(sum(c["count"] for c in line["counts"]) + line["undated"], found["total"], by)
        months = head.call("GET", f"/searches/{search('has:gps')['search']}/timeline?by=month").json["counts"]
        self.assertEqual(months, [{"at": "1995-05", "count": 1}, {"at": "1995-06", "count": 1}, {"at": "1995-07", "count": 1}])
        self.assertEqual(search("has:gps date:1995-06")["total"], 1)
        self.assertEqual(head.call("GET", f"/searches/{found['search']}/timeline?by=week").status, 422)

    def test_places_are_gathered_by_the_cell_and_narrow_the_search(self):
        found = search("*")
        places = lambda **q: head.call("GET", f"/searches/{found['search']}/places?" + "&".join(f"{k}={v}" for k, v in q.items()))
        wide = places(cell=2).json
        self.assertEqual((wide["placed"], wide["placed"] + wide["without"]), (3, found["total"]))
        self.assertEqual([c["count"] for c in wide["clusters"]], [2, 1])
        self.assertEqual(len(places(cell=0.001).json["clusters"]), 3)
        self.assertEqual(places(cell=2, box="40,10,50,20").json["placed"], 2)
        self.assertEqual(search("*", {"place": ["40,10,50,20"]})["total"], 2)
        self.assertEqual(search("*", {"place": ["40,10,50,20", "-5,39,-4,40"]})["total"], 3)
        for wrong in ("", "1,2,3", "50,10,40,20", "nan,0,1,1", "40,10,50,20,1", "91,0,92,1"):
            self.assertEqual(places(cell=2, box=wrong).status, 422, wrong)
            refused = head.call("POST", f"/cases/{first}/searches", {"query": "*", "sort": "path", "facets": {"place": [wrong]}})
            self.assertEqual(refused.status, 422, wrong)
        self.assertEqual(places(cell="x").status, 422)

    def test_hits_name_their_family(self):
        found = search("quarry")["search"]
        hits = head.call("GET", f"/searches/{found}/hits").json["hits"]
        self.assertEqual([(h["family"], h["family_hits"]) for h in hits], [(h["item"], 1) for h in hits])

    def test_what_failed_is_processed_again_for_its_reason(self):
        broken, _ = item("broken.pdf")
        before = custody(broken)
        self.assertEqual(head.call("POST", f"/cases/{first}/retry", {"reason": "nonsense"}).status, 422)
        self.assertEqual(head.call("POST", f"/cases/{first}/retry", {"reason": "damaged"}).status, 202)
        done = lambda: [a for a, _ in custody(broken)[len(before):] if a != "viewed"]
        for _ in range(100):
            if len(done()) == 2:
                break
            time.sleep(0.1)
        self.assertEqual(done()[0], "to_be_processed")
        self.assertEqual(len(done()), 2, done())
        self.assertEqual(head.call("GET", f"/items/{broken}").json["state"], "failed")


class Uploads(unittest.TestCase):
    def begin(self):
        made = head.call("POST", f"/cases/{first}/uploads", {"files": 2, "bytes": 10, "source": "Left at the gate", "collector": "Ada", "note": ""})
        upload = made.json["upload"]
        part = head.call("PUT", f"/uploads/{upload}/files/0?offset=0", b"half", {"X-Path": "a.txt", "X-Size": "8", "Content-Type": "application/octet-stream"})
        self.assertEqual((part.status, part.json), (200, {"received": 4}))
        return upload

    def test_an_upload_that_was_left_is_listed_and_removed_by_who_began_it(self):
        upload = self.begin()
        folder = pathlib.Path(office.home) / "cases" / first / "incoming" / upload
        left = [u for u in head.call("GET", f"/cases/{first}/uploads").json["uploads"] if u["id"] == upload]
        self.assertEqual([(u["state"], u["source"], u["files"], u["received"]) for u in left], [("receiving", "Left at the gate", 2, 1)])
        self.assertEqual(other.call("DELETE", f"/uploads/{upload}").status, 404)
        self.assertTrue(folder.exists())
        self.assertEqual(head.call("DELETE", f"/uploads/{upload}").status, 204)
        self.assertFalse(folder.exists())
        self.assertEqual(head.call("DELETE", f"/uploads/{upload}").status, 404)
        self.assertEqual(head.call("GET", f"/cases/{first}/uploads").json["uploads"], [])
        self.assertEqual(other.call("GET", f"/cases/{first}/uploads").status, 404)

    def test_what_is_in_the_case_is_not_removed_as_an_upload(self):
        made = head.call("POST", f"/cases/{first}/uploads", {"files": 1, "bytes": 3, "source": "s", "collector": "c", "note": ""}).json["upload"]
        digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        self.assertEqual(head.call("PUT", f"/uploads/{made}/files/0?offset=0", b"abc", {"X-Path": "abc.txt", "X-Size": "3", "X-Sha256": digest, "Content-Type": "application/octet-stream"}).status, 200)
        self.assertEqual(head.call("POST", f"/uploads/{made}/finish", {}).status, 202)
        self.assertEqual(head.call("DELETE", f"/uploads/{made}").status, 409)
        for _ in range(100):
            if search("path:abc.txt")["total"]:
                break
            time.sleep(0.1)
        self.assertEqual(search("path:abc.txt")["total"], 1)


class Rights(unittest.TestCase):
    def test_what_may_not_be_seen_is_answered_like_what_does_not_exist(self):
        pdf, found = item("inspection.pdf")
        sound, _ = item("call.wav")
        note = head.call("POST", f"/items/{pdf}/notes", {"text": "Mine."}).json
        one = tag("tag", "Known to one")
        nothing = "0123456789abcdef"
        pairs = [("GET", f"/items/{i}{path}", f"/items/{nothing}-1{path}", None) for i, path in ((pdf, "/pages/1"), (pdf, "/pages/1/picture"), (sound, "/peaks"), (sound, "/media"), (pdf, "/table"), (pdf, "/notes"))]
        pairs += [
            ("POST", f"/items/{pdf}/notes", f"/items/{nothing}-1/notes", {"text": "x"}),
            ("PUT", f"/notes/{note['id']}", f"/notes/{nothing}-1", {"text": "x"}),
            ("DELETE", f"/notes/{note['id']}", f"/notes/{nothing}-1", None),
            ("GET", f"/notes/{note['id']}/history", f"/notes/{nothing}-1/history", None),
            ("GET", f"/searches/{found}/timeline", f"/searches/{nothing}/timeline", None),
            ("GET", f"/searches/{found}/places", f"/searches/{nothing}/places", None),
            ("GET", f"/cases/{first}/saved-searches", f"/cases/{nothing}/saved-searches", None),
            ("POST", f"/cases/{first}/term-reports", f"/cases/{nothing}/term-reports", {"terms": ["x"]}),
            ("PUT", f"/items/{pdf}/pages/1/correction", f"/items/{nothing}-1/pages/1/correction", {"text": "x"}),
            ("DELETE", f"/items/{pdf}/pages/1/correction", f"/items/{nothing}-1/pages/1/correction", None),
            ("GET", f"/items/{pdf}/pages/1/correction", f"/items/{nothing}-1/pages/1/correction", None),
            ("GET", f"/cases/{first}/tags?kind=issue", f"/cases/{nothing}/tags?kind=issue", None),
            ("POST", f"/cases/{first}/tags", f"/cases/{nothing}/tags", {"kind": "folder", "name": "x"}),
            ("PUT", f"/cases/{first}/tags/{one}", f"/cases/{nothing}/tags/1", {"name": "x"}),
            ("POST", f"/cases/{first}/custody-acts", f"/cases/{nothing}/custody-acts", {"items": [pdf]}),
            ("GET", f"/items/{pdf}/custody-acts", f"/items/{nothing}-1/custody-acts", None),
            ("GET", f"/items/{pdf}/custody-form", f"/items/{nothing}-1/custody-form", None),
            ("GET", f"/cases/{first}/hand-overs", f"/cases/{nothing}/hand-overs", None),
            ("POST", f"/cases/{first}/hand-overs", f"/cases/{nothing}/hand-overs", {"title": "x", "items": [pdf]}),
            ("GET", f"/hand-overs/{first}-1", f"/hand-overs/{nothing}-1", None),
            ("PUT", f"/hand-overs/{first}-1", f"/hand-overs/{nothing}-1", {"title": "x"}),
            ("DELETE", f"/hand-overs/{first}-1", f"/hand-overs/{nothing}-1", None),
            ("POST", f"/hand-overs/{first}-1/issue", f"/hand-overs/{nothing}-1/issue", {}),
            ("GET", f"/hand-overs/{first}-1/paper", f"/hand-overs/{nothing}-1/paper", None),
            ("POST", f"/cases/{first}/retry", f"/cases/{nothing}/retry", {"reason": "damaged"}),
        ]
        for method, hidden, absent, body in pairs:
            with self.subTest(hidden):
                a, b = other.call(method, hidden, body), other.call(method, absent, body)
                self.assertEqual((a.status, a.bytes), (404, b.bytes))
        untouched = [r for r in custody(pdf) if "P-2" in str(r)]
        self.assertEqual(untouched, [])

    def test_an_auditor_sees_none_of_it(self):
        made = head.call("POST", "/people", {"name": "Aud", "roles": ["auditor"], "cases": [first]})
        self.assertEqual(made.status, 201, made.bytes)
        auditor = Browser(server.origin).enrol(made.json["link"], password="an even longer walk to the harbour")
        pdf, _ = item("inspection.pdf")
        for path in ("/pages/1/picture", "/notes", "/table"):
            self.assertEqual(auditor.call("GET", f"/items/{pdf}{path}").status, 404, path)

    def test_verify_holds_after_all_this(self):
        office.run("verify")


class WithoutServer(unittest.TestCase):  # by its name the last
    def test_corrections_outlast_a_new_index_and_all_of_it_verifies(self):
        server.stop()
        office.run("reindex", case="KAR")
        self.assertIn("bridge.png", office.run("search", "Mostar", case="KAR").text)
        self.assertNotIn("bridge.png", office.run("search", "Konjic", case="KAR", status=None).text)
        office.run("verify")


if __name__ == "__main__":
    unittest.main()
