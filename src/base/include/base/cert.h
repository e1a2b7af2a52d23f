/* What is wrong with a server's certificate, in words for people. */
#ifndef BASE_CERT_H
#define BASE_CERT_H

struct cert_fault {
    const char *what;   /* "has expired" */
    const char *advice; /* what to do, at the server or in our configuration */
};

/* verify_result: as OpenSSL's SSL_get_verify_result gives it (X509_V_ERR_…). X509_V_OK stands for a chain
 * that is good and a name that does not match, as TLS clients look at the name after the chain; so does
 * X509_V_ERR_UNSPECIFIED, with which libcurl begins. Both texts are static. */
struct cert_fault cert_fault(long verify_result);

#endif
