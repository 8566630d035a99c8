import Testing

@testable import Nostr

/// The numbers of a filter: since, until, limit (NIP-01).
@Suite struct FilterBoundsTests {
    private static func refusal(_ text: String) -> Refusal? {
        do throws(Refusal) {
            _ = try Filter(parsing: text)
            return nil
        } catch {
            return error
        }
    }

    @Test(
        arguments: [
            ("0", 0), ("1", 1), ("1700000000", 1_700_000_000), ("9223372036854775807", .max),
            ("9223372036854775808", .max),
            ("100000000000000000000000000000", .max),
        ] as [(String, Int64)]
    )
    func `a whole number is taken, and one beyond 64 bits means the bound`(_ text: String, _ number: Int64) throws {
        let filter = try Filter(parsing: #"{"since":\#(text),"until":\#(text),"limit":\#(text)}"#)
        #expect(filter.since == number)
        #expect(filter.until == number)
        #expect(filter.limit == Int(number))
    }

    @Test(arguments: ["null", "\"1\"", "1.0", "1e3", "-0", "true", "[]", "[1]", "{}"])
    func `anything but a whole number is refused`(_ value: String) {
        #expect(Self.refusal(#"{"since":\#(value)}"#) == Refusal(.invalid, "since is a whole number of seconds"))
        #expect(Self.refusal(#"{"until":\#(value)}"#) == Refusal(.invalid, "until is a whole number of seconds"))
        #expect(Self.refusal(#"{"limit":\#(value)}"#) == Refusal(.invalid, "limit is a whole number"))
    }

    @Test(arguments: ["-1", "-1700000000", "-9223372036854775808", "-9223372036854775809"])
    func `a negative number is refused`(_ value: String) {
        #expect(
            Self.refusal(#"{"since":\#(value)}"#)
                == Refusal(.invalid, "since is a whole number of seconds, not negative")
        )
        #expect(
            Self.refusal(#"{"until":\#(value)}"#)
                == Refusal(.invalid, "until is a whole number of seconds, not negative")
        )
        #expect(Self.refusal(#"{"limit":\#(value)}"#) == Refusal(.invalid, "limit is a whole number, not negative"))
    }

    @Test func `since and until are inclusive on both ends`() throws {
        let matcher = Matcher(try Filter(parsing: #"{"since":100,"until":102}"#))
        let matched = try (98...104).filter { matcher.matches(try Event.sample(createdAt: $0)) }
        #expect(matched == [100, 101, 102])
        let moment = Matcher(try Filter(parsing: #"{"since":100,"until":100}"#))
        #expect(moment.matches(try Event.sample(createdAt: 100)))
    }

    @Test func `a window that ends before it begins matches nothing`() throws {
        let filter = try Filter(parsing: #"{"since":101,"until":100}"#)
        #expect(filter.isUnsatisfiable)
        #expect(!Matcher(filter).matches(try Event.sample(createdAt: 100)))
        #expect(!Matcher(filter).matches(try Event.sample(createdAt: 101)))
        #expect(try !Filter(parsing: #"{"since":100,"until":100}"#).isUnsatisfiable)
    }

    @Test func `a limit says nothing about what matches, not even the limit 0`() throws {
        let filter = try Filter(parsing: #"{"limit":0}"#)
        #expect(filter.limit == 0)
        #expect(!filter.isUnsatisfiable)
        #expect(Matcher(filter).matches(try Event.sample()))
    }
}
