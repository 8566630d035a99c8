import Glibc

/// A file that the command line names and the system does not give.
struct FileFailure: Error, CustomStringConvertible {
    let path: String
    let act: String
    /// The system's error number.
    let code: Int32

    var description: String { "\(self.path) cannot be \(self.act): \(String(cString: strerror(self.code)))" }
}
