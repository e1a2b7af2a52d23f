#!/usr/bin/env python3
"""The main job on real servers: mail in Dovecot becomes the right notices in Slack and e-mail, once."""
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lib.scene import Scene  # noqa: E402
import expected  # noqa: E402
import samples  # noqa: E402


class Spine(Scene):
    """Both channels; runs an hour apart."""

    folder_name = "INBOX"

    def setUp(self):
        super().setUp()
        self.runs = 0
        self.imap.create_folder("dmarc", self.folder_name)
        values = self.values()
        values["channels"]["mail"] = self.mail_channel()
        self.yml = self.config(values)

    def run_and_expect(self, notices, what):
        """One run, silent as cron wants it, that tells exactly these notices on both channels."""
        self.runs += 1
        self.expect_quiet(self.run_agent(self.yml, self.runs))
        self.expect_slack(notices, what)
        return self.expect_mail(notices, what)

    def assert_untouched(self, count):
        flags = self.imap.flags("dmarc", self.authority().ca_file, self.folder_name)
        self.assertEqual(len(flags), count)
        self.assertEqual(self.imap.unseen_by_anybody("dmarc", self.folder_name), count, "EXAMINE leaves mail in `new`")
        self.assertEqual({f for of_one in flags.values() for f in of_one}, set(), "a run may change no flag")


class SpineImaps(Spine):
    def test_twelve_mails_then_nothing_then_one_then_new_uids(self):
        self.add(samples.mails(self.now))
        mails = self.run_and_expect(expected.FIRST_RUN, "first run")
        for mail in mails:
            self.assertEqual((mail["From"], mail["To"]), ("dmarcwarn@example.org", "postmaster@example.com"))
            self.assertEqual(mail.get_content_type(), "multipart/alternative")
            self.assertEqual(mail["Auto-Submitted"], "auto-generated")
        self.assertEqual(len({m["Message-ID"] for m in mails}), 2)

        self.run_and_expect((), "second run")
        self.add([samples.thirteenth(self.now)])
        self.run_and_expect(expected.THIRTEENTH, "third run")
        self.run_and_expect((), "fourth run")

        before = self.imap.uidvalidity("dmarc", self.authority().ca_file)
        self.imap.forget_uids("dmarc")
        self.run_and_expect((), "run after UIDVALIDITY changed")
        self.assertNotEqual(self.imap.uidvalidity("dmarc", self.authority().ca_file), before)
        self.run_and_expect((), "run after that")
        self.assert_untouched(13)

    def test_counts_do_not_double_when_uids_change_before_the_last_mail(self):
        """UIDVALIDITY changes while half of the mails are known: the rest counts once, the known ones do not count again."""
        mails = samples.mails(self.now)
        self.add(m for m in mails if m.name in ("yahoo-gz-passing", "bounce", "microsoft-gz-noise"))
        self.run_and_expect((), "first run")
        self.imap.forget_uids("dmarc")
        self.add(mails)
        self.run_and_expect(expected.FIRST_RUN, "second run")
        self.assert_untouched(15)


class SpineStarttls(Spine):
    folder_name = "Berichte/Entwürfe"

    def mailbox(self, **more):
        return super().mailbox(url=self.imap.starttls_url(), folder=self.folder_name, **more)

    def test_starttls_and_a_folder_with_umlauts(self):
        self.add(samples.mails(self.now), folder=self.folder_name)
        self.run_and_expect(expected.FIRST_RUN, "first run")
        self.run_and_expect((), "second run")
        self.assert_untouched(12)


del Spine  # only a base

if __name__ == "__main__":
    unittest.main()
