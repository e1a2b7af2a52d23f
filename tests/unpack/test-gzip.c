#include "scene.h"

static void one_member(void **state)
{
    struct scene *s = *state;
    gzip_to(&s->in, SV(XML));
    tells(s, buf_view(&s->in), "begin : XML\nend 60 none\n");
    assert_sv_equal(buf_view(&s->document), XML);
    assert_int_equal(s->total.octets, 60);
}

static void larger_than_a_chunk(void **state)
{
    struct scene *s = *state;
    put_noise(&s->in2, 3 * UNPACK_CHUNK + 17);
    gzip_to(&s->in, buf_view(&s->in2));
    tells(s, buf_view(&s->in), "begin : XML\nend 196625 none\n");
    assert_true(sv_eq(buf_view(&s->document), buf_view(&s->in2)));
    /* The last octet falls on the end of a chunk. */
    buf_reset(&s->in);
    gzip_to(&s->in, sv_first(buf_view(&s->in2), 2 * UNPACK_CHUNK));
    tells(s, buf_view(&s->in), "begin : XML\nend 131072 none\n");
}

static void members_are_joined(void **state)
{
    struct scene *s = *state;
    gzip_to(&s->in, SV("<a>"));
    gzip_to(&s->in, SV(""));
    gzip_to(&s->in, SV("</a>"));
    tells(s, buf_view(&s->in), "begin : XML\nend 7 none +gzip_members\n");
    assert_sv_equal(buf_view(&s->document), "<a></a>");
}

static void too_many_members(void **state)
{
    struct scene *s = *state;
    for (size_t i = 0; i < s->limits.gzip_members; i++)
        gzip_to(&s->in, SV("<"));
    tells(s, buf_view(&s->in), "begin : XML\nend 64 none +gzip_members\n");
    gzip_to(&s->in, SV("<"));
    tells(s, buf_view(&s->in), "begin : XML\nend 64 too_many_members +gzip_members\n");
}

static void octets_behind_the_data(void **state)
{
    struct scene *s = *state;
    gzip_to(&s->in, SV(XML));
    size_t n = s->in.n;
    buf_puts(&s->in, "\r\n");
    tells(s, buf_view(&s->in), "begin : XML\nend 60 none +trailing_junk\n");
    s->in.n = n;
    buf_put(&s->in, "\0\0\0\0", 4);
    tells(s, buf_view(&s->in), "begin : XML\nend 60 none +trailing_junk\n");
    s->in.n = n;
    buf_put(&s->in, "\x1f\x8b\x08", 3); /* a further member that is cut */
    tells(s, buf_view(&s->in), "begin : XML\nend 60 truncated, gzip +gzip_members\n");
}

/* Every prefix: whole only when all compressed data is there. */
static void cut_anywhere(void **state)
{
    struct scene *s = *state;
    gzip_to(&s->in, SV(XML));
    for (size_t n = 3; n < s->in.n; n++) {
        tells(s, sv_first(buf_view(&s->in), n), NULL);
        if (n >= s->in.n - 8)
            assert_string_equal(s->told.p, "begin : XML\nend 60 none +gzip_trailer_missing\n");
        else
            assert_non_null(strstr(s->told.p, "truncated, gzip\n"));
    }
}

static void cut_in_large_data(void **state)
{
    struct scene *s = *state;
    put_noise(&s->in2, 5 * UNPACK_CHUNK);
    gzip_to(&s->in, buf_view(&s->in2));
    tells(s, sv_first(buf_view(&s->in), s->in.n - 8), "begin : XML\nend 327680 none +gzip_trailer_missing\n");
    tells(s, sv_first(buf_view(&s->in), s->in.n - 9), NULL);
    assert_non_null(strstr(s->told.p, "truncated, gzip\n"));
}

/* Any one bit wrong: never other octets than the right ones with a good end, unless the checksum is not
 * there to tell (the data then ends later than before). */
static void a_wrong_bit_anywhere(void **state)
{
    struct scene *s = *state;
    gzip_to(&s->in, SV(XML));
    for (size_t i = 0; i < 8 * s->in.n; i++) {
        s->in.p[i / 8] = (char)(s->in.p[i / 8] ^ (1 << i % 8));
        tells(s, buf_view(&s->in), NULL);
        if (i / 8 >= 3 && strstr(s->told.p, " none") && !strstr(s->told.p, "gzip_trailer_missing"))
            assert_sv_equal(buf_view(&s->document), XML);
        s->in.p[i / 8] = (char)(s->in.p[i / 8] ^ (1 << i % 8));
    }
}

static void checksum_wrong(void **state)
{
    struct scene *s = *state;
    gzip_to(&s->in, SV(XML));
    s->in.p[s->in.n - 8]++;
    tells(s, buf_view(&s->in), "begin : XML\nend 60 gzip_damaged, incorrect data check\n");
    s->in.p[s->in.n - 8]--;
    s->in.p[s->in.n - 1]++;
    tells(s, buf_view(&s->in), "begin : XML\nend 60 gzip_damaged, incorrect length check\n");
}

static void nothing_inside(void **state)
{
    struct scene *s = *state;
    gzip_to(&s->in, SV(""));
    tells(s, buf_view(&s->in), "begin : empty\nend 0 none\n");
    tells(s, SV("\x1f\x8b\x08garbage that is no header"),
          "reject : gzip_damaged, unknown header flags set\n");
}

static void bomb(void **state)
{
    struct scene *s = *state;
    char *zeros = buf_room(&s->in2, MIB(60));
    assert_non_null(zeros);
    memset(zeros, '<', MIB(60));
    s->in2.n = MIB(60);
    gzip_to(&s->in, buf_view(&s->in2));
    tells(s, buf_view(&s->in), NULL);
    assert_non_null(strstr(s->told.p, "ratio_too_high"));
    /* Given up within a chunk of the floor. */
    assert_in_range(s->document.n, 1, s->limits.ratio_floor);
    assert_in_range(s->total.octets, 1, s->limits.ratio_floor + UNPACK_CHUNK);
    /* And once more, in a second shell. */
    buf_reset(&s->in2);
    gzip_to(&s->in2, buf_view(&s->in));
    tells(s, buf_view(&s->in2), NULL);
    assert_non_null(strstr(s->told.p, "ratio_too_high"));
}

static void sizes(void **state)
{
    struct scene *s = *state;
    put_noise(&s->in2, 4 * UNPACK_CHUNK);
    gzip_to(&s->in, buf_view(&s->in2));
    s->limits.document_size = 2 * UNPACK_CHUNK;
    tells(s, buf_view(&s->in), "begin : XML\nend 131072 document_too_large\n");
    limits_default(&s->limits);
    s->total.octets = s->total.packed = s->limits.mail_unpacked - UNPACK_CHUNK;
    tells(s, buf_view(&s->in), "begin : XML\nend 65536 mail_unpacked_too_large\n");
    limits_default(&s->limits);
    s->total = (struct unpack_total){0};
    s->limits.packed_size = s->in.n - 1;
    tells(s, buf_view(&s->in), "reject : packed_too_large\n");
}

RUN_TESTS(SCENE_TEST(one_member), SCENE_TEST(larger_than_a_chunk), SCENE_TEST(members_are_joined),
          SCENE_TEST(too_many_members), SCENE_TEST(octets_behind_the_data), SCENE_TEST(cut_anywhere),
          SCENE_TEST(cut_in_large_data), SCENE_TEST(a_wrong_bit_anywhere), SCENE_TEST(checksum_wrong),
          SCENE_TEST(nothing_inside), SCENE_TEST(bomb), SCENE_TEST(sizes))
