#include "output/status.h"

#include "base/clock.h"
#include "base/utf8.h"
#include "json_writer.h"
#include "paint.h"
#include "text/escape.h"
#include "whole.h"

enum { OUT_MAX = 16 * 1024 * 1024, NAME_WIDTH = 16, NAME_MAX_WIDTH = 40 };

/* ---- lines ---- */

static void put_name(buf *out, sv name)
{
    size_t before = out->n;
    buf_puts(out, "  ");
    text_terminal(out, name);
    do
        buf_char(out, ' ');
    while (out->n - before < NAME_WIDTH + 2);
}

static void put_time(buf *out, int64_t t)
{
    char text[CLOCK_TEXT];
    buf_puts(out, t ? clock_iso(t, text) : "never");
}

static void put_failures(buf *out, const struct status_object *o)
{
    if (o->failed_runs == 0)
        return;
    buf_puts(out, ", failed in ");
    paint_count(out, o->failed_runs, "run", "runs");
    buf_puts(out, ": ");
    text_terminal(out, o->error);
}

static void put_run(buf *out, const struct status_run *r)
{
    buf_puts(out, "last run  ");
    put_time(out, r->any ? r->ended : 0);
    if (r->any) {
        buf_printf(out, ", exit code %d: ", r->exit_code);
        paint_count(out, r->mails, "mail", "mails");
        buf_puts(out, ", ");
        paint_count(out, r->reports, "report", "reports");
        buf_puts(out, ", ");
        paint_count(out, r->rejects, "reject", "rejects");
        buf_puts(out, ", ");
        paint_count(out, r->notices, "notice", "notices");
    }
    buf_char(out, '\n');
}

static void put_mailbox(buf *out, const struct status_object *o)
{
    put_name(out, o->name);
    buf_puts(out, "read ");
    put_time(out, o->last_success);
    if (o->has_mark)
        buf_printf(out, ", up to UID %u of UIDVALIDITY %u", o->mark, o->uidvalidity);
    if (o->gaps) {
        buf_puts(out, ", ");
        paint_count(out, o->gaps, "mail is asked for again", "mails are asked for again");
    }
    put_failures(out, o);
    buf_char(out, '\n');
}

static void put_channel(buf *out, const struct status_object *o)
{
    put_name(out, o->name);
    paint_count(out, o->waiting, "notice waits", "notices wait");
    if (o->dead) {
        buf_puts(out, ", ");
        paint_count(out, o->dead, "was given up", "were given up");
    }
    put_failures(out, o);
    buf_char(out, '\n');
}

static int width_of(const struct status *s, bool of_notes)
{
    size_t most = 1;
    for (size_t i = 0; i < s->n_notes; i++) {
        sv text = of_notes ? s->notes[i].note : s->notes[i].reporter;
        most = text.n > most ? text.n : most;
    }
    return most > NAME_MAX_WIDTH ? NAME_MAX_WIDTH : (int)most;
}

static void put_padded(buf *out, sv text, int width)
{
    size_t before = out->n;
    text_terminal(out, text.n ? utf8_cut(text, NAME_MAX_WIDTH) : SV("?"));
    while (out->n - before < (size_t)width)
        buf_char(out, ' ');
}

static void put_notes(buf *out, const struct status *s)
{
    const int reporter = width_of(s, false), note = width_of(s, true);
    buf_puts(out, s->n_notes ? "notes on reports\n" : "notes on reports  none\n");
    for (size_t i = 0; i < s->n_notes; i++) {
        const struct status_note *n = &s->notes[i];
        buf_puts(out, "  ");
        put_padded(out, n->reporter, reporter);
        buf_puts(out, "  ");
        put_padded(out, n->note, note);
        buf_printf(out, "  %6llu  ", (unsigned long long)n->reports);
        put_time(out, n->last);
        buf_char(out, '\n');
    }
}

static void put_learning(buf *out, const struct status *s)
{
    buf_puts(out, "learning  ");
    paint_count(out, s->learning, "domain", "domains");
    if (s->learning) {
        buf_puts(out, ", until ");
        put_time(out, s->learning_until);
    }
    buf_char(out, '\n');
}

