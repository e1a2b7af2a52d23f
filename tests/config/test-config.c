/* Golden files: testdata/config/NAME.yml with NAME.err (all that is told, exactly) or NAME.out (the
 * configuration in force). All error texts are shown by some test; the last one sees to that. */
#include "unit.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "config/config.h"
#include "texts.h"

enum { MEMORY = 4 << 20, OUTPUT = 1 << 20, SECRET_SIZE = 64 };

static const char *const codes[] = {
#define PROBLEM_CODE(code, text) #code,
    PROBLEMS(PROBLEM_CODE)
#undef PROBLEM_CODE
};
static bool seen[COUNT_OF(codes)];

static void mark_seen(const struct config_errors *errors)
{
    for (size_t i = 0; i < errors->n; i++)
        for (size_t j = 0; j < COUNT_OF(codes); j++)
            if (strcmp(errors->list[i].code, codes[j]) == 0)
                seen[j] = true;
}

static struct config fresh(void)
{
    struct config c = {0};
    limits_default(&c.limits);
    return c;
}

/* All errors as they are printed; `more` as a last line. */
static void print_errors(const struct config_errors *errors, buf *out)
{
    for (size_t i = 0; i < errors->n; i++)
        config_error_print(&errors->list[i], out);
    if (errors->more)
        buf_printf(out, "and %zu more\n", errors->more);
}

/* What depends on the modes that a checkout gives to files has a test of its own. */
static void drop_modes(struct config_errors *warnings)
{
    size_t n = 0;
    for (size_t i = 0; i < warnings->n; i++)
        if (strcmp(warnings->list[i].code, "readable_by_all") != 0 &&
            strcmp(warnings->list[i].code, "secret_for_all") != 0)
            warnings->list[n++] = warnings->list[i];
    warnings->n = n;
}

static bool load(const char *path, arena *a, struct config *c, buf *out)
{
    struct config_errors errors;
    struct config_extra extra = {0};
    bool ok = config_load_more(path, a, c, &errors, &extra);
    assert_true(ok || errors.n > 0);
    mark_seen(&errors);
    mark_seen(&extra.warnings);
    drop_modes(&extra.warnings);
    print_errors(&errors, out);
    print_errors(&extra.warnings, out);
    if (ok && out->n == 0)
        config_print(c, out);
    return ok && errors.n == 0 && extra.warnings.n == 0;
}

/* Text beside the sample with this ending; absent when there is none. */
static bool read_beside(const char *yml, const char *ending, buf *out)
{
    char path[256];
    struct err e;
    assert_in_range(snprintf(path, sizeof path, "%.*s%s", (int)strlen(yml) - 4, yml, ending), 1, 255);
    return access(path, R_OK) == 0 && file_read(path, out, &e);
}

static void check_sample(const char *yml)
{
    arena a;
    buf got, expected;
    struct config c = fresh();
    arena_init(&a, MEMORY);
    buf_init(&got, OUTPUT);
    buf_init(&expected, OUTPUT);
    if (strcmp(yml, "secrets.yml") == 0)
        c.limits.secret_size = SECRET_SIZE;
    bool ok = load(yml, &a, &c, &got);
    if (!read_beside(yml, ok ? ".out" : ".err", &expected) || !sv_eq(buf_view(&got), buf_view(&expected)))
        fail_msg("%s gave\n%.*s", yml, (int)got.n, got.p ? got.p : "");
    buf_free(&expected);
    buf_free(&got);
    arena_free(&a);
}

static void samples(void **state)
{
    size_t n = 0;
    (void)state;
    DIR *folder = opendir(".");
    assert_non_null(folder);
    for (struct dirent *e; (e = readdir(folder));) {
        if (!sv_ends(sv_c(e->d_name), SV(".yml")))
            continue;
        check_sample(e->d_name);
        n++;
    }
    closedir(folder);
    assert_in_range(n, 20, 1000);
}

static void expect_error(const char *path, struct config c, size_t memory, const char *text)
{
    arena a;
    buf got;
    arena_init(&a, memory);
    buf_init(&got, OUTPUT);
    assert_false(load(path, &a, &c, &got));
    buf_char(&got, '\0');
    assert_string_equal(got.p, text);
    buf_free(&got);
    arena_free(&a);
}

