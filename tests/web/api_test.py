#!/usr/bin/env python3
"""The running server, asked as the front end asks it, and as nobody should: who sees what, and what a refusal tells."""
import atexit
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

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import blackbox
from client import Authenticator, Browser, totp

work = pathlib.Path(tempfile.mkdtemp(prefix="custos-web-"))
atexit.register(shutil.rmtree, work, ignore_errors=True)


class Server:
    def __init__(self, office, port=0, link=False, more=()):
        self.office = office
        command = (office.program, "serve", "--home", office.home, "--listen", f"127.0.0.1:{port}", *more)
        self.process = subprocess.Popen([str(w) for w in command], env=office.environment, stdout=subprocess.PIPE, stderr=open(work / "serve.log", "ab"), text=True)
        self.origin = re.search(r"https?://\S+", self.process.stdout.readline()).group(0)
        if link:  # printed as long as the first person has no key
            self.process.stdout.readline()
            self.link = self.process.stdout.readline().strip()

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        self.process.wait(30)
        self.process.stdout.close()


def setUpModule():
    global office, server, head, key, first, second
    office = blackbox.Office(blackbox.default_program(), work / "office")
    office.run("init", "--owner", "Ada <script>alert(1)</script>")
    for code in ("KAR", "ZED"):
        office.run("case add", "--code", code, "--title", "Case " + code)
        folder = work / code
        folder.mkdir()
        (folder / "statement.txt").write_text(f"The witness of {code} spoke of the quarry road. " * 20)
        (folder / "<img src=x onerror=alert(1)>.txt").write_text("villageois déplacés vers la carrière " + code)
        office.run("ingest", folder, case=code)
    server = Server(office, link=True)
    key = Authenticator(work)
    head = Browser(server.origin).enrol_passkey(server.link, key)
    cases = {c["code"]: c["id"] for c in head.call("GET", "/cases").json["cases"]}
    first, second = cases["KAR"], cases["ZED"]


def tearDownModule():
    server.stop()
    said = (work / "serve.log").read_text()
    if said:
        print("the server said:\n" + said, file=sys.stderr)


def colleague(name, roles, cases, **more):
    made = head.call("POST", "/people", {"name": name, "roles": roles, "cases": cases})
    assert made.status == 201, made.bytes
    person = Browser(server.origin).enrol(made.json["link"], **more)
    person.id = made.json["id"]
    return person


def search(who, case, query):
    return who.call("POST", f"/cases/{case}/searches", {"query": query, "sort": "relevance", "facets": {}})


def first_hit(who, case, query):
    asked = search(who, case, query)
    assert asked.status == 200, asked.bytes
    found = asked.json
    return found["search"], who.call("GET", f"/searches/{found['search']}/hits").json["hits"][0]


class Test(unittest.TestCase):
    def setUp(self):
        # A person has two sessions at most: what a test before this one began may have ended ours.
        if head.call("GET", "/session").status != 200:
            self.assertEqual(head.sign_in_passkey(key).status, 200)


class Signing(Test):
    def test_a_link_works_once_and_lets_a_person_enrol_and_nothing_else(self):
        made = head.call("POST", "/people", {"name": "Once", "roles": ["analyst"], "cases": [first]}).json
        one = Browser(server.origin)
        answer = one.call("POST", "/sign-in/link", {"token": made["link"].rsplit("/", 1)[1]})
        self.assertEqual((answer.status, answer.json["must_enrol"]), (200, True))
        self.assertEqual(one.call("GET", "/cases").json["code"], "must_enrol")
        again = Browser(server.origin).call("POST", "/sign-in/link", {"token": made["link"].rsplit("/", 1)[1]})
        self.assertEqual(again.status, 401)

    def test_a_passkey_signs_in_and_a_signature_is_taken_once(self):
        one = Browser(server.origin)
        asked = one.call("POST", "/sign-in/passkey/begin", {}).json
        signed = key.sign(asked, server.origin)
        self.assertEqual(one.call("POST", "/sign-in/passkey/finish", signed).status, 200)
        self.assertEqual(Browser(server.origin).call("POST", "/sign-in/passkey/finish", signed).status, 401)

    def test_a_passkey_of_another_origin_opens_nothing(self):
        one = Browser(server.origin)
        asked = one.call("POST", "/sign-in/passkey/begin", {}).json
        self.assertEqual(one.call("POST", "/sign-in/passkey/finish", key.sign(asked, "https://evil.example")).status, 401)

    def test_password_and_code_sign_in_and_each_wrong_part_is_refused_in_the_same_words(self):
        one = colleague("Pia", ["analyst"], [first])
        sign = lambda **change: Browser(server.origin).call("POST", "/sign-in/password", {"name": "Pia", "password": one.password, "code": totp(one.secret, time.time() + 30)} | change)
        wrong = [sign(password="something else entirely"), sign(code="000000"), sign(name="Nobody at all")]
        self.assertEqual({a.status for a in wrong if a.status != 429}, {401})
        self.assertEqual(len({a.bytes for a in wrong if a.status != 429}), 1)
        time.sleep(5)
        self.assertEqual(sign().status, 200)
        self.assertNotEqual(sign().status, 200, "a code works once")

    def test_a_weak_password_is_refused(self):
        made = head.call("POST", "/people", {"name": "Weak", "roles": ["analyst"], "cases": []}).json
        one = Browser(server.origin)
        one.call("POST", "/sign-in/link", {"token": made["link"].rsplit("/", 1)[1]})
        for password in ("short", "password1234", "Custos123456"):
            self.assertEqual(one.call("POST", "/me/totp", {"password": password}).status, 422, password)

    def test_signing_out_ends_the_session_at_once(self):
        one = Browser(server.origin)
        one.sign_in_passkey(key)
        kept = one.cookie
        self.assertEqual(one.call("DELETE", "/session").status, 204)
        one.cookie = kept
        self.assertEqual(one.call("GET", "/cases").status, 401)


