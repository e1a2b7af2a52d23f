#include "evidence.h"

/* Both written forms have the same order of fields, which evidence_read follows too. */
struct sink {
    buf *out;
    bool folded;
    struct evidence_names *names; /* NULL: texts themselves are written */
    bool failed;
};

void octets_number(buf *out, uint64_t v)
{
    for (; v >= 0x80; v >>= 7)
        buf_char(out, (char)(v | 0x80));
    buf_char(out, (char)v);
}

void octets_text(buf *out, sv text, bool folded)
{
    if (folded)
        while (text.n && text.p[text.n - 1] == '.')
            text.n--;
    octets_number(out, text.p ? text.n + 1 : 0);
    if (!folded) {
        buf_sv(out, text);
        return;
    }
    for (size_t i = 0; i < text.n; i++)
        buf_char(out, ascii_lower(text.p[i]));
}

static void put_text(struct sink *to, sv text)
{
    if (to->names == NULL) {
        octets_text(to->out, text, to->folded);
        return;
    }
    int64_t id = to->failed || text.p == NULL ? 0 : to->names->id_of(to->names, text);
    to->failed = to->failed || id < 0;
    octets_number(to->out, id < 0 ? 0 : (uint64_t)id);
}

static void put_word(struct sink *to, enum word_list list, struct word w)
{
    put_text(to, word_text(list, w));
}

static void put_all(struct sink *to, const struct record *r)
{
    put_word(to, VERDICT_LIST, r->dkim);
    put_word(to, VERDICT_LIST, r->spf);
    put_text(to, r->header_from);
    put_text(to, r->envelope_from);
    put_text(to, r->envelope_to);
    octets_number(to->out, r->n_reasons);
    for (size_t i = 0; i < r->n_reasons; i++) {
        put_word(to, REASON_LIST, r->reasons[i].type);
        put_text(to, r->reasons[i].comment);
    }
    octets_number(to->out, r->n_dkims);
    for (size_t i = 0; i < r->n_dkims; i++) {
        put_text(to, r->dkims[i].domain);
        put_text(to, r->dkims[i].selector);
        put_word(to, DKIM_LIST, r->dkims[i].result);
        put_text(to, r->dkims[i].human_result);
    }
    octets_number(to->out, r->n_spfs);
    for (size_t i = 0; i < r->n_spfs; i++) {
        put_text(to, r->spfs[i].domain);
        put_word(to, SCOPE_LIST, r->spfs[i].scope);
        put_word(to, SPF_LIST, r->spfs[i].result);
        put_text(to, r->spfs[i].human_result);
    }
}

void evidence_octets(buf *out, const struct record *r, bool folded)
{
    struct sink to = {.out = out, .folded = folded};
    put_all(&to, r);
}

bool evidence_write(buf *out, const struct record *r, struct evidence_names *names)
{
    struct sink to = {.out = out, .names = names};
    put_all(&to, r);
    return !to.failed && !out->failed;
}

bool octets_take_number(sv *rest, uint64_t *v)
{
    *v = 0;
    for (unsigned shift = 0; shift < 63 && rest->n; shift += 7) {
        unsigned char octet = (unsigned char)rest->p[0];
        *rest = sv_skip(*rest, 1);
        *v |= (uint64_t)(octet & 0x7F) << shift;
        if (octet < 0x80)
            return true;
    }
    return false;
}

struct source {
    sv rest;
    struct evidence_names *names;
    arena *a;
    bool failed;
};

static uint64_t get_number(struct source *from)
{
    uint64_t v;
    if (octets_take_number(&from->rest, &v))
        return v;
    from->failed = true;
    return 0;
}

static sv get_text(struct source *from)
{
    int64_t id = (int64_t)get_number(from);
    sv text = SV_ABSENT;
    if (id != 0 && !from->failed)
        from->failed = !from->names->text_of(from->names, id, &text);
    return text;
}

static struct word get_word(struct source *from, enum word_list list)
{
    return word_read(list, get_text(from));
}

/* Room for that many items; each takes at least an octet of the tuple, so that no number is believed. */
static void *get_array(struct source *from, size_t size, size_t *n)
{
    uint64_t count = get_number(from);
    if (from->failed || count > from->rest.n)
        from->failed = true;
    void *items = from->failed ? NULL : arena_array(from->a, (size_t)count, size);
    from->failed = items == NULL;
    *n = items ? (size_t)count : 0;
    return items;
}

bool evidence_read(sv tuple, struct evidence_names *names, arena *a, struct record *r)
{
    struct source from = {.rest = tuple, .names = names, .a = a};
    *r = (struct record){.dkim = get_word(&from, VERDICT_LIST)};
    r->spf = get_word(&from, VERDICT_LIST);
    r->header_from = get_text(&from);
    r->envelope_from = get_text(&from);
    r->envelope_to = get_text(&from);
    r->reasons = get_array(&from, sizeof *r->reasons, &r->n_reasons);
    for (size_t i = 0; i < r->n_reasons; i++) {
        r->reasons[i].type = get_word(&from, REASON_LIST);
        r->reasons[i].comment = get_text(&from);
    }
    r->dkims = get_array(&from, sizeof *r->dkims, &r->n_dkims);
    for (size_t i = 0; i < r->n_dkims; i++) {
        r->dkims[i].domain = get_text(&from);
        r->dkims[i].selector = get_text(&from);
        r->dkims[i].result = get_word(&from, DKIM_LIST);
        r->dkims[i].human_result = get_text(&from);
    }
    r->spfs = get_array(&from, sizeof *r->spfs, &r->n_spfs);
    for (size_t i = 0; i < r->n_spfs; i++) {
        r->spfs[i].domain = get_text(&from);
        r->spfs[i].scope = get_word(&from, SCOPE_LIST);
        r->spfs[i].result = get_word(&from, SPF_LIST);
        r->spfs[i].human_result = get_text(&from);
    }
    return !from.failed && from.rest.n == 0;
}
