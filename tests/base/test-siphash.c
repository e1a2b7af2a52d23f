#include "unit.h"

#include "base/siphash.h"

/* Every length up to two words, each octet counts, and another key gives another value. */
static void every_octet_counts(void **state)
{
    (void)state;
    struct siphash_key a, b;
    char text[17] = "abcdefghijklmnop";
    siphash_key_make(&a);
    siphash_key_make(&b);
    for (size_t n = 0; n <= 16; n++) {
        uint64_t was = siphash(&a, sv_of(text, n));
        assert_true(was == siphash(&a, sv_of(text, n)));
        assert_true(was != siphash(&b, sv_of(text, n)));
        for (size_t i = 0; i < n; i++) {
            text[i] ^= 1;
            assert_true(was != siphash(&a, sv_of(text, n)));
            text[i] ^= 1;
        }
        assert_true(n == 16 || was != siphash(&a, sv_of(text, n + 1)));
    }
}

RUN_TESTS(cmocka_unit_test(every_octet_counts))
