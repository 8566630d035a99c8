import Mustache

/// The templates of the relay's pages, parsed once.
enum PageTemplates {
    /// Every template, by the name that others include it under.
    static let library: MustacheLibrary = {
        MustacheContentTypes.register(StrictHTML(), named: StrictHTML.name)
        do {
            return MustacheLibrary(templates: [
                "layout": try parse(LayoutTemplate.text),
                "landing": try parse(LandingTemplate.text),
                "error": try parse(ErrorTemplate.text),
            ])
        } catch {
            preconditionFailure("The templates are literals of this program and must parse: \(error)")
        }
    }()

    /// The named template, filled from the properties of `view`.
    static func render(_ view: Any, with name: String) -> String {
        guard let page = self.library.render(view, withTemplate: name) else {
            preconditionFailure("There is no page template named \(name)")
        }
        return page
    }

    /// A template escaped by ``StrictHTML``; each has to ask, since an included one forgets its includer's choice.
    private static func parse(_ text: String) throws -> MustacheTemplate {
        try MustacheTemplate(string: "{{% CONTENT_TYPE:\(StrictHTML.name)}}\n" + text)
    }
}
