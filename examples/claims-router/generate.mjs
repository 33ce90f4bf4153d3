#!/usr/bin/env node
// Writes the records of this example: `node generate.mjs [file]` (default: data.jsonl beside this file; `-` prints).
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createRandom } from './grammar/expand.mjs'
import { createDesk } from './grammar/desk.mjs'
import { addNoise } from './grammar/noise.mjs'

const seed = 20261121
const random = createRandom(seed)
const system = readFileSync(new URL('system.txt', import.meta.url), 'utf8').trim()
const { drafts } = createDesk(random)
const records = random.shuffle(addNoise(drafts, random)).map(({ user, route, rationale }) =>
  JSON.stringify({
    messages: [
      { role: 'system', content: system },
      { role: 'user', content: user },
      { role: 'assistant', content: `ROUTE: ${route}\nRATIONALE: ${rationale}` },
    ],
  }),
)
const text = `${records.join('\n')}\n`
const target = process.argv[2] ?? fileURLToPath(new URL('data.jsonl', import.meta.url))
if (target === '-') process.stdout.write(text)
else writeFileSync(target, text)
