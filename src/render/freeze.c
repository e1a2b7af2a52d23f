#include "render/freeze.h"

#include "frozen.h"
#include "json_put.h"

const char *const frozen_legs[LEG_END] = {[LEG_PASSED] = "passed",
                                          [LEG_BROKEN] = "broken",
                                          [LEG_TEMPORARY] = "temporary",
                                          [LEG_UNALIGNED] = "unaligned",
                                          [LEG_ABSENT] = "absent"};

#define WORD(id) #id,
const char *const frozen_items[ITEM_END] = {ITEM_KINDS(WORD)};
const char *const frozen_lines[LINE_END] = {LINE_KINDS(WORD)};
const char *const frozen_notices[NOTICE_END] = {NOTICE_KINDS(WORD)};
const char *const frozen_langs[LANG_END] = {"", LANGS(WORD)};
#undef WORD

static void put_time(struct json_put *f, json_t *o, const char *key, int64_t t)
{
    json_put(f, o, key, json_integer(t));
}

static void put_counts(struct json_put *f, json_t *o, const struct counts *c)
{
    json_t *counts = json_put_object(f, o, "counts");
    json_put_number(f, counts, "total", c->total);
    json_put_number(f, counts, "failed", c->failed);
    for (unsigned i = 0; i < FATE_END; i++)
        json_put_number(f, counts, fate_name((enum fate)i), c->by_fate[i]);
}

static void put_legs(struct json_put *f, json_t *o, const char *key, const uint64_t by_leg[LEG_END])
{
    json_t *legs = json_put_object(f, o, key);
    for (unsigned i = 0; i < LEG_END; i++)
        json_put_number(f, legs, frozen_legs[i], by_leg[i]);
}

static void put_lists(struct json_put *f, json_t *o, const struct notice_item *item)
{
    json_t *sources = json_put_list(f, o, "sources"), *reporters = json_put_list(f, o, "reporters");
    json_t *names = json_put_list(f, o, "header_froms");
    for (size_t i = 0; i < item->n_sources; i++) {
        char ip[IP_TEXT];
        json_t *s = json_add_object(f, sources);
        json_put_name(f, s, "ip", ip_text(&item->sources[i].ip, ip));
        put_counts(f, s, &item->sources[i].counts);
    }
    for (size_t i = 0; i < item->n_reporters; i++) {
        json_t *r = json_add_object(f, reporters);
        json_put_text(f, r, "name", item->reporters[i].name);
        json_put_number(f, r, "messages", item->reporters[i].messages);
        json_put(f, r, "verified", json_boolean(item->reporters[i].verified));
        json_put_text(f, r, "through", item->reporters[i].through);
    }
    for (size_t i = 0; i < item->n_header_froms; i++) {
        json_t *n = json_add_object(f, names);
        json_put_text(f, n, "name", item->header_froms[i].name);
        json_put_number(f, n, "messages", item->header_froms[i].messages);
    }
    if (item->n_waiting) {
        json_t *waiting = json_put_list(f, o, "waiting");
        for (size_t i = 0; i < item->n_waiting; i++)
            json_put_text(f, json_add_object(f, waiting), "name", item->waiting[i]);
        json_put_number(f, o, "all_waiting", item->all_waiting);
    }
    json_put_number(f, o, "all_sources", item->all_sources);
    json_put_number(f, o, "all_reporters", item->all_reporters);
    json_put_number(f, o, "all_header_froms", item->all_header_froms);
}

static void put_results(struct json_put *f, json_t *o, const struct notice_item *item)
{
    json_t *spfs = json_put_list(f, o, "spf_results"), *dkims = json_put_list(f, o, "dkim_results");
    for (size_t i = 0; i < item->n_spfs; i++) {
        json_t *s = json_add_object(f, spfs);
        json_put_text(f, s, "domain", item->spfs[i].domain);
        json_put_text(f, s, "result", word_text(SPF_LIST, item->spfs[i].result));
        json_put(f, s, "ours", json_boolean(item->spfs[i].ours));
        json_put_number(f, s, "messages", item->spfs[i].messages);
    }
    for (size_t i = 0; i < item->n_dkims; i++) {
        json_t *d = json_add_object(f, dkims);
        json_put_text(f, d, "domain", item->dkims[i].domain);
        json_put_text(f, d, "selector", item->dkims[i].selector);
        json_put_text(f, d, "result", word_text(DKIM_LIST, item->dkims[i].result));
        json_put(f, d, "ours", json_boolean(item->dkims[i].ours));
        json_put_number(f, d, "messages", item->dkims[i].messages);
    }
    json_put_number(f, o, "all_spf_results", item->all_spfs);
    json_put_number(f, o, "all_dkim_results", item->all_dkims);
}

static sv policy_text(uint8_t p)
{
    return word_text(POLICY_LIST, (struct word){p, SV("unknown")});
}

