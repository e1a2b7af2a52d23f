/* What is owed to mails, and which files were read. */
#include "store/debts.h"

#include "store/files.h"
#include "support.h"

static void owe(struct fixture *f, enum store_debt debt, uint32_t uid, int64_t internaldate)
{
    assert_true(store_begin_mails(f->s, NOW, &f->e));
    assert_true(store_put_debt(f->s, f->mailbox, debt, uid, internaldate, &f->e));
    assert_true(store_commit_mails(f->s, &f->e));
}

static struct store_debts owed(struct fixture *f, enum store_debt debt, int64_t upto)
{
    struct store_debts d;
    assert_true(store_debts(f->s, f->mailbox, debt, upto, &f->a, &d, &f->e));
    return d;
}

static void by_kind_and_age(void **state)
{
    struct fixture *f = *state;
    owe(f, STORE_DEBT_AFTER, 9, NOW - 10);
    owe(f, STORE_DEBT_AFTER, 10, NOW - 100);
    owe(f, STORE_DEBT_AFTER, 4, NOW);
    owe(f, STORE_DEBT_ON_ERROR, 5, NOW);
    struct store_debts d = owed(f, STORE_DEBT_AFTER, INT64_MAX);
    assert_int_equal(d.n, 3);
    assert_int_equal(d.uids[0], 4);
    assert_int_equal(d.uids[1], 9);
    assert_int_equal(d.uids[2], 10);
    d = owed(f, STORE_DEBT_AFTER, NOW - 10);
    assert_int_equal(d.n, 2);
    assert_int_equal(d.uids[0], 9);
    assert_int_equal(owed(f, STORE_DEBT_AFTER, NOW - 101).n, 0);
    assert_int_equal(owed(f, STORE_DEBT_ON_ERROR, INT64_MAX).uids[0], 5);
}

static void paid_once(void **state)
{
    struct fixture *f = *state;
    static const uint32_t paid[] = {4, 9, 77};
    owe(f, STORE_DEBT_AFTER, 4, NOW);
    owe(f, STORE_DEBT_AFTER, 4, NOW); /* the mail was read again */
    owe(f, STORE_DEBT_AFTER, 5, NOW);
    owe(f, STORE_DEBT_AFTER, 9, NOW);
    owe(f, STORE_DEBT_ON_ERROR, 4, NOW);
    assert_true(store_settle_debts(f->s, f->mailbox, STORE_DEBT_AFTER, paid, 3, &f->e));
    struct store_debts d = owed(f, STORE_DEBT_AFTER, INT64_MAX);
    assert_int_equal(d.n, 1);
    assert_int_equal(d.uids[0], 5);
    assert_int_equal(owed(f, STORE_DEBT_ON_ERROR, INT64_MAX).n, 1);
    assert_true(store_forget_debts(f->s, f->mailbox, STORE_DEBT_ON_ERROR, &f->e));
    assert_int_equal(owed(f, STORE_DEBT_ON_ERROR, INT64_MAX).n, 0);
    assert_int_equal(owed(f, STORE_DEBT_AFTER, INT64_MAX).n, 1);
}

static void only_with_the_mail(void **state)
{
    struct fixture *f = *state;
    assert_false(store_put_debt(f->s, f->mailbox, STORE_DEBT_AFTER, 4, NOW, &f->e));
    assert_int_equal(f->e.cls, ERR_BUG);
    assert_true(store_begin_mails(f->s, NOW, &f->e));
    assert_true(store_put_debt(f->s, f->mailbox, STORE_DEBT_AFTER, 4, NOW, &f->e));
    store_abort_mails(f->s);
    assert_int_equal(owed(f, STORE_DEBT_AFTER, INT64_MAX).n, 0);
}

static void no_more_than_a_list_holds(void **state)
{
    struct fixture *f = *state;
    f->limits.mailbox_list = 2;
    reopen(f);
    for (uint32_t uid = 5; uid > 0; uid--)
        owe(f, STORE_DEBT_AFTER, uid, NOW);
    struct store_debts d = owed(f, STORE_DEBT_AFTER, INT64_MAX);
    assert_int_equal(d.n, 2);
    assert_int_equal(d.uids[1], 2);
}

static void files_are_known_again(void **state)
{
    struct fixture *f = *state;
    struct store_file file = {SV_INIT("a/b.mbox"), 1000, INT64_C(1795000000123456789), 7, false}, got;
    bool known;
    uint32_t last;
    assert_true(store_file(f->s, f->mailbox, file.path, &got, &known, &f->e));
    assert_false(known);
    assert_true(store_begin_mails(f->s, NOW, &f->e));
    assert_true(store_put_file(f->s, f->mailbox, &file, &f->e));
    file.done = true;
    file.size = 1001;
    assert_true(store_put_file(f->s, f->mailbox, &file, &f->e));
    assert_true(store_commit_mails(f->s, &f->e));
    assert_true(store_file(f->s, f->mailbox, file.path, &got, &known, &f->e));
    assert_true(known && got.done);
    assert_int_equal(got.size, 1001);
    assert_int_equal(got.mtime, file.mtime);
    assert_int_equal(got.uid, 7);
    assert_true(store_file(f->s, f->mailbox + 1, file.path, &got, &known, &f->e));
    assert_false(known);
    assert_true(store_files_last(f->s, f->mailbox, &last, &f->e));
    assert_int_equal(last, 0);
}

/* A number that a mail or a gap has is not given to another. */
static void numbers_go_on(void **state)
{
    struct fixture *f = *state;
    struct made_mail m;
    uint32_t last;
    make_mail(&m, 5);
    m.raw.uidvalidity = STORE_FILES_UIDVALIDITY;
    (void)put_alone(f, &m);
    assert_true(store_files_last(f->s, f->mailbox, &last, &f->e));
    assert_int_equal(last, 5);
    assert_true(store_begin_mails(f->s, NOW, &f->e));
    assert_true(store_put_gap(f->s, f->mailbox, STORE_FILES_UIDVALIDITY, 8, 0, REJECT_mail_too_large,
                              SV_ABSENT, &f->e));
    assert_true(store_commit_mails(f->s, &f->e));
    assert_true(store_files_last(f->s, f->mailbox, &last, &f->e));
    assert_int_equal(last, 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(by_kind_and_age),       TEST(paid_once),
        TEST(only_with_the_mail),    TEST(no_more_than_a_list_holds),
        TEST(files_are_known_again), TEST(numbers_go_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
