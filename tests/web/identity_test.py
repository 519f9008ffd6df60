#!/usr/bin/env python3
"""The identity register behind a running server: who opens an identity, who does not, and what never leaves it."""
import atexit
import hashlib
import hmac
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

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import base64
import blackbox
from client import Authenticator, Browser, url64

work = pathlib.Path(tempfile.mkdtemp(prefix="custos-identity-"))
atexit.register(shutil.rmtree, work, ignore_errors=True)
NAME, BORN = "Zorica Markerović-Lipa", "1971-11-30"
MAKE = bytes(range(1, 17))


class Hardware(Authenticator):
    aaguid = MAKE


# RFC 9180 a second time, from the text of the standard: another implementation than the one that is tested.
def hmac256(key, data):
    return hmac.new(key, data, hashlib.sha256).digest()


def schedule(dh, enc, receiver, info):
    two = lambda n: n.to_bytes(2, "big")
    extract = lambda suite, salt, label, ikm: hmac256(salt or bytes(32), b"HPKE-v1" + suite + label + ikm)
    expand = lambda suite, prk, label, info, n: hmac256(prk, two(n) + b"HPKE-v1" + suite + label + info + b"\x01")[:n]
    kem, suite = b"KEM\x00\x20", b"HPKE\x00\x20\x00\x01\x00\x02"
    shared = expand(kem, extract(kem, b"", b"eae_prk", dh), b"shared_secret", enc + receiver, 32)
    context = b"\x00" + extract(suite, b"", b"psk_id_hash", b"") + extract(suite, b"", b"info_hash", info)
    secret = extract(suite, shared, b"secret", b"")
    return AESGCM(expand(suite, secret, b"key", context, 32)), expand(suite, secret, b"base_nonce", context, 12)


def public(key):
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)


def seal(to, plain):
    mine = X25519PrivateKey.generate()
    aead, nonce = schedule(mine.exchange(X25519PublicKey.from_public_bytes(to)), public(mine), to, b"custos identity form v1")
    return public(mine), aead.encrypt(nonce, plain, b"")


def unseal_answer(key, opening, answer):
    enc, box = unbase(answer["enc"]), unbase(answer["box"])
    aead, nonce = schedule(key.exchange(X25519PublicKey.from_public_bytes(enc)), enc, public(key), b"custos identity opened v1")
    return json.loads(aead.decrypt(nonce, box, opening.encode()))


