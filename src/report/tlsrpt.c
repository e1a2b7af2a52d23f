#include "report/tlsrpt.h"

#include "base/clock.h"
#include "base/num.h"
#include "base/random.h"
#include "fit.h"
#include "json.h"
#include "value.h"

/* A key, and how it is written elsewhere: small letters and digits only. */
struct key {
    const char *name;
    const char *folded[5];
};

static const struct key
    organization_name = {"organization-name", {"organizationname", "organisationname", "orgname"}},
    contact_info = {"contact-info", {"contactinfo", "contact", "email"}},
    report_id = {"report-id", {"reportid"}}, date_range = {"date-range", {"daterange"}},
    start_datetime = {"start-datetime", {"startdatetime", "startdate", "begin", "start"}},
    end_datetime = {"end-datetime", {"enddatetime", "enddate", "end"}}, policies = {"policies", {"policies"}},
    policy = {"policy", {"policy"}}, policy_type = {"policy-type", {"policytype"}},
    policy_domain = {"policy-domain", {"policydomain"}}, summary = {"summary", {"summary"}},
    sessions_ok = {"total-successful-session-count",
                   {"totalsuccessfulsessioncount", "successfulsessioncount", "totalsuccessfulsessions"}},
    sessions_failed = {"total-failure-session-count",
                       {"totalfailuresessioncount", "failuresessioncount", "totalfailedsessioncount",
                        "totalfailuresessions"}},
    failure_details = {"failure-details", {"failuredetails", "failuredetail", "failures"}},
    result_type = {"result-type", {"resulttype"}},
    sessions = {"failed-session-count", {"failedsessioncount", "failuresessioncount"}},
    sending_mta_ip = {"sending-mta-ip", {"sendingmtaip", "sendingip"}},
    receiving_mx_hostname = {"receiving-mx-hostname", {"receivingmxhostname"}},
    receiving_ip = {"receiving-ip", {"receivingip"}},
    failure_reason_code = {"failure-reason-code", {"failurereasoncode", "failureerrorcode"}};

struct tls_reader {
    const struct limits *limits;
    arena *arena;
    struct tlsrpt *report;
    size_t n_failures;
    bool too_many;
};

void tlsrpt_library_init(void)
{
    size_t seed;
    random_bytes(&seed, sizeof seed);
    json_object_seed(seed ? seed : 1);
}

static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || ascii_is_digit(c);
}

/* The key without case and punctuation is the word. */
static bool folds_to(const char *written, const char *word)
{
    for (; *written; written++) {
        char c = ascii_lower(*written);
        if (!is_plain(c))
            continue;
        if (c != *word)
            return false;
        word++;
    }
    return *word == '\0';
}

static bool is_alias(const char *written, const struct key *k)
{
    for (size_t i = 0; i < COUNT_OF(k->folded) && k->folded[i]; i++)
        if (folds_to(written, k->folded[i]))
            return true;
    return false;
}

static void note(struct tls_reader *r, enum note n)
{
    note_add(&r->report->notes, n);
}

/* The value of a key, however it is written; NULL when there is none or it is null. */
static json_t *find(struct tls_reader *r, json_t *object, const struct key *k)
{
    json_t *value = json_object_get(object, k->name);
    if (value)
        return json_is_null(value) ? NULL : value;
    for (void *at = json_object_iter(object); at && !value; at = json_object_iter_next(object, at))
        if (is_alias(json_object_iter_key(at), k) && !json_is_null(json_object_iter_value(at)))
            value = json_object_iter_value(at);
    if (value)
        note(r, NOTE_name_alias);
    return value;
}

static sv text_of(struct tls_reader *r, json_t *value)
{
    if (json_is_array(value) && json_array_size(value)) {
        note(r, NOTE_json_form);
        value = json_array_get(value, 0);
    }
    if (json_is_string(value))
        return fit_text(sv_of(json_string_value(value), json_string_length(value)), r->limits, r->arena,
                        &r->report->notes);
    if (value && !json_is_null(value))
        note(r, NOTE_json_form);
    return json_is_integer(value) ? arena_printf(r->arena, "%lld", (long long)json_integer_value(value))
                                  : SV_ABSENT;
}

static sv take_text(struct tls_reader *r, json_t *object, const struct key *k)
{
    return text_of(r, find(r, object, k));
}

