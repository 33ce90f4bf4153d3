/** What a column can be, as `map` of the API names it. */
export const targets = [
  { id: 'user', title: 'Question', help: 'what is asked: the text that the model gets', isNeeded: true },
  { id: 'assistant', title: 'Answer', help: 'what it learns to answer', isNeeded: true },
  { id: 'system', title: 'System prompt', help: 'what it is told before', isNeeded: false },
  { id: 'label', title: 'Label', help: 'a class, to filter and to split by', isNeeded: false },
  { id: 'rejected', title: 'Rejected answer', help: 'a worse answer, for preferences', isNeeded: false },
  { id: 'weight', title: 'Weight', help: 'how much the record counts', isNeeded: false },
] as const

type Target = (typeof targets)[number]['id']
/** Columns by what they are. Others go along as metadata where that is wanted. */
export type ColumnChoice = Readonly<Partial<Record<Target, string>>>

const usual: Readonly<Record<Target, readonly string[]>> = {
  user: ['user', 'question', 'prompt', 'input', 'text', 'message', 'instruction', 'query', 'content'],
  assistant: ['assistant', 'answer', 'completion', 'output', 'response', 'reply', 'target', 'label'],
  system: ['system', 'system_prompt'],
  label: ['label', 'category', 'class', 'intent'],
  rejected: ['rejected', 'rejected_answer'],
  weight: ['weight'],
}

/** What columns probably are, by their names; each is taken once. */
export function guessColumns(columns: readonly string[]): ColumnChoice {
  const guess: Partial<Record<Target, string>> = {}
  for (const { id } of targets) {
    const free = columns.filter((column) => !Object.values(guess).includes(column))
    const found = usual[id]
      .map((name) => free.find((column) => column.toLowerCase().trim() === name))
      .find((column) => column !== undefined)
    if (found !== undefined) guess[id] = found
  }
  return guess
}

/** `user=question,assistant=answer,metadata.row=row`; undefined as long as what is needed is not said. */
export function columnMapText(choice: ColumnChoice, metadata: readonly string[] = []): string | undefined {
  if (choice.user === undefined || choice.assistant === undefined) return undefined
  const parts = targets.flatMap(({ id }) => {
    const column = choice[id]
    return column === undefined ? [] : [`${id}=${escaped(column)}`]
  })
  const names = metadata.map((column) => `metadata.${column.replaceAll('.', '_')}=${escaped(column)}`)
  return [...parts, ...names].join(',')
}

const escaped = (column: string): string => column.replaceAll(/[\\,]/g, String.raw`\$&`)

/** A name for the dataset of a file: `claims` for `Claims.jsonl.gz`. */
export function nameFor(file: string): string {
  const base = file.replace(/(?:\.(?:jsonl|ndjson|json|csv|tsv|parquet|xlsx|gz|zst|bz2|zip))+$/i, '')
  const name = base
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replaceAll(/^[^a-z0-9]+|[^a-z0-9]+$/g, '')
    .slice(0, 80)
  return name === '' ? 'dataset' : name
}
