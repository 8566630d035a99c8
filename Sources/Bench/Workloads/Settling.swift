/// How long a relay has for what it does behind the scenes, in microseconds.
enum Settling {
    /// Before a measurement begins: connections have just been opened.
    static let beforeMicroseconds: UInt32 = 300_000
}
