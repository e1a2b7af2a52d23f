#include <jansson.h>

#include "frozen.h"
#include "render/freeze.h"

static sv text_of(arena *a, const json_t *o, const char *key)
{
    const json_t *j = json_object_get(o, key);
    return json_is_string(j) ? arena_sv(a, sv_of(json_string_value(j), json_string_length(j))) : SV_ABSENT;
}

static sv name_of(const json_t *o, const char *key)
{
    return sv_c(json_string_value(json_object_get(o, key)));
}

static int64_t time_of(const json_t *o, const char *key)
{
    return json_integer_value(json_object_get(o, key));
}

static uint64_t number_of(const json_t *o, const char *key)
{
    int64_t n = time_of(o, key);
    return n > 0 ? (uint64_t)n : 0;
}

static bool flag_of(const json_t *o, const char *key)
{
    return json_is_true(json_object_get(o, key));
}

static bool nibble(char c, uint8_t *out)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c ? strchr(digits, c) : NULL;
    if (at)
        *out = (uint8_t)(at - digits);
    return at != NULL;
}

static bool id_of(const json_t *o, const char *key, uint8_t id[INCIDENT_ID])
{
    sv hex = name_of(o, key);
    for (size_t i = 0; hex.n == 2 * INCIDENT_ID && i < INCIDENT_ID; i++) {
        uint8_t high, low;
        if (!nibble(hex.p[2 * i], &high) || !nibble(hex.p[2 * i + 1], &low))
            return false;
        id[i] = (uint8_t)(high << 4 | low);
    }
    return hex.n == 2 * INCIDENT_ID;
}

static struct counts counts_of(const json_t *o)
{
    const json_t *c = json_object_get(o, "counts");
    struct counts out = {.total = number_of(c, "total"), .failed = number_of(c, "failed")};
    for (unsigned i = 0; i < FATE_END; i++)
        out.by_fate[i] = number_of(c, fate_name((enum fate)i));
    return out;
}

static void legs_of(const json_t *o, const char *key, uint64_t by_leg[LEG_END])
{
    const json_t *legs = json_object_get(o, key);
    for (unsigned i = 0; i < LEG_END; i++)
        by_leg[i] = number_of(legs, frozen_legs[i]);
}

/* Room for the elements of a list; *n their number, 0 without memory (the arena says so). */
static void *room_for(arena *a, const json_t *array, size_t size, size_t *n)
{
    void *p = arena_array(a, json_array_size(array), size);
    *n = p ? json_array_size(array) : 0;
    return p;
}

static bool thaw_sources(const json_t *o, arena *a, struct notice_item *item)
{
    const json_t *list = json_object_get(o, "sources");
    item->sources = room_for(a, list, sizeof *item->sources, &item->n_sources);
    for (size_t i = 0; i < item->n_sources; i++) {
        const json_t *s = json_array_get(list, i);
        if (!ip_parse(name_of(s, "ip"), &item->sources[i].ip))
            return false;
        item->sources[i].counts = counts_of(s);
    }
    return true;
}

static void thaw_names(const json_t *o, arena *a, struct notice_item *item)
{
    const json_t *reporters = json_object_get(o, "reporters"), *names = json_object_get(o, "header_froms");
    item->reporters = room_for(a, reporters, sizeof *item->reporters, &item->n_reporters);
    for (size_t i = 0; i < item->n_reporters; i++) {
        const json_t *r = json_array_get(reporters, i);
        item->reporters[i] = (struct notice_reporter){.name = text_of(a, r, "name"),
                                                      .messages = number_of(r, "messages"),
                                                      .verified = flag_of(r, "verified"),
                                                      .through = text_of(a, r, "through")};
    }
    item->header_froms = room_for(a, names, sizeof *item->header_froms, &item->n_header_froms);
    for (size_t i = 0; i < item->n_header_froms; i++) {
        const json_t *n = json_array_get(names, i);
        item->header_froms[i] = (struct notice_name){text_of(a, n, "name"), number_of(n, "messages")};
    }
}

