export const taskKinds = [
  { value: 'labels', label: 'One label of a closed set' },
  { value: 'json', label: 'One JSON value' },
  { value: 'text', label: 'Free text' },
  { value: 'tool-calls', label: 'Function calls' },
  { value: 'spans', label: 'Pieces of the input with labels' },
  { value: 'codes', label: 'ICD-10-CM codes' },
] as const

type TaskKind = (typeof taskKinds)[number]['value']

/** What the form holds, all as text, as it was typed. */
export interface EvaluationForm {
  readonly dataset: string
  readonly split: 'test' | 'validation'
  readonly kind: TaskKind
  readonly field: string
  readonly labels: string
  readonly fields: string
  readonly answerSchema: string
  readonly sections: string
  readonly base: string
  readonly tuned: string
  readonly hasBase: boolean
  readonly hasFewShot: boolean
  readonly fewShot: string
  readonly hasTuned: boolean
  /** Prompts of one's own: each is a candidate. */
  readonly prompts: readonly { readonly model: string; readonly system: string }[]
  readonly limit: string
  readonly maxTokens: string
  readonly gate: string
  readonly safety: boolean
}

export const emptyForm: EvaluationForm = {
  dataset: '',
  split: 'test',
  kind: 'labels',
  field: '',
  labels: '',
  fields: '',
  answerSchema: '',
  sections: '',
  base: '',
  tuned: '',
  hasBase: true,
  hasFewShot: true,
  fewShot: '8',
  hasTuned: true,
  prompts: [],
  limit: '',
  maxTokens: '',
  gate: '',
  safety: false,
}

/** Fields whose text says nothing that can be sent, with why. */
export type FormProblems = Partial<Readonly<Record<keyof EvaluationForm, string>>>

const lines = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')

/** What is sent, a `NewEvaluation`, or what has to be mended first. */
export function evaluationBody(
  form: EvaluationForm,
): { readonly body: Readonly<Record<string, unknown>> } | { readonly problems: FormProblems } {
  const problems: Record<string, string> = {}
  const whole = (name: 'limit' | 'maxTokens' | 'fewShot', least: number): number | undefined => {
    const text = form[name].trim()
    if (text === '') return undefined
    const value = Number(text)
    if (Number.isInteger(value) && value >= least) return value
    problems[name] = `a whole number from ${least}`
    return undefined
  }
  if (form.dataset === '') problems['dataset'] = 'choose what is asked'
  const hasTuned = form.hasTuned && form.tuned !== ''
  const candidates = [
    ...(form.hasBase ? ['base' as const] : []),
    ...(form.hasFewShot ? ['few-shot' as const] : []),
    ...(hasTuned ? ['tuned' as const] : []),
    ...form.prompts
      .filter(({ system }) => system.trim() !== '')
      .map(({ model, system }, at) => ({
        id: `prompt-${at + 1}`,
        title: `own prompt ${at + 1}`,
        model: model === '' ? 'base' : model === form.tuned ? 'tuned' : `model:${model}`,
        system,
      })),
  ]
  if (candidates.length === 0) problems['hasBase'] = 'choose at least one'
  const schema = form.kind === 'json' ? form.answerSchema.trim() : ''
  let answerSchema: Readonly<Record<string, unknown>> | undefined
  if (schema !== '') {
    try {
      answerSchema = JSON.parse(schema) as Readonly<Record<string, unknown>>
    } catch (error) {
      problems['answerSchema'] = `this is not JSON: ${error instanceof Error ? error.message : ''}`
    }
  }
  const fewShot = form.hasFewShot ? whole('fewShot', 1) : undefined
  const [limit, maxTokens] = [whole('limit', 1), whole('maxTokens', 1)]
  if (Object.keys(problems).length > 0) return { problems }
  const gate = lines(form.gate)
  const body = {
    dataset: form.dataset,
    task: taskOf(form),
    candidates,
    split: form.split,
    safety: form.safety,
    ...(form.base === '' ? {} : { base: form.base }),
    ...(form.tuned === '' ? {} : { tuned: form.tuned }),
    ...(answerSchema === undefined ? {} : { answerSchema }),
    ...(fewShot === undefined ? {} : { fewShot }),
    ...(limit === undefined ? {} : { limit }),
    ...(maxTokens === undefined ? {} : { maxTokens }),
    ...(gate.length === 0 ? {} : { gate }),
  }
  return { body }
}

function taskOf({ kind, field, labels, fields, sections }: EvaluationForm): Record<string, unknown> {
  switch (kind) {
    case 'labels':
      return {
        kind,
        ...(field.trim() === '' ? {} : { field: field.trim() }),
        ...(lines(labels).length === 0 ? {} : { labels: lines(labels) }),
      }
    case 'json':
      return { kind, ...(lines(fields).length === 0 ? {} : { fields: lines(fields) }) }
    case 'text':
      return { kind, ...(lines(sections).length === 0 ? {} : { sections: lines(sections) }) }
    case 'codes':
      return { kind, system: 'icd-10-cm' }
    case 'tool-calls':
    case 'spans':
    default:
      return { kind }
  }
}
