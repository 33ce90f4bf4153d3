import { useState } from 'react'
import type { ModelDetails } from '../../api/client.ts'
import { useApi, useChange } from '../../api/query.ts'
import { Button, ButtonLink } from '../../kit/button.tsx'
import { Dialog } from '../../kit/dialog.tsx'
import { Fetched } from '../../kit/fetched.tsx'
import { TextField } from '../../kit/fields.tsx'
import { formatBytes, formatCount, formatNumber, formatShort } from '../../kit/format.ts'
import { Page } from '../../kit/page.tsx'
import { Table } from '../../kit/table.tsx'
import { Tabs } from '../../kit/tabs.tsx'
import { Badge, ErrorNote, KeyValues, RelativeTime } from '../../kit/texts.tsx'
import { Link } from '../../router/link.tsx'
import { navigate } from '../../router/location.ts'
import type { ViewProps } from '../../views.ts'
import { BaseChain } from './base-chain.tsx'
import { ExportModel } from './export-model.tsx'
import { LineageChain } from './lineage-chain.tsx'
import { UseModel } from './use-model.tsx'
import './models.css'

/** One model: where it comes from, how it is used, exported and removed. Fetches `getModel`; changes by `deleteModel`. */
export default function ModelView({ params }: ViewProps) {
  const id = params['id'] ?? ''
  const query = useApi('getModel', { path: { id } })
  const [isAsking, ask] = useState(false)
  const kind = query.data?.model.kind
  return (
    <Page
      title={id}
      trail={<Link href="/models">Models</Link>}
      actions={
        query.data !== undefined && (
          <>
            {(kind === 'tuned' || kind === 'base') && (
              <ButtonLink href={`/playground?models=${encodeURIComponent(id)}`}>Try it</ButtonLink>
            )}
            {kind === 'tuned' && (
              <ButtonLink href={`/evaluations/new?tuned=${encodeURIComponent(id)}`}>Evaluate</ButtonLink>
            )}
            <Button look="danger" onClick={() => ask(true)}>
              Delete
            </Button>
          </>
        )
      }
    >
      <Fetched query={query} what="the model">
        {(details) => (
          <>
            <Facts details={details} />
            {details.model.kind !== 'broken' && (
              <Tabs
                label="Parts of the model"
                tabs={[
                  {
                    id: 'lineage',
                    label: 'Lineage',
                    content:
                      kind === 'base' ? <BaseChain details={details} /> : <LineageChain details={details} />,
                  },
                  { id: 'use', label: 'Use', content: <UseModel details={details} /> },
                  { id: 'export', label: 'Files and export', content: <ExportModel details={details} /> },
                ]}
              />
            )}
            <DeleteDialog details={details} isOpen={isAsking} onClose={() => ask(false)} />
          </>
        )}
      </Fetched>
    </Page>
  )
}

function Facts({ details }: { readonly details: ModelDetails }) {
  const { model } = details
  switch (model.kind) {
    case 'base':
      return (
        <KeyValues
          items={[
            ['Kind', 'base'],
            ['Architecture', model.architecture],
            ['Weights', formatShort(model.parameters)],
            ['Context', `${formatCount(model.contextLength)} tokens`],
          ]}
        />
      )
    case 'tuned':
      return (
        <KeyValues
          items={[
            ['Kind', 'tuned'],
            ['Gate', model.gate === null ? 'not judged yet' : <Badge key="gate">{model.gate}</Badge>],
            [
              'Best step',
              `${formatCount(model.bestStep)} of ${formatCount(model.steps)}${model.bestValidationLoss === null ? '' : `, validation loss ${formatNumber(model.bestValidationLoss)}`}`,
            ],
            ['System prompt', model.systemPrompt ?? 'none that all records share'],
            ['Made', <RelativeTime key="made" time={model.createdAt} />],
            ['On disk', formatBytes(model.bytes)],
          ]}
        />
      )
    case 'unfinished':
      return (
        <KeyValues
          items={[
            ['Kind', 'a training run that has not come to its end'],
            ['Steps', formatCount(model.steps)],
            ['Begun', <RelativeTime key="begun" time={model.createdAt} />],
            ['On disk', formatBytes(model.bytes)],
          ]}
        />
      )
    case 'broken':
    default:
      return (
        <KeyValues
          items={[
            ['Kind', <Badge key="kind">broken</Badge>],
            ['What is wrong', model.problem],
            ['On disk', formatBytes(model.bytes)],
          ]}
        />
      )
  }
}

/** Names what goes with it; where something else needs it, its name is typed first. */
function DeleteDialog({
  details,
  isOpen,
  onClose,
}: {
  readonly details: ModelDetails
  readonly isOpen: boolean
  readonly onClose: () => void
}) {
  const { model, dependents } = details
  const [typed, setTyped] = useState('')
  const remove = useChange('deleteModel', ['listModels', 'getState'])
  const needed = dependents.models.length > 0
  const served = dependents.endpoints.length > 0
  return (
    <Dialog
      open={isOpen}
      onClose={onClose}
      title={`Delete ${model.id}`}
      closeLabel="Keep it"
      actions={
        <Button
          look="danger"
          disabled={served || (needed && typed !== model.id)}
          busy={remove.isPending ? 'Deleting …' : undefined}
          onClick={() =>
            remove.mutate(
              { path: { id: model.id }, query: { force: needed ? 'true' : 'false' } },
              { onSuccess: () => navigate('/models') },
            )
          }
        >
          Delete
        </Button>
      }
    >
      <p>
        {formatBytes(model.bytes)} are removed from this machine. This cannot be undone
        {model.kind === 'base' ? ', but a base can be fetched again' : ''}.
      </p>
      {served && (
        <p>
          It answers at {dependents.endpoints.join(', ')}. Delete these endpoints first, by the API that made
          them.
        </p>
      )}
      {needed && (
        <>
          <p>
            {dependents.models.length === 1 ? 'This model needs it' : 'These models need it'} and will not
            answer without it:
          </p>
          <Table
            caption="Models that depend on it"
            rows={dependents.models}
            rowKey={(id) => id}
            columns={[
              {
                id: 'id',
                title: 'Model',
                isHeading: true,
                cell: (id) => <Link href={`/models/${encodeURIComponent(id)}`}>{id}</Link>,
              },
            ]}
          />
          <TextField
            label={`To delete it all the same, type ${model.id}`}
            value={typed}
            onChange={({ target }) => setTyped(target.value)}
          />
        </>
      )}
      {!needed && !served && <p>Nothing else depends on it.</p>}
      {remove.error !== null && <ErrorNote error={remove.error} />}
    </Dialog>
  )
}
