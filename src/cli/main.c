/* dmarcwarn: finds the subcommand and hands over. */
#include <locale.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "base/nearest.h"
#include "common.h"
#include "intake/intake.h"
#include "say.h"
#include "version.h"

static const struct command *const commands[] = {
    &cmd_run,    &cmd_parse, &cmd_status, &cmd_check_config, &cmd_test_alert, &cmd_login,  &cmd_quarantine,
    &cmd_outbox, &cmd_rules, &cmd_import, &cmd_replay,       &cmd_digest,     &cmd_alerts, &cmd_silence};

static void help(FILE *to)
{
    (void)fprintf(to, "Usage: dmarcwarn COMMAND [OPTIONS] …\n"
                      "Watches DMARC reports and warns the people who run the mail.\n\n");
    for (size_t i = 0; i < COUNT_OF(commands); i++)
        (void)fprintf(to, "  %-12s %s\n", commands[i]->name, commands[i]->summary);
    (void)fprintf(to, "\n'dmarcwarn COMMAND --help' tells more; the manual is dmarcwarn(1).\n");
}

static int unknown(const char *name)
{
    struct nearest near;
    nearest_start(&near, sv_c(name));
    for (size_t i = 0; i < COUNT_OF(commands); i++)
        nearest_offer(&near, sv_c(commands[i]->name));
    sv best = nearest_best(&near);
    if (best.n)
        say(SAY_ERROR, "there is no command '%s'; did you mean '%.*s'?", name, SV_ARG(best));
    else
        say(SAY_ERROR, "there is no command '%s'; 'dmarcwarn --help' lists them", name);
    return err_exit_code(ERR_USAGE);
}

/* With the level that readers reach here; why they reach none is no fault of the question. */
static int version(void)
{
    struct limits limits;
    struct err e;
    const char *name, *sentence;
    limits_default(&limits);
    const struct intake_options o = {.limits = &limits, .best_effort = true};
    (void)printf("dmarcwarn %s\n", DMARCWARN_VERSION);
    if (intake_probe(&o, &name, &sentence, &e))
        (void)printf("sandbox: %s: %s\n", name, sentence);
    else
        (void)printf("sandbox: %s\n", e.msg);
    return 0;
}

/* Passwords lie in our memory: no core file of it, and no debugger of the same account. Programs that
 * we start may raise the soft limit again. */
static void keep_memory_private(void)
{
    struct rlimit core;
    if (getrlimit(RLIMIT_CORE, &core) == 0) {
        core.rlim_cur = 0;
        (void)setrlimit(RLIMIT_CORE, &core);
    }
    (void)prctl(PR_SET_DUMPABLE, 0L, 0L, 0L, 0L);
}

int main(int argc, char **argv)
{
    keep_memory_private();
    /* Only for the width of characters in tables; numbers and dates are ours and never localised. */
    (void)setlocale(LC_CTYPE, "");
    /* A peer that hangs up is an error of the call that writes (libcurl 7.76 lets the signal through). */
    (void)signal(SIGPIPE, SIG_IGN);
    if (argc < 2) {
        help(stderr);
        return err_exit_code(ERR_USAGE);
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        help(stdout);
        return 0;
    }
    if (strcmp(argv[1], "--version") == 0) {
        return version();
    }
    for (size_t i = 0; i < COUNT_OF(commands); i++)
        if (strcmp(argv[1], commands[i]->name) == 0)
            return commands[i]->run(argc - 1, argv + 1);
    return unknown(argv[1]);
}
