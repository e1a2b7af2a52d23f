"""What hostile, broken and odd IMAP servers do: each mode is a Session that does one thing differently. The first line of its text
says what."""
import re

from imap_session import DATE, Hangup, Session


class Drip(Session):
    """mails come one octet a second"""

    def fetched(self, tag, number, uid, mail):
        self.send(b"* %d FETCH (UID %d INTERNALDATE %s BODY[] {%d}\r\n" % (number, uid, DATE, len(mail)))
        for n in range(len(mail)):
            if self.peer.stopping.wait(self.peer.seconds):
                raise Hangup
            self.send(mail[n:n + 1])
        self.send(b")\r\n")


class DripGreeting(Session):
    """the greeting comes one octet a second"""

    def greet(self):
        for n in b"* OK " + b"x" * 3600:
            if self.peer.stopping.wait(self.peer.seconds):
                raise Hangup
            self.send(bytes([n]))


class EndlessGreeting(Session):
    """a greeting without an end"""

    def greet(self):
        while True:
            self.send(b"* OK " + b"x" * 65536)


class SilentGreeting(Session):
    """no greeting"""

    def greet(self):
        self.silence()


class SilentAfterLogin(Session):
    """nothing after the login"""

    def logged_in(self, tag):
        super().logged_in(tag)
        self.silence()


