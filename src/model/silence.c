#include "model/silence.h"

#include "base/err.h"
#include "model/domain.h"
#include "model/ip.h"

static bool fits_domain(sv pattern, sv domain)
{
    bool below = sv_starts(pattern, SV("*."));
    sv name = sv_skip(pattern, below ? 2 : 0);
    return pattern.n == 0 || (sv_eq(name, domain) ? !below : below && domain_is_under(domain, name));
}

/* A notice shows addresses and is named after their network: who copies one means the other. */
static bool fits_subject(sv pattern, sv subject)
{
    struct cidr a, b;
    struct err ignored;
    if (pattern.n == 0 || sv_eq(pattern, subject))
        return true;
    return cidr_parse(pattern, &a, &ignored) && cidr_parse(subject, &b, &ignored) &&
           (cidr_within(&a, &b) || cidr_within(&b, &a));
}

static bool matches(const struct silence_cfg *s, const struct silence_subject *what, int64_t now)
{
    return now >= s->starts && now < s->ends && (s->rules == 0 || s->rules >> what->rule & 1) &&
           (s->tenant.n == 0 || sv_eq(s->tenant, what->tenant)) && fits_domain(s->domain, what->domain) &&
           fits_subject(s->subject, what->subject);
}

const struct silence_cfg *silence_find(const struct silence_cfg *list, size_t n,
                                       const struct silence_subject *what, int64_t now)
{
    const struct silence_cfg *last = NULL;
    for (size_t i = 0; i < n; i++) {
        if (matches(&list[i], what, now) && (!last || list[i].ends > last->ends))
            last = &list[i];
    }
    return last;
}
