import TestSupport
import Testing

@testable import Backends

@Suite struct StreamHeapTests {
    @Test(arguments: [20_261_401, 20_261_402, 20_261_403] as [UInt64])
    func `a merge through the heap is the sorted whole`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        for direction in [.newestFirst, .oldestFirst] as [StoredQuery.Direction] {
            for count in [1, 2, 3, 8, 33] {
                var streams = (0..<count).map { _ in
                    (0..<random.below(20)).map { _ in
                        IndexEntry(
                            createdAt: Int64(random.below(9)),
                            tie: Int64(random.below(5)),
                            position: .random(in: 0...99, using: &random)
                        )
                    }.sorted { direction == .newestFirst ? $0.isNewer(than: $1) : $1.isNewer(than: $0) }
                }
                let whole = streams.flatMap(\.self)
                var heap = StreamHeap()
                for index in streams.indices where !streams[index].isEmpty {
                    heap.push(streams[index].removeFirst(), stream: index, direction)
                }
                var merged: [IndexEntry] = []
                while let top = heap.top {
                    merged.append(top.entry)
                    let next = streams[top.stream].isEmpty ? nil : streams[top.stream].removeFirst()
                    heap.replaceTop(with: next, direction)
                }
                let sorted = whole.sorted { direction == .newestFirst ? $0.isNewer(than: $1) : $1.isNewer(than: $0) }
                #expect(merged == sorted, "seed \(seed)")
                #expect(heap.isEmpty)
            }
        }
    }

    @Test func `an empty heap has no top and nothing to replace`() {
        var heap = StreamHeap()
        #expect(heap.isEmpty && heap.top == nil)
        heap.replaceTop(with: .newest, .newestFirst)
        #expect(heap.isEmpty)
    }
}