static void files_that_cannot_be_read(void **state)
{
    struct config c = fresh();
    (void)state;
    expect_error("absent.yaml", c, MEMORY,
                 "absent.yaml: error: cannot be opened: No such file or directory; name another file, or "
                 "write this one: "
                 "dmarcwarn.yml(5) shows an example\n");
    expect_error("secrets", c, MEMORY, "secrets: error: cannot be read: Is a directory\n");
    c.limits.config_size = 100;
    expect_error("minimal.yml", c, MEMORY,
                 "minimal.yml: error: is larger than 100 octets (limit config_size)\n");
    c = fresh();
    c.limits.config_files = 2;
    expect_error("including.yml", c, MEMORY,
                 "including.yml:1:11: error: include: more than 2 files (limit config_files)\n");
    c = fresh();
    expect_error("minimal.yml", c, 500, "minimal.yml: error: out of memory\n");
}

/* Wherever memory ends, it is told, and nothing else breaks. */
static void memory_that_ends_anywhere(void **state)
{
    (void)state;
    size_t failures = 0;
    for (size_t memory = 0; memory < 128 * 1024; memory += 97) {
        arena a;
        struct config c = fresh();
        struct config_errors errors;
        arena_init(&a, memory);
        if (!config_load("whole.yml", &a, &c, &errors)) {
            assert_int_equal(errors.n, 1);
            assert_string_equal(errors.list[0].code, "out_of_memory");
            failures++;
        }
        arena_free(&a);
    }
    assert_in_range(failures, 50, 128 * 1024 / 97);
}

static void a_file_that_anybody_may_write(void **state)
{
    char path[] = "/tmp/dmarcwarn-test-XXXXXX", text[256];
    (void)state;
    int fd = mkstemp(path);
    assert_true(fd >= 0 && fchmod(fd, 0666) == 0 && write(fd, "a: b: c\n", 8) == 8);
    close(fd);
    int n = snprintf(text, sizeof text,
                     "%s: error: may be written by anybody on this machine; run: chmod o-w %s\n"
                     "%s:1:5: error: this is no YAML: mapping values are not allowed in this context\n",
                     path, path, path);
    assert_in_range(n, 1, sizeof text - 1);
    expect_error(path, fresh(), MEMORY, text);
    unlink(path);
}

/* What the test remembers of conf.d/bad.yaml. */
static const char *remembered;

static bool recall(void *ctx, sv state_path, sv path, arena *a, sv *text)
{
    (void)ctx;
    assert_true(sv_eq(state_path, SV("/var/lib/dmarcwarn/state.db")));
    if (!remembered || !sv_ends(path, SV("/bad.yaml")))
        return false;
    *text = arena_sv(a, sv_c(remembered));
    return true;
}

static const struct config_file *file_named(const struct config_extra *x, sv end)
{
    for (size_t i = 0; i < x->n_files; i++)
        if (sv_ends(x->files[i].path, end))
            return &x->files[i];
    fail_msg("no file %.*s", SV_ARG(end));
    return NULL;
}

static bool has_domain(const struct config *c, sv name)
{
    for (size_t i = 0; i < c->n_domains; i++)
        if (sv_eq(c->domains[i].name, name))
            return true;
    return false;
}

static void included_files(void **state)
{
    arena a;
    struct config c = fresh();
    struct config_errors errors;
    struct config_extra x = {.recall = recall};
    (void)state;
    arena_init(&a, MEMORY);
    remembered = NULL;
    assert_true(config_load_more("including.yml", &a, &c, &errors, &x));
    assert_int_equal(x.n_files, 4);
    assert_true(has_domain(&c, SV("acme.example")));
    assert_false(has_domain(&c, SV("bad.example")));
    assert_false(c.domains[0].parked);
    assert_false(file_named(&x, SV("good.yaml"))->failed);
    assert_true(file_named(&x, SV("bad.yaml"))->failed);
    assert_false(file_named(&x, SV("bad.yaml"))->last_good);
    assert_true(file_named(&x, SV("broken.yaml"))->failed);
    assert_true(sv_eq(c.mailboxes[1].password, SV("a secret beside the file that names it")));
    arena_free(&a);
}

