/* A small agent is killed at every change that SQLite makes to its files, and then run again: what a run
 * promises holds after each death, and the end is the same. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "crash_vfs.h"
#include "store/decide.h"
#include "store/facts.h"
#include "store/outbox.h"
#include "store/runs.h"
#include "support.h"

enum { MAILS = 4, CHANNELS = 2 };

/* Every point is for the plain build; under the address sanitizer a fork costs ten times as much. */
#ifdef __SANITIZE_ADDRESS__
enum { STEP = 5 };
#else
enum { STEP = 1 };
#endif

/* The far side: one octet for each notice that arrives, 'r' for one that is said to be a repeat. */
static void send_notice(struct fixture *f, const struct store_delivery *d)
{
    const char *path = text(f, "%s/%.*s", f->folder, SV_ARG(d->channel));
    int fd CLEANUP(fd_cleanup) = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (fd < 0 || write(fd, d->repeat_possible ? "r" : "1", 1) != 1)
        _exit(3);
}

static void run_mail(struct fixture *f, uint32_t uid)
{
    struct record r = made_record("192.0.2.1", uid);
    struct made_mail m;
    struct store_put put;
    const char *id = text(f, "%u", uid == 3 ? 2 : uid); /* 2 and 3 are a conflict set */
    make_mail(&m, uid);
    m.raw.internaldate += uid;
    if (uid == MAILS)
        add_reject(&m, REJECT_dtd, "line 1");
    else
        add_report(&m, made_report(id), &r, 1);
    if (!put_open(f, &m, &put) || put.refused)
        _exit(4);
}

static bool fetch(struct fixture *f, const struct store_mailbox *box)
{
    static const uint32_t uids[] = {1, 2, 3, 4};
    struct store_listing l = {.uidvalidity = 7, .from = 0, .upto = MAILS, .uids = uids, .n = MAILS};
    uint32_t mark;
    bool changed;
    if (!store_mailbox_opened(f->s, box->id, 7, &changed, &f->e) || !store_begin_mails(f->s, NOW, &f->e))
        return false;
    for (uint32_t uid = box->mark + 1; uid <= MAILS; uid++)
        run_mail(f, uid);
    return store_move_mark(f->s, box->id, &l, &mark, &f->e) && mark == MAILS &&
           store_commit_mails(f->s, &f->e);
}

static bool decide_domain(struct fixture *f, sv domain)
{
    static const sv channels[CHANNELS] = {SV_INIT("slack"), SV_INIT("mail")};
    struct incident i = {.id = {1}, .domain = domain, .subject = SV("192.0.2.0/24")};
    struct notice n = {.id = {2}, .created = NOW, .domain = domain};
    return store_put_incident(f->s, &i, &f->e) &&
           store_put_notice(f->s, &n, SV("frozen"), channels, CHANNELS, &f->e) &&
           store_clear_dirty(f->s, domain, &f->e);
}

static bool decide(struct fixture *f)
{
    static const uint8_t hash[32] = {7};
    struct store_domain *dirty;
    size_t n;
    if (!store_begin_decide(f->s, &f->e) || !store_dirty(f->s, &f->a, &dirty, &n, &f->e))
        return false;
    for (size_t i = 0; i < n; i++)
        if (!decide_domain(f, dirty[i].domain))
            return false;
    return store_set_config_hash(f->s, hash, &f->e) && store_commit_decide(f->s, &f->e);
}

static bool deliver(struct fixture *f)
{
    struct store_delivery d;
    bool found;
    while (store_outbox_next(f->s, NOW, &f->a, &d, &found, &f->e) && found) {
        if (!store_outbox_claim(f->s, d.id, &f->e))
            return false;
        send_notice(f, &d);
        if (!store_outbox_sent(f->s, d.id, NOW, &f->e))
            return false;
    }
    return true;
}

/* One whole run of the agent. */
static bool run(struct fixture *f)
{
    struct store_mailbox_key key = {.host = SV("imap.example.com"), .port = 993, .folder = SV("INBOX")};
    struct store_mailbox box;
    struct store_run_counts counts = {.mails = 0};
    int64_t id;
    if (!store_open(sv_c(f->path), &f->limits, &f->s, &f->e) || !store_run_begin(f->s, NOW, &id, &f->e) ||
        !store_outbox_recover(f->s, &f->e) || !store_mailbox(f->s, &key, &f->a, &box, &f->e))
        return false;
    return (box.mark == MAILS || fetch(f, &box)) && decide(f) && deliver(f) &&
           store_run_end(f->s, id, NOW, 0, &counts, &f->e);
}

static off_t arrived(struct fixture *f, const char *channel)
{
    const char *path = text(f, "%s/%s", f->folder, channel);
    struct stat st;
    return stat(path, &st) == 0 ? st.st_size : 0;
}

