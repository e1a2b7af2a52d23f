/* Which entry of config.domains covers a name. */
#ifndef JUDGE_DOMAINS_H
#define JUDGE_DOMAINS_H

#include "model/policy.h"
#include "names.h"

struct domain_index {
    struct name_table exact, below; /* value: index into config.domains */
    size_t any;                     /* of "*", or SIZE_MAX */
};

bool domain_index_build(struct domain_index *d, const struct config *cfg, arena *a);

/* header_from before the policy domain before "*"; both comparable or absent. */
size_t domain_find(const struct domain_index *d, sv header_from, sv policy_domain);

#endif
