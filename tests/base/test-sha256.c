#include "unit.h"

#include "base/sha256.h"

static void standard_vectors(void **state)
{
    (void)state;
    uint8_t h[SHA256_SIZE];
    char hex[2 * SHA256_SIZE + 1];
    assert_true(sha256(SV("abc"), h));
    hex_of(h, sizeof h, hex);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    struct sha256 s;
    assert_true(sha256_start(&s));
    sha256_add(&s, "a", 1);
    sha256_add(&s, "bc", 2);
    uint8_t again[SHA256_SIZE];
    assert_true(sha256_end(&s, again));
    assert_memory_equal(h, again, sizeof h);
    /* RFC 4231 test case 2. */
    assert_true(hmac_sha256(SV("Jefe"), SV("what do ya want for nothing?"), h));
    hex_of(h, sizeof h, hex);
    assert_string_equal(hex, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

RUN_TESTS(cmocka_unit_test(standard_vectors))
