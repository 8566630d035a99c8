import Testing

@testable import Server

@Suite struct SpareMemoryTests {
    private static let mebibyte = 1 << 20

    /// Whether the allocator is asked when so many mebibytes have been in use for a while.
    private static func isDue(_ memory: inout SpareMemory, used: Int, now: Double) -> Bool {
        let isEarly = memory.isDue(used: used * Self.mebibyte, now: now)
        return memory.isDue(used: used * Self.mebibyte, now: now) || isEarly
    }

    @Test func `memory is asked back where there may be much of it, and not before`() {
        var memory = SpareMemory(used: 50 * Self.mebibyte)
        #expect(!Self.isDue(&memory, used: 50, now: 1))
        #expect(!Self.isDue(&memory, used: 82, now: 2))
        #expect(Self.isDue(&memory, used: 83, now: 3))
    }

    @Test func `as long as more is needed nothing is asked back`() {
        var memory = SpareMemory(used: 0)
        let answers = (1...500).map { memory.isDue(used: $0 * Self.mebibyte, now: Double($0)) }
        #expect(!answers.contains(true))
        #expect(Self.isDue(&memory, used: 500, now: 501))
    }

    @Test func `what is still in use afterwards is not asked for again`() {
        var memory = SpareMemory(used: 0)
        #expect(Self.isDue(&memory, used: 200, now: 1))
        memory.note(used: 100 * Self.mebibyte, now: 1)
        #expect(!Self.isDue(&memory, used: 130, now: 100))
        #expect(Self.isDue(&memory, used: 140, now: 101))
    }

    @Test func `what was freed by itself counts as free`() {
        var memory = SpareMemory(used: 100 * Self.mebibyte)
        #expect(!Self.isDue(&memory, used: 20, now: 1))
        #expect(Self.isDue(&memory, used: 60, now: 2))
    }

    @Test func `asking in vain is done less and less often, up to ten minutes`() {
        var memory = SpareMemory(used: 0)
        var now = 0.0
        var used = 0
        var pauses: [Double] = []
        for round in 0..<12 {
            used += 100
            let asked = now
            while !Self.isDue(&memory, used: used, now: now) { now += 1 }
            if round > 0 { pauses.append(now - asked) }
            memory.note(used: used * Self.mebibyte, now: now)
        }
        #expect(pauses == [4, 8, 16, 32, 64, 128, 256, 512, 600, 600, 600])
        #expect(Self.isDue(&memory, used: used + 100, now: now + 600))
        memory.note(used: 0, now: now + 600)
        #expect(Self.isDue(&memory, used: 100, now: now + 602))
    }
}
