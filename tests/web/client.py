"""A browser without a screen: speaks to a running `custos serve` as the front end does."""
import base64
import hashlib
import hmac
import http.client
import json
import os
import struct
import subprocess
import time
import urllib.parse

from shapes import Shapes


def totp(secret, at=None):
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int((at or time.time()) // 30)), hashlib.sha1).digest()
    place = digest[-1] & 15
    return "%06d" % ((struct.unpack(">I", digest[place : place + 4])[0] & 0x7FFFFFFF) % 1_000_000)


def url64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


class Authenticator:
    """A passkey in software: Ed25519 by openssl."""

    def __init__(self, folder):
        self.key = str(folder) + "/passkey.pem"
        subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", self.key], check=True)
        self.public = subprocess.run(["openssl", "pkey", "-in", self.key, "-pubout", "-outform", "DER"], check=True, stdout=subprocess.PIPE).stdout[-32:]
        self.id, self.counter = os.urandom(16), 0

    aaguid = bytes(16)  # its make; zeros: not told

    def data(self, rp_id, flags, rest=b""):
        self.counter += 1
        return hashlib.sha256(rp_id.encode()).digest() + bytes([flags]) + struct.pack(">I", self.counter) + rest

    @staticmethod
    def client(kind, challenge, origin):
        return json.dumps({"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": False}, separators=(",", ":")).encode()

    def make(self, asked, origin):
        cose = b"\xa4\x01\x01\x03\x27\x20\x06\x21\x58\x20" + self.public
        held = self.aaguid + struct.pack(">H", len(self.id)) + self.id + cose
        data = self.data(asked["rp_id"], 0x45, held)
        attestation = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58" + bytes([len(data)]) + data
        return {"id": url64(self.id), "client_data": url64(self.client("webauthn.create", asked["challenge"], origin)), "attestation_object": url64(attestation), "label": "software"}

    def sign(self, asked, origin):
        data, client = self.data(asked["rp_id"], 0x05), self.client("webauthn.get", asked["challenge"], origin)
        message = self.key + ".message"
        with open(message, "wb") as out:
            out.write(data + hashlib.sha256(client).digest())
        signature = subprocess.run(["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", self.key, "-in", message], check=True, stdout=subprocess.PIPE).stdout
        return {"id": url64(self.id), "client_data": url64(client), "authenticator_data": url64(data), "signature": url64(signature), "user_handle": ""}


class Answer:
    def __init__(self, response):
        self.status, self.headers, self.bytes = response.status, response.headers, response.read()

    @property
    def json(self):
        return json.loads(self.bytes)


class Browser:
    documents = {}  # by origin: what each server says of its answers

    def __init__(self, origin, proxied_to=None):
        """`proxied_to`: the address where a proxy, which this plays as well, finds the server."""
        self.origin = origin
        self.proxied_to = proxied_to
        self.host = urllib.parse.urlsplit(origin).netloc
        self.cookie = self.csrf = None

    chooses = True  # answers the question for which purpose with the first that is offered

    def call(self, method, path, body=None, headers=(), api=True, page=True):
        answer = self.ask(method, path, body, headers, api, page)
        while self.chooses and answer.status == 403 and answer.json.get("code") == "purpose":
            chosen = {"purpose": answer.json["purposes"][0], "reason": "chosen by the tests"}
            assert self.ask("PUT", f"/cases/{answer.json['case']}/purpose", chosen).status == 200
            answer = self.ask(method, path, body, headers, api, page)
        return answer

    def ask(self, method, path, body=None, headers=(), api=True, page=True):
        link, fields = self.connect()
        if page:
            fields |= {"Origin": self.origin, "Sec-Fetch-Site": "same-origin"}
        if self.cookie:
            fields["Cookie"] = self.cookie
        if self.csrf:
            fields["X-CSRF"] = self.csrf
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            fields["Content-Type"] = "application/json"
        fields |= dict(headers)
        link.request(method, ("/api/v1" if api else "") + path, body, fields)
        answer = Answer(link.getresponse())
        for value in answer.headers.get_all("Set-Cookie") or []:
            self.cookie = value.split(";")[0]
        if answer.bytes.startswith(b"{") and '"csrf"' in answer.bytes.decode(errors="replace"):
            self.csrf = answer.json.get("csrf", self.csrf)
        link.close()
        if api:
            wrong = self.shapes().wrong(method, "/api/v1" + path, answer.status, answer.headers.get("Content-Type", ""), answer.bytes)
            assert not wrong, wrong
        return answer

    def connect(self):
        link = http.client.HTTPConnection(self.proxied_to or self.host.replace("localhost", "127.0.0.1"), timeout=60)
        forwarded = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"} if self.proxied_to else {}
        return link, {"Host": self.host, **forwarded}

    def shapes(self):
        if self.origin not in self.documents:
            link, fields = self.connect()
            link.request("GET", "/api/v1/openapi.json", headers=fields)
            self.documents[self.origin] = Shapes(json.loads(link.getresponse().read()))
            link.close()
        return self.documents[self.origin]

    def enrol_passkey(self, link, authenticator):
        answer = self.call("POST", "/sign-in/link", {"token": link.rsplit("/", 1)[1]})
        assert answer.status == 200, answer.bytes
        asked = self.call("POST", "/me/passkeys/begin", {})
        assert asked.status == 200, asked.bytes
        answer = self.call("POST", "/me/passkeys/finish", authenticator.make(asked.json, self.origin))
        assert answer.status == 201, answer.bytes
        return self

    def sign_in_passkey(self, authenticator):
        asked = self.call("POST", "/sign-in/passkey/begin", {})
        return self.call("POST", "/sign-in/passkey/finish", authenticator.sign(asked.json, self.origin))

    def prove(self, authenticator):
        """A fresh proof, as an act asks for it: the same session under a new token."""
        asked = self.call("POST", "/me/proof/begin", {})
        return self.call("POST", "/me/proof/finish", authenticator.sign(asked.json, self.origin))

    def enrol(self, link, password="a long walk to the quarry road"):
        """Signs in by a one-time link and enrols a password with codes; keeps the secret."""
        answer = self.call("POST", "/sign-in/link", {"token": link.rsplit("/", 1)[1]})
        assert answer.status == 200, answer.bytes
        begun = self.call("POST", "/me/totp", {"password": password})
        assert begun.status == 200, begun.bytes
        self.secret, self.password = begun.json["secret"], password
        answer = self.call("POST", "/me/totp/confirm", {"code": totp(self.secret)})
        assert answer.status == 200, answer.bytes
        return self
