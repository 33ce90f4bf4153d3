import type { ReactNode } from 'react'
import type { Evaluation } from '../../api/client.ts'
import { Badge, RelativeTime } from '../../kit/texts.tsx'
import { Link } from '../../router/link.tsx'

/** One of the things that follow from each other, in an `ol.chain`. */
export const Step = ({ name, children }: { readonly name: string; readonly children: ReactNode }) => (
  <li>
    <span className="chain-name">{name}</span>
    <div className="chain-what">
      <div>{children}</div>
    </div>
  </li>
)

/** The beginning of a hash; the whole of it on hover. */
export const Hash = ({ of }: { readonly of: string }) => (
  <>
    {' '}
    <code className="muted" title={of}>
      {of.replace(/^sha256:/, '').slice(0, 12)}
    </code>
  </>
)

export const EvaluationLinks = ({ evaluations }: { readonly evaluations: readonly Evaluation[] }) => (
  <ul className="plain-list">
    {evaluations.map(({ id, name, state, createdAt }) => (
      <li key={id}>
        <Link href={`/evaluations/${encodeURIComponent(id)}`}>{name}</Link> <Badge>{state}</Badge>{' '}
        <RelativeTime time={createdAt} />
      </li>
    ))}
  </ul>
)
