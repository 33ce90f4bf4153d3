import type { Finding } from '../../../api/client.ts'
import { formatCount } from '../../../kit/format.ts'
import { Signed } from '../../../kit/plain-text.tsx'
import { Badge } from '../../../kit/texts.tsx'
import { WayOut } from '../../../kit/way-out.tsx'
import type { Way } from '../../../kit/ways-out.ts'

/** Commands whose work a tab of the dataset does, for the part that is shown. */
const tabs: readonly Way[] = [
  { pattern: /hone data dedupe/, to: () => [tabOf('duplicates'), 'see the duplicates'] },
  { pattern: /hone data split(?: --by label)?/, to: () => [tabOf('split'), 'split it'] },
  { pattern: /hone data redact FILE --to OUT/, to: () => [tabOf('redaction'), 'the redaction'] },
]

function tabOf(tab: string): string {
  const part = new URLSearchParams(location.search).get('part')
  return `?${new URLSearchParams({ tab, ...(part === null ? {} : { part }) }).toString()}`
}

const tones = { error: 'wrong', warning: 'warning', note: 'plain' } as const

/** One finding of a check: how bad, what, where, what to do, and whether it can be mended. */
export function FindingLine({
  finding,
  withPlace,
  isUnderRule,
}: {
  readonly finding: Finding
  /** Says the line as well. */
  readonly withPlace?: boolean
  /** The rule and its severity stand above already. */
  readonly isUnderRule?: boolean
}) {
  const { severity, id, at, message, hint, excerpt, fix } = finding
  const remedies = [hint, fix === undefined ? undefined : `mending: ${fix}`].filter(
    (each) => each !== undefined,
  )
  return (
    <li className="finding">
      <p>
        {isUnderRule !== true && <Badge tone={tones[severity]}>{severity}</Badge>}{' '}
        {withPlace === true && at.line !== undefined && (
          <span className="muted">line {formatCount(at.line)} </span>
        )}
        {at.pointer !== undefined && <code>{at.pointer}</code>} <Signed text={message} />
      </p>
      {excerpt !== undefined && (
        <p className="excerpt">
          <Signed text={excerpt} />
        </p>
      )}
      {(remedies.length > 0 || isUnderRule !== true) && (
        <p className="muted">
          {remedies.map((remedy) => (
            <span key={remedy}>
              <WayOut hint={`${remedy.charAt(0).toUpperCase()}${remedy.slice(1)}. `} here={tabs} />
            </span>
          ))}
          {isUnderRule !== true && <code>{id}</code>}
        </p>
      )}
    </li>
  )
}
