/* Prometheus Alertmanager: alerts for its API (/api/v2/alerts), and what it sends to webhooks itself (version
 * 4). Labels are few and of bounded variety; incidents with the same labels are one alert there. Every alert
 * has an end, as Alertmanager would otherwise make one up. */
#include <stdio.h>

#include "base/clock.h"
#include "channel.h"
#include "chat.h"
#include "json_put.h"

static const struct chat_form form = {text_mail, text_mail, text_mail_foreign, "", "", chat_octets};

/* A made-up alert is over soon. */
enum { TEST_SECONDS = 300, LABEL_NAME = 64 };

struct am {
    struct chat chat;
    struct json_put f;
    const struct notice *notice;
    const struct render_context *c;
};

static bool is_over(const struct notice_item *item)
{
    return item->state == INCIDENT_resolved || news_is_end(item->news);
}

static bool same_labels(const struct notice_item *a, const struct notice_item *b)
{
    return a->kind == b->kind && a->rule == b->rule && a->severity == b->severity &&
           sv_eq(a->domain, b->domain);
}

/* The first one that goes on stands for all with its labels, else the first one. */
static bool stands_for_all(const struct notice *n, size_t i)
{
    for (size_t k = 0; k < n->n_items; k++) {
        if (k == i || !same_labels(&n->items[k], &n->items[i]))
            continue;
        bool earlier = k < i && is_over(&n->items[k]) == is_over(&n->items[i]);
        if (earlier || is_over(&n->items[k]) < is_over(&n->items[i]))
            return false;
    }
    return true;
}

/* "known_sender_failing" is "DmarcKnownSenderFailing". */
static const char *alert_name(const char *rule, char out[LABEL_NAME])
{
    size_t n = (size_t)snprintf(out, LABEL_NAME, "Dmarc");
    bool begins = true;
    for (const char *p = rule; *p && n + 1 < LABEL_NAME; p++) {
        if (*p != '_')
            out[n++] = begins && *p >= 'a' && *p <= 'z' ? (char)(*p - 'a' + 'A') : *p;
        begins = *p == '_';
    }
    out[n] = '\0';
    return out;
}

static json_t *new_labels(struct am *m, const struct notice_item *item)
{
    char name[LABEL_NAME];
    json_t *labels = json_object();
    json_put_name(&m->f, labels, "alertname", alert_name(story_rule(item), name));
    json_put_name(&m->f, labels, "rule", story_rule(item));
    json_put_name(&m->f, labels, "severity", severity_name(item->severity));
    if (item->domain.n) /* the agent itself has none, nor has a list */
        json_put_text(&m->f, labels, "domain", item->domain);
    if (m->notice->tenant.n)
        json_put_text(&m->f, labels, "tenant", m->notice->tenant);
    return labels;
}

static void add_paragraph(struct am *m, sv text)
{
    struct story *s = &m->chat.story;
    if (text.n && s->words.n)
        buf_char(&s->words, '\n');
    buf_sv(&s->words, text);
}

static json_t *new_annotations(struct am *m, const struct notice_item *item)
{
    struct story *s = &m->chat.story;
    struct story_item told;
    json_t *annotations = json_object();
    story_item(s, item, &told);
    sv title = m->notice->test ? SAY(s, MSG_subject_test, text_markup(told.title)) : told.title;
    json_put_text(&m->f, annotations, "summary", title);
    if (s->length == LENGTH_TEXT)
        return annotations;
    add_paragraph(m, told.summary);
    add_paragraph(m, told.news);
    add_paragraph(m, told.meaning);
    json_put_text(&m->f, annotations, "description", story_take(s));
    for (size_t i = 0; i < told.n_steps; i++)
        add_paragraph(m, arena_printf(&m->chat.memory, "%zu. %.*s", i + 1, SV_ARG(told.steps[i])));
    if (told.n_steps)
        json_put_text(&m->f, annotations, "next_steps", story_take(s));
    if (item->docs.n)
        json_put_text(&m->f, annotations, "docs", item->docs);
    return annotations;
}

static void put_moment(struct am *m, json_t *o, const char *key, int64_t unix_seconds)
{
    char text[CLOCK_TEXT];
    json_put_name(&m->f, o, key, clock_iso(unix_seconds, text));
}

