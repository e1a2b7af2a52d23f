#include "model/tlsrpt.h"

#include "base/attr.h"
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

/* The value of a line "mode: enforce", in any case; lines end in any way. */
static sv value_of(sv text, sv key)
{
    while (text.n) {
        size_t end = 0, colon;
        while (end < text.n && text.p[end] != '\n' && text.p[end] != '\r')
            end++;
        sv line = sv_first(text, end);
        text = sv_skip(text, end + 1);
        colon = sv_find_char(line, ':', 0);
        if (colon != SIZE_MAX && sv_eq_nocase(sv_trim(sv_first(line, colon)), key))
            return sv_trim(sv_skip(line, colon + 1));
    }
    return SV_ABSENT;
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
