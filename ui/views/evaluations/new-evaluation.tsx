import { useState, type FormEvent } from 'react'
import type { DatasetList, ModelList, NewEvaluation } from '../../api/client.ts'
import { useApi, useChange } from '../../api/query.ts'
import { Button, ButtonLink } from '../../kit/button.tsx'
import { Fetched } from '../../kit/fetched.tsx'
import { Checkbox, Select, TextArea, TextField } from '../../kit/fields.tsx'
import { formatCount } from '../../kit/format.ts'
import { Page, Section } from '../../kit/page.tsx'
import { EmptyState, ErrorNote } from '../../kit/texts.tsx'
import { Link } from '../../router/link.tsx'
import { navigate } from '../../router/location.ts'
import {
  emptyForm,
  evaluationBody,
  taskKinds,
  type EvaluationForm,
  type FormProblems,
} from './evaluation-body.ts'
import './evaluations.css'

/** Starts an evaluation. The address may name `dataset`, `tuned` and `base`. Fetches `listDatasets`, `listModels`, `listExamples`. */
export default function NewEvaluationView() {
  const datasets = useApi('listDatasets', {})
  const models = useApi('listModels', {})
  return (
    <Page title="New evaluation" trail={<Link href="/evaluations">Evaluations</Link>}>
      <Fetched query={datasets} what="the datasets">
        {({ datasets: all }) => (
          <Fetched query={models} what="the models">
            {(list) =>
              all.length === 0 ? (
                <EmptyState
                  title="There is no dataset yet."
                  action={<ButtonLink href="/datasets">Go to the datasets</ButtonLink>}
                >
                  An evaluation asks the rows of a dataset whose answers are known.
                </EmptyState>
              ) : (
                <Form datasets={all} models={list} />
              )
            }
          </Fetched>
        )}
      </Fetched>
    </Page>
  )
}

interface FormProps {
  readonly datasets: DatasetList['datasets']
  readonly models: ModelList
}

function firstForm({ datasets, models }: FormProps): EvaluationForm {
  const asked = new URLSearchParams(location.search)
  const tuned = models.models.filter(({ kind }) => kind === 'tuned')
  const newest = datasets[0]?.versions[0]?.id ?? ''
  const named = asked.get('tuned') ?? ''
  const found = tuned.find(({ id }) => id === named) ?? tuned[0]
  const base = found?.kind === 'tuned' ? found.base : models.defaultBase
  const isHere = models.models.some(({ id, kind }) => kind === 'base' && id === base)
  const fallback = models.models.find(({ kind }) => kind === 'base')?.id ?? ''
  return {
    ...emptyForm,
    dataset: asked.get('dataset') ?? newest,
    tuned: found?.id ?? '',
    base: asked.get('base') ?? (isHere ? base : fallback),
  }
}

