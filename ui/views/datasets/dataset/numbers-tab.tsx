import type { Statistics, TokenCounts } from '../../../api/client.ts'
import { useApi } from '../../../api/query.ts'
import { useSteps } from '../../../api/steps.ts'
import { BarList, Histogram } from '../../../kit/bars.tsx'
import { Select, TextField } from '../../../kit/fields.tsx'
import { formatCount, formatNumber, formatPercent } from '../../../kit/format.ts'
import { Section } from '../../../kit/page.tsx'
import { Stepped } from '../../../kit/steps.tsx'
import { Table } from '../../../kit/table.tsx'
import { EmptyState, KeyValues } from '../../../kit/texts.tsx'
import { setSearchParams, useSearchParam } from '../../../router/use-search-param.ts'
import { useSlowParam } from '../../../router/use-slow-param.ts'
import type { ShownPart } from './part.ts'

/** What a part holds, in numbers: labels, lengths, tokens and what is cut. Fetches `getStatistics`, `countTokens`, `getTrainable`. */
export function NumbersTab({ part }: { readonly part: ShownPart }) {
  const statistics = useSteps('getStatistics', { path: { id: part.dataset }, body: { part: part.part } })
  return (
    <>
      <Stepped steps={statistics} label={`Counting ${formatCount(part.records)} records`}>
        {(found) => <Counted statistics={found} />}
      </Stepped>
      <Tokens part={part} />
    </>
  )
}

const byLabel = (value: string): void =>
  setSearchParams({ tab: null, label: value, offset: null, at: null }, { push: true })

function Counted({ statistics }: { readonly statistics: Statistics }) {
  const { labels, records, refused, characters, languages, systemPrompts, duplicates, sameInput } = statistics
  return (
    <>
      <Section title="Labels">
        {labels === null ? (
          <p className="muted">
            The records have no labels, and their answers are not short ones that repeat.
          </p>
        ) : (
          <>
            <p className="muted">
              {formatCount(labels.distinct)} {labels.more ? 'or more ' : ''}labels, from {labels.from};{' '}
              {formatCount(labels.without)} records have none. A label leads to its records.
            </p>
            <BarList
              caption="Labels by frequency"
              heading="Label"
              rows={labels.counts}
              total={records}
              onOpen={byLabel}
            />
          </>
        )}
      </Section>
      <Section title="Records">
        <KeyValues
          items={[
            ['Read', `${formatCount(records - refused)} of ${formatCount(records)}`],
            [
              'Form',
              statistics.formats.map(({ value, count }) => `${value} (${formatCount(count)})`).join(', '),
            ],
            [
              'Turns',
              `${formatNumber(statistics.turns.mean)} on average, ${formatCount(statistics.turns.largest)} at most`,
            ],
            [
              'System prompts',
              systemPrompts.records === 0
                ? 'none'
                : `${formatCount(systemPrompts.distinct)}${systemPrompts.more ? ' or more' : ''} in ${formatCount(systemPrompts.records)} records`,
            ],
            [
              'Exactly equal',
              `${formatCount(duplicates)} records; ${formatCount(sameInput)} have the same input and another answer`,
            ],
            [
              'Languages',
              languages.counts.length === 0
                ? 'not told'
                : `${languages.counts
                    .slice(0, 6)
                    .map(({ value, count }) => `${value} ${formatPercent(count / languages.sampled, 0)}`)
                    .join(', ')} (of ${formatCount(languages.sampled)} looked at)`,
            ],
            ...(statistics.tools.records === 0
              ? []
              : [
                  [
                    'Tools',
                    `${formatCount(statistics.tools.calls)} calls in ${formatCount(statistics.tools.records)} records`,
                  ] as const,
                ]),
            ...(statistics.emptyAnswers === 0
              ? []
              : [['Empty answers', formatCount(statistics.emptyAnswers)] as const]),
          ]}
        />
        <Histogram title="Characters a record" unit="characters" bars={characters.histogram} />
      </Section>
    </>
  )
}

