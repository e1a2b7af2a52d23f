/* A store in a folder of its own, and mails made by hand. */
#ifndef TESTS_STORE_SUPPORT_H
#define TESTS_STORE_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/clock.h"
#include "db.h"
#include "store/mails.h"

enum {
    DAY0 = 20777,
    MAX_DOCUMENTS = 4,
};
#define NOW ((int64_t)(DAY0 + 2) * DAY_SECONDS)

struct fixture {
    char folder[64], path[96];
    struct store *s;
    struct limits limits;
    int64_t mailbox;
    arena a;
    struct err e;
};

/* cmocka's setup and teardown: an open store with one mailbox, UIDVALIDITY 7. */
int setup(void **state);
int teardown(void **state);

/* Formatted text that lives as long as the fixture. */
#define text(f, ...) (arena_printf(&(f)->a, __VA_ARGS__).p)

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

void reopen(struct fixture *f);
int64_t sql_int(struct fixture *f, const char *sql);

struct made_records {
    struct record_cursor base;
    const struct record *records;
    size_t n, at;
};

struct made_mail {
    struct store_documents docs;
    struct raw_mail raw;
    struct mail_outcome outcome;
    struct document documents[MAX_DOCUMENTS];
    struct made_records records[MAX_DOCUMENTS];
    int broken_at, asked; /* at which question its stage cannot be read again; 0: never */
};

/* A report of one day, DAY0, for example.com. */
struct report made_report(const char *report_id);
/* dkim and spf fail, disposition none. */
struct record made_record(const char *ip, uint64_t count);

/* A mail without documents, internaldate NOW - 1000. */
void make_mail(struct made_mail *m, uint32_t uid);
/* Sets the report's number of records too. */
void add_report(struct made_mail *m, struct report r, const struct record *records, size_t n);
void add_reject(struct made_mail *m, enum reject reason, const char *detail);

/* Inside T1 that the caller opened; then in one of its own. */
bool put_open(struct fixture *f, struct made_mail *m, struct store_put *put);
struct store_put put_alone(struct fixture *f, struct made_mail *m);

#endif
