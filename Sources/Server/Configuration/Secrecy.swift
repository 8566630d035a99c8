/// How much of a value may be shown, in `config show` and in messages.
enum Secrecy: Sendable {
    /// All of it.
    case open
    /// All but the password of a URL.
    case urlPassword
    /// Nothing.
    case secret
}
