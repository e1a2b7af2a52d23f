#include "scene.h"

static void what_is_no_container_is_a_document(void **state)
{
    struct scene *s = *state;
    tells(s, SV(XML), "begin : XML\nend 60 none\n");
    tells(s, SV("{}"), "begin : JSON\nend 2 none\n");
    tells(s, SV("plain"), "begin : unknown\nend 5 none\n");
    tells(s, SV(""), "begin : empty\nend 0 none\n");
    put_noise(&s->in, 2 * UNPACK_CHUNK + 1);
    tells(s, buf_view(&s->in), "begin : XML\nend 131073 none\n");
    assert_true(sv_eq(buf_view(&s->document), buf_view(&s->in)));
}

static void what_is_not_opened_is_named(void **state)
{
    struct scene *s = *state;
    tells(s, SV("BZh91AY&SY"), "reject : container_unsupported, bzip2\n");
    tells(s,
          sv_of("\xfd"
                "7zXZ\0x",
                7),
          "reject : container_unsupported, xz\n");
    tells(s, SV("\x28\xb5\x2f\xfdx"), "reject : container_unsupported, zstd\n");
    tells(s, SV("7z\xbc\xaf\x27\x1cx"), "reject : container_unsupported, 7z\n");
    tells(s, SV("\x78\x9f\x3e\x22x"), "reject : tnef\n");
}

/* Wraps in `depth` more shells: g for gzip, z for zip; the first is the innermost. */
static void wrap(struct scene *s, const char *shells)
{
    buf_reset(&s->in);
    buf_puts(&s->in, "<a/>");
    for (; *shells; shells++) {
        buf_reset(&s->in2);
        struct zip_part part = {.name = "e", .data = buf_view(&s->in), .method = 8};
        if (*shells == 'g')
            gzip_to(&s->in2, buf_view(&s->in));
        else
            zip_to(&s->in2, &part, 1);
        buf_reset(&s->in);
        buf_sv(&s->in, buf_view(&s->in2));
    }
}

static void containers_in_containers(void **state)
{
    struct scene *s = *state;
    static const char *const cases[][2] = {
        {"g", "begin : XML\nend 4 none\n"},
        {"z", "begin e: XML\nend 4 none\n"},
        {"gg", "begin : XML\nend 4 none\n"},
        {"gz", "begin e: XML\nend 4 none\n"},
        {"zg", "begin e: XML\nend 4 none\n"},
        {"zz", "begin e > e: XML\nend 4 none\n"},
        {"ggg", "begin : XML\nend 4 none\n"},
        {"zzz", "begin e > e > e: XML\nend 4 none\n"},
        {"gzg", "begin e: XML\nend 4 none\n"},
        {"gggg", "reject : too_deep, containers\n"},
        {"zzzz", "reject e > e > e: too_deep, containers\n"},
        {"gzzg", "reject e > e: too_deep, containers\n"},
    };
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        wrap(s, cases[i][0]);
        tells(s, buf_view(&s->in), cases[i][1]);
    }
}

/* A checksum around a container stands behind all of it. */
static void damage_around_a_container(void **state)
{
    struct scene *s = *state;
    wrap(s, "zg");
    s->in.p[s->in.n - 8]++;
    tells(s, buf_view(&s->in), "reject : gzip_damaged, incorrect data check\n");
    wrap(s, "zg");
    tells(s, sv_first(buf_view(&s->in), s->in.n - 12), "reject : truncated, gzip\n");
}

static void notes_of_the_shells_add_up(void **state)
{
    struct scene *s = *state;
    wrap(s, "zg");
    buf_puts(&s->in, "\r\n");
    tells(s, buf_view(&s->in), "begin e: XML\nend 4 none +trailing_junk\n");
    wrap(s, "z");
    buf_puts(&s->in, "\r\n");
    buf_reset(&s->in2);
    gzip_to(&s->in2, buf_view(&s->in));
    tells(s, sv_first(buf_view(&s->in2), s->in2.n - 8),
          "begin e: XML\nend 4 none +gzip_trailer_missing +zip_inconsistent\n");
}

static void an_inner_container_is_bounded(void **state)
{
    struct scene *s = *state;
    put_noise(&s->in, 3 * UNPACK_CHUNK);
    gzip_to(&s->in2, buf_view(&s->in));
    buf_reset(&s->in);
    gzip_to(&s->in, buf_view(&s->in2));
    s->limits.packed_size = s->in2.n - 1;
    if (s->in.n <= s->limits.packed_size)
        tells(s, buf_view(&s->in), "reject : packed_too_large\n");
    s->limits.packed_size = MIB(1);
    tells(s, buf_view(&s->in), "begin : XML\nend 196608 none\n");
    /* What the shells unpack to counts too. */
    assert_in_range(s->total.octets, 2 * 196608, 4 * 196608);
}

