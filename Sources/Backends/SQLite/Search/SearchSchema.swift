/// The index of words (NIP-50).
///
/// - `search` holds the words that `SearchExpression.words` finds in an event, and no text: what an event is taken out
///   with is found in it anew. Words come as they are to be, parted by spaces; the tokenizer changes nothing of them.
/// - `search_document` tells which events are in it, and `search_gone` those that are no longer stored and are to be
///   taken out of it.
/// - `search_mark`: events up to this position are indexed; but for those up to `search_rest`, of which that is only
///   known when it is zero.
enum SearchSchema {
    static let step = """
        CREATE VIRTUAL TABLE search USING fts5 (
            words, content = '', columnsize = 0, detail = none, tokenize = "ascii tokenchars '@'"
        );
        CREATE TABLE search_document (position INTEGER PRIMARY KEY);
        CREATE TABLE search_gone (
            position   INTEGER PRIMARY KEY,
            author     INTEGER NOT NULL,
            json       BLOB NOT NULL
        );
        CREATE TRIGGER search_forgets AFTER DELETE ON event
        WHEN EXISTS (SELECT 1 FROM search_document WHERE position = OLD.position)
        BEGIN
            DELETE FROM search_document WHERE position = OLD.position;
            INSERT INTO search_gone VALUES (OLD.position, OLD.author, OLD.json);
        END;
        INSERT INTO meta VALUES ('search_version', 0), ('search_kinds', ''), ('search_mark', 0), ('search_rest', 0);
        """
}
