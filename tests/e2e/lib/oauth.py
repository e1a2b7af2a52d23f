"""A token server on loopback (RFC 6749, 7523, 8628) that also tells Dovecot which tokens are good (RFC 7662).

Signatures are checked by the openssl command. Every token is a new secret that must not be seen anywhere.
"""
import base64
import hashlib
import http.server
import json
import os
import secrets as random
import threading
import time
import urllib.parse

from . import canary, process

_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


def _decode(part):
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def thumbprint(cert, digest):
    """Of a PEM certificate, as base64 for URLs without padding."""
    der = process.run(["openssl", "x509", "-in", cert, "-outform", "DER", "-out", cert + ".der"])
    assert der == "", der
    with open(cert + ".der", "rb") as f:
        return base64.urlsafe_b64encode(hashlib.new(digest, f.read()).digest()).rstrip(b"=").decode()


class Refusal(Exception):
    def __init__(self, error, description="", status=400):
        super().__init__(error)
        self.body = {"error": error, "error_description": description}
        self.status = status


class TokenServer:
    """`folder` is private to it. Tokens are for the mailbox `user`. `lifetime` seconds; `script` holds (status, body) answers that come first."""

    CLIENT = "client-1"
    SCOPE = "https://mail.example/.default"

    def __init__(self, folder, user):
        self.folder = folder
        self.user = user
        self.lifetime = 3600
        self.client_secret = "canary-client-" + random.token_urlsafe(9)
        self.refresh_token = "canary-refresh-" + random.token_urlsafe(9)
        self.good = set()
        self.script = []
        self.asked = []  # forms, oldest first
        self.pending = 0  # answers that say authorization_pending before the person is done
        self.slow_down = 0
        self._device = "canary-device-" + random.token_urlsafe(9)
        for secret in (self.client_secret, self.refresh_token, self._device):
            canary.plant(secret)
        self._server = None
        os.makedirs(folder, exist_ok=True)

    @property
    def port(self):
        return self._server.server_address[1]

    def url(self, path="/token"):
        return "http://127.0.0.1:%d%s" % (self.port, path)

    def start(self):
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.owner = self
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def stop(self):
        if self._server:
            self._server.shutdown()
            self._server.server_close()

    def make_key(self, name="key"):
        """A key and its self-signed certificate: (key, certificate)."""
        key, cert = (os.path.join(self.folder, name + ending) for ending in (".key", ".pem"))
        process.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=" + name, "-keyout", key, "-out", cert])
        self.cert = cert
        return key, cert

    # What the endpoints do.

    def give(self, refresh=False):
        token = "canary-access-" + random.token_urlsafe(18)
        self.good.add(token)
        canary.plant(token)
        answer = {"access_token": token, "token_type": "Bearer", "expires_in": self.lifetime}
        if refresh:
            self.refresh_token = "canary-refresh-" + random.token_urlsafe(9)
            canary.plant(self.refresh_token)
            answer["refresh_token"] = self.refresh_token
        return answer

    def token(self, form):
        self.asked.append(form)
        if self.script:
            status, body = self.script.pop(0)
            raise Refusal(body.get("error", ""), body.get("error_description", ""), status)
        kind = form.get("grant_type", "").rpartition(":")[2]
        grants = {"client_credentials": self._client, "refresh_token": self._refresh, "device_code": self._poll, "jwt-bearer": self._account}
        if kind not in grants:
            raise Refusal("unsupported_grant_type")
        return grants[kind](form)

    def _client(self, form):
        if form.get("client_id") != self.CLIENT or form.get("scope") != self.SCOPE:
            raise Refusal("invalid_client", "AADSTS700016: no such application", 401)
        if "client_assertion" in form:
            self._check_client_assertion(form)
        elif form.get("client_secret") != self.client_secret:
            # A careless server repeats what it was sent.
            raise Refusal("invalid_client", "AADSTS7000215: Invalid client secret %s\r\nTrace ID: 1" % form.get("client_secret"), 401)
        return self.give()

    def _check_client_assertion(self, form):
        header, claims = self.verify(form["client_assertion"])
        now = time.time()
        expected = {"alg": "RS256", "typ": "JWT", "x5t": thumbprint(self.cert, "sha1"), "x5t#S256": thumbprint(self.cert, "sha256")}
        if form["client_assertion_type"] != _ASSERTION or header != expected:
            raise Refusal("invalid_client", "AADSTS700027: header")
        if (claims["iss"], claims["sub"], claims["aud"]) != (self.CLIENT, self.CLIENT, self.url()) or not claims["jti"]:
            raise Refusal("invalid_client", "AADSTS700027: claims")
        if not claims["nbf"] <= now + 5 or not now < claims["exp"] <= now + 3600:
            raise Refusal("invalid_client", "AADSTS700024: time")

    def _refresh(self, form):
        """A refresh token is good once."""
        if form.get("refresh_token") != self.refresh_token:
            raise Refusal("invalid_grant", "AADSTS50173: revoked")
        return self.give(refresh=True)

    def device(self, form):
        self.asked.append(form)
        return {"device_code": self._device, "user_code": "ABCD-EFGH", "verification_uri": "https://login.example/device", "expires_in": 60, "interval": 1}

    def _poll(self, form):
        if form.get("device_code") != self._device:
            raise Refusal("invalid_grant")
        if self.slow_down:
            self.slow_down -= 1
            raise Refusal("slow_down")
        if self.pending:
            self.pending -= 1
            raise Refusal("authorization_pending")
        return self.give(refresh=True)

    def _account(self, form):
        header, claims = self.verify(form["assertion"])
        now = time.time()
        if claims["sub"] != self.user or claims["scope"] != "https://mail.google.com/" or claims["aud"] != self.url():
            raise Refusal("unauthorized_client", "Client is unauthorized to retrieve access tokens using this method", 401)
        if claims["iss"] != "watch@project.example" or header.get("kid", "k1") != "k1" or not now < claims["exp"] <= now + 3600:
            raise Refusal("invalid_grant", "Invalid JWT")
        return self.give()

    def verify(self, jwt):
        """(header, claims) of a JWT whose signature is that of the certificate."""
        head, claims, signature = jwt.split(".")
        path = os.path.join(self.folder, "signature")
        with open(path, "wb") as f:
            f.write(_decode(signature))
        with open(path + ".text", "w") as f:
            f.write(head + "." + claims)
        public = process.run(["openssl", "x509", "-in", self.cert, "-noout", "-pubkey"])
        with open(path + ".pub", "w") as f:
            f.write(public)
        try:
            process.run(["openssl", "dgst", "-sha256", "-verify", path + ".pub", "-signature", path, path + ".text"])
        except RuntimeError:
            raise Refusal("invalid_grant", "Invalid JWT Signature.")
        return json.loads(_decode(head)), json.loads(_decode(claims))

    def introspect(self, token):
        return {"active": True, "email": self.user} if token in self.good else {"active": False}


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        form = dict(urllib.parse.parse_qsl(body, strict_parsing=True))
        owner = self.server.owner
        try:
            self._send(200, owner.device(form) if self.path == "/device" else owner.token(form))
        except Refusal as r:
            self._send(r.status, r.body)

    def do_GET(self):
        self._send(200, self.server.owner.introspect(self.headers.get("Authorization", "").partition(" ")[2]))

    def _send(self, status, body):
        octets = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(octets)))
        self.end_headers()
        self.wfile.write(octets)

    def log_message(self, *args):
        """Requests are recorded, not printed."""
