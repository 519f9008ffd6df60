#!/usr/bin/env python3
"""Signing in with the office's directory: a real provider (Authlib), and each way in which its word may be wrong."""
import atexit
import http.client
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
import unittest
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import blackbox
from client import Browser

work = pathlib.Path(tempfile.mkdtemp(prefix="custos-directory-"))
atexit.register(shutil.rmtree, work, ignore_errors=True)
PYTHON = "/usr/bin/python3"  # of Debian, which has its packages


def how(person="ada", spoil=""):
    (work / "how.json").write_text(json.dumps({"person": person, "spoil": spoil}))


def setUpModule():
    global provider, process, origin, office
    office = blackbox.Office(blackbox.default_program(), work / "office")
    office.run("init", "--owner", "Ada Head")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        origin = f"http://localhost:{free.getsockname()[1]}"
    how()
    quiet = open(work / "provider.log", "ab")
    provider = subprocess.Popen([PYTHON, pathlib.Path(__file__).parent / "provider.py", work, origin + "/"], stdout=subprocess.PIPE, stderr=quiet, text=True, env=os.environ | {"AUTHLIB_INSECURE_TRANSPORT": "1"})
    issuer = provider.stdout.readline().strip()
    (work / "secret").write_text("the-secret-of-the-client\n")
    (work / "directory.json").write_text(json.dumps({"issuer": issuer, "authorization_endpoint": issuer + "/authorize", "token_endpoint": issuer + "/token", "keys_url": issuer + "/keys", "client_id": "custos",
                                                     "client_secret_file": str(work / "secret"), "claim": "preferred_username", "people": {"ada": "P-1", "nobody": "P-99"}}))
    command = (office.program, "serve", "--home", office.home, "--listen", origin.split("//")[1].replace("localhost", "127.0.0.1"), "--directory", work / "directory.json")
    process = subprocess.Popen([str(w) for w in command], env=office.environment, stdout=subprocess.PIPE, stderr=open(work / "serve.log", "ab"), text=True)
    assert "serving" in process.stdout.readline(), (work / "serve.log").read_text()


def tearDownModule():
    for one in (process, provider):
        one.send_signal(signal.SIGTERM)
        one.wait(30)
        one.stdout.close()


def begun():
    browser = Browser(origin)
    answer = browser.call("POST", "/sign-in/directory/begin", {})
    assert answer.status == 200, answer.bytes
    return browser, answer.json["address"]


def followed(address):
    """What a browser is sent back with, after the provider signed the person in."""
    parts = urllib.parse.urlsplit(address)
    link = http.client.HTTPConnection(parts.netloc, timeout=30)
    link.request("GET", parts.path + "?" + parts.query)
    answer = link.getresponse()
    answer.read()
    assert answer.status == 302, answer.status
    back = urllib.parse.urlsplit(answer.getheader("Location"))
    assert f"{back.scheme}://{back.netloc}{back.path}" == origin + "/"
    return {k: v[0] for k, v in urllib.parse.parse_qs(back.query).items()}


def finish(browser, back):
    return browser.call("POST", "/sign-in/directory/finish", {"state": back["state"], "code": back["code"]})


class Directory(unittest.TestCase):
    def setUp(self):
        how()

    def test_it_says_who_and_the_office_says_what(self):
        self.assertTrue(Browser(origin).call("GET", "/sign-in/directory").json["offered"])
        browser, address = begun()
        for part in ("code_challenge_method=S256", "nonce=", "state=", "response_type=code"):
            self.assertIn(part, address)
        answer = finish(browser, followed(address))
        self.assertEqual(answer.status, 200, answer.bytes)
        self.assertEqual((answer.json["person"]["id"], answer.json["strength"]), ("P-1", "password"))
        # The second class: what asks for a passkey is not there.
        self.assertNotIn("admin.people", answer.json["may"])

    def test_a_word_that_is_wrong_in_any_way_signs_nobody_in(self):
        words = set()
        for spoil in ("nonce", "audience", "issuer", "expired", "key", "none"):
            how(spoil=spoil)
            browser, address = begun()
            answer = finish(browser, followed(address))
            self.assertEqual(answer.status, 401, spoil)
            words.add(answer.bytes)
        how(person="stranger")
        browser, address = begun()
        words.add(finish(browser, followed(address)).bytes)
        how(person="nobody")
        browser, address = begun()
        words.add(finish(browser, followed(address)).bytes)
        self.assertEqual(len(words), 1, "whatever was wrong, in the same words")
        log = (work / "serve.log").read_text()
        for why in ("another sign-in", "somebody else", "another issuer", "expired", "signature does not hold", "another algorithm", "nobody of the list"):
            self.assertIn(why, log)
        self.assertNotIn("stranger", log)

    def test_a_code_works_once_and_in_one_browser(self):
        browser, address = begun()
        back = followed(address)
        other = Browser(origin)
        self.assertEqual(finish(other, back).status, 401, "another browser")
        self.assertEqual(finish(browser, back).status, 401, "the state was used up by the attempt")
        browser, address = begun()
        back = followed(address)
        self.assertEqual(finish(browser, back).status, 200)
        self.assertEqual(finish(browser, back).status, 401, "replayed")
        # The code of one sign-in under the state of another: the provider holds it to its verifier.
        first, address = begun()
        one = followed(address)
        second, address = begun()
        two = followed(address)
        self.assertEqual(finish(second, {"state": two["state"], "code": one["code"]}).status, 401)

    def test_a_wrong_file_is_refused_at_the_start_with_its_place(self):
        good = json.loads((work / "directory.json").read_text())
        for change, said in (({"claim": ""}, "claim"), ({"issuer": "http://id.example"}, "https"), ({"keys_url": "https://elsewhere.example/keys"}, "host"), ({"color": "red"}, "color"),
                             ({"people": {}}, "people"), ({"client_secret_file": "/nowhere"}, "/nowhere")):
            (work / "wrong.json").write_text(json.dumps(good | change))
            done = subprocess.run([office.program, "serve", "--home", office.home, "--listen", "127.0.0.1:0", "--directory", work / "wrong.json"], capture_output=True, text=True, env=office.environment, timeout=60)
            self.assertEqual(done.returncode, 1, change)
            self.assertIn(said, done.stderr)

    def test_without_it_nothing_is_offered(self):
        self.assertEqual(Browser(origin).call("POST", "/sign-in/directory/finish", {"state": "x", "code": "y"}).status, 401)


if __name__ == "__main__":
    unittest.main(verbosity=1)
