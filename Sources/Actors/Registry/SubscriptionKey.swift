/// Names a subscription within its event loop; never given twice.
struct SubscriptionKey: Hashable, Sendable {
    let number: UInt64
}
