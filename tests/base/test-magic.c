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
        {SV_INIT("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), MAGIC_OLE},
        {SV_INIT("Rar!\x1a\x07"), MAGIC_RAR},
        {SV_INIT("Rar! is a program"), MAGIC_NONE},
        {SV_INIT("\x1f\x9d\x90"), MAGIC_COMPRESS},
        {SV_INIT("x^2 + y^2"), MAGIC_NONE}, /* zlib of the second fastest level begins so, too */
        {SV_INIT("\x78\x9c"), MAGIC_ZLIB},
        {SV_INIT("\x60\xea"), MAGIC_ARJ},
        {SV_INIT("\x21\x8d-lh5-xxxxxxxxxxxxxxxxx"), MAGIC_LHA},
        {SV_INIT("-----BEGIN PGP MESSAGE-----\n"), MAGIC_PGP},
        {SV_INIT("-----BEGIN PGP SIGNED MESSAGE-----\n"), MAGIC_NONE},
        {SV_INIT("\x85\x01\x0c\x03KEYIDKEY\x01"), MAGIC_PGP}, /* an old tag, two octets of length */
        {SV_INIT("\x84\x5e\x03KEYIDKEY\x12"), MAGIC_PGP},     /* one */
        {SV_INIT("\xc1\xc0\x4c\x03KEYIDKEY\x01"), MAGIC_PGP}, /* a new tag, two */
        {SV_INIT("\xc1\x5e\x03KEYIDKEY\x12"), MAGIC_PGP},     /* one */
        {SV_INIT("\x8c\x0d\x04\x09\x03\x08saltsalt"), MAGIC_PGP},
        {SV_INIT("\x8c\x0d\x04\x0e\x03\x08saltsalt"), MAGIC_NONE}, /* no such cipher */
        {SV_INIT("\x85\x01\x0c\x07KEYIDKEY\x01"), MAGIC_NONE},     /* no such version */
        {SV_INIT("\x85\xff\xff\x03KEYIDKEY\x01"), MAGIC_NONE},     /* longer than a key can be */
        {SV_INIT("\x85\x01\x0c"), MAGIC_NONE},
        {SV_INIT("\xc3\xa9t\xc3\xa9 comme hiver"), MAGIC_NONE}, /* UTF-8 */
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(magic_of(cases[i].head), cases[i].want);
    assert_string_equal(magic_name(MAGIC_7Z), "7z");
    assert_string_equal(magic_name(MAGIC_PGP), "PGP");
    assert_true(magic_is_document(MAGIC_TAR) && !magic_is_unsupported(MAGIC_TAR));
    assert_true(magic_is_document(MAGIC_RAR) && magic_is_unsupported(MAGIC_RAR));
    assert_false(magic_is_unsupported(MAGIC_GZIP) || magic_is_unsupported(MAGIC_OLE));
}

static void knows_a_tar_by_its_sum(void **state)
{
    (void)state;
    char header[512] = "r.xml";
    unsigned sum = 8 * ' ';
    memcpy(header + 124, "00000000001", 11);
    for (size_t i = 0; i < sizeof header; i++)
        sum += (unsigned char)header[i];
    assert_int_equal(magic_of(sv_of(header, sizeof header)), MAGIC_NONE);
    for (size_t i = 6; i-- > 0; sum /= 8)
        header[148 + i] = (char)('0' + sum % 8);
    assert_int_equal(magic_of(sv_of(header, sizeof header)), MAGIC_TAR);
    assert_int_equal(magic_of(sv_of(header, sizeof header - 1)), MAGIC_NONE);
    header[0]++;
    assert_int_equal(magic_of(sv_of(header, sizeof header)), MAGIC_NONE);
}

RUN_TESTS(cmocka_unit_test(knows_the_containers), cmocka_unit_test(knows_a_tar_by_its_sum))