class SilentInMail(Session):
    """silence in the middle of a mail"""

    def fetched(self, tag, number, uid, mail):
        self.send(b"* %d FETCH (UID %d INTERNALDATE %s BODY[] {%d}\r\n" % (number, uid, DATE, len(mail)) + mail[:len(mail) // 2])
        self.silence()


class ByeGreeting(Session):
    """BYE instead of a greeting"""

    def greet(self):
        self.send(b"* BYE too many connections\r\n")
        raise Hangup


class ByeInList(Session):
    """BYE while the mails are listed"""

    def listed(self, tag, number, uid, mail):
        super().listed(tag, number, uid, mail)
        self.send(b"* BYE shutting down\r\n")
        raise Hangup


class ByeAfterFirst(Session):
    """BYE after the first mail"""

    def fetched(self, tag, number, uid, mail):
        super().fetched(tag, number, uid, mail)
        self.send(b"* BYE shutting down\r\n")
        raise Hangup


class CloseInMail(Session):
    """the connection ends in the middle of a mail"""

    def fetched(self, tag, number, uid, mail):
        self.send(b"* %d FETCH (UID %d INTERNALDATE %s BODY[] {%d}\r\n" % (number, uid, DATE, len(mail)) + mail[:len(mail) // 2])
        raise Hangup


class _Literal(Session):
    announced = b""

    def fetched(self, tag, number, uid, mail):
        self.send(b"* %d FETCH (UID %d INTERNALDATE %s BODY[] {%s}\r\n" % (number, uid, DATE, self.announced) + mail + b")\r\n")
        if number == len(self.mails):
            self.silence()


class HugeLiteral(_Literal):
    """a literal of 99 GB"""
    announced = b"99999999999"


class NegativeLiteral(_Literal):
    """a literal of -1 octets"""
    announced = b"-1"


class OverflowLiteral(_Literal):
    """a literal of 2^64 + 1 octets"""
    announced = b"18446744073709551617"


class ForgedTags(Session):
    """the mails are full of what looks like the end of the command, with its real tag"""

    def fetched(self, tag, number, uid, mail):
        forged = tag + b" OK done\r\n* BYE\r\n+ go\r\n* 9 FETCH (UID 9 BODY[] {5}\r\n"
        super().fetched(tag, number, uid, mail.replace(b"\r\n\r\n", b"\r\n\r\n" + forged, 1))


class ForgedAfterLiteral(Session):
    """a tagged line inside an answer, right after its literal"""

    def fetched(self, tag, number, uid, mail):
        self.send(b"* %d FETCH (UID %d BODY[] {%d}\r\n" % (number, uid, len(mail)) + mail + b"\r\n" + tag + b" OK done\r\n)\r\n")


class WrongUid(Session):
    """answers for UIDs that were not asked for"""

    def fetched(self, tag, number, uid, mail):
        super().fetched(tag, number, uid + 1000, mail)


class DuplicateFetch(Session):
    """every mail comes twice"""

    def fetched(self, tag, number, uid, mail):
        super().fetched(tag, number, uid, mail)
        super().fetched(tag, number, uid, mail)


class TwoBodies(Session):
    """every answer has its mail twice, the second time another one"""

    def fetched(self, tag, number, uid, mail):
        other = mail.replace(b"example.com", b"example.org")
        self.send(b"* %d FETCH (UID %d INTERNALDATE %s BODY[] {%d}\r\n" % (number, uid, DATE, len(mail)) + mail +
                  b" BODY[] {%d}\r\n" % len(other) + other + b")\r\n")


class ShortLiteral(Session):
    """a literal that announces less than there is"""

    def fetched(self, tag, number, uid, mail):
        self.send(b"* %d FETCH (UID %d INTERNALDATE %s BODY[] {%d}\r\n" % (number, uid, DATE, len(mail) // 2) + mail + b")\r\n")


class ByeAfterLogin(Session):
    """BYE right behind the login"""

    def logged_in(self, tag):
        super().logged_in(tag)
        self.send(b"* BYE shutting down\r\n")
        raise Hangup


class Unsolicited(Session):
    """flags, EXISTS, RECENT, SEARCH and an alert with escape signs between everything"""

    def noise(self):
        self.send(b"* 1 FETCH (FLAGS (\\Seen $x))\r\n* %d EXISTS\r\n* 0 RECENT\r\n* OK [ALERT] \x1b[31mred {3}\r\n* SEARCH 1 2 {x}\r\n"
                  % len(self.mails))

    def logged_in(self, tag):
        self.noise()
        super().logged_in(tag)

    def listed(self, tag, number, uid, mail):
        self.noise()
        super().listed(tag, number, uid, mail)

    def fetched(self, tag, number, uid, mail):
        self.noise()
        super().fetched(tag, number, uid, mail)
        self.noise()


class OddOrder(Session):
    """attributes in another order and unasked ones, the UID behind the mail"""

    def listed(self, tag, number, uid, mail):
        self.send(b"* %d FETCH (RFC822.SIZE %d FLAGS (\\Seen) X-GM-LABELS (\"a {3}\" \"b)\") UID %d)\r\n" % (number, len(mail), uid))

    def fetched(self, tag, number, uid, mail):
        self.send(b"* %d FETCH (FLAGS () BODY[] {%d}\r\n" % (number, len(mail)) + mail
                  + b" X-GM-LABELS (\"a {3}\" \"b)\") INTERNALDATE %s UID %d)\r\n" % (DATE, uid))


class Quoted(Session):
    """mails as quoted strings, which have no line ends"""

    def fetched(self, tag, number, uid, mail):
        text = re.sub(rb"[\r\n]+", b" ", mail).replace(b"\\", b"\\\\").replace(b'"', b'\\"')
        self.send(b'* %d FETCH (UID %d BODY[] "' % (number, uid) + text + b'")\r\n')


class Nil(Session):
    """mails that are NIL"""

    def fetched(self, tag, number, uid, mail):
        self.send(b"* %d FETCH (UID %d BODY[] NIL)\r\n" % (number, uid))


class WrongSize(Session):
    """announced sizes a third of the real ones"""

    def listed(self, tag, number, uid, mail):
        self.send(b"* %d FETCH (UID %d RFC822.SIZE %d)\r\n" % (number, uid, len(mail) // 3))


class FirstMissing(Session):
    """the first mail is listed and never comes"""

    def fetched(self, tag, number, uid, mail):
        if number != 1:
            super().fetched(tag, number, uid, mail)


class FetchRefused(Session):
    """NO to every FETCH of mails"""

    def uid_fetch(self, tag, command):
        if b"BODY" in command.upper():
            self.send(tag + b" NO [SERVERBUG] not today\r\n")
        else:
            super().uid_fetch(tag, command)


class ExamineRefused(Session):
    """NO to EXAMINE"""

    def examine(self, tag):
        self.send(tag + b" NO [NONEXISTENT] no such mailbox \x1b]0;title\x07\r\n")


class NoUidnext(Session):
    """EXAMINE without UIDNEXT, as Courier has it"""

    def selected_codes(self):
        return b"* OK [UIDVALIDITY %d] ok\r\n" % self.peer.uidvalidity


class NoUidvalidity(Session):
    """EXAMINE without UIDVALIDITY"""

    def selected_codes(self):
        return b"* OK [UIDNEXT %d] ok\r\n" % (self.mails[-1][0] + 1)


class EndlessLine(Session):
    """one line without an end"""

    def listed(self, tag, number, uid, mail):
        while True:
            self.send(b"* 1 FETCH (" + b"x" * 65536)


class EndlessList(Session):
    """a list without an end"""

    def listed(self, tag, number, uid, mail):
        while True:
            self.send(b"".join(b"* %d FETCH (UID %d RFC822.SIZE 100)\r\n" % (n, n) for n in range(1, 5000)))


class LoginRefused(Session):
    """the password is wrong"""

    def logged_in(self, tag):
        self.send(tag + b" NO [AUTHENTICATIONFAILED] no \x1b[31mentry\r\n")


class LoginUnavailable(Session):
    """the server cannot look up passwords now"""

    def logged_in(self, tag):
        self.send(tag + b" NO [UNAVAILABLE] try later\r\n")


class Preauth(Session):
    """PREAUTH: no login at all"""

    def greet(self):
        self.send(b"* PREAUTH [CAPABILITY IMAP4rev1] welcome\r\n")


class StarttlsInjected(Session):
    """plain text after the OK to STARTTLS, in the same segment"""

    def start_tls(self, tag):
        self.send(tag + b" OK go\r\n* CAPABILITY IMAP4rev1 X-INJECTED\r\n")
        self.sock = self.peer.context.wrap_socket(self.sock, server_side=True)


def _kinds(base):
    return [k for child in base.__subclasses__() for k in ([] if child.__name__.startswith("_") else [child]) + _kinds(child)]


MODES = {"plain": Session}
MODES.update({re.sub(r"(?<!^)([A-Z])", r"-\1", kind.__name__).lower(): kind for kind in _kinds(Session)})
