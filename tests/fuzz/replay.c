/* Runs the harness over files and over all files of folders, for compilers without libFuzzer. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/file.h"
#include "model/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t n);

static unsigned long files;

static void run_file(const char *path)
{
    buf octets CLEANUP(buf_free);
    struct err e;
    buf_init(&octets, MIB(64));
    if (!file_read(path, &octets, &e)) {
        (void)fprintf(stderr, "%s\n", e.msg);
        exit(EXIT_FAILURE);
    }
    uint8_t *own = malloc(octets.n ? octets.n : 1);
    if (own == NULL)
        exit(EXIT_FAILURE);
    memcpy(own, octets.p ? octets.p : "", octets.n);
    /* Said before, so that a crash is known by its file. */
    (void)printf("%s\n", path);
    (void)fflush(stdout);
    (void)LLVMFuzzerTestOneInput(own, octets.n);
    free(own);
    files++;
}

static void run_path(const char *path)
{
    struct stat st;
    struct dirent **names;
    if (stat(path, &st) != 0) {
        perror(path);
        exit(EXIT_FAILURE);
    }
    if (!S_ISDIR(st.st_mode)) {
        run_file(path);
        return;
    }
    int n = scandir(path, &names, NULL, alphasort);
    for (int i = 0; i < n; i++) {
        char inner[4096];
        (void)snprintf(inner, sizeof inner, "%s/%s", path, names[i]->d_name);
        if (names[i]->d_name[0] != '.')
            run_path(inner);
        free(names[i]);
    }
    free(names);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        run_path(argv[i]);
    (void)printf("%lu inputs\n", files);
    return files ? EXIT_SUCCESS : EXIT_FAILURE;
}
