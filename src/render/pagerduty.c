/* PagerDuty, Events API v2: an event a line, one for each incident, as the API takes one at a time. The
 * dedup_key is the incident's: an event that comes twice changes nothing. */
#include <stdio.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "channel.h"
#include "chat.h"
#include "json_put.h"

enum {
    SUMMARY_MAX = 1024, /* characters of a summary */
    EVENT_MAX = 512000  /* octets of an event */
};

static const struct chat_form form = {text_mail, text_mail, text_mail_foreign, "", "", utf8_count};

struct pager {
    struct chat chat;
    struct json_put f;
    const struct notice *notice;
};

static sv cut_characters(sv text, size_t max)
{
    while (utf8_count(text) > max)
        text = utf8_cut(text, text.n - 1);
    return text;
}

static void put_details(struct pager *p, json_t *payload, const struct story_item *told)
{
    json_t *details = json_put_object(&p->f, payload, "custom_details");
    json_put_text(&p->f, details, "summary", told->summary);
    if (told->news.n)
        json_put_text(&p->f, details, "news", told->news);
    if (told->meaning.n)
        json_put_text(&p->f, details, "meaning", told->meaning);
    for (size_t i = 0; i < told->n_facts; i++) {
        const char *label = arena_cstr(&p->chat.memory, told->facts[i].label);
        json_put_text(&p->f, details, label ? label : "", told->facts[i].text);
    }
    for (size_t i = 0; i < told->n_steps; i++) {
        char label[sizeof "step 0"];
        (void)snprintf(label, sizeof label, "step %u", (unsigned)(i + 1) % 10);
        json_put_text(&p->f, details, label, told->steps[i]);
    }
}

static sv summary_of(struct pager *p, const struct story_item *told)
{
    struct story *s = &p->chat.story;
    sv severity = told->severity;
    if (p->notice->test)
        severity = SAY(s, MSG_subject_test, text_markup(severity));
    return cut_characters(arena_printf(&p->chat.memory, "%.*s %.*s", SV_ARG(severity), SV_ARG(told->title)),
                          SUMMARY_MAX);
}

static void put_payload(struct pager *p, json_t *event, const struct notice_item *item)
{
    char reported[CLOCK_TEXT];
    struct story_item told;
    json_t *payload = json_put_object(&p->f, event, "payload");
    story_item(&p->chat.story, item, &told);
    json_put_text(&p->f, payload, "summary", summary_of(p, &told));
    json_put_text(&p->f, payload, "source", item->domain.n ? item->domain : SV("dmarcwarn"));
    json_put_name(&p->f, payload, "severity", severity_name(item->severity));
    json_put_name(&p->f, payload, "timestamp", clock_iso(p->notice->created, reported));
    json_put_text(&p->f, payload, "component", item->subject);
    json_put_name(&p->f, payload, "class", story_rule(item));
    if (p->notice->tenant.n)
        json_put_text(&p->f, payload, "group", p->notice->tenant);
    if (p->chat.story.length != LENGTH_TEXT)
        put_details(p, payload, &told);
}

static bool put_event(struct pager *p, const struct render_context *c, const struct notice_item *item,
                      buf *out)
{
    bool over = news_is_end(item->news);
    size_t start = out->n;
    json_t *event = json_object();
    json_put_text(&p->f, event, "routing_key", c->channel->token);
    json_put_name(&p->f, event, "event_action", over ? "resolve" : "trigger");
    json_put_id(&p->f, event, "dedup_key", item->incident);
    if (!over) {
        json_put_name(&p->f, event, "client", "dmarcwarn");
        put_payload(p, event, item);
    }
    bool ok = !p->f.failed && json_dump_to(event, 0, out);
    buf_char(out, '\n');
    json_decref(event);
    return ok && out->n - start <= EVENT_MAX;
}

bool render_pagerduty(const struct notice *n, const struct render_context *c, buf *out, struct err *e)
{
    struct pager p = {.notice = n};
    bool fits = true;
    chat_open(&p.chat, &form, c);
    for (size_t i = 0; i < n->n_items; i++)
        fits = put_event(&p, c, &n->items[i], out) && fits;
    bool ok = chat_close(&p.chat) && !p.f.failed;
    if (ok && fits && !out->failed)
        return true;
    return err_set(e, ok ? ERR_LIMIT : ERR_MEMORY, "the notice could not be rendered for PagerDuty");
}
