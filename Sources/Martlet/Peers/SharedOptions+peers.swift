import Actors
import Backends
import Nostr
import Server

extension SharedOptions {
    /// This relay's events, as they may be given to another one.
    ///
    /// - Parameter withPrivate: whether private kinds are among them.
    func ownEvents(_ reader: any StoreReader, author: PublicKey?, withPrivate: Bool) throws -> OwnEvents {
        let kinds = withPrivate ? [] : Policy(try self.load().configuration).privateKinds
        return OwnEvents(reader, privateKinds: kinds, author: author)
    }
}
