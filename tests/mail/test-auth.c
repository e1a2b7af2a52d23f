/* Header blocks and what is read of their authenticity. A line of the result is a field: how many Received
 * fields stand above it, its authserv-id ("-": none), its results; "by" lists the hosts that received. */
#include "unit.h"

#include "base/buf.h"
#include "mail/auth.h"
#include "mail/mail.h"

struct golden {
    const char *name, *block, *expected;
};

#define AR "Authentication-Results: "

static const struct golden forms[] = {
    /* producers */
    {"gmail",
     "Received: by 2002:a05:6402:1::1 with SMTP id x; Mon, 23 Nov 2026 00:00:00 -0800\n"
     "Received: from mail.example.net (mail.example.net. [192.0.2.1])\n        by mx.google.com with ESMTPS "
     "id y\n"
     "Received-SPF: pass (google.com: domain of a@example.net designates 192.0.2.1 as permitted sender) "
     "client-ip=192.0.2.1;\n" AR
     "mx.google.com;\n       dkim=pass header.i=@example.net header.s=s1 header.b=AbCd1234;\n"
     "       spf=pass (google.com: domain of a@example.net designates 192.0.2.1 as permitted sender) "
     "smtp.mailfrom=a@example.net;\n       dmarc=pass (p=REJECT sp=REJECT dis=NONE) "
     "header.from=example.net\n",
     "2 spf - spf=pass\n"
     "2 mx.google.com dkim=pass d=example.net spf=pass d=example.net dmarc=pass d=example.net\n"
     "by - mx.google.com\n"},
    {"exchange online has no authserv-id",
     AR "spf=pass (sender IP is 192.0.2.1)\n smtp.mailfrom=Bounce.Example.net; dkim=pass (signature was "
        "verified)\n header.d=example.net;dmarc=pass action=none\n header.from=example.net;compauth=pass "
        "reason=100\n",
     "0 - spf=pass d=bounce.example.net dkim=pass d=example.net dmarc=pass d=example.net\n"},
    {"old exchange repeats the tenant",
     AR
     "spf=none (sender IP is 192.0.2.6)\n smtp.mailfrom=a@example.org; tenant.example; dkim=none (message\n "
     "not signed) header.d=none;tenant.example; dmarc=none action=none\n header.from=example.org;\n",
     "0 - spf=none d=example.org dkim=none d=none dmarc=none d=example.org\n"},
    {"exchange with a slash after the method", AR "dkim/1=pass header.d=example.net\n",
     "0 - dkim=pass d=example.net\n"},
    {"opendkim and opendmarc write two",
     "Received: by mx.example.com (Postfix)\n" AR
     "mx.example.com; dmarc=pass (p=none dis=none) header.from=example.net\n"
     "DMARC-Filter: OpenDMARC Filter v1.4.2 mx.example.com ABC\n" AR
     "mx.example.com;\n\tdkim=pass (2048-bit key; unprotected) header.d=example.net header.i=@example.net "
     "header.a=rsa-sha256 header.s=s1 header.b=xyz;\n\tdkim-atps=neutral\n",
     "1 mx.example.com dmarc=pass d=example.net\n1 mx.example.com dkim=pass d=example.net\nby "
     "mx.example.com\n"},
    {"rspamd",
     AR "mx.example.com;\n\tdkim=pass header.d=example.net header.s=s1 header.b=\"a/b+c=\";\n\tspf=pass "
        "(mx.example.com: domain of a@example.net designates 192.0.2.1 as permitted sender) "
        "smtp.mailfrom=a@example.net;\n\tdmarc=pass (policy=none) header.from=example.net;\n\tarc=pass "
        "(\"example.net:s=x:i=1\")\n",
     "0 mx.example.com dkim=pass d=example.net spf=pass d=example.net dmarc=pass d=example.net\n"},
    {"amavis has a comment after the id",
     AR "mx.example.com (amavisd-new); dkim=pass (2048-bit key) header.d=example.net\n",
     "0 mx.example.com dkim=pass d=example.net\n"},
    {"mox",
     AR "mx.example.com;\n\tiprev=pass (without dnssec) policy.iprev=192.0.2.1;\n\tdkim=pass (2048 bit rsa) "
        "header.d=example.net header.s=s1 header.a=rsa-sha256 header.b=x;\n\tspf=pass (without dnssec) "
        "smtp.mailfrom=example.net;\n\tdmarc=pass (without dnssec) header.from=example.net\n",
     "0 mx.example.com dkim=pass d=example.net spf=pass d=example.net dmarc=pass d=example.net\n"},
    {"amazon ses puts properties into statements of their own",
     AR
     "amazonses.com;\n spf=pass (spfCheck: domain of example.net designates 192.0.2.1) client-ip=192.0.2.1; "
     "envelope-from=a@example.net; helo=relay.example.net;\n dkim=pass header.i=@mail.example.net;\n "
     "dmarc=pass "
     "header.from=example.net;\n",
     "0 amazonses.com spf=pass dkim=pass d=mail.example.net dmarc=pass d=example.net\n"},
    {"yahoo touches the result with a comment",
     AR "mta1.mail.example;\n dkim=pass header.i=@example.net header.s=s1;\n spf=pass "
        "smtp.mailfrom=example.net;\n "
        "dmarc=pass(p=REJECT,sp=none) header.from=example.net;\n",
     "0 mta1.mail.example dkim=pass d=example.net spf=pass d=example.net dmarc=pass d=example.net\n"},
    {"yahoo before 2018",
     AR
     "mta1.mail.example  from=example.net; domainkeys=neutral (no sig);  from=example.net; dkim=pass (ok)\n",
     "0 mta1.mail.example dkim=pass\n"},
    {"ecelerity quotes everything",
     AR "mx.example.com; iprev=pass policy.iprev=\"192.0.2.1\"; spf=neutral smtp.mailfrom=\"\" "
        "smtp.helo=\"mail02.example.net\"; dkim=none (message not signed) header.d=none\n",
     "0 mx.example.com spf=neutral h=mail02.example.net dkim=none d=none\n"},
    {"older servers say smtp.mail", AR "mx.example.com; spf=fail smtp.mail=a@example.net\n",
     "0 mx.example.com spf=fail d=example.net\n"},
    {"an angle bracket around the address", AR "mx.example.com; spf=pass smtp.mailfrom=<a@example.net>\n",
     "0 mx.example.com spf=pass d=example.net\n"},
    {"policyd-spf",
     "Received-SPF: Pass (mailfrom) identity=mailfrom; client-ip=192.0.2.1; helo=h.example.net; "
     "envelope-from=a@example.net; receiver=mx.example.com\n",
     "0 spf mx.example.com spf=pass d=example.net\n"},
    {"policyd-spf of today hides the receiver",
     "Received-SPF: None (mailfrom) identity=mailfrom; envelope-from=\"a b\"@example.net; "
     "receiver=<UNKNOWN>\n",
     "0 spf - spf=none d=example.net\n"},
    {"a bounce is checked by its greeting",
     "Received-SPF: pass (mx: ok) identity=helo; envelope-from=<>; helo=h.example.net; "
     "receiver=mx.example.com\n",
     "0 spf mx.example.com spf=pass h=h.example.net\n"},
    /* grammar */
    {"none", AR "mx.example.com; none\n", "0 mx.example.com\n"},
    {"none with a version", AR "mx.example.com 1; none\n", "0 mx.example.com\n"},
    {"id alone", AR "mx.example.com\n", "0 mx.example.com\n"},
    {"nothing", AR "\n", "0 \n"},
    {"only a semicolon", AR "; dmarc=pass header.from=example.net\n", "0  dmarc=pass d=example.net\n"},
    {"version 1", AR "mx.example.com 1; dmarc=pass header.from=example.net\n",
     "0 mx.example.com dmarc=pass d=example.net\n"},
    {"another version says nothing", AR "mx.example.com 2; dmarc=pass header.from=example.net\n",
     "0 mx.example.com\n"},
    {"comment before the version", AR "mx.example.com (x) 1 (y); dmarc=pass header.from=example.net\n",
     "0 mx.example.com dmarc=pass d=example.net\n"},
    {"method version 1", AR "mx.example.com; dkim/1=pass header.d=example.net\n",
     "0 mx.example.com dkim=pass d=example.net\n"},
    {"another method version is another method",
     AR "mx.example.com; dkim/2=pass header.d=example.net; spf=none\n", "0 mx.example.com spf=none\n"},
    {"quoted id", AR "\"mx.example.com\"; dmarc=pass header.from=example.net\n",
     "0 mx.example.com dmarc=pass d=example.net\n"},
    {"quoted pairs", AR "\"mx\\.example\\.com\"; dmarc=pass header.from=\"example\\.net\"\n",
     "0 mx.example.com dmarc=pass d=example.net\n"},
    {"id with blanks cannot be used", AR "\"mx example com\"; dmarc=fail header.from=example.net\n",
     "0  dmarc=fail d=example.net\n"},
    {"capitals", "AUTHENTICATION-RESULTS: MX.Example.COM; DMARC=Pass HEADER.FROM=Example.NET\n",
     "0 mx.example.com dmarc=pass d=example.net\n"},
    {"comments everywhere",
     AR "(a) mx.example.com (b(c\\)d)) 1 (e) ; (f) dmarc (g) / (h) 1 (i) = (j) pass (k) header (l) . (m) "
        "from (n) = "
        "(o) example.net (p;q) ; (r)\n",
     "0 mx.example.com dmarc=pass d=example.net\n"},
    {"folds inside", AR "\r\n mx.example.com;\r\n\tdmarc=\r\n pass\r\n header.from=\r\n\texample.net\r\n",
     "0 mx.example.com dmarc=pass d=example.net\n"},
    {"reason",
     AR "mx.example.com; dkim=fail reason=\"bad; dmarc=pass header.from=example.net\" header.d=example.net\n",
     "0 mx.example.com dkim=fail d=example.net\n"},
    {"quoted local part", AR "mx.example.com; spf=pass smtp.mailfrom=\"a; b@c\"@example.net\n",
     "0 mx.example.com spf=pass d=example.net\n"},
    {"header.d before header.i",
     AR "mx.example.com; dkim=pass header.i=@a.example.net header.d=example.net\n",
     "0 mx.example.com dkim=pass d=example.net\n"},
    {"last dot", AR "mx.example.com; dmarc=pass header.from=example.net.\n",
     "0 mx.example.com dmarc=pass d=example.net\n"},
    {"hardfail", AR "mx.example.com; spf=hardfail smtp.mailfrom=example.net\n",
     "0 mx.example.com spf=fail d=example.net\n"},
    {"every word",
     AR "mx.example.com; dkim=policy; dkim=permerror; dkim=temperror; spf=softfail; spf=neutral\n",
     "0 mx.example.com dkim=policy dkim=permerror dkim=temperror spf=softfail spf=neutral\n"},
    {"a word of no standard is no pass",
     AR "mx.example.com; dmarc=bestguesspass header.from=example.net; spf=passed\n",
     "0 mx.example.com dmarc=unknown d=example.net spf=unknown\n"},
    {"a missing result", AR "mx.example.com; dmarc= ; spf; dkim=pass\n",
     "0 mx.example.com dmarc=unknown dkim=pass\n"},
    {"semicolons without end", AR ";;;;mx.example.com;;;dmarc=pass header.from=example.net;;\n",
     "0  dmarc=pass d=example.net\n"},
    /* attacks */
    {"a property that contradicts itself says nothing",
     AR "mx.example.com; dmarc=pass header.from=example.net header.from=evil.example\n",
     "0 mx.example.com dmarc=pass\n"},
    {"header.d that is no name does not fall back",
     AR "mx.example.com; dkim=pass header.d=a/b header.i=@example.net\n", "0 mx.example.com dkim=pass\n"},
    {"a comment that touches a name (CVE-2020-12272)",
     AR "mx.example.com; spf=pass smtp.mailfrom=example.net(.evil.example\n", "0 mx.example.com\n"},
    {"the same, closed", AR "mx.example.com; spf=pass smtp.mailfrom=example.net(.evil.example)\n",
     "0 mx.example.com spf=pass\n"},
    {"a quote without an end",
     AR "mx.example.com; dmarc=pass header.from=example.net; spf=pass smtp.mailfrom=\"x\n",
     "0 mx.example.com\n"},
    {"a comment without an end", AR "mx.example.com (; dmarc=pass header.from=example.net\n",
     "0 mx.example.com\n"},
    {"a bracket too many", AR "mx.example.com; dmarc=pass) header.from=example.net\n", "0 mx.example.com\n"},
    {"results of a method are not another's",
     AR "mx.example.com; spf=pass smtp.mailfrom=a header.from=example.net @evil.example\n",
     "0 mx.example.com spf=pass d=a\n"},
    {"no name", AR "mx.example.com; dmarc=pass header.from=\xff\xfe.example\n",
     "0 mx.example.com dmarc=pass\n"},
    {"a NUL is no blank", AR "mx.example.com; dmarc=pass header.from=example.net\x01.example\n",
     "0 mx.example.com dmarc=pass\n"},
    {"other fields are not looked at",
     "ARC-Authentication-Results: i=1; mx.example.com; dmarc=pass header.from=example.net\n"
     "Authentication-Results-Original: mx.example.com; dmarc=pass header.from=example.net\n"
     "X-Authentication-Results: mx.example.com; dmarc=pass header.from=example.net\n",
     ""},
    /* hops */
    {"fields know what stands above them",
     AR "a.example; none\nReceived: from x by A.example (Postfix)\n" AR
        "b.example; none\nReceived: from y (by c.example) by b.example with ESMTP id 1; Mon\nX-Y: "
        "z\nReceived: x\n" AR "c.example; none\n",
     "0 a.example\n1 b.example\n3 c.example\nby a.example b.example -\n"},
    {"greetings cannot make a host",
     "Received: from by (unknown [192.0.2.1]) by mx.example.com (Postfix)\nReceived: from \"by evil.example "
     "(\" by mx.example.com\n"
     "Received: from ( by mx.example.com\nReceived: from x by [192.0.2.1]; by evil.example\nReceived: (qmail "
     "1 invoked by uid 2)\n" AR "mx.example.com; none\n",
     "5 mx.example.com\nby by mx.example.com - - -\n"},
};

