/// A string in JSON text: the bytes between its quotes, as they stand.
struct StringToken: Equatable {
    let range: Range<Int>
    let hasEscapes: Bool
}
