import Testing

@testable import Nostr

/// The cases of nst/JSONTestSuite; their names begin with what a parser owes them.
@Suite(.needsSharedData) struct JSONTestSuiteTests {
    private static func faults(_ prefix: String) throws -> [(name: String, fault: JSONError?)] {
        let names = try SharedData.names(in: "json-test-suite").filter { $0.hasPrefix(prefix) && $0.hasSuffix(".json") }
        return try names.map { ($0, JSONProbe.fault(in: try SharedData.bytes(of: "json-test-suite/\($0)"))) }
    }

    @Test func `every y case is accepted`() throws {
        let cases = try Self.faults("y_")
        #expect(cases.count == 95)
        for (name, fault) in cases { #expect(fault == nil, "\(name)") }
    }

    @Test func `every n case is refused`() throws {
        let cases = try Self.faults("n_")
        #expect(cases.count == 188)
        for (name, fault) in cases { #expect(fault != nil, "\(name)") }
    }

    @Test func `every i case is answered, and those of bad UTF-8 and lone surrogates are refused`() throws {
        let cases = try Self.faults("i_")
        #expect(cases.count == 35)
        for (name, fault) in cases where name.hasPrefix("i_string") { #expect(fault != nil, "\(name)") }
        for (name, fault) in cases where name.hasPrefix("i_number") { #expect(fault == nil, "\(name)") }
    }
}