static void dump(const struct mail_auth *m, buf *out)
{
    for (size_t i = 0; i < m->n_fields; i++) {
        const struct auth_field *f = &m->fields[i];
        buf_printf(out, "%u %s%.*s", f->hop, f->source == AUTH_SOURCE_received_spf ? "spf " : "",
                   SV_ARG(f->id.p ? f->id : SV("-")));
        for (size_t k = 0; k < f->n_statements; k++) {
            const struct auth_statement *s = &f->statements[k];
            buf_printf(out, " %s=%s", auth_method_name(s->method), auth_result_name(s->result));
            if (s->domain.p)
                buf_printf(out, " d=%.*s", SV_ARG(s->domain));
            if (s->helo.p)
                buf_printf(out, " h=%.*s", SV_ARG(s->helo));
        }
        buf_puts(out, "\n");
    }
    if (m->n_received)
        buf_puts(out, "by");
    for (size_t i = 0; i < m->n_received; i++)
        buf_printf(out, " %.*s", SV_ARG(m->received_by[i].p ? m->received_by[i] : SV("-")));
    buf_puts(out, m->n_received ? "\n" : "");
    buf_puts(out, m->more ? "more\n" : "");
}

struct scene {
    struct limits limits;
    arena a;
    buf block, dump;
    struct mail_auth auth;
};

