/* Header blocks, a configuration, and whether the mail is believed. The blocks are read as in a run: these
 * are the forms of mail/test-auth.c, from the judge's side. */
#include "unit.h"

#include "judge/trust.h"
#include "mail/auth.h"

enum { HOPS_NONE = -1 };

struct sample {
    const char *name;
    const char *id; /* or "exchange-online", "google", NULL: no trust */
    int hops;
    const char *from, *block;
    enum trust trust;
};

#define AR       "Authentication-Results: "
#define PASS     "dmarc=pass header.from=reporter.example\n"
#define LMTP     "Received: from mx.example.com by imap.example.com with LMTP\n"
#define BORDER   "Received: from out.reporter.example by mx.example.com with ESMTPS\n"
#define FOREIGN  "Received: from x.reporter.example by out.reporter.example with ESMTP\n"
#define EXCHANGE "Received: from A.prod.outlook.com by B.prod.outlook.com with HTTPS\n"
#define FRONT    "Received: from out.reporter.example by C.mail.protection.outlook.com with SMTP\n"
#define OURS     "mx.example.com", HOPS_NONE, "reporter.example"

static const struct sample samples[] = {
    {"nobody is believed", NULL, HOPS_NONE, "reporter.example", AR "mx.example.com; " PASS BORDER,
     TRUST_unknown},
    {"nothing is said", OURS, BORDER, TRUST_unknown},
    /* places */
    {"above the border", OURS, AR "mx.example.com; " PASS BORDER FOREIGN, TRUST_verified},
    {"directly below the border, as milters do", OURS, LMTP BORDER AR "mx.example.com; " PASS FOREIGN,
     TRUST_verified},
    {"forged, below a host that is not ours", OURS, LMTP BORDER FOREIGN AR "mx.example.com; " PASS,
     TRUST_unknown},
    {"forged, the true one above fails", OURS,
     LMTP AR "mx.example.com; dmarc=fail header.from=reporter.example\n" BORDER AR "mx.example.com; " PASS,
     TRUST_failed},
    {"forged in the same place, the true one above fails", OURS,
     BORDER AR "mx.example.com; dmarc=fail header.from=reporter.example\n" AR "mx.example.com; " PASS,
     TRUST_failed},
    {"forged, the true one says nothing of it", OURS,
     LMTP AR "mx.example.com; spf=none smtp.mailfrom=x.example\n" BORDER AR "mx.example.com; " PASS,
     TRUST_unknown},
    {"forged, behind an unknown version", OURS,
     LMTP AR "mx.example.com 2; " PASS BORDER AR "mx.example.com; " PASS, TRUST_unknown},
    {"another id", OURS, AR "mx.example.net; " PASS BORDER, TRUST_unknown},
    {"an id that ends like ours", OURS, AR "evilmx.example.com; " PASS BORDER, TRUST_unknown},
    {"an id below ours", "example.com", HOPS_NONE, "reporter.example", AR "mx1.example.com; " PASS BORDER,
     TRUST_unknown},
    {"forged, of an id below ours that nobody removes", OURS,
     LMTP BORDER AR "mx.example.com; dkim=none\n" AR "x.mx.example.com; " PASS, TRUST_unknown},
    {"an id above ours", OURS, AR "example.com; " PASS BORDER, TRUST_unknown},
    {"no id where one is expected", OURS, AR PASS BORDER, TRUST_unknown},
    {"hosts without a public name", "mx.provider.example", HOPS_NONE, "reporter.example",
     "Received: from mailmx.nyi.internal by sloti1d2\nReceived: from mx.provider.example by "
     "mailmx.nyi.internal\n"
     "Received: by 2002:a05:6402:1::1\n" AR "mx.provider.example; " PASS,
     TRUST_verified},
    {"a filter service before us", OURS,
     BORDER "Received: from x by filter.example\n" AR "mx.example.com; " PASS, TRUST_unknown},
    /* hops */
    {"as many hops as allowed", "mx.example.com", 2, "reporter.example",
     LMTP BORDER AR "mx.example.com; " PASS, TRUST_verified},
    {"one more", "mx.example.com", 1, "reporter.example", LMTP BORDER AR "mx.example.com; " PASS,
     TRUST_unknown},
    {"none", "mx.example.com", 0, "reporter.example", AR "mx.example.com; " PASS BORDER, TRUST_verified},
    {"hops do not look at hosts", "mx.example.com", 1, "reporter.example",
     "Received: by other.example\n" AR "mx.example.com; " PASS, TRUST_verified},
    {"fields at several hops are united", "mx.example.com", 1, "reporter.example",
     AR "mx.example.com; spf=fail smtp.mailfrom=reporter.example\n" LMTP AR
        "mx.example.com; dkim=pass header.d=reporter.example\n" BORDER,
     TRUST_verified},
    /* methods */
    {"two fields are united", OURS,
     BORDER AR "mx.example.com; dmarc=none header.from=reporter.example\n" AR
               "mx.example.com; dkim=pass header.d=reporter.example\n",
     TRUST_verified},
    {"dmarc fails, whatever passes beside it", OURS,
     AR "mx.example.com; dkim=pass header.d=reporter.example; dmarc=fail header.from=reporter.example\n",
     TRUST_failed},
    {"two results that differ", OURS,
     AR "mx.example.com; dmarc=pass header.from=reporter.example; dmarc=fail header.from=reporter.example\n",
     TRUST_failed},
    {"dmarc passes for another From", OURS, AR "mx.example.com; dmarc=pass header.from=evil.example\n",
     TRUST_unknown},
    {"dmarc passes for the organisation", "mx.example.com", HOPS_NONE, "dmarc.reporter.example",
     AR "mx.example.com; " PASS, TRUST_verified},
    {"dmarc passes without a name", OURS, AR "mx.example.com; dmarc=pass\n", TRUST_unknown},
    {"dmarc passes for a top-level domain", OURS, AR "mx.example.com; dmarc=pass header.from=example\n",
     TRUST_unknown},
    {"dmarc has no answer, dkim aligns", OURS,
     AR "mx.example.com; dmarc=temperror header.from=reporter.example; dkim=pass "
        "header.d=mail.reporter.example\n",
     TRUST_verified},
    {"dkim passes for another", OURS, AR "mx.example.com; dkim=pass header.d=evil.example\n", TRUST_unknown},
    {"dkim fails", OURS, AR "mx.example.com; dkim=fail header.d=reporter.example\n", TRUST_unknown},
    {"one of two signatures passes", OURS,
     AR "mx.example.com; dkim=fail header.d=reporter.example; dkim=pass header.d=reporter.example\n",
     TRUST_verified},
    {"spf aligns", OURS, AR "mx.example.com; spf=pass smtp.mailfrom=bounces@reporter.example\n",
     TRUST_verified},
    {"spf of a greeting, for an empty path", OURS,
     AR "mx.example.com; spf=pass smtp.mailfrom=\"\" smtp.helo=out.reporter.example\n", TRUST_verified},
    {"the greeting of a sender that cannot be read", OURS,
     AR "mx.example.com; spf=pass smtp.mailfrom=a@evil..example smtp.helo=reporter.example\n", TRUST_unknown},
    {"of one that is no ASCII", OURS,
     AR "mx.example.com; spf=pass smtp.mailfrom=a@\xd1\x8f.example smtp.helo=reporter.example\n",
     TRUST_unknown},
    {"of one with a comment in it", OURS,
     AR "mx.example.com; spf=pass smtp.mailfrom=a(b)@evil.example smtp.helo=reporter.example\n",
     TRUST_unknown},
    {"of two that differ", OURS,
     AR "mx.example.com; spf=pass smtp.mailfrom=evil.example smtp.mailfrom=other.example "
        "smtp.helo=reporter.example\n",
     TRUST_unknown},
    {"and in Received-SPF", OURS,
     BORDER "Received-SPF: Pass (mailfrom) identity=mailfrom; helo=reporter.example; "
            "envelope-from=a@evil..example; receiver=mx.example.com\n" AR "mx.example.com; dkim=none\n",
     TRUST_unknown},
    {"spf passes for another", OURS,
     AR "mx.example.com; spf=pass smtp.mailfrom=evil.example smtp.helo=reporter.example\n", TRUST_unknown},
    {"a second spf, forged below", OURS,
     BORDER AR "mx.example.com; spf=pass smtp.mailfrom=evil.example\n" AR
               "mx.example.com; spf=pass smtp.mailfrom=reporter.example\n",
     TRUST_unknown},
    {"an unknown word is no pass", OURS,
     AR "mx.example.com; dmarc=bestguesspass header.from=reporter.example\n", TRUST_unknown},
    {"no From", "mx.example.com", HOPS_NONE, "", AR "mx.example.com; " PASS, TRUST_unknown},
    /* Received-SPF */
    {"Received-SPF alone, which anybody can bring along", OURS,
     BORDER "Received-SPF: pass (x) envelope-from=a@reporter.example; receiver=mx.example.com\n",
     TRUST_unknown},
    {"and with the number of hops", "mx.example.com", 1, "reporter.example",
     BORDER "Received-SPF: pass (x) envelope-from=a@reporter.example; receiver=mx.example.com\n",
     TRUST_unknown},
    {"Received-SPF of ours above ours", OURS,
     BORDER "Received-SPF: pass (x) envelope-from=a@reporter.example; receiver=mx.example.com\n" AR
            "mx.example.com; dkim=none\n",
     TRUST_verified},
    {"one that names us, below ours", OURS,
     BORDER AR "mx.example.com; dkim=none\n"
               "Received-SPF: pass (x) envelope-from=a@reporter.example; receiver=mx.example.com\n",
     TRUST_unknown},
    {"one that names us, below a verdict of ours that is none", OURS,
     BORDER AR "mx.example.com; dmarc=none header.from=reporter.example\n"
               "Received-SPF: pass (x) envelope-from=a@reporter.example; receiver=mx.example.com\n",
     TRUST_unknown},
    {"Received-SPF of nobody", OURS, BORDER "Received-SPF: pass (x) envelope-from=a@reporter.example\n",
     TRUST_unknown},
    {"Received-SPF of nobody above ours", OURS,
     BORDER "Received-SPF: pass (x) envelope-from=a@reporter.example\n" AR "mx.example.com; dkim=none\n",
     TRUST_verified},
    {"Received-SPF of nobody below ours", OURS,
     BORDER AR "mx.example.com; dkim=none\n"
               "Received-SPF: pass (x) envelope-from=a@reporter.example\n",
     TRUST_unknown},
    /* services */
    {"exchange online", "exchange-online", HOPS_NONE, "reporter.example",
     EXCHANGE AR PASS
     "Received-SPF: Pass (protection.outlook.com: x) receiver=protection.outlook.com;\n" FRONT,
     TRUST_verified},
    {"exchange online fails", "exchange-online", HOPS_NONE, "reporter.example",
     EXCHANGE AR "spf=fail smtp.mailfrom=x.example; dmarc=fail action=oreject "
                 "header.from=reporter.example;compauth=fail reason=000\n" FRONT,
     TRUST_failed},
    {"exchange online, forged below the front", "exchange-online", HOPS_NONE, "reporter.example",
     EXCHANGE FRONT AR PASS FOREIGN, TRUST_unknown},
    {"exchange online, another field above", "exchange-online", HOPS_NONE, "reporter.example",
     EXCHANGE AR "x.example; none\n" AR PASS FRONT, TRUST_unknown},
    {"exchange online does not name itself", "exchange-online", HOPS_NONE, "reporter.example",
     EXCHANGE AR "mx.microsoft.com; " PASS FRONT, TRUST_unknown},
    {"google", "google", HOPS_NONE, "reporter.example",
     "Received: by 2002:a05:1::1 with SMTP\nReceived: from out.reporter.example by mx.google.com with "
     "ESMTPS\n" AR "mx.google.com; " PASS,
     TRUST_verified},
    {"google, forged below", "google", HOPS_NONE, "reporter.example",
     "Received: from a by mx.google.com\nReceived: from b by evil.example\n" AR "mx.google.com; " PASS,
     TRUST_unknown},
    {"another name than google's", "google", HOPS_NONE, "reporter.example",
     "Received: from a by mx.google.com\n" AR "mx.evil.example; " PASS, TRUST_unknown},
};

