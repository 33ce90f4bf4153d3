import type { ReactNode } from 'react'

export interface Column<Row> {
  readonly id: string
  readonly title: ReactNode
  /** Right, in digits of one width. */
  readonly isNumber?: boolean
  /** Heads the row for screen readers; one column, usually the first. */
  readonly isHeading?: boolean
  readonly cell: (row: Row, index: number) => ReactNode
}

interface TableProps<Row> {
  /** Says what the rows are; seen only where `showCaption` is set. */
  readonly caption: string
  readonly showCaption?: boolean
  readonly columns: readonly Column<Row>[]
  readonly rows: readonly Row[]
  readonly rowKey: (row: Row, index: number) => string
  /** In place of rows, where there are none. */
  readonly empty?: ReactNode
}

/** A table of up to some hundred rows. It scrolls sideways by itself where it is too wide; longer ones are a `VirtualTable`. */
export function Table<Row>({ caption, showCaption, columns, rows, rowKey, empty }: TableProps<Row>) {
  if (rows.length === 0 && empty !== undefined) return <>{empty}</>
  return (
    // A region that scrolls must be reachable by keyboard.
    <div className="table-frame" role="region" aria-label={caption} tabIndex={0}>
      <table>
        <caption className={showCaption === true ? undefined : 'unseen'}>{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ id, title, isNumber }) => (
              <th key={id} scope="col" className={isNumber === true ? 'number' : undefined}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={rowKey(row, index)}>
              {columns.map(({ id, isNumber, isHeading, cell }) => {
                const className = isNumber === true ? 'number' : undefined
                return isHeading === true ? (
                  <th key={id} scope="row" className={className}>
                    {cell(row, index)}
                  </th>
                ) : (
                  <td key={id} className={className}>
                    {cell(row, index)}
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
