#include "seen.h"

#include <stdlib.h>
#include <string.h>

#include "store/identity.h"

enum { FIRST_SIZE = 1024 };

static const uint8_t nobody[SHA256_SIZE];

static uint8_t *place_of(const struct seen *s, const uint8_t id[SHA256_SIZE])
{
    size_t i;
    memcpy(&i, id, sizeof i);
    for (i &= s->size - 1; memcmp(s->ids[i], nobody, SHA256_SIZE) != 0; i = (i + 1) & (s->size - 1))
        if (memcmp(s->ids[i], id, SHA256_SIZE) == 0)
            break;
    return s->ids[i];
}

/* At least half of the places stay free. */
static bool grow(struct seen *s)
{
    struct seen bigger = {.n = s->n, .size = s->size ? s->size * 2 : FIRST_SIZE};
    bigger.ids = calloc(bigger.size, SHA256_SIZE);
    if (bigger.ids == NULL)
        return false;
    for (size_t i = 0; i < s->size; i++)
        if (memcmp(s->ids[i], nobody, SHA256_SIZE) != 0)
            memcpy(place_of(&bigger, s->ids[i]), s->ids[i], SHA256_SIZE);
    free(s->ids);
    *s = bigger;
    return true;
}

bool seen_report(struct seen *s, const struct report *r, struct record_cursor *records,
                 const struct limits *limits, bool *repeated, struct err *e)
{
    struct identity id;
    if (!identity_of(r, records, limits, &id, e))
        return false;
    records->rewind(records);
    if (s->n >= s->size / 2 && !grow(s))
        return err_set(e, ERR_MEMORY, "out of memory");
    uint8_t *place = place_of(s, id.facts_id);
    *repeated = memcmp(place, id.facts_id, SHA256_SIZE) == 0;
    if (!*repeated) {
        memcpy(place, id.facts_id, SHA256_SIZE);
        s->n++;
    }
    return true;
}

void seen_free(struct seen *s)
{
    free(s->ids);
}
