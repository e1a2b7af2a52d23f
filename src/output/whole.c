#include "whole.h"

#include <errno.h>
#include <string.h>

bool write_whole(const buf *text, FILE *to, struct err *e)
{
    if (text->failed)
        return err_set(e, ERR_MEMORY, "out of memory");
    bool written = fwrite(text->p, 1, text->n, to) == text->n && fflush(to) == 0;
    return written || err_set(e, ERR_DISK, "cannot write the output: %s", strerror(errno));
}
