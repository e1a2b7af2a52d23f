#include "render/freeze.h"

#include <jansson.h>

#include "base/clock.h"
#include "base/sha256.h"
#include "base/utf8.h"
#include "frozen.h"

const char *const frozen_legs[LEG_END] = {[LEG_PASSED] = "passed",
                                          [LEG_BROKEN] = "broken",
                                          [LEG_TEMPORARY] = "temporary",
                                          [LEG_UNALIGNED] = "unaligned",
                                          [LEG_ABSENT] = "absent"};

/* jansson takes NULL where memory was short and answers with an error; the last one counts, because an
 * object that lacks a member is never dumped. */
struct freezer {
    bool failed;
};

static void put(struct freezer *f, json_t *o, const char *key, json_t *value)
{
    if (json_object_set_new(o, key, value) != 0)
        f->failed = true;
}

static void put_text(struct freezer *f, json_t *o, const char *key, sv text)
{
    if (text.p == NULL) {
        put(f, o, key, json_null());
        return;
    }
    buf clean;
    buf_init(&clean, text.n * 3 + 1);
    (void)utf8_put_clean(&clean, text);
    f->failed = f->failed || clean.failed;
    put(f, o, key, json_stringn(clean.p ? clean.p : "", clean.n));
    buf_free(&clean);
}

static void put_name(struct freezer *f, json_t *o, const char *key, const char *name)
{
    put(f, o, key, json_string(name));
}

static void put_number(struct freezer *f, json_t *o, const char *key, uint64_t n)
{
    put(f, o, key, json_integer(n > INT64_MAX ? INT64_MAX : (json_int_t)n));
}

static void put_time(struct freezer *f, json_t *o, const char *key, int64_t t)
{
    put(f, o, key, json_integer(t));
}

static void put_id(struct freezer *f, json_t *o, const char *key, const uint8_t id[INCIDENT_ID])
{
    char hex[INCIDENT_ID_TEXT];
    hex_of(id, INCIDENT_ID, hex);
    put_name(f, o, key, hex);
}

static json_t *new_in(struct freezer *f, json_t *array)
{
    json_t *o = json_object();
    if (json_array_append_new(array, o) != 0)
        f->failed = true;
    return o;
}

static json_t *list(struct freezer *f, json_t *o, const char *key)
{
    json_t *array = json_array();
    put(f, o, key, array);
    return array;
}

static void put_counts(struct freezer *f, json_t *o, const struct counts *c)
{
    json_t *counts = json_object();
    put(f, o, "counts", counts);
    put_number(f, counts, "total", c->total);
    put_number(f, counts, "failed", c->failed);
    for (unsigned i = 0; i < FATE_END; i++)
        put_number(f, counts, fate_name((enum fate)i), c->by_fate[i]);
}

static void put_legs(struct freezer *f, json_t *o, const char *key, const uint64_t by_leg[LEG_END])
{
    json_t *legs = json_object();
    put(f, o, key, legs);
    for (unsigned i = 0; i < LEG_END; i++)
        put_number(f, legs, frozen_legs[i], by_leg[i]);
}

static void put_lists(struct freezer *f, json_t *o, const struct notice_item *item)
{
    json_t *sources = list(f, o, "sources"), *reporters = list(f, o, "reporters");
    json_t *names = list(f, o, "header_froms");
    for (size_t i = 0; i < item->n_sources; i++) {
        char ip[IP_TEXT];
        json_t *s = new_in(f, sources);
        put_name(f, s, "ip", ip_text(&item->sources[i].ip, ip));
        put_counts(f, s, &item->sources[i].counts);
    }
    for (size_t i = 0; i < item->n_reporters; i++) {
        json_t *r = new_in(f, reporters);
        put_text(f, r, "name", item->reporters[i].name);
        put_number(f, r, "messages", item->reporters[i].messages);
    }
    for (size_t i = 0; i < item->n_header_froms; i++) {
        json_t *n = new_in(f, names);
        put_text(f, n, "name", item->header_froms[i].name);
        put_number(f, n, "messages", item->header_froms[i].messages);
    }
    put_number(f, o, "all_sources", item->all_sources);
    put_number(f, o, "all_reporters", item->all_reporters);
    put_number(f, o, "all_header_froms", item->all_header_froms);
}

