#!/usr/bin/env node
// Writes the records of this example: `node generate.mjs [file]` (default: data.jsonl beside this file; `-` prints).
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { createDealer, createRandom } from '../claims-router/grammar/expand.mjs'
import { drawNote } from './grammar/notes.mjs'

const records = 600
const random = createRandom(20261122)
const tools = { random, deal: createDealer(random) }
const system = readFileSync(new URL('system.txt', import.meta.url), 'utf8').trim()
const text = Array.from({ length: records }, () => {
  const { note, answer } = drawNote(tools)
  return `${JSON.stringify({
    messages: [
      { role: 'system', content: system },
      { role: 'user', content: note },
      { role: 'assistant', content: JSON.stringify(answer) },
    ],
  })}\n`
}).join('')
const target = process.argv[2] ?? fileURLToPath(new URL('data.jsonl', import.meta.url))
if (target === '-') process.stdout.write(text)
else writeFileSync(target, text)
