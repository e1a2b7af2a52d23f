/* The native JSON, for programs: webhooks and commands. Every member is always there, null where nothing is
 * known. Strangers' texts are as they were written, cut; whoever shows them escapes them. */
#include "base/clock.h"
#include "base/utf8.h"
#include "channel.h"
#include "email_body.h"
#include "json_put.h"
#include "model/rule.h"
#include "story.h"

#define ALERT_SCHEMA "dmarcwarn.alert.v1"

enum { LIST_MAX = 2000 };

struct alert {
    struct json_put f;
    struct story story;
    size_t cut; /* octets of a stranger's text */
};

static void put_foreign(struct alert *a, json_t *o, const char *key, sv text)
{
    json_put_text(&a->f, o, key, utf8_cut(text, a->cut));
}

static void put_null(struct alert *a, json_t *o, const char *key)
{
    json_put(&a->f, o, key, json_null());
}

static void put_moment(struct alert *a, json_t *o, const char *key, int64_t unix_seconds)
{
    char text[CLOCK_TEXT];
    json_put_name(&a->f, o, key, clock_iso(unix_seconds, text));
}

/* Which leg's failure explains it, as far as the mail that passed tells. */
static const char *const causes[] = {
    [CAUSE_NONE] = NULL, [CAUSE_DKIM] = "dkim", [CAUSE_SPF] = "spf", [CAUSE_BOTH] = "both"};

static void put_cause(struct alert *a, json_t *o, const struct notice_item *item)
{
    bool fails = item->kind == ITEM_incident && item->rule == RULE_known_sender_failing;
    enum cause cause = fails ? story_cause(item) : CAUSE_NONE;
    json_put_text(&a->f, o, "cause", sv_c(causes[cause]));
}

static void put_words(struct alert *a, json_t *o, const struct notice_item *item)
{
    struct story_item told;
    story_item(&a->story, item, &told);
    json_put_text(&a->f, o, "title", told.title);
    json_put_text(&a->f, o, "summary", told.summary);
    json_t *steps = json_put_list(&a->f, o, "next_steps");
    for (size_t i = 0; i < told.n_steps; i++)
        if (json_array_append_new(steps, json_stringn(told.steps[i].p, told.steps[i].n)) != 0)
            a->f.failed = true;
}

/* What the subject is the name of. */
static const char *subject_type(const struct notice_item *item)
{
    if (item->kind == ITEM_incident && story_names_sender(item->rule))
        return "sender";
    return sv_eq(item->subject, SV("*")) ? "many" : rule_subject_name(rule_standard(item->rule)->subject);
}

static void put_identity(struct alert *a, json_t *o, const struct notice_item *item)
{
    struct json_put *f = &a->f;
    json_put_id(f, o, "fingerprint", item->incident);
    json_put_name(f, o, "rule", story_rule(item));
    json_put_name(f, o, "severity", severity_name(item->severity));
    json_put_name(f, o, "state", incident_state_name(item->state));
    json_put_name(f, o, "reason", news_name(item->news));
    json_put_number(f, o, "episode", item->episode);
    json_put_text(f, o, "domain", item->domain);
    json_t *subject = json_put_object(f, o, "subject");
    json_put_name(f, subject, "type", subject_type(item));
    json_put_text(f, subject, "name", item->subject);
    json_put_text(f, o, "owner", item->owner);
    json_put_text(f, o, "via", item->via);
    json_put(f, o, "verified", json_boolean(item->verified));
}

static void put_counts(struct alert *a, json_t *o, const struct notice_item *item)
{
    struct json_put *f = &a->f;
    json_t *window = json_put_object(f, o, "window"), *counts = json_put_object(f, o, "counts");
    put_moment(a, window, "begin", item->first_day * DAY_SECONDS);
    put_moment(a, window, "end", (item->last_day + 1) * DAY_SECONDS - 1);
    json_put_number(f, counts, "total", item->counts.total);
    json_put_number(f, counts, "counted", item->counts.failed);
    if (rule_counts_failures(item->rule))
        json_put_number(f, counts, "failed", item->counts.failed);
    else
        put_null(a, counts, "failed");
    for (unsigned i = 0; i < FATE_END; i++)
        json_put_number(f, counts, fate_name((enum fate)i), item->counts.by_fate[i]);
    json_put_number(f, counts, "unclear", item->unclear);
    json_put_number(f, counts, "since_last_notice", item->since_told);
    json_put_number(f, counts, "sources", item->all_sources);
    json_put_number(f, counts, "reporters", item->all_reporters);
}

