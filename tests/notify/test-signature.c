#include "unit.h"

#include "base/base64.h"
#include "signature.h"

/* The example of the Standard Webhooks repository's own libraries. */
static void signs_as_the_standard_says(void **state)
{
    (void)state;
    arena a;
    buf key;
    arena_init(&a, 65536);
    buf_init(&key, 64);
    assert_true(base64_decode(&key, SV("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")));
    sv made = signature_of(&a, buf_view(&key), SV("msg_p5jXN8AQM9LWM0D4loKWxJek"), SV("1614265330"),
                           SV("{\"test\": 2432232314}"));
    assert_sv_equal(made, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    buf_free(&key);
    arena_free(&a);
}

static void says_when_memory_is_out(void **state)
{
    (void)state;
    arena a;
    arena_init(&a, 8);
    assert_null(signature_of(&a, SV("key"), SV("id"), SV("1"), SV("body")).p);
    arena_free(&a);
}

RUN_TESTS(cmocka_unit_test(signs_as_the_standard_says), cmocka_unit_test(says_when_memory_is_out))