static void thaw_waiting(const json_t *o, arena *a, struct notice_item *item)
{
    const json_t *list = json_object_get(o, "waiting");
    size_t n = json_array_size(list);
    item->n_waiting = n < NOTICE_WAITING ? n : NOTICE_WAITING;
    for (size_t i = 0; i < item->n_waiting; i++)
        item->waiting[i] = text_of(a, json_array_get(list, i), "name");
    item->all_waiting = number_of(o, "all_waiting");
}

static void thaw_results(const json_t *o, arena *a, struct notice_item *item)
{
    const json_t *spfs = json_object_get(o, "spf_results"), *dkims = json_object_get(o, "dkim_results");
    item->spfs = room_for(a, spfs, sizeof *item->spfs, &item->n_spfs);
    for (size_t i = 0; i < item->n_spfs; i++) {
        const json_t *s = json_array_get(spfs, i);
        item->spfs[i] =
            (struct notice_spf){text_of(a, s, "domain"), word_read(SPF_LIST, text_of(a, s, "result")),
                                flag_of(s, "ours"), number_of(s, "messages")};
    }
    item->dkims = room_for(a, dkims, sizeof *item->dkims, &item->n_dkims);
    for (size_t i = 0; i < item->n_dkims; i++) {
        const json_t *d = json_array_get(dkims, i);
        item->dkims[i] = (struct notice_dkim){text_of(a, d, "domain"), text_of(a, d, "selector"),
                                              word_read(DKIM_LIST, text_of(a, d, "result")),
                                              flag_of(d, "ours"), number_of(d, "messages")};
    }
}

static bool thaw_identity(const json_t *o, arena *a, struct notice_item *item)
{
    item->episode = (uint32_t)number_of(o, "episode");
    item->domain = text_of(a, o, "domain");
    item->subject = text_of(a, o, "subject");
    item->before = text_of(a, o, "before");
    item->after = text_of(a, o, "after");
    item->via = text_of(a, o, "via");
    item->owner = text_of(a, o, "owner");
    item->docs = text_of(a, o, "docs");
    return id_of(o, "incident", item->incident) && rule_from_name(name_of(o, "rule"), &item->rule) &&
           severity_from_name(name_of(o, "severity"), &item->severity) &&
           incident_state_from_name(name_of(o, "state"), &item->state) &&
           news_from_name(name_of(o, "news"), &item->news);
}

static void thaw_numbers(const json_t *o, struct notice_item *item)
{
    item->first_day = time_of(o, "first_day");
    item->last_day = time_of(o, "last_day");
    item->reported = time_of(o, "reported");
    item->counts = counts_of(o);
    legs_of(o, "dkim", item->dkim);
    legs_of(o, "spf", item->spf);
    item->dkim_passed = number_of(o, "dkim_passed");
    item->spf_passed = number_of(o, "spf_passed");
    item->unclear = number_of(o, "unclear");
    item->since_told = number_of(o, "since_told");
    item->much = number_of(o, "much");
    item->usual = number_of(o, "usual");
    item->all_sources = number_of(o, "all_sources");
    item->all_reporters = number_of(o, "all_reporters");
    item->all_header_froms = number_of(o, "all_header_froms");
    item->all_spfs = number_of(o, "all_spf_results");
    item->all_dkims = number_of(o, "all_dkim_results");
}

/* The place of a word in a list; the first where it is none of them. */
static unsigned place_of(sv word, const char *const *words, unsigned n)
{
    for (unsigned i = 0; i < n; i++)
        if (sv_eq(word, sv_c(words[i])))
            return i;
    return 0;
}

