import Glibc

/// What the system says about the call that failed last.
enum SystemError {
    static var last: String { String(cString: strerror(errno)) }
}
