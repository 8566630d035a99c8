import Testing

@testable import Server

struct KindSetTests {
    @Test func `ranges that overlap or touch are joined`() {
        let set = KindSet([10...20, 1...1, 2...3, 15...30, 65535...65535])
        #expect(set.ranges == [1...3, 10...30, 65535...65535])
        #expect(KindSet([0...100, 5...6]).ranges == [0...100])
        #expect(KindSet([65535...65535, 0...65534]) == .all)
    }

    @Test func `a set contains the kinds of its ranges only`() {
        let set = KindSet([1...1, 10...20, 65535...65535])
        let contained = (0...UInt16.max).filter(set.contains)
        #expect(contained == [1] + Array(10...20) + [65535])
        #expect(KindSet.all.contains(0) && KindSet.all.contains(65535))
        #expect(!KindSet.none.contains(0) && KindSet.none.isEmpty)
    }

    @Test(arguments: [("0", 0...0), ("65535", 65535...65535), ("30000-39999", 30000...39999), ("7-7", 7...7)])
    func `an entry is a kind or a range`(text: String, range: ClosedRange<UInt16>) throws {
        #expect(try KindSet.range(parsing: text) == range)
    }

    @Test(arguments: [
        "", "-", "1-", "-1", "2-1", "65536", "1-65536", "1-2-3", "1,2", "01", "0x1", "1 ", "a", "1.0", "1e3",
    ])
    func `what is no kind is refused`(text: String) {
        #expect(throws: InvalidText.self) { try KindSet.range(parsing: text) }
    }

    @Test func `a set is shown as its ranges or as a word`() {
        #expect(KindSet([3...3, 1...1, 30000...39999]).description == "1, 3, 30000-39999")
        #expect(KindSet.all.description == "all")
        #expect(KindSet.none.description == "none")
    }
}
