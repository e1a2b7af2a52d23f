#include "model/tlsrpt.h"

#include <stdlib.h>

#include "base/attr.h"
#include "base/utf8.h"
#include "period.h"

static sv known_of(sv word, const sv *known, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (sv_eq_nocase(word, known[i]))
            return known[i];
    return SV_ABSENT;
}

sv tls_policy_type_known(sv type)
{
    static const sv known[] = {SV_INIT("tlsa"), SV_INIT("sts"), SV_INIT("no-policy-found")};
    return known_of(type, known, COUNT_OF(known));
}

sv tls_result_type_known(sv type)
{
    static const sv known[] = {
        SV_INIT("starttls-not-supported"), SV_INIT("certificate-host-mismatch"),
        SV_INIT("certificate-expired"),    SV_INIT("certificate-not-trusted"),
        SV_INIT("validation-failure"),     SV_INIT("tlsa-invalid"),
        SV_INIT("dnssec-invalid"),         SV_INIT("dane-required"),
        SV_INIT("sts-policy-fetch-error"), SV_INIT("sts-policy-invalid"),
        SV_INIT("sts-webpki-invalid"),
    };
    return known_of(type, known, COUNT_OF(known));
}

/* The value of the next line "mode: enforce", in any case; lines end in any way. *rest: what follows it. */
static sv next_value(sv *rest, sv key)
{
    while (rest->n) {
        size_t end = 0, colon;
        while (end < rest->n && rest->p[end] != '\n' && rest->p[end] != '\r')
            end++;
        sv line = sv_first(*rest, end);
        *rest = sv_skip(*rest, end + 1);
        colon = sv_find_char(line, ':', 0);
        if (colon != SIZE_MAX && sv_eq_nocase(sv_trim(sv_first(line, colon)), key))
            return sv_trim(sv_skip(line, colon + 1));
    }
    return SV_ABSENT;
}

static sv value_of(sv text, sv key)
{
    return next_value(&text, key);
}

/* Bytewise, but in any case. */
static int by_text(const void *a, const void *b)
{
    const sv *x = a, *y = b;
    for (size_t i = 0; i < x->n && i < y->n; i++) {
        unsigned char one = (unsigned char)ascii_lower(x->p[i]), other = (unsigned char)ascii_lower(y->p[i]);
        if (one != other)
            return one < other ? -1 : 1;
    }
    return (x->n > y->n) - (x->n < y->n);
}

/* One octet more than is kept: so utf8_cut sees that there was more. */
struct asked {
    char p[TLS_POLICY_TEXT + 1];
    size_t n;
};

static void put_lower(struct asked *out, sv text)
{
    for (size_t i = 0; i < text.n && out->n < sizeof out->p; i++)
        out->p[out->n++] = ascii_lower(text.p[i]);
}

/* "a,b", in order and once each. */
static void put_servers(struct asked *out, sv text)
{
    enum { SERVERS = 32 };
    sv list[SERVERS];
    size_t n = 0;
    for (sv one; n < SERVERS && (one = next_value(&text, SV("mx"))).p;)
        list[n++] = one;
    qsort(list, n, sizeof *list, by_text);
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && sv_eq_nocase(list[i], list[i - 1]))
            continue;
        put_lower(out, i > 0 ? SV(",") : SV(""));
        put_lower(out, list[i]);
    }
}

sv tls_policy_asks(const struct tls_policy *p, arena *a)
{
    if (!sv_eq_nocase(p->type, SV("sts")))
        return tls_policy_type_known(p->type);
    struct asked out = {.n = 0};
    sv mode = value_of(p->text, SV("mode"));
    if (mode.n == 0)
        return SV_ABSENT;
    put_lower(&out, SV("mode="));
    put_lower(&out, mode);
    put_lower(&out, SV(" mx="));
    put_servers(&out, p->text);
    put_lower(&out, SV(" max_age="));
    put_lower(&out, value_of(p->text, SV("max_age")));
    return arena_sv(a, utf8_cut(sv_of(out.p, out.n), TLS_POLICY_TEXT));
}

enum sts_mode tls_policy_mode(const struct tls_policy *p)
{
    static const struct {
        sv word;
        enum sts_mode mode;
    } modes[] = {{SV_INIT("none"), STS_MODE_NONE},
                 {SV_INIT("testing"), STS_MODE_TESTING},
                 {SV_INIT("enforce"), STS_MODE_ENFORCE}};
    if (sv_eq_nocase(p->type, SV("tlsa")))
        return STS_MODE_ENFORCE;
    if (sv_eq_nocase(p->type, SV("no-policy-found")))
        return STS_MODE_NONE;
    sv mode = value_of(p->text, SV("mode"));
    for (size_t i = 0; i < COUNT_OF(modes); i++)
        if (sv_eq_nocase(mode, modes[i].word))
            return modes[i].mode;
    return STS_MODE_UNKNOWN;
}

void tlsrpt_period(const struct tlsrpt *r, int64_t *begin, int64_t *end)
{
    period_of(r->has_begin ? &r->begin : NULL, r->has_end ? &r->end : NULL, begin, end);
}
