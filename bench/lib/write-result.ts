import { mkdirSync, writeFileSync } from 'node:fs'
import { describeMachine } from './machine.ts'

/** Writes a measurement beside those of other days' runs, with the machine that it was made on. */
export function writeResult(name: string, result: object): string {
  mkdirSync('bench/results', { recursive: true })
  const file = `bench/results/${name}.json`
  writeFileSync(file, `${JSON.stringify({ schema: 1, machine: describeMachine(), ...result }, null, 2)}\n`)
  return file
}
