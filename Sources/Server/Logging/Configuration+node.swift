import Glibc

extension Configuration {
    /// The name of this node: as configured, or the machine's.
    public var nodeName: String {
        if let node { return node }
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "martlet" }
        let text = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return text.isEmpty ? "martlet" : text
    }
}
