#include "unit.h"

#include "base/magic.h"

static void knows_the_containers(void **state)
{
    (void)state;
    static const struct {
        sv head;
        enum magic want;
    } cases[] = {
        {SV_INIT(""), MAGIC_EMPTY},
        {SV_INIT("\x1f\x8b\x08\x00"), MAGIC_GZIP},
        {SV_INIT("PK\x03\x04zz"), MAGIC_ZIP},
        {SV_INIT("PK\x05\x06"), MAGIC_ZIP},
        {SV_INIT("\xef\xbb\xbf \n<?xml"), MAGIC_XML},
        {SV_INIT("<feedback>"), MAGIC_XML},
        {SV_INIT(" {\"a\":1}"), MAGIC_JSON},
        {SV_INIT("From a@b Tue"), MAGIC_MBOX},
        {SV_INIT("From: a@b"), MAGIC_NONE},
        {SV_INIT("\xff\xfe<\0"), MAGIC_UTF16_XML},
        {SV_INIT("\0{"), MAGIC_UTF16_JSON},
        {SV_INIT("\0<\0f"), MAGIC_UTF16_XML},
        {SV_INIT("\0<feedback>"), MAGIC_XML},
        {SV_INIT("\0\0 <?xml"), MAGIC_XML},
        {SV_INIT("<\0feedback>"), MAGIC_XML},
        {SV_INIT("[{\"a\":1}]"), MAGIC_JSON},
        {SV_INIT("[\r\n  {"), MAGIC_JSON},
        {SV_INIT("[\0{\0"), MAGIC_UTF16_JSON},
        {SV_INIT("[Preview] Report Domain"), MAGIC_NONE},
        {SV_INIT("[]"), MAGIC_NONE},
        {SV_INIT("BZh9"), MAGIC_BZIP2},
        {SV_INIT("   "), MAGIC_NONE},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(magic_of(cases[i].head), cases[i].want);
    assert_string_equal(magic_name(MAGIC_7Z), "7z");
}

RUN_TESTS(cmocka_unit_test(knows_the_containers))
