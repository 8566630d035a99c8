/// The body of the ``LandingPage``.
enum LandingTemplate {
    /// The template; its names are the properties of ``LandingView``.
    static let text = """
        {{<layout}}
        {{$title}}{{name}}{{/title}}
        {{$body}}
        \(head)
        <main class="wrap">
        \(connect)
        \(about)
        \(lists)
        </main>
        {{/body}}
        {{$colophon}}
        <p>{{#software.href}}<a href="{{software.href}}">{{software.text}}</a>{{/software.href}}\
        {{^software.href}}{{software.text}}{{/software.href}}{{#version}} {{version}}{{/version}}</p>
        {{/colophon}}
        {{/layout}}

        """

    private static let head = """
        <header class="field">
        \(Emblem.strewnField)
        <div class="wrap">
        <div class="bar">
        <p>Nostr relay</p>
        {{#status}}
        <p class="status{{^isReady}} waiting{{/isReady}}"><a href="/health">{{phrase}}</a></p>
        {{/status}}
        </div>
        <div class="hero">
        <div>
        <h1{{#isLongName}} class="long"{{/isLongName}} dir="auto">{{name}}</h1>
        {{#lead}}
        <p class="lead" dir="auto">{{.}}</p>
        {{/lead}}
        {{#address}}
        <div class="address">
        <p>Relay address</p>
        <code>{{.}}</code>
        </div>
        {{/address}}
        {{#payments}}
        <p><a class="button" href="{{href}}">Get access</a></p>
        {{/payments}}
        </div>
        <svg class="arms" role="img" aria-label="A shield with a martlet in flight"><use href="#arms"/></svg>
        </div>
        {{^empty(figures)}}
        <dl class="figures">
        {{#figures}}
        <div><dt>{{label}}</dt><dd>{{value}}</dd></div>
        {{/figures}}
        </dl>
        {{/empty(figures)}}
        </div>
        </header>
        """

    private static let connect = """
        {{#address}}
        <section aria-labelledby="connect">
        <h2 id="connect">Connect</h2>
        <ol class="steps">
        <li>
        <h3>Add the address to your client</h3>
        <p>In its relay settings, add <code class="whole">{{address}}</code>. \
        Your client then reads and writes here.</p>
        </li>
        <li>
        <h3>Or try it from a terminal</h3>
        <p>Any WebSocket tool will do. Ask for the five newest notes:</p>
        <pre><code><span class="prompt" aria-hidden="true">$ </span>websocat {{address}}
        <b>["REQ","hello",{"kinds":[1],"limit":5}]</b></code></pre>
        <p>Events arrive newest first, then <code>["EOSE","hello"]</code>; \
        what is published later follows by itself.</p>
        </li>
        <li>
        <h3>Read the facts as JSON</h3>
        <p>The relay information document (NIP-11) lies at the same address:</p>
        <pre><code><span class="prompt" aria-hidden="true">$ </span>curl -H 'Accept: application/nostr+json' \
        {{documentURL}}</code></pre>
        </li>
        </ol>
        </section>
        {{/address}}
        """

    private static let about = """
        {{^empty(about)}}
        <section aria-labelledby="about">
        <h2 id="about">About</h2>
        <div class="prose">
        {{#about}}
        <p dir="auto">{{.}}</p>
        {{/about}}
        </div>
        </section>
        {{/empty(about)}}
        """

    private static let lists = """
        {{^empty(contacts)}}
        <section aria-labelledby="contact">
        <h2 id="contact">Contact and rules</h2>
        <dl class="contacts">
        {{#contacts}}
        <div><dt>{{term}}</dt><dd{{#isKey}} class="key"{{/isKey}}>\
        {{#link.href}}<a href="{{link.href}}">{{link.text}}</a>{{/link.href}}\
        {{^link.href}}{{link.text}}{{/link.href}}</dd></div>
        {{/contacts}}
        </dl>
        </section>
        {{/empty(contacts)}}
        {{^empty(limits)}}
        <section aria-labelledby="limits">
        <h2 id="limits">Limits</h2>
        <dl class="ledger">
        {{#limits}}
        <div><dt>{{label}}</dt><dd>{{value}}</dd></div>
        {{/limits}}
        </dl>
        </section>
        {{/empty(limits)}}
        {{^empty(nips)}}
        <section aria-labelledby="nips">
        <h2 id="nips">Supported NIPs</h2>
        <ul class="nips">
        {{#nips}}
        <li><a href="{{url}}"><b>{{label}}</b> <span>{{title}}</span></a></li>
        {{/nips}}
        </ul>
        </section>
        {{/empty(nips)}}
        """
}
