/* The one-shot SHA256() of OpenSSL 3 looks its algorithm up at every call; the block functions do not. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>
#include <stdint.h>

/* From <openssl/crypto.h>, which would bring the types of <pthread.h> into this module. */
int OPENSSL_init_crypto(uint64_t options, const void *settings);
static const uint64_t martlet_openssl_no_atexit = 0x00080000;
