#include "unit.h"

#include "base/nearest.h"

static const char *best_of(const char *word)
{
    static const char *const words[] = {"password", "user", "url", "folder", "ca_file"};
    static char out[64];
    struct nearest n;
    nearest_start(&n, sv_c(word));
    for (size_t i = 0; i < COUNT_OF(words); i++)
        nearest_offer(&n, sv_c(words[i]));
    sv best = nearest_best(&n);
    memcpy(out, best.p ? best.p : "", best.n);
    out[best.n] = '\0';
    return out;
}

static void means_the_near_ones(void **state)
{
    (void)state;
    assert_string_equal(best_of("passwrd"), "password");
    assert_string_equal(best_of("pasword"), "password");
    assert_string_equal(best_of("usre"), "user");
    assert_string_equal(best_of("Folder"), "folder");
    assert_string_equal(best_of("colour"), "");
    assert_string_equal(best_of("x"), "");
}

RUN_TESTS(cmocka_unit_test(means_the_near_ones))
