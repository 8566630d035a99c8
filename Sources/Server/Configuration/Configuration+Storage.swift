extension Configuration {
    /// How the database is used.
    public struct Storage: Equatable, Sendable {
        /// The number of connections that read.
        public var readers = 2
        /// The memory for the pages of the database, in bytes, for all its connections together.
        public var pageCache = 64 << 20
        /// How much of the database file is mapped into memory for reading, in bytes; nil for nothing of it.
        public var memoryMap: Int? = 2 << 30
        /// The memory for answers that are kept until the next commit, in bytes; nil for none.
        public var resultCache: Int? = 16 << 20
    }
}