class Rights(Test):
    @classmethod
    def setUpClass(cls):
        if head.call("GET", "/session").status != 200:
            head.sign_in_passkey(key)
        cls.other = colleague("Zoe", ["investigator"], [second])
        cls.search_id, cls.hit = first_hit(head, first, "quarry")

    def test_a_colleague_of_another_case_sees_that_case_alone(self):
        self.assertEqual([c["code"] for c in self.other.call("GET", "/cases").json["cases"]], ["ZED"])
        self.assertEqual(search(self.other, second, "quarry").json["total"], 1)

    def test_what_may_not_be_seen_is_answered_byte_for_byte_like_what_does_not_exist(self):
        nothing = "0123456789abcdef"
        pairs = [
            ("GET", f"/cases/{first}", f"/cases/{nothing}", None),
            ("POST", f"/cases/{first}/searches", f"/cases/{nothing}/searches", {"query": "quarry", "sort": "date", "facets": {}}),
            ("GET", f"/searches/{self.search_id}/hits", f"/searches/{nothing}/hits", None),
            ("GET", f"/searches/{self.search_id}", f"/searches/{nothing}", None),
            ("GET", f"/items/{self.hit['item']}", f"/items/{nothing}-1", None),
            ("GET", f"/items/{self.hit['item']}/text", f"/items/{nothing}-1/text", None),
            ("GET", f"/items/{self.hit['item']}/custody", f"/items/{nothing}-1/custody", None),
            ("GET", f"/items/{self.hit['item']}/original", f"/items/{nothing}-1/original", None),
            ("GET", "/people", "/items/x", None),
            ("GET", "/ledger", "/items/x", None),
            ("POST", "/people", f"/cases/{nothing}/searches", {"name": "x", "roles": [], "cases": []}),
            ("PUT", "/people/P-1", f"/people/P-99999", {"roles": [], "cases": [], "disabled": False}),
        ]
        for method, hidden, absent, body in pairs:
            with self.subTest(hidden):
                a, b = self.other.call(method, hidden, body), self.other.call(method, absent, body)
                self.assertEqual((a.status, a.bytes), (404, b.bytes))
                names = lambda r: sorted(k for k in r.headers if k != "Date")
                self.assertEqual(names(a), names(b))

    def test_a_search_is_known_to_the_person_who_asked_alone(self):
        mine, _ = first_hit(self.other, second, "quarry")
        self.assertEqual(head.call("GET", f"/searches/{mine}/hits").status, 404)

    def test_a_right_that_is_taken_away_is_gone_at_the_next_request(self):
        one = colleague("Ravi", ["investigator"], [second])
        self.assertEqual(one.call("GET", f"/cases/{second}").status, 200)
        etag = [p for p in head.call("GET", "/people").json["people"] if p["id"] == one.id][0]["etag"]
        changed = head.call("PUT", f"/people/{one.id}", {"roles": ["investigator"], "cases": [], "disabled": False}, {"If-Match": etag})
        self.assertEqual(changed.status, 200)
        self.assertEqual(one.call("GET", f"/cases/{second}").status, 401)

    def test_a_lost_update_is_refused_and_shows_what_is_there(self):
        one = colleague("Lou", ["analyst"], [second])
        etag = [p for p in head.call("GET", "/people").json["people"] if p["id"] == one.id][0]["etag"]
        change = lambda roles: head.call("PUT", f"/people/{one.id}", {"roles": roles, "cases": [second], "disabled": False}, {"If-Match": etag})
        self.assertEqual(change(["investigator"]).status, 200)
        late = change(["trial_lawyer"])
        self.assertEqual((late.status, late.json["current"]["roles"]), (412, ["investigator"]))

    def test_nobody_changes_their_own_rights_and_forbidden_roles_do_not_meet(self):
        etag = head.call("GET", "/people").json["people"][0]["etag"]
        own = head.call("PUT", "/people/P-1", {"roles": ["prosecutor"], "cases": [first], "disabled": False}, {"If-Match": etag})
        self.assertEqual(own.status, 403)
        both = head.call("POST", "/people", {"name": "x", "roles": ["auditor", "investigator"], "cases": []})
        self.assertEqual(both.status, 422)
        for role in ("system_administrator", "key_custodian"):
            self.assertEqual(head.call("POST", "/people", {"name": "x", "roles": [role], "cases": []}).status, 403, role)

    def test_the_original_needs_a_passkey_and_a_reason(self):
        self.assertEqual(self.other.call("GET", f"/items/{first_hit(self.other, second, 'quarry')[1]['item']}/original", headers={"X-Reason": "for%20the%20trial"}).status, 403)
        self.assertEqual(head.call("GET", f"/items/{self.hit['item']}/original").status, 422)
        taken = head.call("GET", f"/items/{self.hit['item']}/original", headers={"X-Reason": "for%20the%20trial"})
        self.assertEqual(taken.bytes, (work / "KAR" / "statement.txt").read_bytes())
        part = head.call("GET", f"/items/{self.hit['item']}/original", headers={"X-Reason": "for%20the%20trial", "Range": "bytes=4-10"})
        self.assertEqual((part.status, part.bytes), (206, taken.bytes[4:11]))
        acts = [r["act"] for r in head.call("GET", f"/items/{self.hit['item']}/custody").json["rows"]]
        self.assertIn("copied_out", acts)


