import Testing

@testable import Server

@Suite struct SpareMemoryTests {
    private static let mebibyte = 1 << 20

    /// Whether the allocator is asked at a moment, in mebibytes.
    private static func isAsked(_ memory: inout SpareMemory, has resident: Int, spare: Int, at now: Double) -> Bool {
        memory.mayBeMuch(resident: resident * Self.mebibyte, now: now) && memory.isMuch(spare: spare * Self.mebibyte)
    }

    /// Whether what is spare is counted at a moment.
    private static func isCounted(_ memory: inout SpareMemory, has resident: Int, at now: Double) -> Bool {
        memory.mayBeMuch(resident: resident * Self.mebibyte, now: now)
    }

    private static func note(_ memory: inout SpareMemory, has resident: Int, spare: Int) {
        memory.note(resident: resident * Self.mebibyte, spare: spare * Self.mebibyte)
    }

    private static func memory(has resident: Int, spare: Int) -> SpareMemory {
        SpareMemory(resident: resident * Self.mebibyte, spare: spare * Self.mebibyte)
    }

    @Test func `memory is asked back where much of it is spare, and not before`() {
        var memory = Self.memory(has: 50, spare: 2)
        #expect(!Self.isAsked(&memory, has: 50, spare: 18, at: 0))
        #expect(Self.isAsked(&memory, has: 50, spare: 19, at: 10))
    }

    @Test func `as long as more is needed nothing is asked back`() {
        var memory = Self.memory(has: 0, spare: 0)
        let answers = stride(from: 2, through: 500, by: 2).map { resident in
            Self.isAsked(&memory, has: resident, spare: 100, at: Double(resident))
        }
        #expect(!answers.contains(true))
        #expect(Self.isAsked(&memory, has: 501, spare: 100, at: 500.5))
    }

    @Test func `what a crowd frees after it was asked too early is asked back half a second later`() {
        var memory = Self.memory(has: 20, spare: 0)
        #expect(!Self.isAsked(&memory, has: 100, spare: 20, at: 1))
        #expect(Self.isAsked(&memory, has: 100, spare: 20, at: 1.5))
        Self.note(&memory, has: 85, spare: 5)
        #expect(Self.isAsked(&memory, has: 85, spare: 60, at: 2))
    }

    @Test func `what cannot be given back is not asked for again`() {
        var memory = Self.memory(has: 100, spare: 0)
        #expect(Self.isAsked(&memory, has: 100, spare: 50, at: 0))
        Self.note(&memory, has: 90, spare: 40)
        #expect(!Self.isAsked(&memory, has: 90, spare: 56, at: 10))
        #expect(Self.isAsked(&memory, has: 90, spare: 57, at: 20))
    }

    @Test func `what was reserved and never touched does not make the next count look like much`() {
        var memory = Self.memory(has: 100, spare: 0)
        #expect(!Self.isAsked(&memory, has: 100, spare: -70, at: 0))
        #expect(!Self.isAsked(&memory, has: 100, spare: 10, at: 10))
    }

    @Test func `as long as nothing comes of it spare memory is counted less and less often`() {
        var memory = Self.memory(has: 100, spare: 0)
        let moments = stride(from: 0.0, through: 256, by: 0.5)
        let counts = moments.filter { Self.isCounted(&memory, has: 100, at: $0) }
        #expect(counts == [0, 1, 3, 7, 15, 31, 63, 127, 191, 255])
    }

    @Test func `memory that grows is counted as soon as it has stopped`() {
        var memory = Self.memory(has: 100, spare: 0)
        for now in 0..<200 { _ = Self.isCounted(&memory, has: 100, at: Double(now)) }
        let whileGrowing = Self.isCounted(&memory, has: 120, at: 200)
        let afterwards = Self.isCounted(&memory, has: 120, at: 200.5)
        #expect(!whileGrowing && afterwards)
    }
}
