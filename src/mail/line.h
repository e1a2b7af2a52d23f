/* Lines of a mail: LF or CRLF ends them; every CR before the LF is dropped (some hosts write CR CR LF). */
#ifndef MAIL_LINE_H
#define MAIL_LINE_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/sv.h"

/* Takes the next line off *rest, without its end; false when *rest is used up. */
bool line_next(sv *rest, sv *line);

/* The line that line_next would give, absent at the end. */
sv line_peek(sv rest);

static inline bool is_lwsp(char c)
{
    return c == ' ' || c == '\t';
}

/* Without blanks and tabs at its start. */
sv lwsp_skip(sv s);

/* The mail with LF for its bare CRs, when its first line ends in one; else the mail as it is. Absent
 * when the arena failed. */
sv line_ends_mended(sv mail, arena *a);

#endif
