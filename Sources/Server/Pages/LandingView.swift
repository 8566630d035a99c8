/// What the landing template names: a ``LandingPage`` whose blank fields are dropped and whose links are judged.
///
/// The template finds the properties by name, and looks for a name that is `nil` in the enclosing object too. So no
/// name here is also the name of a property of an element.
struct LandingView {
    let name: String
    let isLongName: Bool
    let lead: String?
    let about: [String]
    let address: String?
    let documentURL: String?
    let payments: Link?
    let status: Status?
    let figures: [Fact]
    let limits: [Fact]
    let nips: [SupportedNIP]
    let contacts: [Contact]
    let software: Link
    let version: String?

    /// Whether the relay serves, as one phrase.
    struct Status {
        let phrase: String
        let isReady: Bool
    }

    /// One way to reach the operator, or one document of theirs.
    struct Contact {
        let term: String
        let link: Link
        let isKey: Bool
    }
}
