import { metadataKey, type ColumnMap } from './column-map.ts'

/** Names that tables give a question, a prompt, an answer; the first pair whose two columns are there is taken. */
const pairs: readonly (readonly [user: string, assistant: string])[] = [
  ['prompt', 'completion'],
  ['prompt', 'response'],
  ['prompt', 'answer'],
  ['question', 'answer'],
  ['question', 'response'],
  ['query', 'answer'],
  ['query', 'response'],
  ['instruction', 'output'],
  ['instruction', 'response'],
  ['input', 'output'],
  ['input', 'target'],
  ['input', 'label'],
  ['source', 'target'],
  ['user', 'assistant'],
  ['text', 'label'],
  ['text', 'category'],
  ['text', 'class'],
  ['text', 'intent'],
  ['text', 'answer'],
  ['sentence', 'label'],
  ['utterance', 'intent'],
  ['utterance', 'label'],
  ['message', 'label'],
  ['message', 'category'],
  ['comment', 'label'],
]

const classNames = new Set(['label', 'category', 'class', 'intent'])

/**
 * What columns mean, told by their names alone, whatever their case. `undefined` where no known pair is among them, or more
 * than one column could be meant.
 */
export function recognizeColumns(columns: readonly string[]): ColumnMap | undefined {
  const byName = new Map<string, string>()
  for (const column of columns) {
    const name = column.trim().toLowerCase()
    if (byName.has(name)) return undefined
    byName.set(name, column)
  }
  for (const [question, answer] of pairs) {
    const user = byName.get(question)
    const assistant = byName.get(answer)
    if (user === undefined || assistant === undefined) continue
    const map: Record<string, string> = { user, assistant }
    const system = byName.get('system') ?? byName.get('system_prompt')
    if (system !== undefined) map['system'] = system
    // Of a table of texts with their classes, the class is both the answer and the label.
    const label = byName.get('label') ?? (classNames.has(answer) ? assistant : undefined)
    if (label !== undefined) map['label'] = label
    const weight = byName.get('weight')
    if (weight !== undefined) map['weight'] = weight
    for (const [name, column] of byName) {
      if (name.startsWith('metadata.')) map[metadataKey(name.slice('metadata.'.length))] = column
    }
    return map
  }
  return undefined
}
