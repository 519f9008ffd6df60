#!/usr/bin/env python3
"""The command line of custos as others rely on it: every command, from outside, on real files.

usage: contract_test.py [--help] [unittest options]
  $CUSTOS_BIN     the program (default build/bin/custos)
  $CUSTOS_CORPUS  real files (default ../shared/corpus beside the tree)"""
import base64
import hashlib
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
import blackbox
from blackbox import CASE, CORPUS, Office

PROGRAM = blackbox.default_program()
MARKER = "quixotrope"  # a word of no language and of no file
COMMANDS = ["init", "case", "ingest", "search", "count", "show", "tag", "report", "verify", "proof", "retry", "reindex", "backup",
            "restore", "users", "version"]
SAMPLES = [
    "pdf/pdfplumber/150109DSP-Milw-505-90D.pdf", "archives/made/set.zip", "production/native/00001_93.eml",
    "html/trafilatura/2gewinnt.wordpress.com.uns.html", "udhr/text/arb.txt", "udhr/text/rus.txt", "mail/spamassassin-250.mbox",
    "archives/made/set_password_hunter2.zip", "loose/04-some-pii/MorePII.docx"]


def setUpModule():
    global temporary, sample, office
    for needed in [PROGRAM, *[CORPUS / s for s in SAMPLES]]:
        if not pathlib.Path(needed).exists():
            raise SystemExit(f"contract_test: {needed} is missing; set CUSTOS_BIN and CUSTOS_CORPUS, or build first")
    temporary = pathlib.Path(tempfile.mkdtemp(prefix="custos-contract-"))
    sample = make_sample(temporary / "sample")
    office = Office(PROGRAM, temporary / "office").open_case()
    office.ingest("--source", "a raid", "--collector", "A. Collector", "--note", "a note", sample)


def tearDownModule():
    shutil.rmtree(temporary)


def make_sample(folder):
    (folder / "sub").mkdir(parents=True)
    for name in SAMPLES:
        shutil.copy(CORPUS / name, folder / pathlib.Path(name).name)
    (folder / f"{MARKER}-name.txt").write_text(f"The {MARKER} crossed the bridge near Goma on Tuesday.\nNobody followed the animal.\n")
    (folder / "sub" / "second.txt").write_text(f"A second text: the {MARKER} was displaced by soldiers of the 4th brigade.\n")
    (folder / "sub" / "third.txt").write_text("Displacement without the animal; displaced persons near the bridge.\n")
    (folder / "empty.txt").write_bytes(b"")
    (folder / "broken.pdf").write_bytes((CORPUS / SAMPLES[0]).read_bytes()[:4000])
    return folder


class Test(unittest.TestCase):
    maxDiff = 4000

    def fresh(self):
        """A copy of the sample's office that may be spoiled."""
        folder = pathlib.Path(tempfile.mkdtemp(dir=temporary))
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        return office.copy_to(folder)

    def empty(self):
        folder = pathlib.Path(tempfile.mkdtemp(dir=temporary))
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        return Office(PROGRAM, folder).open_case()

    def assert_one_sentence(self, done):
        lines = done.complaint.strip().splitlines()
        self.assertEqual(len(lines), 1, f"standard error must be one sentence: {done.complaint!r}")
        self.assertGreater(len(lines[0].split()), 2)
        self.assertEqual(done.stdout, b"", "nothing on standard output beside a refusal")

    def refused(self, done, status, *words):
        self.assertEqual(done.returncode, status, done.complaint)
        self.assert_one_sentence(done)
        for word in words:
            self.assertIn(word, done.complaint)

    def item_of(self, name, where=None):
        for item in (where or office).items():
            if item["path"].endswith(name):
                return item
        self.fail(f"there is no item {name}")