static void scene_start(struct scene *s)
{
    limits_default(&s->limits);
    arena_init(&s->a, MIB(1));
    buf_init(&s->block, MIB(1));
    buf_init(&s->dump, MIB(1));
}

static void scene_end(struct scene *s)
{
    arena_free(&s->a);
    buf_free(&s->block);
    buf_free(&s->dump);
}

static void read_block(struct scene *s, sv block)
{
    arena_reset(&s->a);
    buf_reset(&s->dump);
    mail_auth_read(block, &s->limits, &s->a, &s->auth);
    dump(&s->auth, &s->dump);
}

static void reads_every_form(void **state)
{
    struct scene s;
    (void)state;
    scene_start(&s);
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        read_block(&s, sv_c(forms[i].block));
        if (!sv_eq(buf_view(&s.dump), sv_c(forms[i].expected)))
            fail_msg("%s:\n%.*s", forms[i].name, SV_ARG(buf_view(&s.dump)));
    }
    scene_end(&s);
}

/* Cut anywhere, a block gives facts within the limits, and never a pass that the whole does not have. */
static void every_cut_is_bounded(void **state)
{
    struct scene s;
    (void)state;
    scene_start(&s);
    for (size_t i = 0; i < COUNT_OF(forms); i++) {
        sv block = sv_c(forms[i].block);
        for (size_t n = 0; n <= block.n; n++) {
            read_block(&s, sv_first(block, n));
            assert_in_range(s.auth.n_fields, 0, s.limits.auth_fields);
            assert_in_range(s.auth.n_received, 0, s.limits.auth_hops);
        }
    }
    scene_end(&s);
}