function Form({ datasets, models }: FormProps) {
  const [form, setForm] = useState(() => firstForm({ datasets, models }))
  const [problems, setProblems] = useState<FormProblems>({})
  const start = useChange('startEvaluation', ['listEvaluations'])
  const change = (values: Partial<EvaluationForm>): void => setForm((was) => ({ ...was, ...values }))
  const versions = datasets.flatMap(({ versions: each }) => each)
  const version = versions.find(({ id, name }) => id === form.dataset || name === form.dataset)
  const isSplit = version?.parts.some(({ part }) => part === 'test') === true
  const seen = useApi(
    'listExamples',
    { path: { id: form.dataset }, query: { limit: 1 } },
    { enabled: version !== undefined },
  )
  const labels = seen.data?.labels?.names ?? []
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const made = evaluationBody(form)
    setProblems('problems' in made ? made.problems : {})
    if ('problems' in made) return
    start.mutate(
      { body: made.body as unknown as NewEvaluation },
      {
        onSuccess: ({ id }) => navigate(`/evaluations/${id}`),
      },
    )
  }
  const bases = models.models.filter(({ kind }) => kind === 'base')
  const tuned = models.models.filter(({ kind }) => kind === 'tuned')
  return (
    <form className="evaluation-form" onSubmit={submit} noValidate>
      <Section title="What is asked">
        <div className="field-row">
          <Select
            label="Dataset"
            value={form.dataset}
            error={problems.dataset}
            options={versions.map(({ id, parts }) => ({
              value: id,
              label: `${id} · ${formatCount(parts.reduce((sum, { records }) => sum + records, 0))} records`,
            }))}
            onChange={(dataset) => change({ dataset })}
            help={
              isSplit
                ? 'It is split; only the chosen part is asked.'
                : 'It is not split: it is split now as hone run does, by label, near-duplicates kept together.'
            }
          />
          <Select
            label="Part"
            value={form.split}
            options={[
              { value: 'test', label: 'Test: counts as a look at what is sealed' },
              { value: 'validation', label: 'Validation: while you are still choosing' },
            ]}
            onChange={(split) => change({ split: split === 'test' ? 'test' : 'validation' })}
          />
        </div>
        <Select
          label="An answer is"
          value={form.kind}
          options={taskKinds}
          onChange={(kind) => change({ kind: kind as EvaluationForm['kind'] })}
        />
        <TaskFields form={form} problems={problems} change={change} labels={labels} />
      </Section>
      <Section title="Candidates">
        <div className="field-row">
          <Select
            label="Base"
            value={form.base}
            options={bases.map(({ id }) => ({ value: id, label: id }))}
            onChange={(base) => change({ base })}
          />
          <Select
            label="Tuned model"
            value={form.tuned}
            options={[
              { value: '', label: tuned.length === 0 ? 'none yet' : 'none' },
              ...tuned.map(({ id }) => ({ value: id, label: id })),
            ]}
            onChange={(id) => {
              const found = tuned.find((each) => each.id === id)
              change({ tuned: id, ...(found?.kind === 'tuned' ? { base: found.base } : {}) })
            }}
          />
        </div>
        <fieldset className="choices">
          <legend className="unseen">Which candidates are asked</legend>
          <Checkbox
            label="Base, as it is"
            checked={form.hasBase}
            onChange={(hasBase) => change({ hasBase })}
          />
          <Checkbox
            label="Base with examples in its prompt"
            help="The best that a prompt alone does: what a tuned model has to beat."
            checked={form.hasFewShot}
            onChange={(hasFewShot) => change({ hasFewShot })}
          />
          {form.hasFewShot && (
            <TextField
              label="How many examples"
              type="number"
              min={1}
              max={256}
              value={form.fewShot}
              error={problems.fewShot}
              onChange={({ target }) => change({ fewShot: target.value })}
            />
          )}
          <Checkbox
            label="Tuned model"
            disabled={form.tuned === ''}
            checked={form.hasTuned && form.tuned !== ''}
            onChange={(hasTuned) => change({ hasTuned })}
          />
          {problems.hasBase !== undefined && (
            <p className="wrong" role="alert">
              {problems.hasBase}
            </p>
          )}
        </fieldset>
        {form.prompts.map(({ model, system }, at) => {
          const put = (values: object): void =>
            change({
              prompts: form.prompts.map((each, other) => (other === at ? { ...each, ...values } : each)),
            })
          return (
            <div key={at} className="own-prompt">
              <Select
                label={`Own prompt ${at + 1}: model`}
                value={model}
                options={[
                  { value: '', label: `base: ${form.base}` },
                  ...models.models
                    .filter(({ kind, id }) => kind === 'tuned' || (kind === 'base' && id !== form.base))
                    .map(({ id }) => ({ value: id, label: id })),
                ]}
                onChange={(next) => put({ model: next })}
              />
              <TextArea
                label="System prompt"
                value={system}
                onChange={({ target }) => put({ system: target.value })}
                help="In place of the system prompt of the records."
              />
              <div className="actions">
                <Button
                  look="quiet"
                  onClick={() => change({ prompts: form.prompts.filter((_, other) => other !== at) })}
                >
                  Remove own prompt {at + 1}
                </Button>
              </div>
            </div>
          )
        })}
        <div className="actions">
          <Button onClick={() => change({ prompts: [...form.prompts, { model: '', system: '' }] })}>
            Add a system prompt of your own
          </Button>
        </div>
      </Section>
      <Section title="Limits and rules">
        <div className="field-row">
          <TextField
            label="Rows at most"
            type="number"
            min={1}
            value={form.limit}
            error={problems.limit}
            help="Empty for all. Few rows show large differences only."
            onChange={({ target }) => change({ limit: target.value })}
          />
          <TextField
            label="Longest answer, in tokens"
            type="number"
            min={1}
            value={form.maxTokens}
            error={problems.maxTokens}
            help="Empty for what the data need."
            onChange={({ target }) => change({ maxTokens: target.value })}
          />
        </div>
        <TextArea
          label="Rules for promotion"
          rows={3}
          placeholder="accuracy beats few-shot"
          value={form.gate}
          help="One a line; all have to pass. Such as: accuracy >= 0.9 at 95 %, or: macro_f1 of tuned beats base by > 0.02 at 95 %."
          onChange={({ target }) => change({ gate: target.value })}
        />
        <Checkbox
          label="Also ask the safety prompts"
          help="Whether harmful requests are refused as before."
          checked={form.safety}
          onChange={(safety) => change({ safety })}
        />
      </Section>
      {start.error !== null && <ErrorNote error={start.error} />}
      <div className="actions">
        <Button type="submit" look="primary" busy={start.isPending ? 'Starting …' : undefined}>
          Start evaluation
        </Button>
      </div>
    </form>
  )
}

interface TaskFieldsProps {
  readonly form: EvaluationForm
  readonly problems: FormProblems
  readonly change: (values: Partial<EvaluationForm>) => void
  readonly labels: readonly string[]
}

function TaskFields({ form, problems, change, labels }: TaskFieldsProps) {
  switch (form.kind) {
    case 'labels':
      return (
        <div className="field-row">
          <TextField
            label="Line of the answer that holds the label"
            placeholder="the whole answer"
            value={form.field}
            help="ROUTE for answers with a line “ROUTE: BILLING”."
            onChange={({ target }) => change({ field: target.value })}
          />
          <TextArea
            label="Labels, one a line"
            rows={3}
            value={form.labels}
            help={
              labels.length === 0
                ? 'Empty for those of the training data.'
                : `Empty for those of the training data: ${labels.slice(0, 8).join(', ')}${labels.length > 8 ? ' …' : ''}`
            }
            onChange={({ target }) => change({ labels: target.value })}
          />
        </div>
      )
    case 'json':
      return (
        <div className="field-row">
          <TextArea
            label="Fields that are scored, one a line"
            rows={3}
            value={form.fields}
            help="Empty for all members."
            onChange={({ target }) => change({ fields: target.value })}
          />
          <TextArea
            label="JSON Schema that answers must obey"
            rows={3}
            value={form.answerSchema}
            error={problems.answerSchema}
            help="May be left empty."
            onChange={({ target }) => change({ answerSchema: target.value })}
          />
        </div>
      )
    case 'text':
      return (
        <TextArea
          label="Sections that every answer must have, one a line"
          rows={3}
          value={form.sections}
          help="May be left empty."
          onChange={({ target }) => change({ sections: target.value })}
        />
      )
    case 'tool-calls':
    case 'spans':
    case 'codes':
    default:
      return null
  }
}
