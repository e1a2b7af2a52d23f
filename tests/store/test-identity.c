#include "store/identity.h"

#include "support.h"

static struct identity identity(struct report r, const struct record *records, size_t n)
{
    struct made_mail m;
    struct limits limits;
    struct identity id;
    struct err e;
    limits_default(&limits);
    make_mail(&m, 1);
    add_report(&m, r, records, n);
    assert_true(identity_of(&r, m.docs.records(&m.docs, 0), &limits, &id, &e));
    assert_int_equal(id.records, n);
    return id;
}

static bool same_facts(const struct identity *a, const struct identity *b)
{
    return memcmp(a->facts_id, b->facts_id, sizeof a->facts_id) == 0;
}

static bool same_set(const struct identity *a, const struct identity *b)
{
    return memcmp(a->set_id, b->set_id, sizeof a->set_id) == 0;
}

/* Order of records, case of names and a last dot say nothing; notes are the reader's. */
static void same_report(void **state)
{
    (void)state;
    struct record forth[] = {made_record("192.0.2.1", 3), made_record("2001:db8::1", 4)};
    struct record back[] = {forth[1], forth[0]};
    back[1].header_from = SV("EXAMPLE.com.");
    struct report shouted = made_report("1");
    shouted.domain = SV("Example.COM");
    shouted.email = SV("NoReply@Reporter.Example");
    note_add(&shouted.notes, NOTE_text_cut);
    struct identity a = identity(made_report("1"), forth, 2), b = identity(shouted, back, 2);
    assert_true(same_facts(&a, &b));
    assert_true(same_set(&a, &b));
}

static void twice_the_same_record_is_another_report(void **state)
{
    (void)state;
    struct record twice[] = {made_record("192.0.2.1", 3), made_record("192.0.2.1", 3)};
    struct identity a = identity(made_report("1"), twice, 1), b = identity(made_report("1"), twice, 2);
    assert_false(same_facts(&a, &b));
}

static void change_count(struct report *r, struct record *f)
{
    (void)r;
    f->count++;
}
static void change_ip(struct report *r, struct record *f)
{
    (void)r;
    f->source_ip.b[15] ^= 1;
}
static void change_verdict(struct report *r, struct record *f)
{
    (void)r;
    f->dkim.v = VERDICT_PASS;
}
static void change_disposition(struct report *r, struct record *f)
{
    (void)r;
    f->disposition = (struct word){.v = WORD_ABSENT};
}
static void null_path(struct report *r, struct record *f)
{
    (void)r;
    f->envelope_from = SV("");
}
static void change_policy(struct report *r, struct record *f)
{
    (void)f;
    r->policy.p.v = POLICY_NONE;
}

static void facts_make_another_report_of_the_same_set(void **state)
{
    (void)state;
    static void (*const changes[])(struct report *, struct record *) = {
        change_count, change_ip, change_verdict, change_disposition, null_path, change_policy};
    for (size_t i = 0; i < COUNT_OF(changes); i++) {
        struct report r = made_report("1");
        struct record f = made_record("192.0.2.1", 3);
        struct identity before = identity(r, &f, 1);
        changes[i](&r, &f);
        struct identity after = identity(r, &f, 1);
        assert_false(same_facts(&before, &after));
        assert_true(same_set(&before, &after));
    }
}

static void the_set_is_reporter_id_domain_and_period(void **state)
{
    (void)state;
    struct record f = made_record("192.0.2.1", 3);
    struct report others[] = {made_report("2"), made_report("1"), made_report("1"), made_report("1")};
    others[1].email = SV("other@reporter.example");
    others[2].domain = SV("example.org");
    others[3].end += 3600;
    struct identity first = identity(made_report("1"), &f, 1);
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        struct identity other = identity(others[i], &f, 1);
        assert_false(same_set(&first, &other));
        assert_false(same_facts(&first, &other));
    }
}

static void too_many_records(void **state)
{
    (void)state;
    struct record records[] = {made_record("192.0.2.1", 3), made_record("192.0.2.2", 3)};
    struct report r = made_report("1");
    struct made_mail m;
    struct limits limits;
    struct identity id;
    struct err e;
    limits_default(&limits);
    limits.report_rows = 1;
    make_mail(&m, 1);
    add_report(&m, r, records, 2);
    assert_false(identity_of(&r, m.docs.records(&m.docs, 0), &limits, &id, &e));
    assert_int_equal(e.cls, ERR_LIMIT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_report),
        cmocka_unit_test(twice_the_same_record_is_another_report),
        cmocka_unit_test(facts_make_another_report_of_the_same_set),
        cmocka_unit_test(the_set_is_reporter_id_domain_and_period),
        cmocka_unit_test(too_many_records),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
