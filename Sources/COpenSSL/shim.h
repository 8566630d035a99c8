/* The one-shot SHA256() of OpenSSL 3 looks its algorithm up at every call; the block functions do not. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>
