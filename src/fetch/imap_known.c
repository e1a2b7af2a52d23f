/* Known reporters first: of many new mails, which ones are from them by their From: field (RFC 9051 6.4.4).
 * It is order and nothing else: whatever the server answers, or whether it does, all mails are asked for. */
#include "base/num.h"
#include "imap_proto.h"
#include "model/domain.h"
#include "utf7.h"

/* "FROM a", "OR FROM a FROM b", "OR OR FROM a FROM b FROM c": as many as there is room for. */
static void put_key(struct imap_proto *p, const sv *known, size_t n)
{
    enum { ROOM = IMAP_COMMAND / 2, EACH = DOMAIN_MAX + sizeof "OR  FROM \"\"" };
    buf names;
    buf_init(&names, ROOM);
    buf_reset(&p->known);
    for (size_t i = 0; i < n && names.n + p->known.n + EACH < ROOM; i++) {
        if (!domain_is_plain(known[i]))
            continue;
        if (names.n)
            buf_puts(&p->known, "OR ");
        buf_puts(&names, " FROM ");
        imap_put_quoted(&names, known[i]);
    }
    buf_sv(&p->known, sv_skip(buf_view(&names), names.n > 0));
    buf_free(&names);
}

static void search_piece(struct imap_proto *p)
{
    struct imap_command c = {.kind = COMMAND_SEARCH, .from = p->search_at};
    uint64_t left = p->list.n - c.from, most = p->config.limits->known_batch;
    c.to = c.from + (size_t)(left < most ? left : most);
    p->search_at = c.to;
    buf_reset(&p->set);
    buf_printf(&p->set, "%u:%u ", (unsigned)p->list.entries[c.from].uid,
               (unsigned)p->list.entries[c.to - 1].uid);
    buf_sv(&p->set, buf_view(&p->known));
    imap_command(p, c, "UID SEARCH UID ", buf_view(&p->set), "");
}

bool imap_known_begin(struct imap_proto *p)
{
    const struct fetch_handler *h = p->config.handler;
    size_t n = 0;
    p->first_pass = false;
    if (p->list.n <= p->config.limits->known_above || h->known == NULL)
        return false;
    const sv *known = h->known(h->ctx, p->config.source, &n);
    put_key(p, known, n);
    if (p->known.n == 0 || p->known.failed)
        return false;
    p->phase = PHASE_SEARCHING;
    p->search_at = 0;
    search_piece(p);
    return true;
}

void imap_known_found(struct imap_proto *p, sv line)
{
    uint64_t uid;
    for (sv word = imap_word(&line); word.n; word = imap_word(&line)) {
        struct imap_entry *entry =
            num_u64(word, UINT32_MAX, &uid) ? imap_list_find(&p->list, (uint32_t)uid) : NULL;
        if (entry)
            p->first_pass = entry->first = true;
    }
}

bool imap_known_answer(struct imap_proto *p, const struct imap_answer *a)
{
    if (a->status != IMAP_OK || p->search_at == p->list.n)
        return true;
    search_piece(p);
    return false;
}
