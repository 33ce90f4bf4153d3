import { useEffect, useState } from 'react'
import type { DataFormats, ExamplePage } from '../../../api/client.ts'
import { Button } from '../../../kit/button.tsx'
import { Select, TextField } from '../../../kit/fields.tsx'
import { formatCount } from '../../../kit/format.ts'
import { setSearchParams, useSearchParam } from '../../../router/use-search-param.ts'
import { noFilters } from './example-filter.ts'
import type { ShownPart } from './part.ts'

interface ExampleFiltersProps {
  readonly part: ShownPart
  readonly labels: ExamplePage['labels']
  /** Number of findings by rule. */
  readonly rules: Readonly<Record<string, number>>
  readonly profiles: DataFormats['profiles']
  /** Whether the check was not made yet, because it takes a while. */
  readonly findingsWait: boolean
}

/** What is looked for, all of it in the address. */
export function ExampleFilters({ part, labels, rules, profiles, findingsWait }: ExampleFiltersProps) {
  const [label] = useSearchParam('label')
  const [finding] = useSearchParam('finding')
  const [profile] = useSearchParam('for')
  const [search] = useSearchParam('search')
  const [shortest] = useSearchParam('shortest')
  const [longest] = useSearchParam('longest')
  const isFiltered = [label, finding, search, shortest, longest].some((value) => value !== '')
  const ruleNames = [...new Set([...Object.keys(rules), ...(finding === '' ? [] : [finding])])].toSorted()
  return (
    <search className="filters">
      <Typed
        label="Text"
        type="search"
        placeholder="in any message"
        value={search}
        onSettle={(value) => change({ search: value })}
      />
      {labels !== null && (
        <Select
          label="Label"
          value={label}
          onChange={(value) => change({ label: value })}
          options={[
            { value: '', label: 'any' },
            ...labels.names.map((name) => ({ value: name, label: name.slice(0, 60) })),
          ]}
        />
      )}
      <Select
        label="Finding"
        value={finding}
        onChange={(value) => change({ finding: value })}
        disabled={findingsWait}
        options={[
          { value: '', label: findingsWait ? 'check it first' : 'any or none' },
          ...ruleNames.map((id) => ({ value: id, label: `${id} (${formatCount(rules[id] ?? 0)})` })),
        ]}
      />
      {profile !== '' && (
        <Select
          label="Rules"
          value={profile}
          onChange={(value) => change({ for: value, finding: '' })}
          options={[
            { value: '', label: 'of good data' },
            ...profiles.map(({ id, title }) => ({ value: id, label: title })),
          ]}
        />
      )}
      <Typed
        label="Characters from"
        type="number"
        value={shortest}
        onSettle={(value) => change({ shortest: value })}
      />
      <Typed label="to" type="number" value={longest} onSettle={(value) => change({ longest: value })} />
      <div className="actions">
        {isFiltered && <Button onClick={() => setSearchParams(noFilters)}>Show all</Button>}
        {findingsWait && (
          <Button onClick={() => setSearchParams({ tab: 'check' }, { push: true })}>
            Check {formatCount(part.records)} records
          </Button>
        )}
      </div>
    </search>
  )
}

/** An empty value takes a filter away. The list then begins at its top. */
function change(values: Readonly<Record<string, string>>): void {
  const set = Object.entries(values).map(([name, value]) => [name, value === '' ? null : value] as const)
  setSearchParams({ ...Object.fromEntries(set), offset: null, at: null })
}

/** A field whose text counts when it has been still for a moment. */
function Typed({
  value,
  onSettle,
  ...field
}: {
  readonly label: string
  readonly type: 'search' | 'number'
  readonly placeholder?: string
  readonly value: string
  readonly onSettle: (value: string) => void
}) {
  const [typed, setTyped] = useState<string>()
  useEffect(() => {
    if (typed === undefined) return undefined
    const timer = setTimeout(() => {
      onSettle(typed)
      setTyped(undefined)
    }, 300)
    return () => clearTimeout(timer)
  }, [typed, onSettle])
  return (
    <TextField
      {...field}
      min={field.type === 'number' ? 0 : undefined}
      value={typed ?? value}
      onChange={(event) => setTyped(event.target.value)}
    />
  )
}
