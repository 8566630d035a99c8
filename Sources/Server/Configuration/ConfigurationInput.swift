/// The value of one key, as its source has it.
enum ConfigurationInput: Hashable, Sendable {
    /// An explicit null: the key keeps the value it had.
    case nothing
    case scalar(ConfigurationScalar)
    /// Entries may be anything but are not followed further: a list in a list is empty.
    indirect case list([ConfigurationInput])
    case mapping
}
