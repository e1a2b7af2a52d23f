/* A program as a channel: the notice on its standard input, its exit code is the answer. It gets no shell, a
 * fixed environment, no descriptor of ours, and an end in sight (limits.send_command). */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/program.h"
#include "sending.h"

#define CHECK_ARGV "check argv: the first is the path of a program that may be executed"

enum { TICK_MS = 20, READ = 4096, DRAIN = 64 };

struct command {
    struct sending *s;
    struct program program;
    sv rest;  /* of the notice, not yet taken */
    buf said; /* the end of what it printed */
    int64_t end;
};

/* Keeps the newest octets. */
static void keep(buf *said, const char *p, size_t n)
{
    if (said->n + n > said->max)
        buf_consume(said, said->n + n - said->max);
    buf_put(said, p, n);
}

static void give(struct command *c)
{
    ssize_t n = write(c->program.in, c->rest.p, c->rest.n);
    if (n > 0)
        c->rest = sv_skip(c->rest, (size_t)n);
    bool over = n < 0 && errno != EAGAIN && errno != EINTR; /* it does not want more */
    if (over || c->rest.n == 0)
        fd_cleanup(&c->program.in);
}

/* False: nothing is there now. */
static bool hear(struct command *c)
{
    char some[READ];
    ssize_t n = read(c->program.out, some, sizeof some);
    if (n > 0)
        keep(&c->said, some, (size_t)n);
    else if (n == 0)
        fd_cleanup(&c->program.out);
    return n > 0;
}

/* Until it has ended: true, or its time is up: false. It is reaped in both cases. */
static bool attend(struct command *c, int *status)
{
    bool in_time;
    while ((in_time = clock_mono_ms() < c->end) && !program_ended(&c->program, status)) {
        struct pollfd fds[] = {{c->program.in, POLLOUT, 0}, {c->program.out, POLLIN, 0}};
        if (poll(fds, COUNT_OF(fds), TICK_MS) <= 0)
            continue;
        if (fds[0].revents)
            give(c);
        if (fds[1].revents)
            (void)hear(c);
    }
    if (!in_time)
        program_kill(&c->program);
    /* What it said last; what it left running may go on talking. */
    for (unsigned i = 0; i < DRAIN && c->program.out >= 0 && hear(c); i++)
        ;
    return in_time;
}

/* The last line: where programs say why they gave up. */
static sv last_line(sv said)
{
    said = sv_trim(said);
    size_t from = said.n;
    while (from && said.p[from - 1] != '\n')
        from--;
    return sv_trim(sv_skip(said, from));
}

static void judge_end(struct command *c, int status)
{
    struct sending *s = c->s;
    char words[ERR_QUOTE];
    const char *quoted = err_quote(last_line(buf_view(&c->said)), words);
    if (WIFSIGNALED(status)) {
        const char *name = strsignal(WTERMSIG(status));
        sv what = arena_printf(s->a, "was ended by a signal (%s)", name ? name : "unknown");
        s->answer->repeat_possible = true;
        sending_failed(s, ANSWER_BROKEN, what.p ? what.p : "was ended by a signal", quoted,
                       "run it by hand to see why");
        return;
    }
    s->answer->code = WEXITSTATUS(status);
    if (s->answer->code == 0) {
        s->answer->cls = ANSWER_SENT;
        return;
    }
    const struct verdict *v = verdict_of_exit(s->answer->code);
    sv what = arena_printf(s->a, "%s: exit code %d", v->what, s->answer->code);
    sending_failed(s, v->cls, what.p ? what.p : v->what, quoted, v->advice);
}

static void run(struct command *c)
{
    struct sending *s = c->s;
    int status = 0;
    c->rest = s->payload->body;
    c->end = clock_mono_ms() + (int64_t)s->limits->send_command;
    buf_init(&c->said, (size_t)s->limits->answer_size);
    if (attend(c, &status)) {
        judge_end(c, status);
    } else {
        s->answer->repeat_possible = true;
        sending_failed(s, ANSWER_RETRY, "did not end in time and was killed", "",
                       "raise the limit send_command if it needs longer");
    }
    fd_cleanup(&c->program.in);
    fd_cleanup(&c->program.out);
    buf_free(&c->said);
}

void command_send(struct sending *s)
{
    static char path[] = "PATH=/usr/local/bin:/usr/bin:/bin", lang[] = "LANG=C.UTF-8";
    static char *const env[] = {path, lang, NULL};
    struct command c = {.s = s};
    struct err e;
    s->where = s->channel->command[0];
    if (program_start(&c.program, s->channel->command, s->channel->n_command, env, PROGRAM_TALK, s->a, &e))
        run(&c);
    else
        sending_failed(s, e.cls == ERR_RETRY ? ANSWER_RETRY : ANSWER_BROKEN, "cannot be started", e.msg,
                       CHECK_ARGV);
}

void command_probe(struct sending *s)
{
    s->where = s->channel->command[0];
    const char *path = arena_cstr(s->a, s->where);
    int why = path ? file_may_run(path) : ENOMEM;
    if (why)
        sending_failed(s, ANSWER_BROKEN, "cannot be started", strerror(why), CHECK_ARGV);
    else
        s->answer->cls = ANSWER_SENT;
}
