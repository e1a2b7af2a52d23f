"""A real Postfix from Debian's package, unpacked into a private folder and never installed.

Its `master` runs in the foreground as a child with a
private configuration, queue and data folder; it listens on loopback, offers STARTTLS (and TLS from the first octet on a second port)
and delivers every mail for example.com, example.net and example.org into one Maildir that the tests read.

Postfix changes between accounts while it works, to accounts of Debian's base-passwd. An ordinary user runs it under fakeroot.
"""
import contextlib
import email
import email.policy
import glob
import os
import pwd
import signal
import time

from . import deb, ports, process
from .fakeroot import Fakeroot

_OWNER, _SETGID = "mail", "news"  # an account and another one's group that every Debian has and nothing else runs as
_QUEUE = ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "saved", "trace")
_DOMAINS = "example.com example.net example.org"
_MAIN = """compatibility_level = 3.6
import_environment = LD_LIBRARY_PATH LD_PRELOAD FAKEROOTKEY MAIL_CONFIG TZ=UTC
command_directory = {package}/usr/sbin
daemon_directory = {package}/usr/lib/postfix/sbin
shlib_directory = {package}/usr/lib/postfix
meta_directory = {package}/etc/postfix
queue_directory = {dir}/queue
data_directory = {dir}/data
mail_owner = {owner}
setgid_group = {setgid}
default_privs = nobody
maillog_file = {dir}/log
maillog_file_prefixes = {dir}
myhostname = mx.example.com
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
disable_dns_lookups = yes
smtpd_peername_lookup = no
alias_maps =
alias_database =
local_recipient_maps =
virtual_mailbox_domains = {domains}
virtual_mailbox_base = {dir}
virtual_mailbox_maps = static:inbox/
virtual_minimum_uid = 1
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{gid}
smtpd_tls_cert_file = {cert}
smtpd_tls_key_file = {key}
smtpd_tls_security_level = may
smtpd_relay_restrictions = reject_unauth_destination
smtpd_forbid_bare_newline = yes
"""
_AUTH = """smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = {auth_socket}
smtpd_tls_auth_only = yes
smtpd_recipient_restrictions = permit_sasl_authenticated, reject
"""
_MASTER = """127.0.0.1:{port} inet n - n - - smtpd
127.0.0.1:{tls_port} inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""


class Postfix:
    """`cert` is a tls.Cert. With `auth_socket` (Dovecot.auth_socket) mail is taken after AUTH only."""

    def __init__(self, folder, cert, auth_socket=None):
        self.folder = folder
        self.port = ports.free()
        self.tls_port = ports.free()
        self._cert = cert
        self._auth_socket = auth_socket
        self._child = None
        self._package = deb.unpacked("postfix")
        self._fakeroot = Fakeroot() if os.geteuid() != 0 else None
        self._env = {"PATH": os.defpath, "LD_LIBRARY_PATH": os.path.join(self._package, "usr/lib/postfix"), "MAIL_CONFIG": folder}
        self._env.update(self._fakeroot.env if self._fakeroot else {})
        self._settings = {}
        self._make_folders()
        self._write_config()

    @property
    def log(self):
        return os.path.join(self.folder, "log")

    def url(self, host="localhost"):
        """STARTTLS."""
        return "smtp://%s:%d" % (host, self.port)

    def tls_url(self, host="localhost"):
        return "smtps://%s:%d" % (host, self.tls_port)

    def set(self, **settings):
        """Change main.cf and restart if it runs: set(smtpd_client_restrictions="defer") refuses everybody for now."""
        self._settings.update(settings)
        self._write_config()
        if self._child:
            self.stop()
            self.start()

    def start(self):
        self._child = process.start([os.path.join(self._package, "usr/lib/postfix/sbin/master"), "-c", self.folder, "-d"],
                                    log=os.path.join(self.folder, "stderr.log"), env=self._env, start_new_session=True)  # master signals its group
        for port in (self.port, self.tls_port):
            if not ports.wait_open(port, lambda: self._child.poll() is None):
                raise RuntimeError("postfix does not listen on %d\n%s%s" % (
                    port, process.tail(os.path.join(self.folder, "stderr.log")), process.tail(self.log)))
        return self

    def stop(self):
        if self._child:
            process.stop(self._child, 3)
            with contextlib.suppress(ProcessLookupError):  # its group is our own, and its daemons may linger with the ports
                os.killpg(self._child.pid, signal.SIGKILL)
            for port in (self.port, self.tls_port):
                ports.wait_closed(port)
        self._child = None

    def mails(self):
        """All delivered mails, oldest first, as email.message.EmailMessage."""
        names = glob.glob(os.path.join(self.folder, "inbox", "new", "*"))
        found = []
        for name in sorted(names, key=os.path.getmtime):
            with open(name, "rb") as f:
                found.append(email.message_from_binary_file(f, policy=email.policy.default))
        return found

    def wait(self, count, seconds=15.0):
        """The delivered mails as soon as there are `count`, or those there are when the time is over."""
        end = time.monotonic() + seconds
        while len(self.mails()) < count and time.monotonic() < end:
            time.sleep(0.05)
        return self.mails()

    def close(self):
        """The end, also of what start() needs."""
        self.stop()
        if self._fakeroot:
            self._fakeroot.stop()

    def _make_folders(self):
        for name, owner, mode in (
                ("", None, 0o755), ("queue", None, 0o755), ("queue/pid", None, 0o755), ("data", _OWNER, 0o700),
                ("inbox", _OWNER, 0o700), ("queue/private", _OWNER, 0o700), ("queue/public", _OWNER + ":" + _SETGID, 0o710),
                ("queue/maildrop", _OWNER + ":" + _SETGID, 0o730)) + tuple(("queue/" + name, _OWNER, 0o700) for name in _QUEUE):
            path = os.path.join(self.folder, name)
            os.makedirs(path, exist_ok=True)
            if owner:
                process.run(["chown", owner, path], env=self._env)
            os.chmod(path, mode)

    def _write_config(self):
        owner = pwd.getpwnam(_OWNER)
        values = dict(dir=self.folder, package=self._package, owner=_OWNER, setgid=_SETGID, domains=_DOMAINS, uid=owner.pw_uid,
                      gid=owner.pw_gid, cert=self._cert.cert, key=self._cert.key, port=self.port, tls_port=self.tls_port,
                      auth_socket=self._auth_socket)
        main = _MAIN + (_AUTH if self._auth_socket else "")
        more = "".join("%s = %s\n" % item for item in self._settings.items())
        for name, text in (("main.cf", main.format(**values) + more), ("master.cf", _MASTER.format(**values))):
            with open(os.path.join(self.folder, name), "w") as f:
                f.write(text)
            os.utime(f.name, (0, 0))  # Postfix sleeps when its configuration changed just now
