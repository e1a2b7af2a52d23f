#include "evidence.h"

#include "support.h"

/* Names by their position. */
struct table {
    struct evidence_names base;
    sv names[64];
    int64_t n;
};

static int64_t id_of(struct evidence_names *self, sv text)
{
    struct table *t = (struct table *)self;
    for (int64_t i = 0; i < t->n; i++)
        if (sv_eq(t->names[i], text))
            return i + 1;
    if (t->n == (int64_t)COUNT_OF(t->names))
        return -1;
    t->names[t->n++] = text;
    return t->n;
}

static bool text_of(struct evidence_names *self, int64_t id, sv *text)
{
    struct table *t = (struct table *)self;
    if (id < 1 || id > t->n)
        return false;
    *text = t->names[id - 1];
    return true;
}

static struct record full_record(void)
{
    static struct reason reasons[] = {{{.v = REASON_LOCAL_POLICY}, SV_INIT("arc=pass")},
                                      {{.v = WORD_UNKNOWN, .raw = SV_INIT("Magic")}, {NULL, 0}}};
    static struct dkim_auth dkims[] = {
        {SV_INIT("Example.com"), SV_INIT("s1"), {.v = DKIM_PASS}, {NULL, 0}},
        {SV_INIT("esp.example"), {NULL, 0}, {.v = WORD_UNKNOWN, .raw = SV_INIT("so-so")}, SV_INIT("hm")}};
    static struct spf_auth spfs[] = {
        {SV_INIT("bounce.esp.example"), {.v = SCOPE_HELO}, {.v = SPF_SOFTFAIL}, {NULL, 0}}};
    struct record r = made_record("192.0.2.1", 3);
    r.envelope_from = SV("");
    r.reasons = reasons;
    r.n_reasons = COUNT_OF(reasons);
    r.dkims = dkims;
    r.n_dkims = COUNT_OF(dkims);
    r.spfs = spfs;
    r.n_spfs = COUNT_OF(spfs);
    return r;
}

static void comes_back_as_it_was(void **state)
{
    (void)state;
    struct table t = {.base = {id_of, text_of}};
    struct record r = full_record(), back;
    arena a CLEANUP(arena_free);
    buf tuple CLEANUP(buf_free), before CLEANUP(buf_free), after CLEANUP(buf_free);
    arena_init(&a, MIB(1));
    buf_init(&tuple, MIB(1));
    buf_init(&before, MIB(1));
    buf_init(&after, MIB(1));
    assert_true(evidence_write(&tuple, &r, &t.base));
    assert_true(evidence_read(buf_view(&tuple), &t.base, &a, &back));
    assert_int_equal(back.reasons[0].type.v, REASON_LOCAL_POLICY);
    assert_true(sv_eq(back.reasons[1].type.raw, SV("Magic")));
    assert_null(back.reasons[1].comment.p);
    assert_true(sv_eq(back.dkims[0].domain, SV("Example.com")));
    assert_int_equal(back.spfs[0].scope.v, SCOPE_HELO);
    assert_non_null(back.envelope_from.p);
    assert_int_equal(back.envelope_from.n, 0);
    assert_null(back.envelope_to.p);
    evidence_octets(&before, &r, false);
    evidence_octets(&after, &back, false);
    assert_true(sv_eq(buf_view(&before), buf_view(&after)));
}

/* Every tuple that is cut, and every one with an octet changed, is read or refused, never believed beyond
 * its length (the sanitizer watches). */
static void damaged_tuples(void **state)
{
    (void)state;
    struct table t = {.base = {id_of, text_of}};
    struct record r = full_record(), back;
    arena a CLEANUP(arena_free);
    buf tuple CLEANUP(buf_free);
    arena_init(&a, MIB(1));
    buf_init(&tuple, MIB(1));
    assert_true(evidence_write(&tuple, &r, &t.base));
    for (size_t n = 0; n < tuple.n; n++)
        assert_false(evidence_read(sv_of(tuple.p, n), &t.base, &a, &back));
    buf_char(&tuple, '\0');
    assert_false(evidence_read(buf_view(&tuple), &t.base, &a, &back));
    tuple.n--;
    size_t refused = 0;
    for (size_t i = 0; i < tuple.n; i++)
        for (int v = 0; v < 256; v++) {
            char kept = tuple.p[i];
            tuple.p[i] = (char)v;
            arena_reset(&a);
            refused += !evidence_read(buf_view(&tuple), &t.base, &a, &back);
            tuple.p[i] = kept;
        }
    assert_true(refused > tuple.n * 128);
}

static void names_that_fail_end_it(void **state)
{
    (void)state;
    struct table t = {.base = {id_of, text_of}, .n = (int64_t)COUNT_OF(t.names)};
    struct record r = full_record();
    buf tuple CLEANUP(buf_free);
    buf_init(&tuple, MIB(1));
    assert_false(evidence_write(&tuple, &r, &t.base));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comes_back_as_it_was),
        cmocka_unit_test(damaged_tuples),
        cmocka_unit_test(names_that_fail_end_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
