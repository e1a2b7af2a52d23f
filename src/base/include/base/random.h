#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stddef.h>

/* n random octets from the kernel. The process ends (abort) where there is no randomness: nothing that
 * needs it may go on without. */
void random_bytes(void *out, size_t n);

#endif