static void put_reporters(struct alert *a, json_t *o, const struct notice_item *item)
{
    json_t *list = json_put_list(&a->f, o, "reporters");
    for (size_t i = 0; i < item->n_reporters; i++) {
        json_t *r = json_add_object(&a->f, list);
        put_foreign(a, r, "org", item->reporters[i].name);
        json_put_number(&a->f, r, "messages", item->reporters[i].messages);
        json_put(&a->f, r, "trusted", item->reporters[i].verified ? json_true() : json_null());
    }
}

static void put_waiting(struct alert *a, json_t *o, const struct notice_item *item)
{
    json_t *waiting = json_put_object(&a->f, o, "not_reported_yet");
    json_put_number(&a->f, waiting, "count", item->all_waiting);
    json_t *list = json_put_list(&a->f, waiting, "reporters");
    for (size_t i = 0; i < item->n_waiting; i++)
        put_foreign(a, json_add_object(&a->f, list), "org", item->waiting[i]);
}

static void put_sources(struct alert *a, json_t *o, const struct notice_item *item)
{
    json_t *list = json_put_list(&a->f, o, "sources");
    for (size_t i = 0; i < item->n_sources; i++) {
        char ip[IP_TEXT];
        json_t *s = json_add_object(&a->f, list);
        json_put_name(&a->f, s, "ip", ip_text(&item->sources[i].ip, ip));
        json_put_number(&a->f, s, "count", item->sources[i].counts.failed);
        put_null(a, s, "ptr");
        put_null(a, s, "ptr_verified");
        put_null(a, s, "asn");
    }
}

static void put_names(struct alert *a, json_t *o, const struct notice_item *item)
{
    json_t *list = json_put_list(&a->f, o, "header_from");
    for (size_t i = 0; i < item->n_header_froms; i++) {
        json_t *n = json_add_object(&a->f, list);
        put_foreign(a, n, "domain", item->header_froms[i].name);
        json_put_number(&a->f, n, "messages", item->header_froms[i].messages);
    }
}

static void put_auth(struct alert *a, json_t *o, const struct notice_item *item)
{
    struct json_put *f = &a->f;
    json_t *auth = json_put_object(f, o, "auth"), *spf = json_put_list(f, auth, "spf"),
           *dkim = json_put_list(f, auth, "dkim");
    for (size_t i = 0; i < item->n_spfs; i++) {
        json_t *s = json_add_object(f, spf);
        put_foreign(a, s, "domain", item->spfs[i].domain);
        put_foreign(a, s, "result", word_text(SPF_LIST, item->spfs[i].result));
        json_put(f, s, "aligned", json_boolean(item->spfs[i].ours));
        json_put_number(f, s, "messages", item->spfs[i].messages);
    }
    for (size_t i = 0; i < item->n_dkims; i++) {
        json_t *d = json_add_object(f, dkim);
        put_foreign(a, d, "domain", item->dkims[i].domain);
        put_foreign(a, d, "selector", item->dkims[i].selector);
        put_foreign(a, d, "result", word_text(DKIM_LIST, item->dkims[i].result));
        json_put(f, d, "aligned", json_boolean(item->dkims[i].ours));
        json_put_number(f, d, "messages", item->dkims[i].messages);
    }
}

/* Absent and unknown words are both null. */
static sv policy_text(uint8_t p)
{
    return word_text(POLICY_LIST, (struct word){p, SV_ABSENT});
}

static void put_policy(struct alert *a, json_t *o, const struct notice_item *item)
{
    json_t *policy = json_put_object(&a->f, o, "policy"), *links = json_put_object(&a->f, o, "links");
    json_put_text(&a->f, policy, "p", policy_text(item->p));
    json_put_text(&a->f, policy, "sp", policy_text(item->sp));
    put_null(a, policy, "np");
    json_put(&a->f, policy, "testing", json_boolean(item->testing));
    /* The summary has it. */
    bool is_text = rule_about(item->rule) >= ABOUT_OTHERS && item->rule != RULE_tls_policy_changed;
    json_put_text(&a->f, policy, "before", is_text ? SV_ABSENT : item->before);
    json_put_text(&a->f, policy, "after", is_text ? SV_ABSENT : item->after);
    put_null(a, links, "report");
    json_put_text(&a->f, links, "docs", item->docs);
    put_null(a, links, "runbook");
}

