import { useState } from 'react'
import type { Model, ModelList } from '../../api/client.ts'
import { toApiError, type ApiError } from '../../api/api-error.ts'
import { stream } from '../../api/events.ts'
import { refresh, useApi } from '../../api/query.ts'
import { Button, ButtonLink } from '../../kit/button.tsx'
import { Fetched } from '../../kit/fetched.tsx'
import { TextField } from '../../kit/fields.tsx'
import { formatBytes, formatNumber, formatShort } from '../../kit/format.ts'
import { Page, Section } from '../../kit/page.tsx'
import { Table } from '../../kit/table.tsx'
import { Badge, EmptyState, ErrorNote, Progress, RelativeTime } from '../../kit/texts.tsx'
import { Link } from '../../router/link.tsx'
import './models.css'

/** Tuned models, bases, and bases that can be fetched. Fetches `listModels`; changes by `pullModel`. */
export default function Models() {
  return (
    <Page
      title="Models"
      actions={
        <ButtonLink look="primary" href="/train">
          Train a model
        </ButtonLink>
      }
    >
      <Fetched query={useApi('listModels', {})} what="the models">
        {(list) => <Lists list={list} />}
      </Fetched>
    </Page>
  )
}

const NameLink = ({ id }: { readonly id: string }) => (
  <Link href={`/models/${encodeURIComponent(id)}`}>{id}</Link>
)

function Lists({ list }: { readonly list: ModelList }) {
  const of = <Kind extends Model['kind']>(kind: Kind) =>
    list.models.filter((model): model is Extract<Model, { kind: Kind }> => model.kind === kind)
  const [tuned, bases, unfinished, broken] = [of('tuned'), of('base'), of('unfinished'), of('broken')]
  return (
    <>
      <Section title="Tuned">
        <Table
          caption="Tuned models"
          rows={tuned}
          rowKey={({ id }) => id}
          empty={
            <EmptyState
              title="No model was tuned yet."
              action={<ButtonLink href="/train">Train a model</ButtonLink>}
            >
              A tuned model is a small file beside its base.
            </EmptyState>
          }
          columns={[
            { id: 'id', title: 'Model', isHeading: true, cell: ({ id }) => <NameLink id={id} /> },
            { id: 'base', title: 'Base', cell: ({ base }) => <NameLink id={base} /> },
            {
              id: 'gate',
              title: 'Gate',
              cell: ({ gate }) =>
                gate === null ? <span className="muted">not judged</span> : <Badge>{gate}</Badge>,
            },
            {
              id: 'steps',
              title: 'Best step',
              isNumber: true,
              cell: ({ bestStep, steps }) => `${bestStep} of ${steps}`,
            },
            {
              id: 'loss',
              title: 'Validation loss',
              isNumber: true,
              cell: ({ bestValidationLoss }) =>
                bestValidationLoss === null ? '–' : formatNumber(bestValidationLoss),
            },
            { id: 'bytes', title: 'On disk', isNumber: true, cell: ({ bytes }) => formatBytes(bytes) },
            { id: 'created', title: 'Made', cell: ({ createdAt }) => <RelativeTime time={createdAt} /> },
          ]}
        />
      </Section>
      <Section title="Bases">
        <Table
          caption="Bases"
          rows={bases}
          rowKey={({ id }) => id}
          empty={<EmptyState title="No base is here yet.">Fetch one below: it is what is tuned.</EmptyState>}
          columns={[
            {
              id: 'id',
              title: 'Base',
              isHeading: true,
              cell: ({ id }) => (
                <>
                  <NameLink id={id} /> {id === list.defaultBase && <span className="muted">default</span>}
                </>
              ),
            },
            { id: 'architecture', title: 'Architecture', cell: ({ architecture }) => architecture },
            {
              id: 'parameters',
              title: 'Weights',
              isNumber: true,
              cell: ({ parameters }) => formatShort(parameters),
            },
            {
              id: 'context',
              title: 'Context, tokens',
              isNumber: true,
              cell: ({ contextLength }) => contextLength.toLocaleString(),
            },
            { id: 'licence', title: 'Licence', cell: ({ licence }) => licence ?? 'not known' },
            { id: 'bytes', title: 'On disk', isNumber: true, cell: ({ bytes }) => formatBytes(bytes) },
          ]}
        />
        <PullBase list={list} />
      </Section>
      {unfinished.length > 0 && (
        <Section title="Unfinished runs">
          <Table
            caption="Unfinished runs"
            rows={unfinished}
            rowKey={({ id }) => id}
            columns={[
              { id: 'id', title: 'Run', isHeading: true, cell: ({ id }) => <NameLink id={id} /> },
              { id: 'base', title: 'Base', cell: ({ base }) => <NameLink id={base} /> },
              { id: 'steps', title: 'Steps', isNumber: true, cell: ({ steps }) => steps },
              { id: 'bytes', title: 'On disk', isNumber: true, cell: ({ bytes }) => formatBytes(bytes) },
              { id: 'created', title: 'Begun', cell: ({ createdAt }) => <RelativeTime time={createdAt} /> },
            ]}
          />
        </Section>
      )}
      {broken.length > 0 && (
        <Section title="Broken">
          <Table
            caption="Broken models"
            rows={broken}
            rowKey={({ id }) => id}
            columns={[
              { id: 'id', title: 'Model', isHeading: true, cell: ({ id }) => <NameLink id={id} /> },
              { id: 'problem', title: 'What is wrong', cell: ({ problem }) => problem },
              { id: 'bytes', title: 'On disk', isNumber: true, cell: ({ bytes }) => formatBytes(bytes) },
            ]}
          />
        </Section>
      )}
    </>
  )
}

