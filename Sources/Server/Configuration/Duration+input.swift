extension Duration {
    /// Reads what an operator writes, such as `30d` or `1h30m`.
    ///
    /// - Returns: the duration, or a clause that says what is wrong.
    public static func read(_ text: String) -> Result<Duration, InvalidText> {
        do throws(InvalidText) {
            return .success(try DurationText(parsing: text).duration)
        } catch {
            return .failure(error)
        }
    }
}
