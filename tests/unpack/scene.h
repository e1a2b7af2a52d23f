/* Builders of gzip and zip data, and a sink that writes down what it is told. */
#ifndef TESTS_UNPACK_SCENE_H
#define TESTS_UNPACK_SCENE_H

#include <stdlib.h>
#include <zlib.h>

#include "unit.h"

#include "base/buf.h"
#include "unpack/unpack.h"

/* ---- data ---- */

static inline void deflate_to(buf *out, sv in, int window_bits)
{
    z_stream z = {0};
    assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY), Z_OK);
    size_t bound = deflateBound(&z, in.n) + 32;
    char *to = buf_room(out, bound);
    assert_non_null(to);
    z.next_in = (z_const Bytef *)(uintptr_t)in.p;
    z.avail_in = (uInt)in.n;
    z.next_out = (Bytef *)to;
    z.avail_out = (uInt)bound;
    assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
    out->n += z.total_out;
    assert_int_equal(deflateEnd(&z), Z_OK);
}

static inline void gzip_to(buf *out, sv in)
{
    deflate_to(out, in, 15 + 16);
}

static inline void put_le(buf *out, uint64_t v, unsigned octets)
{
    for (; octets > 0; octets--, v >>= 8)
        buf_char(out, (char)(v & 0xFFU));
}

/* One entry; what is 0 is filled in rightly. */
struct zip_part {
    const char *name;
    sv data;
    unsigned method, flags;   /* 0: stored, 8: deflated, others: as if stored */
    uint32_t crc_xor;         /* spoils the checksum */
    int size_off, packed_off; /* added to what the directory claims */
    /* filled by zip_local */
    uint32_t at, packed, crc;
};

static inline void zip_fields(buf *out, const struct zip_part *p)
{
    put_le(out, 20, 2);
    put_le(out, p->flags, 2);
    put_le(out, p->method, 2);
    put_le(out, 0x58785878, 4);
    put_le(out, p->crc, 4);
    put_le(out, (uint32_t)((int64_t)p->packed + p->packed_off), 4);
    put_le(out, (uint32_t)((int64_t)p->data.n + p->size_off), 4);
    put_le(out, strlen(p->name), 2);
    put_le(out, 0, 2);
}

static inline void zip_local(buf *out, struct zip_part *p)
{
    buf packed;
    buf_init(&packed, p->data.n * 2 + 64);
    if (p->method == 8)
        deflate_to(&packed, p->data, -15);
    else
        buf_sv(&packed, p->data);
    p->at = (uint32_t)out->n;
    p->packed = (uint32_t)packed.n;
    p->crc = (uint32_t)crc32(0, (const Bytef *)p->data.p, (uInt)p->data.n) ^ p->crc_xor;
    buf_put(out, "PK\x03\x04", 4);
    zip_fields(out, p);
    buf_puts(out, p->name);
    buf_sv(out, buf_view(&packed));
    buf_free(&packed);
}

static inline void zip_central(buf *out, const struct zip_part *p)
{
    buf_put(out, "PK\x01\x02\x14\x03", 6);
    zip_fields(out, p);
    put_le(out, 0, 2 + 2 + 2);
    put_le(out, 0, 4);
    put_le(out, p->at, 4);
    buf_puts(out, p->name);
}

static inline void zip_end(buf *out, uint64_t entries, size_t directory, size_t directory_size)
{
    buf_put(out, "PK\x05\x06", 4);
    put_le(out, 0, 4);
    put_le(out, entries, 2);
    put_le(out, entries, 2);
    put_le(out, directory_size, 4);
    put_le(out, directory, 4);
    put_le(out, 0, 2);
}

static inline void zip_to(buf *out, struct zip_part *parts, size_t n)
{
    size_t base = out->n;
    assert_int_equal(base, 0); /* offsets count from the start */
    for (size_t i = 0; i < n; i++)
        zip_local(out, &parts[i]);
    size_t directory = out->n;
    for (size_t i = 0; i < n; i++)
        zip_central(out, &parts[i]);
    zip_end(out, n, directory, out->n - directory);
    assert_false(out->failed);
}

/* ---- what is told ---- */

