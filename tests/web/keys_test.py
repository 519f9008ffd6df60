#!/usr/bin/env python3
"""The keys of an office in processes of their own: what the server never holds, who seals, how it opens again, and what is not signed."""
import atexit
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

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import blackbox
from client import Authenticator, Browser

work = pathlib.Path(tempfile.mkdtemp(prefix="custos-keys-"))
atexit.register(shutil.rmtree, work, ignore_errors=True)


class Serving:
    """An office that is served; every line it says is kept."""

    def __init__(self, office, environment=None, group=False):
        self.office, self.lines = office, []
        command = [office.program, "serve", "--home", office.home, "--listen", "127.0.0.1:0"]
        self.errors = open(work / "serve.log", "a+b")
        self.process = subprocess.Popen([str(w) for w in command], env=dict(office.environment, **(environment or {})), stdout=subprocess.PIPE, stderr=self.errors, text=True, start_new_session=group)

    def line(self, pattern):
        while True:
            said = self.process.stdout.readline()
            assert said, f"it ended before it said {pattern}"
            self.lines.append(said)
            if met := re.search(pattern, said):
                return met

    def origin(self):
        return self.line(r"http://localhost:\d+$").group(0)

    def link(self):
        return self.line(r"http://\S+/sign-in/\S+").group(0)

    def end(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)
        self.process.stdout.close()
        self.errors.close()


def new_office(name):
    office = blackbox.Office(blackbox.default_program(), work / name)
    office.run("init", "--owner", "Ada Head")
    office.run("case add", "--code", "KAR", "--title", "Karadagh")
    folder = work / (name + "-in")
    folder.mkdir()
    (folder / "statement.txt").write_text("The witness spoke of the quarry road. " * 20)
    office.run("ingest", folder, case="KAR")
    return office


def keys_of(office):
    (folder,) = [p for p in pathlib.Path(office.environment["CUSTOS_KEYS"]).iterdir() if (p / "office.key").exists()]
    return folder


def children(process):
    told = subprocess.run(["ps", "-o", "pid=,args=", "--ppid", str(process.pid)], stdout=subprocess.PIPE, text=True).stdout
    return {duty: int(line.split()[0]) for line in told.splitlines() for duty in ("keys", "signer") if f"--duty {duty}" in line}


def holds(pid, secret):
    """Does the memory of a process hold these bytes?"""
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in maps:
            place, rights = line.split()[:2]
            if not rights.startswith("rw"):
                continue
            begin, end = (int(x, 16) for x in place.split("-"))
            try:
                memory.seek(begin)
                if secret in memory.read(end - begin):
                    return True
            except (OSError, ValueError):
                continue
    return False


def secret_in(path):
    return bytes.fromhex(re.search(r'"secret":"([0-9a-f]{64})"', path.read_text()).group(1))


def refuses(origin):
    host, port = origin.split("//")[1].split(":")
    with socket.socket() as s:
        return s.connect_ex(("127.0.0.1", int(port))) != 0


class Person(Browser):
    def __init__(self, origin, link):
        super().__init__(origin)
        self.key = Authenticator(pathlib.Path(tempfile.mkdtemp(dir=work)))
        self.enrol_passkey(link, self.key)


