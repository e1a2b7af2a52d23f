#include "scene.h"

#define PART(n, d, m)                                                                                        \
    {                                                                                                        \
        .name = (n), .data = SV_INIT(d), .method = (m)                                                       \
    }

static void zip(struct scene *s, struct zip_part *parts, size_t n)
{
    buf_reset(&s->in);
    zip_to(&s->in, parts, n);
}

static void stored_and_deflated(void **state)
{
    struct scene *s = *state;
    struct zip_part parts[] = {PART("a.xml", XML, 8), PART("dir/b.xml", "<b/>", 0)};
    zip(s, parts, 2);
    tells(s, buf_view(&s->in), "begin a.xml: XML\nend 60 none\nbegin dir/b.xml: XML\nend 4 none\n");
}

static void junk_is_passed_over(void **state)
{
    struct scene *s = *state;
    struct zip_part parts[] = {PART("dir/", "", 0),       PART("__MACOSX/._a.xml", "\x00\x05\x16\x07", 0),
                               PART(".DS_Store", "x", 0), PART("empty", "", 0),
                               PART("a.xml", "<a/>", 8),  PART("x/Thumbs.db", "x", 0)};
    zip(s, parts, COUNT_OF(parts));
    tells(s, buf_view(&s->in), "begin a.xml: XML\nend 4 none\n");
    zip(s, parts, 4);
    tells(s, buf_view(&s->in), "reject : zip_empty\n");
    zip(s, parts, 0);
    tells(s, buf_view(&s->in), "reject : zip_empty\n");
}

static void names_are_only_shown(void **state)
{
    struct scene *s = *state;
    struct zip_part parts[] = {PART("../../etc/passwd", "<a/>", 0), PART("\x81.xml", "<b/>", 0)};
    zip(s, parts, 2);
    /* CP 437, as APPNOTE D says for names without the flag. */
    tells(s, buf_view(&s->in),
          "begin ../../etc/passwd: XML\nend 4 none\nbegin \xc3\xbc.xml: XML\nend 4 none\n");
    /* One that lies about being UTF-8. */
    parts[1].flags = 1 << 11;
    zip(s, parts, 2);
    tells(s, buf_view(&s->in),
          "begin ../../etc/passwd: XML\nend 4 none +zip_inconsistent\nbegin \xc3\xbc.xml: XML\nend 4 none "
          "+zip_inconsistent\n");
}

static void what_cannot_be_read_is_named(void **state)
{
    struct scene *s = *state;
    struct zip_part parts[] = {PART("secret", "<a/>", 8), PART("d64", "<a/>", 9), PART("lzma", "<a/>", 14),
                               PART("odd", "<a/>", 77), PART("good", "<a/>", 8)};
    parts[0].flags = 1;
    zip(s, parts, COUNT_OF(parts));
    tells(s, buf_view(&s->in),
          "reject secret: zip_encrypted\nreject d64: zip_method, Deflate64\nreject lzma: zip_method, LZMA\n"
          "reject odd: zip_method, method 77\nbegin good: XML\nend 4 none\n");
}

static void damage(void **state)
{
    struct scene *s = *state;
    struct zip_part parts[] = {PART("bad", XML, 8), PART("good", "<a/>", 8)};
    parts[0].crc_xor = 1;
    zip(s, parts, 2);
    tells(s, buf_view(&s->in), "begin bad: XML\nend 60 zip_damaged, checksum\nbegin good: XML\nend 4 none\n");
    parts[0].crc_xor = 0;
    zip(s, parts, 2);
    s->in.p[30 + 3 + 10] ^= 0x55; /* in the packed data */
    tells(s, buf_view(&s->in), NULL);
    assert_non_null(strstr(s->told.p, "zip_damaged"));
    assert_non_null(strstr(s->told.p, "begin good: XML\nend 4 none\n"));
}

/* A wrong size beside a right checksum loses nothing. */
static void sizes_that_lie(void **state)
{
    struct scene *s = *state;
    for (int off = -50; off <= 1000000; off += off < 0 ? 45 : 500000) {
        struct zip_part parts[] = {PART("a", XML, 8)};
        parts[0].size_off = off;
        zip(s, parts, 1);
        tells(s, buf_view(&s->in), "begin a: XML\nend 60 none +zip_inconsistent\n");
    }
    struct zip_part parts[] = {PART("a", XML, 8)};
    parts[0].packed_off = -5;
    zip(s, parts, 1);
    tells(s, buf_view(&s->in), NULL);
    assert_null(strstr(s->told.p, " none"));
}

static void cut_anywhere(void **state)
{
    struct scene *s = *state;
    struct zip_part parts[] = {PART("a", XML, 8), PART("b", "<b/>", 0)};
    zip(s, parts, 2);
    for (size_t n = 4; n < s->in.n; n++)
        tells(s, sv_first(buf_view(&s->in), n), "reject : truncated, zip\n");
}

static void a_wrong_bit_anywhere(void **state)
{
    struct scene *s = *state;
    struct zip_part parts[] = {PART("a", XML, 8)};
    zip(s, parts, 1);
    for (size_t i = 32; i < 8 * s->in.n; i++) {
        s->in.p[i / 8] = (char)(s->in.p[i / 8] ^ (1 << i % 8));
        tells(s, buf_view(&s->in), NULL);
        if (strstr(s->told.p, "end ") && strstr(s->told.p, " none"))
            assert_sv_equal(buf_view(&s->document), XML);
        s->in.p[i / 8] = (char)(s->in.p[i / 8] ^ (1 << i % 8));
    }
}

