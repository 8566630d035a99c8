import CEpoll
import Glibc

/// Linux's epoll: which sockets have something to read, or room to write.
final class Poller {
    private let descriptor: Int32
    private var events: [epoll_event]

    /// A socket that waits no longer, by the number under which it was added.
    struct Ready {
        let number: Int
        let isReadable: Bool
        let isWritable: Bool
    }

    init() throws(BenchFailure) {
        self.descriptor = epoll_create1(0)
        self.events = Array(repeating: epoll_event(), count: 512)
        guard self.descriptor >= 0 else { throw BenchFailure("the system gives no epoll: \(SystemError.last)") }
    }

    deinit { close(self.descriptor) }

    func add(_ socket: Int32, number: Int) throws(BenchFailure) {
        try self.control(EPOLL_CTL_ADD, socket, number: number, wantsWrite: false)
    }

    func change(_ socket: Int32, number: Int, wantsWrite: Bool) throws(BenchFailure) {
        try self.control(EPOLL_CTL_MOD, socket, number: number, wantsWrite: wantsWrite)
    }

    private func control(_ act: Int32, _ socket: Int32, number: Int, wantsWrite: Bool) throws(BenchFailure) {
        var event = epoll_event()
        event.events = EPOLLIN.rawValue | (wantsWrite ? EPOLLOUT.rawValue : 0)
        event.data.u64 = UInt64(number)
        guard epoll_ctl(self.descriptor, act, socket, &event) == 0 else {
            throw BenchFailure("the system does not watch a socket: \(SystemError.last)")
        }
    }

    /// Waits until there is something, this many milliseconds at most.
    func wait(milliseconds: Int32) throws(BenchFailure) -> [Ready] {
        let count = epoll_wait(self.descriptor, &self.events, Int32(self.events.count), milliseconds)
        guard count >= 0 || errno == EINTR else {
            throw BenchFailure("the system does not wait for sockets: \(SystemError.last)")
        }
        return self.events[0..<max(0, Int(count))].map { event in
            Ready(
                number: Int(event.data.u64),
                isReadable: event.events & ~EPOLLOUT.rawValue != 0,
                isWritable: event.events & EPOLLOUT.rawValue != 0
            )
        }
    }
}
