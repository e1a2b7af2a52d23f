"""A real OpenDMARC reporter from Debian's packages, unpacked into the test cache and never installed: what its milter would have written
of mails, its import program, a private MariaDB on loopback, and its report program, which sends by SMTP.
"""
import glob
import os

from . import deb, ports, process

_PACKAGES = ("opendmarc", "mariadb-server-core", "libmariadb3", "libaio1|libaio1t64", "liburing2", "libnuma1", "libdbd-mysql-perl", "libdbi-perl",
             "libswitch-perl", "libjson-perl", "libhttp-message-perl", "libhttp-date-perl", "liburi-perl", "libtimedate-perl", "libclone-perl",
             "liblwp-mediatypes-perl", "libencode-locale-perl", "libio-html-perl")
_SCHEMA = "usr/share/dbconfig-common/data/opendmarc/install/mysql"
# Runs the statements of a file, one after the other.
_LOAD = """use DBI; my ($port, $file) = @ARGV; local $/; open(my $f, '<', $file) or die $!; my $sql = <$f>; $sql =~ s/^--.*$//mg;
my $d = DBI->connect("DBI:mysql:database=;host=127.0.0.1;port=$port", 'x', 'x', {RaiseError => 1, PrintError => 0}) or die $DBI::errstr;
for (split /;/, $sql) { $d->do($_) if /\\S/; }"""


class OpenDmarc:
    """Start it, give it mails, and let it report."""

    def __init__(self, folder):
        self.folder = folder
        self.port = ports.free()
        self._package = deb.unpacked(*_PACKAGES)
        self._child = None
        libraries = glob.glob(os.path.join(self._package, "usr/lib/*-linux-*"))
        libraries += glob.glob(os.path.join(self._package, "lib/*-linux-*"))
        perl = [os.path.join(self._package, "usr/share/perl5")] + glob.glob(os.path.join(self._package, "usr/lib/*/perl5/*"))
        self._env = {"PATH": os.defpath, "TZ": "UTC", "LD_LIBRARY_PATH": ":".join(libraries), "PERL5LIB": ":".join(perl)}

    def _log(self):
        return os.path.join(self.folder, "mariadb.log")

    def start(self):
        data = os.path.join(self.folder, "data")
        os.makedirs(data)
        shared = os.path.join(self._package, "usr/share/mysql")
        argv = [os.path.join(self._package, "usr/sbin/mariadbd"), "--no-defaults", "--basedir=" + os.path.join(self._package, "usr"),
                "--datadir=" + data, "--socket=" + os.path.join(self.folder, "socket"), "--pid-file=" + os.path.join(self.folder, "pid"),
                "--bind-address=127.0.0.1", "--port=%d" % self.port, "--skip-grant-tables", "--skip-log-bin",
                "--lc-messages-dir=" + shared, "--character-sets-dir=" + os.path.join(shared, "charsets"),
                "--innodb-buffer-pool-size=8M", "--innodb-log-file-size=4M"]
        if os.geteuid() == 0:
            argv.append("--user=root")
        self._child = process.start(argv, log=self._log(), env=self._env)
        if not ports.wait_open(self.port, lambda: self._child.poll() is None, 60):
            raise RuntimeError("mariadbd does not listen on %d\n%s" % (self.port, process.tail(self._log())))
        process.run(["perl", "-e", _LOAD, str(self.port), os.path.join(self._package, _SCHEMA)], env=self._env)
        return self

    def stop(self):
        process.stop(self._child)
        self._child = None

    def _program(self, name, *args):
        return process.run(["perl", os.path.join(self._package, "usr/sbin", name), "--dbhost=127.0.0.1", "--dbport=%d" % self.port] + list(args),
                           env=self._env, cwd=self.folder)

    def take(self, history):
        """A history file as the milter writes it: "key value" lines a mail, beginning with "job"."""
        path = os.path.join(self.folder, "history")
        with open(path, "w") as f:
            f.write(history)
        said = self._program("opendmarc-import", "--input=" + path)
        if said:
            raise RuntimeError("opendmarc-import: " + said)

    def report(self, smtp_port, org, email):
        """Sends a report about each domain that wants one."""
        return self._program("opendmarc-reports", "--utc", "--verbose", "--report-org=" + org, "--report-email=" + email,
                             "--smtp-server=127.0.0.1", "--smtp-port=%d" % smtp_port)
