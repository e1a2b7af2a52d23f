#include "imap_proto.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/num.h"
#include "utf7.h"

/* The first failure stays. */
void imap_fail(struct imap_proto *p, enum err_class cls, bool transient, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    if (p->phase != PHASE_FAILED) {
        (void)vsnprintf(p->err.msg, sizeof p->err.msg, fmt, ap);
        p->err.cls = cls;
        p->transient = transient;
        p->phase = PHASE_FAILED;
    }
    va_end(ap);
}

void imap_refused(struct imap_proto *p, const char *what, const struct imap_answer *a)
{
    char words[ERR_QUOTE];
    imap_fail(p, ERR_UNREACHABLE, a->status != IMAP_NO || imap_answer_transient(a), "%s: the server says: %s",
              what, err_quote(a->whole, words));
}

void imap_command(struct imap_proto *p, struct imap_command c, const char *before, sv middle,
                  const char *after)
{
    c.number = ++p->commands;
    buf_printf(&p->out, "%.*s%u %s", IMAP_PREFIX, p->config.prefix, (unsigned)c.number, before);
    buf_sv(&p->out, middle);
    buf_puts(&p->out, after);
    buf_puts(&p->out, "\r\n");
    p->flights[p->n_flights++] = c;
    if (p->out.failed)
        imap_fail(p, ERR_MEMORY, true, "out of memory");
}

bool imap_put_folder(buf *out, sv name)
{
    buf wire;
    buf_init(&wire, IMAP_COMMAND / 4);
    bool good = utf7_put(&wire, name);
    imap_put_quoted(out, buf_view(&wire));
    buf_free(&wire);
    return good && !out->failed;
}

void imap_leave(struct imap_proto *p)
{
    p->phase = PHASE_LEAVING;
    imap_command(p, (struct imap_command){.kind = COMMAND_LOGOUT}, "LOGOUT", SV_ABSENT, "");
}

bool imap_proto_init(struct imap_proto *p, const struct imap_config *config, const struct fetch_state *state,
                     struct err *e)
{
    const struct limits *limits = config->limits;
    *p = (struct imap_proto){.config = *config, .uidvalidity = state->uidvalidity, .floor = state->mark};
    imap_reader_init(&p->reader, limits->imap_line);
    imap_list_init(&p->list, limits->mailbox_list);
    buf_init(&p->out, 2 * IMAP_FLIGHTS * IMAP_COMMAND);
    buf_init(&p->set, IMAP_COMMAND);
    buf_init(&p->known, IMAP_COMMAND / 2);
    buf_init(&p->folder, IMAP_COMMAND / 2);
    buf_init(&p->settle.target, IMAP_COMMAND / 2);
    bool good = imap_put_folder(&p->folder, config->folder);
    p->gaps = calloc(state->n_gaps + 1, sizeof *p->gaps);
    if (good && p->gaps) {
        for (; p->n_gaps < state->n_gaps; p->n_gaps++)
            p->gaps[p->n_gaps] = state->gaps[p->n_gaps];
        imap_command(p, (struct imap_command){.kind = COMMAND_CAPABILITY}, "CAPABILITY", SV_ABSENT, "");
        return true;
    }
    imap_proto_free(p);
    if (good)
        return err_set(e, ERR_MEMORY, "out of memory");
    return err_set(e, ERR_CONFIG,
                   "the folder's name is empty, too long, no UTF-8, or has control characters");
}

void imap_proto_free(struct imap_proto *p)
{
    imap_reader_free(&p->reader);
    imap_list_free(&p->list);
    buf_free(&p->out);
    buf_free(&p->folder);
    buf_free(&p->set);
    buf_free(&p->known);
    buf_free(&p->body);
    buf_free(&p->settle.target);
    free(p->gaps);
    p->gaps = NULL;
    p->n_gaps = 0;
}

/* Providers that refuse clients without a name get one (RFC 2971). */
static void open_folder(struct imap_proto *p)
{
    if (p->can & CAN_ID)
        imap_command(p, (struct imap_command){.kind = COMMAND_ID}, "ID (\"name\" \"dmarcwarn\")", SV_ABSENT,
                     "");
    if ((p->can & CAN_QUOTA) && !p->config.looks)
        imap_command(p, (struct imap_command){.kind = COMMAND_QUOTA}, "GETQUOTAROOT ", buf_view(&p->folder),
                     "");
    imap_command(p, (struct imap_command){.kind = COMMAND_EXAMINE}, "EXAMINE ", buf_view(&p->folder), "");
}

