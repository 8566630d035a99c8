import Peers

extension UploadWindow.Counts {
    /// One line with all parts, then one for each reason of refusal.
    ///
    /// - Parameter unanswered: events whose answer never came.
    func text(unanswered: Int) -> String {
        var line = "sent \(self.sent): accepted \(self.accepted), duplicate \(self.duplicate)"
        line += ", refused \(self.refused.total)"
        if unanswered > 0 { line += ", unanswered \(unanswered)" }
        return ([line] + self.refused.lines("refused")).joined(separator: "\n")
    }
}
