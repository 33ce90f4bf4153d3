#!/usr/bin/env node
// Writes the records of this example: `node generate.mjs [file]` (default: data.jsonl beside this file; `-` prints).
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createRandom } from '../claims-router/grammar/expand.mjs'
import { createQuestions } from './grammar/questions.mjs'

const seed = 20261123
const random = createRandom(seed)
const system = readFileSync(new URL('system.txt', import.meta.url), 'utf8').trim()
const records = random.shuffle(createQuestions(random)).map(({ question, fact, basis, risk, advice }) =>
  JSON.stringify({
    messages: [
      { role: 'system', content: system },
      { role: 'user', content: question },
      {
        role: 'assistant',
        content: `FACT: ${fact}\nLEGAL BASIS: ${basis}\nRISK: ${risk}\nRECOMMENDATION: ${advice}`,
      },
    ],
  }),
)
const text = `${records.join('\n')}\n`
const target = process.argv[2] ?? fileURLToPath(new URL('data.jsonl', import.meta.url))
if (target === '-') process.stdout.write(text)
else writeFileSync(target, text)
