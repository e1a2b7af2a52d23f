/* The table of sentences: X(id, English). A language more is a column more. */
#ifndef TEXT_MESSAGES_H
#define TEXT_MESSAGES_H

/* clang-format off */
#define MESSAGES(X) \
    X(severity_info,      "INFO") \
    X(severity_warning,   "WARNING") \
    X(severity_critical,  "CRITICAL") \
    X(severity_resolved,  "RESOLVED") \
    X(word,               "{1}") \
    /* headlines; 1 sender or network, 2 domain */ \
    X(title_known,        "Your sender \u201c{1}\u201d is failing DMARC for {2}") \
    X(title_let_through,  "Mail in the name of {2} from the unknown source {1} is let through") \
    X(title_stopped,      "Mail in the name of {2} from the unknown source {1} is stopped") \
    X(title_rest,         "Mail in the name of {2} from very many networks fails DMARC") \
    X(title_unlisted,     "A server in your networks that nobody listed, {1}, fails DMARC for {2}") \
    X(title_foreign_passing, "\u201c{1}\u201d, which is not yours, passes DMARC for {2}") \
    X(title_foreign_growing, "\u201c{1}\u201d, which is not yours, fails DMARC for {2} ten times as often as before") \
    X(title_expired,      "Your sender \u201c{1}\u201d still sends for {2}, though its entry has expired") \
    X(title_parked,       "Mail from {1} passes DMARC for your parked domain {2}") \
    X(subject_known,      "{1} is failing DMARC") \
    X(subject_unlisted,   "unlisted server of yours, {1}") \
    X(subject_foreign_passing, "{1} is not yours and passes") \
    X(subject_foreign_growing, "{1} is not yours and grows") \
    X(subject_expired,    "{1} has expired and still sends") \
    X(subject_parked,     "{1} passes for a parked domain") \
    X(subject_unknown,    "unknown source {1}") \
    X(subject_rest,       "unknown sources in very many networks") \
    X(subject_what,       "{1}, {2}") \
    X(subject_line,       "{1} {2}: {3}") \
    X(many_domains,       "{1} domains") \
    /* the policy, reports that stopped; 1 domain, 2 policy before, 3 policy now, 4 days, 5 usual gap in days,
       6 the name of the DMARC record */ \
    X(title_policy,       "{1} publishes {3} instead of {2}") \
    X(title_policy_mended, "{1} publishes {2} again, or a stricter policy") \
    X(title_no_reports,   "No DMARC reports come for {1} any more") \
    X(title_reports_back, "DMARC reports come for {1} again") \
    X(subject_policy,     "publishes {3} instead of {2}") \
    X(subject_policy_mended, "publishes {2} again") \
    X(subject_no_reports, "no reports any more") \
    X(subject_reports_back, "reports come again") \
    X(summary_policy,     "So say the reports about mail of {4}.") \
    X(summary_policy_mended, "So say the newest reports.") \
    X(summary_no_reports, "The last ones are about mail of {4}; before that, at most {5} {5|day|days} passed from one to the next.") \
    X(summary_reports_back, "None were about mail later than {4} until now.") \
    X(means_policy_weakened, "A weaker policy asks receivers to let through what they stopped until now.") \
    X(means_policy_gone,  "p=none asks receivers to let through whoever writes in your name.") \
    X(means_policy_changed, "If this was meant, all is well.") \
    X(means_no_reports,   "Without reports nobody sees when your mail fails or a stranger writes in your name. The mailboxes were read without an error, so the reports did not arrive.") \
    X(means_over,         "It is over.") \
    X(do_policy_look,     "Look up {6} in DNS: who changed it, and was it meant?") \
    X(do_policy_restore,  "If it was not meant, publish {2} again.") \
    X(do_policy_meant,    "If it was, write the new one into the configuration, as the policy of {1}.") \
    X(do_reports_rua,     "Look up {6} in DNS: does its rua= still name this mailbox?") \
    X(do_reports_mail,    "Send a mail from elsewhere to the address in rua=: does it arrive in the mailbox?") \
    X(do_reports_gone,    "If nobody sends as {1} any more, no reports come: set monitor: false on it in the configuration, or take it out.") \
    X(do_nothing,         "Nothing more is to be done.") \
    X(subject_test,       "TEST {1}") \
    X(subject_more,       " (+{1} more)") \
    /* numbers; the first of each is messages */ \
    X(summary_known,      "{1} of {2} messages ({3}) failed DMARC on {4}: {5}.") \
    X(summary_unknown,    "{1} {1|message|messages} failed DMARC on {2}: {3}.") \
    X(summary_passed,     "{1} {1|message|messages} passed DMARC on {2}: {3}.") \
    X(summary_sent,       "{1} {1|message|messages} came on {2}: {3}.") \
    X(fate_let_through,   "{1} let through") \
    X(fate_quarantined,   "{1} quarantined") \
    X(fate_rejected,      "{1} rejected") \
    X(news_again,         "Back: it was over and has begun again (episode {1}).") \
    X(news_worse,         "More severe than when you were last told.") \
    X(news_fate_known,    "Since you were last told, receivers have begun to refuse it or to put it aside.") \
    X(news_fate_unknown,  "Since you were last told, receivers have begun to let it through.") \
    X(news_tenfold,       "Ten times as many as you were last told of: {1} more {1|message|messages}.") \
    /* what it means */ \
    X(means_known_rejected,    "Receivers refused mail of yours. Until the cause is mended, more of it is lost.") \
    X(means_known_quarantined, "Receivers put mail of yours aside as suspicious, mostly into spam folders.") \
    X(means_known_let_through, "Receivers took no DMARC action; the mail may still be in spam. Under a stricter policy it would be lost.") \
    X(means_unknown_let_through, "Somebody who is not in your configuration writes in your name, and receivers took no DMARC action; the mail may still be in spam.") \
    X(means_unknown_quarantined, "Somebody who is not in your configuration writes in your name, and receivers put the mail aside as suspicious.") \
    X(means_unknown_rejected,  "Somebody who is not in your configuration writes in your name, and receivers refused the mail: your policy works.") \
    X(means_unlisted_let_through, "It lies in your own address space, so it is most likely a server of yours. Receivers took no DMARC action; under a stricter policy its mail would be lost.") \
    X(means_unlisted_quarantined, "It lies in your own address space, so it is most likely a server of yours, and receivers put its mail aside as suspicious.") \
    X(means_unlisted_rejected, "It lies in your own address space, so it is most likely a server of yours, and receivers refused its mail.") \
    X(means_foreign_passing, "You listed it as not yours, and yet its mail counts as yours: it has a key of yours, or its addresses lie inside your SPF record.") \
    X(means_foreign_growing, "You listed it as not yours, and it was quiet until now.") \
    X(means_expired,      "Its entry was to end here. As long as its keys and addresses stand in your DNS, whoever runs it can send as you.") \
    X(means_parked,       "Nobody is to send as this domain, and yet somebody has a key or an address that its DNS allows.") \
    X(means_policy_none,       "You publish p=none, which asks for that.") \
    X(means_policy_ignored,    "You publish p={1}; these receivers let it through all the same.") \
    X(means_policy_testing,    "You publish p={1} in test mode, which asks for milder treatment.") \
    /* labels */ \
    X(label_cause,        "Likely cause") \
    X(label_when,         "When") \
    X(label_reporters,    "Reported by") \
    X(label_sources,      "Sources") \
    X(label_via,          "Service") \
    X(label_dkim,         "DKIM") \
    X(label_spf,          "SPF") \
    X(label_names,        "Names used") \
    X(label_policy,       "Policy") \
    X(label_unclear,      "Unclear") \
    X(label_owner,        "Owner") \
    X(label_docs,         "Documents") \
    X(label_steps,        "What to do") \
    /* facts */ \
    X(cause_dkim,         "DKIM: {1} other {1|message|messages} of the same days passed by it. SPF does not carry this sender.") \
    X(cause_spf,          "SPF: {1} other {1|message|messages} of the same days passed by it. DKIM does not carry this sender.") \
    X(cause_both,         "both legs at once: other messages of the same days passed by DKIM ({1}) and by SPF ({2}).") \
    X(when,               "mail of {1}, last report received {2}") \
    X(listed,             "{1} ({2})") \
    X(listed_through,     "{1} through {2} ({3})") \
    X(and_more,           " and {1} more") \
    X(via,                "{1}: any customer of it can write so, which does not make the mail yours") \
    X(dkim_passed_named,  "{1} passed by a signature of {2} (selector {3}).") \
    X(dkim_passed,        "{1} passed by a signature of {2}.") \
    X(dkim_broken_named,  "{1} carried a signature of {2} (selector {3}) that did not verify.") \
    X(dkim_broken,        "{1} carried a signature of {2} that did not verify.") \
    X(dkim_temporary,     "{1} met a temporary error while a signature of {2} was checked.") \
    X(dkim_unaligned_named, "{1} {1|was|were} signed, but only for {3}, which does not align with {2}.") \
    X(dkim_unaligned,     "{1} {1|was|were} signed, but only for a name that does not align with {2}.") \
    X(dkim_absent,        "{1} carried no signature of {2}.") \
    X(spf_passed,         "{1} passed by the record of {2}.") \
    X(spf_broken_named,   "{1} came from an address that the record of {2} does not allow (result {3}).") \
    X(spf_broken,         "{1} came from an address that the record of {2} does not allow.") \
    X(spf_temporary,      "{1} met a temporary error while the record of {2} was read.") \
    X(spf_unaligned_named, "{1} passed, but for {3}, which does not align with {2}.") \
    X(spf_unaligned,      "{1} passed, but for a name that does not align with {2}.") \
    X(spf_absent,         "{1} had no result for a name of {2}.") \
    X(spf_absent_named,   "{1} had no result for a name of {2}; most were {4} for {3}.") \
    X(policy_p,           "p={1}") \
    X(policy_sp,          "sp={1}") \
    X(policy_testing,     "test mode") \
    X(unclear,            "{1} {1|counts|count} as failed only because the report does not say clearly what became of the check") \
    /* what to do */ \
    X(do_ask_owner,       "Ask {1} what changed at {2} on {3}.") \
    X(do_dkim_broken_named, "Look up {1} in DNS: is it the key that {2} signs with? If it is, find what changes the mail after signing, such as a gateway or a footer.") \
    X(do_dkim_broken,     "Check that the DKIM key of {2} in DNS is the one it signs with, and that nothing changes the mail after signing, such as a gateway or a footer.") \
    X(do_dkim_temporary,  "Check that the name servers of {1} answer quickly: reporters met temporary errors.") \
    X(do_dkim_unaligned,  "Set {2} up to sign with a DKIM key of {1}; it signs in another name only.") \
    X(do_dkim_absent,     "Turn DKIM signing on at {2}, with a key of {1}.") \
    X(do_spf_broken,      "If these addresses are to send for you, add them to the SPF record of {1}.") \
    X(do_spf_temporary,   "Check that the SPF record of {1} can be read quickly: reporters met temporary errors.") \
    X(do_spf_unaligned,   "For a second leg, let {2} use an envelope sender under {1}, so that its SPF aligns.") \
    X(do_spf_absent,      "For a second leg, let {2} use an envelope sender under {1} and list its addresses there.") \
    X(do_known_rejected,  "What was refused does not come back by itself: have what matters sent again, after the repair.") \
    X(do_known_quarantined, "Until then, ask people who wait for this mail to look into their spam folders.") \
    X(do_known_let_through, "Mend this before you publish a stricter policy, which would lose this mail.") \
    X(do_unknown_list,    "Is it a server or a tool of yours? Then add its addresses to a sender of {1} in the configuration: the next {2} judges with it.") \
    X(do_unknown_none,    "If it is not yours: a policy of p=quarantine or p=reject stops such mail. Publish it when all your own senders pass.") \
    X(do_unknown_ignored, "If it is not yours: these receivers did not apply your policy. They may know the mail as forwarded; if not, ask them why.") \
    X(do_unknown_testing, "If it is not yours: end the test mode of your policy when all your own senders pass.") \
    X(do_unknown_unpublished, "If it is not yours: check which DMARC policy {1} publishes, these reports do not say.") \
    X(do_unknown_quarantined, "If it is not yours: p=reject would keep such mail out of spam folders too.") \
    X(do_unknown_nothing, "If it is not yours, there is nothing to be done.") \
    X(do_unlisted_list,   "Find out which machine it is. If it is to send for {1}, add it to a sender in the configuration, sign its mail and list it in the SPF record.") \
    X(do_unlisted_stop,   "If it is not to send, find out what it sends, and stop it: it may have been broken into.") \
    X(do_foreign_close,   "Take away what lets it pass: delete the key that it signs with from DNS, or take its addresses out of the SPF record of {1}.") \
    X(do_foreign_ours,    "If it is to send for {1} after all, take the kind off its entry in the configuration.") \
    X(do_expired_close,   "If it is not needed any more: delete its keys and take its addresses out of the SPF record of {1}.") \
    X(do_expired_renew,   "If it is still needed, write a later day into its entry in the configuration.") \
    X(do_parked_close,    "Delete the DKIM keys of {1} from DNS and let its SPF record be v=spf1 -all.") \
    X(do_parked_open,     "If mail is to be sent as {1}, take parked off it in the configuration, and list who sends.") \
    X(do_parse,           "To see every row, save the report mails and run {1} on them.") \
    /* below it all */ \
    X(footer_item,        "{1}, incident {2}, episode {3}") \
    X(footer_test,        "This is a test of the channel, made by {1}. Nothing of it has happened.") \
    X(footer_notice,      "Notice {1} of dmarcwarn, {2}.") \
    X(not_verified,       "The reports are not verified: nobody checked whether they come from who they name.") \
    X(more_incidents,     "{1} more {1|incident is|incidents are} not spelt out here.") \
    X(known_incidents,    "{1} other {1|incident|incidents} of {2} {1|goes|go} on and {1|was|were} told before.") \
    X(repeat_possible,    "This may be a repetition: an earlier attempt to send this notice was interrupted.")
/* clang-format on */

#endif
