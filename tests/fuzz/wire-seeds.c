/* wire-seeds FOLDER FILE…: what an honest reader says about each file, as seeds for the parent's side. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "fuzz.h"
#include "report/aggregate.h"
#include "report/tlsrpt.h"
#include "worker/reader.h"

static const char *folder;

void fuzz_one(sv in)
{
    (void)in;
}

static void write_seed(const char *path)
{
    buf mail CLEANUP(buf_free);
    struct err e;
    char out[4096];
    struct parent parent;
    const char *base = strrchr(path, '/');
    buf_init(&mail, MIB(64));
    fuzz_require(file_read(path, &mail, &e), path);
    (void)snprintf(out, sizeof out, "%s/%s.frames", folder, base ? base + 1 : path);
    parent_init(&parent, open(out, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644),
                fuzz_limits()->wire_frame);
    struct reader *reader = reader_new(fuzz_limits(), &parent);
    fuzz_require(reader && parent.fd >= 0, out);
    reader_mail(reader, buf_view(&mail));
    fuzz_require(parent_flush(&parent) && close(parent.fd) == 0, out);
    reader_free(reader);
    parent_free(&parent);
}

int main(int argc, char **argv)
{
    if (argc < 3)
        return EXIT_FAILURE;
    folder = argv[1];
    (void)mkdir(folder, 0755);
    aggregate_library_init();
    tlsrpt_library_init();
    for (int i = 2; i < argc; i++)
        write_seed(argv[i]);
    return EXIT_SUCCESS;
}
