#include "progress.h"

#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "common.h"
#include "say.h"
#include "text/format.h"

enum { FIRST_MS = 1000, STEP_MS = 200, BAR = 20, LINE = 256 };

void progress_start(struct progress *p, const char *unit)
{
    int64_t now = clock_mono_ms();
    *p = (struct progress){
        .unit = unit, .wanted = stderr_is_terminal() && say_wanted(SAY_NEWS), .start = now, .last = now};
}

static void put_bar(buf *out, uint64_t done, uint64_t total)
{
    unsigned full = (unsigned)(done >= total ? BAR : done * BAR / total);
    buf_char(out, '[');
    for (unsigned i = 0; i < BAR; i++)
        buf_char(out, i < full ? '=' : i == full ? '>' : ' ');
    buf_puts(out, "] ");
}

static void put_line(buf *out, const struct progress *p, uint64_t done, uint64_t total, int64_t ms)
{
    uint64_t rate = done * 1000 / (uint64_t)ms;
    if (total)
        put_bar(out, done, total);
    text_number(out, done);
    if (total) {
        buf_char(out, '/');
        text_number(out, total);
    }
    buf_printf(out, " %s  ", p->unit);
    text_number(out, rate);
    buf_puts(out, "/s");
    if (total > done && rate) {
        uint64_t left = (total - done) / rate;
        buf_printf(out, "  %llu:%02llu left", (unsigned long long)(left / 60),
                   (unsigned long long)(left % 60));
    }
}

void progress_update(struct progress *p, uint64_t done, uint64_t total)
{
    int64_t now = clock_mono_ms();
    if (!p->wanted || now - p->start < FIRST_MS || now - p->last < STEP_MS)
        return;
    p->last = now;
    buf line;
    buf_init(&line, LINE);
    put_line(&line, p, done, total, now - p->start);
    unsigned width = common_width(STDERR_FILENO);
    sv shown = sv_first(buf_view(&line), width > 1 ? width - 1 : 0);
    (void)fprintf(stderr, "\r%.*s\033[K", SV_ARG(shown));
    (void)fflush(stderr);
    buf_free(&line);
    p->shown = true;
}

void progress_clear(struct progress *p)
{
    if (p->shown)
        (void)fprintf(stderr, "\r\033[K");
    p->shown = false;
}
