#include "evidence.h"

#include "model/domain.h"
#include "names.h"

/* What was seen of one leg, over all its results. */
struct seen {
    bool passed, broken, temporary; /* the last two: of ours */
};

static void look(struct seen *seen, sv policy_domain, sv domain, bool passed, bool temporary)
{
    struct name_room room;
    if (passed) {
        seen->passed = true;
        return;
    }
    sv name = name_fold(domain, &room);
    if (name.n == 0 || !domain_is_related(name, policy_domain))
        return;
    if (temporary)
        seen->temporary = true;
    else
        seen->broken = true;
}

/* A broken signature of ours says more than one of a service that passed beside it. */
static enum leg conclude(const struct seen *seen)
{
    if (seen->broken)
        return LEG_BROKEN;
    if (seen->temporary)
        return LEG_TEMPORARY;
    return seen->passed ? LEG_UNALIGNED : LEG_ABSENT;
}

enum leg evidence_dkim(const struct row *row)
{
    const struct record *r = &row->record;
    struct seen seen = {0};
    if (r->dkim.v == VERDICT_PASS)
        return LEG_PASSED;
    for (size_t i = 0; i < r->n_dkims; i++) {
        uint8_t result = r->dkims[i].result.v;
        if (result != DKIM_NONE)
            look(&seen, row->domain, r->dkims[i].domain, result == DKIM_PASS, result == DKIM_TEMPERROR);
    }
    return conclude(&seen);
}

enum leg evidence_spf(const struct row *row)
{
    const struct record *r = &row->record;
    struct seen seen = {0};
    if (r->spf.v == VERDICT_PASS)
        return LEG_PASSED;
    for (size_t i = 0; i < r->n_spfs; i++) {
        uint8_t result = r->spfs[i].result.v;
        look(&seen, row->domain, r->spfs[i].domain, result == SPF_PASS, result == SPF_TEMPERROR);
    }
    return conclude(&seen);
}

bool evidence_inconclusive(const struct record *r)
{
    size_t temporary = 0, other = 0;
    for (size_t i = 0; i < r->n_dkims; i++) {
        temporary += r->dkims[i].result.v == DKIM_TEMPERROR;
        other += r->dkims[i].result.v != DKIM_TEMPERROR && r->dkims[i].result.v != DKIM_PASS;
    }
    for (size_t i = 0; i < r->n_spfs; i++) {
        temporary += r->spfs[i].result.v == SPF_TEMPERROR;
        other += r->spfs[i].result.v != SPF_TEMPERROR && r->spfs[i].result.v != SPF_PASS;
    }
    return temporary > 0 && other == 0;
}
