/// The index of words (NIP-50).
///
/// - `search_document.words` are those that `SearchExpression.words` finds in an event, and what stands for its time;
///   PostgreSQL's parsers and dictionaries have no part in it.
/// - `search_queue` holds rows that are to be looked at: stored ones, in the transaction that stored them, and removed
///   ones, by a trigger. Looking twice does nothing twice.
/// - `search_kind` are the kinds that are indexed. `search_state.rest`: rows up to this position were there before the
///   index, or its kinds, and have yet to be looked at; zero for none.
/// - The function lets the planner use the index, which sessions that read are kept from otherwise.
enum PostgresSearchSchema {
    static let step = """
        CREATE TABLE search_document (
            position   bigint PRIMARY KEY,
            created_at bigint NOT NULL,
            words      tsvector NOT NULL
        );
        CREATE INDEX search_by_word ON search_document USING gin (words) WITH (fastupdate = off);
        CREATE TABLE search_queue (number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, position bigint NOT NULL);
        CREATE TABLE search_kind (low integer, high integer, PRIMARY KEY (low, high));
        CREATE TABLE search_state (
            is_one  boolean PRIMARY KEY DEFAULT true CHECK (is_one),
            version integer NOT NULL DEFAULT 0,
            rest    bigint NOT NULL DEFAULT 0,
            kinds   text NOT NULL DEFAULT ''
        );
        INSERT INTO search_state DEFAULT VALUES;

        CREATE FUNCTION search_forget() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            EXECUTE format(
                'INSERT INTO %1$I.search_queue (position) SELECT g.position FROM gone AS g
                WHERE EXISTS (SELECT FROM %1$I.search_document AS d WHERE d.position = g.position)
                    OR EXISTS (SELECT FROM %1$I.search_kind AS k WHERE g.kind BETWEEN k.low AND k.high)',
                TG_TABLE_SCHEMA
            );
            RETURN NULL;
        END $$;
        CREATE TRIGGER search_forgets AFTER DELETE ON event
        REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION search_forget();

        CREATE FUNCTION search_hits(query tsquery, since bigint, second bigint, place bigint, most integer)
        RETURNS TABLE (hit_position bigint, hit_second bigint) LANGUAGE plpgsql STABLE
        SET enable_bitmapscan = on SET enable_indexscan = off SET enable_seqscan = off AS $$
        BEGIN
            RETURN QUERY SELECT d.position, d.created_at FROM search_document AS d
            WHERE d.words @@ query AND d.created_at >= since AND (d.created_at, d.position) < (second, place)
            ORDER BY d.created_at DESC, d.position DESC LIMIT most;
        END $$;
        """
}