static void octets_behind_the_end(void **state)
{
    struct scene *s = *state;
    struct zip_part parts[] = {PART("a", XML, 8)};
    zip(s, parts, 1);
    buf_puts(&s->in, "\r\n");
    tells(s, buf_view(&s->in), "begin a: XML\nend 60 none +zip_inconsistent\n");
}

static void entries_are_counted(void **state)
{
    struct scene *s = *state;
    struct zip_part parts[] = {PART("a", "<a/>", 0), PART("b", "<b/>", 0), PART("c", "<c/>", 0)};
    s->limits.zip_entries = 3;
    zip(s, parts, 3);
    tells(s, buf_view(&s->in), NULL);
    assert_non_null(strstr(s->told.p, "begin c: XML\n"));
    s->limits.zip_entries = 2;
    tells(s, buf_view(&s->in), "reject : too_many_entries, zip\n");
    /* The end record says one. */
    s->in.p[s->in.n - 22 + 8] = s->in.p[s->in.n - 22 + 10] = 1;
    tells(s, buf_view(&s->in), "reject : too_many_entries, zip\n");
}

/* 60,000 entries that are claimed only, in every way there is. */
static void claims_of_many_entries(void **state)
{
    struct scene *s = *state;
    buf_put(&s->in, "PK\x03\x04", 4);
    zip_end(&s->in, 60000, 4, 0);
    tells(s, buf_view(&s->in), "reject : too_many_entries, zip\n");
    /* A harmless end record before or behind it. */
    zip_end(&s->in, 0, 4, 0);
    tells(s, buf_view(&s->in), "reject : too_many_entries, zip\n");
    /* In the record of zip64 (APPNOTE 4.3.14). */
    buf_reset(&s->in);
    buf_put(&s->in, "PK\x06\x06", 4);
    put_le(&s->in, 44, 8);
    put_le(&s->in, 45, 2);
    put_le(&s->in, 45, 2);
    put_le(&s->in, 0, 8);
    put_le(&s->in, UINT64_MAX, 8);
    put_le(&s->in, UINT64_MAX, 8);
    put_le(&s->in, 0, 16);
    sv record = buf_view(&s->in);
    buf_put(&s->in2, "PK\x03\x04", 4);
    buf_sv(&s->in2, record);
    buf_put(&s->in2, "PK\x06\x07", 4);
    put_le(&s->in2, 0, 4);
    put_le(&s->in2, 4, 8);
    put_le(&s->in2, 1, 4);
    zip_end(&s->in2, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF);
    tells(s, buf_view(&s->in2), "reject : too_many_entries, zip\n");
}

static void bomb(void **state)
{
    struct scene *s = *state;
    char *zeros = buf_room(&s->in2, MIB(60));
    assert_non_null(zeros);
    memset(zeros, '<', MIB(60));
    s->in2.n = MIB(60);
    struct zip_part parts[] = {{.name = "a", .data = buf_view(&s->in2), .method = 8}, PART("b", "<b/>", 0)};
    zip(s, parts, 2);
    tells(s, buf_view(&s->in), NULL);
    assert_non_null(strstr(s->told.p, "ratio_too_high\nbegin b: XML\nend 4 none\n"));
    assert_in_range(s->total.octets, s->limits.ratio_floor, s->limits.ratio * s->in.n + 2 * UNPACK_CHUNK);
    /* A packed size that is claimed to be huge does not help. */
    parts[0].packed_off = 2000000000;
    zip(s, parts, 2);
    tells(s, buf_view(&s->in), NULL);
    assert_null(strstr(s->told.p, "begin a: XML\nend 62914560 none"));
}

/* Entries over the same data are refused before anything is unpacked: all but one, which has nothing to lie
 * over. */
static void entries_over_each_other(void **state)
{
    struct scene *s = *state;
    struct zip_part part = {.name = "a", .method = 0};
    put_noise(&s->in2, 10000);
    part.data = buf_view(&s->in2);
    for (unsigned entries = 1; entries <= 500; entries += 499) {
        buf_reset(&s->in);
        zip_local(&s->in, &part);
        size_t directory = s->in.n;
        for (unsigned i = 0; i < entries; i++)
            zip_central(&s->in, &part);
        zip_end(&s->in, entries, directory, s->in.n - directory);
        s->total = (struct unpack_total){0};
        tells(s, buf_view(&s->in), entries > 1 ? "reject : zip_damaged, entries overlap\n" : NULL);
        assert_int_equal(s->total.octets, entries > 1 ? 0 : 10000);
    }
}

RUN_TESTS(SCENE_TEST(stored_and_deflated), SCENE_TEST(junk_is_passed_over), SCENE_TEST(names_are_only_shown),
          SCENE_TEST(what_cannot_be_read_is_named), SCENE_TEST(damage), SCENE_TEST(sizes_that_lie),
          SCENE_TEST(cut_anywhere), SCENE_TEST(a_wrong_bit_anywhere), SCENE_TEST(octets_behind_the_end),
          SCENE_TEST(entries_are_counted), SCENE_TEST(claims_of_many_entries), SCENE_TEST(bomb),
          SCENE_TEST(entries_over_each_other))
