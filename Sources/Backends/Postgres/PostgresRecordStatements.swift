/// The statements that read and change records.
enum PostgresRecordStatements {
    static let revision = PostgresStatement("SELECT last FROM record_revision WHERE is_one")

    /// Takes so many revisions; nobody else takes any until the transaction has ended.
    static let takeRevisions = PostgresStatement(
        "UPDATE record_revision SET last = last + $1::int8 WHERE is_one RETURNING last"
    )

    /// The record, also one that was struck off.
    static let one = PostgresStatement(
        "SELECT value, revision FROM record WHERE section = $1::text AND key = $2::text"
    )

    static let section = PostgresStatement(
        """
        SELECT key, value, revision FROM record
        WHERE section = $1::text AND revision > $2::int8 ORDER BY revision LIMIT $3::int4
        """
    )

    /// All records, in the order of their revisions.
    static let all = PostgresStatement(
        """
        SELECT section, key, value, revision FROM record WHERE revision > $1::int8 ORDER BY revision LIMIT $2::int4
        """
    )

    /// The revision given last; nobody else gives one until the transaction has ended.
    static let holdRevision = PostgresStatement("SELECT last FROM record_revision WHERE is_one FOR UPDATE")

    static let setRevision = PostgresStatement("UPDATE record_revision SET last = $1::int8 WHERE is_one")

    /// Those of these records that there are, struck or not, by their place among the questions, from 1.
    static let several = PostgresStatement(
        """
        SELECT q.number, r.value, r.revision
        FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS q(section, key, number)
        CROSS JOIN LATERAL (
            SELECT value, revision FROM record WHERE section = q.section AND key = q.key OFFSET 0
        ) AS r
        """
    )

    static let putSeveral = PostgresStatement(
        """
        INSERT INTO record SELECT * FROM unnest($1::text[], $2::text[], $3::bytea[], $4::int8[])
        ON CONFLICT (section, key) DO UPDATE SET value = excluded.value, revision = excluded.revision
        """
    )

    static let put = PostgresStatement(
        """
        INSERT INTO record VALUES ($1::text, $2::text, $3::bytea, $4::int8)
        ON CONFLICT (section, key) DO UPDATE SET value = excluded.value, revision = excluded.revision
        """
    )

    static let erase = PostgresStatement("DELETE FROM record WHERE section = $1::text AND key = $2::text")

    /// The parameters that name a record.
    static func name(_ key: String, in section: String) -> PostgresParameters {
        var parameters = PostgresParameters()
        parameters.add(text: section)
        parameters.add(text: key)
        return parameters
    }

    /// The parameters that name several.
    static func names(_ records: [Record]) -> PostgresParameters {
        var parameters = PostgresParameters()
        for part in [\Record.section, \Record.key] {
            parameters.addArray(of: .text) { array in
                for record in records { array.append(record[keyPath: part]) }
            }
        }
        return parameters
    }

    /// The record that `one` gave.
    static func record(_ rows: PostgresRows, _ key: String, in section: String) -> Record? {
        guard rows.count > 0 else { return nil }
        let value = rows.isNull(0, 0) ? nil : rows.bytes(0, 0)
        return Record(section: section, key: key, value: value, revision: rows.integer(0, 1))
    }
}
