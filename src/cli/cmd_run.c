/* dmarcwarn run: what the timer starts. Fetch, decide, tell; say nothing when nothing is wrong. */
#include <signal.h>

#include "base/clock.h"
#include "load_config.h"
#include "run.h"
#include "say.h"
#include "store/lock.h"
#include "store/outbox.h"

enum { OPT_CONFIG = 1 };

/* What is owed from earlier runs may take this share of limits.max_run before anything is fetched. */
enum { DEBT_PERCENT = 15 };

static const struct opt options[] = {
    {OPT_CONFIG, 'c', "config", "FILE", "the configuration (default " CONFIG_PATH ")"},
    {0, 0, NULL, NULL, NULL},
};

static int run_main(int argc, char **argv);

const struct command cmd_run = {
    .name = "run",
    .args = "",
    .summary = "Fetch new reports, judge them, and tell what a person should act on",
    .opts = options,
    .details = "Exit status: 0 done; 69 no mailbox could be reached; 73 the state folder cannot be used;\n"
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
    (void)id, (void)e; /* there is only one, and any value will do */
    r->config_path = value;
    return true;
}

/* The sequence (architecture: A run). */
static bool steps(struct run *r, struct err *e)
{
    if (!store_outbox_recover(r->store, e) || !run_deliver(r, DEBT_PERCENT, e))
        return false;
    /* Mails that are stored are decided and told also when fetching broke off. */
    struct err fetching = {0};
    bool fetched = run_collect(r, &fetching);
    if (!fetched && (fetching.cls == ERR_DISK || fetching.cls == ERR_STATE)) {
        *e = fetching;
        return false;
    }
    if (!run_decide(r, e) || !run_deliver(r, 100, e))
        return false;
    if (!fetched)
        *e = fetching;
    return fetched;
}

static int run_locked(struct run *r)
{
    struct err e = {0};
    if (!store_open(r->config.state_path, &r->config.limits, &r->store, &e) ||
        !store_run_begin(r->store, r->started, &r->id, &e)) {
        store_close(r->store);
        return say_err(&e);
    }
    r->trouble = (struct trouble){.store = r->store, .run = r->id, .now = r->started};
    int code = steps(r, &e) ? trouble_exit_code(&r->trouble) : say_err(&e);
    if (!store_run_end(r->store, r->id, clock_now(), code, &r->counts, &e) && code == 0)
        code = say_err(&e);
    store_close(r->store);
    return code;
}

static int run(struct run *r)
{
    struct err e = {0};
    struct store_lock lock;
    int64_t holder;
    if (!load_config(&r->common, r->config_path, &r->arena, &r->config, &e))
        return say_err(&e);
    switch (store_lock(r->config.state_path, &lock, &holder, &e)) {
    case STORE_LOCKED:
        break;
    case STORE_LOCK_BUSY:
        say(SAY_VERBOSE, "another run is at work (process %lld); nothing to do", (long long)holder);
        return 0;
    case STORE_LOCK_FAILED:
        return say_err(&e);
    }
    watch_signals();
    int code = run_locked(r);
    store_unlock(&lock);
    return code;
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