/* A shorter form has all members, and nothing in its lists. */
static struct notice_item without_evidence(const struct notice_item *item)
{
    struct notice_item bare = *item;
    bare.n_waiting = bare.n_sources = bare.n_reporters = bare.n_spfs = bare.n_dkims = bare.n_header_froms = 0;
    return bare;
}

static void put_domains(struct alert *a, json_t *o, const struct notice_item *item)
{
    json_t *list = json_put_list(&a->f, o, "domains");
    for (size_t i = 0; i < item->n_lines; i++) {
        json_t *line = json_add_object(&a->f, list);
        json_put_text(&a->f, line, "domain", item->lines[i].name);
        json_put_name(&a->f, line, "severity", severity_name(item->lines[i].severity));
        json_put_number(&a->f, line, item->kind == ITEM_incident ? "messages" : "incidents",
                        item->lines[i].n);
    }
}

static void put_alert(struct alert *a, json_t *o, const struct notice_item *item)
{
    put_identity(a, o, item);
    put_cause(a, o, item);
    put_words(a, o, item);
    put_counts(a, o, item);
    const struct notice_item told = a->story.length == LENGTH_FULL ? *item : without_evidence(item);
    put_reporters(a, o, &told);
    put_waiting(a, o, &told);
    put_sources(a, o, &told);
    put_names(a, o, &told);
    put_auth(a, o, &told);
    put_policy(a, o, item);
    if (item->all_lines > 0)
        put_domains(a, o, item);
}

static void put_group(struct alert *a, json_t *root, const struct notice *n)
{
    json_t *group = json_put_object(&a->f, root, "group");
    sv domain = n->domain.n ? n->domain : SV("*");
    sv key =
        n->tenant.n ? arena_printf(a->story.memory, "%.*s/%.*s", SV_ARG(n->tenant), SV_ARG(domain)) : domain;
    json_put_text(&a->f, group, "key", key);
    json_put_text(&a->f, group, "tenant", n->tenant);
    json_put_text(&a->f, group, "title", n->title);
    json_put_text(&a->f, group, "domain", n->domain);
}

static json_t *build(struct alert *a, const struct notice *n, size_t told, const struct render_context *c)
{
    struct json_put *f = &a->f;
    json_t *root = json_object();
    json_put_name(f, root, "schema", ALERT_SCHEMA);
    json_put_id(f, root, "id", n->id);
    json_put_name(f, root, "reason", n->test ? "test" : news_name(n->items[0].news));
    put_moment(a, root, "sent_at", c->now);
    json_put(f, root, "repeat_possible", json_boolean(c->repeat_possible));
    put_group(a, root, n);
    json_put_number(f, root, "truncated", n->n_items - told + n->more);
    json_t *alerts = json_put_list(f, root, "alerts");
    for (size_t i = 0; i < told; i++)
        put_alert(a, json_add_object(f, alerts), &n->items[i]);
    return root;
}

/* True also when out became too small: out->failed says so. */
static bool render_once(const struct notice *n, size_t told, const struct render_context *c, buf *out)
{
    arena memory;
    struct text_style style = plain_style(c);
    struct alert a = {.cut = (size_t)c->limits->text_shown};
    arena_init(&memory, c->limits->notice_size * 8);
    story_open(&a.story, &style, &memory, LIST_MAX, c);
    json_t *root = build(&a, n, told, c);
    bool ok = story_close(&a.story) && !a.f.failed && json_dump_to(root, JSON_ENSURE_ASCII, out);
    buf_char(out, '\n');
    json_decref(root);
    arena_free(&memory);
    return ok;
}

static bool render_native(const struct notice *n, const struct render_context *c, buf *out, struct err *e)
{
    size_t start = out->n, told = c->length == LENGTH_TEXT ? 1 : n->n_items;
    bool ok = render_once(n, told, c, out);
    while (ok && out->failed && told > 1) {
        told /= 2;
        out->n = start;
        out->failed = false;
        ok = render_once(n, told, c, out);
    }
    if (ok && !out->failed)
        return true;
    return err_set(e, ok ? ERR_LIMIT : ERR_MEMORY, "the notice could not be rendered as JSON");
}

bool render_webhook(const struct notice *n, const struct render_context *c, buf *out, struct err *e)
{
    return (c->channel->format == FORMAT_ALERTMANAGER ? render_alertmanager_v4 : render_native)(n, c, out, e);
}
