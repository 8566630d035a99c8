/* Prints the CPU time of one bare BIP-340 verification by libsecp256k1, in microseconds, the key's parsing included. */
#include <secp256k1.h>
#include <secp256k1_extrakeys.h>
#include <secp256k1_schnorrsig.h>
#include <stdio.h>
#include <time.h>

static double cpu_microseconds(void) {
    struct timespec moment;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &moment);
    return moment.tv_sec * 1e6 + moment.tv_nsec / 1e3;
}

int main(void) {
    const int rounds = 20000;
    unsigned char secret[32] = {1}, message[32] = {2}, randomness[32] = {3}, key[32], signature[64];
    secp256k1_context *context = secp256k1_context_create(SECP256K1_CONTEXT_NONE);
    secp256k1_keypair pair;
    secp256k1_xonly_pubkey point;
    if (!secp256k1_keypair_create(context, &pair, secret)
        || !secp256k1_keypair_xonly_pub(context, &point, NULL, &pair)
        || !secp256k1_xonly_pubkey_serialize(context, key, &point)
        || !secp256k1_schnorrsig_sign32(context, signature, message, &pair, randomness))
        return 1;
    double start = cpu_microseconds();
    for (int round = 0; round < rounds; round++)
        if (!secp256k1_xonly_pubkey_parse(context, &point, key)
            || !secp256k1_schnorrsig_verify(context, signature, message, 32, &point))
            return 1;
    printf("%.2f\n", (cpu_microseconds() - start) / rounds);
    return 0;
}
