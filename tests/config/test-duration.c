
#include "unit.h"

#include "config/duration.h"

static void reads_what_people_write(void **state)
{
    static const struct {
        const char *text;
        int64_t seconds;
    } cases[] = {
        {"7d", 604800},         {"1h30m", 5400},
        {"90m", 5400},          {"0s", 0},
        {"1d2h3m4s", 93784},    {"45s", 45},
        {"0365d", 365 * 86400}, {"365000000d", 31536000000000},
        {"27mo", 69984000},     {"1y2mo3d4m", 31536000 + 5184000 + 259200 + 240},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int64_t v = -1;
        assert_true(duration_parse(sv_c(cases[i].text), &v));
        assert_int_equal(v, cases[i].seconds);
    }
}

static void refuses_the_rest(void **state)
{
    static const char *const cases[] = {
        "",     "7",  "d",  "7 d",   " 7d",   "-1d",    "+1d", "1.5h", "7dd",        "7d1d",
        "1m1h", "7D", "1w", "1d1mo", "1mo1y", "1mo1mo", "1o",  "1h30", "365000001d", "99999999999999999999s"};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        int64_t v = -1;
        assert_false(duration_parse(sv_c(cases[i]), &v));
        assert_int_equal(v, -1);
    }
}

static void prints_the_shortest_form(void **state)
{
    static const struct {
        int64_t seconds;
        const char *text;
    } cases[] = {{0, "0s"}, {90, "1m30s"}, {604800, "7d"}, {86400 + 5, "1d5s"}, {93784, "1d2h3m4s"}};
    buf b;
    (void)state;
    buf_init(&b, 64);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        buf_reset(&b);
        duration_print(cases[i].seconds, &b);
        assert_true(sv_eq(buf_view(&b), sv_c(cases[i].text)));
    }
    buf_free(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_people_write),
        cmocka_unit_test(refuses_the_rest),
        cmocka_unit_test(prints_the_shortest_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
