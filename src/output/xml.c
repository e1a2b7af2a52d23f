/* The report written anew from what was understood: indented, escaped, in the order of RFC 9990, with our
 * notes as comments. What no report has is not in it, and that is said. */
#include "format.h"
#include "text/escape.h"

struct xml {
    struct output *o;
    int depth;
};

static void indent(const struct xml *x)
{
    buf_printf(&x->o->out, "%*s", 2 * x->depth, "");
}

static void enter(struct xml *x, const char *name)
{
    indent(x);
    buf_printf(&x->o->out, "<%s>\n", name);
    x->depth++;
}

static void leave(struct xml *x, const char *name)
{
    x->depth--;
    indent(x);
    buf_printf(&x->o->out, "</%s>\n", name);
    output_step(x->o);
}

/* Absent elements are left out. */
static void leaf(const struct xml *x, const char *name, sv text)
{
    if (text.p == NULL)
        return;
    indent(x);
    buf_printf(&x->o->out, "<%s>", name);
    text_html(&x->o->out, text);
    buf_printf(&x->o->out, "</%s>\n", name);
}

static void word(const struct xml *x, const char *name, enum word_list list, struct word w)
{
    leaf(x, name, word_text(list, w));
}

static void moment(const struct xml *x, const char *name, bool present, int64_t t)
{
    if (!present)
        return;
    indent(x);
    buf_printf(&x->o->out, "<%s>%lld</%s>\n", name, (long long)t, name);
}

static void write_metadata(struct xml *x, const struct report *r)
{
    enter(x, "report_metadata");
    leaf(x, "org_name", r->org_name);
    leaf(x, "email", r->email);
    leaf(x, "extra_contact_info", r->extra_contact_info);
    leaf(x, "report_id", r->report_id);
    enter(x, "date_range");
    moment(x, "begin", r->has_begin, r->begin);
    moment(x, "end", r->has_end, r->end);
    leave(x, "date_range");
    for (size_t i = 0; i < r->n_errors; i++)
        leaf(x, "error", r->errors[i]);
    leaf(x, "generator", r->generator);
    leave(x, "report_metadata");
}

static void write_policy(struct xml *x, const struct policy_published *p)
{
    enter(x, "policy_published");
    leaf(x, "domain", p->domain);
    word(x, "discovery_method", DISCOVERY_LIST, p->discovery_method);
    word(x, "p", POLICY_LIST, p->p);
    word(x, "sp", POLICY_LIST, p->sp);
    word(x, "np", POLICY_LIST, p->np);
    word(x, "adkim", ALIGNMENT_LIST, p->adkim);
    word(x, "aspf", ALIGNMENT_LIST, p->aspf);
    leaf(x, "pct", p->pct);
    leaf(x, "fo", p->fo);
    word(x, "testing", TESTING_LIST, p->testing);
    leave(x, "policy_published");
}

static void write_row(struct xml *x, const struct record *r)
{
    char ip[IP_TEXT], count[24];
    (void)snprintf(count, sizeof count, "%llu", (unsigned long long)r->count);
    enter(x, "row");
    leaf(x, "source_ip", sv_c(ip_text(&r->source_ip, ip)));
    leaf(x, "count", sv_c(count));
    enter(x, "policy_evaluated");
    word(x, "disposition", DISPOSITION_LIST, r->disposition);
    word(x, "dkim", VERDICT_LIST, r->dkim);
    word(x, "spf", VERDICT_LIST, r->spf);
    for (size_t i = 0; i < r->n_reasons; i++) {
        enter(x, "reason");
        word(x, "type", REASON_LIST, r->reasons[i].type);
        leaf(x, "comment", r->reasons[i].comment);
        leave(x, "reason");
    }
    leave(x, "policy_evaluated");
    leave(x, "row");
}

