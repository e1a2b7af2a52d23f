"""A private certificate authority and server certificates, made by the openssl command."""
import os

from . import process

_NAMES = "DNS:localhost,IP:127.0.0.1"
_CONFIG = """[ca]
default_ca = own
[own]
dir = {dir}
database = $dir/index.txt
serial = $dir/serial
new_certs_dir = $dir
certificate = $dir/{ca}.pem
private_key = $dir/{ca}.key
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
[server]
basicConstraints = CA:FALSE
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = {names}
"""


class Cert:
    """Paths of a certificate and its key."""

    def __init__(self, folder, name):
        self.cert = os.path.join(folder, name + ".pem")
        self.key = os.path.join(folder, name + ".key")


class Authority:
    """A CA in `folder`. `good` is for localhost and 127.0.0.1; the others each have one thing wrong."""

    def __init__(self, folder):
        self.folder = folder
        os.makedirs(folder, exist_ok=True)
        self._openssl = process.tool("openssl", "openssl")
        self.ca = self._make_ca("ca")
        self._other = self._make_ca("other-ca")
        self.good = self._issue("good", "ca", _NAMES, "20200101000000Z", "20991231235959Z")
        self.untrusted = self._issue("untrusted", "other-ca", _NAMES, "20200101000000Z", "20991231235959Z")
        self.expired = self._issue("expired", "ca", _NAMES, "20200101000000Z", "20200201000000Z")
        self.wrong_host = self._issue("wrong-host", "ca", "DNS:mail.example.org", "20200101000000Z", "20991231235959Z")

    @property
    def ca_file(self):
        return self.ca.cert

    def _key(self):
        return ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]

    def _make_ca(self, name):
        c = Cert(self.folder, name)
        process.run([self._openssl, "req", "-x509"] + self._key() + ["-days", "3650", "-subj", "/CN=dmarcwarn test " + name,
                    "-addext", "keyUsage=critical,keyCertSign,cRLSign",
                    "-keyout", c.key, "-out", c.cert])
        return c

    def _issue(self, name, ca, names, begin, end):
        c = Cert(self.folder, name)
        request = os.path.join(self.folder, name + ".csr")
        config = os.path.join(self.folder, name + ".cnf")
        with open(config, "w") as f:
            f.write(_CONFIG.format(dir=self.folder, ca=ca, names=names))
        open(os.path.join(self.folder, "index.txt"), "a").close()
        process.run([self._openssl, "req", "-new"] + self._key() + ["-subj", "/CN=" + name, "-keyout", c.key, "-out", request])
        process.run([self._openssl, "ca", "-batch", "-notext", "-config", config, "-extensions", "server", "-rand_serial",
                    "-startdate", begin, "-enddate", end, "-in", request, "-out", c.cert])
        return c
