/* wire-seeds FOLDER FILE…: what an honest reader says about each file, what one that lies makes of it, and
 * what is said before a mail is read, as seeds for both sides. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "fuzz.h"
#include "report/aggregate.h"
#include "report/tlsrpt.h"
#include "wire/cursor.h"
#include "worker/reader.h"

static const char *folder;

void fuzz_one(sv in)
{
    (void)in;
}

static int make_seed(const char *name, const char *kind)
{
    char path[4096];
    (void)snprintf(path, sizeof path, "%s/%s.%s", folder, name, kind);
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    fuzz_require(fd >= 0, path);
    return fd;
}

static void write_octets(const char *name, const char *kind, const buf *octets)
{
    int fd = make_seed(name, kind);
    fuzz_require(!octets->failed && write(fd, octets->p, octets->n) == (ssize_t)octets->n && close(fd) == 0,
                 name);
}

static void copy_frame(buf *out, const struct wire_frame *f, size_t shorter)
{
    size_t start = wire_open(out, f->type);
    buf_sv(out, sv_first(f->payload, f->payload.n - shorter));
    wire_close(out, start);
}

/* The answer with its frame `at` cut by an octet, said twice, and left out: of each type once. */
static void write_lies(sv answer, size_t at, enum wire_type type)
{
    struct wire_frame f;
    buf cut CLEANUP(buf_free), twice CLEANUP(buf_free), without CLEANUP(buf_free);
    buf_init(&cut, MIB(4));
    buf_init(&twice, MIB(4));
    buf_init(&without, MIB(4));
    for (size_t i = 0; wire_take(&answer, WIRE_WORKER, fuzz_limits()->wire_frame, &f) == WIRE_FRAME; i++) {
        copy_frame(&cut, &f, i == at && f.payload.n > 0);
        copy_frame(&twice, &f, 0);
        if (i == at)
            copy_frame(&twice, &f, 0);
        else
            copy_frame(&without, &f, 0);
    }
    write_octets(wire_type_name(type), "cut", &cut);
    write_octets(wire_type_name(type), "twice", &twice);
    write_octets(wire_type_name(type), "without", &without);
}

static void lie(const char *path)
{
    static bool done[WIRE_TYPE_END];
    struct wire_frame f;
    struct err e;
    buf answer CLEANUP(buf_free);
    buf_init(&answer, MIB(4));
    fuzz_require(file_read(path, &answer, &e), path);
    sv rest = buf_view(&answer);
    for (size_t i = 0; wire_take(&rest, WIRE_WORKER, fuzz_limits()->wire_frame, &f) == WIRE_FRAME; i++) {
        if (!done[f.type])
            write_lies(buf_view(&answer), i, f.type);
        done[f.type] = true;
    }
}

/* Everything but mails. */
static void write_talk(void)
{
    char ask[WIRE_ASK_SIZE], born[WIRE_BORN_SIZE];
    buf out CLEANUP(buf_free);
    buf_init(&out, MIB(1));
    wire_put_limits(&out, fuzz_limits(), true);
    wire_put_mail_begin(&out, 4);
    wire_put_mail_data(&out, SV("mail"));
    wire_put_mail_end(&out);
    write_octets("parent", "talk", &out);
    buf_reset(&out);
    wire_put_hello(&out, &(struct wire_hello){sv_c(wire_build_id()), WIRE_SANDBOX_full});
    write_octets("hello", "talk", &out);
    wire_put_ask(ask, WIRE_EXIT_build);
    wire_put_born(born, ask, 4711);
    buf_reset(&out);
    buf_put(&out, born, sizeof born);
    write_octets("born", "talk", &out);
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
    base = base ? base + 1 : path;
    (void)snprintf(out, sizeof out, "%s/%s.frames", folder, base);
    parent_init(&parent, make_seed(base, "frames"), fuzz_limits()->wire_frame);
    struct reader *reader = reader_new(fuzz_limits(), &parent);
    fuzz_require(reader && parent.fd >= 0, out);
    reader_mail(reader, buf_view(&mail));
    fuzz_require(parent_flush(&parent) && close(parent.fd) == 0, out);
    reader_free(reader);
    parent_free(&parent);
    lie(out);
}

int main(int argc, char **argv)
{
    if (argc < 3)
        return EXIT_FAILURE;
    folder = argv[1];
    (void)mkdir(folder, 0755);
    aggregate_library_init();
    tlsrpt_library_init();
    write_talk();
    for (int i = 2; i < argc; i++)
        write_seed(argv[i]);
    return EXIT_SUCCESS;
}
