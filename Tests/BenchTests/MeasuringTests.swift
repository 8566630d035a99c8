import Foundation
import Testing

@testable import Bench

@Suite("Measurements")
struct MeasuringTests {
    @Test("of times give the smallest time that so many do not exceed")
    func percentiles() throws {
        var latencies = Latencies()
        #expect(latencies.percentiles() == nil)
        latencies.add(5_000_000)
        #expect(latencies.percentiles() == Latencies.Percentiles(p50: 5, p95: 5, p99: 5, max: 5))
        latencies = Latencies()
        for time in (1...100).shuffled() { latencies.add(Int64(time) * 1_000_000) }
        #expect(latencies.percentiles() == Latencies.Percentiles(p50: 50, p95: 95, p99: 99, max: 100))
        latencies.add(from: 10_000_000, to: 7_000_000)
        #expect(latencies.percentiles()?.max == 100)
        #expect(latencies.count == 101)
    }

    @Test("are told as one line of JSON, and as a table without what is not known")
    func reports() throws {
        var report = Report(workload: "query")
        report.set("events", 3)
        report.set("seconds", 0.12345)
        report.set("relay_cpu_us", nil as Double?)
        report.set("first_rejection", "no: \"\\\n\u{1}é")
        var latencies = Latencies()
        latencies.add(1_500_000)
        report.set("latency_ms", latencies)
        #expect(!report.json.contains("\n"))
        let parsed = try JSONSerialization.jsonObject(with: Data(report.json.utf8)) as? [String: Any]
        #expect(parsed?["workload"] as? String == "query")
        #expect(parsed?["events"] as? Int == 3)
        #expect(parsed?["seconds"] as? Double == 0.123)
        #expect(parsed?["relay_cpu_us"] is NSNull)
        #expect(parsed?["first_rejection"] as? String == "no: \"\\\n\u{1}é")
        #expect((parsed?["latency_ms"] as? [String: Double])?["p99"] == 1.5)
        #expect(report.table.contains("events "))
        #expect(!report.table.contains("relay cpu"))
    }

    @Test("read the kernel's account, whatever a process is called")
    func accounts() {
        let fields = (4...13).map(String.init).joined(separator: " ")
        #expect(ProcessUsage.ticks("77 (a) b (c)) S \(fields) 120 30 5 6") == 150)
        #expect(ProcessUsage.ticks("77 (a) S 1") == 0)
        #expect(ProcessUsage.ticks("") == 0)
        #expect(ProcessUsage.firstNumber("166798 2388012 2\n") == 166_798)
        #expect(ProcessUsage.kibibytes("RssAnon:", of: "VmRSS:\t  10 kB\nRssAnon:\t  2048 kB\n") == 2_048)
        #expect(ProcessUsage.kibibytes("RssAnon:", of: "") == 0)
    }

    @Test("of a process grow with what it does, and fail where there is none")
    func ownProcess() throws {
        let process = ProcessInfo.processInfo.processIdentifier
        let before = try ProcessUsage(of: [process])
        #expect(before.memory > 0 && before.peak >= before.memory / 2)
        #expect(try ProcessUsage(of: [process]).cpu >= before.cpu)
        #expect(throws: BenchFailure.self) { _ = try ProcessUsage(of: [.max]) }
    }

    @Test("count a bare verification")
    func verification() throws {
        #expect(try BareVerification.microseconds() > 0)
    }
}
