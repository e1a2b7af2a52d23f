/* What is kept of tokens between runs, for whom and for how long. */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "cache.h"

static char folder[] = "/tmp/dwtokenXXXXXX";

static const struct oauth_cfg device = {.grant = OAUTH_DEVICE,
                                        .token_url = SV_INIT("https://login.example.com/token"),
                                        .client_id = SV_INIT("c"),
                                        .scope = SV_INIT("mail"),
                                        .client_secret = SV_INIT("one")};

static struct token_owner owner_of(const struct oauth_cfg *cfg, const char *name, const char *user)
{
    return (struct token_owner){"mailbox", sv_c(name), sv_c(user), cfg};
}

static int start(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL;
}

static int end(void **state)
{
    char command[64];
    (void)state;
    (void)snprintf(command, sizeof command, "%s/tokens", folder);
    return rmdir(command) != 0 || rmdir(folder) != 0;
}

static void is_fresh_until_five_minutes_before(void **state)
{
    const struct kept k = {.access_token = SV("t"), .expires = 1000};
    (void)state;
    assert_true(kept_is_fresh(&k, 699));
    assert_false(kept_is_fresh(&k, 700));
    assert_false(kept_is_fresh(&(struct kept){.expires = 1000}, 0));
}

static void read_back(const char *path, const struct token_owner *o, const char *access, const char *refresh)
{
    struct kept k;
    struct err e = {0};
    arena a;
    arena_init(&a, 1 << 16);
    assert_true(cache_read(path, o, &a, &k, &e));
    assert_true(sv_eq(k.access_token, sv_c(access)));
    assert_true(sv_eq(k.refresh_token, sv_c(refresh)));
    arena_free(&a);
}

static void is_kept_for_its_owner(void **state)
{
    struct err e = {0};
    struct stat st;
    arena a;
    int lock;
    (void)state;
    arena_init(&a, 1 << 16);
    const struct token_owner o = owner_of(&device, "a/../b %\xc3\xa4", "u");
    assert_true(cache_lock(folder, &lock, &e));
    fd_cleanup(&lock);
    const char *path = cache_path(folder, &o, &a);
    assert_string_equal(path + strlen(folder), "/tokens/mailbox-a%2F..%2Fb%20%25%C3%A4");
    read_back(path, &o, NULL, NULL);
    const struct kept k = {SV("access"), 1234, SV("refresh")};
    assert_true(cache_write(path, &o, &k, &e));
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0600);
    read_back(path, &o, "access", "refresh");

    struct oauth_cfg other = device;
    other.client_secret = SV("two"); /* a new secret loses nothing */
    const struct token_owner renewed = owner_of(&other, "x", "u");
    read_back(path, &renewed, "access", "refresh");
    other.scope = SV("more");
    const struct token_owner more = owner_of(&other, "x", "u"), somebody = owner_of(&device, "x", "v");
    read_back(path, &more, NULL, NULL);
    read_back(path, &somebody, NULL, NULL);

    const struct kept without = {SV("access"), 1234, SV_ABSENT};
    assert_true(cache_write(path, &o, &without, &e));
    read_back(path, &o, "access", NULL);
    assert_true(file_write_atomic(path, SV("{\"for\":"), 0600, &e)); /* damaged: as if there were none */
    read_back(path, &o, NULL, NULL);

    struct kept none;
    assert_int_equal(chmod(path, 0640), 0);
    assert_false(cache_read(path, &o, &a, &none, &e));
    assert_int_equal(e.cls, ERR_STATE);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(symlink("/etc/passwd", path), 0);
    assert_false(cache_read(path, &o, &a, &none, &e));
    assert_int_equal(unlink(path), 0);
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_fresh_until_five_minutes_before),
        cmocka_unit_test(is_kept_for_its_owner),
    };
    return cmocka_run_group_tests(tests, start, end);
}
