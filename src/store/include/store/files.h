/* What a folder of files had when it was read. Its mails have running numbers as UIDs, and UIDVALIDITY
 * STORE_FILES_UIDVALIDITY; its mark is the highest number that is used. */
#ifndef STORE_FILES_H
#define STORE_FILES_H

#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/sv.h"
#include "store/store.h"

enum { STORE_FILES_UIDVALIDITY = 1 };

struct store_file {
    sv path; /* below the folder */
    uint64_t size;
    int64_t mtime; /* nanoseconds */
    uint32_t uid;  /* of its first mail */
    bool done;     /* false: one of its mails is a gap, so that it is to be read again */
};

/* What is known of the file at this path; *known false: nothing. out->path is the one given. */
bool store_file(struct store *s, int64_t mailbox, sv path, struct store_file *out, bool *known,
                struct err *e) NODISCARD;

/* The highest number that a mail of the folder has; 0: none. */
bool store_files_last(struct store *s, int64_t mailbox, uint32_t *uid, struct err *e) NODISCARD;

/* Inside T1, with or after the last mail of the file. */
bool store_put_file(struct store *s, int64_t mailbox, const struct store_file *file, struct err *e) NODISCARD;

#endif
