import type { Finding } from '../../../api/client.ts'
import { formatCount } from '../../../kit/format.ts'
import { Signed } from '../../../kit/plain-text.tsx'
import { Badge } from '../../../kit/texts.tsx'

const tones = { error: 'wrong', warning: 'warning', note: 'plain' } as const

/** One finding of a check: how bad, what, where, what to do, and whether it can be mended. */
export function FindingLine({
  finding,
  withPlace,
}: {
  readonly finding: Finding
  /** Says the line as well. */
  readonly withPlace?: boolean
}) {
  const { severity, id, at, message, hint, excerpt, fix } = finding
  return (
    <li className="finding">
      <p>
        <Badge tone={tones[severity]}>{severity}</Badge>{' '}
        {withPlace === true && at.line !== undefined && `line ${formatCount(at.line)} `}
        {at.pointer !== undefined && <code>{at.pointer}</code>} <Signed text={message} />
      </p>
      {excerpt !== undefined && (
        <p className="excerpt">
          <Signed text={excerpt} />
        </p>
      )}
      <p className="muted">
        {hint !== undefined && <Signed text={`${hint}. `} />}
        {fix !== undefined && `Mending would ${fix}. `}
        <code>{id}</code>
      </p>
    </li>
  )
}