class ProcessesOfTheirOwn(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.office = new_office("apart")
        cls.server = Serving(cls.office)
        cls.origin = cls.server.origin()
        cls.head = Person(cls.origin, cls.server.link())
        cls.case = case = cls.head.call("GET", "/cases").json["cases"][0]["id"]
        made = cls.head.call("POST", "/people", {"name": "Dara Duty", "roles": ["duty_officer"], "cases": [case]})
        cls.duty = Person(cls.origin, made.json["link"])
        made = cls.head.call("POST", "/people", {"name": "Aud Itor", "roles": ["auditor"], "cases": []})
        cls.auditor = Person(cls.origin, made.json["link"])

    @classmethod
    def tearDownClass(cls):
        cls.server.end()

    def test_1_the_server_works_and_holds_neither_secret(self):
        self.assertEqual(self.head.call("POST", "/cases/%s/searches" % self.case, {"query": "quarry", "sort": "relevance", "facets": {}}).status, 200)
        keys = keys_of(self.office)
        self.assertEqual(set(children(self.server.process)), {"keys", "signer"})
        self.assertTrue(holds(self.server.process.pid, keys.name.encode()), "what it does hold is found")
        for name in ("office.key", "signing.key"):
            self.assertFalse(holds(self.server.process.pid, secret_in(keys / name)), name)
        # Nor in memory that only it can read: each of the two has one such page, the server none.
        hidden = lambda pid: pathlib.Path(f"/proc/{pid}/maps").read_text().count("secretmem")
        self.assertEqual(hidden(self.server.process.pid), 0)
        if all(p["locked_in_memory"] for p in self.office.json("keys status")["running"]):
            self.assertEqual({hidden(pid) for pid in children(self.server.process).values()}, {1})
        for duty, pid in children(self.server.process).items():
            other = secret_in(keys / ("signing.key" if duty == "keys" else "office.key"))
            self.assertFalse(holds(pid, other), duty)

    def test_2_both_are_confined(self):
        for pid in children(self.server.process).values():
            status = pathlib.Path(f"/proc/{pid}/status").read_text()
            self.assertIn("Seccomp:\t2", status)
            self.assertIn("NoNewPrivs:\t1", status)

    def test_3_who_may_not_seal_learns_nothing_of_it(self):
        said = self.head.call("POST", "/office/seal", {"reason": "curious whether this works"})
        self.assertEqual(said.status, 404)
        self.assertEqual(said.bytes, self.head.call("GET", "/cases/0123456789abcdef").bytes)
        self.assertNotIn("office.seal", self.head.call("GET", "/session").json["may"])
        self.assertIn("office.seal", self.duty.call("GET", "/session").json["may"])
        self.assertEqual(self.duty.call("POST", "/office/seal", {"reason": "no"}).status, 422)

    def test_4_one_person_seals_and_it_opens_where_it_was(self):
        said = self.duty.call("POST", "/office/seal", {"reason": "men with a warrant are at the door"})
        self.assertEqual(said.status, 204)
        self.server.line("the office is sealed")
        self.assertTrue(refuses(self.origin))
        status = self.office.json("keys status")
        self.assertFalse(status["running"][0]["open"])
        self.assertIn("is open", self.office.run("keys unseal").text)
        self.assertEqual(self.server.origin(), self.origin)
        for person in (self.head, self.duty, self.auditor):
            self.assertEqual(person.call("GET", "/session").status, 401, "every session ended")
            person.cookie = person.csrf = None
            self.assertEqual(person.sign_in_passkey(person.key).status, 200)
        rows = self.auditor.call("GET", "/ledger?act=office_sealed").json["rows"]
        self.assertEqual(len(rows), 1)
        self.assertEqual(self.office.run("verify").returncode, 0)

    def test_5_an_interrupt_at_the_terminal_ends_it_in_good_order(self):
        office = new_office("interrupted")
        server = Serving(office, group=True)
        server.origin()
        before = (work / "serve.log").stat().st_size
        os.killpg(server.process.pid, signal.SIGINT)  # as a terminal does: to all of them
        self.assertEqual(server.process.wait(30), 0)
        self.assertEqual((work / "serve.log").read_bytes()[before:], b"")
        server.end()

    def test_6_it_ends_with_a_word_when_one_of_them_dies(self):
        os.kill(children(self.server.process)["signer"], signal.SIGKILL)
        self.assertNotEqual(self.server.process.wait(30), 0)
        self.assertIn("ended by itself", (work / "serve.log").read_text())


class Shares(unittest.TestCase):
    def test_any_three_of_five_open_an_office_that_starts_sealed(self):
        office = new_office("shares")
        before = office.run("keys split", "--shares", "5", "--needed", "3").text
        shares = re.findall(r"^share (\S+)$", before, re.M)
        self.assertEqual(len(shares), 5)
        self.assertEqual(office.run("verify").returncode, 0, "until they were typed back nothing changes")
        self.assertNotEqual(office.run("keys confirm", input=("\n".join(shares[:2]) + "\n").encode(), status=None).returncode, 0)
        office.run("keys confirm", input=("\n".join(shares[:3]) + "\n").encode())
        refused = office.run("verify", status=None)
        self.assertNotEqual(refused.returncode, 0)
        self.assertIn("in shares", refused.complaint)
        server = Serving(office)
        try:
            server.line("the office is sealed")
            few = office.run("keys unseal", input=("\n".join(shares[:2]) + "\n").encode(), status=None)
            self.assertNotEqual(few.returncode, 0)
            self.assertIn("2 of 3", few.complaint)
            office.run("keys unseal", input=("\n".join([shares[4], shares[0], shares[2]]) + "\n").encode())
            server.origin()
            self.assertEqual(office.run("verify").returncode, 0, "the command line asks the running processes")
        finally:
            server.end()
        office.run("keys plain", input=("\n".join(shares[:3]) + "\n").encode())
        self.assertEqual(office.run("verify").returncode, 0)

    def test_a_passphrase_is_not_in_the_server_once_it_serves(self):
        office = new_office("passphrase")
        passphrase = "seven horses at the ford"
        office.environment["CUSTOS_NEW_PASSPHRASE"] = passphrase
        office.run("keys passphrase")
        del office.environment["CUSTOS_NEW_PASSPHRASE"]
        self.assertNotEqual(office.run("verify", status=None).returncode, 0)
        server = Serving(office, {"CUSTOS_PASSPHRASE": passphrase})
        try:
            server.origin()
            for pid in (server.process.pid, *children(server.process).values()):
                self.assertFalse(holds(pid, passphrase.encode()), pid)
        finally:
            server.end()


class AUserOfTheirOwn(unittest.TestCase):
    @unittest.skipIf(os.geteuid() != 0, "needs root, to be two users")
    def test_the_server_s_user_can_read_no_key_and_works_all_the_same(self):
        office = new_office("two-users")
        apart = work / "two-users-keys"
        shutil.move(keys_of(office), apart / keys_of(office).name)
        office_id = next(apart.iterdir()).name
        doors = work / "two-users-doors"
        work.chmod(0o755)
        as_user = lambda number: {"user": number, "group": number, "extra_groups": []}
        for path, owner in ((apart, 64001), (work / "two-users", 64002)):
            for each in (path, *path.rglob("*")):
                os.chown(each, owner, owner)
        doors.mkdir(mode=0o755)
        os.chown(doors, 64001, 64001)
        environment = {**office.environment, "CUSTOS_KEYS": str(apart), "HOME": str(work)}
        # The peer is named by its user; nobody stands for the server here.
        keys = subprocess.Popen([office.program, "keys", "serve", "--office", office_id, "--doors", str(doors), "--peer", "nobody"], env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, **as_user(64001))
        try:
            self.assertIn("are served at", keys.stdout.readline())
            for path in (work / "two-users").rglob("*"):
                os.chown(path, 65534, 65534)
            os.chown(work / "two-users", 65534, 65534)
            office.environment |= {"CUSTOS_DOORS": str(doors), "HOME": str(work)}
            office.environment.pop("CUSTOS_KEYS")
            self.assertEqual(office.run("verify", **as_user(65534)).returncode, 0)
            stranger = office.run("verify", status=None, **as_user(64003))
            self.assertNotEqual(stranger.returncode, 0)
            for key in ("office.key", "signing.key"):
                self.assertNotEqual(subprocess.run(["cat", apart / office_id / key], capture_output=True, **as_user(65534)).returncode, 0)
        finally:
            keys.terminate()
            keys.wait(30)
            keys.stdout.close()


class Histories(unittest.TestCase):
    def test_an_older_copy_is_not_signed_until_somebody_says_why(self):
        office = new_office("older")
        copy = work / "older-copy"
        shutil.copytree(office.home, copy)
        (work / "later").mkdir()
        (work / "later" / "second.txt").write_text("what came later")
        office.run("ingest", work / "later", case="KAR")
        shutil.rmtree(office.home)
        shutil.copytree(copy, office.home)
        (work / "later" / "third.txt").write_text("what came instead")
        refused = office.run("ingest", work / "later", case="KAR", status=None)
        self.assertNotEqual(refused.returncode, 0)
        self.assertRegex(refused.complaint, "Nothing is signed|was signed")
        self.assertNotEqual(office.run("verify", status=None).returncode, 0)
        self.assertEqual(office.run("keys follow", status=None).returncode, 2)
        said = office.run("keys follow", "--reason", "the disk failed and this is the backup of Friday").text
        self.assertIn("set aside", said)
        self.assertEqual(office.run("verify").returncode, 0)
        self.assertEqual(len(list((keys_of(office) / "checkpoints").glob("*.checkpoint.*"))), 1)
        self.assertIn("nothing is set aside", office.run("keys follow", "--reason", "once more, to be sure").text)


if __name__ == "__main__":
    unittest.main(verbosity=1)
