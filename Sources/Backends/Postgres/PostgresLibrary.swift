import CPostgres

/// The version of libpq, such as 150018.
enum PostgresLibrary {
    static var version: Int { Int(PQlibVersion()) }
}
