#include "decode.h"

#include "base/attr.h"
#include "base/utf8.h"

enum { WORK_FLUSH = 16384, WORK_MAX = 65536, CARRY_WINDOW = 4, PLAIN_BLOCK = 32 };

#define ONES 0x0101010101010101U

void decode_init(struct decoder *d)
{
    *d = (struct decoder){0};
    buf_init(&d->work, WORK_MAX);
}

void decode_free(struct decoder *d)
{
    buf_free(&d->work);
}

void decode_start(struct decoder *d, struct reading *rd, struct outlet out)
{
    buf_reset(&d->work);
    d->rd = rd;
    d->out = out;
    d->offset = 0;
    d->known = false;
    d->seeking = rd->mode != READ_STRICT;
    d->only_ascii = d->is_guess = false;
    d->guess_failed = d->guess_failed && rd->mode != READ_STRICT;
    d->n_carry = 0;
}

static bool xml_allows(uint32_t cp)
{
    return (cp >= 0x20 && cp != 0xFFFE && cp != 0xFFFF) || cp == '\t' || cp == '\n' || cp == '\r';
}

/* 32 octets at once: none above 0x7F and none below `least`. */
static bool is_plain_block(const char *p, unsigned char least)
{
    uint64_t w[PLAIN_BLOCK / sizeof(uint64_t)], odd = 0;
    memcpy(w, p, sizeof w);
    for (size_t i = 0; i < COUNT_OF(w); i++)
        odd |= w[i] | (w[i] - ONES * least);
    return (odd & ONES * 0x80) == 0;
}

/* How many of the first octets may go out as they are. */
static size_t clean_prefix(const struct decoder *d, sv s)
{
    /* In a strict reading the parser refuses all but NUL itself. */
    bool strict = d->rd->mode == READ_STRICT;
    const unsigned char least = strict ? 0x01 : 0x20;
    size_t i = 0;
    while (i < s.n) {
        if (s.n - i >= PLAIN_BLOCK && is_plain_block(s.p + i, least)) {
            i += PLAIN_BLOCK;
            continue;
        }
        uint32_t cp = (unsigned char)s.p[i];
        size_t n = 1;
        if (cp >= 0x80 && d->only_ascii)
            break;
        if (cp >= 0x80)
            n = d->form == FORM_UTF8 ? utf8_decode(sv_skip(s, i), &cp) : 0;
        if (n == 0 || cp == 0 || (!strict && !xml_allows(cp)))
            break;
        i += n;
    }
    return i;
}

/* The only way out. */
static void hand_on(struct decoder *d, sv text)
{
    if (d->seeking) {
        size_t lt = sv_find_char(text, '<', 0);
        sv junk = sv_first(text, lt);
        if (junk.n)
            reading_note(d->rd, NOTE_leading_junk);
        d->seeking = lt == SIZE_MAX;
        text = sv_skip(text, junk.n);
    }
    outlet_put(&d->out, text);
}

static void flush(struct decoder *d)
{
    hand_on(d, buf_view(&d->work));
    buf_reset(&d->work);
}

static void put_char(struct decoder *d, uint32_t cp)
{
    utf8_put(&d->work, cp);
    if (d->work.n >= WORK_FLUSH)
        flush(d);
}

/* Long runs go out without a copy, short ones among converted characters are gathered. */
static void put_run(struct decoder *d, sv run)
{
    if (run.n >= 256 || d->work.n == 0) {
        flush(d);
        hand_on(d, run);
    } else {
        buf_sv(&d->work, run);
    }
}

/* What is said about octets behind the root is said of no report: the parser tells where it ends. */
static void note_octet(struct decoder *d, enum note note)
{
    if (note_has(&d->rd->notes, note))
        return;
    flush(d);
    if (!d->rd->complete)
        reading_note(d->rd, note);
}

/* In a strict reading an odd character is its end; later ones go on with the replacement. */
static bool replace(struct decoder *d, enum note note, uint32_t cp, uint32_t with)
{
    if (d->rd->mode == READ_STRICT) {
        flush(d);
        if (d->rd->complete)
            reading_note(d->rd, NOTE_trailing_junk);
        else
            reading_fail(d->rd, REJECT_not_well_formed, "offset %llu: %s 0x%02X",
                         (unsigned long long)d->offset,
                         note == NOTE_controls_replaced ? "control character" : "not UTF-8: octet", cp);
        return false;
    }
    note_octet(d, note);
    put_char(d, with);
    return true;
}

/* A character that is no XML character, or an octet that is no UTF-8. */
static bool take_odd_octet(struct decoder *d, unsigned char c)
{
    if (c < 0x80)
        return replace(d, NOTE_controls_replaced, c, UTF8_REPLACEMENT);
    if (d->form == FORM_UTF8 && !d->is_guess)
        return replace(d, NOTE_not_utf8, c, charset_octet(CHARSET_WINDOWS_1252, c));
    if (d->form == FORM_UTF8) {
        d->guess_failed = true;
        d->form = FORM_OCTETS;
        return replace(d, NOTE_octets_replaced, c, UTF8_REPLACEMENT);
    }
    uint32_t cp = charset_octet(d->charset, c);
    if (cp == UTF8_REPLACEMENT)
        note_octet(d, NOTE_octets_replaced);
    put_char(d, cp);
    return true;
}

/* The octets are the beginning of a character whose rest is not there yet. */
static bool is_cut_utf8(sv s)
{
    unsigned char c = (unsigned char)s.p[0];
    size_t need = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC2 ? 2 : 1;
    if (c > 0xF4 || s.n >= need)
        return false;
    for (size_t i = 1; i < s.n; i++)
        if (((unsigned char)s.p[i] & 0xC0U) != 0x80)
            return false;
    return true;
}

