/* The fields of failure reports one by one; whole mails stand in testdata/report. */
#include "unit.h"

#include "report/failure.h"

static struct limits limits;
static arena memory;
static struct failure_reader reader;

static int set_up(void **state)
{
    (void)state;
    limits_default(&limits);
    arena_init(&memory, MIB(1));
    failure_start(&reader, &limits, &memory);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_free(&memory);
    return 0;
}

static void field(const char *name, const char *value)
{
    assert_true(failure_field(&reader, sv_c(name), sv_c(value)));
}

static bool noted(enum note n)
{
    return note_has(&reader.report.notes, n);
}

static void the_first_of_a_name_counts(void **state)
{
    (void)state;
    field("dkim-DOMAIN", "  example.com ");
    assert_false(noted(NOTE_element_repeated));
    field("DKIM-Domain", "example.net");
    assert_true(sv_eq(reader.report.dkim_domain, SV("example.com")));
    assert_true(noted(NOTE_element_repeated));
}

static void other_fields_are_passed_over(void **state)
{
    (void)state;
    assert_false(failure_field(&reader, SV("Original-Rcpt-To"), SV("someone@example.com")));
    assert_false(failure_field(&reader, SV("From"), SV("someone@example.com")));
    assert_false(failure_field(&reader, SV(""), SV("")));
}

static void source_addresses(void **state)
{
    (void)state;
    static const struct {
        const char *value, *ip; /* NULL: none */
        bool cleaned;
    } cases[] = {
        {"192.0.2.1", "192.0.2.1", false},
        {" 192.0.2.1 ", "192.0.2.1", false},
        {"192.0.2.1 (mail.example.com)", "192.0.2.1", true},
        {"192.0.2.1(mail.example.com)", "192.0.2.1", true},
        {"[192.0.2.1]", "192.0.2.1", true},
        {"[192.0.2.1] (mail.example.com)", "192.0.2.1", true},
        {"[ipv6:2001:db8::1]", "2001:db8::1", true},
        {"IPv6:2001:db8::1", "2001:db8::1", true},
        {"2001:DB8::1", "2001:db8::1", false},
        {"192.000.02.01", "192.0.2.1", true},
        {"192.0.2.1; x", "192.0.2.1", true},
        {"192.0.2.1/32", NULL, false},
        {"192.0.2.1:25", NULL, false},
        {"192.0.2", NULL, false},
        {"fe80::1%eth0", NULL, false},
        {"[]", NULL, false},
        {"", NULL, false},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char ip[IP_TEXT];
        failure_start(&reader, &limits, &memory);
        field("Source-IP", cases[i].value);
        if (reader.report.has_source_ip != (cases[i].ip != NULL))
            fail_msg("\"%s\"", cases[i].value);
        if (cases[i].ip)
            assert_string_equal(ip_text(&reader.report.source_ip, ip), cases[i].ip);
        assert_int_equal(noted(NOTE_ip_cleaned), cases[i].cleaned);
        failure_end(&reader);
        assert_int_equal(noted(NOTE_source_ip_unreadable), cases[i].ip == NULL);
    }
}

static void arrivals(void **state)
{
    (void)state;
    static const struct {
        const char *value;
        int64_t at; /* 0: cannot be read */
        bool guessed;
    } cases[] = {
        {"Mon, 23 Nov 2026 10:00:00 +0000", 1795428000, false},
        {"Mon, 23 Nov 2026 10:00:00 -0000", 1795428000, false},
        {"23 Nov 2026 12:00 +0200", 1795428000, false},
        {"Mon, 23 Nov 2026 05:00:00 EST (a (nested) comment)", 1795428000, false},
        {"Mon, 23 Nov 2026 19:00:00 JST", 1795428000, false},
        {"Mon, 23 Nov 2026 10:00:00 Nowhere", 1795428000, true},
        {"2026-11-23T10:00:00Z", 1795428000, false},
        {"Mon, 23 Nov", 0, false},
        {"(nothing)", 0, false},
        {"", 0, false},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        failure_start(&reader, &limits, &memory);
        field("Arrival-Date", cases[i].value);
        if (reader.report.has_arrival != (cases[i].at != 0) || reader.report.arrival != cases[i].at)
            fail_msg("\"%s\" is %lld", cases[i].value, (long long)reader.report.arrival);
        assert_int_equal(noted(NOTE_date_unreadable), cases[i].at == 0);
        assert_int_equal(noted(NOTE_date_zone_absent), cases[i].guessed);
    }
}

static void incidents(void **state)
{
    (void)state;
    assert_int_equal(reader.report.incidents, 1);
    field("Incidents", "12");
    assert_int_equal(reader.report.incidents, 12);
    static const char *const odd[] = {"0", "-1", "1000000000001", "many", ""};
    for (size_t i = 0; i < COUNT_OF(odd); i++) {
        failure_start(&reader, &limits, &memory);
        field("Incidents", odd[i]);
        assert_int_equal(reader.report.incidents, 1);
        assert_true(noted(NOTE_count_unreadable));
    }
}

static void the_type_decides(void **state)
{
    (void)state;
    assert_true(failure_is_authentication(&reader.report));
    field("Feedback-Type", "Auth-Failure");
    assert_true(failure_is_authentication(&reader.report));
    failure_start(&reader, &limits, &memory);
    field("Feedback-Type", "abuse");
    assert_false(failure_is_authentication(&reader.report));
}

static void plain_text_needs_both_lines(void **state)
{
    (void)state;
    sv original;
    assert_true(
        failure_plain_text(&reader,
                           SV("Hello\r\n  Sender Domain: example.com\r\n"
                              "  Sender IP Address: 192.0.2.1\r\n\r\n--- a copy of it\r\n\r\nFrom: x\r\n"),
                           &original));
    assert_true(sv_eq(reader.report.reported_domain, SV("example.com")) && reader.report.has_source_ip);
    assert_true(sv_eq(original, SV("From: x\r\n")));
    assert_false(failure_plain_text(&reader, SV("Sender Domain: example.com\r\n"), &original));
    assert_false(failure_plain_text(&reader, SV("Sender IP Address: 192.0.2.1\r\n"), &original));
    /* In what is quoted of the mail they mean nothing. */
    assert_false(failure_plain_text(
        &reader, SV("--- a copy of it\nSender Domain: a\nSender IP Address: 192.0.2.1\n"), &original));
    assert_false(failure_plain_text(&reader, SV(""), &original));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

RUN_TESTS(TEST(the_first_of_a_name_counts), TEST(other_fields_are_passed_over), TEST(source_addresses),
          TEST(arrivals), TEST(incidents), TEST(the_type_decides), TEST(plain_text_needs_both_lines))
