#include "labels.h"

#include "load_config.h"

bool labels_load(struct labels *l, const struct common *c, const char *path, arena *a, struct err *e)
{
    l->config.allowlist = true;
    if (!load_config(c, path, a, &l->config, e))
        return false;
    l->judge = judge_prepare(&l->config, a);
    return l->judge != NULL || err_set(e, ERR_MEMORY, "out of memory");
}

void labels_of(void *ctx, const struct report *r, const struct record *record, struct output_label *out)
{
    const struct labels *l = ctx;
    struct row row = {.domain = r->domain, .policy = r->policy, .record = *record};
    struct verdict v;
    report_period(r, &row.begin, &row.end);
    judge_row(l->judge, &row, &v);
    out->fate = sv_c(fate_name(v.fate));
    if (v.domain == SIZE_MAX)
        return;
    out->who = sv_c(who_name(v.who));
    if (v.sender != SIZE_MAX)
        out->sender = l->config.senders[v.sender].name;
}
