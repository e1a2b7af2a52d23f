#include "alert/coalesce.h"

#include <stdlib.h>
#include <string.h>

#include "base/num.h"
#include "unite.h"

static const struct notice_item *find(const struct notice *n, const struct notice_item *like)
{
    for (size_t i = 0; i < n->n_items; i++)
        if (memcmp(n->items[i].incident, like->incident, INCIDENT_ID) == 0)
            return &n->items[i];
    return NULL;
}

static bool is_beginning(enum news news)
{
    return news == NEWS_first || news == NEWS_again;
}

/* False: it began and ended, and nobody was told. */
static bool join(const struct notice_item *older, const struct notice_item *newer, struct notice_item *out)
{
    *out = *newer;
    if (news_is_end(newer->news))
        return !is_beginning(older->news);
    if (news_is_end(older->news))
        return true;
    out->news = older->news < newer->news ? older->news : newer->news; /* the weightier */
    out->since_told = sat_add(older->since_told, newer->since_told);
    return true;
}

static enum severity severity_of(const struct notice *n)
{
    enum severity most = n->n_items ? n->items[0].severity : SEVERITY_info;
    for (size_t i = 0; i < n->n_items; i++)
        if (!news_is_end(n->items[i].news) && n->items[i].severity > most)
            most = n->items[i].severity;
    return most;
}

bool alert_coalesce(const struct notice *older, const struct notice *newer, const struct limits *limits,
                    arena *a, struct notice *out)
{
    size_t n = 0, max = (size_t)limits->notice_items;
    struct notice_item *items = arena_array(a, older->n_items + newer->n_items, sizeof *items);
    if (items == NULL)
        return false;
    for (size_t i = 0; i < newer->n_items; i++) {
        const struct notice_item *was = find(older, &newer->items[i]);
        items[n] = newer->items[i];
        n += was == NULL || join(was, &newer->items[i], &items[n]);
    }
    for (size_t i = 0; i < older->n_items; i++)
        if (find(newer, &older->items[i]) == NULL)
            items[n++] = older->items[i];
    if (n > 1)
        qsort(items, n, sizeof *items, item_by_urgency);
    *out = *newer;
    out->created = older->created;
    out->items = items;
    out->n_items = n < max ? n : max;
    out->more = older->more + newer->more + (n - out->n_items);
    out->severity = severity_of(out);
    return true;
}
