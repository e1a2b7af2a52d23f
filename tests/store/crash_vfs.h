/* A layer under SQLite that counts every change to a file (write, truncate, sync, delete) and at a given
 * one ends the process, or answers with an error, before it is done. */
#ifndef TESTS_STORE_CRASH_VFS_H
#define TESTS_STORE_CRASH_VFS_H

enum crash_deed {
    CRASH_NOTHING,
    CRASH_EXIT, /* _exit(CRASH_EXIT_CODE): like SIGKILL */
    CRASH_FULL, /* this change and all further ones: SQLITE_FULL */
    CRASH_IOERR,
};

enum { CRASH_EXIT_CODE = 99 };

/* Becomes the default; once a process. */
void crash_vfs_install(void);

/* Counts anew; the at-th change from now on is the one (1 is the next). */
void crash_at(enum crash_deed deed, unsigned long at);

/* Changes since crash_at. */
unsigned long crash_count(void);

#endif
