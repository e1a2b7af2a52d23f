/* A disk that is full or broken: one class of error, the path in it, nothing half done, and the next run
 * catches up. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/random.h"
#include "crash_vfs.h"
#include "store/decide.h"
#include "store/lock.h"
#include "store/outbox.h"
#include "support.h"

enum { BATCH = 3 };

static bool put_batch(struct fixture *f, uint32_t first)
{
    char bytes[20000];
    uint32_t uids[BATCH], mark;
    random_bytes(bytes, sizeof bytes);
    if (!store_begin_mails(f->s, NOW, &f->e))
        return false;
    for (uint32_t i = 0; i < BATCH; i++) {
        struct record r = made_record("192.0.2.1", 1);
        struct made_mail m;
        struct store_put put;
        uids[i] = first + i;
        const char *id = text(f, "%u", uids[i]);
        make_mail(&m, uids[i]);
        m.raw.bytes = bytes;
        m.raw.n = sizeof bytes;
        add_report(&m, made_report(id), &r, 1);
        add_reject(&m, REJECT_truncated, NULL);
        if (!put_open(f, &m, &put))
            return false;
    }
    struct store_listing l = {
        .uidvalidity = 7, .from = first - 1, .upto = uids[BATCH - 1], .uids = uids, .n = BATCH};
    return store_move_mark(f->s, f->mailbox, &l, &mark, &f->e) && store_commit_mails(f->s, &f->e);
}

static int64_t mark(struct fixture *f)
{
    return sql_int(f, "SELECT mark FROM mailbox");
}

/* Every batch is there or not, with its mark. */
static void check_whole(struct fixture *f, int64_t batches)
{
    assert_int_equal(mark(f), batches * BATCH);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM mail"), batches * BATCH);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM report"), batches * BATCH);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM raw_mail"), batches * BATCH);
    assert_int_equal(sql_int(f, "SELECT sum(count) FROM fact"), batches * BATCH);
}

static void fail_at_every_change(struct fixture *f, enum crash_deed deed, const char *says)
{
    bool whole = false;
    int64_t batches = mark(f) / BATCH, in_spite_of_it = 0;
    for (unsigned long at = 1; !whole; at++) {
        crash_at(deed, at);
        whole = put_batch(f, (uint32_t)mark(f) + 1);
        crash_at(CRASH_NOTHING, 0);
        batches += whole;
        if (!whole) {
            assert_int_equal(f->e.cls, ERR_DISK);
            assert_non_null(strstr(f->e.msg, f->path));
            assert_non_null(strstr(f->e.msg, says));
            in_spite_of_it += mark(f) / BATCH - batches;
            batches = mark(f) / BATCH;
        }
        check_whole(f, batches);
    }
    /* Only the last sync, after the journal is cut, fails too late. */
    assert_true(in_spite_of_it <= 1);
    assert_int_equal(sql_int(f, "SELECT integrity_check = 'ok' FROM pragma_integrity_check"), 1);
}

static void full_at_every_change(void **state)
{
    struct fixture *f = *state;
    assert_true(put_batch(f, 1));
    fail_at_every_change(f, CRASH_FULL, "full");
}

static void broken_at_every_change(void **state)
{
    struct fixture *f = *state;
    assert_true(put_batch(f, 1));
    fail_at_every_change(f, CRASH_IOERR, "I/O error");
}

/* A notice whose claim cannot be written is not sent; one whose end cannot be written is sent again, and
 * says so. */
static void the_outbox_on_a_full_disk(void **state)
{
    struct fixture *f = *state;
    static const sv channel = SV_INIT("slack");
    struct notice n = {.id = {1}, .created = NOW, .domain = SV("example.com")};
    struct store_delivery d;
    bool found;
    crash_at(CRASH_FULL, 1);
    assert_true(store_begin_decide(f->s, &f->e));
    assert_false(store_put_notice(f->s, &n, SV("x"), &channel, 1, &f->e) && store_commit_decide(f->s, &f->e));
    assert_int_equal(f->e.cls, ERR_DISK);
    crash_at(CRASH_NOTHING, 0);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM notice"), 0);
    assert_true(store_begin_decide(f->s, &f->e));
    assert_true(store_put_notice(f->s, &n, SV("x"), &channel, 1, &f->e) && store_commit_decide(f->s, &f->e));
    assert_true(store_outbox_next(f->s, NOW, &f->a, &d, &found, &f->e) && found);
    crash_at(CRASH_FULL, 1);
    assert_false(store_outbox_claim(f->s, d.id, &f->e));
    crash_at(CRASH_NOTHING, 0);
    assert_true(store_outbox_next(f->s, NOW, &f->a, &d, &found, &f->e) && found);
    assert_false(d.repeat_possible);
    assert_true(store_outbox_claim(f->s, d.id, &f->e));
    crash_at(CRASH_FULL, 1);
    assert_false(store_outbox_sent(f->s, d.id, NOW, &f->e));
    crash_at(CRASH_NOTHING, 0);
    assert_true(store_outbox_recover(f->s, &f->e));
    assert_true(store_outbox_next(f->s, NOW, &f->a, &d, &found, &f->e) && found);
    assert_true(d.repeat_possible);
}