function Tokens({ part }: { readonly part: ShownPart }) {
  const trainable = useApi('getTrainable', {})
  const here = trainable.data?.bases.filter(({ isHere }) => isHere) ?? []
  const usual = here.find(({ id }) => id === trainable.data?.defaultBase)?.id ?? here[0]?.id ?? ''
  const [asked, setBase] = useSearchParam('base')
  const base = asked === '' ? usual : asked
  const [typed, setTyped, cut] = useSlowParam('cut', '', 500)
  const maxTokens = Number(cut)
  const isCut = Number.isInteger(maxTokens) && maxTokens > 0
  const counted = useSteps(
    'countTokens',
    {
      path: { id: part.dataset },
      body: { part: part.part, base, ...(isCut ? { maxTokens } : {}) },
    },
    { enabled: base !== '' },
  )
  return (
    <Section title="Tokens">
      {trainable.data !== undefined && here.length === 0 ? (
        <EmptyState title="No base is on this machine yet.">
          Tokens are those of a base; the first training fetches one.
        </EmptyState>
      ) : (
        <>
          <div className="fields">
            <Select
              label="Base"
              value={base}
              onChange={setBase}
              options={here.map(({ id }) => ({ value: id, label: id }))}
            />
            <TextField
              label="Cut at"
              type="number"
              min={1}
              value={typed}
              placeholder="as training would"
              onChange={(event) => setTyped(event.target.value)}
            />
          </div>
          {base !== '' && (
            <Stepped steps={counted} label={`Counting the tokens of ${formatCount(part.records)} records`}>
              {(counts) => <TokenNumbers counts={counts} />}
            </Stepped>
          )}
        </>
      )}
    </Section>
  )
}

function TokenNumbers({ counts: { statistics, counter } }: { readonly counts: TokenCounts }) {
  const { tokens, beyondLimit, histogram, trained, total, nothingTrained } = statistics
  const { limit } = beyondLimit
  const rows = (['record', 'system', 'prompt', 'answer'] as const).map((of) => ({ of, ...tokens[of] }))
  return (
    <>
      <p className="facts">
        <span>{formatCount(total)} tokens</span>
        <span>{formatCount(trained)} of them learned</span>
        <span>
          {counter.kind === 'exact' ? `counted by ${counter.base}` : `estimated: ${counter.method}`}
        </span>
      </p>
      {limit !== null && (
        <p className={beyondLimit.records > 0 ? 'notice' : 'muted'}>
          {beyondLimit.records === 0
            ? `No record is longer than ${formatCount(limit)} tokens: nothing is cut.`
            : `${formatCount(beyondLimit.records)} records are longer than ${formatCount(limit)} tokens: ${formatCount(beyondLimit.tokens)} tokens are cut, ${formatCount(beyondLimit.answersCut)} answers lose their end, ${formatCount(beyondLimit.withoutTrained)} records teach nothing.`}
        </p>
      )}
      {nothingTrained > 0 && (
        <p className="notice">{formatCount(nothingTrained)} records have no token that is learned.</p>
      )}
      <Histogram
        title="Tokens a record"
        unit="tokens"
        bars={histogram}
        cut={limit === null ? undefined : { at: limit, label: `cut at ${formatCount(limit)}` }}
      />
      <Table
        caption="Tokens of records and of their parts"
        rows={rows}
        rowKey={({ of }) => of}
        columns={[
          { id: 'of', title: 'Of', isHeading: true, cell: ({ of }) => of },
          { id: 'mean', title: 'Mean', isNumber: true, cell: ({ mean }) => formatNumber(mean) },
          { id: 'p50', title: 'Median', isNumber: true, cell: ({ p50 }) => formatCount(p50) },
          { id: 'p95', title: '95 %', isNumber: true, cell: ({ p95 }) => formatCount(p95) },
          { id: 'largest', title: 'Longest', isNumber: true, cell: ({ largest }) => formatCount(largest) },
        ]}
      />
    </>
  )
}
