/* At the end of a run, when everybody has heard: what is old becomes daily sums, and what is older goes. */
#include "store/thin.h"
#include "base/clock.h"
#include "run.h"
#include "say.h"
#include "store/facts.h"
#include "trust.h"

static void say_thinned(const struct store_thinning *t, bool more)
{
    if (t->reports || t->sums || t->mails || t->octets)
        say(SAY_VERBOSE,
            "%llu old reports have become daily sums, %llu daily sums are gone, %llu mails forgotten, %llu "
            "KiB given "
            "back%s",
            (unsigned long long)t->reports, (unsigned long long)t->sums, (unsigned long long)t->mails,
            (unsigned long long)(t->octets / 1024), more ? "; the next run goes on" : "");
}

bool run_thin(struct run *r, struct err *e)
{
    const struct config *c = &r->config;
    struct store_thinning t = {.now = r->started, .keep_rows = c->keep_rows, .keep_daily = c->keep_daily};
    int64_t until = clock_mono_ms() + (int64_t)c->limits.thin_time;
    bool more = !r->dry_run, ok = !more || trust_answer(r->store, c, &r->arena, e);
    while (ok && more && run_time_left(r, 100) > 0 && clock_mono_ms() < until)
        ok = store_thin(r->store, &t, &more, e);
    store_ask_trust(r->store, NULL, NULL);
    if (ok)
        say_thinned(&t, more);
    return ok;
}
