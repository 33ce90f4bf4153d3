import type { EvaluationTask, TaskKind } from '../evaluation-task.ts'
import type { Metric } from '../metrics/metric.ts'
import { codesValid } from '../metrics/codes.ts'
import { metricIds, metricsOf } from '../metrics/task-metrics.ts'

const titles: Readonly<Record<TaskKind, string>> = {
  labels: 'One label of a closed set',
  json: 'Records (one JSON value)',
  'tool-calls': 'Tool calls',
  spans: 'Spans',
  codes: 'Codes',
  text: 'Free text',
}

const forms: Readonly<Record<TaskKind, string>> = {
  labels:
    'The whole answer is the label, or the line `FIELD: label` holds it (`task.field`). Case, white space, quotes and closing punctuation are free. `task.abstain` names the label that says “none of these”. With `task.decide` (or `decide` of a candidate) the probabilities of all labels decide instead of the answer as written: the likeliest, or the likeliest corrected for rare labels (Menon et al. 2021), as far as scores best on the validation split; rows of the test split play no part in that choice.',
  json: 'The answer is JSON and nothing else. `task.schema` names a file with the JSON Schema that it must obey; `task.fields` says what is scored one by one, see “Fields of records”.',
  'tool-calls':
    'Calls are JSON: `{"name", "arguments"}`, alone or in a list, with `{"function": …}` around it or not, in `<tool_call>` tags or not; arguments are an object or its JSON text. An answer of text calls nothing.',
  spans:
    'A JSON list of `{"label", "text"}`, with `start` and `end` in characters where the place is known, or an object that gives each label a list of texts. Spans are compared by place where both sides give it, else by words.',
  codes:
    'A JSON list, or codes with commas, semicolons or line breaks between them; `none` for no code. Case and the dot are free; words beside the codes make an answer unreadable. `task.list` names a file with the valid codes of the year that you use.',
  text: 'Any text. `task.sections` lists headings or markers that every answer must have, each at the beginning of a line, in order; list marks, numbers, emphasis and case are free.',
}

/** What makes a metric come by itself. */
const conditions: Readonly<Record<string, string>> = {
  'out-of-scope-f1': 'with `task.abstain`',
  'fields-match': 'with rules in `task.fields`, decides',
  'field-f1': 'with rules in `task.fields`',
  'schema-valid': 'with `task.schema`',
  'codes-valid': 'with `task.list`',
  'section-form': 'with `task.sections`',
}

/** The text of `docs/metrics.md`: every metric by kind of task, and how answers are read and compared. */
export function metricMarkdown(): string {
  const kinds = Object.keys(titles) as TaskKind[]
  return [introduction, ...kinds.map(kindText), rest].join('\n')
}

function kindText(kind: TaskKind): string {
  const more = kind === 'codes' ? [codesValid(['A00', 'B00'])] : []
  const task = { kind, labels: ['a'], system: 'icd-10-cm' } as EvaluationTask
  const standard = metricsOf(task).map(({ id }) => id)
  const ids = [...metricIds(kind), ...more.map(({ id }) => id)]
  const metrics = metricsOf({ ...task, metrics: ids }, more)
  const lines = metrics.map(
    (metric) => `| \`${metric.id}\` | ${whenText(kind, metric, standard)} | ${definitionText(metric)} |`,
  )
  return [
    `## ${titles[kind]} (\`${kind}\`)`,
    '',
    forms[kind],
    '',
    '| metric | measured | what it is |',
    '| --- | --- | --- |',
    ...lines,
    '',
  ].join('\n')
}

function whenText(kind: TaskKind, { id }: Metric, standard: readonly string[]): string {
  if (kind === 'json' && standard[0] === id) return 'without rules in `task.fields`, decides'
  if (standard[0] === id) return 'always, decides'
  return standard.includes(id) ? 'always' : (conditions[id] ?? 'when named')
}

function definitionText({ definition, lowerIsBetter, needs }: Metric): string {
  const text = definition.replace(/the 2 of the list that was given/, 'those of the list that was given')
  const notes = [
    ...(lowerIsBetter === true ? ['less is better'] : []),
    ...(needs === undefined
      ? []
      : [
          needs === 'judgements'
            ? 'asks the model of `judge`, see [judge.md](judge.md)'
            : 'the candidate is also asked for the probability of every label',
        ]),
  ]
  return [`${text.charAt(0).toUpperCase()}${text.slice(1)}`, ...notes].join('; ')
}