static void what_a_file_last_held_stays_in_force(void **state)
{
    arena a;
    struct config c = fresh();
    struct config_errors errors;
    struct config_extra x = {.recall = recall};
    (void)state;
    arena_init(&a, MEMORY);
    remembered = "domains: {bad.example: {senders: [own]}}\n";
    assert_true(config_load_more("including.yml", &a, &c, &errors, &x));
    assert_true(has_domain(&c, SV("bad.example")));
    assert_true(file_named(&x, SV("bad.yaml"))->last_good);
    remembered = "domains: {bad.example: {senders: [nobody]}}\n";
    c = fresh();
    assert_true(config_load_more("including.yml", &a, &c, &errors, &x));
    assert_false(has_domain(&c, SV("bad.example")));
    assert_false(file_named(&x, SV("bad.yaml"))->last_good);
    arena_free(&a);
}

static void write_file(const char *path, const char *text)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    assert_true(fputs(text, f) >= 0);
    assert_int_equal(fclose(f), 0);
}

static bool recall_b(void *ctx, sv state_path, sv path, arena *a, sv *text)
{
    (void)ctx, (void)state_path;
    if (!sv_ends(path, SV("/b.yml")))
        return false;
    *text = arena_sv(a, SV("domains: {example.net: {parked: false}}\n"));
    return true;
}

/* a.yml comes first by name, but it is what has changed. */
static void the_changed_file_is_to_blame(void **state)
{
    char folder[] = "/tmp/dmarcwarn-test-XXXXXX", path[64];
    arena a;
    struct config c = fresh();
    struct config_errors errors;
    struct config_extra x = {.recall = recall_b};
    (void)state;
    assert_non_null(mkdtemp(folder));
    const char *const files[][2] = {
        {"main.yml", "include: [\"?.yml\"]\nmailboxes: {m: {folder: .}}\n"
                     "domains: {example.com: {}}\nchannels: {c: {type: stdout}}\n"},
        {"a.yml", "domains: {example.net: {parked: true}, a.example: {}}\n"
                  "mailboxes: {n: {url: \"imaps://a.example\", user: u, password: x}}\n"},
        {"b.yml", "domains: {example.net: {parked: false}}\n"}};
    for (size_t i = COUNT_OF(files); i-- > 0;) {
        (void)snprintf(path, sizeof path, "%s/%s", folder, files[i][0]);
        write_file(path, files[i][1]);
    }
    (void)snprintf(path, sizeof path, "%s/main.yml", folder);
    arena_init(&a, MEMORY);
    assert_true(config_load_more(path, &a, &c, &errors, &x));
    assert_int_equal(errors.n, 1);
    assert_string_equal(errors.list[0].code, "duplicate_key");
    assert_true(file_named(&x, SV("/a.yml"))->failed);
    assert_false(file_named(&x, SV("/b.yml"))->failed);
    assert_true(has_domain(&c, SV("example.net")) && !has_domain(&c, SV("a.example")));
    arena_free(&a);
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        (void)snprintf(path, sizeof path, "%s/%s", folder, files[i][0]);
        assert_int_equal(unlink(path), 0);
    }
    assert_int_equal(rmdir(folder), 0);
}

static void secrets_that_anybody_may_read(void **state)
{
    static const char *const files[] = {"main.yml", "public", "private"};
    char folder[] = "/tmp/dmarcwarn-test-XXXXXX", path[64];
    arena a;
    buf got;
    struct config_errors errors;
    struct config_extra x = {0};
    struct config c = fresh();
    (void)state;
    assert_non_null(mkdtemp(folder));
    for (size_t i = COUNT_OF(files); i-- > 0;) {
        (void)snprintf(path, sizeof path, "%s/%s", folder, files[i]);
        write_file(path, i ? "secret\n"
                           : "mailboxes:\n"
                             "  a: {url: imaps://a.example, user: u, password: {file: public}}\n"
                             "  b: {url: imaps://a.example, user: v, password: {file: private}}\n"
                             "  c: {url: imaps://a.example, user: w, password: open}\n"
                             "domains: {example.com: {}}\nchannels: {c: {type: stdout}}\n");
        assert_int_equal(chmod(path, i == 2 ? 0640 : 0644), 0);
    }
    (void)snprintf(path, sizeof path, "%s/main.yml", folder);
    arena_init(&a, MEMORY);
    buf_init(&got, OUTPUT);
    assert_true(config_load_more(path, &a, &c, &errors, &x));
    mark_seen(&x.warnings);
    print_errors(&x.warnings, &got);
    buf_char(&got, '\0');
    const char *expected =
        arena_printf(
            &a,
            "%s: warning: holds a secret, and anybody on this machine may read it; run: chmod o-r %s\n"
            "%s:2:57: warning: mailboxes.a.password.file: anybody on this machine may read "
            "%s/public; run: chmod o-r %s/public\n",
            path, path, path, folder, folder)
            .p;
    assert_string_equal(got.p, expected);
    buf_free(&got);
    assert_int_equal(chmod(path, 0600), 0);
    c = fresh();
    assert_true(config_load_more(path, &a, &c, &errors, &x));
    assert_int_equal(x.warnings.n, 1);
    arena_free(&a);
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        (void)snprintf(path, sizeof path, "%s/%s", folder, files[i]);
        assert_int_equal(unlink(path), 0);
    }
    assert_int_equal(rmdir(folder), 0);
}

