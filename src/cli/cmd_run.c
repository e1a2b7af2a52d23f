/* dmarcwarn run: what the timer starts. Fetch, decide, tell; say nothing when nothing is wrong. */
#include <signal.h>
#include <unistd.h>

#include "base/clock.h"
#include "config_files.h"
#include "hush.h"
#include "learning.h"
#include "run.h"
#include "say.h"
#include "store/damage.h"
#include "store/lock.h"
#include "store/outbox.h"
#include "store/quarantine.h"

enum { OPT_CONFIG = 1, OPT_DRY_RUN };

/* What is owed from earlier runs may take this share of limits.max_run before anything is fetched. */
enum { DEBT_PERCENT = 15 };

static const struct opt options[] = {
    {OPT_CONFIG, 'c', "config", "FILE", "the configuration (default " CONFIG_PATH ")"},
    {OPT_DRY_RUN, 0, "dry-run", NULL, "print what would be sent; store, send and change nothing"},
    {0, 0, NULL, NULL, NULL},
};

static int run_main(int argc, char **argv);

const struct command cmd_run = {
    .name = "run",
    .args = "",
    .summary = "Fetch new reports, judge them, and tell what a person should act on",
    .opts = options,
    .details = "A dry run reads the mailboxes and works on a private copy of the database.\n\n"
               "Exit status: 0 done; 69 no mailbox could be reached; 73 the state folder cannot be used;\n"
               "74 disk full; 75 a part has failed in three runs in a row; 77 no mailbox let us in;\n"
               "78 the configuration is wrong. What a run could not do, the next one catches up on.\n",
    .run = run_main,
};

volatile sig_atomic_t run_stopping;

static void on_signal(int number)
{
    (void)number;
    run_stopping = 1;
}

static void watch_signals(void)
{
    struct sigaction act = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
    (void)sigemptyset(&act.sa_mask);
    (void)sigaction(SIGTERM, &act, NULL);
    (void)sigaction(SIGINT, &act, NULL);
}

int64_t run_time_left(const struct run *r, unsigned percent)
{
    int64_t share = (int64_t)r->config.limits.max_run * 10 * percent;
    int64_t left = r->mono + share - clock_mono_ms();
    return run_stopping || left < 0 ? 0 : left;
}

static bool take_option(void *ctx, int id, const char *value, struct err *e)
{
    struct run *r = ctx;
    (void)e;
    if (id == OPT_CONFIG)
        r->config_path = value;
    else
        r->dry_run = true;
    return true;
}

/* That a channel takes nothing is told elsewhere in the same run. */
static bool tell(struct run *r, struct err *e)
{
    if (!run_deliver(r, 100, e) || !run_refresh(r, e) || !run_end_streaks(r, e))
        return false;
    uint64_t notices = r->counts.notices;
    return run_decide_channels(r, e) &&
           (r->counts.notices == notices || (run_deliver(r, 100, e) && run_end_streaks(r, e)));
}

/* For who looks on: why nothing is told of what is new. */
static bool say_learning(struct run *r, struct err *e)
{
    uint64_t n;
    int64_t until;
    char text[CLOCK_TEXT];
    if (r->config.learn == 0 || !say_wanted(SAY_NEWS))
        return true;
    if (!learning_find(r->store, &r->config, &n, &until, e))
        return false;
    if (n)
        say(SAY_NEWS,
            "%llu domain%s: what is only new is not told yet, as their data are few; the last until %s",
            (unsigned long long)n, n == 1 ? "" : "s", clock_iso(until, text));
    return true;
}

/* The sequence (architecture: A run). */
static bool steps(struct run *r, struct err *e)
{
    if (!config_files_settle(r, e) || !store_outbox_recover(r->store, e) ||
        !store_quarantine_expire(r->store, r->started, e) ||
        !hush_waiting(r->store, &r->config, r->started, e) ||
        (!r->dry_run && !run_deliver(r, DEBT_PERCENT, e)))
        return false;
    /* Mails that are stored are decided and told also when fetching broke off. */
    struct err fetching = {0};
    bool fetched = run_collect(r, &fetching);
    if (!fetched && (fetching.cls == ERR_DISK || fetching.cls == ERR_DAMAGED || fetching.cls == ERR_STATE)) {
        *e = fetching;
        return false;
    }
    if (!run_decide(r, e) || !run_digest(r, e) || !(r->dry_run ? run_preview(r, e) : tell(r, e)) ||
        !run_thin(r, e) || !say_learning(r, e))
        return false;
    if (!fetched)
        *e = fetching;
    return fetched;
}