/* Whose hosts are ours, by the address of the mailbox. */
static const struct {
    const char *user;
    struct sample sample;
} owners[] = {
    {"dmarc@example.com",
     {"the server of the mailbox", "mx.example.net", HOPS_NONE, "reporter.example",
      "Received: by imap.host.example with LMTP\n" AR "mx.example.net; " PASS, TRUST_verified}},
    {"dmarc@example.com",
     {"a sibling of the id where no name says it is ours", "mx.example.net", HOPS_NONE, "reporter.example",
      "Received: by imap.example.net with LMTP\n" AR "mx.example.net; " PASS, TRUST_unknown}},
    {"dmarc@Example.NET",
     {"a sibling below the domain of the mailbox", "mx.example.net", HOPS_NONE, "reporter.example",
      "Received: by imap.example.net with LMTP\n" AR "mx.example.net; " PASS, TRUST_verified}},
    {"dmarc",
     {"a login that is no address", "mx.example.net", HOPS_NONE, "reporter.example",
      "Received: by imap.example.net with LMTP\n" AR "mx.example.net; " PASS, TRUST_unknown}},
    {"dmarc@example.org",
     {"a mailbox of another domain than the id", OURS,
      "Received: by mx.example.org\n" AR "mx.example.com; " PASS, TRUST_unknown}},
    {"dmarc@example.co.uk",
     {"a neighbour under the same public suffix", "example.co.uk", HOPS_NONE, "reporter.example",
      "Received: from localhost by mx.evil.co.uk\n" AR "example.co.uk; " PASS, TRUST_unknown}},
    {"",
     {"a neighbour under a longer one", "example.k12.ca.us", HOPS_NONE, "reporter.example",
      "Received: from localhost by mx.evil.k12.ca.us\n" AR "example.k12.ca.us; " PASS, TRUST_unknown}},
    {"dmarc@com",
     {"an address of a single label", OURS, "Received: by mx.evil.com\n" AR "mx.example.com; " PASS,
      TRUST_unknown}},
    {"",
     {"an id of a single label stands for itself", "mx", HOPS_NONE, "reporter.example",
      "Received: by mx\n" AR "mx; " PASS, TRUST_verified}},
    {"",
     {"and for nobody below it", "mx", HOPS_NONE, "reporter.example", AR "evil.mx; " PASS, TRUST_unknown}},
    {"",
     {"nor for hosts there", "mx", HOPS_NONE, "reporter.example", "Received: by evil.mx\n" AR "mx; " PASS,
      TRUST_unknown}},
};