/* What must hold whenever the process died. */
static void check_promises(struct fixture *f)
{
    reopen(f);
    int64_t mark = sql_int(f, "SELECT coalesce(max(mark), 0) FROM mailbox");
    int64_t decided = sql_int(f, "SELECT count(*) FROM notice");
    assert_int_equal(sql_int(f, "SELECT count(*) FROM mail"), mark);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM report"), mark ? MAILS - 1 : 0);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM quarantine"), mark ? 1 : 0);
    assert_int_equal(sql_int(f, "SELECT coalesce(sum(count), 0) FROM fact"), mark ? 1 + 2 + 3 : 0);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM incident"), decided);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM outbox"), decided * CHANNELS);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM dirty"), mark && !decided);
    assert_int_equal(sql_int(f, "SELECT count(*) FROM meta WHERE key = 'config_hash'"), decided);
    assert_true(sql_int(f, "SELECT count(*) FROM outbox WHERE state = 'sent' AND channel = 'slack'") <=
                arrived(f, "slack"));
    assert_int_equal(sql_int(f, "SELECT integrity_check = 'ok' FROM pragma_integrity_check"), 1);
    store_close(f->s);
    f->s = NULL;
}

/* 0: the run came to its end. */
static int run_and_die(struct fixture *f, unsigned long at)
{
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        crash_at(CRASH_EXIT, at);
        _exit(run(f) ? 0 : 5);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

/* At most one repeat over both channels: only one notice was under way when the process died. */
static void check_arrived(struct fixture *f, unsigned long *repeats)
{
    static const char *const channels[CHANNELS] = {"slack", "mail"};
    off_t all = 0;
    for (size_t i = 0; i < CHANNELS; i++) {
        const char *path = text(f, "%s/%s", f->folder, channels[i]);
        buf got CLEANUP(buf_free);
        buf_init(&got, 16);
        assert_true(file_read(path, &got, &f->e));
        assert_true(sv_eq(buf_view(&got), SV("1")) || sv_eq(buf_view(&got), SV("r")) ||
                    sv_eq(buf_view(&got), SV("1r")));
        all += (off_t)got.n;
        assert_int_equal(unlink(path), 0);
    }
    assert_true(all <= CHANNELS + 1);
    *repeats += all > CHANNELS;
}

static void forget_database(struct fixture *f)
{
    const char *journal = text(f, "%s-journal", f->path);
    (void)unlink(journal);
    (void)unlink(f->path);
}

/* second 0: killed once, at `first`; else the repairing run is killed too. */
static bool kill_and_repair(struct fixture *f, unsigned long first, unsigned long second,
                            unsigned long *repeats)
{
    int code = run_and_die(f, first);
    assert_true(code == 0 || code == CRASH_EXIT_CODE);
    check_promises(f);
    if (second) {
        int again = run_and_die(f, second);
        assert_true(again == 0 || again == CRASH_EXIT_CODE);
        check_promises(f);
    }
    if (!run(f))
        fail_msg("killed at %lu, %lu: %s", first, second, f->e.msg);
    store_close(f->s);
    f->s = NULL;
    check_promises(f);
    if (second == 0)
        check_arrived(f, repeats);
    else
        assert_true(arrived(f, "slack") >= 1 && arrived(f, "mail") >= 1);
    return code == 0;
}

static void start_empty(struct fixture *f)
{
    store_close(f->s);
    f->s = NULL;
    forget_database(f);
}

/* How many changes the making of the tables is. */
static unsigned long make_database(struct fixture *f)
{
    forget_database(f);
    crash_at(CRASH_NOTHING, 0);
    reopen(f);
    store_close(f->s);
    f->s = NULL;
    return crash_count();
}

static void killed_while_it_is_made(void **state)
{
    struct fixture *f = *state;
    unsigned long points = 0, repeats = 0;
    start_empty(f);
    for (unsigned long at = 1, all = make_database(f); at <= all; at += 7, points++) {
        forget_database(f);
        assert_false(kill_and_repair(f, at, 0, &repeats));
    }
    print_message("killed at %lu points while the tables are made\n", points);
    assert_int_equal(repeats, 0);
}

static void killed_at_every_change(void **state)
{
    struct fixture *f = *state;
    unsigned long points = 0, repeats = 0;
    start_empty(f);
    for (bool whole = false; !whole; points += STEP) {
        (void)make_database(f);
        whole = kill_and_repair(f, points + 1, 0, &repeats);
    }
    print_message("killed at %lu points: %lu repeats, all marked\n", points / STEP - 1, repeats);
    assert_true(points > 60);
    assert_true(repeats > 0);
}

/* Killed, and killed again while the next run repairs it. */
static void killed_twice(void **state)
{
    struct fixture *f = *state;
    unsigned long points = 0, repeats = 0;
    start_empty(f);
    for (unsigned long first = 3; first < 200; first += 29)
        for (unsigned long second = 1; second < 200; second += 37 * STEP, points++) {
            (void)make_database(f);
            (void)kill_and_repair(f, first, second, &repeats);
            (void)unlink(text(f, "%s/slack", f->folder));
            (void)unlink(text(f, "%s/mail", f->folder));
        }
    print_message("killed twice at %lu pairs of points\n", points);
}

int main(void)
{
    crash_vfs_install();
    const struct CMUnitTest tests[] = {
        TEST(killed_while_it_is_made),
        TEST(killed_at_every_change),
        TEST(killed_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
