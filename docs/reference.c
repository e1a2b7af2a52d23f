/* A filter for the source of dmarcwarn.yml(5): the line ";REFERENCE" becomes the reference of all keys
 * and limits, everything else is passed on. */
#include <stdio.h>
#include <unistd.h>

#include "base/file.h"
#include "config/config.h"

enum { PAGE_SIZE = 1 << 20 };

int main(void)
{
    buf page CLEANUP(buf_free), reference CLEANUP(buf_free);
    struct err e;
    buf_init(&page, PAGE_SIZE);
    buf_init(&reference, PAGE_SIZE);
    if (!file_read_fd(STDIN_FILENO, "the page", &page, &e)) {
        (void)fprintf(stderr, "%s\n", e.msg);
        return 1;
    }
    config_reference(&reference);
    size_t at = sv_find(buf_view(&page), SV(";REFERENCE\n"), 0);
    if (at == SIZE_MAX || reference.failed) {
        (void)fprintf(stderr, "the page has no line ;REFERENCE\n");
        return 1;
    }
    sv rest = sv_skip(buf_view(&page), at + strlen(";REFERENCE\n"));
    bool ok = fwrite(page.p, 1, at, stdout) == at &&
              fwrite(reference.p, 1, reference.n, stdout) == reference.n &&
              fwrite(rest.p, 1, rest.n, stdout) == rest.n && fflush(stdout) == 0;
    return ok ? 0 : 1;
}
