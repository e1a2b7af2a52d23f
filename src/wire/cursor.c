#include "cursor.h"

#include "base/utf8.h"

static const uint32_t absent = UINT32_MAX;

static void store_le(char *to, uint64_t v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        to[i] = (char)(unsigned char)(v >> (8 * i));
}

static void put_le(buf *out, uint64_t v, size_t n)
{
    char octets[8];
    store_le(octets, v, n);
    buf_put(out, octets, n);
}

size_t wire_open(buf *out, enum wire_type type)
{
    size_t start = out->n;
    put_u32(out, 0);
    put_u8(out, (uint8_t)type);
    return start;
}

void wire_close(buf *out, size_t start)
{
    size_t length = out->failed ? 0 : out->n - start - WIRE_HEAD;
    if (length > UINT32_MAX)
        out->failed = true;
    if (out->failed)
        out->n = start;
    else
        store_le(out->p + start, length, 4);
}

void put_u8(buf *out, uint8_t v)
{
    put_le(out, v, 1);
}

void put_u32(buf *out, uint32_t v)
{
    put_le(out, v, 4);
}

void put_u64(buf *out, uint64_t v)
{
    put_le(out, v, 8);
}

void put_bool(buf *out, bool v)
{
    put_u8(out, v ? 1 : 0);
}

void put_text(buf *out, sv s)
{
    if (s.p == NULL) {
        put_u32(out, absent);
        return;
    }
    if (s.n >= absent)
        out->failed = true;
    put_u32(out, (uint32_t)s.n);
    buf_sv(out, s);
}

void put_word(buf *out, struct word w)
{
    put_u8(out, w.v);
    if (w.v == WORD_UNKNOWN)
        put_text(out, w.raw);
}

void put_count(buf *out, size_t n)
{
    if (n > UINT32_MAX)
        out->failed = true;
    put_u32(out, (uint32_t)n);
}

void put_ip(buf *out, const struct ip *ip)
{
    buf_put(out, ip->b, sizeof ip->b);
}

void put_time(buf *out, bool has, int64_t t)
{
    put_bool(out, has);
    put_u64(out, has ? (uint64_t)t : 0);
}

void put_notes(buf *out, const struct note_set *notes)
{
    put_u64(out, notes->bits[0]);
    put_u64(out, notes->bits[1]);
}

static sv take(struct cursor *c, uint64_t n)
{
    if (c->failed || n > c->rest.n) {
        c->failed = true;
        return SV_ABSENT;
    }
    sv part = sv_first(c->rest, n);
    c->rest = sv_skip(c->rest, n);
    return part;
}

static uint64_t get_le(struct cursor *c, size_t n)
{
    sv octets = take(c, n);
    uint64_t v = 0;
    for (size_t i = 0; i < octets.n; i++)
        v |= (uint64_t)(unsigned char)octets.p[i] << (8 * i);
    return v;
}

uint8_t get_u8(struct cursor *c)
{
    return (uint8_t)get_le(c, 1);
}

uint32_t get_u32(struct cursor *c)
{
    return (uint32_t)get_le(c, 4);
}

uint64_t get_u64(struct cursor *c)
{
    return get_le(c, 8);
}

uint8_t get_enum(struct cursor *c, uint8_t end)
{
    uint8_t v = get_u8(c);
    if (v >= end)
        c->failed = true;
    return c->failed ? 0 : v;
}

bool get_bool(struct cursor *c)
{
    return get_enum(c, 2) == 1;
}

uint64_t get_upto(struct cursor *c, uint64_t max)
{
    uint64_t v = get_u64(c);
    if (v > max)
        c->failed = true;
    return c->failed ? 0 : v;
}

sv get_text(struct cursor *c, uint64_t max)
{
    uint32_t n = get_u32(c);
    if (c->failed || n == absent)
        return SV_ABSENT;
    if (n > max)
        c->failed = true;
    sv s = take(c, n);
    if (!utf8_valid(s) || sv_find_char(s, '\0', 0) != SIZE_MAX)
        c->failed = true;
    return c->failed ? SV_ABSENT : s;
}

sv get_leaf(struct cursor *c)
{
    return get_text(c, c->limits->xml_leaf);
}

struct ip get_ip(struct cursor *c)
{
    struct ip ip;
    for (size_t i = 0; i < sizeof ip.b; i++)
        ip.b[i] = get_u8(c);
    return ip;
}

int64_t get_time(struct cursor *c, bool *has)
{
    *has = get_bool(c);
    int64_t t = (int64_t)get_u64(c);
    if (!*has && t != 0)
        c->failed = true;
    return t;
}

struct note_set get_notes(struct cursor *c)
{
    struct note_set known = {{0, 0}}, set;
    set.bits[0] = get_u64(c);
    set.bits[1] = get_u64(c);
    for (unsigned i = 0; i < NOTE_END; i++)
        note_add(&known, (enum note)i);
    if ((set.bits[0] & ~known.bits[0]) != 0 || (set.bits[1] & ~known.bits[1]) != 0)
        c->failed = true;
    return set;
}

struct word get_word(struct cursor *c, enum word_list list)
{
    struct word w = {.v = get_enum(c, word_count(list))};
    if (w.v != WORD_UNKNOWN)
        return w;
    w.raw = get_text(c, c->limits->xml_leaf);
    if (word_read(list, w.raw).v != WORD_UNKNOWN)
        c->failed = true;
    return w;
}

void *get_array(struct cursor *c, uint64_t max, size_t size, size_t *n)
{
    uint32_t count = get_u32(c);
    *n = 0;
    if (count > max)
        c->failed = true;
    if (c->failed || count == 0)
        return NULL;
    void *items = arena_array(c->arena, count, size);
    if (items == NULL)
        c->failed = true;
    else
        *n = count;
    return items;
}

bool get_end(const struct cursor *c)
{
    return !c->failed && c->rest.n == 0;
}
