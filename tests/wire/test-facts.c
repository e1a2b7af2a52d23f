#include "check.h"

static struct limits limits;
static arena memory;

static int set_up(void **state)
{
    (void)state;
    limits_default(&limits);
    arena_init(&memory, FRAME_MAX);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(&memory);
    return 0;
}

static struct reason reasons[] = {
    {{REASON_MAILING_LIST, SV_INIT("")}, SV_INIT("a list")},
    {{REASON_UNKNOWN, SV_INIT("arc")}, {NULL, 0}},
};
static struct dkim_auth dkims[] = {
    {SV_INIT("example.net"), SV_INIT("s1"), {DKIM_PASS, {NULL, 0}}, {NULL, 0}},
    {SV_INIT("example.org"), {NULL, 0}, {DKIM_UNKNOWN, SV_INIT("hardfail")}, SV_INIT("no key")},
};
static struct spf_auth spfs[] = {
    {SV_INIT("bounce.example.net"), {SCOPE_ABSENT, {NULL, 0}}, {SPF_SOFTFAIL, {NULL, 0}}, {NULL, 0}},
};

static struct record full_record(void)
{
    struct record r = {
        .count = 12,
        .disposition = {.v = DISPOSITION_QUARANTINE},
        .dkim = {.v = VERDICT_PASS},
        .spf = {.v = VERDICT_UNKNOWN, .raw = SV("none")},
        .reasons = reasons,
        .n_reasons = COUNT_OF(reasons),
        .header_from = SV("example.net"),
        .envelope_from = SV(""),
        .dkims = dkims,
        .n_dkims = COUNT_OF(dkims),
        .spfs = spfs,
        .n_spfs = COUNT_OF(spfs),
    };
    assert_true(ip_parse(SV("2001:db8::7"), &r.source_ip));
    return r;
}

static bool same_text(sv a, sv b)
{
    return sv_eq(a, b) && (a.p == NULL) == (b.p == NULL);
}

static bool same_word(struct word a, struct word b)
{
    return a.v == b.v && (a.v != WORD_UNKNOWN || sv_eq(a.raw, b.raw));
}

static bool decode_record(sv payload, void *self)
{
    arena_reset(&memory);
    return wire_get_record(payload, &limits, &memory, self);
}

static void a_record_survives(void **state)
{
    (void)state;
    struct record sent = full_record(), got;
    buf b;
    buf_init(&b, FRAME_MAX);
    wire_put_record(&b, &sent);
    sv payload = only_frame(&b, WIRE_WORKER, WIRE_record);
    refuses_damage(payload, decode_record, &got);
    assert_true(decode_record(payload, &got));
    assert_int_equal(ip_cmp(&got.source_ip, &sent.source_ip), 0);
    assert_int_equal(got.count, 12);
    assert_true(same_word(got.disposition, sent.disposition));
    assert_true(same_word(got.dkim, sent.dkim));
    assert_true(same_word(got.spf, sent.spf));
    assert_true(same_text(got.header_from, sent.header_from));
    assert_true(same_text(got.envelope_from, sent.envelope_from));
    assert_true(same_text(got.envelope_to, sent.envelope_to));
    assert_int_equal(got.n_reasons, 2);
    assert_true(same_word(got.reasons[1].type, reasons[1].type));
    assert_true(same_text(got.reasons[0].comment, reasons[0].comment));
    assert_true(same_text(got.reasons[1].comment, reasons[1].comment));
    assert_int_equal(got.n_dkims, 2);
    assert_true(same_text(got.dkims[1].domain, dkims[1].domain));
    assert_true(same_text(got.dkims[1].selector, dkims[1].selector));
    assert_true(same_word(got.dkims[1].result, dkims[1].result));
    assert_true(same_text(got.dkims[1].human_result, dkims[1].human_result));
    assert_int_equal(got.n_spfs, 1);
    assert_true(same_text(got.spfs[0].domain, spfs[0].domain));
    assert_true(same_word(got.spfs[0].scope, spfs[0].scope));
    assert_true(same_word(got.spfs[0].result, spfs[0].result));
    buf_free(&b);
}

static bool record_passes_checks(struct record r)
{
    struct record got;
    buf b;
    buf_init(&b, FRAME_MAX);
    wire_put_record(&b, &r);
    bool passes = decode_record(only_frame(&b, WIRE_WORKER, WIRE_record), &got);
    buf_free(&b);
    return passes;
}

/* The verdict on a full record after one change. */
#define EXPECT(passes, change)                                                                               \
    do {                                                                                                     \
        struct record r = full_record();                                                                     \
        change;                                                                                              \
        assert_int_equal(record_passes_checks(r), passes);                                                   \
    } while (0)

