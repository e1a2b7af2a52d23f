#include <stdlib.h>

#include "unit.h"

#include "cms.h"

/* ContentInfo, SignedData with version 1, no digests, content "abc"; lengths definite, then indefinite with
 * the content in two chunks. What follows the content is not looked at. */
#define OID_SIGNED "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"
#define OID_DATA   "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01"
static const sv definite =
    SV_INIT("\x30\x2a" OID_SIGNED "\xa0\x1d\x30\x1b\x02\x01\x01\x31\x00\x30\x12" OID_DATA "\xa0\x05\x04\x03"
            "abc\x31\x00");
static const sv indefinite = SV_INIT(
    "\x30\x80" OID_SIGNED "\xa0\x80\x30\x80\x02\x01\x01\x31\x00\x30\x80" OID_DATA "\xa0\x80\x24\x80\x04\x01"
    "a\x04\x81\x02"
    "bc\x00\x00\x00\x00");

static bool content_of(sv der, arena *a, sv *content)
{
    /* In memory of its own size, so that an overrun is seen. */
    char *exact = malloc(der.n ? der.n : 1);
    assert_non_null(exact);
    memcpy(exact, der.p, der.n);
    bool found = cms_signed_content(sv_of(exact, der.n), a, content);
    if (found)
        *content = arena_sv(a, *content);
    free(exact);
    return found;
}

static void takes_the_content_out(void **state)
{
    (void)state;
    arena a;
    sv content;
    arena_init(&a, 65536);
    assert_true(content_of(definite, &a, &content));
    assert_sv_equal(content, "abc");
    assert_true(content_of(indefinite, &a, &content));
    assert_sv_equal(content, "abc");
    arena_free(&a);
}

static void damaged_forms_hold_nothing(void **state)
{
    (void)state;
    arena a;
    sv content;
    arena_init(&a, 1 << 20);
    for (size_t n = 0; n < definite.n; n++)
        assert_false(content_of(sv_first(definite, n), &a, &content));
    for (size_t n = 0; n < indefinite.n; n++)
        if (content_of(sv_first(indefinite, n), &a, &content))
            assert_memory_equal("abc", content.p, content.n);
    /* Enveloped data has another identifier. */
    char other[64];
    memcpy(other, definite.p, definite.n);
    other[12] = 3;
    assert_false(content_of(sv_of(other, definite.n), &a, &content));
    assert_false(content_of(SV("\x30\x85\xff\xff\xff\xff\xff"), &a, &content));
    assert_false(content_of(SV("\x30\x84\xff\xff\xff\xff"), &a, &content));
    arena_free(&a);
}

RUN_TESTS(cmocka_unit_test(takes_the_content_out), cmocka_unit_test(damaged_forms_hold_nothing))
