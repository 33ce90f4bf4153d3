import { useState } from 'react'
import type { DatasetDetails, SplitResult } from '../../../api/client.ts'
import { useApi } from '../../../api/query.ts'
import { useWork } from '../../../api/steps.ts'
import { Button } from '../../../kit/button.tsx'
import { Checkbox, Select, TextField } from '../../../kit/fields.tsx'
import { formatCount, formatPercent } from '../../../kit/format.ts'
import { Section } from '../../../kit/page.tsx'
import { PlainLine } from '../../../kit/plain-text.tsx'
import { labelOf, settingText } from '../../../kit/setting.ts'
import { Working } from '../../../kit/steps.tsx'
import { Table } from '../../../kit/table.tsx'
import { Disclosure, ErrorNote, KeyValues } from '../../../kit/texts.tsx'
import { navigate } from '../../../router/location.ts'
import { datasetPath } from '../dataset-path.ts'
import type { ShownPart } from './part.ts'

/** The parts of a split and the seal of its test part, or how to make them. Changes by `splitDataset`. */
export function SplitTab({ part, details }: { readonly part: ShownPart; readonly details: DatasetDetails }) {
  return part.parts.length > 1 ? <IsSplit details={details} /> : <MakeSplit part={part} />
}

function IsSplit({ details: { version, sealed } }: { readonly details: DatasetDetails }) {
  const total = version.parts.reduce((sum, { records }) => sum + records, 0)
  return (
    <>
      <Table
        caption="Parts of the split"
        rows={version.parts}
        rowKey={({ part }) => part}
        columns={[
          { id: 'part', title: 'Part', isHeading: true, cell: ({ part }) => part },
          { id: 'records', title: 'Records', isNumber: true, cell: ({ records }) => formatCount(records) },
          {
            id: 'share',
            title: 'Share',
            isNumber: true,
            cell: ({ records }) => formatPercent(records / total),
          },
          { id: 'sha', title: 'SHA-256', cell: ({ sha256 }) => <code>{sha256.slice(0, 16)}</code> },
        ]}
      />
      <Section title="Seal">
        {sealed === null ? (
          <p>No part is sealed.</p>
        ) : (
          <p>
            The {sealed.part} part is sealed.{' '}
            {sealed.looks === 0
              ? 'Nobody has looked at it.'
              : `It was looked at ${formatCount(sealed.looks)} ${sealed.looks === 1 ? 'time' : 'times'}.`}{' '}
            Each look is written down and stands in the reports, because a test that was looked at promises
            more than it holds.
          </p>
        )}
      </Section>
      <Section title="How it was made">
        <KeyValues
          items={[
            ...Object.entries((version.settings ?? {}) as Record<string, unknown>)
              .filter(([, value]) => value !== null)
              .map(([name, value]) => [splitNames[name] ?? labelOf(name), shareText(value)] as const),
            ...version.inputs.map(
              ({ dataset, file }) => ['Made of', dataset === null ? file : dataset] as const,
            ),
          ]}
        />
      </Section>
    </>
  )
}

const splitNames: Readonly<Record<string, string>> = {
  near: 'Nearly the same, by words',
  group: 'Stay together by',
}

/** Validation and test are shares of the records, or so many of them. */
const shareText = (value: unknown): string =>
  typeof value === 'number' && value > 0 && value < 1 ? formatPercent(value, 0) : settingText(value)

