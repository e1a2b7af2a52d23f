#include "temporary.h"

#include <signal.h>
#include <stddef.h>
#include <unistd.h>

#include "base/arena.h"

static const int ending[] = {SIGINT, SIGTERM, SIGHUP};

/* A handler is given nothing else. */
static const char *volatile at_hand;

/* Once: the signal then does what it does by default. */
static void on_signal(int number)
{
    if (at_hand)
        (void)unlink(at_hand);
    (void)raise(number);
}

void temporary_begin(const char *path)
{
    struct sigaction was, act = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND};
    (void)sigemptyset(&act.sa_mask);
    at_hand = path;
    for (size_t i = 0; i < COUNT_OF(ending); i++) /* nohup ignores them, and so do we */
        if (sigaction(ending[i], NULL, &was) == 0 && was.sa_handler == SIG_DFL)
            (void)sigaction(ending[i], &act, NULL);
}

void temporary_end(void)
{
    at_hand = NULL;
}
