/* deny_private: the address that is connected to decides, not the name, which a DNS server may answer anew at
 * each question. */
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "model/ip.h"
#include "sending.h"

/* False: of a family that has no public addresses. */
static bool address_of(const struct curl_sockaddr *peer, struct ip *out)
{
    if (peer->family == AF_INET6) {
        struct sockaddr_in6 v6;
        memcpy(&v6, &peer->addr, sizeof v6);
        memcpy(out->b, &v6.sin6_addr, sizeof out->b);
        return true;
    }
    struct sockaddr_in v4;
    *out = (struct ip){{[10] = 0xff, [11] = 0xff}};
    memcpy(&v4, &peer->addr, sizeof v4);
    memcpy(out->b + 12, &v4.sin_addr, sizeof v4.sin_addr);
    return peer->family == AF_INET;
}

static curl_socket_t open_public(void *ctx, curlsocktype purpose, struct curl_sockaddr *peer)
{
    struct sending *s = ctx;
    struct ip ip;
    (void)purpose;
    if (address_of(peer, &ip) && !ip_is_private(&ip))
        return socket(peer->family, peer->socktype | SOCK_CLOEXEC, peer->protocol);
    s->is_private = true;
    return CURL_SOCKET_BAD;
}

bool peer_deny_private(struct sending *s)
{
    if (!s->channel->deny_private)
        return true;
    /* A proxy would be asked in the far side's place, and a connection of another channel is not asked again.
     */
    const struct option_number numbers[] = {{CURLOPT_FRESH_CONNECT, 1}};
    const struct option_text texts[] = {{CURLOPT_NOPROXY, SV("*")}};
    return sending_set_numbers(s, numbers, COUNT_OF(numbers)) &&
           sending_set_texts(s, texts, COUNT_OF(texts)) &&
           curl_easy_setopt(s->easy, CURLOPT_OPENSOCKETFUNCTION, open_public) == CURLE_OK &&
           curl_easy_setopt(s->easy, CURLOPT_OPENSOCKETDATA, s) == CURLE_OK;
}
