import { html, type Html } from './html.ts'

/** The style sheet of the report: light, dark, phone and paper; system fonts only. */
export const reportStyle: Html = html`<style>
  :root {
    color-scheme: light dark;
    --paper: #fdfcfa;
    --ink: #1d1c1a;
    --muted: #6a675f;
    --line: #dedbd3;
    --accent: #0f6b58;
    --wrong: #b04a12;
    --veil: #f3f1ec;
  }
  @media (prefers-color-scheme: dark) {
    :root {
      --paper: #171715;
      --ink: #e8e5de;
      --muted: #a09c92;
      --line: #37352f;
      --accent: #58c2a6;
      --wrong: #e8925a;
      --veil: #201f1c;
    }
  }
  * {
    box-sizing: border-box;
  }
  body {
    margin: 0 auto;
    padding: 2.5rem 1.25rem 4rem;
    max-width: 62rem;
    background: var(--paper);
    color: var(--ink);
    font:
      15px/1.5 ui-sans-serif,
      system-ui,
      sans-serif;
    font-variant-numeric: tabular-nums;
    overflow-wrap: anywhere;
  }
  header p {
    margin: 0;
    color: var(--muted);
  }
  h1 {
    margin: 0.35rem 0 0.5rem;
    font-size: 1.45rem;
    line-height: 1.3;
    font-weight: 600;
    text-wrap: balance;
    max-width: 50rem;
  }
  h1 span {
    display: block;
    margin-top: 0.15rem;
    color: var(--muted);
    font-weight: 400;
    font-size: 1.1rem;
  }
  h1 b {
    color: var(--accent);
  }
  h1 b.worse {
    color: var(--wrong);
  }
  h1 b.no-difference-shown,
  h1 b.not-enough-rows {
    color: var(--muted);
  }
  header .change {
    margin: 0 0 0.6rem;
    color: var(--ink);
    font-size: 1.15rem;
    font-weight: 500;
  }
  header .detail {
    max-width: 44rem;
  }
  h2 {
    margin: 2.6rem 0 0.6rem;
    padding-top: 0.7rem;
    border-top: 1px solid var(--line);
    font-size: 1rem;
    font-weight: 600;
  }
  h2 small,
  .note,
  figcaption {
    color: var(--muted);
    font-size: 0.85rem;
    font-weight: 400;
  }
  h2 small {
    margin-left: 0.5rem;
  }
  .note {
    margin: 0.5rem 0 0;
    max-width: 48rem;
  }
  .scroll {
    overflow-x: auto;
  }
  table {
    border-collapse: collapse;
    width: 100%;
    overflow-wrap: break-word;
  }
  th,
  td {
    padding: 0.35rem 1.1rem 0.35rem 0;
    text-align: left;
    vertical-align: top;
    border-bottom: 1px solid var(--line);
  }
  th {
    font-weight: 500;
  }
  thead th {
    color: var(--muted);
    font-size: 0.8rem;
    white-space: nowrap;
  }
  tbody th small {
    display: block;
    max-width: 19rem;
    color: var(--muted);
    font-weight: 400;
    font-size: 0.8rem;
    line-height: 1.35;
  }
  td.number,
  th.number {
    text-align: right;
    white-space: nowrap;
  }
  td.text {
    min-width: 7rem;
    max-width: 26rem;
    overflow-wrap: anywhere;
  }
  td small {
    color: var(--muted);
    white-space: nowrap;
  }
  tr.challenger > th {
    font-weight: 650;
  }
  .beside {
    display: grid;
    grid-template-columns: minmax(14rem, 18rem) 1fr;
    gap: 1rem 2.5rem;
    align-items: start;
  }
  .beside > * {
    min-width: 0;
  }
  del {
    background: color-mix(in srgb, var(--wrong) 22%, transparent);
  }
  ins {
    background: color-mix(in srgb, var(--accent) 22%, transparent);
    text-decoration: none;
  }
  h3.part {
    margin: 1rem 0 0.5rem;
    font-size: 0.9rem;
    font-weight: 600;
  }
  h3.part small {
    color: var(--muted);
    font-weight: 400;
  }
  .scroll:focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }
  .matrix {
    width: auto;
    font-size: 0.85rem;
  }
  .matrix th,
  .matrix td {
    padding: 0.2rem 0.45rem;
    border: 0;
  }
  .matrix tbody th {
    padding-left: 0;
    white-space: nowrap;
    font-weight: 400;
  }
  .matrix tbody th span,
  .matrix thead th {
    color: var(--muted);
  }
  .matrix td {
    min-width: 2.3rem;
    text-align: center;
    border: 1px solid var(--paper);
    background: color-mix(in srgb, var(--wrong) calc(var(--share) * 55%), var(--veil));
  }
  .matrix td.right {
    background: color-mix(in srgb, var(--accent) calc(var(--share) * 45%), var(--veil));
  }
  article {
    margin: 0 0 1rem;
    padding: 0.7rem 0.9rem 0.8rem;
    background: var(--veil);
    border-left: 3px solid var(--line);
    break-inside: avoid;
  }
  article.lost,
  article.suspect {
    border-left-color: var(--wrong);
  }
  article h3,
  article h4 {
    margin: 0 0 0.4rem;
    font-size: 0.85rem;
    font-weight: 500;
    color: var(--muted);
  }
  article h3 strong {
    color: var(--wrong);
    font-weight: 600;
  }
  dl {
    display: grid;
    grid-template-columns: minmax(5.5rem, max-content) 1fr;
    gap: 0.25rem 1rem;
    margin: 0;
  }
  dt {
    color: var(--muted);
    font-size: 0.85rem;
  }
  dd {
    margin: 0;
    white-space: pre-wrap;
  }
  .facts {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(19rem, 1fr));
    gap: 0.5rem 2.5rem;
  }
  .facts h3 {
    margin: 0.4rem 0 0.2rem;
    font-size: 0.85rem;
    font-weight: 600;
  }
  .facts dl,
  .method {
    font-size: 0.85rem;
  }
  .facts dd {
    font-family: ui-monospace, monospace;
    font-size: 0.8rem;
  }
  .method {
    padding-left: 1.1rem;
    max-width: 48rem;
    color: var(--muted);
  }
  @media (max-width: 44rem) {
    body {
      padding: 1.25rem 0.9rem 3rem;
    }
    h1 {
      font-size: 1.2rem;
    }
    .stack thead {
      display: none;
    }
    .stack tr {
      display: block;
      padding: 0.6rem 0;
      border-bottom: 1px solid var(--line);
    }
    .stack th,
    .stack td {
      display: block;
      padding: 0.1rem 0;
      border: 0;
      text-align: left;
    }
    .stack td::before {
      content: attr(data-head) ' ';
      display: inline-block;
      min-width: 7.5rem;
      color: var(--muted);
      font-size: 0.85rem;
    }
    .stack .bar {
      margin-left: 7.5rem;
    }
    .inline .bar {
      display: none;
    }
    .beside {
      grid-template-columns: 1fr;
    }
    dl {
      grid-template-columns: 1fr;
      gap: 0 1rem;
    }
    dd {
      margin-bottom: 0.3rem;
    }
  }
  @media print {
    :root {
      color-scheme: light;
      --paper: #fff;
      --ink: #000;
      --muted: #555;
      --line: #ccc;
      --accent: #0f6b58;
      --wrong: #a4440f;
      --veil: #f4f3f0;
    }
    body {
      padding: 0;
      max-width: none;
      font-size: 10pt;
      print-color-adjust: exact;
      -webkit-print-color-adjust: exact;
    }
    h2 {
      break-after: avoid;
    }
    tr,
    figure {
      break-inside: avoid;
    }
    .scroll {
      overflow: visible;
    }
  }
</style>`
