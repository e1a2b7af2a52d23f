/* The channel families. Each appends what its channel takes; see render.h. */
#ifndef RENDER_CHANNEL_H
#define RENDER_CHANNEL_H

#include "render/render.h"

typedef bool render_channel(const struct notice *n, const struct render_context *c, buf *out, struct err *e);

render_channel render_slack, render_email, render_webhook, render_plain, render_discord, render_mattermost,
    render_teams, render_google_chat, render_telegram, render_ntfy, render_pagerduty, render_alertmanager,
    render_alertmanager_v4, render_syslog;

#endif
