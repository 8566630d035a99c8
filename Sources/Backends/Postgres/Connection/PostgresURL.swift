import CPostgres

/// Where a PostgreSQL database is, and as whom to connect: a `postgres://` or `postgresql://` URL as libpq takes it.
///
/// Its descriptions hold no password.
struct PostgresURL: Sendable {
    /// What the URL says, by libpq's keywords.
    let options: [String: String]
    /// The URL without its passwords.
    let description: String

    /// - Throws: `cannotOpen` with a sentence that repeats no part of the URL, since a password may be anywhere in it.
    init(_ text: String) throws(StorageError) {
        guard let scheme = ["postgresql://", "postgres://"].first(where: { text.hasPrefix($0) }) else {
            throw Self.invalid("it does not begin with postgres:// or postgresql://")
        }
        guard !text.utf8.contains(0) else { throw Self.invalid("it holds a zero byte") }
        try Self.checkAuthority(text.dropFirst(scheme.count))
        let (options, secrets) = try Self.parse(text)
        try Self.check(options)
        self.options = options
        self.description = Self.describe(options, secrets: secrets)
    }

    /// A password with an unescaped "@" or "/" would be taken for parts of the URL that may be shown.
    private static func checkAuthority(_ rest: Substring) throws(StorageError) {
        let user = rest.prefix { $0 != "/" && $0 != "@" }
        let places = rest[user.endIndex...].hasPrefix("@") ? rest[user.endIndex...].dropFirst() : rest
        guard !places.prefix(while: { $0 != "?" }).contains("@") else {
            throw Self.invalid("special characters in the user's name or password must be percent-encoded")
        }
    }

    /// What libpq finds in the URL, and which of it is not to be shown.
    private static func parse(_ text: String) throws(StorageError) -> ([String: String], secrets: Set<String>) {
        var message: UnsafeMutablePointer<CChar>?
        guard let found = PQconninfoParse(text, &message) else {
            defer { PQfreemem(message) }
            throw Self.invalid(Self.withoutQuotations(message.map { String(cString: $0) } ?? ""))
        }
        defer { PQconninfoFree(found) }
        var options: [String: String] = [:]
        var secrets: Set<String> = []
        var option = found
        while let keyword = option.pointee.keyword.map({ String(cString: $0) }) {
            // libpq marks passwords by how a form is to show them.
            if option.pointee.dispchar.map({ String(cString: $0) }) == "*" { secrets.insert(keyword) }
            if let value = option.pointee.val { options[keyword] = String(cString: value) }
            option += 1
        }
        return (options, secrets)
    }

    /// libpq ends its messages with the part of the URL that it did not understand.
    private static func withoutQuotations(_ message: String) -> String {
        guard let end = message.firstRange(of: ": \"")?.lowerBound else { return "it cannot be parsed" }
        return String(message[..<end])
    }

    /// Finds what libpq would find only when it connects.
    private static func check(_ options: [String: String]) throws(StorageError) {
        let known: [(keyword: String, values: Set<String>)] = [
            ("sslmode", ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"]),
            (
                "target_session_attrs",
                ["any", "read-write", "read-only", "primary", "standby", "prefer-standby"]
            ),
        ]
        for (keyword, values) in known {
            guard let value = options[keyword] else { continue }
            guard values.contains(value) else {
                throw Self.invalid("\(keyword) is one of \(values.sorted().joined(separator: ", "))")
            }
        }
        let ports = Self.list(options["port"])
        guard ports.allSatisfy({ $0.isEmpty || (1...65_535).contains(Int($0) ?? 0) }) else {
            throw Self.invalid("a port is a number from 1 to 65535")
        }
        let hosts = Self.list(options["host"])
        let addresses = Self.list(options["hostaddr"])
        guard hosts.isEmpty || addresses.isEmpty || hosts.count == addresses.count else {
            throw Self.invalid("there are not as many addresses as hosts")
        }
        guard ports.count <= 1 || ports.count == max(hosts.count, addresses.count) else {
            throw Self.invalid("there are not as many ports as hosts")
        }
    }

    /// The elements of one of libpq's lists.
    static func list(_ text: String?) -> [String] {
        guard let text else { return [] }
        return text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }

    private static func describe(_ options: [String: String], secrets: Set<String>) -> String {
        let user = options["user"].map { $0 + (options["password"] == nil ? "" : ":***") + "@" } ?? ""
        let ports = Self.list(options["port"])
        let hosts = Self.list(options["host"] ?? options["hostaddr"])
        let places = (hosts.isEmpty && !ports.isEmpty ? [""] : hosts).enumerated().map { index, host in
            let port = ports.count == 1 ? ports[0] : index < ports.count ? ports[index] : ""
            let name = host.contains(":") ? "[\(host)]" : host
            return port.isEmpty ? name : "\(name):\(port)"
        }
        let shown: Set<String> = ["user", "password", "host", "port", "dbname"]
        let rest = options.filter { !shown.contains($0.key) }.sorted { $0.key < $1.key }
            .map { "\($0.key)=\(secrets.contains($0.key) ? "***" : $0.value)" }
        let query = rest.isEmpty ? "" : "?" + rest.joined(separator: "&")
        return "postgresql://\(user)\(places.joined(separator: ","))/\(options["dbname"] ?? "")\(query)"
    }

    private static func invalid(_ reason: String) -> StorageError {
        .cannotOpen(path: "postgres://…", reason: "its URL is not valid: \(reason)")
    }
}

extension PostgresURL: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    var debugDescription: String { self.description }
    var customMirror: Mirror { Mirror(self, children: ["description": self.description]) }
}
