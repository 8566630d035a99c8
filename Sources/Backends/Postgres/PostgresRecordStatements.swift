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

    /// The record that `one` gave.
    static func record(_ rows: PostgresRows, _ key: String, in section: String) -> Record? {
        guard rows.count > 0 else { return nil }
        let value = rows.isNull(0, 0) ? nil : rows.bytes(0, 0)
        return Record(section: section, key: key, value: value, revision: rows.integer(0, 1))
    }
}
