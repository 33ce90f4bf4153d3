/**
 * Writes the reference models of test/fixtures with their adapters in every form of GGUF, for llama.cpp to read.
 *
 *   npx tsx bench/peers/architecture-exports.ts FOLDER
 */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { writeArchitectureExports } from '../../src/engine/export/testing/architecture-exports.ts'

const [folder] = process.argv.slice(2)
if (folder === undefined) throw new Error('usage: npx tsx bench/peers/architecture-exports.ts FOLDER')
const names = readdirSync(join('test', 'fixtures')).filter((name) => name.includes('-tiny'))
await writeArchitectureExports(folder, names)
