#include "model/limits.h"

#include <stddef.h>

#include "base/nearest.h"
#include "base/num.h"

static const struct limit_info table[] = {
#define LIMIT_ROW(name, def, ceiling, unit, reason) {#name, unit, reason, def, ceiling},
    LIMITS(LIMIT_ROW)
#undef LIMIT_ROW
};

_Static_assert(sizeof(struct limits) == COUNT_OF(table) * sizeof(uint64_t),
               "limits are an array of uint64_t");

const struct limit_info *limits_table(unsigned *n)
{
    *n = COUNT_OF(table);
    return table;
}

uint64_t *limits_at(struct limits *l, unsigned i)
{
    return (uint64_t *)(void *)l + i;
}

void limits_default(struct limits *l)
{
    for (unsigned i = 0; i < COUNT_OF(table); i++)
        *limits_at(l, i) = table[i].def;
}

static bool read_value(sv value, uint64_t *out)
{
    static const struct {
        sv suffix;
        uint64_t factor;
    } units[] = {
        {SV_INIT("KiB"), 1024},
        {SV_INIT("MiB"), 1024 * 1024},
        {SV_INIT("ms"), 1},
        {SV_INIT(""), 1},
    };
    for (size_t i = 0; i < COUNT_OF(units); i++) {
        uint64_t v;
        if (!sv_ends(value, units[i].suffix))
            continue;
        sv digits = sv_trim(sv_first(value, value.n - units[i].suffix.n));
        return num_u64(digits, UINT64_MAX, &v) && !__builtin_mul_overflow(v, units[i].factor, out);
    }
    return false;
}

static bool unknown(sv name, struct err *e)
{
    struct nearest near;
    nearest_start(&near, name);
    for (unsigned i = 0; i < COUNT_OF(table); i++)
        nearest_offer(&near, sv_c(table[i].name));
    sv best = nearest_best(&near);
    if (best.n)
        return err_set(e, ERR_USAGE, "there is no limit '%.*s'; did you mean '%.*s'?", SV_ARG(name),
                       SV_ARG(best));
    return err_set(e, ERR_USAGE, "there is no limit '%.*s'", SV_ARG(name));
}

/* A frame must hold what the two processes say before any mail, and a piece of one. */
static uint64_t least_of(const struct limit_info *info)
{
    return sv_eq(sv_c(info->name), SV("wire_frame")) ? KIB(128) : 1;
}

bool limits_set(struct limits *l, sv name, sv value, struct err *e)
{
    for (unsigned i = 0; i < COUNT_OF(table); i++) {
        if (!sv_eq(name, sv_c(table[i].name)))
            continue;
        uint64_t v;
        if (!read_value(value, &v) || v == 0)
            return err_set(e, ERR_USAGE, "limit %s: '%.*s' is no number of %s above 0", table[i].name,
                           SV_ARG(value), table[i].unit);
        if (v < least_of(&table[i]))
            return err_set(e, ERR_USAGE, "limit %s: %.*s is below %llu %s, without which nothing can be read",
                           table[i].name, SV_ARG(value), (unsigned long long)least_of(&table[i]),
                           table[i].unit);
        if (v > table[i].ceiling)
            return err_set(e, ERR_USAGE, "limit %s: %.*s is above its ceiling of %llu %s", table[i].name,
                           SV_ARG(value), (unsigned long long)table[i].ceiling, table[i].unit);
        *limits_at(l, i) = v;
        return true;
    }
    return unknown(name, e);
}
