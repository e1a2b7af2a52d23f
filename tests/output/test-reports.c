#include "unit.h"

#include "sample.h"

static const struct output_options plain = {.view = OUTPUT_BY_REPORTER};

#define RECORD_1                                                                                             \
    "{\"source_ip\":\"192.0.2.10\",\"count\":5,\"disposition\":\"none\",\"dkim\":\"pass\",\"spf\":\"fail\"," \
    "\"reasons\":[],\"header_from\":\"example.com\",\"envelope_from\":null,\"envelope_to\":null,"            \
    "\"auth_results\":{\"dkim\":[],\"spf\":[]}}"
#define RECORD_2(count)                                                                                      \
    "{\"source_ip\":\"203.0.113.7\",\"count\":" count                                                        \
    ",\"disposition\":\"reject\",\"dkim\":\"fail\",\"spf\":\"fail\","                                        \
    "\"reasons\":[{\"type\":\"other\",\"comment\":\"why, \\\"not\\\"\"}],\"header_from\":\"=example.com\","  \
    "\"envelope_from\":null,\"envelope_to\":null,\"auth_results\":{\"dkim\":[{\"domain\":\"example.net\","   \
    "\"selector\":\"s1\",\"result\":\"pass\",\"human_result\":null}],\"spf\":[{\"domain\":\"bounce.example." \
    "net\","                                                                                                 \
    "\"scope\":\"mfrom\",\"result\":\"hardfail\",\"human_result\":null}]}}"
#define REPORT                                                                                               \
    "{\"type\":\"aggregate\",\"file\":\"in/a.xml\",\"member\":null,\"dialect\":\"rfc7489\","                 \
    "\"org_name\":\"google.com\",\"email\":\"noreply-dmarc-support@google.com\",\"extra_contact_info\":"     \
    "null,"                                                                                                  \
    "\"report_id\":\"17265e\",\"begin\":1795392000,\"end\":1795478399,\"errors\":[],\"generator\":null,"     \
    "\"domain\":\"example.com\",\"policy_published\":{\"domain\":\"example.com\",\"p\":\"reject\",\"sp\":"   \
    "null,"                                                                                                  \
    "\"np\":null,\"adkim\":\"r\",\"aspf\":null,\"pct\":\"100\",\"fo\":null,\"testing\":null,"                \
    "\"discovery_method\":null},\"records\":[" RECORD_1 "," RECORD_2("10") "," RECORD_2(                     \
        "2") "],"                                                                                            \
             "\"messages\":17,\"dmarc_fail_messages\":12,\"inferred\":{},\"notes\":[\"doctype_ignored\"]}"
#define REJECT                                                                                               \
    "{\"type\":\"reject\",\"file\":\"in/b.eml\",\"member\":\"part 2 > a.zip\",\"reason\":\"truncated\","     \
    "\"detail\":\"\\u001b[2Jx\"}"
#define NOTHING "{\"type\":\"not_a_report\",\"file\":\"in/c.eml\",\"reason\":\"bounce\"}"

static void ndjson(void **state)
{
    (void)state;
    char *text = printed("ndjson", &plain);
    assert_string_equal(text, REPORT "\n" REJECT "\n" NOTHING "\n");
    free(text);
}

static void json(void **state)
{
    (void)state;
    char *text = printed("json", &plain);
    assert_string_equal(text, "{\"schema\":\"dmarcwarn.parse.v1\",\"reports\":[" REPORT
                              "],\"rejects\":[" REJECT "," NOTHING "]}\n");
    free(text);
}

static void csv(void **state)
{
    (void)state;
    char *text = printed("csv", &plain);
    const char *rows = strstr(text, "\r\n") + 2;
    assert_string_equal(
        rows,
        "draft,google.com,noreply-dmarc-support@google.com,,17265e,2026-11-23 00:00:00,2026-11-23 "
        "23:59:59,False,,"
        "example.com,r,,reject,,100,,192.0.2.10,,,,,,,,,5,False,True,True,none,,,,example.com,,,,,,,,in/"
        "a.xml,,,let_through,"
        "doctype_ignored\r\n"
        "draft,google.com,noreply-dmarc-support@google.com,,17265e,2026-11-23 00:00:00,2026-11-23 "
        "23:59:59,False,,"
        "example.com,r,,reject,,100,,203.0.113.7,,,,,,,,,10,False,False,False,reject,other,\"why, "
        "\"\"not\"\"\",,"
        "\"'=example.com\",,example.net,s1,pass,bounce.example.net,mfrom,hardfail,in/"
        "a.xml,,,rejected,doctype_ignored\r\n"
        "draft,google.com,noreply-dmarc-support@google.com,,17265e,2026-11-23 00:00:00,2026-11-23 "
        "23:59:59,False,,"
        "example.com,r,,reject,,100,,203.0.113.7,,,,,,,,,2,False,False,False,reject,other,\"why, "
        "\"\"not\"\"\",,"
        "\"'=example.com\",,example.net,s1,pass,bounce.example.net,mfrom,hardfail,in/"
        "a.xml,,,rejected,doctype_ignored\r\n");
    free(text);
}

static void table(void **state)
{
    (void)state;
    char *text = printed("table", &plain);
    assert_string_equal(text,
                        "google.com  noreply-dmarc-support@google.com  1 report, 17 messages, 12 failed\n"
                        "  example.com  2026-11-23T00:00Z to 2026-11-24T00:00Z  p=reject  id 17265e\n"
                        "    SOURCE      MESSAGES DISPOSITION DKIM SPF  HEADER FROM\n"
                        "    203.0.113.7       12 reject      fail fail =example.com\n"
                        "    5 messages from 1 source pass\n"
                        "\n"
                        "Not read\n"
                        "  in/b.eml > part 2 > a.zip: the data ends too early (\\x1b[2Jx)\n");
    free(text);
}

static void table_with_everything(void **state)
{
    (void)state;
    struct output_options all = plain;
    all.all_rows = all.auth_results = all.notes = true;
    char *text = printed("table", &all);
    assert_non_null(strstr(text, "192.0.2.10         5 none        pass fail example.com  -"));
    assert_non_null(strstr(text, "example.net/s1 pass bounce.example.net hardfail"));
    assert_non_null(strstr(text, "note: a bare document type declaration was passed over (doctype_ignored)"));
    free(text);
}

static void xml_is_escaped(void **state)
{
    (void)state;
    char *text = printed("xml", &plain);
    assert_non_null(strstr(text, "<!-- in/a.xml -->"));
    assert_non_null(strstr(text, "      <comment>why, &quot;not&quot;</comment>"));
    assert_non_null(strstr(text, "<envelope_from></envelope_from>"));
    assert_non_null(strstr(text, "<!-- as it was understood: what no report has is left out -->"));
    assert_non_null(strstr(text, "<!-- records that could not be read and are left out: 1 -->"));
    assert_non_null(strstr(text, "<!-- in/b.eml > part 2 > a.zip -->"));
    assert_null(strchr(text, '\033'));
    free(text);
}

RUN_TESTS(cmocka_unit_test(ndjson), cmocka_unit_test(json), cmocka_unit_test(csv), cmocka_unit_test(table),
          cmocka_unit_test(table_with_everything), cmocka_unit_test(xml_is_escaped))
