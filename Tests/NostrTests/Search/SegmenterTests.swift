import TestSupport
import Testing

@testable import Nostr

struct SegmenterTests {
    private static func words(_ text: String) -> [String] {
        var segmenter = Segmenter()
        segmenter.take(text)
        return (0..<segmenter.words.count).map { String(decoding: segmenter.words.word($0), as: UTF8.self) }
            .filter { !$0.isEmpty }
    }

    @Test(arguments: [
        ("Hello, World!", ["hello", "world"]),
        ("don't stop_now 3.14", ["don", "t", "stop", "now", "3", "14"]),
        ("", []), (" \n\t!?*-", []), ("\0a\0", ["a"]),
        // Latin, with diacritics composed and not.
        ("Café CAFE\u{301} Ærøskøbing", ["cafe", "cafe", "aeroskobing"]),
        ("Straße STRASSE", ["strasse", "strasse"]), ("Łódź ŁÓDŹ", ["lodz", "lodz"]),
        ("İstanbul ISTANBUL ılık", ["istanbul", "istanbul", "ilik"]), ("Tiếng Việt", ["tieng", "viet"]),
        // Greek and Cyrillic.
        ("Ὀδυσσεύς ΟΔΥΣΣΕΥΣ", ["οδυσσευσ", "οδυσσευσ"]), ("Ёжик йод и\u{306}од", ["ежик", "иод", "иод"]),
        // Arabic with vowel signs and kashida, Hebrew with points, digits of other scripts.
        ("مُحَمَّد محـــمد", ["محمد", "محمد"]), ("אَחמד שָׁלוֹם", ["אחמד", "שלום"]), ("٢٠٢٤ २०२४", ["2024", "2024"]),
        // Scripts whose vowels are marks.
        ("हिन्दी में", ["हिन्दी", "में"]), ("தமிழ்", ["தமிழ்"]), ("বাংলা", ["বাংলা"]),
        // Scripts that do not part their words.
        ("東京都", ["東京", "京都", "都"]), ("東", ["東"]), ("日本 語", ["日本", "本", "語"]),
        ("ビットコイン", ["ビッ", "ット", "トコ", "コイ", "イン", "ン"]), ("ｶﾞｽ がす", ["ガス", "ス", "がす", "す"]),
        ("か\u{3099}す", ["がす", "す"]), ("비트 \u{1107}\u{1175}\u{1110}\u{1173}", ["비트", "트", "비트", "트"]),
        ("กาแฟ", ["กา", "าแ", "แฟ", "ฟ"]), ("Nostr日本relay", ["nostr", "日本", "本", "relay"]),
        ("ＮＯＳＴＲ", ["nostr"]),
        // Pictures.
        ("go🔥👍🏽", ["go", "🔥", "👍"]), ("❤\u{FE0F}", ["❤"]),
        // What shows as nothing does not part words.
        ("zero\u{200D}width soft\u{AD}hyphen", ["zerowidth", "softhyphen"]),
    ])
    func `text is cut into words`(text: String, words: [String]) { #expect(Self.words(text) == words) }

    @Test func `a long word counts up to its fortieth letter`() {
        #expect(Self.words(String(repeating: "a", count: 100_000)) == [String(repeating: "a", count: 40)])
        #expect(Self.words(String(repeating: "я", count: 100)) == [String(repeating: "я", count: 40)])
    }

    @Test func `a huge text is looked at up to its twenty thousandth word`() {
        let text = String(repeating: "word 東京 ", count: 40_000)
        var segmenter = Segmenter()
        segmenter.take(text)
        #expect(segmenter.words.count == SearchWords.maximumCount)
    }

    @Test(arguments: 0..<200 as Range<UInt64>)
    func `any scalars at all make words that make themselves again`(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        var text = String.UnicodeScalarView()
        for _ in 0..<200 {
            let limit = generator.pick([0x80, 0x3000, 0x11000, 0x110000])
            if let scalar = Unicode.Scalar(UInt32(generator.below(limit))) { text.append(scalar) }
        }
        for word in Self.words(String(text)) where word.unicodeScalars.count != 2 {
            let again = Self.words(word)
            #expect(again.first == word || again.joined() == word, "\(word.unicodeScalars.map(\.value))")
        }
    }

    @Test func `no phrase reaches from one text into the next`() {
        var segmenter = Segmenter()
        segmenter.take("one two")
        segmenter.take("three")
        #expect(!segmenter.words.hold([Array("two".utf8), Array("three".utf8)], isOpen: false, at: 1))
    }
}