static void write_identifiers(struct xml *x, const struct record *r)
{
    enter(x, "identifiers");
    leaf(x, "header_from", r->header_from);
    leaf(x, "envelope_from", r->envelope_from);
    leaf(x, "envelope_to", r->envelope_to);
    leave(x, "identifiers");
}

static void write_auth_results(struct xml *x, const struct record *r)
{
    enter(x, "auth_results");
    for (size_t i = 0; i < r->n_dkims; i++) {
        enter(x, "dkim");
        leaf(x, "domain", r->dkims[i].domain);
        leaf(x, "selector", r->dkims[i].selector);
        word(x, "result", DKIM_LIST, r->dkims[i].result);
        leaf(x, "human_result", r->dkims[i].human_result);
        leave(x, "dkim");
    }
    for (size_t i = 0; i < r->n_spfs; i++) {
        enter(x, "spf");
        leaf(x, "domain", r->spfs[i].domain);
        word(x, "scope", SCOPE_LIST, r->spfs[i].scope);
        word(x, "result", SPF_LIST, r->spfs[i].result);
        leaf(x, "human_result", r->spfs[i].human_result);
        leave(x, "spf");
    }
    leave(x, "auth_results");
}

/* A comment may not hold two hyphens in a row. */
static void comment(const struct xml *x, sv text)
{
    indent(x);
    buf_puts(&x->o->out, "<!-- ");
    for (size_t i = 0; i < text.n; i++) {
        sv one = sv_first(sv_skip(text, i), 1);
        if (one.p[0] == '-' && i && text.p[i - 1] == '-')
            buf_char(&x->o->out, ' ');
        buf_sv(&x->o->out, one);
    }
    buf_puts(&x->o->out, " -->\n");
}

static void write_notes(const struct xml *x, const struct note_set *notes)
{
    for (unsigned n = 0; n < NOTE_END; n++)
        if (note_has(notes, (enum note)n))
            comment(x, sv_c(note_sentence((enum note)n)));
}

static void name_input(const struct xml *x, sv file, sv member)
{
    buf name;
    buf_init(&name, 4096);
    text_terminal(&name, file);
    if (member.n) {
        buf_puts(&name, " > ");
        text_terminal(&name, member);
    }
    comment(x, buf_view(&name));
    buf_free(&name);
}

/* Nobody shall take this for the reporter's own octets. */
static void write_caution(const struct xml *x, const struct report *r)
{
    comment(x, SV("as it was understood: what no report has is left out"));
    if (r->records_raw <= r->records)
        return;
    char text[96];
    (void)snprintf(text, sizeof text, "records that could not be read and are left out: %llu",
                   (unsigned long long)(r->records_raw - r->records));
    comment(x, sv_c(text));
}

static void document(struct output *o, sv file, const struct document *d, struct record_cursor *records)
{
    struct xml x = {.o = o};
    struct record r;
    name_input(&x, file, d->member);
    write_caution(&x, &d->report);
    write_notes(&x, &d->report.notes);
    enter(&x, "feedback");
    leaf(&x, "version", d->report.version);
    write_metadata(&x, &d->report);
    write_policy(&x, &d->report.policy);
    while (records->next(records, &r)) {
        enter(&x, "record");
        write_row(&x, &r);
        write_identifiers(&x, &r);
        write_auth_results(&x, &r);
        leave(&x, "record");
    }
    leave(&x, "feedback");
}

static void reject(struct output *o, sv file, sv member, enum reject reason, sv detail)
{
    struct xml x = {.o = o};
    (void)detail;
    name_input(&x, file, member);
    comment(&x, sv_c(reject_sentence(reason)));
}

static void not_a_report(struct output *o, sv file, sv member, enum not_report reason)
{
    struct xml x = {.o = o};
    name_input(&x, file, member);
    comment(&x, sv_c(not_report_sentence(reason)));
}

static void finish(struct output *o)
{
    (void)o;
}

const struct output_format output_xml = {
    .name = "xml",
    .document = document,
    .reject = reject,
    .not_a_report = not_a_report,
    .close = finish,
};
