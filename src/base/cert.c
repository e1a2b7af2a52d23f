#include "base/cert.h"

#include <stddef.h>

#include <openssl/x509_vfy.h>

#include "base/attr.h"

#define OWN_CA "if it is your own authority, name its certificate file as ca_file"

static const struct {
    long code;
    struct cert_fault fault;
} faults[] = {
    {X509_V_OK, {"is for another host name", "use the name that stands in the certificate"}},
    {X509_V_ERR_UNSPECIFIED, {"is for another host name", "use the name that stands in the certificate"}},
    {X509_V_ERR_HOSTNAME_MISMATCH,
     {"is for another host name", "use the name that stands in the certificate"}},
    {X509_V_ERR_IP_ADDRESS_MISMATCH,
     {"is not for this address", "use the name that stands in the certificate"}},
    {X509_V_ERR_CERT_HAS_EXPIRED, {"has expired", "renew it at the server, or set this machine's clock"}},
    {X509_V_ERR_CERT_NOT_YET_VALID, {"is not valid yet", "set this machine's clock"}},
    {X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT,
     {"is self-signed and not trusted", "name it as ca_file, if it is yours"}},
    {X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, {"is signed by an authority that is not trusted", OWN_CA}},
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, {"is signed by an authority that is not trusted", OWN_CA}},
    {X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY, {"is signed by an authority that is not trusted", OWN_CA}},
    {X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, {"is signed by an authority that is not trusted", OWN_CA}},
    {X509_V_ERR_CERT_REVOKED, {"was revoked", "the server needs a new one"}},
};

struct cert_fault cert_fault(long verify_result)
{
    for (size_t i = 0; i < COUNT_OF(faults); i++)
        if (faults[i].code == verify_result)
            return faults[i].fault;
    return (struct cert_fault){X509_verify_cert_error_string(verify_result), "mend it at the server"};
}
