extension Stylesheet {
    /// The sections below the field: a heading at the left, its matter at the right.
    static let sections = """
        section {
          display: grid; grid-template-columns: 14rem minmax(0, 1fr); gap: 1.5rem clamp(1.5rem, 4vw, 3rem);
          padding: clamp(2.25rem, 5vw, 3.5rem) 0; border-bottom: 1px solid var(--rule);
        }
        h2 { font-size: 1.75rem; }
        .prose { display: grid; gap: 1em; max-width: 42rem; }
        .prose p { white-space: pre-line; }
        .steps { counter-reset: step; display: grid; gap: 2rem; max-width: 46rem; }
        .steps li { counter-increment: step; position: relative; padding-left: 3.25rem; }
        .steps li::before {
          content: counter(step, upper-roman); position: absolute; left: 0; top: -.05rem;
          color: var(--gold); font: 1.5rem/1.2 var(--serif);
        }
        .steps p { color: var(--quiet); }
        .steps p code { color: var(--ink); }
        .whole { user-select: all; -webkit-user-select: all; }
        pre {
          margin: .6rem 0; padding: .8rem 1rem; border: 1px solid var(--rule); border-radius: 3px;
          background: var(--panel); white-space: pre-wrap; line-height: 1.7;
        }
        pre b { color: var(--link); font-weight: 400; }
        .prompt { color: var(--quiet); user-select: none; -webkit-user-select: none; }
        .contacts div { display: grid; grid-template-columns: 10rem minmax(0, 1fr); gap: 0 1.5rem; padding: .5rem 0; }
        .contacts div:first-child { padding-top: .2rem; }
        dt { color: var(--quiet); }
        .key { font-family: var(--mono); font-size: .92em; }
        .ledger, .nips { columns: 2 18rem; column-gap: 3rem; }
        .ledger div {
          break-inside: avoid; display: flex; justify-content: space-between; gap: 1rem;
          padding: .5rem 0; border-bottom: 1px solid var(--rule);
        }
        .ledger dd { text-align: right; font-variant-numeric: tabular-nums; }
        .nips li { break-inside: avoid; }
        .nips a { display: flex; gap: 1rem; padding: .3rem 0; color: inherit; text-decoration: none; }
        .nips a:hover span, .nips a:focus-visible span { text-decoration: underline; }
        .nips b { flex: none; width: 4rem; color: var(--link); font-weight: 400; font-variant-numeric: tabular-nums; }
        @media (max-width: 56rem) {
          section { grid-template-columns: minmax(0, 1fr); }
        }
        @media (max-width: 36rem) {
          .contacts div { grid-template-columns: minmax(0, 1fr); }
          .steps li { padding-left: 0; }
          .steps h3 { padding-left: 2.1rem; }
          pre { padding: .7rem .8rem; font-size: .85em; }
        }

        """
}
