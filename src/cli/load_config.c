#include "load_config.h"

#include <stdio.h>

#include "say.h"
#include "text/escape.h"

static void print_errors(const struct config_errors *errors)
{
    buf raw, line;
    buf_init(&raw, MIB(1));
    buf_init(&line, MIB(4));
    for (size_t i = 0; i < errors->n; i++) {
        buf_reset(&raw);
        buf_reset(&line);
        config_error_print(&errors->list[i], &raw);
        text_log(&line, sv_trim(buf_view(&raw)));
        (void)fprintf(stderr, "%.*s\n", (int)line.n, line.p ? line.p : "");
    }
    if (errors->more)
        say(SAY_ERROR, "and %zu more errors in the configuration", errors->more);
    buf_free(&raw);
    buf_free(&line);
}

bool load_config(const struct common *c, const char *path, arena *a, struct config *out, struct err *e)
{
    struct config_errors errors = {0};
    out->limits = c->limits;
    if (!config_load(path, a, out, &errors)) {
        print_errors(&errors);
        return err_set(e, ERR_CONFIG, "%s", "");
    }
    return common_move_limits(c, &out->limits, e);
}