function MakeSplit({ part }: { readonly part: ShownPart }) {
  const [name, setName] = useState(`${part.name}-parts`)
  const [validation, setValidation] = useState('10')
  const [test, setTest] = useState('15')
  const [seed, setSeed] = useState('7')
  const [byLabel, setByLabel] = useState(true)
  const [group, setGroup] = useState('')
  const [near, setNear] = useState('0.8')
  const preview = useWork('splitDataset')
  const split = useWork('splitDataset', ['listDatasets', 'getDataset', 'getState'])
  const isTaken = useApi('listDatasets', {}).data?.datasets.some((each) => each.name === name.trim()) === true
  const wrong = [validation, test].some((share) => !(Number(share) >= 0 && Number(share) < 100))
    ? 'Shares are between 0 and 100.'
    : Number(validation) + Number(test) >= 100
      ? 'Nothing is left to train on.'
      : undefined
  const request = (dryRun: boolean) => ({
    path: { id: part.dataset },
    body: {
      part: part.part,
      name: name.trim(),
      validation: Number(validation) / 100,
      test: Number(test) / 100,
      seed: Number(seed),
      near: Number(near),
      byLabel,
      dryRun,
      ...(group.trim() === '' ? {} : { group: group.trim() }),
    },
  })
  const keep = (): void =>
    split.mutate(request(false), {
      onSuccess: ({ dataset }) => dataset !== null && navigate(datasetPath(dataset, { tab: 'split' })),
    })
  const change =
    <Value,>(set: (value: Value) => void) =>
    (value: Value): void => {
      set(value)
      preview.reset()
    }
  return (
    <>
      <p className="muted">
        A part to choose the best checkpoint by, and one to judge the result by, which is sealed: whoever
        reads it is counted. Records that are nearly the same stay together, so that no answer leaks.
      </p>
      <div className="fields">
        <TextField
          label="Validation, %"
          type="number"
          min={0}
          max={99}
          value={validation}
          onChange={(event) => change(setValidation)(event.target.value)}
        />
        <TextField
          label="Test, %"
          type="number"
          min={0}
          max={99}
          value={test}
          error={wrong}
          onChange={(event) => change(setTest)(event.target.value)}
        />
        <TextField
          label="Name of the split"
          value={name}
          help={
            isTaken
              ? 'There is one of this name: the parts become its newest version.'
              : 'A dataset of its own.'
          }
          onChange={(event) => setName(event.target.value)}
        />
      </div>
      <Checkbox
        label="By label"
        help="Each part has the labels in the same shares."
        checked={byLabel}
        onChange={change(setByLabel)}
      />
      <Disclosure summary="More settings">
        <div className="fields">
          <Select
            label="Nearly the same"
            help="Records that share this many words stay in one part."
            value={near}
            onChange={change(setNear)}
            options={[
              { value: '0.95', label: '95 % of the words' },
              { value: '0.8', label: '80 % of the words' },
              { value: '0.6', label: '60 % of the words' },
              { value: '1', label: 'only equal ones' },
            ]}
          />
          <TextField
            label="Stay together by"
            help="A field of the metadata, such as patient: its records go into one part."
            value={group}
            onChange={(event) => change(setGroup)(event.target.value)}
          />
          <TextField
            label="Seed"
            help="The same seed gives the same parts."
            type="number"
            min={0}
            value={seed}
            onChange={(event) => change(setSeed)(event.target.value)}
          />
        </div>
      </Disclosure>
      <div className="actions">
        <Button
          onClick={() => preview.mutate(request(true))}
          busy={preview.isPending ? 'Trying …' : undefined}
          disabled={wrong !== undefined}
        >
          See the parts first
        </Button>
        <Button
          look="primary"
          onClick={keep}
          busy={split.isPending ? 'Splitting …' : undefined}
          disabled={wrong !== undefined || name.trim() === ''}
        >
          Split and seal the test part
        </Button>
      </div>
      {preview.isPending && (
        <Working label="Trying the split" progress={preview.progress} onStop={preview.stop} />
      )}
      {split.isPending && <Working label="Splitting" progress={split.progress} onStop={split.stop} />}
      {preview.error !== null && <ErrorNote error={preview.error} />}
      {split.error !== null && <ErrorNote error={split.error} />}
      {preview.data !== undefined && <Preview result={preview.data} />}
    </>
  )
}

function Preview({ result: { parts, nearDuplicates, records } }: { readonly result: SplitResult }) {
  const labels = [...new Set(Object.values(parts).flatMap((part) => Object.keys(part.labels)))].toSorted()
  const rows = [
    {
      label: undefined as string | undefined,
      counts: [parts.train.examples, parts.validation.examples, parts.test.examples],
    },
    ...labels.slice(0, 50).map((label) => ({
      label: label as string | undefined,
      counts: [parts.train, parts.validation, parts.test].map((part) => part.labels[label] ?? 0),
    })),
  ]
  const column = (at: number, title: string) => ({
    id: title,
    title,
    isNumber: true,
    cell: (row: (typeof rows)[number]) => formatCount(row.counts[at] ?? 0),
  })
  return (
    <Section title="The parts would be">
      <Table
        caption="Records by part and label"
        rows={rows}
        rowKey={({ label }) => label ?? ' all'}
        columns={[
          {
            id: 'label',
            title: 'Label',
            isHeading: true,
            cell: ({ label }) => (label === undefined ? <strong>all</strong> : <PlainLine text={label} />),
          },
          column(0, 'Train'),
          column(1, 'Validation'),
          column(2, 'Test'),
        ]}
      />
      <p className="muted">
        Of {formatCount(records)} records {formatCount(nearDuplicates.examples)} have near-duplicates, in{' '}
        {formatCount(nearDuplicates.groups)} groups of at most {formatCount(nearDuplicates.largest)}, which
        stay together.
        {labels.length > 50 && ` The first 50 of ${formatCount(labels.length)} labels are shown.`}
      </p>
    </Section>
  )
}