class Usage(Test):
    def call(self, *words):
        done = subprocess.run([PROGRAM, *words], capture_output=True, env=office.environment, timeout=60)
        done.text, done.complaint = done.stdout.decode(), done.stderr.decode()
        return done

    def test_help_names_every_command(self):
        done = self.call("--help")
        self.assertEqual(done.returncode, 0)
        for command in COMMANDS:
            self.assertRegex(done.text, rf"(?m)^\s*(custos )?{command}\b", f"--help does not name {command}")

    def test_every_command_has_its_own_help(self):
        for command in COMMANDS:
            with self.subTest(command):
                done = self.call(command, "--help")
                self.assertEqual(done.returncode, 0, done.complaint)
                self.assertIn(command, done.text)

    def test_wrong_usage_ends_with_2_and_one_sentence(self):
        home = str(office.home)
        self.assertEqual(self.call().returncode, 2)  # without any word it may show its help instead of a sentence
        for words in [("nonsense",), ("search",), ("search", "--home", home), ("search", "--home", home, "--case", CASE),
                      ("search", "--home", home, "--case", CASE, "--nonsense", "word"), ("search", "--home", home, "--case", CASE, "--limit", "many", "word"),
                      ("search", "--home", home, "--case", CASE, "--sort", "colour", "word"), ("ingest", "--home", home, "--case", CASE),
                      ("case", "--home", home), ("case", "add", "--home", home), ("show", "--home", home), ("proof", "--home", home, "X-1"),
                      ("count", "--home", home, "--case", CASE), ("init",), ("show", "--home", home, "X-1", "--text", "--json")]:
            with self.subTest(" ".join(words)):
                self.refused(self.call(*words), 2)

    def test_version_says_name_and_number(self):
        done = self.call("version")
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.text, r"custos \d+\.\d+")

    def test_completion_for_bash_is_valid_and_names_the_commands(self):
        done = self.call("completion", "bash")
        self.assertEqual(done.returncode, 0)
        self.assertEqual(subprocess.run(["bash", "-n"], input=done.stdout).returncode, 0)
        for command in COMMANDS:
            self.assertIn(command, done.text)

    def test_man_page_exists_and_names_the_commands(self):
        done = self.call("man")
        self.assertEqual(done.returncode, 0)
        self.assertRegex(done.text, r"(?m)^\.TH ")
        for command in COMMANDS:
            self.assertIn(command, done.text)

    def test_a_missing_home_is_refused_with_what_to_do(self):
        self.refused(self.call("search", "--home", "/nonexistent/home", "--case", CASE, "word"), 1, "/nonexistent/home")

    def test_an_unknown_case_is_refused_by_name(self):
        for command in (["search", "word"], ["report"], ["ingest", str(sample)]):
            with self.subTest(command[0]):
                self.refused(office.run(command[0], *command[1:], case="NOSUCH", status=None), 1, "NOSUCH")


class Opening(Test):
    def test_init_keeps_home_and_keys_from_others(self):
        keys = [p for p in office.keys.rglob("*.key")]
        self.assertTrue(keys, "no key was written to $CUSTOS_KEYS")
        for private in [office.home, *keys, *{k.parent for k in keys}]:
            self.assertEqual(private.stat().st_mode & 0o077, 0, f"{private} is open to others")

    def test_the_key_is_not_inside_the_home(self):
        keys = list(office.keys.rglob("*.key"))
        self.assertTrue(keys, "no key was written to $CUSTOS_KEYS")
        for key in keys:
            content = re.search(rb"[0-9a-f]{64}", key.read_bytes()).group()
            for path in office.home.rglob("*"):
                if path.is_file():
                    self.assertNotIn(content, path.read_bytes())

    def test_init_of_an_existing_home_is_refused(self):
        self.refused(office.run("init", status=None), 1)

    def test_without_its_key_the_home_is_refused(self):
        other = self.fresh()
        shutil.rmtree(other.keys)
        for command in ("search", "report"):
            words = ["word"] if command == "search" else []
            self.refused(other.run(command, *words, case=CASE, status=None), 1)

    def test_a_case_is_listed(self):
        self.assertIn(CASE, office.run("case list").text)

    def test_the_same_case_twice_is_refused(self):
        self.refused(office.run("case add", "--code", CASE, "--title", "again", status=None), 1, CASE)


