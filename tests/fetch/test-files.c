#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "fetch/files.h"
#include "mbox.h"

/* A folder of its own for each test, as the current one. */
static int set_up(void **state)
{
    char *folder = strdup("/tmp/dw-files-XXXXXX");
    *state = folder;
    return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int tear_down(void **state)
{
    char *argv[] = {(char[]){"rm"}, (char[]){"-rf"}, *state, NULL};
    pid_t child = fork();
    if (child == 0) {
        (void)execvp("rm", argv);
        _exit(1);
    }
    free(*state);
    return 0;
}

static void write_file(const char *path, sv content)
{
    struct err e;
    assert_true(file_write_atomic(path, content, 0644, &e));
}

#define WRITE(path, text) write_file(path, SV(text))

/* All that the paths give, one line an item. */
static char *walk(const char *const *paths, size_t n, const struct limits *limits)
{
    buf log;
    buf_init(&log, 1 << 20);
    struct files *f = files_open(paths, n, limits);
    struct files_item item;
    struct err e;
    enum files_result result;
    while ((result = files_next(f, &item, &e)) != FILES_END) {
        if (result == FILES_ERROR) {
            buf_printf(&log, "error %d: %s\n", err_exit_code(e.cls), e.msg);
            continue;
        }
        buf_printf(&log, "%u.%u %.*s", item.mail.source, item.mail.uid, SV_ARG(item.path));
        if (item.number)
            buf_printf(&log, "#%u", item.number);
        if (item.why)
            buf_printf(&log, " %s\n", reject_code(item.why));
        else
            buf_printf(&log, " [%.*s]\n", SV_ARG(sv_of(item.mail.bytes, item.mail.n)));
        free(item.mail.bytes);
    }
    files_close(f);
    buf_char(&log, '\0');
    return log.p;
}

#define CHECK(limits, want, ...)                                                                             \
    do {                                                                                                     \
        const char *const paths_[] = {__VA_ARGS__};                                                          \
        char *got_ = walk(paths_, COUNT_OF(paths_), limits);                                                 \
        assert_string_equal(got_, want);                                                                     \
        free(got_);                                                                                          \
    } while (0)

static struct limits standard(void)
{
    struct limits l;
    limits_default(&l);
    return l;
}

static void walks_files_and_folders(void **state)
{
    (void)state;
    struct limits l = standard();
    assert_int_equal(mkdir("d", 0755) | mkdir("d/b", 0755) | mkdir("d/empty", 0755), 0);
    WRITE("one", "1");
    WRITE("d/b/x", "bx");
    WRITE("d/a", "a");
    WRITE("d/b.eml", "b.eml");
    WRITE("d/B", "");
    WRITE("d/\xc3\xa4", "umlaut");
    assert_int_equal(symlink("a", "d/link") | symlink("b", "d/loop") | symlink("gone", "d/nowhere"), 0);
    CHECK(&l,
          "0.1 one [1]\nerror 65: none: cannot open: No such file or directory\n"
          "2.2 d/B []\n2.3 d/a [a]\n2.4 d/b.eml [b.eml]\n2.5 d/b/x [bx]\n2.6 d/link [a]\n"
          "error 65: d/loop: a link to a folder is not followed; name the folder itself\n"
          "error 65: d/nowhere: No such file or directory\n2.7 d/\xc3\xa4 [umlaut]\n3.8 one [1]\n",
          "one", "none", "d//", "one");
    CHECK(&l, "", "d/empty");
}

static void reads_a_maildir(void **state)
{
    (void)state;
    struct limits l = standard();
    static const char *const folders[] = {"m",      "m/cur",      "m/new",     "m/tmp",
                                          "m/.Sub", "m/.Sub/cur", "m/.Sub/new"};
    for (size_t i = 0; i < COUNT_OF(folders); i++)
        assert_int_equal(mkdir(folders[i], 0755), 0);
    WRITE("m/dovecot.index", "index");
    WRITE("m/cur/1:2,S", "seen");
    WRITE("m/new/2", "new");
    WRITE("m/tmp/3", "half");
    WRITE("m/.Sub/new/4", "sub");
    WRITE("m/.Sub/maildirfolder", "");
    CHECK(&l, "0.1 m/.Sub/new/4 [sub]\n0.2 m/cur/1:2,S [seen]\n0.3 m/new/2 [new]\n", "m");
}

#define FROM "From somebody Sat Jan  3 01:05:34 1996\n"

static void splits_an_mbox(void **state)
{
    (void)state;
    struct limits l = standard();
    WRITE("box", FROM "A: 1\n\nFrom here on\n\nFrom nobody can tell\nx" FROM "\n\r\n" FROM "B: 2\r\n\r\n" FROM
                      "\nFrom \n" FROM);
    CHECK(&l,
          "0.1 box#1 [A: 1\n\nFrom here on\n\nFrom nobody can tell\nx" FROM
          "\n\r\n]\n0.2 box#2 [B: 2\r\n\r\n]\n"
          "0.3 box#3 [\nFrom \n" FROM "]\n",
          "box");
    WRITE("box", FROM);
    CHECK(&l, "0.1 box#1 []\n", "box");
    WRITE("box", FROM "\n" FROM "\n" FROM "end");
    CHECK(&l, "0.1 box#1 [\n]\n0.2 box#2 [\n]\n0.3 box#3 [end]\n", "box");
}

static void bounds_what_is_too_large(void **state)
{
    (void)state;
    struct limits l = standard();
    l.mail_size = 10;
    WRITE("ten", "1234567890");
    WRITE("eleven", "12345678901");
    WRITE("box", FROM "12345678\n\n" FROM "123456789\n\n" FROM "x\n");
    CHECK(&l,
          "0.1 ten [1234567890]\n1.2 eleven mail_too_large\n2.3 box#1 [12345678\n\n]\n2.4 box#2 "
          "mail_too_large\n"
          "2.5 box#3 [x\n]\n",
          "ten", "eleven", "box");
    l = standard();
    l.folder_entries = 1;
    l.folder_depth = 1;
    assert_int_equal(mkdir("d", 0755) | mkdir("d/e", 0755), 0);
    CHECK(&l, "error 65: d/e: folders are nested more than 1 deep (folder_depth)\n", "d");
    WRITE("d/f", "f");
    CHECK(&l,
          "error 65: d: more than 1 entries in one folder; raise the limit folder_entries, or split the "
          "folder\n",
          "d");
}

static void a_large_mbox_streams(void **state)
{
    (void)state;
    enum { MAILS = 500 };
    buf box;
    buf_init(&box, 1 << 24);
    for (unsigned i = 0; i < MAILS; i++) {
        buf_puts(&box, FROM);
        for (unsigned k = 0; k < i % 97; k++)
            buf_printf(&box, "%u %0*u\n", i, (int)(i * 7 % 300), k);
        buf_puts(&box, "\n");
    }
    write_file("box", buf_view(&box));
    struct limits l = standard();
    const char *const paths[] = {"box"};
    struct files *f = files_open(paths, 1, &l);
    struct files_item item;
    struct err e;
    size_t octets = 0, mails = 0;
    while (files_next(f, &item, &e) == FILES_ITEM) {
        octets += item.mail.n + sizeof FROM - 1;
        mails++;
        free(item.mail.bytes);
    }
    files_close(f);
    assert_int_equal(mails, MAILS);
    assert_int_equal(octets, box.n);
    buf_free(&box);
}

/* The same mails for every size of pieces. */
static void pieces_do_not_matter(void **state)
{
    (void)state;
    static const char text[] =
        FROM "a\n\nFrom x 1:2\n\n" FROM "\r\n\r\n" FROM "long line of text\nFrom\n\nFrom";
    for (size_t piece = 1; piece < sizeof text; piece++) {
        struct mbox m;
        buf in, log;
        mbox_init(&m, 100, 60);
        buf_init(&in, 200);
        buf_init(&log, 200);
        for (size_t at = 0; at < sizeof text; at += piece) {
            buf_sv(&in, sv_first(sv_skip(SV(text), at), piece));
            bool end = at + piece >= sizeof text - 1;
            sv rest = buf_view(&in);
            while (mbox_next(&m, &rest, end) == MBOX_MAIL)
                buf_printf(&log, "[%.*s]", SV_ARG(buf_view(&m.mail)));
            buf_consume(&in, in.n - rest.n);
            if (end)
                break;
        }
        assert_sv_equal(buf_view(&log), "[a\n\nFrom x 1:2\n\n][\r\n\r\n][long line of text\nFrom\n\nFrom]");
        mbox_free(&m);
        buf_free(&in);
        buf_free(&log);
    }
}

static void reads_standard_input(void **state)
{
    (void)state;
    struct limits l = standard();
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(write(ends[1], FROM "x\n", sizeof FROM + 1), sizeof FROM + 1);
    close(ends[1]);
    assert_int_equal(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
    close(ends[0]);
    CHECK(&l, "0.1 -#1 [x\n]\n", "-");
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

RUN_TESTS(IN_FOLDER(walks_files_and_folders), IN_FOLDER(reads_a_maildir), IN_FOLDER(splits_an_mbox),
          IN_FOLDER(bounds_what_is_too_large), IN_FOLDER(a_large_mbox_streams),
          IN_FOLDER(reads_standard_input), cmocka_unit_test(pieces_do_not_matter))
