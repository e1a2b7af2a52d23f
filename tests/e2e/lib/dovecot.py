"""A real Dovecot in a private folder, 2.3 or 2.4, started by root or by an ordinary user.

It runs in the foreground as a child, offers IMAP with STARTTLS and IMAPS on loopback, and keeps mail in Maildirs
that the tests fill and look into directly.
"""
import glob
import imaplib
import os
import pwd
import re
import grp
import shutil
import ssl
import time

from . import mutf7, ports, process

_COMMON = """base_dir = {dir}/run
state_dir = {dir}/state
log_path = {dir}/dovecot.log
listen = 127.0.0.1
first_valid_uid = 1
first_valid_gid = 0
mail_uid = {user}
mail_gid = {group}
mail_max_userip_connections = 100
auth_mechanisms = plain login
auth_failure_delay = 0
ssl = yes
namespace inbox {{
  inbox = yes
  separator = /
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service auth {{
  unix_listener auth-client {{
    mode = 0666
  }}
}}
service imap-login {{
  process_min_avail = 1
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
"""
_ONLY_23 = """protocols = imap
mail_home = {dir}/mail/%u
mail_location = maildir:{dir}/mail/%u/Maildir
disable_plaintext_auth = no
ssl_cert = <{cert}
ssl_key = <{key}
passdb {{
  driver = passwd-file
  args = username_format=%u {dir}/users
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={dir}/mail/%u
}}
"""
_ONLY_24 = """protocols {{
  imap = yes
}}
mail_home = {dir}/mail/%{{user}}
mail_driver = maildir
mail_path = {dir}/mail/%{{user}}/Maildir
auth_allow_cleartext = yes
ssl_server_cert_file = {cert}
ssl_server_key_file = {key}
passdb passwd-file {{
  passwd_file_path = {dir}/users
}}
userdb static {{
  fields {{
    uid = {user}
    gid = {group}
    home = {dir}/mail/%{{user}}
  }}
}}
"""
_FIRST_24 = "dovecot_config_version = 2.4.0\ndovecot_storage_version = 2.4.0\n"
_ORDINARY_USER = """default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
}}
service stats {{
  chroot =
}}
"""
_OAUTH = """auth_mechanisms = plain login xoauth2 oauthbearer
"""
_OAUTH_23 = """passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {dir}/oauth2
}}
"""
_OAUTH_24 = """oauth2 {{
  introspection_mode = auth
  introspection_url = {introspect}
  force_introspection = yes
  username_attribute = email
  active_attribute = active
  active_value = true
}}
passdb oauth2 {{
  mechanisms_filter = xoauth2 oauthbearer
}}
"""
_OAUTH_FILE = """introspection_mode = auth
introspection_url = {introspect}
force_introspection = yes
username_attribute = email
active_attribute = active
active_value = true
"""
_INDEX = ("dovecot.index*", "dovecot-uidlist*", "dovecot.list.index*", "dovecot.mailbox.log*")


def version():
    """(major, minor) of the installed Dovecot."""
    text = process.run([process.tool("dovecot", "dovecot-imapd"), "--version"])
    found = re.match(r"(\d+)\.(\d+)", text)
    return int(found.group(1)), int(found.group(2))


def _owner():
    """Account that owns the mail: ours, or as root the unprivileged `mail` of every Debian."""
    if os.geteuid() == 0:
        return pwd.getpwnam("mail")
    return pwd.getpwuid(os.geteuid())


