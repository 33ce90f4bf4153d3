// Writes the table of bench/tasks/README.md from bench/results/task-*.json; what is printed between the two comments is replaced.
//   npx tsx bench/tasks/task-table.ts
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { tasks } from './tasks.ts'

interface StoredResult {
  readonly machine: { readonly date: string; readonly cpu: string; readonly vector: readonly string[] }
  readonly trainingRows: number
  readonly trainingRowsOfAll: number
  readonly testRows: number
  readonly testRowsOfAll: number
  readonly epochs: number
  readonly candidates: readonly {
    readonly id: string
    readonly title: string
    readonly scores: readonly { readonly metric: string; readonly value: number }[]
  }[]
  readonly linear: {
    readonly sameRows: Readonly<Record<string, number>> | null
    readonly allRows: Readonly<Record<string, number>> | null
  }
  readonly sentence: string
}

const readme = 'bench/tasks/README.md'
const [begin, end] = ['<!-- table -->', '<!-- end of table -->']

function sectionOf(name: string, columns: readonly string[], result: StoredResult): string[] {
  const { machine, trainingRows, trainingRowsOfAll, testRows, testRowsOfAll, epochs, linear } = result
  const how = `${count(trainingRows, trainingRowsOfAll)} rows, ${epochs === 1 ? 'once' : `${epochs} times`}; ${count(testRows, testRowsOfAll)} test rows`
  const ways = [
    ...result.candidates.map(({ title, scores }) => ({
      title,
      valueOf: (column: string) => scores.find(({ metric }) => metric === column)?.value,
    })),
    ...linearWay('linear model, the same rows', linear.sameRows),
    ...linearWay('linear model, all rows', linear.allRows),
  ]
  return [
    `### ${name}`,
    '',
    `${how}. ${machine.cpu}, ${machine.vector.join(', ')}, ${machine.date}.`,
    '',
    `| | ${columns.join(' | ')} |`,
    `| --- | ${columns.map(() => '---:').join(' | ')} |`,
    ...ways.map(
      ({ title, valueOf }) =>
        `| ${title} | ${columns.map((column) => number(valueOf(column))).join(' | ')} |`,
    ),
    '',
    result.sentence,
    '',
  ]
}

const linearWay = (
  title: string,
  scores: Readonly<Record<string, number>> | null,
): { title: string; valueOf: (column: string) => number | undefined }[] =>
  scores === null ? [] : [{ title, valueOf: (column) => scores[column] }]

const count = (part: number, all: number): string =>
  `${part.toLocaleString('en')} of ${all.toLocaleString('en')}`

const number = (value: number | undefined): string => (value === undefined ? '–' : value.toFixed(3))

const lines = tasks.flatMap(({ name, columns }) => {
  const file = `bench/results/task-${name}.json`
  if (!existsSync(file)) return []
  const result = JSON.parse(readFileSync(file, 'utf8')) as StoredResult
  return 'candidates' in result ? sectionOf(name, columns, result) : []
})
const text = readFileSync(readme, 'utf8')
const [head, rest] = text.split(begin)
const tail = rest?.split(end)[1]
if (head === undefined || tail === undefined) throw new Error(`${readme} has no ${begin} … ${end}`)
writeFileSync(readme, `${head}${begin}\n\n${lines.join('\n')}\n${end}${tail}`)
