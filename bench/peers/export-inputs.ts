/**
 * Writes a tiny tuned model in every form of export, for the programs that shall read them.
 *
 *   npx tsx bench/peers/export-inputs.ts FOLDER
 */
import { writeTinyExports } from '../../src/engine/export/testing/tiny-exports.ts'

const [folder] = process.argv.slice(2)
if (folder === undefined) throw new Error('usage: npx tsx bench/peers/export-inputs.ts FOLDER')
await writeTinyExports(folder)
