#include "command_lock.h"

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
