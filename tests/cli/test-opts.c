#include "unit.h"

#include "opts.h"

enum { FORMAT = 1, ALL };

static const struct opt rows[] = {
    {FORMAT, 'f', "format", "FORMAT", "the form"},
    {ALL, 'a', "all-rows", NULL, "everything"},
    {0, 0, NULL, NULL, NULL},
};
static const struct command command = {.name = "parse", .args = "PATH", .summary = "Read", .opts = rows};

/* Reads the whole line and writes it down: "format=x all | a b", or the error's text. */
static const char *read_line(int argc, const char *const *line)
{
    static char out[512];
    char *argv[16];
    struct opts o;
    struct err e;
    const char *value;
    size_t n = 0;
    for (int i = 0; i < argc; i++)
        argv[i] = (char *)(uintptr_t)line[i];
    opts_start(&o, &command, argc, argv);
    for (int id; (id = opts_next(&o, &value, &e)) != OPTS_END;) {
        if (id == OPTS_ERROR) {
            (void)snprintf(out, sizeof out, "%s", e.msg);
            return out;
        }
        n += (size_t)snprintf(out + n, sizeof out - n, "%d%s%s ", id, value ? "=" : "", value ? value : "");
    }
    n += (size_t)snprintf(out + n, sizeof out - n, "|");
    for (int i = 0; i < o.n_operands; i++)
        n += (size_t)snprintf(out + n, sizeof out - n, " %s", o.operands[i]);
    return out;
}

#define LINE(...)                                                                                            \
    read_line((int)COUNT_OF(((const char *const[]){"parse", __VA_ARGS__})),                                  \
              (const char *const[]){"parse", __VA_ARGS__})

static void reads_every_form(void **state)
{
    (void)state;
    assert_string_equal(LINE("a", "b"), "| a b");
    assert_string_equal(LINE("--format=x", "a"), "1=x | a");
    assert_string_equal(LINE("--format", "x", "a"), "1=x | a");
    assert_string_equal(LINE("-fx", "a"), "1=x | a");
    assert_string_equal(LINE("-f", "x", "a"), "1=x | a");
    assert_string_equal(LINE("-af", "x", "a"), "2 1=x | a");
    assert_string_equal(LINE("a", "--all-rows", "b", "--format", "x", "c"), "2 1=x | a b c");
    assert_string_equal(LINE("--format="), "1= |");
    assert_string_equal(LINE("a", "--", "--format", "-"), "| a --format -");
    assert_string_equal(LINE("-"), "| -");
}

static void says_what_is_wrong(void **state)
{
    (void)state;
    assert_string_equal(LINE("--fromat=x"), "unknown option --fromat; did you mean --format?");
    assert_string_equal(LINE("--zzz"), "unknown option --zzz; 'parse --help' lists them");
    assert_string_equal(LINE("-z"), "unknown option -z; 'parse --help' lists them");
    assert_string_equal(LINE("--format"), "option --format needs a value: --format=FORMAT");
    assert_string_equal(LINE("-f"), "option --format needs a value: --format=FORMAT");
    assert_string_equal(LINE("--all-rows=1"), "option --all-rows takes no value");
}

static void common_options_are_known(void **state)
{
    (void)state;
    char want[64];
    (void)snprintf(want, sizeof want, "%d %d %d=5 |", OPT_VERBOSE, OPT_VERBOSE, OPT_NOW);
    assert_string_equal(LINE("-vv", "--now=5"), want);
}

RUN_TESTS(cmocka_unit_test(reads_every_form), cmocka_unit_test(says_what_is_wrong),
          cmocka_unit_test(common_options_are_known))
