import { html, type Html } from './html.ts'

/** The style sheet of what is drawn. */
export const chartStyle: Html = html`<style>
  svg {
    display: block;
  }
  svg text {
    fill: var(--muted);
    font-size: 11px;
  }
  .bar {
    margin-top: 0.15rem;
    width: 8.5rem;
    height: 12px;
  }
  .inline {
    display: flex;
    align-items: center;
    gap: 0.8rem;
  }
  .inline .bar {
    margin: 0;
  }
  .track,
  .grid,
  .zero {
    stroke: var(--line);
  }
  .zero {
    stroke: var(--muted);
  }
  .range {
    fill: var(--accent);
    opacity: 0.35;
  }
  .dot {
    fill: var(--accent);
  }
  .wrong .range,
  .wrong .dot {
    fill: var(--wrong);
  }
  .training {
    fill: none;
    stroke: var(--muted);
    stroke-width: 1.25;
    opacity: 0.75;
  }
  .validation {
    fill: none;
    stroke: var(--accent);
    stroke-width: 2;
  }
  .front {
    fill: none;
    stroke: var(--accent);
    stroke-width: 1.5;
    opacity: 0.6;
  }
  .reach {
    stroke: var(--muted);
    opacity: 0.6;
  }
  .dominated {
    fill: var(--paper);
    stroke: var(--muted);
    stroke-width: 1.5;
  }
  svg text.name {
    fill: var(--ink);
    font-size: 12px;
  }
  .best {
    stroke: var(--accent);
    stroke-dasharray: 2 3;
  }
  svg text.training-name {
    fill: var(--muted);
  }
  svg text.validation-name {
    fill: var(--accent);
  }
  figure {
    margin: 0;
  }
  figure svg {
    width: 100%;
    min-width: 34rem;
    height: auto;
    max-width: 46rem;
  }
  figure.square svg {
    min-width: 0;
    max-width: 18rem;
  }
</style>`