static struct trust_cfg config_of(const struct sample *s)
{
    struct trust_cfg t = {.hops = s->hops == HOPS_NONE ? TRUST_HOPS_UNSET : (uint64_t)s->hops};
    if (s->id == NULL)
        return t;
    t.in = TRUST_IN_ID;
    if (strcmp(s->id, "exchange-online") == 0)
        t.in = TRUST_IN_EXCHANGE_ONLINE;
    else if (strcmp(s->id, "google") == 0)
        t.in = TRUST_IN_GOOGLE;
    else
        t.authserv_id = sv_c(s->id);
    return t;
}

static struct trust_verdict judge_for(const char *user, const struct sample *s, sv reporter, arena *a)
{
    struct trust_verdict v;
    struct limits limits;
    struct mail_facts facts = {.from_domain = sv_c(s->from)};
    struct mailbox_cfg mailbox = {
        .user = sv_c(user),
        .host = SV("imap.host.example"),
        .trust = config_of(s),
    };
    struct trust_hosts hosts;
    limits_default(&limits);
    arena_reset(a);
    mail_auth_read(sv_c(s->block), &limits, a, &facts.auth);
    judge_trust_hosts(&mailbox, a, &hosts);
    judge_trust(&mailbox.trust, &hosts, &facts, reporter, &v);
    return v;
}

