/// The body of an ``ErrorPage``.
enum ErrorTemplate {
    /// The template; its names are the properties of ``ErrorPage``.
    static let text = """
        {{<layout}}
        {{$title}}{{status}} {{title}}{{/title}}
        {{$body}}
        <main class="field alone">
        \(Emblem.strewnField)
        <div class="wrap">
        <div class="hero">
        <div>
        <p class="code">{{status}}</p>
        <h1>{{title}}</h1>
        <p class="lead">{{sentence}}</p>
        <p><a class="button" href="/">To the front page</a></p>
        </div>
        <svg class="arms" aria-hidden="true"><use href="#arms"/></svg>
        </div>
        </div>
        </main>
        {{/body}}
        {{/layout}}

        """
}
