// The first command of README.md on a fresh home: how long it takes, what it needs, and what comes out.
//   npx tsx bench/first-run.ts
import { cpSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServices } from '../src/compose.ts'
import { readConfig } from '../src/config/read-config.ts'
import { writeResult } from './lib/write-result.ts'

const work = mkdtempSync(join(tmpdir(), 'hone-first-run-'))
const [home, task] = [join(work, 'home'), join(work, 'claims-router')]
cpSync('examples/claims-router', task, { recursive: true })

let peakBytes = 0
const started = performance.now()
const outcome = await createServices({ home }).run.run(await readConfig(task), {
  onEvent: (event) => {
    if (event.type === 'step') peakBytes = Math.max(peakBytes, event.memoryBytes)
  },
})
const seconds = Math.round((performance.now() - started) / 1000)
const gigabytes = (bytes: number): number => Number((bytes / 1e9).toFixed(2))
const result = {
  seconds,
  trainingPeakGigabytes: gigabytes(peakBytes),
  baseGigabytes: gigabytes(sizeOf(join(home, 'models', 'smollm2-135m-instruct'))),
  cacheGigabytes: gigabytes(sizeOf(join(home, 'cache', 'weights'))),
  tunedModelGigabytes: gigabytes(sizeOf(join(home, 'models', 'claims-router-1'))),
  candidates: outcome.evaluation.candidates.map(({ id, scores }) => ({ id, scores })),
}
console.table([{ ...result, candidates: undefined }])
console.log(`written ${writeResult('first-run', result)}`)
rmSync(work, { recursive: true, force: true })

function sizeOf(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0)
}
