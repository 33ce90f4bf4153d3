import type { ReactNode } from 'react'
import './figures.css'

export interface Figure {
  readonly name: string
  readonly value: ReactNode
  /** Smaller, behind the value: what it is of, or when it was. */
  readonly note?: ReactNode
}

/** The few numbers that a view is about, large. */
export function Figures({ figures }: { readonly figures: readonly Figure[] }) {
  return (
    <dl className="figures">
      {figures.map(({ name, value, note }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            {value} {note !== undefined && <span className="muted">{note}</span>}
          </dd>
        </div>
      ))}
    </dl>
  )
}
