import CSQLite
import Nostr
import Testing

@testable import Backends

@Suite struct QueryPlanTests {
    @Test func `every statement of both sessions goes by an index, and none sorts`() throws {
        let file = try SQLiteFile()
        for database in [file.writer.database, file.reader.database] {
            let statements = database.statements.map { String(cString: sqlite3_sql($0)) }
            #expect(statements.count > 10)
            for sql in statements {
                // What vanishes is nearly always nothing, and FTS5 calls a look into its index a scan.
                for line in try database.plan(of: sql) where !line.contains("vanish") && !line.contains("VIRTUAL") {
                    #expect(!line.contains("SCAN") && !line.contains("TEMP B-TREE"), "\(sql): \(line)")
                }
            }
        }
    }

    @Test func `streams seek to second and tie, and entries come from the index alone`() throws {
        let file = try SQLiteFile()
        let streams = file.reader.database.statements.map { String(cString: sqlite3_sql($0)) }
            .filter { $0.contains("(created_at, tie)") }
        #expect(streams.count == 14)
        for sql in streams {
            let plan = try file.reader.database.plan(of: sql)
            #expect(plan.count == 1)
            let key = "(created_at,tie)"
            let bounds = ["created_at>? AND \(key)<(?,?)", "\(key)>(?,?) AND created_at<?"]
            #expect(bounds.contains { plan[0].contains($0) }, "\(sql): \(plan)")
            let isEntry = !sql.contains("json")
            #expect(!isEntry || plan[0].contains("COVERING INDEX") || plan[0].contains("PRIMARY KEY"))
        }
    }

    @Test func `the rows of a tag are sought by second and tie, and brought along by position`() throws {
        let file = try SQLiteFile()
        let joined = file.reader.database.statements.map { String(cString: sqlite3_sql($0)) }
            .filter { $0.contains("tag CROSS JOIN event") }
        #expect(joined.count == 2)
        for sql in joined {
            let plan = try file.reader.database.plan(of: sql)
            #expect(plan.count == 2)
            #expect(
                plan[0].contains("tag USING PRIMARY KEY (hash=?") && plan[0].contains("(created_at,tie)"),
                "\(plan)"
            )
            #expect(plan[1].contains("event USING INTEGER PRIMARY KEY (rowid=?)"), "\(plan)")
        }
    }

    @Test func `an author's kinds are skipped through, not read through`() throws {
        let file = try SQLiteFile()
        _ = try file.writer.save((0..<2_000).map { .sample(kind: $0 < 1_000 ? 1 : 7, content: "\($0)") })
        let number = try #require(try file.reader.number(of: .sample(0)))
        _ = file.reader.database.takeSteps()
        #expect(try file.reader.kinds(of: number, atMost: 9, among: []) == [1, 7])
        #expect(file.reader.database.takeSteps() < 200)
    }
}