function PullBase({ list }: { readonly list: ModelList }) {
  const [name, setName] = useState('')
  const [told, setTold] = useState<{ readonly words: string; readonly share: number | undefined }>()
  const [error, setError] = useState<ApiError>()
  const [leaving, setLeaving] = useState<AbortController>()
  const offered = list.available.filter(({ id }) => !list.models.some((model) => model.id === id))
  const pull = async (wanted: string): Promise<void> => {
    const controller = new AbortController()
    setLeaving(controller)
    setError(undefined)
    setTold({ words: `looking for ${wanted}`, share: undefined })
    try {
      for await (const event of stream('pullModel', { body: { name: wanted }, signal: controller.signal })) {
        if (event.event !== 'progress') continue
        const { step, done, total, message, unit } = event.data
        const amount =
          unit === 'bytes' ? `${formatBytes(done)}${total === null ? '' : ` of ${formatBytes(total)}`}` : ''
        setTold({
          words: [message ?? step, amount].filter((text) => text !== '').join(', '),
          share: total === null || total === 0 ? undefined : done / total,
        })
      }
      setName('')
    } catch (thrown) {
      if (!controller.signal.aborted) setError(toApiError(thrown))
    } finally {
      setTold(undefined)
      await refresh(['listModels'])
    }
  }
  return (
    <div className="pull">
      <form
        className="pull-form"
        onSubmit={(event) => {
          event.preventDefault()
          if (name.trim() !== '') void pull(name.trim())
        }}
      >
        <TextField
          label="Fetch another base"
          placeholder="hf:owner/name"
          list="offered-bases"
          value={name}
          help={
            offered.length === 0
              ? 'A name of the Hugging Face hub, with hf: before it.'
              : `${offered.map(({ id, bytes }) => `${id} (${formatBytes(bytes)})`).join(', ')}; or hf:owner/name of the Hugging Face hub.`
          }
          onChange={({ target }) => setName(target.value)}
        />
        <Button type="submit" busy={told === undefined ? undefined : 'Fetching …'}>
          Fetch
        </Button>
      </form>
      {told !== undefined && (
        <>
          <Progress label="Fetching" value={told.share} words={told.words} />
          <div className="actions">
            <Button onClick={() => leaving?.abort()}>Stop</Button>
          </div>
        </>
      )}
      {error !== undefined && <ErrorNote error={error} />}
    </div>
  )
}
