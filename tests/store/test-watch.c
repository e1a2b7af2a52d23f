/* What rules beside those about aggregate reports are given. */
#include "store/watch.h"

#include "store/decide.h"
#include "support.h"

struct seen {
    unsigned n;
    sv texts[8];
    struct fixture *f;
};

static bool on_unread(void *ctx, const struct store_unread *u)
{
    struct seen *s = ctx;
    assert_int_equal(u->trust, TRUST_unknown);
    assert_true(sv_eq(u->reason, SV("dtd")));
    s->texts[s->n++] = arena_sv(&s->f->a, u->from_domain);
    return true;
}

static void mails_that_cannot_be_read(void **state)
{
    struct fixture *f = *state;
    for (uint32_t uid = 1; uid < 4; uid++) {
        struct made_mail m;
        make_mail(&m, uid);
        m.outcome.facts.from_domain = sv_c(text(f, "r%u.example", uid));
        add_reject(&m, REJECT_dtd, "line 2");
        add_reject(&m, REJECT_dtd, "line 3");
        (void)put_alone(f, &m);
    }
    struct seen s = {.f = f};
    assert_true(store_unread(f->s, NOW - 1, on_unread, &s, &f->e));
    assert_int_equal(s.n, 3);
    assert_true(sv_eq(s.texts[2], SV("r3.example")));
    s.n = 0;
    assert_true(store_unread(f->s, NOW + 1, on_unread, &s, &f->e));
    assert_int_equal(s.n, 0);
}

static void put_seen(struct fixture *f, const char *reporter, const char *policy, int64_t day)
{
    const struct store_tls_seen seen = {sv_c(reporter), sv_c(policy), day};
    if (!store_put_tls_seen(f->s, SV("example.com"), &seen, &f->e))
        fail_msg("%s", f->e.msg);
}

/* Who has told last is remembered, however many tell. */
static void what_reporters_have_seen(void **state)
{
    struct fixture *f = *state;
    struct store_tls_seen *list;
    size_t n;
    assert_true(store_begin_decide(f->s, &f->e));
    for (unsigned i = 0; i < 100; i++)
        put_seen(f, text(f, "fake %u", i), "tlsa", DAY0);
    put_seen(f, "Alpha", "mode=enforce mx= max_age=", DAY0 + 1);
    put_seen(f, "Alpha", "mode=testing mx= max_age=", DAY0 + 2);
    assert_true(store_load_tls_seen(f->s, SV("example.com"), &f->a, &list, &n, &f->e));
    assert_int_equal(n, 100);
    assert_true(sv_eq(list[0].reporter, SV("Alpha")) && sv_starts(list[0].policy, SV("mode=testing")));
    assert_int_equal(list[0].day, DAY0 + 2);
    assert_true(store_load_tls_seen(f->s, SV("example.net"), &f->a, &list, &n, &f->e));
    assert_int_equal(n, 0);
    store_abort_decide(f->s);
}

static void a_mail_that_is_gone_is_unknown(void **state)
{
    struct fixture *f = *state;
    enum trust trust = TRUST_verified;
    sv from;
    assert_true(store_mail_trust(f->s, 999, &f->a, &trust, &from, &f->e));
    assert_true(trust == TRUST_unknown && from.p == NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(mails_that_cannot_be_read),
        TEST(what_reporters_have_seen),
        TEST(a_mail_that_is_gone_is_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
