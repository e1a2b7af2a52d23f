/* Encoded words (RFC 2047). */
#include "encoded-word.h"

#include "base/base64.h"
#include "base/utf8.h"
#include "mail/header.h"
#include "qp.h"

struct word {
    sv charset, text;
    char encoding; /* 'b' or 'q' */
    size_t length; /* of the whole word */
};

/* The encoded word at the start of s; false when there is none. *open: no word can end any more, since
 * no "?=" follows. */
static bool word_at(sv s, struct word *w, bool *open)
{
    enum { CHARSET_MAX = 64 };
    if (!sv_starts(s, SV("=?")))
        return false;
    size_t mark = sv_find_char(sv_first(s, CHARSET_MAX), '?', 2);
    if (mark == SIZE_MAX || mark + 2 >= s.n || s.p[mark + 2] != '?')
        return false;
    w->encoding = ascii_lower(s.p[mark + 1]);
    if (w->encoding != 'b' && w->encoding != 'q')
        return false;
    size_t end = sv_find(s, SV("?="), mark + 3);
    if (end == SIZE_MAX) {
        *open = true;
        return false;
    }
    sv charset = sv_skip(sv_first(s, mark), 2);
    w->charset = sv_first(charset, sv_find_char(charset, '*', 0)); /* RFC 2231 5: charset*language */
    w->text = sv_skip(sv_first(s, end), mark + 3);
    w->length = end + 2;
    return true;
}

/* Octets of words in one charset that stand side by side: a character may be torn between two words. */
struct run {
    enum charset set;
    buf octets;
};

static void run_end(struct run *r, buf *out)
{
    if (r->set != CHARSET_UNKNOWN)
        (void)charset_put(out, r->set, buf_view(&r->octets));
    buf_reset(&r->octets);
    r->set = CHARSET_UNKNOWN;
}

static void run_add(struct run *r, const struct word *w, enum charset set, buf *out)
{
    if (r->set != set)
        run_end(r, out);
    r->set = set;
    if (w->encoding == 'b')
        (void)base64_decode(&r->octets, w->text);
    else
        q_decode(&r->octets, w->text);
}

static void decode(buf *out, struct run *r, sv s)
{
    bool open = false;
    while (s.n) {
        struct word w;
        sv before = sv_first(s, open ? SIZE_MAX : sv_find(s, SV("=?"), 0));
        s = sv_skip(s, before.n);
        bool is_word = word_at(s, &w, &open);
        enum charset set = is_word ? charset_of(w.charset) : CHARSET_UNKNOWN;
        if (set != CHARSET_UNKNOWN && r->set != CHARSET_UNKNOWN && sv_trim(before).n == 0)
            before = SV(""); /* blanks between two words are no text (RFC 2047 6.2) */
        else
            run_end(r, out);
        (void)utf8_put_clean(out, before);
        size_t taken = is_word ? w.length : 2;
        if (set != CHARSET_UNKNOWN)
            run_add(r, &w, set, out);
        else
            (void)utf8_put_clean(out, sv_first(s, taken));
        s = sv_skip(s, taken);
    }
    run_end(r, out);
}

sv words_decode(sv text, arena *a)
{
    if (sv_find(text, SV("=?"), 0) == SIZE_MAX && utf8_valid(text))
        return text;
    buf out;
    struct run r = {.set = CHARSET_UNKNOWN};
    buf_init(&out, text.n * UTF8_REPLACEMENT_SIZE);
    buf_init(&r.octets, text.n + 3);
    decode(&out, &r, text);
    sv result = out.failed || r.octets.failed ? SV_ABSENT : arena_sv(a, sv_trim(buf_view(&out)));
    buf_free(&r.octets);
    buf_free(&out);
    return result.p ? result : SV("");
}

sv header_text(sv raw, arena *a)
{
    return words_decode(header_unfold(raw, a), a);
}