class Reading(Test):
    def test_hits_are_marked_and_no_markup_travels(self):
        _, hit = first_hit(head, first, "carrière")
        self.assertIn("\x02carrière\x03", hit["snippet"])
        self.assertIn("<img src=x onerror=alert(1)>", hit["path"])  # as text, in JSON

    def test_the_text_shows_the_hits_of_the_search_and_its_pages(self):
        found, hit = first_hit(head, first, "quarry road")
        text = head.call("GET", f"/items/{hit['item']}/text?search={found}&page=1").json
        self.assertEqual((text["pages"], text["hits"]), (1, [1]))
        self.assertEqual(text["text"].count("\x02"), text["text"].count("\x03"))
        self.assertEqual(text["text"].replace("\x02", "").replace("\x03", ""), (work / "KAR" / "statement.txt").read_text())

    def test_a_wrong_query_says_where(self):
        wrong = search(head, first, "(quarry OR")
        self.assertEqual((wrong.status, wrong.json["position"]), (422, 11))
        self.assertIn("expected", wrong.json)

    def test_facets_narrow_exactly(self):
        whole = search(head, first, "*").json
        chosen = head.call("POST", f"/cases/{first}/searches", {"query": "*", "sort": "path", "facets": {"language": ["fr"]}}).json
        self.assertEqual(chosen["total"], [f["count"] for f in whole["facets"]["language"] if f["value"] == "fr"][0])

    def test_the_query_language_takes_anything_and_never_ends_in_a_fault(self):
        for query in ("'; drop table item; --", '"', "a" * 5000, "((((((", "\u202eabc", "title:", "date:9999999..x", "*" * 50, "~1", "NEAR/", "\x00"):
            with self.subTest(query[:20]):
                self.assertIn(search(head, first, query).status, (200, 422, 429))

    def test_verify_holds_after_all_this(self):
        office.run("verify")