class Dovecot:
    """`users` maps names to passwords. `cert` is a tls.Cert. `introspect` is the URL that tells whether a token is good."""

    def __init__(self, folder, cert, users, introspect=None):
        self.folder = folder
        self._introspect = introspect
        self.users = dict(users)
        self.imap_port = ports.free()
        self.imaps_port = ports.free()
        self._owner = _owner()
        self._child = None
        self._mails = 0
        self._program = process.tool("dovecot", "dovecot-imapd")
        os.makedirs(os.path.join(folder, "mail"))
        os.chmod(folder, 0o755)
        self._chown(os.path.join(folder, "mail"))
        for name in users:
            self.create_folder(name, "INBOX")
        self._write_users()
        self.use_cert(cert)

    @property
    def log(self):
        return os.path.join(self.folder, "dovecot.log")

    @property
    def auth_socket(self):
        """Where an SMTP server can ask for passwords."""
        return os.path.join(self.folder, "run", "auth-client")

    def imaps_url(self, host="localhost"):
        return "imaps://%s:%d" % (host, self.imaps_port)

    def starttls_url(self, host="localhost"):
        return "imap://%s:%d" % (host, self.imap_port)

    def use_cert(self, cert):
        """Another server certificate, from the next start on."""
        group = grp.getgrgid(self._owner.pw_gid).gr_name
        values = dict(dir=self.folder, user=self._owner.pw_name, group=group, imap=self.imap_port, imaps=self.imaps_port,
                      cert=cert.cert, key=cert.key, introspect=self._introspect)
        new = version() >= (2, 4)
        parts = [_FIRST_24 if new else "", _ONLY_24 if new else _ONLY_23, _COMMON, "" if os.geteuid() == 0 else _ORDINARY_USER]
        if self._introspect:
            parts += [_OAUTH, _OAUTH_24 if new else _OAUTH_23]
            with open(os.path.join(self.folder, "oauth2"), "w") as f:
                f.write(_OAUTH_FILE.format(**values))
        with open(os.path.join(self.folder, "dovecot.conf"), "w") as f:
            f.write("".join(part.format(**values) for part in parts))

    def set_password(self, user, password):
        """Seen by the server at the next login, without a restart."""
        self.users[user] = password
        self._write_users()
        time.sleep(2)  # Dovecot looks at the file once a second, and tells a change by whole seconds

    def start(self):
        self._child = process.start([self._program, "-F", "-c", os.path.join(self.folder, "dovecot.conf")],
                                    log=os.path.join(self.folder, "stderr.log"))
        running = lambda: self._child.poll() is None  # noqa: E731
        for port in (self.imap_port, self.imaps_port):
            if not ports.wait_open(port, running):
                raise RuntimeError("dovecot does not listen on %d\n%s%s" % (
                    port, process.tail(os.path.join(self.folder, "stderr.log")), process.tail(self.log)))
        return self

    def stop(self):
        process.stop(self._child, 2)  # it may wait 5 s for a connection to its own statistics process
        for port in (self.imap_port, self.imaps_port):
            ports.wait_closed(port)
        shutil.rmtree(os.path.join(self.folder, "run"), ignore_errors=True)  # a socket left behind would say "already running"
        self._child = None

    def restart(self):
        self.stop()
        return self.start()

    # Mail, straight on the disk.

    def maildir(self, user, folder="INBOX"):
        base = os.path.join(self.folder, "mail", user, "Maildir")
        return base if folder == "INBOX" else os.path.join(base, "." + mutf7.encode(folder).replace("/", "."))

    def create_folder(self, user, folder):
        """`folder` is a Unicode name with / between levels."""
        path = self.maildir(user, folder)
        for part in ("cur", "new", "tmp"):
            os.makedirs(os.path.join(path, part), exist_ok=True)
        if folder != "INBOX":
            open(os.path.join(path, "maildirfolder"), "w").close()
        for root, dirs, files in os.walk(os.path.join(self.folder, "mail", user)):
            for name in dirs + files:
                self._chown(os.path.join(root, name))
        self._chown(os.path.join(self.folder, "mail", user))

    def add(self, user, mail, folder="INBOX", when=None):
        """Drop a mail (bytes). UIDs follow the order of the calls; `when` (Unix seconds) becomes INTERNALDATE."""
        self._mails += 1
        when = int(time.time()) if when is None else int(when)
        # Dovecot numbers new mail in the order of the file names, so the first number only counts up.
        name = "%d.M%06dP1.test" % (1500000000 + self._mails, self._mails)
        base = self.maildir(user, folder)
        path = os.path.join(base, "tmp", name)
        with open(path, "wb") as f:
            f.write(mail.replace(b"\r\n", b"\n"))
        os.utime(path, (when, when))
        self._chown(path)
        os.rename(path, os.path.join(base, "new", name))
        return name

    def forget_uids(self, user, folder="INBOX"):
        """Remove Dovecot's index and uid list: the mailbox gets another UIDVALIDITY."""
        base = self.maildir(user, folder)
        for pattern in _INDEX:
            for path in glob.glob(os.path.join(base, pattern)):
                os.unlink(path)

    def empty(self, user, folder="INBOX"):
        """Remove all mail of a mailbox."""
        for part in ("cur", "new"):
            for path in glob.glob(os.path.join(self.maildir(user, folder), part, "*")):
                os.unlink(path)

    def unseen_by_anybody(self, user, folder="INBOX"):
        """Number of mails that no client has SELECTed yet: those still in `new`."""
        return len(os.listdir(os.path.join(self.maildir(user, folder), "new")))

    # What an IMAP client sees.

    def client(self, user, ca_file):
        """A logged-in imaplib client."""
        context = ssl.create_default_context(cafile=ca_file)
        imap = imaplib.IMAP4_SSL("127.0.0.1", self.imaps_port, ssl_context=context)
        imap.login(user, self.users[user])
        return imap

    def flags(self, user, ca_file, folder="INBOX"):
        """UID -> set of flags of every mail, looked at read-only. \\Recent is left out: it belongs to the session."""
        imap = self.client(user, ca_file)
        try:
            imap.select('"%s"' % mutf7.encode(folder), readonly=True)
            answer = imap.uid("FETCH", "1:*", "(FLAGS)")[1]
        finally:
            imap.logout()
        found = {}
        for line in answer:
            m = line and re.search(rb"UID (\d+) FLAGS \(([^)]*)\)", line)
            if m:
                found[int(m.group(1))] = {f.decode() for f in m.group(2).split()} - {"\\Recent"}
        return found

    def uidvalidity(self, user, ca_file, folder="INBOX"):
        imap = self.client(user, ca_file)
        try:
            imap.select('"%s"' % mutf7.encode(folder), readonly=True)
            return int(imap.response("UIDVALIDITY")[1][0])
        finally:
            imap.logout()

    # Small things.

    def _write_users(self):
        path = os.path.join(self.folder, "users")
        with open(path + ".new", "w") as f:
            for name, password in self.users.items():
                f.write("%s:{PLAIN}%s::::::\n" % (name, password))
        os.chmod(path + ".new", 0o644)
        os.rename(path + ".new", path)

    def _chown(self, path):
        if os.geteuid() == 0:
            os.chown(path, self._owner.pw_uid, self._owner.pw_gid)
