import type { JsonSchema } from '../config-schema.ts'

/** The text of `docs/configuration.md`: every key of the schema with its kind, default and description. */
export function configMarkdown(schema: JsonSchema): string {
  return `${introduction}\n## Keys\n\n${keyLines(schema, '').join('\n')}\n`
}

const introduction = `# Configuration

A task is described by one file, \`hone.yaml\` (or \`hone.yml\`, or \`hone.json\`), in its folder:

\`\`\`yaml
# yaml-language-server: $schema=../../docs/hone.schema.json
schema: 1
name: claims-router
data: data.jsonl
task: { kind: labels, field: ROUTE }
system: { file: system.txt }
prompt:
  base: { file: prompt.txt }
  fewShot: 8
training:
  epochs: 2
\`\`\`

What is compared stands under \`evaluation\`, a candidate a line: a name alone, or a model with its prompt and settings. Examples for a
prompt come from the training records only. The tuned candidate is compared with each other one.

\`\`\`yaml
evaluation:
  candidates:
    - base
    - { id: long-prompt, model: base, system: { file: long.txt } }
    - { id: similar, model: base, system: { file: prompt.txt }, fewShot: { count: 4, choose: similar } }
    - tuned
    - { id: warm, model: tuned, temperature: 0.7, repeats: 5 }
    - { id: rounded, model: tuned, arithmetic: int8 }
    - id: hosted
      model: openai-compatible:gpt-4o-mini
      url: https://api.openai.com/v1
      keyVariable: OPENAI_API_KEY
      system: { file: long.txt }
  prices: { hosted: { input: 0.15, output: 0.6 } }
\`\`\`

A candidate with \`repeats\` answers each row several times, for pass^k and the spread between repeats. One with \`arithmetic: int8\`
writes its answers as \`hone serve --arithmetic int8\` writes one: its scores beside those of the same model without tell what that
costs. A hosted one is asked at its \`url\`: the rows are sent there, and what that costs at most is said before. A \`judge\` is asked the same way, see [judge.md](judge.md).

- Unknown keys are refused, and all mistakes are shown at once with their lines (\`E_CONFIG\`).
- Paths of data and text files are relative to the file; \`output\` is relative to the folder in which the command runs.
- The line break at the end of a text, or of a file that holds one, is not part of the text.
- A flag on the command line goes before the file, and the file before the default.
- Where \`data\` names a file for a split, nothing is split off for it.
- What the answers of each kind of task look like, what can be measured, and how fields of records are compared stands in
  [metrics.md](metrics.md).
- [hone.schema.json](hone.schema.json) is the JSON Schema for editors.
`

function keyLines(schema: JsonSchema, prefix: string): string[] {
  const forms = [schema, ...schemasIn(schema['anyOf']), ...schemasIn(schema['oneOf'])]
  const alternatives = Array.isArray(schema['oneOf'])
  const required = new Set(alternatives ? [] : asList(schema['required']))
  const seen = new Set<string>()
  return forms.flatMap((form) =>
    Object.entries(asRecord(form['properties'])).flatMap(([key, value]) => {
      const path = `${prefix}${key}`
      if (!isSchema(value) || seen.has(path)) return []
      seen.add(path)
      const sub = keyLines(value, `${path}.`)
      const facts = [...kindFacts(value), ...(required.has(key) ? ['required'] : [])]
      const also = schemasIn(schema['oneOf'])
        .map((other) => asRecord(asRecord(other['properties'])[key]))
        .filter((other) => other['const'] !== undefined)
      const described =
        also.length > 1
          ? also.map((other) => `\`${String(other['const'])}\`: ${String(other['description'])}`).join('; ')
          : String(value['description'])
      return [`- \`${path}\` (${facts.join(', ')}): ${described}.`, ...sub]
    }),
  )
}

function kindFacts(schema: JsonSchema): string[] {
  const forms = [...schemasIn(schema['anyOf']), ...schemasIn(schema['oneOf'])]
  if (forms.length > 0) return [[...new Set(forms.map((form) => kindOf(form)))].join(' or ')]
  const facts = [kindOf(schema)]
  const bounds = [
    ['exclusiveMinimum', 'above'],
    ['minimum', 'from'],
    ['exclusiveMaximum', 'below'],
    ['maximum', 'to'],
  ] as const
  for (const [keyword, word] of bounds) {
    const bound = schema[keyword]
    if (typeof bound === 'number' && Math.abs(bound) < Number.MAX_SAFE_INTEGER) facts.push(`${word} ${bound}`)
  }
  const standard = schema['default']
  if (Array.isArray(standard)) facts.push(`default \`[${standard.join(', ')}]\``)
  else if (typeof standard === 'string' || typeof standard === 'number') facts.push(`default \`${standard}\``)
  return facts
}

/** More values than these are described elsewhere. */
const mostNamed = 6

function kindOf(schema: JsonSchema): string {
  const values = asList(schema['enum'])
  if (values.length > mostNamed) return 'text'
  if (values.length > 0) return values.map((value) => `\`${String(value)}\``).join(' or ')
  const forms = [...schemasIn(schema['anyOf']), ...schemasIn(schema['oneOf'])]
  if (forms.length > 0) return [...new Set(forms.map((form) => kindOf(form)))].join(' or ')
  if (schema['const'] !== undefined)
    return typeof schema['const'] === 'number' ? `\`${schema['const']}\`` : 'text'
  if (schema['type'] === 'object') return 'section'
  if (schema['type'] === 'array') return `list of ${kindOf(asRecord(schema['items']))}`
  if (schema['type'] === 'integer') return 'whole number'
  return schema['type'] === 'string' ? 'text' : String(schema['type'])
}

const isSchema = (value: unknown): value is JsonSchema =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const asRecord = (value: unknown): JsonSchema => (isSchema(value) ? value : {})
const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
const schemasIn = (value: unknown): JsonSchema[] => asList(value).filter(isSchema)