class Attacks(Test):
    def test_every_change_needs_the_token_the_origin_and_the_media_type(self):
        for method, path in (("POST", f"/cases/{first}/searches"), ("POST", "/cases"), ("POST", "/people"), ("PUT", "/people/P-1"), ("PUT", "/me/language"), ("DELETE", "/session"), ("POST", "/me/totp"), ("POST", "/me/passkeys/begin")):
            body = {"query": "x", "sort": "date", "facets": {}}
            with self.subTest(path):
                self.assertEqual(head.call(method, path, body, {"X-CSRF": "wrong"}).status, 403)
                self.assertEqual(head.call(method, path, body, {"Sec-Fetch-Site": "cross-site"}).status, 403)
                self.assertEqual(head.call(method, path, body, {"Sec-Fetch-Site": "same-site"}).status, 403)
                if method != "DELETE":
                    self.assertEqual(head.call(method, path, b"query=x", {"Content-Type": "application/x-www-form-urlencoded"}).status, 415)

    def test_every_operation_needs_a_session(self):
        for path, item in head.call("GET", "/openapi.json").json["paths"].items():
            for method in item:
                if "/sign-in/" in path or path.endswith("openapi.json") or "/calendar/" in path:  # opened by its own secret
                    continue
                with self.subTest(method + path):
                    nobody = Browser(server.origin)
                    place = re.sub(r"\{\w+\}", "1", path.replace("/api/v1", ""))
                    asked = nobody.call(method.upper(), place, {} if method not in ("get", "delete") else None)
                    self.assertIn(asked.status, (401, 415))

    def test_a_foreign_host_name_is_not_served(self):
        self.assertEqual(head.call("GET", "/session", headers={"Host": "evil.example"}).status, 421)

    def test_headers_keep_the_browser_in_hand(self):
        answer = head.call("GET", "/session")
        self.assertIn("default-src 'none'", answer.headers["Content-Security-Policy"])
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        self.assertEqual(answer.headers["X-Content-Type-Options"], "nosniff")

    def test_scripts_in_names_come_back_as_the_text_they_are(self):
        self.assertEqual(head.call("GET", "/session").json["person"]["name"], "Ada <script>alert(1)</script>")
        for name in ("<script>alert(1)</script>", "\u202egnp.exe", "a\r\nSet-Cookie: x=1", "é" * 90):
            made = head.call("POST", "/people", {"name": name, "roles": ["analyst"], "cases": []})
            self.assertEqual(made.status, 201)
            self.assertNotIn("x=1", str(made.headers))

    def test_guessing_slows_down_and_locks_nobody_out(self):
        wrong = [Browser(server.origin).call("POST", "/sign-in/password", {"name": "Guess", "password": "x" * 20, "code": "111111"}).status for _ in range(6)]
        self.assertIn(429, wrong)
        self.assertEqual(Browser(server.origin).sign_in_passkey(key).status, 200)


class Lasting(Test):
    def test_sessions_and_rights_outlast_a_killed_server(self):
        global server
        one = Browser(server.origin)
        self.assertEqual(one.sign_in_passkey(key).status, 200)
        port = server.origin.rsplit(":", 1)[1]
        server.process.kill()
        server.process.wait()
        server = Server(office, port)
        self.assertEqual(one.call("GET", "/session").status, 200)

    def test_it_works_without_any_network_and_asks_for_none(self):
        probe = subprocess.run(["unshare", "-n", "true"], capture_output=True)
        if probe.returncode:
            self.skipTest("no network namespaces here")
        script = f"ip link set lo up 2>/dev/null; exec {office.program} serve --home {office.home} --listen 127.0.0.1:0"
        alone = subprocess.Popen(["unshare", "-n", "sh", "-c", script], env=office.environment, stdout=subprocess.PIPE, text=True)
        self.assertIn("serving", alone.stdout.readline())
        alone.send_signal(signal.SIGTERM)
        self.assertEqual(alone.wait(30), 0)
        alone.stdout.close()



class BehindAProxy(unittest.TestCase):
    def test_pages_belong_to_the_name_that_people_ask_for_and_the_proxy_alone_tells_who_comes(self):
        other = blackbox.Office(blackbox.default_program(), work / "proxied")
        other.run("init", "--owner", "Ada")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        behind = Server(other, port=port, link=True, more=("--proxy", "127.0.0.1", "--host", "custos.example"))
        try:
            self.assertEqual(behind.origin, "https://custos.example")
            self.assertTrue(behind.link.startswith("https://custos.example/#/sign-in/"))
            (work / "proxied-key").mkdir()
            mine = Authenticator(work / "proxied-key")
            ada = Browser(behind.origin, f"127.0.0.1:{port}").enrol_passkey(behind.link, mine)
            self.assertTrue(ada.cookie.startswith("__Host-sid="), "as over TLS")
            self.assertEqual(Browser(behind.origin, f"127.0.0.1:{port}").sign_in_passkey(mine).status, 200)
            plain = Browser(f"http://localhost:{port}")
            plain.cookie, plain.csrf = ada.cookie, ada.csrf
            self.assertEqual(plain.call("GET", "/session").status, 401, "not past the proxy")
        finally:
            behind.stop()
        for more in (("--proxy", "127.0.0.1"), ("--proxy", "127.0.0.1", "--host", "custos.example", "--tls")):
            done = subprocess.run([str(w) for w in (other.program, "serve", "--home", other.home, *more)], env=other.environment, capture_output=True, text=True, timeout=60)
            self.assertEqual(done.returncode, 2)
            self.assertIn("--proxy goes with --host", done.stderr)


if __name__ == "__main__":
    unittest.main()
