#include "unit.h"

#include "check.h"

static struct limits limits;
static arena memory;

static int set_up(void **state)
{
    (void)state;
    limits_default(&limits);
    arena_init(&memory, MIB(4));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(&memory);
    return 0;
}

static bool decode(sv payload, void *self)
{
    arena_reset(&memory);
    return wire_get_authentication(payload, &limits, &memory, self);
}

static bool passes(const struct mail_auth *sent, struct mail_auth *got)
{
    buf b;
    buf_init(&b, FRAME_MAX);
    wire_put_authentication(&b, sent);
    sv payload = only_frame(&b, WIRE_WORKER, WIRE_authentication);
    bool fine = decode(payload, got);
    if (fine)
        refuses_damage(payload, decode, got);
    buf_free(&b);
    return fine;
}

/* One field with one statement and one host, of which the cases change something. */
struct sample {
    struct auth_statement statement;
    struct auth_field field;
    sv host;
    struct mail_auth auth;
};

static struct mail_auth *sample_of(struct sample *s)
{
    s->statement = (struct auth_statement){.method = AUTH_METHOD_spf,
                                           .result = AUTH_RESULT_pass,
                                           .domain = SV("a.example"),
                                           .helo = SV("b.example")};
    s->field = (struct auth_field){
        .id = SV("mx.example.com"), .hop = 1, .statements = &s->statement, .n_statements = 1};
    s->host = SV("imap.example.com");
    s->auth = (struct mail_auth){
        .fields = &s->field, .n_fields = 1, .received_by = &s->host, .n_received = 1, .more = true};
    return &s->auth;
}

static void facts_survive(void **state)
{
    (void)state;
    struct sample s;
    struct mail_auth got, none = {.more = false};
    assert_true(passes(sample_of(&s), &got));
    assert_true(passes(&none, &got));
    assert_int_equal(got.n_fields + got.n_received, 0);

    buf b;
    buf_init(&b, FRAME_MAX);
    wire_put_authentication(&b, sample_of(&s));
    assert_true(decode(only_frame(&b, WIRE_WORKER, WIRE_authentication), &got));
    assert_int_equal(got.n_fields, 1);
    assert_sv_equal(got.fields[0].id, "mx.example.com");
    assert_int_equal(got.fields[0].hop, 1);
    assert_int_equal(got.fields[0].n_statements, 1);
    assert_int_equal(got.fields[0].statements[0].method, AUTH_METHOD_spf);
    assert_int_equal(got.fields[0].statements[0].result, AUTH_RESULT_pass);
    assert_sv_equal(got.fields[0].statements[0].domain, "a.example");
    assert_sv_equal(got.fields[0].statements[0].helo, "b.example");
    assert_sv_equal(got.received_by[0], "imap.example.com");
    assert_true(got.more);
    struct mail_auth copy = mail_auth_copy(&got, &memory);
    assert_sv_equal(copy.fields[0].statements[0].helo, "b.example");
    arena tight;
    arena_init(&tight, 32);
    assert_int_equal(mail_auth_copy(&got, &tight).n_fields, 0);
    arena_free(&tight);
    buf_free(&b);
}

#define REFUSED(change)                                                                                      \
    do {                                                                                                     \
        struct sample s;                                                                                     \
        struct mail_auth got;                                                                                \
        (void)sample_of(&s);                                                                                 \
        change;                                                                                              \
        assert_false(passes(&s.auth, &got));                                                                 \
    } while (0)

static void what_no_reader_says_is_refused(void **state)
{
    (void)state;
    REFUSED(s.statement.method = AUTH_METHOD_END);
    REFUSED(s.statement.result = AUTH_RESULT_END);
    REFUSED(s.statement.domain = SV("A.example"));
    REFUSED(s.statement.domain = SV("a example"));
    REFUSED(s.statement.domain = SV(""));
    REFUSED(s.statement.helo = SV("a..example"));
    REFUSED(s.field.source = AUTH_SOURCE_END);
    REFUSED(s.field.id = SV("MX.example.com"));
    REFUSED(s.field.id = SV("a b"));
    REFUSED(s.field.id = SV("\xc3\xbc"));
    REFUSED(s.field.hop = 2); /* there is one Received field */
    REFUSED(s.host = SV("[192.0.2.1]"));
}

static void fields_stand_in_order(void **state)
{
    (void)state;
    sv hosts[2] = {SV("a.example"), SV_ABSENT};
    struct auth_field fields[2] = {{.hop = 1}, {.hop = 2}};
    struct mail_auth got, sent = {.fields = fields, .n_fields = 2, .received_by = hosts, .n_received = 2};
    assert_true(passes(&sent, &got));
    fields[1].hop = 0;
    assert_false(passes(&sent, &got));
}

static void limits_are_checked(void **state)
{
    (void)state;
    enum { MOST = 4 };
    sv hosts[MOST + 1] = {SV_ABSENT};
    struct auth_statement statements[MOST + 1] = {{.method = AUTH_METHOD_dkim}};
    struct auth_field fields[MOST + 1] = {{.hop = 0}};
    struct mail_auth got, sent = {.fields = fields, .received_by = hosts};
    limits.auth_hops = limits.auth_fields = limits.auth_results = MOST;
    for (size_t n = MOST; n <= MOST + 1; n++) {
        sent.n_fields = n;
        assert_int_equal(passes(&sent, &got), n == MOST);
        sent.n_fields = 1;
        sent.n_received = n;
        assert_int_equal(passes(&sent, &got), n == MOST);
        sent.n_received = 0;
        fields[0].statements = statements;
        fields[0].n_statements = n;
        assert_int_equal(passes(&sent, &got), n == MOST);
        fields[0].n_statements = 0;
    }
    /* All fields together. */
    sent.n_fields = 2;
    fields[0].statements = fields[1].statements = statements;
    fields[0].n_statements = fields[1].n_statements = MOST / 2;
    assert_true(passes(&sent, &got));
    fields[1].n_statements++;
    assert_false(passes(&sent, &got));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(facts_survive, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_no_reader_says_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(fields_stand_in_order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(limits_are_checked, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