def unbase(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def canonical(values):
    return json.dumps(values, sort_keys=True, separators=(",", ":"))


class Person(Browser):
    def __init__(self, link, kind=Authenticator):
        super().__init__(origin)
        folder = pathlib.Path(tempfile.mkdtemp(dir=work))
        self.key = kind(folder)
        self.enrol_passkey(link, self.key)

    def back(self):
        self.cookie = self.csrf = None
        assert self.sign_in_passkey(self.key).status == 200
        return self

    def state(self):
        answer = self.call("GET", "/identity")
        assert answer.status == 200, answer.bytes
        return answer.json

    def signature(self, text):
        challenge = url64(hashlib.sha256(text.encode()).digest())
        said = self.key.sign({"rp_id": "localhost", "challenge": challenge}, origin)
        return {k: said[k] for k in ("id", "client_data", "authenticator_data", "signature")}

    def form(self, act, form, code=""):
        state = self.state()
        enc, box = seal(unbase(state["register"]["public_key"]), json.dumps(form).encode())
        nonce, asked, number = os.urandom(32), int(time.time()), state["cases"][0]["number"]
        text = canonical({"act": act, "asked": asked, "body": hashlib.sha256(enc + box).hexdigest(), "case": number, "code": code, "nonce": nonce.hex(), "requester": state["me"]["person"], "version": 1})
        return {"act": {"case": number, "asked": asked, "code": code, "nonce": url64(nonce)}, "enc": url64(enc), "box": url64(box), "assertion": self.signature(text)}

    def register(self, form):
        answer = self.call("POST", "/identity/entries", self.form("register", form))
        assert answer.status == 201, answer.bytes
        return answer.json["code"]

    def known(self, name, born=""):
        answer = self.call("POST", "/identity/questions", self.form("known", {"names": [name], "born": born}))
        assert answer.status == 200, answer.bytes
        return answer.json["answer"]

    def request(self, code, fields=("names",), minutes=10, signs=None):
        state = self.state()
        self.reader = X25519PrivateKey.generate()
        now = int(time.time())
        text = canonical({"asked": now, "case": state["cases"][0]["number"], "code": code, "expires": now + minutes * 60, "fields": sorted(fields), "nonce": os.urandom(32).hex(), "purpose": "protection",
                          "reader_key": public(self.reader).hex(), "requester": state["me"]["person"], "version": 1})
        return self.call("POST", "/identity/openings", {"request": text, "assertion": self.signature(signs or text)})

    def openings(self):
        return self.call("GET", "/identity/openings").json["openings"]

    def approve(self, opening):
        row = [o for o in self.openings() if o["id"] == opening]
        if not row:
            return self.call("POST", f"/identity/openings/{opening}/approve", {"assertion": self.signature("")})
        return self.call("POST", f"/identity/openings/{opening}/approve", {"assertion": self.signature(row[0]["request"])})

    def show(self, opening):
        return self.call("POST", f"/identity/openings/{opening}/show", {})


def colleague(name, roles, cases, kind=Authenticator):
    made = head.call("POST", "/people", {"name": name, "roles": roles, "cases": cases})
    assert made.status == 201, made.bytes
    one = Person(made.json["link"], kind)
    one.id = made.json["id"]
    return one


def granted(one, organ, role, clearance="SECRET"):
    """Clearance, organ and a role that one person alone cannot give, by two persons of the office."""
    etag = [p for p in head.call("GET", "/people").json["people"] if p["id"] == one.id][0]["etag"]
    body = {"clearance": clearance, "compartments": [], "organ": organ, "by_two": [role], "reason": "as the tests ask"}
    refusal = head.call("PUT", f"/people/{one.id}/clearance", body, {"If-Match": etag})
    assert refusal.json.get("code") == "second_person", refusal.bytes
    asked = head.call("POST", "/approvals", {k: refusal.json[k] for k in ("act", "kind", "object", "what")} | {"reason": "as the tests ask"})
    said = prosecutor.call("POST", f"/approvals/{asked.json['id']}", {"approve": True, "note": "looked at by the tests"})
    assert said.status == 204, said.bytes
    done = head.call("PUT", f"/people/{one.id}/clearance", body, {"If-Match": etag})
    assert done.status == 200, done.bytes
    return one.back()


def custodian(words, given=""):
    done = subprocess.run([office.program, "identity", *words.split(), "--home", str(office.home)], input=given, capture_output=True, text=True, env=office.environment, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def admitted(one, role):
    passkey = one.call("GET", "/me/passkeys").json["passkeys"][0]["id"]
    asked = one.call("POST", "/identity/admission", {"role": role, "passkey": passkey})
    assert asked.status == 200, asked.bytes
    waiting = asked.json["standing"][0]
    assert waiting["fingerprint"] in custodian("officers")
    custodian(f"admit {waiting['id']}", f"{shares[0]}\n{shares[2]}\n")
    return one


def serve():
    global process
    command = (office.program, "serve", "--home", office.home, "--listen", origin.split("//")[1].replace("localhost", "127.0.0.1"), "--authenticators", work / "makes.json")
    process = subprocess.Popen([str(w) for w in command], env=office.environment, stdout=subprocess.PIPE, stderr=open(work / "serve.log", "ab"), text=True)
    lines = [process.stdout.readline() for _ in range(3 if not (work / "begun").exists() else 1)]
    (work / "begun").touch()
    return lines[-1].strip()


def setUpModule():
    global office, origin, shares, head, prosecutor, auditor, investigator, liaison, officer, second, approver, near, case
    office = blackbox.Office(blackbox.default_program(), work / "office")
    office.run("init", "--owner", "Ada Head")
    office.run("case add", "--code", "KAR", "--title", "Case KAR")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        origin = f"http://localhost:{free.getsockname()[1]}"
    (work / "makes.json").write_text(json.dumps({"source": "the tests", "version": "1", "authenticators": [{"aaguid": MAKE.hex(), "name": "of the tests"}]}))
    shares = re.findall(r"(?m)^share (\S+)", custodian(f"init --origin {origin}"))
    head = Person(serve())
    case = head.call("GET", "/cases").json["cases"][0]["id"]
    prosecutor = colleague("Pavel Prosecutor", ["prosecutor"], [case])
    auditor = colleague("Aino Auditor", ["auditor"], [])
    investigator = colleague("Iris Investigator", ["investigator"], [case])
    liaison = colleague("Lea Liaison", ["vws_liaison"], [case])
    officer = granted(colleague("Odo Officer", [], [case], Hardware), "prosecution", "identity_officer")
    second = granted(colleague("Olga Officer", [], [case], Hardware), "prosecution", "identity_officer")
    approver = granted(colleague("Abel Approver", [], [case], Hardware), "registry", "identity_approver")
    near = granted(colleague("Anna Approver", [], [case], Hardware), "prosecution", "identity_approver")


def tearDownModule():
    process.send_signal(signal.SIGTERM)
    process.wait(30)
    process.stdout.close()
    said = (work / "serve.log").read_text()
    if said:
        print("the server said:\n" + said, file=sys.stderr)


class Identities(unittest.TestCase):
    """In the order of their names: the register is made, unsealed, used, sealed and stolen."""

    def test_1_a_sealed_register_leaves_the_rest_working(self):
        self.assertEqual(officer.state()["register"]["state"], "sealed")
        self.assertEqual(head.call("GET", "/cases").status, 200)
        refused = officer.call("POST", "/identity/entries", officer.form("register", {"names": [NAME]}))
        self.assertEqual((refused.status, refused.json["code"]), (409, "conflict"))
        self.assertIn("sealed", refused.json["detail"])

    def test_2_shares_of_two_custodians_unseal_it_and_they_admit_its_people(self):
        self.assertIn("1 of 2 shares", custodian("unseal", shares[0] + "\n"))
        self.assertIn("open", custodian("unseal", shares[2] + "\n"))
        for one, role in ((officer, "identity_officer"), (second, "identity_officer"), (approver, "identity_approver"), (near, "identity_approver")):
            admitted(one, role)
        self.assertEqual(officer.state()["me"]["standing"][0]["state"], "admitted")

    def test_3_an_identity_is_opened_by_two_of_two_organs_for_one(self):
        code = officer.register({"names": [NAME], "born": BORN, "contacts": [{"kind": "telephone", "value": "+000 111"}]})
        self.assertRegex(code, "^W-")
        asked = officer.request(code, ("contacts", "names"))
        self.assertEqual(asked.status, 201, asked.bytes)
        opening = asked.json["opening"]
        self.assertEqual([a["kind"] for a in approver.call("GET", "/alarms").json["alarms"]], ["identity_opening_asked"])
        early = officer.show(opening)
        self.assertEqual(early.status, 403)
        self.assertEqual(approver.approve(opening).status, 200)
        shown = officer.show(opening)
        plain = unseal_answer(officer.reader, opening, shown.json)
        self.assertEqual(plain["fields"], {"contacts": [{"kind": "telephone", "value": "+000 111"}], "names": [NAME]})
        self.assertNotIn(NAME.encode(), shown.bytes)
        for other in (second, approver, near, head):
            self.assertEqual(other.show(opening).status, 404)
        self.assertIn("identity_permitted", [a["kind"] for a in auditor.call("GET", "/alarms").json["alarms"]])
        self.assertEqual(officer.call("POST", f"/identity/openings/{opening}/close", {}).status, 204)
        self.assertEqual(officer.show(opening).status, 403)

    def test_3_one_person_alone_gives_nobody_the_role(self):
        made = head.call("POST", "/people", {"name": "Otto Alone", "roles": ["identity_officer"], "cases": [case]})
        self.assertEqual((made.status, made.json["code"]), (403, "denied"))

    def test_4_nobody_else_opens_it_and_refusals_do_not_differ(self):
        code = officer.register({"names": ["Petar Drugi"]})
        asked = officer.request(code)
        said = near.approve(asked.json["opening"])
        self.assertEqual((said.status, said.json["detail"]), (404, "there is nothing here, or nothing for you to see"), "of the same organ")
        own = officer.request(code)
        self.assertEqual(officer.approve(own.json["opening"]).status, 404)
        unknown = second.register({"names": ["Treći Neko"]})
        stranger = unknown[:-1] + ("0" if unknown[-1] != "0" else "1")
        forged = officer.request(code, signs="another request")
        self.assertEqual((forged.status, forged.json["detail"]), (403, "The identity is not opened. Ask the identity officer on duty how to go on."))
        self.assertIn("identity_attempt", [a["kind"] for a in auditor.call("GET", "/alarms").json["alarms"]])
        self.assertEqual(officer.request(stranger).status, 422, "mistyped: its check character says so")
        missing = [head.call(m, p, b).bytes for m, p, b in (("GET", "/cases/0123456789abcdef", None),)][0]
        body = officer.form("register", {"names": ["X Y"]})
        for one in (head, prosecutor, auditor, investigator, liaison):
            for method, path, given in (
                ("GET", "/identity", None), ("GET", "/identity/openings", None), ("POST", "/identity/entries", body), ("POST", "/identity/questions", body),
                ("POST", "/identity/openings", {"request": "{}", "assertion": {}}), ("POST", f"/identity/openings/{own.json['opening']}/approve", {"assertion": {}}),
                ("POST", f"/identity/openings/{own.json['opening']}/show", {}), ("POST", f"/identity/openings/{own.json['opening']}/close", {}), ("POST", "/identity/seal", {}),
            ):
                answer = one.call(method, path, given)
                self.assertEqual((answer.status, answer.bytes), (404, missing), f"{method} {path}")
            self.assertNotIn("identity", one.call("GET", "/session").json["may"])

    def test_5_a_blind_question_has_one_word_for_an_answer(self):
        self.assertEqual(officer.known(NAME, BORN), "yes")
        self.assertEqual(officer.known("Зорица Маркеровић Липа"), "ask")
        self.assertEqual(officer.known("Ibrahim Someone Else"), "no")

    def test_6_both_ledgers_tell_of_it_without_the_name(self):
        rows = auditor.call("GET", "/ledger").bytes.decode()
        for act in ("identity_registered", "identity_opening_asked", "identity_opening_permitted", "identity_shown", "identity_opening_closed", "identity_asked_whether_known", "identity_refused"):
            self.assertIn(act, rows)
        own = custodian("log")
        for text in (rows, own):
            for part in ("Zorica", "Markerovi", BORN):
                self.assertNotIn(part, text)
        self.assertIn("opening_permitted", own)

    def test_7_a_lost_role_ends_it_at_the_next_request(self):
        code = second.register({"names": ["Četvrti Neko"]})
        opening = second.request(code).json["opening"]
        self.assertEqual(approver.approve(opening).status, 200)
        person = [p for p in head.call("GET", "/people").json["people"] if p["id"] == second.id][0]
        done = head.call("PUT", f"/people/{second.id}", {"roles": [], "cases": [case], "disabled": False}, {"If-Match": person["etag"]})
        self.assertEqual(done.status, 200, done.bytes)
        second.back()
        self.assertEqual(second.show(opening).status, 404)

    def test_8_the_register_is_stolen_with_the_home_and_the_keys_of_the_office(self):
        process.send_signal(signal.SIGTERM)
        process.wait(30)
        process.stdout.close()
        for folder in (office.home, office.keys):
            for path in folder.rglob("*"):
                if path.is_file():
                    held = path.read_bytes()
                    for part in ("Markerović", "Zorica", BORN, "+000 111", "markerovic"):
                        self.assertNotIn(part.encode(), held, path)
        office.run("verify")
        office.run("backup", "--to", work / "backup")
        self.assertFalse((work / "backup/identity").exists())
        serve()
        self.assertIn("sealed", custodian("status"))
        custodian("copy --to " + str(work / "copy"))
        custodian("unseal", f"{shares[1]}\n{shares[2]}\n")
        officer.back()
        self.assertEqual(officer.known(NAME, BORN), "yes")


if __name__ == "__main__":
    unittest.main(verbosity=1)
