/// What every page shares: head, style, shapes and the foot.
enum LayoutTemplate {
    /// The template, with the blocks `title`, `body` and `colophon`.
    static let text = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        <title>{{$title}}{{/title}}</title>
        <link rel="icon" href="\(Emblem.iconURL)">
        <style>\(Stylesheet.text)</style>
        </head>
        <body>
        \(Emblem.symbols)
        {{$body}}{{/body}}
        <footer class="foot">
        <div class="wrap">
        <svg class="mark" aria-hidden="true"><use href="#martlet"/></svg>
        <div>
        {{$colophon}}{{/colophon}}
        <p>The martlet is heraldry’s swift, the bird that never lands.</p>
        </div>
        </div>
        </footer>
        </body>
        </html>

        """
}
