import { dataTable } from './detail-tables.ts'
import { html, noHtml, type Html } from './html.ts'

/** A section of tables, for every form of the report. A table without lines is left out, a section without tables too. */
export interface EvidenceSection {
  readonly title: string
  /** Beside the title. */
  readonly about: string
  readonly tables: readonly EvidenceTable[]
  /** Below the tables. */
  readonly notes: readonly string[]
}

interface EvidenceTable {
  readonly title: string
  readonly heads: readonly string[]
  readonly lines: readonly (readonly string[])[]
  /** True where the cells are texts, which are read from the left. */
  readonly isText?: boolean
}

/** Without what is empty. */
export const filledSections = (sections: readonly EvidenceSection[]): EvidenceSection[] =>
  sections
    .map((section) => ({ ...section, tables: section.tables.filter(({ lines }) => lines.length > 0) }))
    .filter(({ tables }) => tables.length > 0)

export const evidenceSection = ({ title, about, tables, notes }: EvidenceSection): Html => html`
  <h2>${title} <small>${about}</small></h2>
  ${tables.map(
    (table) =>
      html`${tables.length === 1 ? noHtml : html`<h3 class="part">${table.title}</h3>`}
      ${dataTable(table.title, table.heads, table.lines, { isText: table.isText === true })}`,
  )}
  ${notes.map((note) => html`<p class="note">${note}</p>`)}
`