/* Octets of s that were used up; 0: more are needed (never so when `last`), or the reading failed. */
static size_t step_octets(struct decoder *d, sv s, bool last)
{
    size_t n = clean_prefix(d, s);
    if (n == 0 && d->only_ascii && (unsigned char)s.p[0] >= 0x80) {
        note_octet(d, NOTE_encoding_ignored);
        d->only_ascii = false;
        n = clean_prefix(d, s);
    }
    if (n) {
        put_run(d, sv_first(s, n));
        return n;
    }
    uint32_t cp;
    n = d->form == FORM_UTF8 ? utf8_decode(s, &cp) : 0;
    if (n > 1)
        return replace(d, NOTE_controls_replaced, cp, UTF8_REPLACEMENT) ? n : 0;
    if (d->form == FORM_UTF8 && !last && is_cut_utf8(s))
        return 0;
    return take_odd_octet(d, (unsigned char)s.p[0]) ? 1 : 0;
}

static uint32_t unit_at(const struct decoder *d, sv s, size_t i)
{
    uint32_t a = (unsigned char)s.p[i], b = (unsigned char)s.p[i + 1];
    return d->form == FORM_UTF16LE ? b << 8 | a : a << 8 | b;
}

static size_t step_utf16(struct decoder *d, sv s, bool last)
{
    uint32_t cp = UTF8_REPLACEMENT;
    size_t n = 2;
    if (s.n < 2) {
        if (!last)
            return 0;
        note_octet(d, NOTE_octets_replaced);
        put_char(d, cp);
        return s.n;
    }
    uint32_t high = unit_at(d, s, 0);
    if (high < 0xD800 || high > 0xDFFF) {
        cp = high;
    } else if (high <= 0xDBFF && s.n < 4 && !last) {
        return 0;
    } else if (high <= 0xDBFF && s.n >= 4 && unit_at(d, s, 2) >> 10 == 0xDC00 >> 10) {
        cp = 0x10000 + ((high & 0x3FF) << 10 | (unit_at(d, s, 2) & 0x3FF));
        n = 4;
    } else {
        note_octet(d, NOTE_octets_replaced);
    }
    if (!xml_allows(cp))
        return replace(d, NOTE_controls_replaced, cp, UTF8_REPLACEMENT) ? n : 0;
    put_char(d, cp);
    return n;
}

static size_t step(struct decoder *d, sv s, bool last)
{
    bool utf16 = d->form == FORM_UTF16LE || d->form == FORM_UTF16BE;
    size_t n = utf16 ? step_utf16(d, s, last) : step_octets(d, s, last);
    d->offset += n;
    return n;
}

static bool wanted(const struct decoder *d)
{
    return reading_goes_on(d->rd) || (d->rd->complete && !note_has(&d->rd->notes, NOTE_trailing_junk));
}

static void decode_run(struct decoder *d, sv s, bool last)
{
    size_t n = 1;
    while (s.n && n && wanted(d)) {
        n = step(d, s, last);
        s = sv_skip(s, n);
    }
    flush(d);
    d->n_carry = s.n <= DECODE_CARRY ? s.n : 0;
    if (d->n_carry)
        memcpy(d->carry, s.p, d->n_carry);
}

/* A character that began in the chunk before: it is put together with the first octets of this one. */
static sv decode_carry(struct decoder *d, sv s)
{
    char window[DECODE_CARRY + CARRY_WINDOW];
    size_t carried = d->n_carry, more = s.n < CARRY_WINDOW ? s.n : CARRY_WINDOW, at = 0;
    memcpy(window, d->carry, carried);
    if (more)
        memcpy(window + carried, s.p, more);
    d->n_carry = 0;
    while (at < carried && wanted(d)) {
        size_t n = step(d, sv_of(window + at, carried + more - at), false);
        if (n == 0 && wanted(d)) {
            d->n_carry = carried + more - at;
            memcpy(d->carry, window + at, d->n_carry);
            return SV_ABSENT;
        }
        at += n ? n : carried;
    }
    return sv_skip(s, at > carried ? at - carried : 0);
}

static void decode_head(struct decoder *d, sv rest, bool last)
{
    char head[DECODE_HEAD];
    size_t n = d->work.n;
    if (n)
        memcpy(head, d->work.p, n);
    buf_reset(&d->work);
    sv held = sv_of(head, n);
    size_t mark = decode_detect(d, n ? held : sv_first(rest, DECODE_HEAD));
    if (n)
        decode_run(d, sv_skip(held, mark), last && rest.n == 0);
    decode_push(d, n ? rest : sv_skip(rest, mark));
}

void decode_push(struct decoder *d, sv octets)
{
    if (d->known) {
        if (d->n_carry)
            octets = decode_carry(d, octets);
        if (octets.n)
            decode_run(d, octets, false);
        return;
    }
    if (d->work.n == 0 && octets.n >= DECODE_HEAD) {
        decode_head(d, octets, false);
        return;
    }
    sv head = sv_first(octets, DECODE_HEAD - d->work.n);
    buf_sv(&d->work, head);
    if (d->work.n == DECODE_HEAD)
        decode_head(d, sv_skip(octets, head.n), false);
}

void decode_end(struct decoder *d)
{
    if (!d->known)
        decode_head(d, SV_ABSENT, true);
    char rest[DECODE_CARRY];
    size_t n = d->n_carry;
    memcpy(rest, d->carry, sizeof rest);
    d->n_carry = 0;
    if (n)
        decode_run(d, sv_of(rest, n), true);
    flush(d);
}
