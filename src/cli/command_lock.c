#include "command_lock.h"

#include <unistd.h>

bool command_lock(sv path, struct store_lock *lock, struct err *e)
{
    int64_t holder;
    switch (store_lock(path, lock, &holder, e)) {
    case STORE_LOCKED:
        return true;
    case STORE_LOCK_BUSY:
        return err_set(e, ERR_RETRY, "another run is at work (process %lld); try again when it has ended",
                       (long long)holder);
    case STORE_LOCK_FAILED:
        return false;
    }
    return false;
}

bool command_copy(struct run *r, const struct config *of, struct err *e)
{
    struct store_lock lock;
    const char *path = arena_cstr(&r->arena, of->state_path);
    if (path == NULL)
        return err_set(e, ERR_MEMORY, "out of memory");
    if (access(path, F_OK) != 0)
        return err_set(e, ERR_INPUT, "%s: there is no database; nothing has run yet", path);
    if (!command_lock(of->state_path, &lock, e))
        return false;
    bool ok = store_open_copy(of->state_path, &r->config.limits, &r->store, e);
    store_unlock(&lock);
    return ok;
}
