import type { Model } from '../../../api/client.ts'
import { Button } from '../../../kit/button.tsx'
import { Checkbox, Select, TextArea, TextField } from '../../../kit/fields.tsx'
import { Section } from '../../../kit/page.tsx'
import type { EvaluationForm } from '../evaluation-body.ts'
import type { FormPart } from './form-part.ts'

/** Who is asked. */
export function CandidateFields({
  form,
  problems,
  change,
  models,
}: FormPart & { readonly models: readonly Model[] }) {
  const bases = models.filter(({ kind }) => kind === 'base')
  const tuned = models.filter(({ kind }) => kind === 'tuned')
  return (
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
            ...[...new Set([...tuned.map(({ id }) => id), form.tuned])]
              .filter(Boolean)
              .map((id) => ({ value: id, label: id })),
          ]}
          onChange={(id) => {
            const found = tuned.find((each) => each.id === id)
            change({ tuned: id, ...(found?.kind === 'tuned' ? { base: found.base } : {}) })
          }}
        />
      </div>
      <fieldset className="choices">
        <legend className="unseen">Which candidates are asked</legend>
        <Checkbox label="Base, as it is" checked={form.hasBase} onChange={(hasBase) => change({ hasBase })} />
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
      {form.prompts.map((prompt, at) => (
        <OwnPrompt
          key={at}
          number={at + 1}
          prompt={prompt}
          models={[
            { value: '', label: `base: ${form.base}` },
            ...models
              .filter(({ kind, id }) => kind === 'tuned' || (kind === 'base' && id !== form.base))
              .map(({ id }) => ({ value: id, label: id })),
          ]}
          onChange={(next) => change({ prompts: form.prompts.with(at, next) })}
          onRemove={() => change({ prompts: form.prompts.toSpliced(at, 1) })}
        />
      ))}
      <div className="actions">
        <Button onClick={() => change({ prompts: [...form.prompts, { model: '', system: '' }] })}>
          Add a system prompt of your own
        </Button>
      </div>
    </Section>
  )
}

type Prompt = EvaluationForm['prompts'][number]

function OwnPrompt({
  number,
  prompt,
  models,
  onChange,
  onRemove,
}: {
  readonly number: number
  readonly prompt: Prompt
  readonly models: readonly { readonly value: string; readonly label: string }[]
  readonly onChange: (prompt: Prompt) => void
  readonly onRemove: () => void
}) {
  return (
    <div className="own-prompt">
      <Select
        label={`Own prompt ${number}: model`}
        value={prompt.model}
        options={models}
        onChange={(model) => onChange({ ...prompt, model })}
      />
      <TextArea
        label="System prompt"
        value={prompt.system}
        onChange={({ target }) => onChange({ ...prompt, system: target.value })}
        help="In place of the system prompt of the records."
      />
      <div className="actions">
        <Button look="quiet" onClick={onRemove}>
          Remove own prompt {number}
        </Button>
      </div>
    </div>
  )
}