static void lies_in_a_record_are_refused(void **state)
{
    (void)state;
    limits.row_auths = 2;
    limits.row_reasons = 2;
    limits.xml_leaf = 32;
    EXPECT(true, (void)0);
    EXPECT(true, r.count = 0);
    EXPECT(true, r.count = limits.row_count);
    EXPECT(false, r.count = limits.row_count + 1);
    EXPECT(false, r.dkim.v = VERDICT_END);
    EXPECT(false, r.disposition.v = 255);
    /* An unknown word that is a known one would hide a pass, one without text is none. */
    EXPECT(false, r.spf.raw = SV("Pass "));
    EXPECT(false, r.spf.raw = SV_ABSENT);
    EXPECT(false, r.spf.raw = SV(" "));
    EXPECT(false, r.header_from = SV("a text of more than thirty-two octets"));
    EXPECT(false, r.header_from = SV("\x80"));
    EXPECT(false, limits.row_reasons = 1);
    EXPECT(false, limits.row_reasons = 2; limits.row_auths = 1);
}

#undef EXPECT

static void counts_beyond_the_octets_cost_nothing(void **state)
{
    (void)state;
    struct record got, sent = {.count = 1};
    buf b;
    buf_init(&b, FRAME_MAX);
    wire_put_record(&b, &sent);
    limits.row_auths = limits.row_reasons = UINT32_MAX;
    /* The last count of the frame claims four thousand million results. */
    memset(b.p + b.n - 4, 0xff, 4);
    assert_false(decode_record(only_frame(&b, WIRE_WORKER, WIRE_record), &got));
    buf_free(&b);
}

static sv errors[] = {SV_INIT("first"), SV_INIT("")};

static struct report full_report(void)
{
    struct report r = {
        .dialect = DIALECT_RFC9990,
        .version = SV("1.0"),
        .org_name = SV("Example Inc"),
        .email = SV("dmarc@example.com"),
        .report_id = SV("7"),
        .has_end = true,
        .end = -5,
        .errors = errors,
        .n_errors = COUNT_OF(errors),
        .policy = {.domain = SV("example.net"),
                   .p = {.v = POLICY_REJECT},
                   .sp = {.v = POLICY_UNKNOWN, .raw = SV("maybe")},
                   .adkim = {.v = ALIGNMENT_STRICT},
                   .pct = SV("100"),
                   .testing = {.v = TESTING_YES},
                   .discovery_method = {.v = DISCOVERY_TREEWALK}},
        .domain = SV("example.net"),
        .records = 2,
        .records_raw = 3,
        .messages = 20,
        .dmarc_fail_messages = 20,
    };
    r.own_namespace = true;
    r.delivery = DELIVERY_FILE_NAME | DELIVERY_SUBJECT;
    note_add(&r.notes, NOTE_begin_absent);
    note_add(&r.notes, (enum note)(NOTE_END - 1));
    return r;
}

static bool decode_report(sv payload, void *self)
{
    arena_reset(&memory);
    return wire_get_aggregate_end(payload, &limits, &memory, self);
}

static void a_report_survives(void **state)
{
    (void)state;
    struct report sent = full_report(), got;
    buf b;
    buf_init(&b, FRAME_MAX);
    wire_put_aggregate_end(&b, &sent);
    sv payload = only_frame(&b, WIRE_WORKER, WIRE_aggregate_end);
    refuses_damage(payload, decode_report, &got);
    assert_true(decode_report(payload, &got));
    assert_int_equal(got.dialect, DIALECT_RFC9990);
    assert_true(same_text(got.version, sent.version));
    assert_true(same_text(got.org_name, sent.org_name));
    assert_true(same_text(got.email, sent.email));
    assert_true(same_text(got.extra_contact_info, SV_ABSENT));
    assert_true(same_text(got.report_id, sent.report_id));
    assert_true(same_text(got.generator, SV_ABSENT));
    assert_false(got.has_begin);
    assert_true(got.has_end);
    assert_int_equal(got.end, -5);
    assert_int_equal(got.n_errors, 2);
    assert_true(same_text(got.errors[0], errors[0]));
    assert_true(same_text(got.errors[1], errors[1]));
    assert_true(same_text(got.policy.domain, sent.policy.domain));
    assert_true(same_word(got.policy.p, sent.policy.p));
    assert_true(same_word(got.policy.sp, sent.policy.sp));
    assert_true(same_word(got.policy.np, sent.policy.np));
    assert_true(same_word(got.policy.adkim, sent.policy.adkim));
    assert_true(same_word(got.policy.aspf, sent.policy.aspf));
    assert_true(same_text(got.policy.pct, sent.policy.pct));
    assert_true(same_text(got.policy.fo, SV_ABSENT));
    assert_true(same_word(got.policy.testing, sent.policy.testing));
    assert_true(same_word(got.policy.discovery_method, sent.policy.discovery_method));
    assert_true(same_text(got.domain, sent.domain));
    assert_memory_equal(&got.notes, &sent.notes, sizeof got.notes);
    assert_true(got.own_namespace);
    assert_false(got.out_of_order);
    assert_int_equal(got.delivery, DELIVERY_FILE_NAME | DELIVERY_SUBJECT);
    assert_int_equal(got.records, 2);
    assert_int_equal(got.records_raw, 3);
    assert_int_equal(got.messages, 20);
    assert_int_equal(got.dmarc_fail_messages, 20);
    buf_free(&b);
}