static void the_path_begins_with_the_member(void **state)
{
    struct scene *s = *state;
    wrap(s, "gz");
    buf_reset(&s->told);
    assert_true(unpack(s->u, buf_view(&s->in), SV("part 2"), &s->total, &recorder, s));
    assert_sv_equal(buf_view(&s->told), "begin part 2 > e: XML\nend 4 none\n");
}

static void a_document_can_be_read_again(void **state)
{
    struct scene *s = *state;
    static const char *const shells[] = {"", "g", "z", "gz", "gg"};
    for (size_t i = 0; i < COUNT_OF(shells); i++) {
        wrap(s, shells[i]);
        s->again = 1;
        s->total.octets = 0;
        tells(s, buf_view(&s->in), NULL);
        const char *second = strstr(s->told.p + 1, "begin");
        assert_non_null(second);
        assert_memory_equal(s->told.p, second, strlen(second));
        assert_sv_equal(buf_view(&s->document), "<a/>");
        assert_true(s->total.octets < 400);
    }
    static const char pass[] = "begin : XML\nend 1 none\n";
    static const char over[] = "reject : too_many_reports, joined in one document\n";
    char all[UNPACK_PASSES * (sizeof pass - 1) + sizeof over];
    for (size_t i = 0; i < UNPACK_PASSES; i++)
        memcpy(all + i * (sizeof pass - 1), pass, sizeof pass);
    memcpy(all + UNPACK_PASSES * (sizeof pass - 1), over, sizeof over);
    s->again = 100;
    tells(s, SV("<"), all);
}

static void reading_again_counts_once(void **state)
{
    struct scene *s = *state;
    put_noise(&s->in2, MIB(1));
    gzip_to(&s->in, buf_view(&s->in2));
    s->again = 2;
    s->limits.mail_unpacked = MIB(1);
    tells(s, buf_view(&s->in), NULL);
    assert_int_equal(s->total.octets, MIB(1));
    assert_null(strstr(s->told.p, "too_large"));
}

/* Small bombs, each of them below the floor. */
static void a_mail_has_one_ratio(void **state)
{
    struct scene *s = *state;
    buf_reset(&s->in2);
    for (size_t i = 0; i < s->limits.ratio_floor - 1; i++)
        buf_char(&s->in2, '<');
    gzip_to(&s->in, buf_view(&s->in2));
    assert_true(s->in2.n / s->in.n >= s->limits.ratio);
    tells(s, buf_view(&s->in), NULL);
    assert_null(strstr(s->told.p, "ratio_too_high"));
    tells(s, buf_view(&s->in), NULL);
    assert_non_null(strstr(s->told.p, "ratio_too_high"));
    /* Nothing is unpacked any more, not even what is small. */
    uint64_t before = s->total.octets;
    wrap(s, "g");
    tells(s, buf_view(&s->in), "reject : ratio_too_high\n");
    assert_int_equal(s->total.octets, before);
}

static void the_sink_decides(void **state)
{
    struct scene *s = *state;
    struct zip_part parts[] = {{.name = "a", .data = SV("<a/>")}, {.name = "b", .data = SV("<b/>")}};
    zip_to(&s->in, parts, 2);
    s->refuse = true;
    tells(s, buf_view(&s->in), "begin a: XML\nbegin b: XML\n");
    s->refuse = false;
    s->stop = true;
    tells(s, buf_view(&s->in), "begin a: XML\nend 4 none\n");
    s->stop = false;
    put_noise(&s->in2, 4 * UNPACK_CHUNK);
    buf_reset(&s->in);
    gzip_to(&s->in, buf_view(&s->in2));
    s->enough = UNPACK_CHUNK + 1;
    tells(s, buf_view(&s->in), "begin : XML\nend 131072 none\n");
}

RUN_TESTS(SCENE_TEST(what_is_no_container_is_a_document), SCENE_TEST(what_is_not_opened_is_named),
          SCENE_TEST(containers_in_containers), SCENE_TEST(damage_around_a_container),
          SCENE_TEST(notes_of_the_shells_add_up), SCENE_TEST(an_inner_container_is_bounded),
          SCENE_TEST(the_path_begins_with_the_member), SCENE_TEST(a_document_can_be_read_again),
          SCENE_TEST(reading_again_counts_once), SCENE_TEST(a_mail_has_one_ratio),
          SCENE_TEST(the_sink_decides))
