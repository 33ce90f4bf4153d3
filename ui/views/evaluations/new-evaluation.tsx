import { useEffect, useState, type FormEvent } from 'react'
import type { DatasetList, ModelList, NewEvaluation } from '../../api/client.ts'
import { useApi, useChange } from '../../api/query.ts'
import { Button, ButtonLink } from '../../kit/button.tsx'
import { Fetched } from '../../kit/fetched.tsx'
import { Select } from '../../kit/fields.tsx'
import { formatCount } from '../../kit/format.ts'
import { answersOf, findLabelField } from '../../kit/label-field.ts'
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
import { CandidateFields } from './new/candidate-fields.tsx'
import { LimitFields } from './new/limit-fields.tsx'
import { TaskFields } from './new/task-fields.tsx'
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
  const named = asked.get('tuned')
  // One that was trained a moment ago may be missing from a list that was read before; the list is on its way again.
  const found = named === null ? tuned[0] : tuned.find(({ id }) => id === named)
  const base = found?.kind === 'tuned' ? found.base : models.defaultBase
  const isHere = models.models.some(({ id, kind }) => kind === 'base' && id === base)
  const fallback = models.models.find(({ kind }) => kind === 'base')?.id ?? ''
  return {
    ...emptyForm,
    dataset: asked.get('dataset') ?? newest,
    tuned: named ?? found?.id ?? '',
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
    { path: { id: form.dataset }, query: { limit: 60 } },
    { enabled: version !== undefined },
  )
  const labels = seen.data?.labels?.names ?? []
  const field = findLabelField(answersOf(seen.data?.rows ?? []))
  useEffect(() => {
    // What was typed stays.
    if (field !== undefined) setForm((was) => (was.field === '' ? { ...was, field } : was))
  }, [field])
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
      <CandidateFields form={form} problems={problems} change={change} models={models.models} />
      <LimitFields form={form} problems={problems} change={change} />
      {start.error !== null && <ErrorNote error={start.error} />}
      <div className="actions">
        <Button type="submit" look="primary" busy={start.isPending ? 'Starting …' : undefined}>
          Start evaluation
        </Button>
      </div>
    </form>
  )
}