static void minimal_in_memory(void **state)
{
    arena a;
    struct config c = fresh();
    struct config_errors errors;
    (void)state;
    arena_init(&a, MEMORY);
    assert_true(config_load("minimal.yml", &a, &c, &errors));
    assert_true(sv_eq(c.mailboxes[0].password, SV("imap password")));
    assert_true(sv_eq(c.channels[0].url, SV("https://hooks.example.com/services/T0/B0/x")));
    assert_true(sv_eq(c.state_path, SV("/var/lib/dmarcwarn/state.db")));
    assert_int_equal(c.max_age, 7 * 86400);
    assert_int_equal(c.n_routes, 1);
    assert_int_equal(c.routes[0].match.severities, 1 << SEVERITY_warning | 1 << SEVERITY_critical);
    assert_int_equal(c.routes[0].n_channels, 1);
    assert_int_equal(c.domains[0].senders[0], 0);
    assert_int_equal(c.senders[0].ips[0].bits, 128);
    arena_free(&a);
}

/* credential.yml without systemd is one of the samples, too. */
static void credentials(void **state)
{
    arena a;
    struct config c = fresh();
    struct config_errors errors;
    (void)state;
    arena_init(&a, MEMORY);
    assert_int_equal(setenv("CREDENTIALS_DIRECTORY", "secrets", 1), 0);
    assert_true(config_load("credential.yml", &a, &c, &errors));
    assert_int_equal(unsetenv("CREDENTIALS_DIRECTORY"), 0);
    assert_true(sv_eq(c.mailboxes[0].password, SV("imap password")));
    assert_int_equal(c.version, 1);
    arena_free(&a);
}

static void secrets_of_the_whole_sample(void **state)
{
    arena a;
    struct config c = fresh();
    struct config_errors errors;
    (void)state;
    arena_init(&a, MEMORY);
    assert_true(config_load("whole.yml", &a, &c, &errors));
    assert_true(sv_eq(c.mailboxes[0].password, SV("from the environment")));
    assert_true(sv_eq(c.mailboxes[1].password, SV("plain text")));
    assert_true(sv_eq(c.mailboxes[2].password, SV("~")));
    assert_int_equal(c.channels[1].smtp_tls, TLS_NONE);
    assert_int_equal(c.channels[3].smtp_tls, TLS_STARTTLS);
    assert_int_equal(c.channels[4].smtp_tls, TLS_STARTTLS);
    assert_true(sv_eq(c.channels[5].secret, SV("0123456789abcdef")));
    assert_true(sv_eq(c.channels[7].command[0], SV("bin/notify")));
    assert_true(sv_eq(c.channels[7].command[2], SV("on-call, second")));
    assert_int_equal(c.limits.mail_size, MIB(64));
    arena_free(&a);
}

static void every_text_is_shown(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(codes); i++)
        if (!seen[i])
            fail_msg("no test shows the error text '%s'", codes[i]);
}

int main(void)
{
    if (chdir(TESTDATA "/config") != 0 || setenv("DW_TEST_SECRET", "from the environment", 1) != 0)
        return 1;
    clock_set_now(INT64_C(1795564800)); /* 2026-11-25, which the silences of samples are held against */
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples),
        cmocka_unit_test(files_that_cannot_be_read),
        cmocka_unit_test(memory_that_ends_anywhere),
        cmocka_unit_test(a_file_that_anybody_may_write),
        cmocka_unit_test(included_files),
        cmocka_unit_test(secrets_that_anybody_may_read),
        cmocka_unit_test(what_a_file_last_held_stays_in_force),
        cmocka_unit_test(the_changed_file_is_to_blame),
        cmocka_unit_test(minimal_in_memory),
        cmocka_unit_test(credentials),
        cmocka_unit_test(secrets_of_the_whole_sample),
        cmocka_unit_test(every_text_is_shown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