static void repeat(struct scene *s, const char *text, size_t n)
{
    buf_reset(&s->block);
    for (size_t i = 0; i < n; i++)
        buf_puts(&s->block, text);
}

static void limits_hold_at_and_one_above(void **state)
{
    struct scene s;
    (void)state;
    scene_start(&s);
    s.limits.auth_fields = 3;
    repeat(&s, AR "x; spf=none\n", 3);
    read_block(&s, buf_view(&s.block));
    assert_int_equal(s.auth.n_fields, 3);
    assert_false(s.auth.more);
    repeat(&s, AR "x; spf=none\n", 4);
    read_block(&s, buf_view(&s.block));
    assert_int_equal(s.auth.n_fields, 3);
    assert_true(s.auth.more);

    limits_default(&s.limits);
    s.limits.auth_hops = 2;
    repeat(&s, "Received: by x\n", 2);
    buf_puts(&s.block, AR "x; spf=none\n");
    read_block(&s, buf_view(&s.block));
    assert_string_equal(buf_view(&s.dump).p ? arena_cstr(&s.a, buf_view(&s.dump)) : "",
                        "2 x spf=none\nby x x\n");
    repeat(&s, "Received: by x\n", 3);
    buf_puts(&s.block, AR "x; spf=none\n");
    read_block(&s, buf_view(&s.block));
    assert_int_equal(s.auth.n_fields, 0);
    assert_true(s.auth.more);
    scene_end(&s);
}

