import Testing

@testable import Backends

/// Values go to the server and come back as they were.
@Suite(.needsPostgres) struct PostgresValueTests {
    @Test func `whole numbers of every width keep their extremes`() throws {
        let connection = try PostgresServer.connect()
        let statement = PostgresStatement("SELECT $1::int2, $2::int4, $3::int8, $4::xid8")
        for (int2, int4, int8, xid8) in [
            (Int16.min, Int32.min, Int64.min, UInt64.min), (.max, .max, .max, .max), (0, -1, -1, 1 << 63),
        ] {
            var parameters = PostgresParameters()
            parameters.add(int2: int2)
            parameters.add(int4: int4)
            parameters.add(int8: int8)
            parameters.add(xid8: xid8)
            let rows = try connection.query(statement, parameters)
            #expect(rows.count == 1 && rows.columns == 4)
            #expect(rows.integer(0, 0) == Int64(int2))
            #expect(rows.integer(0, 1) == Int64(int4))
            #expect(rows.integer(0, 2) == int8)
            #expect(UInt64(bitPattern: rows.integer(0, 3)) == xid8)
        }
    }

    @Test func `NULL is no value, and no value of zero bytes`() throws {
        let connection = try PostgresServer.connect()
        let statement = PostgresStatement(
            "SELECT $1::int2, $2::int4, $3::int8, $4::xid8, $5::bool, $6::text, $7::bytea, $8::text, $9::bytea"
        )
        var parameters = PostgresParameters()
        parameters.add(int2: nil)
        parameters.add(int4: nil)
        parameters.add(int8: nil)
        parameters.add(xid8: nil)
        parameters.add(bool: nil)
        parameters.add(text: nil)
        parameters.addNull()
        parameters.add(text: "")
        parameters.add(bytes: [])
        let rows = try connection.query(statement, parameters)
        for column in 0..<7 {
            #expect(rows.isNull(0, column))
            #expect(rows.optionalInteger(0, column) == nil && rows.integer(0, column) == 0)
            #expect(rows.bytes(0, column).isEmpty && rows.optionalText(0, column) == nil)
        }
        #expect(!rows.isNull(0, 7) && rows.optionalText(0, 7) == "")
        #expect(!rows.isNull(0, 8) && rows.bytes(0, 8).isEmpty)
        #expect(rows.withBytes(0, 8) { $0.count } == 0)
        // A NULL of nothing else, where the buffer is empty.
        var lonely = PostgresParameters()
        lonely.add(bytes: [])
        #expect(try !connection.query(PostgresStatement("SELECT $1::bytea"), lonely).isNull(0, 0))
    }

    @Test func `all bytes, texts and truths come back`() throws {
        let connection = try PostgresServer.connect()
        let all = [UInt8](0...255)
        let long = [UInt8]((0..<1 << 20).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        let statement = PostgresStatement("SELECT $1::bytea, $2::bytea, $3::text, $4::bool, $5::bool")
        var parameters = PostgresParameters()
        for _ in 0..<2 {
            parameters.removeAll()
            parameters.add(bytes: all.span)
            parameters.add(bytes: long)
            parameters.add(text: "Grüße 🐦\n'\\")
            parameters.add(bool: true)
            parameters.add(bool: false)
            let rows = try connection.query(statement, parameters)
            #expect(rows.bytes(0, 0) == all)
            #expect(rows.bytes(0, 1) == long)
            #expect(rows.withBytes(0, 1) { $0.count } == long.count)
            #expect(rows.text(0, 2) == "Grüße 🐦\n'\\")
            #expect(rows.bool(0, 3) && !rows.bool(0, 4))
        }
    }

    @Test func `arrays come back with their NULLs, and empty ones too`() throws {
        let connection = try PostgresServer.connect()
        let numbers = PostgresStatement("SELECT unnest($1::int8[])")
        var parameters = PostgresParameters()
        parameters.add(int8s: [Int64.min, nil, .max, 0])
        var rows = try connection.query(numbers, parameters)
        #expect((0..<rows.count).map { rows.optionalInteger($0, 0) } == [.min, nil, .max, 0])
        parameters.removeAll()
        parameters.add(int8s: [Int64]())
        rows = try connection.query(numbers, parameters)
        #expect(rows.count == 0)
        parameters.removeAll()
        parameters.addNull()
        #expect(try connection.query(numbers, parameters).count == 0)

        let others = PostgresStatement("SELECT * FROM unnest($1::int4[], $2::bytea[], $3::xid8[], $4::text[])")
        parameters.removeAll()
        parameters.add(int4s: [Int32.min, .max])
        parameters.add(byteArrays: [[], [UInt8](0...255), nil])
        parameters.add(xid8s: [UInt64.max])
        parameters.addArray(of: .text) { array in
            array.append("é")
            array.appendNull()
        }
        rows = try connection.query(others, parameters)
        #expect(rows.count == 3)
        #expect((0..<3).map { rows.optionalInteger($0, 0) } == [Int64(Int32.min), Int64(Int32.max), nil])
        #expect(!rows.isNull(0, 1) && rows.bytes(0, 1) == [])
        #expect(rows.bytes(1, 1) == [UInt8](0...255) && rows.isNull(2, 1))
        #expect(rows.integer(0, 2) == -1)
        #expect(rows.optionalText(0, 3) == "é" && rows.isNull(1, 3))
    }

    @Test func `no rows are no rows, and a place that is not there holds nothing`() throws {
        let connection = try PostgresServer.connect()
        let rows = try connection.query(PostgresStatement("SELECT 1::int8 WHERE false"))
        #expect(rows.count == 0 && rows.columns == 1 && rows.affected == 0)
        #expect(rows.integer(0, 0) == 0 && rows.bytes(7, 9).isEmpty && rows.isNull(-1, -1))
        try connection.execute("CREATE TEMPORARY TABLE t (a int)")
        #expect(try connection.query(PostgresStatement("INSERT INTO t VALUES (1), (2)")).affected == 2)
    }

    @Test func `values of the wrong kind are refused, and the connection goes on`() throws {
        let connection = try PostgresServer.connect()
        var parameters = PostgresParameters()
        parameters.add(int4: 5)
        let statement = PostgresStatement("SELECT $1::int8")
        #expect(throws: StorageError.self) { try connection.query(statement, parameters) }
        #expect(throws: StorageError.self) { try connection.query(statement) }
        parameters.removeAll()
        parameters.add(text: "a\0b")
        let error = #expect(throws: StorageError.self) {
            try connection.query(PostgresStatement("SELECT $1::text"), parameters)
        }
        guard case .rejected("22021", _) = error else { throw error ?? .busy }
        #expect(!connection.isBroken)
        #expect(try connection.value("SELECT 7") == "7")
    }

    @Test func `a great answer comes whole`() throws {
        let connection = try PostgresServer.connect()
        let rows = try connection.query(
            PostgresStatement("SELECT g::int8, repeat('x', 1000)::bytea FROM generate_series(1, 20000) g"),
            timeout: .seconds(60)
        )
        #expect(rows.count == 20_000)
        #expect(
            (0..<rows.count).allSatisfy { rows.integer($0, 0) == Int64($0 + 1) && rows.bytes($0, 1).count == 1_000 }
        )
    }
}
