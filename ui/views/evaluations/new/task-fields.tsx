import { TextArea, TextField } from '../../../kit/fields.tsx'
import type { FormPart } from './form-part.ts'

/** What an answer of the chosen kind is made of. @param labels those of the records that were looked at */
export function TaskFields({
  form,
  problems,
  change,
  labels,
}: FormPart & { readonly labels: readonly string[] }) {
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
