import ArgumentParser
import Nostr
import Server

extension PublicKey {
    /// Reads a key of the command line, or fails with the sentence that says what is wrong.
    static func argument(_ text: String) throws -> PublicKey {
        do {
            return try PublicKey(userInput: text)
        } catch {
            throw ValidationError("\(error)")
        }
    }
}

extension Duration {
    /// Reads a duration of the command line, such as 30d, or fails with the sentence that says what is wrong.
    static func argument(_ text: String) throws -> Duration {
        switch Duration.read(text) {
        case .success(let duration): return duration
        case .failure(let error): throw ValidationError("\"\(text)\" is no duration such as 30d: \(error)")
        }
    }
}
