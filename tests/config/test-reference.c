/* What is written for people says the same as the tables of the program. */

#include "unit.h"

#include "base/file.h"
#include "config/config.h"
#include "schema.h"

enum { SIZE = 1 << 20 };

static void read(const char *path, buf *out)
{
    struct err e;
    buf_init(out, SIZE);
    if (!file_read(path, out, &e))
        fail_msg("%s", e.msg);
}

static void the_manual_page_has_the_reference(void **state)
{
    buf page, reference;
    (void)state;
    read(TESTDATA "/../docs/dmarcwarn.yml.5.scd", &page);
    buf_init(&reference, SIZE);
    config_reference(&reference);
    if (sv_find(buf_view(&page), buf_view(&reference), 0) == SIZE_MAX)
        fail_msg("docs/dmarcwarn.yml.5.scd lacks this text:\n%.*s", (int)reference.n, reference.p);
    buf_free(&reference);
    buf_free(&page);
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
        cmocka_unit_test(the_manual_page_has_the_reference),
        cmocka_unit_test(the_example_has_every_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
