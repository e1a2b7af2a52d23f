/* Chats whose message, or a part of it, is one text. */
#ifndef RENDER_CHAT_H
#define RENDER_CHAT_H

#include <jansson.h>

#include "story.h"

/* How a chat writes, and counts what it limits. */
struct chat_form {
    text_escaper *ours, *code, *foreign;
    const char *bold, *unbold;
    size_t (*measure)(sv text);
};

size_t chat_octets(sv text);

struct chat {
    arena memory;
    struct text_style style;
    struct story story;
    const struct chat_form *form;
};

/* chat_close is to be called once. It is false when memory ran out on the way. */
void chat_open(struct chat *k, const struct chat_form *form, const struct render_context *c);
bool chat_close(struct chat *k);

/* All about one incident, its footer too; without its evidence when `brief`. */
sv chat_item(struct chat *k, const struct notice_item *item, bool brief);

/* The whole notice in at most `max`, measured: the items that fit, those left out counted. Absent: not even
 * the first one fits. At LENGTH_TEXT the subject. */
sv chat_text(struct chat *k, const struct notice *n, const struct render_context *c, size_t max);

/* Writes the tree, or tells why it cannot; the tree and what the chat has are released. */
bool chat_end(struct chat *k, json_t *root, bool failed, bool fits, buf *out, struct err *e);

#endif