static bool report_passes_checks(struct report r)
{
    struct report got;
    buf b;
    buf_init(&b, FRAME_MAX);
    wire_put_aggregate_end(&b, &r);
    bool passes = decode_report(only_frame(&b, WIRE_WORKER, WIRE_aggregate_end), &got);
    buf_free(&b);
    return passes;
}

/* The verdict on a full report after one change. */
#define EXPECT(passes, change)                                                                               \
    do {                                                                                                     \
        struct report r = full_report();                                                                     \
        change;                                                                                              \
        assert_int_equal(report_passes_checks(r), passes);                                                   \
    } while (0)

static void lies_in_a_report_are_refused(void **state)
{
    (void)state;
    limits.report_errors = 2;
    limits.report_rows = 3;
    EXPECT(true, (void)0);
    EXPECT(false, r.dialect = (enum dialect)2);
    EXPECT(false, r.domain = SV_ABSENT);
    EXPECT(false, r.domain = SV(""));
    EXPECT(false, r.has_end = false);
    EXPECT(false, r.records = 4);
    EXPECT(false, r.records_raw = 4);
    EXPECT(false, r.dmarc_fail_messages = 21);
    EXPECT(false, r.notes.bits[NOTE_END / 64] |= UINT64_C(1) << (NOTE_END % 64));
    EXPECT(false, r.notes.bits[1] |= UINT64_C(1) << 63);
    EXPECT(false, r.policy.p.v = POLICY_END);
    EXPECT(false, r.report_id = SV("\xc3"));
    EXPECT(false, limits.report_errors = 1);
}

static void a_time_that_is_absent_is_nothing(void **state)
{
    (void)state;
    struct report got, sent = full_report();
    sent.version = sent.org_name = sent.email = sent.report_id = SV_ABSENT;
    buf b;
    buf_init(&b, FRAME_MAX);
    wire_put_aggregate_end(&b, &sent);
    sv payload = only_frame(&b, WIRE_WORKER, WIRE_aggregate_end);
    /* dialect, six absent texts, then has_begin and begin. */
    size_t begin = WIRE_HEAD + 1 + 6 * 4;
    assert_true(decode_report(payload, &got));
    b.p[begin + 1] = 1;
    assert_false(decode_report(payload, &got));
    b.p[begin] = 1;
    assert_true(decode_report(payload, &got));
    assert_int_equal(got.begin, 1);
    b.p[begin] = 2;
    assert_false(decode_report(payload, &got));
    buf_free(&b);
}

/* Octets of a valid frame are changed one at a time: whatever comes out, a decoder that says yes has
 * stayed within the caps. */
static void changed_octets_never_pass_the_caps(void **state)
{
    (void)state;
    struct record sent = full_record(), got;
    buf b;
    buf_init(&b, FRAME_MAX);
    wire_put_record(&b, &sent);
    sv payload = only_frame(&b, WIRE_WORKER, WIRE_record);
    for (size_t i = WIRE_HEAD; i < b.n; i++) {
        char before = b.p[i];
        for (int bit = 0; bit < 8; bit++) {
            b.p[i] = (char)(before ^ (1 << bit));
            if (!decode_record(payload, &got))
                continue;
            assert_true(got.count <= limits.row_count);
            assert_true(got.n_dkims <= limits.row_auths && got.n_spfs <= limits.row_auths);
            assert_true(got.dkim.v < VERDICT_END && got.spf.v < VERDICT_END);
        }
        b.p[i] = before;
    }
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_record_survives, set_up, tear_down),
        cmocka_unit_test_setup_teardown(lies_in_a_record_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(counts_beyond_the_octets_cost_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_report_survives, set_up, tear_down),
        cmocka_unit_test_setup_teardown(lies_in_a_report_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_time_that_is_absent_is_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(changed_octets_never_pass_the_caps, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
