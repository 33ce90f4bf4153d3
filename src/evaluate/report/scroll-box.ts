import { html, type Html } from './html.ts'

/** What may be wider than the page: it scrolls by itself, with the keyboard too. */
export const scrollBox = (name: string, content: Html): Html =>
  html`<div class="scroll" role="region" aria-label="${name}" tabindex="0">${content}</div>`
