/* The channel families. Each appends what its channel takes; see render.h. */
#ifndef RENDER_CHANNEL_H
#define RENDER_CHANNEL_H

#include "render/render.h"

typedef bool render_channel(const struct notice *n, const struct render_context *c, buf *out, struct err *e);

render_channel render_slack, render_email, render_webhook, render_plain;

#endif
