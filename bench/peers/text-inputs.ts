/**
 * Prints the strings, conversations and templates on which the reference tokenizers and templates are asked, as JSON.
 *
 *   npx tsx bench/peers/text-inputs.ts > inputs.json
 */
import { readdirSync, readFileSync } from 'node:fs'
import { preTokenizerKinds } from '../../src/text/pre-tokenizer-kinds.ts'
import { goldenCounts } from '../../src/text/testing/golden-hash.ts'
import { mixedConversations } from '../../src/text/testing/mixed-conversations.ts'
import { mixedStrings } from '../../src/text/testing/mixed-strings.ts'

const folder = new URL('../../src/text/fixtures/templates/', import.meta.url)
const templates = readdirSync(folder)
  .filter((file) => file.endsWith('.jinja'))
  .map((file) => [file, readFileSync(new URL(file, folder), 'utf8')])

process.stdout.write(
  JSON.stringify({
    strings: mixedStrings(goldenCounts.strings),
    conversations: mixedConversations(goldenCounts.conversations),
    templates: Object.fromEntries(templates),
    preTokenizerKinds,
  }),
)
