import Glibc

/// A value that threads share, and on whose changes they can wait; a POSIX mutex, since ThreadSanitizer knows that.
final class Monitor<State: ~Copyable & Sendable>: Sendable {
    private struct Storage: ~Copyable {
        var mutex = pthread_mutex_t()
        var changed = pthread_cond_t()
        var state: State
    }

    /// Where the storage lies; it does not move, as the mutex must not.
    private let address: UInt

    init(_ state: consuming State) {
        let storage = UnsafeMutablePointer<Storage>.allocate(capacity: 1)
        storage.initialize(to: Storage(state: state))
        pthread_mutex_init(&storage.pointee.mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(&storage.pointee.changed, &attributes)
        pthread_condattr_destroy(&attributes)
        self.address = UInt(bitPattern: storage)
    }

    deinit {
        pthread_cond_destroy(&self.storage.pointee.changed)
        pthread_mutex_destroy(&self.storage.pointee.mutex)
        self.storage.deinitialize(count: 1)
        self.storage.deallocate()
    }

    private var storage: UnsafeMutablePointer<Storage> {
        guard let storage = UnsafeMutablePointer<Storage>(bitPattern: self.address) else {
            preconditionFailure("memory lies at an address")
        }
        return storage
    }

    /// Reads or changes the value, and wakes those who wait for a change.
    func withLock<Result: ~Copyable>(_ body: (inout State) -> Result) -> Result {
        pthread_mutex_lock(&self.storage.pointee.mutex)
        defer {
            pthread_cond_broadcast(&self.storage.pointee.changed)
            pthread_mutex_unlock(&self.storage.pointee.mutex)
        }
        return body(&self.storage.pointee.state)
    }

    /// Waits until the condition holds or the time is over, and reads or changes the value then in either case.
    ///
    /// - Parameter deadline: nil waits for as long as it takes.
    func wait<Result: ~Copyable>(
        for condition: (borrowing State) -> Bool,
        until deadline: Deadline?,
        then body: (inout State) -> Result
    ) -> Result {
        let storage = self.storage
        pthread_mutex_lock(&storage.pointee.mutex)
        defer {
            pthread_cond_broadcast(&storage.pointee.changed)
            pthread_mutex_unlock(&storage.pointee.mutex)
        }
        while !condition(storage.pointee.state) {
            if let deadline {
                var end = deadline.absoluteTime
                guard pthread_cond_timedwait(&storage.pointee.changed, &storage.pointee.mutex, &end) != 0 else {
                    continue
                }
                guard !deadline.hasPassed else { break }
                // Whoever meddles with the clocks of a process ends such a wait early.
                pthread_mutex_unlock(&storage.pointee.mutex)
                usleep(1_000)
                pthread_mutex_lock(&storage.pointee.mutex)
            } else {
                pthread_cond_wait(&storage.pointee.changed, &storage.pointee.mutex)
            }
        }
        return body(&storage.pointee.state)
    }
}