static void results_hold_at_and_one_above(void **state)
{
    struct scene s;
    (void)state;
    scene_start(&s);
    s.limits.auth_results = 4;
    for (size_t n = 4; n <= 5; n++) {
        buf_reset(&s.block);
        buf_puts(&s.block, AR "x");
        for (size_t i = 0; i < n; i++)
            buf_puts(&s.block, "; dkim=pass");
        buf_puts(&s.block, "\n" AR "y; dmarc=pass\n");
        read_block(&s, buf_view(&s.block));
        /* The second field is one more at 4, and is not reached at 5: what was cut hides all below it. */
        assert_int_equal(s.auth.n_fields, n == 4 ? 2 : 1);
        assert_int_equal(s.auth.fields[0].n_statements, 4);
        assert_true(s.auth.more);
    }
    scene_end(&s);
}

static void a_long_field_ends_the_reading(void **state)
{
    struct scene s;
    (void)state;
    scene_start(&s);
    s.limits.auth_field_size = 20; /* with the blank behind the colon */
    for (size_t n = 15; n <= 16; n++) {
        buf_reset(&s.block);
        buf_printf(&s.block, AR "x; %.*s=1\n" AR "y; none\n", (int)n - 1, "aaaaaaaaaaaaaaaa");
        read_block(&s, buf_view(&s.block));
        assert_int_equal(s.auth.n_fields, n == 15 ? 2 : 0);
        assert_int_equal(s.auth.more, n == 16);
    }
    scene_end(&s);
}

