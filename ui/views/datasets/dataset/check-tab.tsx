import { useState } from 'react'
import type { CheckResult } from '../../../api/client.ts'
import { useApi } from '../../../api/query.ts'
import { useSteps } from '../../../api/steps.ts'
import { Button } from '../../../kit/button.tsx'
import { Select } from '../../../kit/fields.tsx'
import { formatCount } from '../../../kit/format.ts'
import { Stepped } from '../../../kit/steps.tsx'
import { Badge, Disclosure, EmptyState } from '../../../kit/texts.tsx'
import { setSearchParams, useSearchParam } from '../../../router/use-search-param.ts'
import { byRule, checkRequest, type RuleFindings } from './check-request.ts'
import { FindingLine } from './finding-line.tsx'
import { FixDialog } from './fix-dialog.tsx'
import type { ShownPart } from './part.ts'

const services: Readonly<Record<string, string>> = {
  bedrock: 'Bedrock',
  openai: 'OpenAI',
  local: 'this machine',
}

/** What is wrong with the records, by rule, and what can be mended. Fetches `checkDataset`, `getFormats`; changes by `fixDataset`. */
export function CheckTab({ part }: { readonly part: ShownPart }) {
  const [profile, setProfile] = useSearchParam('for')
  const { profiles = [] } = useApi('getFormats', {}).data ?? {}
  const check = useSteps('checkDataset', checkRequest(part, profile))
  return (
    <>
      <div className="fields">
        <Select
          label="Rules"
          help="A service's own rules come on top: what its jobs would refuse."
          value={profile}
          onChange={setProfile}
          options={[
            { value: '', label: 'of good data' },
            ...profiles.map(({ id, title, service, asOf }) => ({
              value: id,
              label: `${title} · ${services[service] ?? service}, as of ${asOf}`,
            })),
          ]}
        />
      </div>
      <Stepped steps={check} label={`Checking ${formatCount(part.records)} records`}>
        {(result) => <Result part={part} profile={profile} result={result} />}
      </Stepped>
    </>
  )
}

interface ResultProps {
  readonly part: ShownPart
  readonly profile: string
  readonly result: CheckResult
}

function Result({ part, profile, result }: ResultProps) {
  const { counts, findings, mendable, records, passed, profileNote } = result
  const [isFixing, setFixing] = useState(false)
  const rules = byRule(findings, result.byRule)
  const canMend = mendable.error + mendable.warning + mendable.note
  return (
    <>
      <p className="facts">
        <span>
          <Badge tone={passed ? 'good' : 'wrong'}>{passed ? 'passes' : 'does not pass'}</Badge>
        </span>
        <span>{formatCount(records)} records</span>
        <span>{counted(counts.error, 'error')}</span>
        <span>{counted(counts.warning, 'warning')}</span>
        <span>{counted(counts.note, 'note')}</span>
      </p>
      {profileNote !== null && <p className="muted">{profileNote}</p>}
      {canMend > 0 && part.part !== 'test' && (
        <div className="actions">
          <Button look="primary" onClick={() => setFixing(true)}>
            See what mending would change
          </Button>
          <span className="muted">
            {counted(canMend, 'finding')} can be mended without asking. Nothing changes before you have seen
            it.
          </span>
        </div>
      )}
      {rules.length === 0 ? (
        <EmptyState title="Nothing was found.">
          No rule has anything to say about these records
          {profile === '' ? '; a service has rules of its own, choose one above' : ''}.
        </EmptyState>
      ) : (
        <ul className="rules">
          {rules.map((rule) => (
            <Rule key={rule.id} rule={rule} />
          ))}
        </ul>
      )}
      {isFixing && <FixDialog part={part} profile={profile} onClose={() => setFixing(false)} />}
    </>
  )
}

function Rule({ rule: { id, severity, count, findings, mendable } }: { readonly rule: RuleFindings }) {
  const [first] = findings
  const tone = severity === 'error' ? 'wrong' : severity === 'warning' ? 'warning' : 'plain'
  const hasRows = findings.some(({ at }) => at.line !== undefined)
  const open = (): void =>
    setSearchParams(
      { tab: null, finding: id, offset: null, at: null, search: null, label: null },
      { push: true },
    )
  return (
    <li className="rule">
      <header className="page-head">
        <h3>
          <Badge tone={tone}>{severity}</Badge> <span className="number">{formatCount(count)}</span>{' '}
          <code>{id}</code>
          {mendable > 0 && <span className="muted"> can be mended</span>}
        </h3>
        {hasRows && (
          <Button look="quiet" onClick={open} aria-label={`See the records with ${id}`}>
            See the records
          </Button>
        )}
      </header>
      {first !== undefined && <FindingLineOf findings={[first]} />}
      {findings.length > 1 && (
        <Disclosure
          summary={`${formatCount(Math.min(findings.length, 21) - 1)} more${count > 21 ? ` of ${formatCount(count - 1)}` : ''}`}
        >
          <FindingLineOf findings={findings.slice(1, 21)} />
        </Disclosure>
      )}
    </li>
  )
}

const FindingLineOf = ({ findings }: Pick<RuleFindings, 'findings'>) => (
  <ul className="findings">
    {findings.map((finding, at) => (
      <FindingLine key={at} finding={finding} withPlace isUnderRule />
    ))}
  </ul>
)

const counted = (count: number, noun: string): string =>
  `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`
