/* What is written for people says the same as the tables of the program. */

#include "unit.h"

#include "base/file.h"
#include "config/config.h"
#include "model/rule.h"
#include "schema.h"

enum { SIZE = 1 << 20 };

static void read(const char *path, buf *out)
{
    struct err e;
    buf_init(out, SIZE);
    if (!file_read(path, out, &e))
        fail_msg("%s", e.msg);
}

/* With every knob and its standard. */
static void assert_rule_is_told(sv text, enum rule_id id)
{
    char numbers[64];
    sv sentence = sv_c(rule_sentence(id));
    size_t at = sv_find(text, sentence, 0);
    const struct rule_knob messages = rule_knob(id, KNOB_min_messages);
    assert_true(at != SIZE_MAX);
    sv entry = sv_first(sv_skip(text, at), sv_find(text, SV("\n\n"), at) - at);
    (void)snprintf(numbers, sizeof numbers, "min\\_messages %llu, 1 to", (unsigned long long)messages.def);
    assert_int_equal(sv_find(entry, sv_c(numbers), 0) != SIZE_MAX, messages.max != 0);
    assert_int_equal(sv_find(entry, SV(" rate "), 0) != SIZE_MAX, rule_knob(id, KNOB_rate).max != 0);
    assert_true(sv_find(entry, SV("severity info, warning or critical"), 0) != SIZE_MAX);
}

static void the_reference_has_every_key_and_limit(void **state)
{
    buf reference;
    size_t n;
    unsigned n_limits;
    const struct key *keys = schema(&n);
    (void)limits_table(&n_limits);
    (void)state;
    buf_init(&reference, SIZE);
    config_reference(&reference);
    sv text = buf_view(&reference);
    assert_false(reference.failed);
    for (size_t i = 0; i < n; i++)
        assert_true(keys[i].help && strlen(keys[i].help) > 10);
    assert_true(sv_find(text, SV("*mailboxes.NAME.ca\\_file* (path, type imap only)\n\tCertificates"), 0) !=
                SIZE_MAX);
    assert_true(sv_find(text, SV("*channels.NAME.smtp* (URL, required, type email only)\n"), 0) != SIZE_MAX);
    assert_true(sv_find(text,
                        SV("*channels.NAME.url* (URL, secret, required, type slack or webhook or discord "
                           "or mattermost or teams or google_chat only)\n"),
                        0) != SIZE_MAX);
    assert_true(sv_find(text, SV("*workers* (number, 1 to 8)\n"), 0) != SIZE_MAX);
    assert_true(sv_find(text, SV("*alerting.max\\_age* (duration, default 7d)\n"), 0) != SIZE_MAX);
    assert_true(sv_find(text, SV("*config\\_depth* 16 levels, at most 64\n\tnesting"), 0) != SIZE_MAX);
    size_t entries = 0;
    for (size_t at = 0; (at = sv_find(text, SV("\n\n*"), at)) != SIZE_MAX; at++)
        entries++;
    assert_true(sv_find(text, SV("*routes\\[N\\].match.rule* (list of names of rules)"), 0) != SIZE_MAX);
    assert_true(sv_find(text,
                        SV("*unlisted\\_own\\_server* (named after the network, cumulative)\n\ta server in"),
                        0) != SIZE_MAX);
    for (size_t i = 0; i < RULE_END; i++)
        assert_rule_is_told(text, (enum rule_id)i);
    assert_int_equal(entries, n + RULE_END + n_limits);
    buf_free(&reference);
}

static void the_example_has_every_key(void **state)
{
    buf example;
    size_t n;
    const struct key *keys = schema(&n);
    (void)state;
    read(TESTDATA "/../config/example.yml", &example);
    for (size_t i = 0; i < n; i++) {
        const char *dot = strrchr(keys[i].path, '.');
        char leaf[64];
        assert_in_range(snprintf(leaf, sizeof leaf, "%s:", dot ? dot + 1 : keys[i].path), 1, 63);
        if (sv_find(buf_view(&example), sv_c(leaf), 0) == SIZE_MAX)
            fail_msg("config/example.yml does not show %s", keys[i].path);
    }
    buf_free(&example);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_reference_has_every_key_and_limit),
        cmocka_unit_test(the_example_has_every_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
