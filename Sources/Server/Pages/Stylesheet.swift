/// The one style sheet of the relay's pages.
enum Stylesheet {
    /// The style sheet, exactly as it stands between `<style>` and `</style>`.
    static let text = base + field + sections

    /// The SHA-256 of ``text`` as a source expression (CSP Level 3, 2.3.1); a test names the new one after a change.
    static let hash = "sha256-g57Mz4X3Ukl8+G35ooNF1enx79aHcaWGVfD+u3+Mxmk="

    private static let base = """
        :root {
          color-scheme: light dark;
          --paper: #f6f7fa; --panel: #fff; --ink: #161c2b; --quiet: #545e74; --rule: #d8dde8; --link: #1c4a9e;
          --azure: #1d4390; --field: #18376f; --argent: #fff; --pale: #ccd8f1; --or: #e0b354; --gold: #8a5e0d;
          --serif: "Iowan Old Style", "Palatino Linotype", "URW Palladio L", P052, Palatino, Georgia, serif;
          --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", sans-serif;
          --mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --paper: #0b101b; --panel: #131a2a; --ink: #e6eaf3; --quiet: #9ba7bf; --rule: #263047; --link: #a3c0ff;
            --azure: #1f4ba6; --field: #10203f; --pale: #b7c5e2; --gold: #e0b354;
          }
        }
        *, ::before, ::after { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
        body {
          margin: 0; min-height: 100vh; display: flex; flex-direction: column;
          background: var(--paper); color: var(--ink);
          font: 1rem/1.6 var(--sans); overflow-wrap: anywhere;
        }
        main { flex: 1; }
        h1, h2, h3, p, dl, dd, ol, ul, pre { margin: 0; padding: 0; }
        h1, h2 { font-family: var(--serif); font-weight: 400; line-height: 1.12; text-wrap: balance; }
        h3 { font-size: 1rem; line-height: 1.5; font-weight: 600; }
        ol, ul { list-style: none; }
        a { color: var(--link); text-decoration-thickness: 1px; text-underline-offset: .2em; }
        a:hover { text-decoration-thickness: 2px; }
        a:focus-visible { outline: 2px solid currentColor; outline-offset: 3px; border-radius: 2px; }
        code, pre { font-family: var(--mono); font-size: .92em; }
        .wrap { width: 100%; max-width: 70rem; margin: 0 auto; padding: 0 clamp(1.25rem, 5vw, 3rem); }
        .symbols { position: absolute; }
        .foot { padding: 2rem 0 2.5rem; color: var(--quiet); font-size: .9rem; }
        .foot .wrap { display: flex; gap: 1rem; align-items: center; }
        .mark { flex: none; width: 2.75rem; height: 2.75rem; fill: var(--gold); }

        """
}
