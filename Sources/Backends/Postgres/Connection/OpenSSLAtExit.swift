import COpenSSL

/// What OpenSSL, which libpq authenticates with, does when the process ends: nothing.
///
/// Its clean-up frees what belongs to each thread, and a connector's thread that ends at that moment frees the same.
enum OpenSSLAtExit {
    /// Comes before anything else that initialises OpenSSL (`OPENSSL_init_crypto(3)`); only the first call counts.
    static func omitCleanUp() { _ = Self.isOmitted }

    private static let isOmitted = OPENSSL_init_crypto(martlet_openssl_no_atexit, nil) == 1
}
