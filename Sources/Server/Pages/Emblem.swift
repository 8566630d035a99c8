/// The martlet in flight: Azure, a martlet volant bendwise argent, within a bordure or.
enum Emblem {
    /// The bird seen from above, heading up, its centre at the origin, about 170 wide and 90 high.
    private static let bird = """
        M0 -40C3.200 -40 5.600 -38 6.800 -34.500C8 -31 11.500 -28.400 18 -28.200C35 -28 50 -25 63 -14C74 -5 82 8 86 24\
        C75 8 60 -3 43 -5.500C29 -7.500 17 -5 9 1.500C8 10 6.500 17 4.600 24C6 33 10 42 16 51C9 46 3.500 40 0 32\
        C-3.500 40 -9 46 -16 51C-10 42 -6 33 -4.600 24C-6.500 17 -8 10 -9 1.500C-17 -5 -29 -7.500 -43 -5.500\
        C-60 -3 -75 8 -86 24C-82 8 -74 -5 -63 -14C-50 -25 -35 -28 -18 -28.200C-11.500 -28.400 -8 -31 -6.800 -34.500\
        C-5.600 -38 -3.200 -40 0 -40Z
        """

    /// The outline of the escutcheon, its centre near the origin, 88 wide and 108 high.
    private static let shield = "M-44 -54H44V-8C44 24 26 42 0 54C-26 42 -44 24 -44 -8Z"

    /// The shapes that the pages refer to: `#martlet`, `#arms` and the field strewn with martlets, `#seme`.
    static let symbols = """
        <svg class="symbols" width="0" height="0" aria-hidden="true">
        <defs>
        <path id="bird" d="\(bird)"/>
        <symbol id="martlet" viewBox="-64 -64 128 128">
        <use href="#bird" transform="translate(2 2) rotate(-38) scale(.72)"/>
        </symbol>
        <symbol id="arms" viewBox="-48 -58 96 116">
        <path d="\(shield)" fill="var(--azure)" stroke="var(--or)" stroke-width="4"/>
        <use href="#bird" transform="translate(-3 -5) rotate(-38) scale(.44)" fill="#fff"/>
        </symbol>
        <pattern id="seme" width="132" height="112" patternUnits="userSpaceOnUse" fill="#fff">
        <use href="#bird" transform="translate(33 28) rotate(-38) scale(.2)"/>
        <use href="#bird" transform="translate(99 84) rotate(-38) scale(.2)"/>
        </pattern>
        </defs>
        </svg>
        """

    /// A picture that covers its container with martlets, as heraldry strews a field.
    static let strewnField = """
        <svg class="seme" aria-hidden="true">\
        <rect width="100%" height="100%" fill="url(#seme)"/></svg>
        """

    /// The emblem as a `data:` URL, for the tab of the browser.
    static let iconURL =
        "data:image/svg+xml,"
        + percentEncoded(
            """
            <svg xmlns='http://www.w3.org/2000/svg' viewBox='-60 -60 120 120'>\
            <path d='\(shield)' fill='#1d4390' stroke='#e0b354' stroke-width='6'/>\
            <path d='\(bird)' transform='translate(-3 -5) rotate(-38) scale(.44)' fill='#fff'/></svg>
            """
        )

    /// The text with the characters replaced that would end a URL or an attribute early.
    private static func percentEncoded(_ svg: String) -> String {
        var encoded = ""
        for character in svg {
            switch character {
            case "<": encoded += "%3C"
            case ">": encoded += "%3E"
            case "#": encoded += "%23"
            case "\"": encoded += "%22"
            case " ": encoded += "%20"
            default: encoded.append(character)
            }
        }
        return encoded
    }
}