const introduction = `# Metrics

What \`hone run\` can measure. A task without \`task.metrics\` has those marked “always”, and those whose condition it meets; a
task with it has exactly those, and the first one decides the verdict. Every metric has an interval. An answer that cannot be
read counts as wrong, and is counted with its reason.

Numbers are compared with scikit-learn, SciPy, seqeval, sacreBLEU, rouge-score and RapidFuzz in the tests.
`

const rest = `## Labels that are decided

With \`task.decide\` the decision becomes part of the tuned model: \`hone run\` and \`hone eval run\` write the labels, τ and the shares
beside it (\`label-decision.json\`), and it answers with the label that it was measured by. \`hone models show\` prints it. That holds for
\`hone chat\`, OpenAI's, Anthropic's and Bedrock's APIs, batches and Hone's own API, from the next answer on; responses say so in
\`x-hone-label-decision: corrected; tau=0.35; labels=8\`, and Hone's own API with the probability. An answer costs one scoring of all
labels more. Who offers tools, says what the answer must be, or begins it, gets the answer as written; so does a request with the header
\`x-hone-decide: answer\`, or \`asWritten\` of Hone's own API and \`--as-written\` of \`hone chat\`. A run without \`task.decide\` takes the
decision away. An export holds no decision: other programs get what the model writes.

Hosted candidates give no probabilities of whole labels. Where \`task.decide\` asks for them they are refused before anything is asked
([\`E_CONFIG\`](errors.md#e_config)); \`decide: answer\` of the candidate lets its answer as written count.

## Fields of records

\`task.fields\` of a \`json\` task is a list of names, compared as JSON, or gives each field a way to be compared:

\`\`\`yaml
task:
  kind: json
  schema: record.schema.json
  fields:
    diagnosis_icd10: icd-10-cm
    symptoms: set
    follow_up_date: { match: date, order: day-first }
    /vitals/temperature: { match: number, tolerance: 0.1 }
    severity: { match: enum, values: [mild, moderate, severe] }
    prescribed_medications:
      match: list
      of: { match: object, fields: { name: text, dose_mg: number } }
\`\`\`

A field is a member, or a JSON pointer when it begins with a slash. What is missing, null or an empty text is no value.

| way | agrees when |
| --- | --- |
| \`exact\` | equal as JSON |
| \`text\` | the same text; case, white space, compatibility forms, quotes around it and closing punctuation are free |
| \`similar\` | credit: 1 − edits over the length of the longer text |
| \`number\` | within \`tolerance\`, or within \`relative\` as a share of the expected number; a text that is a number counts as one |
| \`date\` | the same day, however it is written: 2025-03-04, 4.3.2025, March 4, 2025; \`order\` says what 03/04/2025 means |
| \`enum\` | the same of \`values\`; case and white space are free |
| \`icd-10-cm\` | credit: what both codes lie in (chapter, category, codes above it, itself), twice over what each lies in |
| \`object\` | credit: the mean over its \`fields\` |
| \`set\` | the items of both, without order and repeats, each there or not (\`of\`, default \`text\`) |
| \`list\` | the items of both, paired so that they agree best, with credit for a part (\`of\`, default \`text\`) |

Precision, recall and F1 count values: one a field, and every item of a set or list.

## Codes of ICD-10-CM

The report says how each expected code was answered: exactly, too general (J45.9 for J45.901), too specific, in the same
category (J45), in the same chapter, wrong, or missing. \`task.list\` takes the lists that are published with the
classification: the first word of each line is the code.

## Your own metric

\`\`\`yaml
task: { kind: text, metrics: [token-f1, { file: same-length.mjs }] }
\`\`\`

\`\`\`js
// same-length.mjs
export default ({ expected, answer }) => Math.min(1, answer.length / expected.length)
\`\`\`

The function gets \`{ id, input, expected, answer }\` of a row and gives a number from 0 to 1, or true or false; not a promise.
The name of the file is the name of the metric. A TypeScript module needs Node 22.18 or later. **The module runs with all
rights of the command: name only code that you would run yourself.**

## What it takes

Beside the scores every candidate has its tokens in and out (means a query), latency to the first token and to the whole answer
(p50, p95, p99, of rows that were asked alone), answers that were cut, that could not be read, and that look like a refusal.
With \`evaluation.prices\` it also has the cost of 1,000 queries:

\`\`\`yaml
evaluation:
  prices:
    base: openai:gpt-4o-mini
    tuned: { input: 0.05, output: 0.10 }
\`\`\`

A price is that of a million tokens in US dollars, or a profile (see [data-rules.md](data-rules.md)) whose published price holds.
Nothing is taken off for prompts that a service keeps.

Refusals are told by their English wording; a refusal in other words, or in another language, is not seen.
`
