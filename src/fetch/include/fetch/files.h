/* Mails and reports from files: what `parse PATH…` reads. A path is a file (anything, told by its octets), a
 * folder (all below it, in bytewise order), a Maildir (its cur and new), an mbox, or "-" for standard input.
 */
#ifndef FETCH_FILES_H
#define FETCH_FILES_H

#include <stddef.h>
#include <stdint.h>

#include "base/attr.h"
#include "base/err.h"
#include "base/sv.h"
#include "model/limits.h"
#include "model/mail.h"
#include "model/rejects.h"

struct files_item {
    sv path;              /* as given; below a folder: folder, "/", entry. Valid until the next call */
    uint32_t number;      /* of the mail in its mbox, from 1; 0: the file is not an mbox */
    enum reject why;      /* REJECT_NONE_, or REJECT_mail_too_large: then mail.bytes is NULL */
    struct raw_mail mail; /* the caller frees mail.bytes. source: index of the path; uid: running number of
                             the mail, from 1; internaldate: time of the file, of standard input 0 */
};

enum files_result {
    FILES_ITEM,
    FILES_ERROR, /* one path or entry could not be read: *e says which and why; go on calling */
    FILES_END,
};

struct files;

/* paths (n of them) and limits are kept by address. NULL only when memory is out. */
struct files *files_open(const char *const *paths, size_t n, const struct limits *limits) NODISCARD;

/* Asked about each file before it is read: path as in files_item, octets, time of its last change in
 * nanoseconds. False leaves the file out. Standard input has size and time 0. */
struct files_filter {
    void *ctx;
    bool (*wants)(void *ctx, sv path, uint64_t size, int64_t mtime);
};

/* Kept by address. */
void files_filter(struct files *f, const struct files_filter *filter);

/* The next mail. Reads files as they come, an mbox piece by piece; nothing larger than limits.mail_size is
 * ever held. */
enum files_result files_next(struct files *f, struct files_item *item, struct err *e) NODISCARD;

void files_close(struct files *f);

#endif
