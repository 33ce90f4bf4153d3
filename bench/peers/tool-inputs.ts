/**
 * Prints the conversations with tools, and the templates that write them, on which transformers is asked, as JSON.
 *
 *   npx tsx bench/peers/tool-inputs.ts > tool-inputs.json
 */
import { readdirSync, readFileSync } from 'node:fs'
import { toolConversations } from '../../src/text/testing/tool-conversations.ts'
import { toolGoldenCount } from '../../src/text/testing/tool-templates.ts'

const folder = new URL('../../src/text/fixtures/tool-templates/', import.meta.url)
const templates = readdirSync(folder).map((file) => [
  file.replace('.jinja', ''),
  readFileSync(new URL(file, folder), 'utf8'),
])

process.stdout.write(
  JSON.stringify({
    conversations: toolConversations(toolGoldenCount),
    templates: Object.fromEntries(templates),
  }),
)
