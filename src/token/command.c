#include <string.h>

#include "answer.h"
#include "base/program.h"
#include "tokens.h"

static void keep_first_line(buf *out)
{
    sv line = sv_trim(buf_view(out));
    size_t end = sv_find_char(line, '\n', 0);
    line = sv_trim(sv_first(line, end == SIZE_MAX ? line.n : end));
    if (line.n)
        memmove(out->p, line.p, line.n);
    out->n = line.n;
}

/* What the limits are called, or the key, that a person would change. */
static const char *hint(enum err_class cls)
{
    switch ((int)cls) {
    case ERR_RETRY:
        return "; the next run tries again";
    case ERR_CONFIG:
        return "; check oauth2.command";
    case ERR_UNREACHABLE:
        return " (token_time, token_answer)";
    }
    return "";
}

bool command_run(const struct tokens *t, const struct oauth_cfg *cfg, buf *out, bool *transient,
                 struct err *e)
{
    char name[ERR_QUOTE];
    struct err why;
    (void)err_quote(cfg->command[0], name);
    if (!program_output(cfg->command, cfg->n_command, t->limits->token_time, out, &why)) {
        *transient = why.cls != ERR_CONFIG;
        return err_set(e, why.cls, "%s: %s%s", name, why.msg, hint(why.cls));
    }
    *transient = false;
    keep_first_line(out);
    return answer_is_token(buf_view(out), (size_t)t->limits->token_size) ||
           err_set(e, ERR_LOGIN, "%s: what it prints is no token; it must print the token alone", name);
}
