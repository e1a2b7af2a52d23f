/* Whose mail a record is, for `parse --allowlist`: the same judgement as in a run. */
#ifndef CLI_LABELS_H
#define CLI_LABELS_H

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "common.h"
#include "judge/judge.h"
#include "model/policy.h"
#include "output/output.h"

struct labels {
    struct config config;
    const struct judge *judge;
};

/* Everything is in `a`. False as load_config. */
bool labels_load(struct labels *l, const struct common *c, const char *path, arena *a,
                 struct err *e) NODISCARD;

/* For output_options.label, with a struct labels as its context. */
void labels_of(void *ctx, const struct report *r, const struct record *record, struct output_label *out);

#endif
