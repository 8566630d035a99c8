/// Why a management call is not carried out (NIP-86, `error`); the description is a sentence for the admin.
struct ManagementError: Error, Equatable, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
