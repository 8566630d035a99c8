/* What Martlet asks of libsecp256k1 (BIP-340), each a call with plain pointers to big-endian bytes. */
#include <secp256k1.h>
#include <secp256k1_extrakeys.h>
#include <secp256k1_schnorrsig.h>

/* Finds the point of a 32-byte key; 0 where the key is not on the curve. */
static inline int martlet_parse_key(const void *key, secp256k1_xonly_pubkey *point) {
    return secp256k1_xonly_pubkey_parse(secp256k1_context_static, point, (const unsigned char *)key);
}

/* 1 where the 64-byte signature over the message is by the key whose point this is. */
static inline int martlet_schnorr_verify(
    const void *signature, const void *message, size_t message_bytes, const secp256k1_xonly_pubkey *point
) {
    return secp256k1_schnorrsig_verify(
        secp256k1_context_static, (const unsigned char *)signature,
        (const unsigned char *)message, message_bytes, point
    );
}

/* A context that signs; it lives as long as the process. */
static inline secp256k1_context *martlet_signing_context(void) {
    return secp256k1_context_create(SECP256K1_CONTEXT_NONE);
}

/* Writes the 32-byte x-only key of a 32-byte secret; 0 where the secret is out of range. */
static inline int martlet_public_key(const secp256k1_context *context, const void *secret, void *key) {
    secp256k1_keypair pair;
    secp256k1_xonly_pubkey point;
    return secp256k1_keypair_create(context, &pair, (const unsigned char *)secret)
        && secp256k1_keypair_xonly_pub(context, &point, 0, &pair)
        && secp256k1_xonly_pubkey_serialize(context, (unsigned char *)key, &point);
}

/* Writes the 64-byte signature over a 32-byte message, with 32 bytes of auxiliary randomness. */
static inline int martlet_schnorr_sign(
    const secp256k1_context *context, const void *secret, const void *message, const void *randomness, void *signature
) {
    secp256k1_keypair pair;
    return secp256k1_keypair_create(context, &pair, (const unsigned char *)secret)
        && secp256k1_schnorrsig_sign32(
            context, (unsigned char *)signature, (const unsigned char *)message, &pair,
            (const unsigned char *)randomness
        );
}
