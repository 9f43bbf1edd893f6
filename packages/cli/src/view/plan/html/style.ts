/** The style sheet of the page, for light and dark. */
export const style = `
:root {
  color-scheme: light dark;
  --back: #ffffff; --raised: #f5f6f8; --line: #d9dde3; --text: #1c2128; --soft: #5a6472;
  --accent: #2563b0; --bar: #3573c4; --on-bar: #ffffff; --alone: #9a5b00; --bad: #c0312b; --maybe: #8a6300; --good: #7b8694;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #12161c; --raised: #1b2129; --line: #323b47; --text: #e6e9ee; --soft: #9aa5b3;
    --accent: #7db3f5; --bar: #3a6fb5; --on-bar: #ffffff; --alone: #96600f; --bad: #ff7b72; --maybe: #e3b341; --good: #77828f;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1120px; padding: 24px; background: var(--back); color: var(--text); font: 15px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 26px; margin: 0 0 16px; }
h1 span { color: var(--soft); font-weight: 400; }
h2 { font-size: 18px; margin: 40px 0 12px; }
a { color: var(--accent); }
a:focus-visible, summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
code { font: 13px/1.4 ui-monospace, "DejaVu Sans Mono", monospace; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(190px, 1fr)); gap: 12px; margin: 0; }
.figures div { display: flex; flex-direction: column-reverse; justify-content: flex-end; padding: 14px 16px; background: var(--raised); border: 1px solid var(--line); border-radius: 8px; }
.figures dt { color: var(--soft); font-size: 13px; }
.figures dd { margin: 0; font-size: 24px; font-weight: 600; }
.scroll { overflow-x: auto; }
svg { display: block; width: 100%; min-width: 720px; height: auto; font: 12px system-ui, sans-serif; }
svg text { fill: var(--text); }
.tick, .lane { fill: var(--soft); }
.tick { text-anchor: middle; }
.grid { stroke: var(--line); }
.bar { fill: var(--bar); }
.bar.alone { fill: var(--alone); }
.timeline .label { fill: var(--on-bar); pointer-events: none; }
.timeline a:hover .bar { filter: brightness(1.12); }
.claim { fill: none; stroke: var(--accent); stroke-width: 1.6; opacity: 0.55; }
.hub { fill: var(--bad); }
.task circle, circle.task { fill: var(--bar); }
.end { text-anchor: end; }
.after { fill: none; stroke: var(--soft); stroke-width: 1.4; stroke-dasharray: 4 3; }
.graph:has(.path:hover) .path:not(:hover) { opacity: 0.15; }
.path:hover .claim { opacity: 1; stroke-width: 2.4; }
table { border-collapse: collapse; }
caption { text-align: left; color: var(--soft); padding: 8px 0; }
th, td { text-align: left; padding: 4px 12px 4px 0; vertical-align: top; font-weight: 400; }
thead th { color: var(--soft); font-size: 13px; }
.costs tr, .claims tr { border-bottom: 1px solid var(--line); }
.costs { width: 100%; }
.claims td:first-child { white-space: nowrap; }
.matrix th, .matrix td { padding: 2px 6px; text-align: center; }
.matrix { white-space: nowrap; overflow-wrap: normal; }
.matrix th a { display: inline-block; overflow: hidden; text-overflow: ellipsis; }
.matrix tbody th { text-align: right; }
.matrix tbody th a { max-width: 180px; vertical-align: bottom; }
.matrix thead th { writing-mode: vertical-rl; vertical-align: bottom; text-align: end; }
.matrix thead th a { max-height: 120px; }
.matrix a { text-decoration: none; color: var(--text); }
.matrix td { min-width: 24px; border: 1px solid var(--line); }
.matrix .conflict { color: var(--bad); font-weight: 700; }
.matrix .possible { color: var(--maybe); font-weight: 700; }
.matrix .waits, .matrix .awaited { color: var(--accent); }
.matrix .independent { color: var(--good); }
.matrix thead td { border: 0; }
.legend, .more, .meta, footer { color: var(--soft); font-size: 13px; }
.key { display: inline-block; width: 12px; height: 12px; border-radius: 3px; margin: 0 4px 0 12px; vertical-align: -1px; background: var(--bar); }
.key.alone { background: var(--alone); }
.advice > li { margin-bottom: 12px; }
.advice p { margin: 0; font-weight: 600; }
.places { margin: 4px 0 0; padding-left: 18px; color: var(--soft); }
.place { color: var(--soft); }
details.task { border: 1px solid var(--line); border-radius: 8px; padding: 8px 14px; margin-bottom: 8px; }
details.task:target { border-color: var(--accent); box-shadow: 0 0 0 1px var(--accent); }
summary { cursor: pointer; }
.when { float: right; color: var(--soft); font-size: 13px; margin-left: 12px; }
.warning { color: var(--maybe); }
.findings { padding-left: 18px; }
.findings .error b { color: var(--bad); }
.findings .warning b { color: var(--maybe); }
.findings .info b { color: var(--soft); }
.findings .warning { color: inherit; }
footer { margin-top: 40px; padding-top: 12px; border-top: 1px solid var(--line); }
@media print { details.task { break-inside: avoid; } }
`;
