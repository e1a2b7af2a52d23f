#include "delivery.h"

#include "base/num.h"

static bool is_media_type(const struct mail_leaf *leaf, enum magic magic)
{
    if (magic == MAGIC_GZIP)
        return sv_eq(leaf->type, SV("application/gzip"));
    return (magic == MAGIC_XML || magic == MAGIC_UTF16_XML) && sv_eq(leaf->type, SV("text/xml"));
}

static bool is_time(sv text, bool has, int64_t time)
{
    uint64_t v;
    return num_u64(text, INT64_MAX, &v) && (!has || (int64_t)v == time);
}

static bool is_alnum(sv s)
{
    for (size_t i = 0; i < s.n; i++) {
        char c = ascii_lower(s.p[i]);
        if ((c < 'a' || c > 'z') && !ascii_is_digit(c))
            return false;
    }
    return s.n > 0;
}

/* receiver "!" policy-domain "!" begin "!" end [ "!" unique-id ] "." ( "xml" / "xml.gz" ) */
static bool is_file_name(sv name, const struct report *r)
{
    sv receiver, domain, begin, end;
    sv suffix = sv_ends(name, SV(".xml.gz")) ? SV(".xml.gz") : SV(".xml");
    if (!sv_ends(name, suffix))
        return false;
    name = sv_first(name, name.n - suffix.n);
    if (!sv_split(&name, '!', &receiver) || !sv_split(&name, '!', &domain) || !sv_split(&name, '!', &begin) ||
        !sv_split(&name, '!', &end))
        return false;
    return receiver.n && sv_eq_nocase(domain, r->domain) && is_time(begin, r->has_begin, r->begin) &&
           is_time(end, r->has_end, r->end) && (name.p == NULL || is_alnum(name));
}

/* The next word of *s, of which blanks come before. */
static sv next_word(sv *s)
{
    size_t n = 0;
    *s = sv_trim(*s);
    while (n < s->n && !ascii_is_blank(s->p[n]))
        n++;
    sv word = sv_first(*s, n);
    *s = sv_skip(*s, n);
    return word;
}

/* "Report Domain: " domain " Submitter: " domain [ " Report-ID: " id ]: RFC 7489 wants the last as well. */
static bool is_subject(sv s, const struct report *r)
{
    if (!sv_eq(next_word(&s), SV("Report")) || !sv_eq(next_word(&s), SV("Domain:")) ||
        !sv_eq_nocase(next_word(&s), r->domain) || !sv_eq(next_word(&s), SV("Submitter:")) ||
        next_word(&s).n == 0)
        return false;
    sv label = next_word(&s);
    if (label.n == 0)
        return r->dialect == DIALECT_RFC9990;
    return sv_eq(label, SV("Report-ID:")) && next_word(&s).n && sv_trim(s).n == 0;
}

uint8_t delivery_faults(const struct mail_leaf *leaf, enum magic magic, sv subject, const struct report *r)
{
    unsigned faults = 0;
    if (!is_media_type(leaf, magic))
        faults |= DELIVERY_MEDIA_TYPE;
    if (!is_file_name(leaf->name, r))
        faults |= DELIVERY_FILE_NAME;
    if (!is_subject(subject, r))
        faults |= DELIVERY_SUBJECT;
    return (uint8_t)faults;
}
