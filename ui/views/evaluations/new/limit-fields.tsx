import { Checkbox, TextArea, TextField } from '../../../kit/fields.tsx'
import { Section } from '../../../kit/page.tsx'
import type { FormPart } from './form-part.ts'

/** How much is asked, and what has to hold for promotion. */
export function LimitFields({ form, problems, change }: FormPart) {
  return (
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
  )
}
