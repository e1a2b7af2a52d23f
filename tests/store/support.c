#include "support.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void reopen(struct fixture *f)
{
    store_close(f->s);
    f->s = NULL;
    if (!store_open(sv_c(f->path), &f->limits, &f->s, &f->e))
        fail_msg("%s", f->e.msg);
}

static void open_mailbox(struct fixture *f)
{
    struct store_mailbox_key key = {
        .host = SV("imap.example.com"), .port = 993, .user = SV("dmarc"), .folder = SV("INBOX")};
    struct store_mailbox m;
    bool changed;
    assert_true(store_mailbox(f->s, &key, &f->a, &m, &f->e));
    assert_true(store_mailbox_opened(f->s, m.id, 7, &changed, &f->e));
    assert_false(changed);
    f->mailbox = m.id;
}

int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    /* In memory where that can be had: thousands of syncs. */
    const char *where = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
    (void)snprintf(f->folder, sizeof f->folder, "%s/dw-store-XXXXXX", where);
    assert_non_null(mkdtemp(f->folder));
    (void)snprintf(f->path, sizeof f->path, "%s/state.db", f->folder);
    limits_default(&f->limits);
    arena_init(&f->a, MIB(64));
    reopen(f);
    open_mailbox(f);
    *state = f;
    return 0;
}

static void remove_folder(const char *folder)
{
    DIR *d = opendir(folder);
    for (struct dirent *entry; d && (entry = readdir(d));) {
        char path[512];
        (void)snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        (void)unlink(path);
    }
    if (d)
        (void)closedir(d);
    (void)rmdir(folder);
}

int teardown(void **state)
{
    struct fixture *f = *state;
    store_close(f->s);
    remove_folder(f->folder);
    arena_free(&f->a);
    free(f);
    return 0;
}

int64_t sql_int(struct fixture *f, const char *sql)
{
    sqlite3_stmt *stmt = NULL;
    if (sqlite3_prepare_v2(f->s->db, sql, -1, &stmt, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(f->s->db));
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    int64_t v = sqlite3_column_int64(stmt, 0);
    (void)sqlite3_finalize(stmt);
    return v;
}

static bool next_record(struct record_cursor *self, struct record *out)
{
    struct made_records *m = (struct made_records *)self;
    if (m->at == m->n)
        return false;
    *out = m->records[m->at++];
    return true;
}

static void rewind_records(struct record_cursor *self)
{
    ((struct made_records *)self)->at = 0;
}

static const struct document *get_document(struct store_documents *self, size_t i)
{
    return &((struct made_mail *)self)->documents[i];
}

static struct record_cursor *get_records(struct store_documents *self, size_t i)
{
    return &((struct made_mail *)self)->records[i].base;
}

static bool is_intact(struct store_documents *self, struct err *e)
{
    struct made_mail *m = (struct made_mail *)self;
    return ++m->asked != m->broken_at || err_set(e, ERR_DISK, "stage: input/output error");
}

struct report made_report(const char *report_id)
{
    return (struct report){
        .org_name = SV("Reporter"),
        .email = SV("noreply@reporter.example"),
        .report_id = sv_c(report_id),
        .has_begin = true,
        .has_end = true,
        .begin = DAY0 * DAY_SECONDS,
        .end = (DAY0 + 1) * DAY_SECONDS,
        .domain = SV("example.com"),
        .policy = {.domain = SV("example.com"), .p = {.v = POLICY_REJECT}, .pct = SV("100")},
    };
}

struct record made_record(const char *ip, uint64_t count)
{
    struct record r = {.count = count,
                       .disposition = {.v = DISPOSITION_NONE},
                       .dkim = {.v = VERDICT_FAIL},
                       .spf = {.v = VERDICT_FAIL},
                       .header_from = SV("example.com")};
    assert_true(ip_parse(sv_c(ip), &r.source_ip));
    return r;
}

void make_mail(struct made_mail *m, uint32_t uid)
{
    static char bytes[] = "From: a\r\n\r\nThis is no report.\r\n";
    *m = (struct made_mail){
        .docs = {get_document, get_records, is_intact},
        .raw =
            {.uidvalidity = 7, .uid = uid, .internaldate = NOW - 1000, .bytes = bytes, .n = sizeof bytes - 1},
        .outcome = {.state = MAIL_READ,
                    .facts = {.from_domain = SV("reporter.example"), .message_id = SV("<1@r>")}}};
}

void add_report(struct made_mail *m, struct report r, const struct record *records, size_t n)
{
    size_t i = m->outcome.n_documents++;
    assert_true(i < MAX_DOCUMENTS);
    r.records = r.records_raw = n;
    m->documents[i] = (struct document){.kind = DOCUMENT_AGGREGATE, .report = r};
    m->records[i] = (struct made_records){{next_record, rewind_records}, records, n, 0};
}

void add_reject(struct made_mail *m, enum reject reason, const char *detail)
{
    size_t i = m->outcome.n_documents++;
    assert_true(i < MAX_DOCUMENTS);
    m->documents[i] = (struct document){.kind = DOCUMENT_REJECT, .member = SV("a.zip > b.xml")};
    m->documents[i].reject.reason = reason;
    m->documents[i].reject.detail = sv_c(detail);
}

bool put_open(struct fixture *f, struct made_mail *m, struct store_put *put)
{
    return store_put_mail(f->s, f->mailbox, &m->raw, &m->outcome, &m->docs, put, &f->e);
}

struct store_put put_alone(struct fixture *f, struct made_mail *m)
{
    struct store_put put;
    if (!store_begin_mails(f->s, NOW, &f->e) || !put_open(f, m, &put) || !store_commit_mails(f->s, &f->e))
        fail_msg("%s", f->e.msg);
    return put;
}
