/// What the relay said that was no answer.
struct Notices {
    private var count = 0
    private var first: String?

    mutating func add(_ text: Span<UInt8>) {
        self.count += 1
        if self.first == nil { self.first = text.text }
    }

    func describe(in report: inout Report) {
        report.set("notices", self.count)
        report.set("first_notice", self.first)
    }
}
