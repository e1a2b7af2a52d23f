#include "crash_vfs.h"

#include <assert.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

static sqlite3_vfs layer;
static sqlite3_vfs *below;
static enum crash_deed the_deed;
static unsigned long crash_point, count;

struct file {
    sqlite3_file base;
    sqlite3_file *real; /* behind this struct */
};

static sqlite3_file *real(sqlite3_file *f)
{
    return ((struct file *)f)->real;
}

/* The answer instead of the change, or SQLITE_OK to go on. */
static int change(void)
{
    count++;
    if (the_deed == CRASH_NOTHING || count < crash_point)
        return SQLITE_OK;
    if (the_deed == CRASH_EXIT)
        _exit(CRASH_EXIT_CODE);
    return the_deed == CRASH_FULL ? SQLITE_FULL : SQLITE_IOERR_WRITE;
}

static int x_close(sqlite3_file *f)
{
    return real(f)->pMethods->xClose(real(f));
}

static int x_read(sqlite3_file *f, void *to, int n, sqlite3_int64 at)
{
    return real(f)->pMethods->xRead(real(f), to, n, at);
}

static int x_write(sqlite3_file *f, const void *from, int n, sqlite3_int64 at)
{
    int rc = change();
    return rc ? rc : real(f)->pMethods->xWrite(real(f), from, n, at);
}

static int x_truncate(sqlite3_file *f, sqlite3_int64 size)
{
    int rc = change();
    return rc ? rc : real(f)->pMethods->xTruncate(real(f), size);
}

static int x_sync(sqlite3_file *f, int flags)
{
    int rc = change();
    return rc ? rc : real(f)->pMethods->xSync(real(f), flags);
}

static int x_size(sqlite3_file *f, sqlite3_int64 *size)
{
    return real(f)->pMethods->xFileSize(real(f), size);
}

static int x_lock(sqlite3_file *f, int level)
{
    return real(f)->pMethods->xLock(real(f), level);
}

static int x_unlock(sqlite3_file *f, int level)
{
    return real(f)->pMethods->xUnlock(real(f), level);
}

static int x_check_lock(sqlite3_file *f, int *out)
{
    return real(f)->pMethods->xCheckReservedLock(real(f), out);
}

static int x_control(sqlite3_file *f, int op, void *arg)
{
    return real(f)->pMethods->xFileControl(real(f), op, arg);
}

static int x_sector_size(sqlite3_file *f)
{
    return real(f)->pMethods->xSectorSize(real(f));
}

static int x_device(sqlite3_file *f)
{
    return real(f)->pMethods->xDeviceCharacteristics(real(f));
}

static const sqlite3_io_methods methods = {
    .iVersion = 1,
    .xClose = x_close,
    .xRead = x_read,
    .xWrite = x_write,
    .xTruncate = x_truncate,
    .xSync = x_sync,
    .xFileSize = x_size,
    .xLock = x_lock,
    .xUnlock = x_unlock,
    .xCheckReservedLock = x_check_lock,
    .xFileControl = x_control,
    .xSectorSize = x_sector_size,
    .xDeviceCharacteristics = x_device,
};

static int x_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f, int flags, int *out_flags)
{
    (void)vfs;
    struct file *file = (struct file *)f;
    file->real = (sqlite3_file *)(file + 1);
    memset(file->real, 0, (size_t)below->szOsFile);
    int rc = below->xOpen(below, name, file->real, flags, out_flags);
    file->base.pMethods = file->real->pMethods ? &methods : NULL;
    return rc;
}

static int x_delete(sqlite3_vfs *vfs, const char *name, int sync_folder)
{
    (void)vfs;
    int rc = change();
    return rc ? rc : below->xDelete(below, name, sync_folder);
}

void crash_vfs_install(void)
{
    assert(below == NULL);
    below = sqlite3_vfs_find(NULL);
    layer = *below;
    layer.zName = "crash";
    layer.szOsFile = (int)sizeof(struct file) + below->szOsFile;
    layer.xOpen = x_open;
    layer.xDelete = x_delete;
    (void)sqlite3_vfs_register(&layer, 1);
}

void crash_at(enum crash_deed deed, unsigned long at)
{
    the_deed = deed;
    crash_point = at;
    count = 0;
}

unsigned long crash_count(void)
{
    return count;
}