class Ingest(Test):
    def totals(self, where=None):
        return (where or office).json("report", case=CASE)["totals"]

    def test_totals_add_up(self):
        totals = self.totals()
        self.assertEqual(totals["expected"], totals["extracted"] + totals["failed"] + totals["skipped"])
        self.assertGreater(totals["extracted"], 250)

    def test_containers_add_up_too(self):
        for container in office.json("report", case=CASE)["containers"]:
            with self.subTest(container.get("path")):
                self.assertEqual(container["expected"], container["extracted"] + container["failed"] + container["skipped"])

    def test_every_file_is_an_item_with_its_hash_and_size(self):
        items = {i["path"]: i for i in office.items() if not i.get("parent")}
        for path in sample.rglob("*"):
            if not path.is_file():
                continue
            with self.subTest(path.name):
                found = [i for p, i in items.items() if p.endswith("/" + str(path.relative_to(sample))) or p == str(path.relative_to(sample))]
                self.assertEqual(len(found), 1)
                self.assertEqual(found[0]["sha256"], hashlib.sha256(path.read_bytes()).hexdigest())
                self.assertEqual(found[0]["size"], path.stat().st_size)

    def test_the_parts_of_a_container_lie_under_it(self):
        container = self.item_of("set.zip")
        parts = [i for i in office.items() if i.get("parent") == container["item"]]
        self.assertTrue(parts)
        for part in parts:
            self.assertTrue(part["path"].startswith(container["path"] + "/"), part["path"])

    def test_a_mailbox_gives_every_message(self):
        mailbox = self.item_of("spamassassin-250.mbox")
        self.assertEqual(sum(i.get("parent") == mailbox["item"] for i in office.items()), 250)

    def test_the_same_folder_twice_adds_nothing_and_says_so(self):
        other = self.fresh()
        before = other.items()
        done = other.ingest(sample)
        self.assertEqual(other.items(), before)
        self.assertRegex(done.text + done.complaint, r"(?i)nothing (new|added|to add)|adds nothing|\b0 new\b|already")

    def test_mails_that_answer_each_other_are_one_thread_in_whatever_order_they_come(self):
        other, folder = self.fresh(), pathlib.Path(tempfile.mkdtemp(dir=temporary))
        mails = {"c": "In-Reply-To: <b@x>\n", "a": "", "b": "In-Reply-To: <a@x>\n", "d": "References: <a@x> <c@x>\n", "z": ""}
        for name in "cazdb":
            (folder / (name + ".eml")).write_text(f"From: p@x\nTo: q@x\nSubject: s\nMessage-ID: <{name}@x>\n{mails[name]}\ntext of {name}\n")
            other.ingest(folder)
        mine = [i for i in other.items() if f"{folder.name}/" in i["path"] and i["path"].endswith(".eml")]
        threads = {i["path"].rsplit("/", 1)[-1][0]: other.json("show", i["item"]).get("thread") for i in mine}
        self.assertEqual(threads["a"], "a@x")
        self.assertEqual({threads[n] for n in "abcd"}, {"a@x"})
        self.assertEqual(threads["z"], "z@x")
        other.run("verify")

    def test_strings_of_what_no_reader_knows_are_text_on_demand(self):
        other, folder = self.fresh(), pathlib.Path(tempfile.mkdtemp(dir=temporary))
        (folder / "memory.dmp").write_bytes(b"\x7f\x01\x99" * 50 + b"meeting at the quarry-road\x00\x01" + "zweitausend kisten".encode("utf-16-le") + b"\x00\x02\xff\xfe")
        other.ingest(folder)
        self.assertEqual(other.json("search", "quarry-road", case=CASE)["total"], 0)
        other.run("retry", "--strings", "--reason", "unsupported", case=CASE)
        hits = other.json("search", "quarry-road", case=CASE)["hits"]
        self.assertEqual([h["path"].rsplit("/", 1)[-1] for h in hits], ["memory.dmp"])
        self.assertEqual(other.json("search", "zweitausend", case=CASE)["total"], 1)
        self.assertIn("custos-strings", json.dumps(other.json("show", hits[0]["item"])))
        self.assertIn("unsupported", json.dumps(other.json("show", hits[0]["item"])))
        other.run("verify")

    def test_only_the_new_file_is_added(self):
        other, folder = self.fresh(), pathlib.Path(tempfile.mkdtemp(dir=temporary))
        grown = folder / "sample"
        shutil.copytree(sample, grown)
        before = len(other.items())
        other.ingest(sample)
        (grown / "new.txt").write_text("something new\n")
        other.ingest(sample, grown / "new.txt")
        self.assertEqual(len(other.items()), before + 1)

    def test_what_cannot_be_read_has_its_reason(self):
        self.assertEqual(self.item_of("/empty.txt")["reason"], "empty")
        self.assertIn(self.item_of("/broken.pdf")["reason"], ("damaged", "truncated"))
        failures = {f["path"].rsplit("/", 1)[-1]: f["reason"] for f in office.json("report", case=CASE)["failures"]}
        self.assertIn("broken.pdf", failures)

    def test_encrypted_parts_are_named_and_open_with_the_password(self):
        locked = self.item_of("set_password_hunter2.zip")
        family = blackbox.Family(office.items())
        self.assertIn("encrypted", blackbox.reasons_of(family.with_descendants(locked)))
        other, words = self.empty(), temporary / "words"
        words.write_text("wrong\nhunter2\n")
        other.ingest("--passwords", words, sample / "set_password_hunter2.zip")
        family = blackbox.Family(other.items())
        self.assertNotIn("encrypted", blackbox.reasons_of(family.items))

    def test_links_special_files_and_strange_names_are_items(self):
        other, folder = self.empty(), pathlib.Path(tempfile.mkdtemp(dir=temporary))
        (folder / "real.txt").write_text("real\n")
        os.symlink("real.txt", folder / "inside")
        os.symlink("/etc/passwd", folder / "outside")
        os.mkfifo(folder / "pipe")
        with socket.socket(socket.AF_UNIX) as door:
            door.bind(str(folder / "socket"))
        for name in (b"invalid-\xff.txt", b"line\nbreak.txt"):
            pathlib.Path(os.fsdecode(os.path.join(os.fsencode(folder), name))).write_text("strange\n")
        other.ingest(folder, timeout=60)
        reasons = {i["path"].rsplit("/", 1)[-1]: i.get("reason") for i in other.items()}
        self.assertEqual(reasons["inside"], "symlink")
        self.assertIn(reasons["outside"], ("outside", "symlink"))
        self.assertEqual((reasons["pipe"], reasons["socket"]), ("special_file", "special_file"))
        self.assertEqual(sum("invalid-" in name for name in reasons), 1)
        self.assertEqual(other.json("search", "strange", case=CASE)["total"], 2)
        self.assertNotIn("root:x:0:0", " ".join(t["text"] for t in other.texts()))

    def test_a_missing_path_is_refused_by_name(self):
        self.refused(office.ingest("/nonexistent/evidence", status=None), 1, "/nonexistent/evidence")

    def test_two_ingests_at_once_do_no_harm(self):
        other = self.empty()
        both = [subprocess.Popen(other.command("ingest", sample, case=CASE), env=other.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
        ends = [(p.communicate(timeout=600), p.returncode) for p in both]
        for (_, complaint), status in ends:
            self.assertIn(status, (0, 1), complaint)
            self.assertTrue(status == 0 or len(complaint.decode().strip().splitlines()) == 1, complaint)
        self.assertIn(0, [status for _, status in ends])
        paths = [i["path"] for i in other.items()]
        self.assertEqual(sorted(paths), sorted(i["path"] for i in office.items()))
        self.assertEqual(self.totals(other), self.totals())
        other.run("verify")

    def test_an_interrupted_ingest_ends_with_4_and_goes_on(self):
        other = self.empty()
        mails = CORPUS / "mail/spamassassin/easy-ham-1"
        for wait in (1.5, 0.8, 0.4, 0.2, 0.1, 0.05):
            running = subprocess.Popen(other.command("ingest", mails, case=CASE), env=other.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            time.sleep(wait)
            running.send_signal(signal.SIGINT)
            running.communicate(timeout=60)
            if running.returncode != 0:
                break
            other.drop()
            other.open_case()
        self.assertEqual(running.returncode, 4)
        other.ingest(mails)
        other.run("verify")
        self.assertEqual(len([i for i in other.items() if not i.get("parent")]), len(list(mails.iterdir())))

    def test_retry_of_what_failed_adds_nothing_and_keeps_the_account(self):
        other = self.fresh()
        before = [(i["path"], i.get("reason")) for i in other.items()]
        other.run("retry", "--reason", "damaged", case=CASE)
        self.assertEqual([(i["path"], i.get("reason")) for i in other.items()], before)
        self.refused(other.run("retry", "--reason", "nonsense", case=CASE, status=None), 2)


class Search(Test):
    def total(self, query, **more):
        return office.json("search", query, case=CASE, **more)["total"]

    def paths(self, query):
        return {h["path"] for h in office.json("search", "--limit", "1000", query, case=CASE)["hits"]}

    def test_the_answer_has_the_documented_members(self):
        answer = office.json("search", MARKER, case=CASE)
        self.assertEqual(answer["total"], 2)
        self.assertEqual(len(answer["hits"]), 2)
        for hit in answer["hits"]:
            self.assertLessEqual({"item", "path", "type", "page", "snippet"}, set(hit))
            self.assertRegex(hit["item"], r"^[A-Z]+-\d{6,}$")
            self.assertEqual(hit["page"], 1)
            self.assertIn(MARKER, hit["snippet"].lower())

    def test_the_plain_answer_names_the_files(self):
        self.assertIn("second.txt", office.run("search", MARKER, case=CASE).text)

    def test_limit_and_offset_page_through_all_hits(self):
        whole = [h["item"] for h in office.json("search", "--sort", "path", "--limit", "1000", "the", case=CASE)["hits"]]
        self.assertEqual(len(whole), self.total("the"))
        paged = []
        for offset in range(0, len(whole), 50):
            paged += [h["item"] for h in office.json("search", "--sort", "path", "--limit", "50", "--offset", str(offset), "the", case=CASE)["hits"]]
        self.assertEqual(paged, whole)

    def test_sorting_by_path_is_by_path(self):
        paths = [h["path"] for h in office.json("search", "--sort", "path", "--limit", "1000", "the", case=CASE)["hits"]]
        self.assertEqual(paths, sorted(paths))

    def test_or_is_or_and_and_is_and(self):
        first, second = self.paths("bridge"), self.paths("soldiers")
        self.assertEqual(self.paths("bridge OR soldiers"), first | second)
        self.assertEqual(self.paths("bridge AND soldiers"), first & second)
        self.assertEqual(self.paths("bridge NOT soldiers"), first - second)
        self.assertEqual(self.paths("(bridge OR soldiers) AND animal"), (first | second) & self.paths("animal"))

    def test_words_are_stemmed_and_exact_words_are_not(self):
        self.assertTrue(any("third.txt" in p for p in self.paths("displacing")))
        self.assertFalse(any("third.txt" in p for p in self.paths("=displacing")))
        self.assertTrue(any("third.txt" in p for p in self.paths("=displaced")))

    def test_phrase_nearness_prefix_wildcard_and_fuzzy(self):
        self.assertEqual(self.total(f'"{MARKER} crossed the bridge"'), 1)
        self.assertEqual(self.total(f'"{MARKER} the crossed bridge"'), 0)
        self.assertEqual(self.total(f"{MARKER} NEAR/3 bridge"), 1)
        self.assertEqual(self.total(f"{MARKER} NEAR/1 bridge"), 0)
        self.assertEqual(self.total("quixot*"), 2)
        self.assertEqual(self.total("quix*rope"), 2)
        self.assertEqual(self.total("quixotrobe~1"), 2)

    def test_fields_narrow_the_search(self):
        self.assertTrue(all(p.lower().endswith(".pdf") for p in self.paths("type:pdf")) and self.paths("type:pdf"))
        self.assertEqual(self.total(f"{MARKER} path:sub"), 1)
        self.assertEqual(self.total(f"sha256:{self.item_of('second.txt')['sha256']}"), 1)
        self.assertGreater(self.total("date:2002"), 0)
        self.assertEqual(self.total("date:1901..1902"), 0)
        self.assertTrue(any(p.endswith("empty.txt") for p in self.paths("size:0..0")))

    def test_a_tag_put_on_by_the_command_is_found_exactly(self):
        other = self.fresh()
        tagged = other.json("tag", "Needs review", MARKER, case=CASE)
        self.assertEqual((tagged["items"], tagged["changed"]), (2, 2))
        self.assertEqual(other.json("search", 'tag:"needs REVIEW"', case=CASE)["total"], 2)
        self.assertEqual(other.json("search", f'{MARKER} tag:"needs review" path:sub', case=CASE)["total"], 1)
        self.assertEqual(other.json("tag", case=CASE)["tags"], [{"name": "Needs review", "items": 2}])
        item = self.item_of("third.txt", other)["item"]
        more = other.json("tag", "needs review", "--items", item, case=CASE)
        self.assertEqual(other.json("show", item)["tags"], ["Needs review"])
        self.assertIn('"tagged"', other.run("show", item, "--custody").text)
        other.run("tag", "--undo", str(more["job"]), case=CASE)
        self.assertEqual(other.json("search", 'tag:"needs review"', case=CASE)["total"], 2)
        other.run("tag", "--off", "needs review", "path:sub", case=CASE)
        self.assertEqual(other.json("search", 'tag:"needs review"', case=CASE)["total"], 1)
        for words in (["search", "tag:nothing"], ["tag", "--off", "nothing", MARKER], ["tag", "--undo", str(more["job"])]):
            self.refused(other.run(*words, case=CASE, status=None), 1)
        self.refused(other.run("tag", "alone", case=CASE, status=None), 2)
        other.run("verify")

    def test_other_scripts_are_found(self):
        self.assertTrue(any("arb.txt" in p for p in self.paths("الإنسان")))
        self.assertTrue(any("rus.txt" in p for p in self.paths("человека")))

    def test_nothing_found_is_no_failure(self):
        self.assertEqual(office.json("search", "neverwritten", case=CASE), {**office.json("search", "neverwritten", case=CASE), "total": 0, "hits": []})

    def test_a_wrong_query_gets_the_position_and_what_was_expected(self):
        for query, positions in [("bridge AND", [11]), ("(bridge", [1, 8]), ('"bridge', [1, 8]), ("bridge NEAR/x soldiers", [8, 12, 13]),
                                 ("date:2019-13", [1, 6]), (") bridge", [1]), ("человек AND", [12])]:
            with self.subTest(query):
                done = office.run("search", query, case=CASE, status=None)
                self.refused(done, 1, "expected")
                told = re.search(r"position (\d+)", done.complaint)
                self.assertTrue(told, f"the position is missing: {done.complaint}")
                self.assertIn(int(told.group(1)), positions, done.complaint)

    def test_count_reports_a_line_a_term_and_errors_by_line(self):
        terms = temporary / "terms"
        terms.write_text(f"{MARKER}\nbridge OR soldiers\n(wrong\nneverwritten\n")
        done = office.run("count", "--json", "--terms", terms, case=CASE, status=None)
        self.assertEqual(done.returncode, 1, "a term list with a wrong line must not end with 0")
        rows = json.loads(done.text)["terms"]
        self.assertEqual(len(rows), 4)
        self.assertEqual(rows[0]["items"], 2)
        self.assertEqual(rows[1]["items"], self.total("bridge OR soldiers"))
        self.assertEqual(rows[3]["items"], 0)
        self.assertIn("error", rows[2])
        self.assertEqual(rows[2]["line"], 3)
        for row in (rows[0], rows[1], rows[3]):
            self.assertLessEqual({"line", "term", "items", "families", "unique"}, set(row))

    def test_reindexing_changes_no_answer(self):
        other = self.fresh()
        before = other.json("search", "--sort", "path", "the", case=CASE)
        other.run("reindex", case=CASE)
        self.assertEqual(other.json("search", "--sort", "path", "the", case=CASE), before)


class Show(Test):
    def test_json_has_the_documented_members(self):
        item = self.item_of("second.txt")
        shown = office.json("show", item["item"])
        self.assertLessEqual({"item", "path", "type", "size", "sha256", "state"}, set(shown))
        self.assertEqual(shown["sha256"], item["sha256"])

    def test_original_gives_the_very_bytes(self):
        for name in ("second.txt", "set.zip", "150109DSP-Milw-505-90D.pdf"):
            path = next(p for p in sample.rglob(name))
            self.assertEqual(office.run("show", self.item_of("/" + name)["item"], "--original").stdout, path.read_bytes())

    def test_text_gives_the_text(self):
        self.assertIn(f"the {MARKER} was displaced", office.run("show", self.item_of("second.txt")["item"], "--text").text)

    def test_custody_names_every_act_and_looking_is_one(self):
        other = self.fresh()
        item = self.item_of("second.txt", other)["item"]
        before = other.run("show", item, "--custody").text
        self.assertIn("sealed", before)
        other.run("show", item, "--original")
        after = other.run("show", item, "--custody").text
        self.assertGreater(len(after.splitlines()), len(before.splitlines()))
        self.assertRegex(after, "viewed|copied_out|copied out")

    def test_an_unknown_item_is_refused_by_name(self):
        self.refused(office.run("show", "XYZ-999999", status=None), 1, "XYZ-999999")


def vault_files(where):
    return sorted(p for p in where.home.rglob("*") if p.is_file() and "vault" in str(p.relative_to(where.home)))


class Verify(Test):
    def test_an_untouched_home_holds(self):
        done = office.run("verify", "--json")
        self.assertIsInstance(json.loads(done.text), dict)
        office.run("verify", case=CASE)

    def test_a_flipped_byte_in_any_vault_file_is_found_and_named(self):
        files = vault_files(office)
        self.assertTrue(files, "the home holds no vault")
        for original in files:
            size = original.stat().st_size
            for place in {0, size // 2, size - 1} if size else ():
                with self.subTest(f"{original.name} at {place}"):
                    other = self.fresh()
                    path = other.home / original.relative_to(office.home)
                    content = bytearray(path.read_bytes())
                    content[place] ^= 0x10
                    path.chmod(0o600)
                    path.write_bytes(content)
                    done = other.run("verify", status=None)
                    self.assertEqual(done.returncode, 3, done.complaint)
                    told = done.text + done.complaint
                    self.assertTrue(path.name in told or re.search(r"[A-Z]+-\d{6}", told), f"verify does not name what deviates: {told[:400]}")

    def test_the_ledger_of_the_office_is_verified_too(self):
        self.assertTrue(office.json("verify")["office"]["holds"])
        spoiled = self.fresh()
        kept = spoiled.keys / next(p.name for p in spoiled.keys.iterdir() if p.is_dir()) / "checkpoints" / "office.checkpoint"
        kept.unlink()
        done = spoiled.run("verify", status=None)
        self.assertEqual(done.returncode, 3, done.complaint)
        self.assertIn("office: DOES NOT HOLD", done.text)

    def test_a_missing_and_a_shortened_vault_file_are_found(self):
        for act in (lambda p: p.unlink(), lambda p: os.truncate(p, p.stat().st_size - 1), lambda p: os.truncate(p, 0)):
            other = self.fresh()
            path = max(vault_files(other), key=lambda p: p.stat().st_size)
            path.chmod(0o600)
            act(path)
            done = other.run("verify", status=None)
            self.assertEqual(done.returncode, 3, done.complaint)

    def test_flipped_bytes_in_the_records_are_found(self):
        files = [p for p in office.home.rglob("*") if p.is_file() and p.stat().st_size >= 4096 and "vault" not in str(p) and "index" not in str(p)]
        self.assertTrue(files)
        for original in files:
            with self.subTest(original.name):
                other = self.fresh()
                path = other.home / original.relative_to(office.home)
                content = bytearray(path.read_bytes())
                for place in range(2048, len(content), 4096):
                    content[place] ^= 1
                path.chmod(0o600)
                path.write_bytes(content)
                done = other.run("verify", status=None)
                self.assertIn(done.returncode, (1, 3, 5), done.complaint)
                if done.returncode != 3:
                    self.assertEqual(len(done.complaint.strip().splitlines()), 1, done.complaint)

    def test_an_older_copy_of_the_home_is_found_by_a_kept_checkpoint(self):
        other = self.fresh()
        old = self.fresh()
        other.ingest(CORPUS / "udhr/text/amh.txt")
        other.run("verify")
        shutil.rmtree(other.home)
        shutil.copytree(old.home, other.home)
        done = other.run("verify", status=None)
        self.assertEqual(done.returncode, 3, "the checkpoint kept with the keys is newer than the home, which verify must tell")


class Secrets(Test):
    def test_no_plaintext_lies_under_the_home_while_search_finds_it(self):
        self.assertEqual(office.json("search", MARKER, case=CASE)["total"], 2)
        word = MARKER.encode()
        forms = {"as it is": word, "UTF-16": MARKER.encode("utf-16-le"), "upper case": word.upper(), "hex": word.hex().encode(),
                 **{f"base64 at {n}": base64.b64encode(bytes(n) + word)[n + 1: -4] for n in range(3)}}
        for folder in (office.home, office.keys):
            for path in folder.rglob("*"):
                self.assertNotIn(MARKER, str(path.relative_to(folder)))
                if path.is_file():
                    content = path.read_bytes()
                    for form, pattern in forms.items():
                        self.assertNotIn(pattern, content, f"the word lies {form} in {path}")

    def test_no_scratch_file_is_left_behind(self):
        folder = pathlib.Path(tempfile.mkdtemp(dir=temporary))
        other = self.empty()
        other.environment["TMPDIR"] = str(folder)
        other.ingest(sample)
        self.assertEqual(list(folder.rglob("*")), [])


class Proof(Test):
    def make(self, name="second.txt"):
        folder = pathlib.Path(tempfile.mkdtemp(dir=temporary)) / "proof"
        office.run("proof", self.item_of(name)["item"], "--out", folder)
        return folder

    def verify(self, folder, script=None):
        return subprocess.run(["env", "-i", "PATH=/usr/bin:/bin", "sh", str(script or folder / "verify.sh"), str(folder)], capture_output=True, timeout=120)

    def test_a_stranger_can_verify_it_with_standard_tools(self):
        for name in ("second.txt", "set.zip"):
            folder = self.make(name)
            done = self.verify(folder)
            self.assertEqual(done.returncode, 0, done.stdout.decode() + done.stderr.decode())
            self.assertEqual((folder / "verify.sh").read_bytes(), (HERE.parent / "verify/verify.sh").read_bytes(), "the shipped verify.sh is not the tested one")
            self.assertEqual(subprocess.run(["sha256sum", "--quiet", "-c", "manifest-sha256.txt", "tagmanifest-sha256.txt"], cwd=folder).returncode, 0)

    def test_it_holds_the_original(self):
        folder = self.make()
        self.assertEqual((folder / "data/second.txt").read_bytes(), (sample / "sub/second.txt").read_bytes())

    def test_a_part_of_a_container_can_be_proven(self):
        container = self.item_of("set.zip")
        part = next(i for i in office.items() if i.get("parent") == container["item"] and i.get("sha256"))
        folder = pathlib.Path(tempfile.mkdtemp(dir=temporary)) / "proof"
        office.run("proof", part["item"], "--out", folder)
        done = self.verify(folder)
        self.assertEqual(done.returncode, 0, done.stdout.decode())

    def test_both_verifiers_accept_it_and_refuse_a_changed_one(self):
        folder = self.make()
        check = lambda: subprocess.run([PROGRAM, "check-proof", str(folder)], capture_output=True).returncode
        self.assertEqual(check(), 0)
        data = folder / "data/second.txt"
        data.chmod(0o600)
        data.write_bytes(data.read_bytes() + b" ")
        self.assertEqual(check(), 1)
        self.assertEqual(self.verify(folder, HERE.parent / "verify/verify.sh").returncode, 1)

    def test_an_existing_folder_is_not_overwritten(self):
        folder = self.make()
        self.refused(office.run("proof", self.item_of("second.txt")["item"], "--out", folder, status=None), 1, str(folder))


def read_only(folder):
    """Words to put before a command so that it sees `folder` read-only, even as root."""
    script = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"'
    return ["unshare", *([] if os.geteuid() == 0 else ["-r"]), "-m", "sh", "-c", script, str(folder)]


class Faults(Test):
    def test_a_read_only_home_refuses_an_ingest_and_is_not_harmed(self):
        other = self.fresh()
        prefix = read_only(other.home)
        self.assertEqual(subprocess.run([*prefix, "true"]).returncode, 0, "this machine cannot mount read-only; run the test where unshare -m works")
        self.assertNotEqual(subprocess.run([*prefix, "touch", str(other.home / "x")], capture_output=True).returncode, 0)
        self.refused(other.ingest(CORPUS / "udhr/text/amh.txt", status=None, prefix=prefix), 1)
        found = other.run("search", "--json", MARKER, case=CASE, status=None, prefix=prefix)
        self.assertIn(found.returncode, (0, 1))
        if found.returncode == 1:
            self.assert_one_sentence(found)
        other.run("verify")
        self.assertEqual(other.json("search", MARKER, case=CASE)["total"], 2)

    def test_a_home_made_by_a_newer_version_is_refused_and_not_harmed(self):
        other = self.fresh()
        marks = [p for p in other.home.iterdir() if p.is_file() and re.search(rb'"?format"?\s*[:=]\s*\d+', p.read_bytes()[:4096])]
        self.assertTrue(marks, "no file at the top of the home tells its format (\"format\": N)")
        for mark in marks:
            mark.chmod(0o600)
            mark.write_bytes(re.sub(rb'("?format"?\s*[:=]\s*)\d+', rb"\g<1>99999", mark.read_bytes()))
        before = {p: p.read_bytes() for p in other.home.rglob("*") if p.is_file()}
        for command, words in (("search", ["word"]), ("ingest", [str(sample)]), ("report", []), ("verify", [])):
            with self.subTest(command):
                self.refused(other.run(command, *words, case=CASE, status=None), 1, "newer")
        self.assertEqual({p: p.read_bytes() for p in other.home.rglob("*") if p.is_file()}, before)

    def test_a_full_disk_is_told_and_survived(self):
        other = self.empty()
        script = 'mount -t tmpfs -o size=8m none "$0" && cp -a "$1"/. "$0" && shift && "$@"; status=$?; cp -a "$0"/. "$OUT"; exit $status'
        kept = pathlib.Path(tempfile.mkdtemp(dir=temporary)) / "home"
        kept.mkdir()
        copy = pathlib.Path(tempfile.mkdtemp(dir=temporary)) / "copy"
        shutil.copytree(other.home, copy)
        prefix = ["unshare", *([] if os.geteuid() == 0 else ["-r"]), "-m", "sh", "-c", script, str(other.home), str(copy)]
        other.environment["OUT"] = str(kept)
        done = other.ingest(CORPUS / "html", status=None, prefix=prefix)
        self.assertIn(done.returncode, (1, 5), done.complaint)
        self.assertEqual(len(done.complaint.strip().splitlines()), 1, done.complaint)
        shutil.rmtree(other.home)
        shutil.copytree(kept, other.home)
        other.run("verify")
        other.ingest(CORPUS / "html")
        self.assertEqual(len([i for i in other.items() if not i.get("parent")]), sum(p.is_file() for p in (CORPUS / "html").rglob("*")))

    def test_a_backup_restored_elsewhere_is_the_same_case(self):
        folder = pathlib.Path(tempfile.mkdtemp(dir=temporary))
        office.run("backup", "--to", folder / "backup")
        other = Office(PROGRAM, folder)
        # The keys are copied: one ledger that goes on in two homes under one folder of keys is a fork, and is told as one.
        shutil.copytree(office.keys, folder / "keys-of-the-copy")
        other.environment["CUSTOS_KEYS"] = str(folder / "keys-of-the-copy")
        other.run("restore", "--from", folder / "backup")
        other.run("verify")
        self.assertEqual(other.items(), office.items())
        self.assertEqual(other.json("search", MARKER, case=CASE)["total"], 2)


class Report(Test):
    def test_the_answer_has_the_documented_members(self):
        report = office.json("report", case=CASE)
        self.assertLessEqual({"totals", "containers", "failures", "bytes"}, set(report))
        self.assertLessEqual({"expected", "extracted", "failed", "skipped"}, set(report["totals"]))
        self.assertLessEqual({"originals", "text", "index", "vault", "records"}, set(report["bytes"]))
        for failure in report["failures"]:
            self.assertLessEqual({"item", "path", "reason"}, set(failure))

    def test_every_reason_is_one_of_the_documented_list(self):
        listed = re.findall(r'"([a-z_]+)"', re.search(r"kReasonNames\{(.*?)\}", (blackbox.ROOT / "src/extract/contract/extract/account.h").read_text(), re.S).group(1))
        told = blackbox.reasons_of(office.items()) | {f["reason"] for f in office.json("report", case=CASE)["failures"]}
        self.assertLessEqual(told, set(listed))

    def test_failed_and_skipped_are_listed_one_by_one(self):
        report = office.json("report", case=CASE)
        self.assertGreaterEqual(len(report["failures"]), report["totals"]["failed"])

    def test_the_index_is_at_most_six_tenths_of_the_text(self):
        size = office.json("report", case=CASE)["bytes"]
        if size["text"] < 5 << 20:
            self.assertGreater(size["text"], 0)  # too little text here to judge: bench/run judges
        else:
            self.assertLessEqual(size["index"], 0.6 * size["text"])

    def test_the_plain_report_can_be_read_by_people(self):
        text = office.run("report", case=CASE).text
        for word in ("expected", "extracted", "failed", "skipped"):
            self.assertIn(word, text.lower())


class Import(Test):
    def test_a_table_is_judged_by_the_rules_of_its_module(self):
        o = self.empty()
        table = o.home.parent / "plan.csv"
        tasks = lambda after: json.dumps([{"code": "a", "task": "Interviews", "days": 2, "after": after}, {"code": "b", "task": "Memorandum", "days": 1, "after": "a"}]).replace('"', '""')
        plan = lambda after: f'title,plan_type,owner,objectives,tasks\nPlan,SITPLAN,P-1,To know,"{tasks(after)}"\n'
        table.write_text(plan("b"))
        done = o.run("import", "plan", table, case=CASE, status=1)
        self.assertIn("wait for one another", done.complaint)
        table.write_text(plan(""))
        self.assertIn("1 records added", o.run("import", "plan", table, case=CASE).text)


class Users(Test):
    def test_users_are_listed(self):
        self.assertIn("A Tester", office.run("users").text)


if __name__ == "__main__":
    if "--help" in sys.argv or "-h" in sys.argv:
        print(__doc__)
        sys.exit(0)
    unittest.main()