/* A whole number, also as a string or with a fraction of 0. */
static bool number_of(struct tls_reader *r, json_t *value, uint64_t *out)
{
    uint64_t max = r->limits->row_count;
    if (json_is_integer(value)) {
        *out = (uint64_t)json_integer_value(value);
        return json_integer_value(value) >= 0 && *out <= max;
    }
    if (value)
        note(r, NOTE_json_form);
    if (json_is_string(value))
        return num_u64(value_trim(sv_of(json_string_value(value), json_string_length(value))), max, out);
    double real = json_is_real(value) ? json_real_value(value) : -1;
    if (!(real >= 0 && real <= (double)max))
        return false;
    *out = (uint64_t)real;
    return (double)*out >= real;
}

static uint64_t take_sessions(struct tls_reader *r, json_t *object, const struct key *k)
{
    uint64_t n = 0;
    if (number_of(r, find(r, object, k), &n))
        return n;
    note(r, NOTE_sessions_unreadable);
    return 0;
}

/* RFC 3339 wants a zone. */
static bool has_zone(sv date)
{
    sv clock = sv_skip(date, strlen("2026-11-24"));
    char last = clock.n ? ascii_lower(clock.p[clock.n - 1]) : '\0';
    return last == 'z' || sv_find_char(clock, '+', 0) != SIZE_MAX || sv_find_char(clock, '-', 0) != SIZE_MAX;
}

static bool read_date(struct tls_reader *r, sv text, int64_t *out)
{
    if (!clock_parse_iso(text, out))
        return text.n && value_date(text, out, &r->report->notes);
    if (!has_zone(text))
        note(r, NOTE_date_zone_absent);
    return true;
}

static bool take_date(struct tls_reader *r, json_t *range, const struct key *k, int64_t *out)
{
    sv text = take_text(r, range, k);
    if (read_date(r, text, out))
        return true;
    if (text.n)
        note(r, NOTE_date_unreadable);
    return false;
}

static void take_range(struct tls_reader *r, json_t *root)
{
    struct tlsrpt *t = r->report;
    json_t *range = find(r, root, &date_range);
    if (!json_is_object(range)) {
        note(r, NOTE_json_form);
        range = root;
    }
    t->has_begin = take_date(r, range, &start_datetime, &t->begin);
    t->has_end = take_date(r, range, &end_datetime, &t->end);
    if (!t->has_begin)
        note(r, NOTE_begin_absent);
    if (!t->has_end)
        note(r, NOTE_end_absent);
    if (t->has_begin && t->has_end && t->begin > t->end)
        note(r, NOTE_range_reversed);
}

/* An array, or a single object in its place. */
static size_t items_of(struct tls_reader *r, json_t *list)
{
    if (list && !json_is_array(list))
        note(r, NOTE_json_form);
    return json_is_array(list) ? json_array_size(list) : json_is_object(list) ? 1 : 0;
}

static json_t *item_at(struct tls_reader *r, json_t *list, size_t i)
{
    json_t *item = json_is_array(list) ? json_array_get(list, i) : list;
    if (json_is_object(item))
        return item;
    note(r, NOTE_json_form);
    return NULL;
}

static void read_failure(struct tls_reader *r, json_t *from, struct tls_failure *f)
{
    f->result_type = take_text(r, from, &result_type);
    f->has_sessions = number_of(r, find(r, from, &sessions), &f->sessions);
    f->sending_mta_ip = take_text(r, from, &sending_mta_ip);
    f->receiving_mx_hostname = take_text(r, from, &receiving_mx_hostname);
    f->receiving_ip = take_text(r, from, &receiving_ip);
    f->failure_reason_code = take_text(r, from, &failure_reason_code);
    if (!f->has_sessions)
        f->sessions = 0;
    if (!tls_result_type_is_known(f->result_type))
        note(r, NOTE_tls_result_unknown);
}

static void read_failures(struct tls_reader *r, json_t *list, struct tls_policy *p)
{
    size_t n = items_of(r, list);
    if (n > r->limits->tls_failures - r->n_failures) {
        r->too_many = true;
        return;
    }
    r->n_failures += n;
    p->failures = n ? arena_array(r->arena, n, sizeof *p->failures) : NULL;
    for (size_t i = 0; p->failures && i < n; i++) {
        json_t *item = item_at(r, list, i);
        if (item)
            read_failure(r, item, &p->failures[p->n_failures++]);
    }
}

/* The part of an entry that holds some of its keys, or the entry itself where they lie flat in it. */
static json_t *part_of(struct tls_reader *r, json_t *entry, const struct key *k)
{
    json_t *part = find(r, entry, k);
    return json_is_object(part) ? part : entry;
}

