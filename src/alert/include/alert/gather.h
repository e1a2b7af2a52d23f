/* After an import and in a first run: what goes on is told as one notice a tenant, however many domains it is
 * about. Pure. */
#ifndef ALERT_GATHER_H
#define ALERT_GATHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/attr.h"
#include "base/err.h"
#include "model/notice.h"
#include "model/policy.h"

struct gathered {
    struct notice notice;
    bool *chosen; /* by index into config.channels */
};

struct gather_case {
    const struct config *config;
    enum notice_kind kind; /* NOTICE_imported, NOTICE_first */
    struct gathered *list; /* its order is changed */
    size_t n;
    int64_t now; /* run clock, Unix seconds */
    void (*make_id)(void *ctx, uint8_t id[INCIDENT_ID]);
    void *make_id_ctx;
};

/* One notice for each tenant and set of channels, as who hears of one domain need not hear of the others; at
 * most limits.notice_items of its items are spelt out, the most severe first. In a first run what is a notice
 * alone stays as it is. Memory is the arena's. False:
 * ERR_MEMORY. */
bool alert_gather(const struct gather_case *c, arena *a, struct gathered **out, size_t *n,
                  struct err *e) NODISCARD;

#endif