/* The database is open, and the run begun. */
static int run_begun(struct run *r)
{
    struct err e = {0};
    r->trouble = (struct trouble){.store = r->store, .run = r->id, .now = r->started, .watched = r->dry_run};
    int code = steps(r, &e) ? trouble_exit_code(&r->trouble) : say_err(&e);
    bool damaged = e.cls == ERR_DAMAGED;
    if (!damaged && !store_run_end(r->store, r->id, clock_now(), code, &r->counts, &e) && code == 0)
        code = say_err(&e);
    store_close(r->store);
    if (damaged && !r->dry_run && !store_mark_damaged(r->config.state_path, &e))
        code = say_err(&e);
    return code;
}

/* True: locked. False: *code ends the program. */
static bool lock_state(struct run *r, struct store_lock *lock, int *code)
{
    struct err e = {0};
    int64_t holder;
    switch (store_lock(r->config.state_path, lock, &holder, &e)) {
    case STORE_LOCKED:
        return true;
    case STORE_LOCK_BUSY:
        say(r->dry_run ? SAY_ERROR : SAY_VERBOSE, "another run is at work (process %lld); %s",
            (long long)holder, r->dry_run ? "try again when it has ended" : "nothing to do");
        *code = r->dry_run ? err_exit_code(ERR_RETRY) : 0;
        return false;
    case STORE_LOCK_FAILED:
        *code = say_err(&e);
        return false;
    }
    return false;
}

static bool open_store(struct run *r, struct err *e)
{
    if (!store_open(r->config.state_path, &r->config.limits, &r->store, e))
        return false;
    if (store_run_begin(r->store, r->started, &r->id, e))
        return true;
    store_close(r->store);
    return false;
}

/* In place of one that is damaged. That is said once, here and to people, and is no success. */
static bool open_anew(struct run *r, const struct err *damage, struct err *e)
{
    int64_t at;
    sv aside;
    if (!store_begin_anew(r->config.state_path, &r->config.limits, r->started, &r->store, e))
        return false;
    if (store_run_begin(r->store, r->started, &r->id, e) &&
        store_begun_anew(r->store, &r->arena, &at, &aside, e)) {
        say(SAY_ERROR, "%s; it is %.*s now, and in a new one all mails that are still there are read anew",
            damage->msg, SV_ARG(aside));
        return true;
    }
    store_close(r->store);
    return false;
}

static int run_locked(struct run *r)
{
    struct err damage = {0}, e = {0};
    if (open_store(r, &damage))
        return run_begun(r);
    if (damage.cls != ERR_DAMAGED)
        return say_err(&damage);
    if (!open_anew(r, &damage, &e))
        return say_err(&e);
    int code = run_begun(r);
    return code ? code : err_exit_code(ERR_DAMAGED);
}

static int run_for_good(struct run *r)
{
    struct store_lock lock;
    int code;
    if (!lock_state(r, &lock, &code))
        return code;
    code = run_locked(r);
    store_unlock(&lock);
    return code;
}

/* The lock is held only while the database is copied: no run of the timer's is missed for this one. Where
 * there is no database yet, nothing is made. */
static int run_dry(struct run *r)
{
    struct err e = {0};
    struct store_lock lock;
    int code;
    const char *path = arena_cstr(&r->arena, r->config.state_path);
    bool is_there = path && access(path, F_OK) == 0;
    if (is_there && !lock_state(r, &lock, &code))
        return code;
    bool opened = store_open_copy(r->config.state_path, &r->config.limits, &r->store, &e);
    if (is_there)
        store_unlock(&lock);
    if (!opened)
        return say_err(&e);
    if (store_run_begin(r->store, r->started, &r->id, &e))
        return run_begun(r);
    store_close(r->store);
    return say_err(&e);
}

static int run(struct run *r)
{
    struct err e = {0};
    if (!load_config_more(&r->common, r->config_path, &r->arena, &r->config, &r->loaded, &e))
        return say_err(&e);
    if (say_wanted(SAY_NEWS))
        load_config_say_all(&r->loaded.extra.warnings);
    watch_signals();
    return r->dry_run ? run_dry(r) : run_for_good(r);
}

static int run_main(int argc, char **argv)
{
    struct run r = {.config_path = CONFIG_PATH};
    struct opts o;
    struct err e;
    opts_start(&o, &cmd_run, argc, argv);
    if (!common_parse(&r.common, &cmd_run, &o, take_option, &r, &e))
        return common_give_up(&r.common, &cmd_run, &e);
    if (o.n_operands) {
        (void)err_set(&e, ERR_USAGE, "'%s' is too much: run takes no operands", o.operands[0]);
        return common_give_up(&r.common, &cmd_run, &e);
    }
    r.started = clock_now();
    r.mono = clock_mono_ms();
    arena_init(&r.arena, CONFIG_MEMORY);
    int code = run(&r);
    arena_free(&r.arena);
    return code;
}
