#include "unit.h"

#include "sample.h"

static char *by(enum output_view view, const char *format)
{
    struct output_options o = {.view = view};
    return printed(format, &o);
}

static void by_source(void **state)
{
    (void)state;
    char *text = by(OUTPUT_BY_SOURCE, "csv");
    assert_string_equal(text,
                        "source_ip,messages,failed,dkim_pass,spf_pass,no_action,quarantined,rejected\r\n"
                        "203.0.113.7,12,12,0,0,0,0,12\r\n"
                        "192.0.2.10,5,0,5,0,5,0,0\r\n");
    free(text);
    text = by(OUTPUT_BY_SOURCE, "table");
    assert_string_equal(text,
                        "SOURCE      MESSAGES FAILED DKIM PASS SPF PASS NO ACTION QUARANTINED REJECTED\n"
                        "203.0.113.7       12     12         0        0         0           0       12\n"
                        "192.0.2.10         5      0         5        0         5           0        0\n"
                        "1 report; 1 more was the same report again and is left out\n"
                        "Not read\n"
                        "  in/b.eml > part 2 > a.zip: the data ends too early (\\x1b[2Jx)\n");
    free(text);
}

static int64_t behind(int64_t unix_seconds)
{
    (void)unix_seconds;
    return -86400;
}

static void by_day_of_the_zone(void **state)
{
    (void)state;
    char *text = by(OUTPUT_BY_DAY, "ndjson");
    assert_string_equal(
        text, "{\"day\":\"2026-11-23\",\"messages\":17,\"failed\":12,\"dkim_pass\":5,\"spf_pass\":0,"
              "\"no_action\":5,\"quarantined\":0,\"rejected\":12}\n");
    free(text);
    struct output_options o = {.view = OUTPUT_BY_DAY, .zone_offset = behind};
    text = printed("ndjson", &o);
    assert_non_null(strstr(text, "\"day\":\"2026-11-22\""));
    free(text);
}

static void by_selector_and_domain(void **state)
{
    (void)state;
    char *text = by(OUTPUT_BY_SELECTOR, "csv");
    assert_non_null(strstr(text, "\r\ns1._domainkey.example.net,12,12,"));
    assert_non_null(strstr(text, "\r\nunsigned,5,0,"));
    free(text);
    text = by(OUTPUT_BY_DOMAIN, "json");
    assert_non_null(strstr(text, "\"totals\":[{\"domain\":\"example.com\",\"messages\":17,"));
    assert_non_null(strstr(text, "\"reports\":1,\"repeated\":1,"));
    free(text);
}

RUN_TESTS(cmocka_unit_test(by_source), cmocka_unit_test(by_day_of_the_zone),
          cmocka_unit_test(by_selector_and_domain))
