extension Unicode.Scalar {
    /// Whether the scalar is C0, DEL, C1 or a line or paragraph separator: nothing to print on one line.
    var isControl: Bool {
        switch value {
        case 0..<0x20, 0x7f...0x9f, 0x2028, 0x2029: true
        default: false
        }
    }
}