struct scene {
    struct limits limits;
    struct unpacker *u;
    struct unpack_total total;
    buf in, in2;  /* data of the test */
    buf told;     /* one line a call */
    buf document; /* the last one's octets */
    /* how to answer */
    bool refuse;
    size_t enough; /* octets after which data says so; 0: never */
    int again;     /* how often end asks for another pass */
    bool stop;
};

static inline bool on_begin(void *ctx, sv member, enum magic magic, sv head)
{
    struct scene *s = ctx;
    assert_int_equal(magic, magic_of(head));
    buf_printf(&s->told, "begin %.*s: %s\n", SV_ARG(member), magic_name(magic));
    buf_reset(&s->document);
    return !s->refuse;
}

static inline bool on_data(void *ctx, sv chunk)
{
    struct scene *s = ctx;
    assert_in_range(chunk.n, 1, UNPACK_CHUNK);
    buf_sv(&s->document, chunk);
    return s->enough == 0 || s->document.n < s->enough;
}

static inline enum unpack_next on_end(void *ctx, enum reject status, sv detail, const struct note_set *notes)
{
    struct scene *s = ctx;
    buf_printf(&s->told, "end %zu %s", s->document.n, reject_code(status));
    buf_printf(&s->told, "%s%.*s", detail.n ? ", " : "", SV_ARG(detail));
    for (int i = 0; i < NOTE_END; i++)
        if (note_has(notes, (enum note)i))
            buf_printf(&s->told, " +%s", note_code((enum note)i));
    buf_puts(&s->told, "\n");
    return s->again-- > 0 ? UNPACK_AGAIN : s->stop ? UNPACK_STOP : UNPACK_NEXT;
}

static inline void on_reject(void *ctx, enum reject reason, sv member, sv detail)
{
    struct scene *s = ctx;
    buf_printf(&s->told, "reject %.*s: %s", SV_ARG(member), reject_code(reason));
    buf_printf(&s->told, "%s%.*s\n", detail.n ? ", " : "", SV_ARG(detail));
}

static const struct unpack_sink recorder = {on_begin, on_data, on_end, on_reject};

/* Unpacks bytes and compares the lines. Data is copied, so that sanitizers see every overrun. */
static inline void tells(struct scene *s, sv bytes, const char *want)
{
    char *copy = malloc(bytes.n ? bytes.n : 1);
    assert_non_null(copy);
    if (bytes.n)
        memcpy(copy, bytes.p, bytes.n);
    buf_reset(&s->told);
    assert_int_equal(unpack(s->u, sv_of(copy, bytes.n), SV_ABSENT, &s->total, &recorder, s), !s->stop);
    free(copy);
    assert_false(s->told.failed);
    buf_char(&s->told, '\0');
    if (want)
        assert_string_equal(s->told.p, want);
}

static inline int scene_set_up(void **state)
{
    struct scene *s = calloc(1, sizeof *s);
    if (s == NULL)
        return -1;
    limits_default(&s->limits);
    s->u = unpacker_new(&s->limits);
    buf_init(&s->in, MIB(300));
    buf_init(&s->in2, MIB(300));
    buf_init(&s->told, MIB(1));
    buf_init(&s->document, MIB(300));
    *state = s;
    return s->u ? 0 : -1;
}

static inline int scene_tear_down(void **state)
{
    struct scene *s = *state;
    buf *all[] = {&s->in, &s->in2, &s->told, &s->document};
    for (size_t i = 0; i < COUNT_OF(all); i++)
        buf_free(all[i]);
    unpacker_free(s->u);
    free(s);
    return 0;
}

#define SCENE_TEST(f) cmocka_unit_test_setup_teardown(f, scene_set_up, scene_tear_down)

/* A small report, and n octets that hardly pack. */
#define XML "<?xml version=\"1.0\"?>\n<feedback><a>some text</a></feedback>\n"

static inline void put_noise(buf *out, size_t n)
{
    uint32_t x = 1;
    buf_char(out, '<');
    for (size_t i = 1; i < n; i++) {
        x = x * 1664525U + 1013904223U;
        buf_char(out, (char)(x >> 24));
    }
}

#endif
