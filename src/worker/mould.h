/* The mould: the reader program, loaded and warmed up once, that never meets a mail. Readers are copies of
 * it, so that none of them pays again for the loading of some twenty libraries.
 *
 * A copy has the layout and the canaries of its mould. The parent therefore makes a new mould after every
 * reader that died, hung or lied: whoever guesses wrong meets another layout at the next try. */
#ifndef WORKER_MOULD_H
#define WORKER_MOULD_H

#include <stdbool.h>

#include "base/attr.h"

/* Makes a copy for every ask that comes from `socket`; returns in the copy, where `socket` is now the
 * reader's own. In the mould it never returns: it ends when the parent hangs up. The copies are children
 * of the parent, which ends them and waits for them. */
void mould_serve(int socket);

#endif
