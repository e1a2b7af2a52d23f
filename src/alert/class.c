#include "class.h"

bool row_is_from_the_future(const struct config *c, const struct row *row)
{
    return row->end - row->received > (int64_t)c->limits.future_slack;
}

bool row_is_passed_over(const struct config *c, const struct row *row, const struct verdict *v)
{
    return v->domain == SIZE_MAX || c->domains[v->domain].unwatched || row->trust.trust == TRUST_failed ||
           row->received - row->end > c->max_age || row_is_from_the_future(c, row);
}

/* See struct rule. */
static bool fails(const struct verdict *v)
{
    return !v->pass && !(v->inconclusive && v->who == WHO_known);
}

static enum rule_id rule_of(const struct config *c, const struct verdict *v)
{
    bool parked = c->domains[v->domain].parked;
    if (parked && v->pass)
        return RULE_domain_parked_sending;
    if (v->expired && v->who == WHO_known && !rule_is_off(c, v->domain, RULE_sender_expired))
        return RULE_sender_expired;
    switch (v->who) {
    case WHO_known:
        return parked ? RULE_END : RULE_known_sender_failing;
    case WHO_foreign:
        return v->pass ? RULE_foreign_passing : RULE_foreign_growing;
    case WHO_unknown:
        if (v->pass)
            return RULE_END;
        return v->unlisted != SIZE_MAX ? RULE_unlisted_own_server : RULE_unknown_source;
    case WHO_forwarder:
    case WHO_END:
        break;
    }
    return RULE_END;
}

struct row_class row_class(const struct config *c, const struct row *row, const struct verdict *v)
{
    if (row_is_passed_over(c, row, v))
        return (struct row_class){RULE_END, false};
    enum rule_id rule = rule_of(c, v);
    if (rule == RULE_END || rule_is_off(c, v->domain, rule))
        return (struct row_class){RULE_END, false};
    return (struct row_class){rule, rule != RULE_known_sender_failing || fails(v)};
}