static void folder_refused(struct imap_proto *p, const struct imap_answer *a)
{
    char words[ERR_QUOTE];
    /* Exchange Online's words for a good login without rights, and for too many connections alike. */
    if (sv_find(a->text, SV("authenticated but not connected"), 0) != SIZE_MAX) {
        imap_fail(p, ERR_UNREACHABLE, true,
                  "the mailbox is closed to this login: the server says: %s; give the service principal or "
                  "person FullAccess (Add-MailboxPermission) and check user; if it worked before, there were "
                  "too many connections",
                  err_quote(a->whole, words));
        return;
    }
    if (a->status == IMAP_BAD || imap_answer_transient(a)) {
        imap_refused(p, "the folder cannot be opened", a);
        return;
    }
    imap_fail(
        p, ERR_UNREACHABLE, false,
        "the folder '%.*s' cannot be opened: the server says: %s; write it as the server does (capitals, "
        "'/' or '.' between levels)",
        (int)(p->config.folder.n < 100 ? p->config.folder.n : 100), p->config.folder.p,
        err_quote(a->whole, words));
}

static void folder_open(struct imap_proto *p)
{
    if (p->box.uidvalidity == 0) {
        imap_fail(
            p, ERR_UNREACHABLE, false,
            "the server gives no UIDVALIDITY for the folder, so that its mails cannot be told apart; another "
            "IMAP server is needed");
        return;
    }
    p->box.renumbered = p->uidvalidity && p->uidvalidity != p->box.uidvalidity;
    if (p->uidvalidity != p->box.uidvalidity) {
        p->floor = 0;
        p->n_gaps = 0;
    }
    p->only_recent = p->config.since && p->floor == 0 && p->n_gaps == 0 && !p->box.renumbered;
    p->box.moves = p->can & CAN_MOVE;
    p->box.expunges = p->can & CAN_UIDPLUS;
    p->open = true;
    p->config.handler->selected(p->config.handler->ctx, p->config.source, &p->box);
    if (p->config.looks)
        imap_leave(p);
    else
        imap_rounds_begin(p);
}

static void answered(struct imap_proto *p, const struct imap_command *c, const struct imap_answer *a)
{
    p->progress++;
    switch (c->kind) {
    case COMMAND_CAPABILITY:
        p->reader.literals = true;
        open_folder(p);
        return;
    case COMMAND_ID:
    case COMMAND_QUOTA: /* who cannot say it does not matter */
        imap_rounds_go_on(p);
        return;
    case COMMAND_EXAMINE:
        if (a->status == IMAP_OK)
            folder_open(p);
        else
            folder_refused(p, a);
        return;
    case COMMAND_LIST:
    case COMMAND_SEARCH:
    case COMMAND_BODIES:
        imap_rounds_answer(p, c, a);
        return;
    case COMMAND_SELECT:
    case COMMAND_CREATE:
    case COMMAND_SETTLE:
        imap_settle_answer(p, c, a);
        return;
    case COMMAND_LOGOUT:
        p->phase = PHASE_ENDED;
        return;
    }
}

static void take_alert(struct imap_proto *p, const struct imap_answer *a)
{
    if (sv_eq_nocase(a->code, SV("ALERT")))
        p->config.handler->alert(p->config.handler->ctx, p->config.source, a->text);
}

/* Lines with another tag are none of ours and mean nothing. */
static void take_tagged(struct imap_proto *p, sv line)
{
    sv rest = sv_skip(line, IMAP_PREFIX);
    uint64_t number;
    if (!num_u64(imap_word(&rest), UINT32_MAX, &number))
        return;
    for (size_t i = 0; i < p->n_flights; i++) {
        struct imap_command c = p->flights[i];
        if (c.number != number)
            continue;
        p->n_flights--;
        for (; i < p->n_flights; i++)
            p->flights[i] = p->flights[i + 1];
        struct imap_answer a = imap_answer_of(rest);
        take_alert(p, &a);
        answered(p, &c, &a);
        return;
    }
}

