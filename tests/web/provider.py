#!/usr/bin/env python3
"""An identity provider for the tests: python3-authlib and python3-flask of Debian. Prints its port, serves until ended.

It signs in whoever asks as the person named in PERSON (an environment variable it reads at each request from a file), and
spoils its tokens as the file says: {"person","spoil"}. usage: provider.py FOLDER REDIRECT"""
import json
import pathlib
import sys
import time

from authlib.integrations.flask_oauth2 import AuthorizationServer
from authlib.jose import JsonWebKey, jwt
from authlib.oauth2.rfc6749 import grants
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import UserInfo
from authlib.oidc.core.grants import OpenIDCode
from flask import Flask, jsonify
from werkzeug.serving import make_server

folder, redirect = pathlib.Path(sys.argv[1]), sys.argv[2]
key = JsonWebKey.generate_key("EC", "P-256", {"kid": "first"}, is_private=True)
stranger = JsonWebKey.generate_key("EC", "P-256", {"kid": "first"}, is_private=True)
codes = {}


def how():
    return json.loads((folder / "how.json").read_text())


class Client:
    client_id, client_secret = "custos", "the-secret-of-the-client"

    def get_client_id(self):
        return self.client_id

    def get_default_redirect_uri(self):
        return redirect

    def get_allowed_scope(self, scope):
        return scope

    def check_redirect_uri(self, uri):
        return uri == redirect

    def check_client_secret(self, secret):
        return secret == self.client_secret

    def check_endpoint_auth_method(self, method, endpoint):
        return method == "client_secret_basic"

    def check_response_type(self, kind):
        return kind == "code"

    def check_grant_type(self, kind):
        return kind == "authorization_code"


class Code:
    def __init__(self, request, user):
        self.redirect_uri, self.scope, self.user = request.redirect_uri, request.scope, user
        self.nonce, self.code_challenge, self.code_challenge_method = request.data.get("nonce"), request.data["code_challenge"], request.data["code_challenge_method"]
        self.auth_time = int(time.time())

    def get_redirect_uri(self):
        return self.redirect_uri

    def get_scope(self):
        return self.scope

    def get_nonce(self):
        return self.nonce

    def get_auth_time(self):
        return self.auth_time


class Grant(grants.AuthorizationCodeGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic"]

    def save_authorization_code(self, code, request):
        codes[code] = Code(request, request.user)

    def query_authorization_code(self, code, client):
        return codes.get(code)

    def delete_authorization_code(self, code):
        for one in [c for c, held in codes.items() if held is code]:
            del codes[one]

    def authenticate_user(self, code):
        return code.user


class Identity(OpenIDCode):
    def exists_nonce(self, nonce, request):
        return any(c.nonce == nonce for c in codes.values())

    def get_jwt_config(self, grant):
        return {"key": key, "alg": "ES256", "iss": issuer, "exp": 300}

    def generate_user_info(self, user, scope):
        return UserInfo(sub="7", preferred_username=user, email_verified=True)

    def process_token(self, grant, token):
        spoil = how()["spoil"]
        token = super().process_token(grant, token)
        claims = jwt.decode(token["id_token"], key)
        head, by = {"alg": "ES256", "kid": "first"}, key
        if spoil == "nonce":
            claims["nonce"] = "of another sign-in"
        if spoil == "audience":
            claims["aud"] = ["somebody else"]
        if spoil == "issuer":
            claims["iss"] = "https://other.example"
        if spoil == "expired":
            claims["exp"] = int(time.time()) - 3600
        if spoil == "key":
            by = stranger
        if spoil == "none":
            body = token["id_token"].split(".")[1]
            token["id_token"] = "eyJhbGciOiJub25lIiwia2lkIjoiZmlyc3QifQ." + body + "."
        else:
            token["id_token"] = jwt.encode(head, dict(claims), by).decode()
        return token


app = Flask(__name__)
app.config["OAUTH2_TOKEN_EXPIRES_IN"] = {"authorization_code": 300}
server = AuthorizationServer(app, query_client=lambda i: Client() if i == "custos" else None, save_token=lambda token, request: None)
server.register_grant(Grant, [Identity(require_nonce=True), CodeChallenge(required=True)])


@app.get("/authorize")
def authorize():
    return server.create_authorization_response(grant_user=how()["person"])


@app.post("/token")
def token():
    return server.create_token_response()


@app.get("/keys")
def keys():
    return jsonify({"keys": [key.as_dict(is_private=False, use="sig", alg="ES256")]})


web = make_server("127.0.0.1", 0, app)
issuer = f"http://127.0.0.1:{web.server_port}"
print(issuer, flush=True)
web.serve_forever()