static struct trust_verdict judge(const struct sample *s, sv reporter, arena *a)
{
    return judge_for("dmarc@example.com", s, reporter, a);
}

static void believes_whom_the_configuration_believes(void **state)
{
    arena a;
    (void)state;
    arena_init(&a, MIB(1));
    for (size_t i = 0; i < COUNT_OF(samples); i++) {
        struct trust_verdict v = judge(&samples[i], SV_ABSENT, &a);
        if (v.trust != samples[i].trust)
            fail_msg("%s: %s", samples[i].name, trust_name(v.trust));
        if (v.trust == TRUST_verified)
            assert_sv_equal(v.domain, samples[i].from);
        else
            assert_null(v.domain.p);
    }
    arena_free(&a);
}

static void hosts_are_ours_by_name_alone(void **state)
{
    arena a;
    (void)state;
    arena_init(&a, MIB(1));
    for (size_t i = 0; i < COUNT_OF(owners); i++) {
        struct trust_verdict v = judge_for(owners[i].user, &owners[i].sample, SV_ABSENT, &a);
        if (v.trust != owners[i].sample.trust)
            fail_msg("%s: %s", owners[i].sample.name, trust_name(v.trust));
    }
    arena_free(&a);
}

/* What the sender writes below the border never makes a mail more trusted than without it. */
static void nothing_below_the_border_makes_trust(void **state)
{
    static const char *const tops[] = {
        LMTP BORDER,
        LMTP BORDER FOREIGN,
        AR "mx.example.com; dmarc=fail header.from=reporter.example\n" LMTP BORDER,
        LMTP AR "mx.example.com; none\n" BORDER,
        LMTP AR "mx.example.com; dmarc=none; spf=softfail smtp.mailfrom=x.example\n" BORDER,
    };
    static const char *const forged[] = {
        FOREIGN AR "mx.example.com; " PASS,
        FOREIGN BORDER AR "mx.example.com; " PASS,
        FOREIGN LMTP LMTP AR "mx.example.com; dkim=pass header.d=reporter.example\n",
        FOREIGN "Received-SPF: pass envelope-from=a@reporter.example; receiver=mx.example.com\n",
        FOREIGN AR PASS,
    };
    arena a, text;
    (void)state;
    arena_init(&a, MIB(1));
    arena_init(&text, MIB(1));
    for (size_t i = 0; i < COUNT_OF(tops); i++) {
        struct sample s = {"", OURS, tops[i], TRUST_unknown};
        enum trust before = judge(&s, SV_ABSENT, &a).trust;
        for (size_t k = 0; k < COUNT_OF(forged); k++) {
            s.block = arena_printf(&text, "%s%s", tops[i], forged[k]).p;
            assert_int_equal(judge(&s, SV_ABSENT, &a).trust, before);
        }
    }
    arena_free(&text);
    arena_free(&a);
}