static void thaw_state(const json_t *o, arena *a, struct notice_item *item)
{
    const json_t *lines = json_object_get(o, "lines");
    item->kind = (enum item_kind)place_of(name_of(o, "kind"), frozen_items, ITEM_END);
    item->state_of = (struct notice_state){.passed = number_of(o, "passed"),
                                           .ours = number_of(o, "ours"),
                                           .ours_failed = number_of(o, "ours_failed"),
                                           .days = (uint32_t)number_of(o, "days"),
                                           .reports = number_of(o, "reports"),
                                           .domains = number_of(o, "domains"),
                                           .told = number_of(o, "told"),
                                           .firing = number_of(o, "firing")};
    item->all_lines = number_of(o, "all_lines");
    item->verified_lines = number_of(o, "verified_lines");
    item->lines = room_for(a, lines, sizeof *item->lines, &item->n_lines);
    for (size_t i = 0; i < item->n_lines; i++) {
        const json_t *line = json_array_get(lines, i);
        item->lines[i] = (struct notice_line){
            (enum line_kind)place_of(name_of(line, "about"), frozen_lines, LINE_END),
            text_of(a, line, "name"), text_of(a, line, "detail"), number_of(line, "n"), SEVERITY_info};
        /* Those of a digest have none. */
        if (!severity_from_name(name_of(line, "severity"), &item->lines[i].severity))
            item->lines[i].severity = SEVERITY_info;
    }
}

static bool thaw_item(const json_t *o, arena *a, struct notice_item *item)
{
    thaw_state(o, a, item);
    if (!thaw_identity(o, a, item) || !thaw_sources(o, a, item))
        return false;
    thaw_numbers(o, item);
    thaw_names(o, a, item);
    thaw_waiting(o, a, item);
    thaw_results(o, a, item);
    item->p = word_read(POLICY_LIST, name_of(o, "p")).v;
    item->sp = word_read(POLICY_LIST, name_of(o, "sp")).v;
    item->testing = flag_of(o, "testing");
    item->verified = flag_of(o, "verified");
    item->usual_gap = (uint32_t)number_of(o, "usual_gap");
    return true;
}

static bool thaw(const json_t *root, arena *a, struct notice *n)
{
    const json_t *items = json_object_get(root, "items");
    if (!sv_eq(name_of(root, "schema"), SV(FROZEN_SCHEMA)) || !id_of(root, "id", n->id) ||
        !severity_from_name(name_of(root, "severity"), &n->severity) || json_array_size(items) == 0)
        return false;
    n->created = time_of(root, "created");
    n->tenant = text_of(a, root, "tenant");
    n->domain = text_of(a, root, "domain");
    n->title = text_of(a, root, "title");
    n->tz = text_of(a, root, "tz");
    n->owner = text_of(a, root, "for_owner");
    n->ahead = time_of(root, "ahead");
    n->lang = (enum lang)place_of(name_of(root, "lang"), frozen_langs, LANG_END);
    n->more = number_of(root, "more");
    n->known = number_of(root, "known");
    n->kind = (enum notice_kind)place_of(name_of(root, "kind"), frozen_notices, NOTICE_END);
    n->test = flag_of(root, "test");
    n->items = room_for(a, items, sizeof *n->items, &n->n_items);
    for (size_t i = 0; i < n->n_items; i++) {
        if (!thaw_item(json_array_get(items, i), a, &n->items[i]))
            return false;
    }
    return true;
}

bool notice_thaw(sv json, arena *a, struct notice *out, struct err *e)
{
    struct notice n = {0};
    json_error_t why;
    json_t *root = json_loadb(json.p ? json.p : "", json.n, JSON_ALLOW_NUL, &why);
    bool ok = root && thaw(root, a, &n);
    json_decref(root);
    if (a->failed)
        return err_set(e, ERR_MEMORY, "no memory for a notice");
    if (!ok)
        return err_set(e, ERR_STATE, "a stored notice cannot be read; was it written by a newer dmarcwarn?");
    *out = n;
    return true;
}
