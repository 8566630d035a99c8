import Testing

@testable import Server

struct NearestNameTests {
    @Test(arguments: [
        ("events.max_aeg", "events.max_age"), ("events.maxage", "events.max_age"), ("max_age", "events.max_age"),
        ("lissten", "listen"), ("databse", "database"), ("eventz.max_size", "events.max_size"),
        ("limits.max_limit", "subscriptions.max_limit"), ("log.lvel", "log.level"), ("Listen", "listen"),
    ])
    func `a slip leads to the key that was meant`(written: String, meant: String) {
        let nearest = NearestName(to: written, among: ConfigurationKey.all.map(\.path))
        #expect(nearest.description == "did you mean \(meant)?")
    }

    @Test func `a name like no other leads to the nearest, which is not said to be meant`() {
        let nearest = NearestName(to: "zzzzzzzzzzzz", among: ["listen", "database"])
        #expect(nearest.description.hasPrefix("the nearest is "))
        #expect(!nearest.isLikely)
    }

    @Test func `a huge name is compared by its beginning`() {
        let nearest = NearestName(to: String(repeating: "é", count: 500_000), among: ConfigurationKey.all.map(\.path))
        #expect(!nearest.name.isEmpty)
    }

    @Test func `empty text and no candidates are harmless`() {
        #expect(NearestName(to: "", among: []).name.isEmpty)
        #expect(NearestName(to: "", among: ["listen"]).name == "listen")
        #expect(NearestName(to: ".", among: ["listen"]).name == "listen")
    }
}