static void take_status(struct imap_proto *p, const struct imap_answer *a)
{
    uint64_t n;
    take_alert(p, a);
    if (a->status == IMAP_BYE && p->phase != PHASE_LEAVING)
        imap_refused(p, "the server ends the session", a);
    else if (p->phase == PHASE_OPENING && num_u64(a->arguments, UINT32_MAX, &n)) {
        if (sv_eq_nocase(a->code, SV("UIDVALIDITY")))
            p->box.uidvalidity = (uint32_t)n;
        else if (sv_eq_nocase(a->code, SV("UIDNEXT")))
            p->box.uidnext = (uint32_t)n;
    } else if (p->phase == PHASE_SETTLING && sv_eq_nocase(a->code, SV("UIDVALIDITY")) &&
               num_u64(a->arguments, UINT32_MAX, &n)) {
        p->settle.uidvalidity = (uint32_t)n;
    }
}

static void take_capability(struct imap_proto *p, sv words)
{
    static const struct {
        sv word;
        enum imap_capability can;
    } known[] = {{SV_INIT("ID"), CAN_ID},
                 {SV_INIT("MOVE"), CAN_MOVE},
                 {SV_INIT("UIDPLUS"), CAN_UIDPLUS},
                 {SV_INIT("QUOTA"), CAN_QUOTA}};
    for (sv word = imap_word(&words); word.n; word = imap_word(&words))
        for (size_t i = 0; i < COUNT_OF(known); i++)
            if (sv_eq_nocase(word, known[i].word))
                p->can |= known[i].can;
}

static void take_untagged(struct imap_proto *p, sv line)
{
    uint64_t n;
    struct imap_answer a = imap_answer_of(line);
    sv rest = line;
    sv word = imap_word(&rest);
    if (a.status != IMAP_OTHER)
        take_status(p, &a);
    else if (sv_eq_nocase(word, SV("CAPABILITY")))
        take_capability(p, rest);
    else if (sv_eq_nocase(word, SV("QUOTA")))
        imap_quota(p, rest);
    else if (p->phase == PHASE_SEARCHING && sv_eq_nocase(word, SV("SEARCH")))
        imap_known_found(p, rest);
    else if (num_u64(word, UINT32_MAX, &n) && sv_eq_nocase(imap_word(&rest), SV("EXISTS")))
        p->box.exists = (uint32_t)n;
}

static void take_line(struct imap_proto *p, sv line)
{
    if (sv_starts(line, sv_of(p->config.prefix, IMAP_PREFIX)))
        take_tagged(p, line);
    else if (sv_starts(line, SV("* ")))
        take_untagged(p, sv_skip(line, 2));
}

void imap_proto_feed(struct imap_proto *p, sv in)
{
    while (p->phase != PHASE_FAILED && p->phase != PHASE_ENDED) {
        switch (imap_reader_next(&p->reader, &in)) {
        case IMAP_MORE:
            return;
        case IMAP_LINE:
            take_line(p, p->reader.text);
            break;
        case IMAP_BODY:
            imap_rounds_body(p);
            break;
        case IMAP_FETCH:
            imap_rounds_fetch(p);
            break;
        case IMAP_BROKEN:
            imap_fail(p, ERR_UNREACHABLE, false,
                      "the server's answers cannot be followed: a line above %llu octets (imap_line), or not "
                      "IMAP's grammar",
                      (unsigned long long)p->config.limits->imap_line);
            break;
        }
    }
}

void imap_proto_closed(struct imap_proto *p)
{
    if (p->phase == PHASE_LEAVING)
        p->phase = PHASE_ENDED;
    else if (p->phase != PHASE_ENDED)
        imap_fail(p, ERR_UNREACHABLE, true, "the server closed the connection in the middle of the session");
}

uint32_t imap_proto_in_hand(const struct imap_proto *p)
{
    uint32_t uid = p->kept || p->too_large ? p->reader.fetch.uid : 0;
    for (size_t i = p->done_at; uid == 0 && i < p->next_at; i++)
        if (p->list.entries[i].state == ENTRY_ASKED || p->list.entries[i].state == ENTRY_ASKED_ALONE)
            uid = p->list.entries[i].uid;
    return uid;
}

uint32_t imap_proto_left(const struct imap_proto *p)
{
    uint32_t left = 0;
    for (size_t i = p->done_at; i < p->list.n; i++)
        left += p->list.entries[i].state != ENTRY_DONE;
    return left;
}