static void put_lines(buf *out, const struct status *s)
{
    buf_printf(out, "version   %s\nsandbox   ", s->version);
    if (s->sandbox.n) {
        text_terminal(out, s->sandbox);
        buf_puts(out, ": ");
    }
    text_terminal(out, s->sandbox_sentence);
    buf_char(out, '\n');
    put_run(out, &s->run);
    buf_puts(out, "mailboxes\n");
    for (size_t i = 0; i < s->n_mailboxes; i++)
        put_mailbox(out, &s->mailboxes[i]);
    buf_puts(out, "channels\n");
    for (size_t i = 0; i < s->n_channels; i++)
        put_channel(out, &s->channels[i]);
    buf_puts(out, "quarantine  ");
    paint_count(out, s->quarantined, "document or mail", "documents and mails");
    buf_char(out, '\n');
    put_learning(out, s);
    if (s->with_notes)
        put_notes(out, s);
}

/* ---- JSON ---- */

static void json_run(struct json *j, const struct status_run *r)
{
    const struct {
        const char *key;
        uint64_t n;
    } counts[] = {{"exit_code", (uint64_t)r->exit_code},
                  {"mails", r->mails},
                  {"reports", r->reports},
                  {"rejects", r->rejects},
                  {"notices", r->notices},
                  {"sent", r->sent},
                  {"failed", r->failed}};
    json_open(j, "last_run", '{');
    json_time(j, "started", r->any, r->started);
    json_time(j, "ended", r->any, r->ended);
    for (size_t i = 0; r->any && i < sizeof counts / sizeof counts[0]; i++)
        json_number(j, counts[i].key, counts[i].n);
    json_close(j, '}');
}

static void json_object(struct json *j, const struct status_object *o, bool is_mailbox)
{
    json_open(j, NULL, '{');
    json_text(j, "name", o->name);
    if (is_mailbox) {
        json_time(j, "last_success", o->last_success != 0, o->last_success);
        json_number(j, "uidvalidity", o->uidvalidity);
        json_number(j, "mark", o->mark);
        json_number(j, "gaps", o->gaps);
    } else {
        json_number(j, "waiting", o->waiting);
        json_number(j, "given_up", o->dead);
    }
    json_number(j, "failed_runs", o->failed_runs);
    json_text(j, "error", o->error);
    json_close(j, '}');
}

static void json_objects(struct json *j, const char *key, const struct status_object *o, size_t n,
                         bool are_mailboxes)
{
    json_open(j, key, '[');
    for (size_t i = 0; i < n; i++)
        json_object(j, &o[i], are_mailboxes);
    json_close(j, ']');
}

static void json_notes(struct json *j, const struct status *s)
{
    json_open(j, "notes", '[');
    for (size_t i = 0; i < s->n_notes; i++) {
        json_open(j, NULL, '{');
        json_text(j, "reporter", s->notes[i].reporter.n ? s->notes[i].reporter : SV_ABSENT);
        json_text(j, "note", s->notes[i].note);
        json_number(j, "reports", s->notes[i].reports);
        json_time(j, "last", true, s->notes[i].last);
        json_close(j, '}');
    }
    json_close(j, ']');
}

static void put_json(buf *out, const struct status *s)
{
    struct json j = {.out = out};
    json_open(&j, NULL, '{');
    json_text(&j, "version", sv_c(s->version));
    json_text(&j, "sandbox", s->sandbox);
    json_text(&j, "sandbox_means", s->sandbox_sentence);
    json_run(&j, &s->run);
    json_objects(&j, "mailboxes", s->mailboxes, s->n_mailboxes, true);
    json_objects(&j, "channels", s->channels, s->n_channels, false);
    json_number(&j, "quarantined", s->quarantined);
    json_number(&j, "learning", s->learning);
    json_time(&j, "learning_until", s->learning != 0, s->learning_until);
    if (s->with_notes)
        json_notes(&j, s);
    json_close(&j, '}');
    buf_char(out, '\n');
}

bool status_print(const struct status *s, bool json, FILE *to, struct err *e)
{
    buf out;
    buf_init(&out, OUT_MAX);
    (json ? put_json : put_lines)(&out, s);
    bool ok = write_whole(&out, to, e);
    buf_free(&out);
    return ok;
}