static void put_identity(struct json_put *f, json_t *o, const struct notice_item *item)
{
    json_put_id(f, o, "incident", item->incident);
    json_put_name(f, o, "rule", rule_name(item->rule));
    json_put_name(f, o, "severity", severity_name(item->severity));
    json_put_name(f, o, "state", incident_state_name(item->state));
    json_put_name(f, o, "news", news_name(item->news));
    json_put_number(f, o, "episode", item->episode);
    json_put_text(f, o, "domain", item->domain);
    json_put_text(f, o, "subject", item->subject);
    json_put_text(f, o, "before", item->before);
    json_put_text(f, o, "after", item->after);
    json_put_text(f, o, "via", item->via);
    json_put_text(f, o, "owner", item->owner);
    json_put_text(f, o, "docs", item->docs);
}

static void put_state(struct json_put *f, json_t *o, const struct notice_item *item)
{
    const struct notice_state *st = &item->state_of;
    json_put_name(f, o, "kind", frozen_items[item->kind]);
    json_put_number(f, o, "passed", st->passed);
    json_put_number(f, o, "ours", st->ours);
    json_put_number(f, o, "ours_failed", st->ours_failed);
    json_put_number(f, o, "days", st->days);
    json_put_number(f, o, "reports", st->reports);
    json_put_number(f, o, "domains", st->domains);
    json_put_number(f, o, "told", st->told);
    json_put_number(f, o, "firing", st->firing);
    json_put_number(f, o, "all_lines", item->all_lines);
    json_put_number(f, o, "verified_lines", item->verified_lines);
    json_t *lines = json_put_list(f, o, "lines");
    for (size_t i = 0; i < item->n_lines; i++) {
        json_t *line = json_add_object(f, lines);
        json_put_name(f, line, "about", frozen_lines[item->lines[i].kind]);
        json_put_text(f, line, "name", item->lines[i].name);
        json_put_text(f, line, "detail", item->lines[i].detail);
        json_put_name(f, line, "severity", severity_name(item->lines[i].severity));
        json_put_number(f, line, "n", item->lines[i].n);
    }
}

static void put_item(struct json_put *f, json_t *o, const struct notice_item *item)
{
    if (item->kind != ITEM_incident || item->all_lines > 0)
        put_state(f, o, item);
    put_identity(f, o, item);
    put_time(f, o, "first_day", item->first_day);
    put_time(f, o, "last_day", item->last_day);
    put_time(f, o, "reported", item->reported);
    put_counts(f, o, &item->counts);
    put_legs(f, o, "dkim", item->dkim);
    put_legs(f, o, "spf", item->spf);
    json_put_number(f, o, "dkim_passed", item->dkim_passed);
    json_put_number(f, o, "spf_passed", item->spf_passed);
    json_put_number(f, o, "unclear", item->unclear);
    json_put_number(f, o, "since_told", item->since_told);
    put_lists(f, o, item);
    put_results(f, o, item);
    json_put_text(f, o, "p", policy_text(item->p));
    json_put_text(f, o, "sp", policy_text(item->sp));
    json_put(f, o, "testing", json_boolean(item->testing));
    json_put(f, o, "verified", json_boolean(item->verified));
    json_put_number(f, o, "usual_gap", item->usual_gap);
    if (item->much || item->usual) {
        json_put_number(f, o, "much", item->much);
        json_put_number(f, o, "usual", item->usual);
    }
}

/* What is configured of who gets it. */
static void put_readers(struct json_put *f, json_t *o, const struct notice *n)
{
    if (n->title.n)
        json_put_text(f, o, "title", n->title);
    if (n->tz.n) {
        json_put_text(f, o, "tz", n->tz);
        put_time(f, o, "ahead", n->ahead);
    }
    if (n->owner.n)
        json_put_text(f, o, "for_owner", n->owner);
    if (n->lang != LANG_UNSET)
        json_put_name(f, o, "lang", frozen_langs[n->lang]);
}

static json_t *freeze(struct json_put *f, const struct notice *n)
{
    json_t *root = json_object(), *items;
    json_put_name(f, root, "schema", FROZEN_SCHEMA);
    json_put_id(f, root, "id", n->id);
    put_time(f, root, "created", n->created);
    json_put_name(f, root, "severity", severity_name(n->severity));
    json_put_text(f, root, "tenant", n->tenant);
    put_readers(f, root, n);
    json_put_text(f, root, "domain", n->domain);
    json_put_number(f, root, "more", n->more);
    json_put_number(f, root, "known", n->known);
    if (n->kind != NOTICE_alert)
        json_put_name(f, root, "kind", frozen_notices[n->kind]);
    if (n->test)
        json_put(f, root, "test", json_true());
    items = json_put_list(f, root, "items");
    for (size_t i = 0; i < n->n_items; i++)
        put_item(f, json_add_object(f, items), &n->items[i]);
    return root;
}

/* True also when out became too small: out->failed says so. */
static bool freeze_once(const struct notice *n, buf *out)
{
    struct json_put f = {0};
    json_t *root = freeze(&f, n);
    bool ok = !f.failed && json_dump_to(root, JSON_ENSURE_ASCII, out);
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
