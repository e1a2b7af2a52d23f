#include "render/render.h"

#include "channel.h"

static const struct {
    render_channel *render;
    const char *content_type;
} channels[CHANNEL_TYPE_END] = {
    [CHANNEL_SLACK] = {render_slack, "application/json"},
    [CHANNEL_EMAIL] = {render_email, "message/rfc822"},
    [CHANNEL_WEBHOOK] = {render_webhook, "application/json"},
    [CHANNEL_STDOUT] = {render_plain, "text/plain"},
    [CHANNEL_COMMAND] = {render_webhook, "application/json"},
    [CHANNEL_DISCORD] = {render_discord, "application/json"},
    [CHANNEL_MATTERMOST] = {render_mattermost, "application/json"},
    [CHANNEL_TEAMS] = {render_teams, "application/json"},
    [CHANNEL_GOOGLE_CHAT] = {render_google_chat, "application/json; charset=UTF-8"},
    [CHANNEL_TELEGRAM] = {render_telegram, "application/json"},
    [CHANNEL_NTFY] = {render_ntfy, "application/json"},
    [CHANNEL_PAGERDUTY] = {render_pagerduty, "application/json"},
    [CHANNEL_ALERTMANAGER] = {render_alertmanager, "application/json"},
    [CHANNEL_SYSLOG] = {render_syslog, "text/plain"},
};

bool render_notice(const struct notice *n, const struct render_context *c, buf *out, struct err *e)
{
    if (n->n_items == 0)
        return err_set(e, ERR_BUG, "a notice without incidents cannot be rendered");
    return channels[c->channel->type].render(n, c, out, e);
}

const char *render_content_type(enum channel_type type)
{
    return channels[type].content_type;
}
