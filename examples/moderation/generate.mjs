#!/usr/bin/env node
// Writes the records of this example: `node generate.mjs [file]` (default: data.jsonl beside this file; `-` prints).
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createRandom } from '../claims-router/grammar/expand.mjs'
import { createPosts } from './grammar/posts.mjs'

const seed = 20261122
const random = createRandom(seed)
const system = readFileSync(new URL('system.txt', import.meta.url), 'utf8').trim()
const records = random.shuffle(createPosts(random)).map(({ post, label }) =>
  JSON.stringify({
    messages: [
      { role: 'system', content: system },
      { role: 'user', content: post },
      { role: 'assistant', content: label },
    ],
  }),
)
const text = `${records.join('\n')}\n`
const target = process.argv[2] ?? fileURLToPath(new URL('data.jsonl', import.meta.url))
if (target === '-') process.stdout.write(text)
else writeFileSync(target, text)