static void read_policy(struct tls_reader *r, json_t *entry, struct tls_policy *p)
{
    json_t *what = part_of(r, entry, &policy), *counts = part_of(r, entry, &summary);
    p->type = take_text(r, what, &policy_type);
    p->domain = take_text(r, what, &policy_domain);
    p->ok = take_sessions(r, counts, &sessions_ok);
    p->failed = take_sessions(r, counts, &sessions_failed);
    bool flat_policy = what == entry && p->type.n + p->domain.n > 0;
    if (flat_policy || (counts == entry && find(r, entry, &sessions_ok)))
        note(r, NOTE_json_form);
    if (p->type.n == 0 && p->domain.n == 0)
        note(r, NOTE_tls_policy_absent);
    else if (!tls_policy_type_is_known(p->type))
        note(r, NOTE_tls_policy_unknown);
    read_failures(r, find(r, entry, &failure_details), p);
}

static void read_policies(struct tls_reader *r, json_t *list)
{
    struct tlsrpt *t = r->report;
    size_t n = items_of(r, list);
    if (n > r->limits->tls_policies) {
        r->too_many = true;
        return;
    }
    t->policies = n ? arena_array(r->arena, n, sizeof *t->policies) : NULL;
    for (size_t i = 0; t->policies && i < n; i++) {
        json_t *entry = item_at(r, list, i);
        if (entry == NULL)
            continue;
        struct tls_policy *p = &t->policies[t->n_policies++];
        read_policy(r, entry, p);
        t->ok = sat_add(t->ok, p->ok);
        t->failed = sat_add(t->failed, p->failed);
    }
    if (t->n_policies == 0)
        note(r, NOTE_tls_policies_absent);
}

/* Anybody has policies; a report also says by whom, of what or when. */
static bool is_tlsrpt(struct tls_reader *r, json_t *root)
{
    unsigned signs = 0;
    const struct key *keys[] = {&policies, &date_range, &organization_name, &contact_info, &report_id};
    for (size_t i = 0; i < COUNT_OF(keys); i++)
        signs += find(r, root, keys[i]) != NULL;
    bool typical = find(r, root, &policies) || find(r, root, &date_range);
    return typical && signs >= 2;
}

static void read_head(struct tls_reader *r, json_t *root)
{
    struct tlsrpt *t = r->report;
    t->org_name = take_text(r, root, &organization_name);
    t->email = take_text(r, root, &contact_info);
    t->report_id = take_text(r, root, &report_id);
    if (t->org_name.n == 0)
        note(r, NOTE_org_name_absent);
    if (t->email.n == 0)
        note(r, NOTE_email_absent);
    if (t->report_id.n == 0)
        note(r, NOTE_report_id_absent);
    take_range(r, root);
}

static enum reject read_root(struct tls_reader *r, json_t *root)
{
    if (!is_tlsrpt(r, root))
        return REJECT_json_not_tlsrpt;
    read_head(r, root);
    if (!r->report->has_begin && !r->report->has_end)
        return REJECT_no_usable_date;
    read_policies(r, find(r, root, &policies));
    if (r->too_many)
        return REJECT_too_many_rows;
    return r->arena->failed ? REJECT_memory_limit : REJECT_NONE_;
}

enum reject tlsrpt_read(sv octets, const struct limits *limits, arena *a, struct tlsrpt *out, sv *detail)
{
    buf text CLEANUP(buf_free);
    json_t *root CLEANUP(json_cleanup) = NULL;
    char words[JSON_DETAIL];
    *out = (struct tlsrpt){.has_begin = false};
    /* One character more than the limit may stand at its end. */
    buf_init(&text, limits->json_size + 4);
    enum reject why = json_clean(octets, limits, &text, &out->notes, detail);
    if (why != REJECT_NONE_)
        return why;
    why = json_tree(buf_view(&text), &root, &out->notes, words);
    if (why != REJECT_NONE_) {
        *detail = arena_sv(a, sv_c(words));
        return why;
    }
    struct tls_reader r = {.limits = limits, .arena = a, .report = out};
    return read_root(&r, root);
}

/* Letters and digits of the head in small letters, whatever its encoding, and its quotes. */
static sv folded(sv head, char *out, size_t room)
{
    size_t n = 0;
    for (size_t i = 0; i < head.n && n < room; i++) {
        char c = ascii_lower(head.p[i]);
        if (is_plain(c) || c == '"')
            out[n++] = c;
    }
    return sv_of(out, n);
}

bool tlsrpt_looks_like(sv head)
{
    static const sv signs[] = {SV_INIT("\"organi"),  SV_INIT("\"orgname\""),  SV_INIT("\"daterange\""),
                               SV_INIT("\"contact"), SV_INIT("\"reportid\""), SV_INIT("\"policies\"")};
    char space[4096];
    sv text = folded(head, space, sizeof space);
    for (size_t i = 0; i < COUNT_OF(signs); i++)
        if (sv_find(text, signs[i], 0) != SIZE_MAX)
            return true;
    return false;
}
