import COpenSSL

/// What OpenSSL, which libpq uses too, does when the process ends: nothing.
///
/// Its clean-up frees what belongs to each thread, and a thread of a `PostgresConnector` that ends at that moment frees
/// the same.
public enum OpenSSLAtExit {
    /// Comes before anything else that initialises OpenSSL (`OPENSSL_init_crypto(3)`); only the first call counts.
    public static func omitCleanUp() { _ = Self.isOmitted }

    private static let isOmitted = OPENSSL_init_crypto(martlet_openssl_no_atexit, nil) == 1
}