/* A file system of its own, where we may make one; else this check says that it did not run. */
static void mount_here(struct fixture *f, const char *options)
{
    store_close(f->s);
    f->s = NULL;
    if (mount("tmpfs", f->folder, "tmpfs", 0, options) == 0)
        return;
    print_message("NOT RUN: a file system cannot be mounted here (%s)\n", strerror(errno));
    skip();
}

static void open_there(struct fixture *f)
{
    struct store_mailbox_key key = {.host = SV("h"), .port = 993, .folder = SV("INBOX")};
    struct store_mailbox m;
    bool changed;
    reopen(f);
    assert_true(store_mailbox(f->s, &key, &f->a, &m, &f->e));
    assert_true(store_mailbox_opened(f->s, m.id, 7, &changed, &f->e));
    f->mailbox = m.id;
}

static void unmount(struct fixture *f)
{
    store_close(f->s);
    f->s = NULL;
    assert_int_equal(umount(f->folder), 0);
}

static void fill(struct fixture *f, bool on)
{
    char block[4096] = {0};
    const char *path = text(f, "%s/ballast", f->folder);
    if (!on) {
        assert_int_equal(unlink(path), 0);
        return;
    }
    int fd = open(path, O_WRONLY | O_CREAT, 0600);
    assert_true(fd >= 0);
    while (write(fd, block, sizeof block) > 0)
        ;
    assert_int_equal(errno, ENOSPC);
    (void)close(fd);
}

static void a_full_file_system(void **state)
{
    struct fixture *f = *state;
    mount_here(f, "size=2m,mode=0700");
    open_there(f);
    int64_t batches = 0;
    while (put_batch(f, (uint32_t)(batches * BATCH + 1)))
        batches++;
    assert_int_equal(f->e.cls, ERR_DISK);
    assert_non_null(strstr(f->e.msg, f->path));
    assert_non_null(strstr(f->e.msg, "full"));
    assert_true(batches > 2);
    check_whole(f, batches);

    /* More room: the same mails come again and count. */
    assert_int_equal(mount("tmpfs", f->folder, "tmpfs", MS_REMOUNT, "size=4m"), 0);
    assert_true(put_batch(f, (uint32_t)(batches * BATCH + 1)));
    check_whole(f, batches + 1);
    unmount(f);
}

static void no_room_for_a_database(void **state)
{
    struct fixture *f = *state;
    struct store_lock l;
    struct store *s = NULL;
    int64_t holder;
    mount_here(f, "size=64k,mode=0700");
    fill(f, true);
    assert_int_equal(store_lock(sv_c(f->path), &l, &holder, &f->e), STORE_LOCK_FAILED);
    assert_int_equal(f->e.cls, ERR_DISK);
    assert_non_null(strstr(f->e.msg, "run.lock"));
    assert_false(store_open(sv_c(f->path), &f->limits, &s, &f->e));
    assert_int_equal(f->e.cls, ERR_DISK);
    assert_non_null(strstr(f->e.msg, f->path));
    unmount(f);
}

static void a_read_only_file_system(void **state)
{
    struct fixture *f = *state;
    struct store_lock l;
    struct store *s = NULL;
    int64_t holder;
    mount_here(f, "size=1m,ro");
    assert_int_equal(store_lock(sv_c(f->path), &l, &holder, &f->e), STORE_LOCK_FAILED);
    assert_int_equal(f->e.cls, ERR_STATE);
    assert_non_null(strstr(f->e.msg, f->folder));
    assert_false(store_open(sv_c(f->path), &f->limits, &s, &f->e));
    assert_int_equal(f->e.cls, ERR_STATE);
    assert_non_null(strstr(f->e.msg, "Read-only"));
    unmount(f);
}

int main(void)
{
    crash_vfs_install();
    const struct CMUnitTest tests[] = {
        TEST(full_at_every_change), TEST(broken_at_every_change), TEST(the_outbox_on_a_full_disk),
        TEST(a_full_file_system),   TEST(no_room_for_a_database), TEST(a_read_only_file_system),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
