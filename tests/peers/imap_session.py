"""One connection of a well-behaved IMAP server, small enough to be bent; imap_modes.py does that."""
import ssl

DATE = b'"24-Nov-2026 00:00:00 +0000"'


class Hangup(Exception):
    """End of this connection."""


class Session:
    """A well-behaved server, mode "plain". `peer` is the imap_peer.ImapPeer."""

    capabilities = b"IMAP4rev1 SASL-IR AUTH=PLAIN LITERAL+"

    def __init__(self, peer, sock):
        self.peer = peer
        self.sock = sock
        self.mails = sorted(peer.mails.items())
        self._unread = b""

    # Wire.

    def send(self, data):
        self.sock.sendall(data)

    def line(self):
        while b"\r\n" not in self._unread:
            got = self.sock.recv(65536)
            if not got:
                raise Hangup
            self._unread += got
        line, _, self._unread = self._unread.partition(b"\r\n")
        return line

    def silence(self):
        """Says nothing until the client goes."""
        self.peer.stopping.wait(3600)
        raise Hangup

    # Conversation.

    def serve(self):
        self.greet()
        while True:
            tag, _, command = self.line().partition(b" ")
            self.peer.commands.append(command.decode("latin-1"))
            self.dispatch(tag, command)

    def greet(self):
        self.send(b"* OK [CAPABILITY " + self.offered() + b"] ready\r\n")

    def offered(self):
        plain = self.peer.starttls and not isinstance(self.sock, ssl.SSLSocket)
        return self.capabilities + (b" STARTTLS LOGINDISABLED" if plain else b"")

    def dispatch(self, tag, command):
        verb = command.split(b" ")[0].upper()
        if verb == b"UID":
            self.uid_fetch(tag, command)
        elif verb in (b"EXAMINE", b"SELECT"):
            self.examine(tag)
        elif verb == b"CAPABILITY":
            self.send(b"* CAPABILITY " + self.offered() + b"\r\n" + tag + b" OK done\r\n")
        elif verb in (b"LOGIN", b"AUTHENTICATE"):
            self.login(tag, command)
        elif verb == b"STARTTLS":
            self.start_tls(tag)
        elif verb == b"LOGOUT":
            self.send(b"* BYE\r\n" + tag + b" OK done\r\n")
            raise Hangup
        else:
            self.send(tag + (b" OK done\r\n" if verb in (b"NOOP", b"ID") else b" BAD unknown\r\n"))

    def login(self, tag, command):
        if command.upper() == b"AUTHENTICATE PLAIN":
            self.send(b"+ \r\n")
            self.line()
        self.logged_in(tag)

    def logged_in(self, tag):
        self.send(tag + b" OK logged in\r\n")

    def start_tls(self, tag):
        self.send(tag + b" OK go\r\n")
        self.sock = self.peer.context.wrap_socket(self.sock, server_side=True)

    def examine(self, tag):
        self.send(b"* FLAGS (\\Seen)\r\n* %d EXISTS\r\n* 0 RECENT\r\n" % len(self.mails) + self.selected_codes()
                  + tag + b" OK [READ-ONLY] done\r\n")

    def selected_codes(self):
        last = self.mails[-1][0] if self.mails else 0
        return b"* OK [UIDVALIDITY %d] ok\r\n* OK [UIDNEXT %d] ok\r\n" % (self.peer.uidvalidity, last + 1)

    def uid_fetch(self, tag, command):
        wanted = self.wanted(command.split(b" ")[2])
        if b"BODY" in command.upper():
            for number, uid, mail in wanted:
                self.fetched(tag, number, uid, mail)
        else:
            for number, uid, mail in wanted:
                self.listed(tag, number, uid, mail)
        self.send(tag + b" OK done\r\n")

    def wanted(self, uid_set):
        """(number, UID, mail) of a UID set. Like real servers, n:* has the last mail in it even below n."""
        last = self.mails[-1][0] if self.mails else 0
        uids = set()
        for part in uid_set.split(b","):
            ends = [last if end == b"*" else int(end) for end in part.split(b":")]
            uids.update(range(min(ends), max(ends) + 1))
        return [(number, uid, mail) for number, (uid, mail) in enumerate(self.mails, 1) if uid in uids]

    def listed(self, tag, number, uid, mail):
        self.send(b"* %d FETCH (UID %d RFC822.SIZE %d)\r\n" % (number, uid, len(mail)))

    def fetched(self, tag, number, uid, mail):
        self.send(b"* %d FETCH (UID %d INTERNALDATE %s BODY[] {%d}\r\n" % (number, uid, DATE, len(mail)) + mail + b")\r\n")
