import Testing

@testable import Server

struct HostileYAMLTests {
    @Test(.timeLimit(.minutes(1)), arguments: HostileText.all)
    func `a hostile text is refused before long`(text: HostileText) {
        let problems = ConfigurationText(yaml: text.yaml).problems
        #expect(!problems.isEmpty)
        #expect(problems.allSatisfy { $0.count < 500 })
    }
}
