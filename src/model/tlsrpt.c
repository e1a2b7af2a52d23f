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

void tlsrpt_period(const struct tlsrpt *r, int64_t *begin, int64_t *end)
{
    period_of(r->has_begin ? &r->begin : NULL, r->has_end ? &r->end : NULL, begin, end);
}