static void put_results(struct freezer *f, json_t *o, const struct notice_item *item)
{
    json_t *spfs = list(f, o, "spf_results"), *dkims = list(f, o, "dkim_results");
    for (size_t i = 0; i < item->n_spfs; i++) {
        json_t *s = new_in(f, spfs);
        put_text(f, s, "domain", item->spfs[i].domain);
        put_text(f, s, "result", word_text(SPF_LIST, item->spfs[i].result));
        put(f, s, "ours", json_boolean(item->spfs[i].ours));
        put_number(f, s, "messages", item->spfs[i].messages);
    }
    for (size_t i = 0; i < item->n_dkims; i++) {
        json_t *d = new_in(f, dkims);
        put_text(f, d, "domain", item->dkims[i].domain);
        put_text(f, d, "selector", item->dkims[i].selector);
        put_text(f, d, "result", word_text(DKIM_LIST, item->dkims[i].result));
        put(f, d, "ours", json_boolean(item->dkims[i].ours));
        put_number(f, d, "messages", item->dkims[i].messages);
    }
    put_number(f, o, "all_spf_results", item->all_spfs);
    put_number(f, o, "all_dkim_results", item->all_dkims);
}

static sv policy_text(uint8_t p)
{
    return word_text(POLICY_LIST, (struct word){p, SV("unknown")});
}

static void put_identity(struct freezer *f, json_t *o, const struct notice_item *item)
{
    put_id(f, o, "incident", item->incident);
    put_name(f, o, "rule", rule_name(item->rule));
    put_name(f, o, "severity", severity_name(item->severity));
    put_name(f, o, "state", incident_state_name(item->state));
    put_name(f, o, "news", news_name(item->news));
    put_number(f, o, "episode", item->episode);
    put_text(f, o, "domain", item->domain);
    put_text(f, o, "subject", item->subject);
    put_text(f, o, "via", item->via);
    put_text(f, o, "owner", item->owner);
    put_text(f, o, "docs", item->docs);
}

static void put_item(struct freezer *f, json_t *o, const struct notice_item *item)
{
    put_identity(f, o, item);
    put_time(f, o, "first_day", item->first_day);
    put_time(f, o, "last_day", item->last_day);
    put_time(f, o, "reported", item->reported);
    put_counts(f, o, &item->counts);
    put_legs(f, o, "dkim", item->dkim);
    put_legs(f, o, "spf", item->spf);
    put_number(f, o, "dkim_passed", item->dkim_passed);
    put_number(f, o, "spf_passed", item->spf_passed);
    put_number(f, o, "unclear", item->unclear);
    put_number(f, o, "since_told", item->since_told);
    put_lists(f, o, item);
    put_results(f, o, item);
    put_text(f, o, "p", policy_text(item->p));
    put_text(f, o, "sp", policy_text(item->sp));
    put(f, o, "testing", json_boolean(item->testing));
    put(f, o, "verified", json_boolean(item->verified));
}

static json_t *freeze(struct freezer *f, const struct notice *n)
{
    json_t *root = json_object(), *items;
    put_name(f, root, "schema", FROZEN_SCHEMA);
    put_id(f, root, "id", n->id);
    put_time(f, root, "created", n->created);
    put_name(f, root, "severity", severity_name(n->severity));
    put_text(f, root, "tenant", n->tenant);
    put_text(f, root, "domain", n->domain);
    put_number(f, root, "more", n->more);
    put_number(f, root, "known", n->known);
    items = list(f, root, "items");
    for (size_t i = 0; i < n->n_items; i++)
        put_item(f, new_in(f, items), &n->items[i]);
    return root;
}

static int append(const char *p, size_t n, void *out)
{
    buf_put(out, p, n);
    return 0;
}

/* True also when out became too small: out->failed says so. */
static bool freeze_once(const struct notice *n, buf *out)
{
    struct freezer f = {0};
    json_t *root = freeze(&f, n);
    bool ok = !f.failed && json_dump_callback(root, append, out, JSON_COMPACT | JSON_ENSURE_ASCII) == 0;
    json_decref(root);
    return ok;
}

/* Strangers choose the length of evidence: it may cost a notice incidents at its end, never the notice. */
bool notice_freeze(const struct notice *n, buf *out, struct err *e)
{
    struct notice shorter = *n;
    size_t start = out->n;
    bool ok = freeze_once(&shorter, out);
    while (ok && out->failed && shorter.n_items > 1) {
        size_t left_out = shorter.n_items - shorter.n_items / 2;
        shorter.n_items -= left_out;
        shorter.more += left_out;
        out->n = start;
        out->failed = false;
        ok = freeze_once(&shorter, out);
    }
    if (ok && !out->failed)
        return true;
    return err_set(e, ok ? ERR_LIMIT : ERR_MEMORY, "the notice could not be written down");
}
