#include <stdio.h>

#include "base/clock.h"
#include "mailbox_key.h"
#include "quarantine.h"
#include "text/escape.h"
#include "text/format.h"

enum { COLUMNS = 5, CELL = 4096 };

/* Its name in the configuration, else where it is. */
static sv name_of(const struct quarantine *q, const struct store_quarantined *m, buf *out)
{
    const struct mailbox_cfg *cfg = mailbox_of(&q->d->config, &m->key);
    if (cfg)
        text_terminal(out, cfg->name);
    else if (m->key.host.n) {
        text_terminal(out, m->key.host);
        buf_char(out, '/');
        text_terminal(out, m->key.folder);
    } else
        text_terminal(out, m->key.folder);
    return buf_view(out);
}

struct row {
    buf cells[COLUMNS];
};

static void make_row(const struct quarantine *q, const struct store_quarantined *m, struct row *row)
{
    char time[CLOCK_TEXT];
    for (size_t i = 0; i < COLUMNS; i++)
        buf_init(&row->cells[i], CELL);
    buf_printf(&row->cells[0], "%lld", (long long)m->id);
    buf_printf(&row->cells[1], "%.16sZ", clock_iso(m->since, time));
    (void)name_of(q, m, &row->cells[2]);
    text_size(&row->cells[3], m->size);
    if (!m->kept)
        buf_puts(&row->cells[3], ", not kept");
    text_terminal(&row->cells[4], m->n_unread ? m->unread[0].reason : SV("unknown"));
    if (m->n_unread > 1)
        buf_printf(&row->cells[4], " and %zu more", m->n_unread - 1);
}

static void free_row(struct row *row)
{
    for (size_t i = 0; i < COLUMNS; i++)
        buf_free(&row->cells[i]);
}

static void widen(size_t widths[COLUMNS], const struct row *row)
{
    for (size_t i = 0; i < COLUMNS; i++)
        widths[i] = row->cells[i].n > widths[i] ? row->cells[i].n : widths[i];
}

static void print_row(const size_t widths[COLUMNS], const struct row *row)
{
    for (size_t i = 0; i < COLUMNS; i++) {
        const buf *cell = &row->cells[i];
        int width = i == 0 ? (int)widths[0] : i + 1 == COLUMNS ? 0 : -(int)widths[i];
        (void)printf("%s%*.*s", i ? "  " : "", width, (int)cell->n, cell->p ? cell->p : "");
    }
    (void)putchar('\n');
}

static void print_head(const size_t widths[COLUMNS], const char *const heads[COLUMNS])
{
    struct row row;
    for (size_t i = 0; i < COLUMNS; i++) {
        buf_init(&row.cells[i], CELL);
        buf_puts(&row.cells[i], heads[i]);
    }
    print_row(widths, &row);
    free_row(&row);
}

/* Twice over the list instead of keeping the texts of all. */
void quarantine_print_list(const struct quarantine *q)
{
    static const char *const heads[COLUMNS] = {"ID", "SINCE", "MAILBOX", "SIZE", "REASON"};
    size_t widths[COLUMNS];
    for (size_t i = 0; i < COLUMNS; i++)
        widths[i] = strlen(heads[i]);
    if (q->n == 0)
        return;
    for (int printing = 0; printing < 2; printing++) {
        if (printing)
            print_head(widths, heads);
        for (size_t i = 0; i < q->n; i++) {
            struct row row;
            make_row(q, &q->mails[i], &row);
            if (printing)
                print_row(widths, &row);
            else
                widen(widths, &row);
            free_row(&row);
        }
    }
}

static void put_unread(buf *out, const struct store_unread *u)
{
    enum reject reason = REJECT_NONE_;
    for (int r = REJECT_NONE_ + 1; r < REJECT_END; r++)
        if (sv_eq(u->reason, sv_c(reject_code((enum reject)r))))
            reason = (enum reject)r;
    buf_puts(out, "reason    ");
    text_terminal(out, u->reason);
    if (reason != REJECT_NONE_)
        buf_printf(out, ": %s", reject_sentence(reason));
    if (u->detail.n) {
        buf_puts(out, "; ");
        text_terminal(out, u->detail);
    }
    if (u->document >= 0)
        buf_printf(out, " (document %lld%s", (long long)u->document + 1, u->member.n ? ", " : "");
    text_terminal(out, u->member);
    buf_puts(out, u->document >= 0 ? ")\n" : "\n");
}

static void put_head(const struct quarantine *q, const struct store_quarantined *m, buf *out)
{
    char since[CLOCK_TEXT], came[CLOCK_TEXT];
    buf_printf(out, "id        %lld\nsince     %s\nmailbox   ", (long long)m->id, clock_iso(m->since, since));
    (void)name_of(q, m, out);
    if (m->key.host.n) {
        buf_puts(out, " (");
        text_terminal(out, m->key.user);
        buf_puts(out, " at ");
        text_terminal(out, m->key.host);
        buf_printf(out, ":%u, folder ", (unsigned)m->key.port);
        text_terminal(out, m->key.folder);
        buf_printf(out, ", UID %u of UIDVALIDITY %u%s)", (unsigned)m->uid, (unsigned)m->uidvalidity,
                   m->current ? "" : ", which is no longer so");
    }
    if (m->internaldate > 0)
        buf_printf(out, "\nreceived  %s", clock_iso(m->internaldate, came));
    buf_printf(out, "\nsize      %llu octets%s\n", (unsigned long long)m->size,
               m->kept ? "" : ", no copy is kept");
    for (size_t i = 0; i < m->n_unread; i++)
        put_unread(out, &m->unread[i]);
}

/* Line by line, so that the mail's own lines stay lines. */
static void put_escaped(buf *out, sv mail)
{
    while (mail.n) {
        size_t end = sv_find_char(mail, '\n', 0);
        size_t n = end == SIZE_MAX ? mail.n : end;
        sv line = sv_first(mail, n);
        text_terminal(out, sv_ends(line, SV("\r")) ? sv_first(line, n - 1) : line);
        buf_char(out, '\n');
        mail = sv_skip(mail, end == SIZE_MAX ? n : n + 1);
    }
}

bool quarantine_print_mail(const struct quarantine *q, const struct store_quarantined *m, struct err *e)
{
    buf mail CLEANUP(buf_free), out CLEANUP(buf_free);
    bool kept;
    buf_init(&mail, (size_t)q->d->config.limits.mail_size + 1);
    buf_init(&out, 8 * (size_t)q->d->config.limits.mail_size + MIB(1));
    if (!store_quarantine_bytes(q->d->store, m->id, &mail, &kept, e))
        return false;
    if (q->raw && !kept)
        return err_set(e, ERR_INPUT, "quarantine: no copy of mail %lld is kept", (long long)m->id);
    if (q->raw) {
        (void)fwrite(mail.p, 1, mail.n, stdout);
        return true;
    }
    put_head(q, m, &out);
    if (kept)
        buf_char(&out, '\n');
    put_escaped(&out, buf_view(&mail));
    (void)fwrite(out.p, 1, out.n, stdout);
    return !out.failed || err_set(e, ERR_MEMORY, "out of memory");
}
