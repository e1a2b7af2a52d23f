#ifndef MAIL_ENCODED_WORD_H
#define MAIL_ENCODED_WORD_H

#include "base/arena.h"
#include "base/charset.h"
#include "base/sv.h"

/* An octet that is not UTF-8 takes so many when it is replaced. */
enum { UTF8_REPLACEMENT_SIZE = 3 };

/* Text on one line with its encoded words as UTF-8 (RFC 2047); see header_text. */
sv words_decode(sv text, arena *a);

#endif
