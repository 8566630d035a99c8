import TestSupport
import Testing

@testable import Nostr

/// Hundreds of thousands of spoilt messages: each gives a message or an error with a well-formed answer, and none
/// traps.
@Suite struct ClientMessageFuzzTests {
    private static let inputsPerSeed = 56_000

    private static func corpus() -> [[UInt8]] {
        let id = String(repeating: "a", count: 64)
        let texts = [
            EventText().json, EventText(tags: #"[["e","\#(id)"],["d","x\"y"],["t"]]"#, content: #""\u0001é😀\n""#).json,
            EventText(kind: 22_242, tags: #"[["relay","wss:\\"],["challenge","c"]]"#).json,
        ]
        let messages = [
            #"["EVENT",\#(texts[0])]"#, #"["EVENT",\#(texts[1])]"#, #"["AUTH",\#(texts[2])]"#, #"["CLOSE","sub"]"#,
            #"["REQ","sub",{}]"#, #"["REQ","😀\u00e9",{"kinds":[1,2],"limit":10},{"since":1,"until":2}]"#,
            ##"["REQ","a",{"ids":["\##(id)"],"#e":["\##(id)"],"#t":["x","\"y"]}]"##,
            #"["COUNT","c",{"authors":["\#(id)"]}]"#,
            #"["REQ","\ud83d\ude00",{"kinds":[0,65535,1.5e3],"since":9223372036854775807}]"#,
            #"["NEG-OPEN","n",{},"00"]"#, #"["NEG-MSG","n","6100"]"#, #"["NEG-CLOSE","n"]"#,
        ]
        return messages.map { Array($0.utf8) }
    }

    @Test(arguments: [20_260_401, 20_260_402, 20_260_403, 20_260_404] as [UInt64])
    func `a spoilt message gives a message or an error, and every answer is JSON`(seed: UInt64) {
        var mutator = Mutator(seed: seed, corpus: Self.corpus())
        var (messages, errors, badAnswers) = (0, 0, 0)
        for _ in 0..<Self.inputsPerSeed {
            let input = mutator.next()
            do throws(ClientMessageError) {
                let message = try ClientMessage(parsing: input.span, bounds: MessageBounds(filters: 3, values: 8))
                messages += 1
                Self.use(message)
            } catch {
                errors += 1
                let isText = UTF8Check.isValid(input.span)
                if isText, JSONProbe.fault(in: error.answer.json) != nil { badAnswers += 1 }
            }
        }
        #expect(messages + errors == Self.inputsPerSeed)
        #expect(messages > 500 && errors > 500)
        #expect(badAnswers == 0)
    }

    /// Random bytes of the alphabet that the parser branches on, without any message to begin with.
    @Test(arguments: [20_260_405] as [UInt64]) func `bytes at random are answered too`(seed: UInt64) {
        let alphabet = Array(#"[]{}",:\u0dEVNTRQ19.-e "#.utf8) + [0x00, 0x0A, 0x80, 0xC3, 0xFF]
        var generator = SplitMix64(seed: seed)
        var answered = 0
        for _ in 0..<20_000 {
            let start = generator.pick([
                "", "[", #"["REQ","#, #"["REQ","a",{"#, #"["EVENT",{"tags":["#, #"["EVENT",{"id":""#,
            ])
            let input = Array(start.utf8) + (0..<generator.below(30)).map { _ in generator.pick(alphabet) }
            do throws(ClientMessageError) {
                Self.use(try ClientMessage(parsing: input.span, bounds: MessageBounds()))
            } catch {
                answered += error.answer.json.isEmpty ? 0 : 1
            }
            _ = JSONProbe.fault(in: input)
        }
        #expect(answered > 19_000)
    }

    private static func use(_ message: ClientMessage) {
        switch message {
        case .event(let event), .authenticate(let event): event.askEverything()
        case .request(let id, let filters), .count(let id, let filters):
            _ = (id.description, filters.map(Matcher.init), filters.map(\.isUnsatisfiable))
        case .close(let id): _ = id.description
        case .negentropy(let request): _ = request.id.description
        }
    }
}
