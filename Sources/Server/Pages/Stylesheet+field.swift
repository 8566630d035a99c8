extension Stylesheet {
    /// The coloured field at the head of a page.
    static let field = """
        .field {
          position: relative; isolation: isolate; overflow: hidden;
          background: var(--field); color: var(--argent);
          border-bottom: 4px solid var(--or);
        }
        .field a { color: inherit; }
        .seme { position: absolute; inset: 0; z-index: -1; width: 100%; height: 100%; opacity: .055; }
        .bar {
          display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; justify-content: space-between; align-items: center;
          padding: 1.5rem 0; color: var(--pale); font-size: .9rem;
        }
        .bar p:first-child { letter-spacing: .02em; }
        .status a { display: inline-flex; align-items: center; gap: .55rem; text-decoration: none; }
        .status a:hover { text-decoration: underline; }
        .status a::before { content: ""; width: .55rem; height: .55rem; border-radius: 50%; background: #63d49a; }
        .waiting a::before { border-radius: 0; background: var(--or); }
        .hero {
          display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 2rem clamp(2rem, 7vw, 6rem);
          align-items: center; padding: clamp(1.5rem, 5vw, 4rem) 0 clamp(2.5rem, 6vw, 4.5rem);
        }
        h1, .lead { text-align: left; }
        h1 { font-size: clamp(2.5rem, 1.4rem + 4.6vw, 4.75rem); letter-spacing: -.015em; }
        h1.long { font-size: clamp(1.75rem, 1.3rem + 1.9vw, 2.75rem); letter-spacing: -.005em; }
        .lead {
          max-width: 38rem; margin-top: 1.1rem; color: var(--pale);
          font-size: clamp(1.06rem, 1rem + .4vw, 1.25rem); line-height: 1.55; white-space: pre-line;
        }
        .address { margin-top: 2.25rem; }
        .address p { color: var(--pale); font-size: .9rem; }
        .address code {
          display: inline-block; max-width: 100%; margin-top: .35rem; padding: .7rem 1rem;
          border: 1px solid var(--or); border-radius: 3px; background: rgb(0 0 0 / .22);
          font-size: clamp(.95rem, .85rem + .5vw, 1.15rem); user-select: all; -webkit-user-select: all;
        }
        .arms { width: clamp(9rem, 20vw, 15rem); aspect-ratio: 96 / 116; }
        .figures {
          display: flex; flex-wrap: wrap; gap: 1rem 3rem;
          padding: 1.25rem 0 1.5rem; border-top: 1px solid rgb(255 255 255 / .18);
        }
        .figures div { display: flex; flex-direction: column-reverse; }
        .figures dt { color: var(--pale); font-size: .9rem; }
        .figures dd { font: 1.5rem/1.2 var(--serif); font-variant-numeric: lining-nums; }
        .button {
          display: inline-block; margin-top: 1.5rem; padding: .6rem 1.25rem;
          border-radius: 3px; background: var(--or); font-weight: 600; text-decoration: none;
        }
        .field .button { color: #1a1405; }
        .button:hover { text-decoration: underline; }
        .alone { display: flex; align-items: center; }
        .code { color: var(--or); font: 1.5rem/1 var(--serif); margin-bottom: 1rem; font-variant-numeric: lining-nums; }
        @media (max-width: 44rem) {
          .hero { grid-template-columns: minmax(0, 1fr); }
          .arms { grid-row: 1; width: 6rem; }
          .figures { gap: 1rem 2rem; }
        }

        """
}