static void another_domain_is_nothing_odd(void **state)
{
    static const struct {
        const char *from, *reporter;
        enum trust_sender sender;
    } cases[] = {
        {"reporter.example", "reporter.example", TRUST_SENDER_own},
        {"notification.reporter.example", "reporter.example", TRUST_SENDER_own},
        {"dmarc25.jp", "docomo.ne.jp", TRUST_SENDER_agent},
        {"mail.iphmx.com", "company.example", TRUST_SENDER_agent},
        {"dmarc.yahoo.com", "yahooinc.com", TRUST_SENDER_agent},
        {"dmarc.yahoo.com", "reporter.example", TRUST_SENDER_other},
        {"evil.example", "reporter.example", TRUST_SENDER_other},
        {"reporter.example", "", TRUST_SENDER_other},
    };
    arena a;
    (void)state;
    arena_init(&a, MIB(1));
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        sv block = arena_printf(&a, AR "mx.example.com; dmarc=pass header.from=%s\n", cases[i].from);
        char copy[256];
        memcpy(copy, block.p, block.n + 1);
        struct sample s = {"", "mx.example.com", HOPS_NONE, cases[i].from, copy, TRUST_verified};
        struct trust_verdict v = judge(&s, sv_c(cases[i].reporter), &a);
        assert_int_equal(v.trust, TRUST_verified);
        if (v.sender != cases[i].sender)
            fail_msg("%s for %s: %s", cases[i].from, cases[i].reporter, trust_sender_name(v.sender));
    }
    arena_free(&a);
}

static void verdicts_have_an_order(void **state)
{
    static const struct trust_verdict order[] = {
        {.trust = TRUST_failed},
        {.trust = TRUST_unknown},
        {.trust = TRUST_verified, .sender = TRUST_SENDER_other},
        {.trust = TRUST_verified, .sender = TRUST_SENDER_agent},
    };
    static const struct trust_verdict own = {.trust = TRUST_verified, .sender = TRUST_SENDER_own};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(order); i++)
        for (size_t k = 0; k < COUNT_OF(order); k++)
            assert_int_equal(trust_compare(&order[i], &order[k]) < 0, i < k);
    assert_int_equal(trust_compare(&own, &order[3]), 0);
}

RUN_TESTS(cmocka_unit_test(believes_whom_the_configuration_believes),
          cmocka_unit_test(hosts_are_ours_by_name_alone),
          cmocka_unit_test(nothing_below_the_border_makes_trust),
          cmocka_unit_test(another_domain_is_nothing_odd), cmocka_unit_test(verdicts_have_an_order))
