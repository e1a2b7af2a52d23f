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
    policy_domain = {"policy-domain", {"policydomain"}}, policy_string = {"policy-string", {"policystring"}},
    summary = {"summary", {"summary"}},
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
           : json_is_real(value)  ? arena_printf(r->arena, "%.15g", json_real_value(value))
                                  : SV_ABSENT;
}

static sv take_text(struct tls_reader *r, json_t *object, const struct key *k)
{
    return text_of(r, find(r, object, k));
}

/* A word of the standard, which may be written in another case; it stays as it is written. */
static sv take_word(struct tls_reader *r, json_t *object, const struct key *k, sv (*known)(sv))
{
    sv text = take_text(r, object, k), word = known(text);
    if (word.n && !sv_eq(word, text))
        note(r, NOTE_word_case);
    return text;
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
        return num_u64(
            value_trim(sv_of(json_string_value(value), json_string_length(value)), &r->report->notes), max,
            out);
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
    f->result_type = take_word(r, from, &result_type, tls_result_type_known);
    f->has_sessions = number_of(r, find(r, from, &sessions), &f->sessions);
    f->sending_mta_ip = take_text(r, from, &sending_mta_ip);
    f->receiving_mx_hostname = take_text(r, from, &receiving_mx_hostname);
    f->receiving_ip = take_text(r, from, &receiving_ip);
    f->failure_reason_code = take_text(r, from, &failure_reason_code);
    if (!f->has_sessions)
        f->sessions = 0;
    if (tls_result_type_known(f->result_type).n == 0)
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

/* The strings of a list, joined by line ends. What is no string is passed over. */
static sv take_lines(struct tls_reader *r, json_t *list)
{
    size_t n = json_array_size(list), size = 0, at = 0;
    for (size_t i = 0; i < n; i++)
        size += json_string_length(json_array_get(list, i)) + 1;
    char *text = arena_array(r->arena, size, 1);
    for (size_t i = 0; text && i < n; i++) {
        json_t *line = json_array_get(list, i);
        if (!json_is_string(line)) {
            note(r, NOTE_json_form);
            continue;
        }
        if (at)
            text[at++] = '\n';
        memcpy(text + at, json_string_value(line), json_string_length(line));
        at += json_string_length(line);
    }
    return fit_text(sv_of(text, text ? at : 0), r->limits, r->arena, &r->report->notes);
}

static sv take_policy_string(struct tls_reader *r, json_t *from)
{
    json_t *value = find(r, from, &policy_string);
    return json_is_array(value) ? take_lines(r, value) : text_of(r, value);
}

static void read_policy(struct tls_reader *r, json_t *entry, struct tls_policy *p)
{
    json_t *what = part_of(r, entry, &policy), *counts = part_of(r, entry, &summary);
    p->type = take_word(r, what, &policy_type, tls_policy_type_known);
    p->domain = take_text(r, what, &policy_domain);
    p->text = take_policy_string(r, what);
    p->ok = take_sessions(r, counts, &sessions_ok);
    p->failed = take_sessions(r, counts, &sessions_failed);
    bool flat_policy = what == entry && p->type.n + p->domain.n > 0;
    if (flat_policy || (counts == entry && find(r, entry, &sessions_ok)))
        note(r, NOTE_json_form);
    if (p->type.n == 0 && p->domain.n == 0)
        note(r, NOTE_tls_policy_absent);
    else if (tls_policy_type_known(p->type).n == 0)
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

/* One document. */
struct tls_reading {
    struct tls_reader reader;
    struct tlsrpt_sink sink;
    struct tlsrpt report;
    struct note_set notes; /* of the value at hand */
    bool others;           /* in it: something that is no report */
    bool stop;
};

static void give(struct tls_reading *t, enum reject why, sv detail)
{
    if (!t->stop)
        t->stop = !t->sink.found(t->sink.self, why, &t->report, detail);
}

/* Out of the objects of one member each that may stand around a report, or around a list of them. */
static json_t *unwrap(struct tls_reading *t, json_t *value)
{
    enum { LEVELS = 2 };
    for (int i = 0; i < LEVELS && json_object_size(value) == 1 && !is_tlsrpt(&t->reader, value); i++) {
        value = json_object_iter_value(json_object_iter(value));
        note_add(&t->notes, NOTE_json_form);
    }
    return value;
}

static void read_item(struct tls_reading *t, json_t *value)
{
    struct tls_reader *r = &t->reader;
    value = unwrap(t, value);
    t->report = (struct tlsrpt){.notes = t->notes};
    r->n_failures = 0;
    r->too_many = false;
    arena_reset(r->arena);
    enum reject why = json_is_object(value) ? read_root(r, value) : REJECT_json_not_tlsrpt;
    if (why == REJECT_json_not_tlsrpt)
        t->others = true;
    else
        give(t, why, SV_ABSENT);
}

static void read_list(struct tls_reading *t, json_t *list)
{
    size_t n = json_array_size(list);
    t->others = n == 0;
    note_add(&t->notes, NOTE_json_form);
    if (n > 1)
        note_add(&t->notes, NOTE_reports_joined);
    for (size_t i = 0; i < n && !t->stop; i++)
        read_item(t, json_array_get(list, i));
}

static void read_text(struct tls_reading *t, sv text)
{
    json_t *root CLEANUP(json_cleanup) = NULL;
    char words[JSON_DETAIL];
    enum reject why = json_tree(text, &root, &t->notes, words);
    if (why != REJECT_NONE_) {
        give(t, why, sv_c(words));
        return;
    }
    t->others = false;
    json_t *value = unwrap(t, root);
    if (json_is_array(value))
        read_list(t, value);
    else
        read_item(t, value);
    if (t->others)
        give(t, REJECT_json_not_tlsrpt, SV_ABSENT);
}

/* The values of the document. Behind a report only another one is of interest. */
static void read_all(struct tls_reading *t, buf *octets, const struct note_set *of_all)
{
    const struct limits *limits = t->reader.limits;
    struct json_scan scan;
    sv value;
    bool odd, more = true;
    json_scan_start(&scan, octets, limits);
    for (size_t n = 0; more && !t->stop; n++) {
        t->notes = *of_all;
        enum reject why = json_scan_value(&scan, &value, &t->notes);
        if (why != REJECT_NONE_) {
            give(t, why, SV_ABSENT);
            return;
        }
        sv rest = json_scan_rest(&scan, &odd);
        more = rest.n && (rest.p[0] == '{' || rest.p[0] == '[') && tlsrpt_looks_like(rest);
        if (more || n > 0)
            note_add(&t->notes, NOTE_reports_joined);
        if (!more && (odd || rest.n))
            note_add(&t->notes, NOTE_trailing_junk);
        read_text(t, value);
    }
}

void tlsrpt_read(sv octets, const struct limits *limits, arena *a, struct tlsrpt_sink sink)
{
    struct tls_reading t = {.sink = sink};
    struct note_set notes = {0};
    buf text CLEANUP(buf_free);
    t.reader = (struct tls_reader){.limits = limits, .arena = a, .report = &t.report};
    /* One character more than the limit may stand at its end. */
    buf_init(&text, limits->json_size + 4);
    enum reject why = json_convert(octets, limits, &text, &notes);
    if (why != REJECT_NONE_)
        give(&t, why, SV_ABSENT);
    else
        read_all(&t, &text, &notes);
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