static int64_t end_of(const struct am *m, const struct notice_item *item)
{
    if (is_over(item))
        return m->c->now;
    if (m->notice->test)
        return m->c->now + TEST_SECONDS;
    return m->c->until > m->c->now ? m->c->until : m->c->now + 3 * 3600;
}

/* When it was first told, which is the same in each repetition of a notice. */
static int64_t start_of(const struct am *m, const struct notice_item *item)
{
    int64_t end = end_of(m, item);
    return m->notice->created < end ? m->notice->created : end - 1;
}

static void put_alert(struct am *m, json_t *list, const struct notice_item *item)
{
    json_t *alert = json_add_object(&m->f, list);
    json_put(&m->f, alert, "labels", new_labels(m, item));
    json_put(&m->f, alert, "annotations", new_annotations(m, item));
    put_moment(m, alert, "startsAt", start_of(m, item));
    put_moment(m, alert, "endsAt", end_of(m, item));
}

static bool finish(struct am *m, json_t *root, buf *out, struct err *e)
{
    return chat_end(&m->chat, root, m->f.failed, true, out, e);
}

bool render_alertmanager(const struct notice *n, const struct render_context *c, buf *out, struct err *e)
{
    struct am m = {.notice = n, .c = c};
    json_t *root = json_array();
    chat_open(&m.chat, &form, c);
    for (size_t i = 0; i < n->n_items; i++)
        if (n->items[i].kind == ITEM_incident && n->items[i].severity != SEVERITY_info &&
            stands_for_all(n, i))
            put_alert(&m, root, &n->items[i]);
    if (json_array_size(root) > 0)
        return finish(&m, root, out, e);
    json_decref(root);
    return chat_close(&m.chat) || err_set(e, ERR_MEMORY, "the notice could not be rendered");
}

/* What all alerts have alike. */
static json_t *common_of(struct am *m, const json_t *alerts, const char *member)
{
    json_t *common = json_deep_copy(json_object_get(json_array_get(alerts, 0), member));
    for (size_t i = 1; i < json_array_size(alerts); i++) {
        const json_t *other = json_object_get(json_array_get(alerts, i), member);
        const char *key;
        void *next;
        json_t *value;
        json_object_foreach_safe(common, next, key, value)
        {
            if (!json_equal(value, json_object_get(other, key)) && json_object_del(common, key) != 0)
                m->f.failed = true;
        }
    }
    return common;
}

static void put_v4_alert(struct am *m, json_t *list, const struct notice_item *item)
{
    put_alert(m, list, item);
    json_t *alert = json_array_get(list, json_array_size(list) - 1);
    json_put_name(&m->f, alert, "status", is_over(item) ? "resolved" : "firing");
    json_put_name(&m->f, alert, "generatorURL", "");
    json_put_id(&m->f, alert, "fingerprint", item->incident);
}

static void put_group(struct am *m, json_t *root, const json_t *alerts)
{
    sv domain = m->notice->domain.n ? m->notice->domain : SV("*");
    json_put_text(&m->f, root, "groupKey",
                  arena_printf(&m->chat.memory, "{}/{domain=\"%.*s\"}", SV_ARG(domain)));
    json_put_text(&m->f, json_put_object(&m->f, root, "groupLabels"), "domain", domain);
    json_put(&m->f, root, "commonLabels", common_of(m, alerts, "labels"));
    json_put(&m->f, root, "commonAnnotations", common_of(m, alerts, "annotations"));
}

bool render_alertmanager_v4(const struct notice *n, const struct render_context *c, buf *out, struct err *e)
{
    struct am m = {.notice = n, .c = c};
    json_t *root = json_object(), *alerts;
    bool firing = false;
    size_t told = c->length == LENGTH_TEXT ? 1 : n->n_items;
    chat_open(&m.chat, &form, c);
    json_put_name(&m.f, root, "version", "4");
    json_put_number(&m.f, root, "truncatedAlerts", n->n_items - told + n->more);
    json_put_text(&m.f, root, "receiver", c->channel->name.p ? c->channel->name : SV(""));
    json_put_name(&m.f, root, "externalURL", "");
    alerts = json_put_list(&m.f, root, "alerts");
    for (size_t i = 0; i < told; i++) {
        put_v4_alert(&m, alerts, &n->items[i]);
        firing = firing || !is_over(&n->items[i]);
    }
    json_put_name(&m.f, root, "status", firing ? "firing" : "resolved");
    put_group(&m, root, alerts);
    return finish(&m, root, out, e);
}
