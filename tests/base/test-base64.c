#include "unit.h"

#include "base/base64.h"

/* RFC 4648 section 10. */
static const struct {
    const char *plain, *coded;
} vectors[] = {{"", ""},
               {"f", "Zg=="},
               {"fo", "Zm8="},
               {"foo", "Zm9v"},
               {"foob", "Zm9vYg=="},
               {"fooba", "Zm9vYmE="},
               {"foobar", "Zm9vYmFy"}};

static void standard_vectors(void **state)
{
    (void)state;
    buf b;
    buf_init(&b, 100);
    for (size_t i = 0; i < COUNT_OF(vectors); i++) {
        buf_reset(&b);
        base64_encode(&b, sv_c(vectors[i].plain));
        assert_sv_equal(buf_view(&b), vectors[i].coded);
        buf_reset(&b);
        assert_true(base64_decode(&b, sv_c(vectors[i].coded)));
        assert_sv_equal(buf_view(&b), vectors[i].plain);
    }
    buf_free(&b);
}

static void takes_what_mail_brings(void **state)
{
    (void)state;
    static const struct {
        const char *coded, *plain;
        int clean;
    } odd[] = {
        {"Zm9v\r\nYmFy\r\n", "foobar", 1},
        {"Zm9vYg==Zm9v", "foobfoo", 1},
        {"Zm8", "fo", 0},
        {"Zm!9v", "foo", 0},
        {"Z", "", 0},
        {"Zm9v--\r\n", "foo", 0},
    };
    buf b;
    buf_init(&b, 100);
    for (size_t i = 0; i < COUNT_OF(odd); i++) {
        buf_reset(&b);
        assert_int_equal(base64_decode(&b, sv_c(odd[i].coded)), odd[i].clean);
        assert_sv_equal(buf_view(&b), odd[i].plain);
    }
    buf_free(&b);
}

RUN_TESTS(cmocka_unit_test(standard_vectors), cmocka_unit_test(takes_what_mail_brings))