static void without_memory_nothing_is_said(void **state)
{
    struct scene s;
    (void)state;
    scene_start(&s);
    for (size_t cap = 0; cap < KIB(16); cap += 64) {
        arena_free(&s.a);
        arena_init(&s.a, cap);
        mail_auth_read(sv_c(forms[0].block), &s.limits, &s.a, &s.auth);
        if (s.a.failed)
            assert_int_equal(s.auth.n_fields + s.auth.n_received, 0);
        else
            assert_int_equal(s.auth.n_fields, 2);
    }
    scene_end(&s);
}

static bool ignore_leaf(void *ctx, const struct mail_leaf *leaf)
{
    (void)ctx;
    (void)leaf;
    return true;
}

static void ignore_reject(void *ctx, enum reject reason, sv path, sv detail)
{
    (void)ctx;
    (void)reason;
    (void)path;
    (void)detail;
}

static void only_the_outermost_mail_is_read(void **state)
{
    static const struct mail_sink sink = {NULL, ignore_leaf, ignore_reject};
    static const char mail[] =
        AR "outer.example; none\nFrom: a@b.example\nContent-Type: message/rfc822\n\n" AR
           "inner.example; dmarc=pass header.from=b.example\nFrom: a@b.example\n\nx\n";
    struct scene s;
    struct mail_info info;
    (void)state;
    scene_start(&s);
    assert_true(mail_split(sv_c(mail), &s.limits, &s.a, &sink, NULL, &info));
    assert_int_equal(info.facts.auth.n_fields, 1);
    assert_sv_equal(info.facts.auth.fields[0].id, "outer.example");
    scene_end(&s);
}

/* The time is linear: what is quadratic would take minutes here. */
static void endless_forms_are_read_in_time(void **state)
{
    static const char *const units[] = {"(",  ")", "\"",  "\\",  ";",        "=",
                                        "a.", "/", "(x)", "a=(", "a (b) . ", "\" "};
    struct scene s;
    (void)state;
    scene_start(&s);
    s.limits.auth_field_size = KIB(256);
    for (size_t i = 0; i < COUNT_OF(units); i++) {
        repeat(&s, units[i], KIB(128) / strlen(units[i]));
        arena_reset(&s.a);
        buf whole;
        buf_init(&whole, MIB(1));
        static const char *const names[] = {AR, "Received: ", "Received-SPF: "};
        for (size_t k = 0; k < COUNT_OF(names); k++) {
            buf_puts(&whole, names[k]);
            buf_sv(&whole, buf_view(&s.block));
            buf_puts(&whole, "\n");
        }
        mail_auth_read(buf_view(&whole), &s.limits, &s.a, &s.auth);
        assert_false(s.a.failed);
        buf_free(&whole);
    }
    scene_end(&s);
}

RUN_TESTS(cmocka_unit_test(reads_every_form), cmocka_unit_test(every_cut_is_bounded),
          cmocka_unit_test(limits_hold_at_and_one_above), cmocka_unit_test(results_hold_at_and_one_above),
          cmocka_unit_test(a_long_field_ends_the_reading), cmocka_unit_test(without_memory_nothing_is_said),
          cmocka_unit_test(only_the_outermost_mail_is_read), cmocka_unit_test(endless_forms_are_read_in_time))
