import { expect, test } from 'vitest'
import type { DataRedaction } from '../../service/data/data-redact.ts'
import type { Reusable } from '../../service/data/reuse-result.ts'
import { dataRedactLines } from './data-redact-lines.ts'

const redaction: Reusable<DataRedaction> = {
  schema: 1,
  file: 'claims.jsonl',
  to: null,
  report: null,
  policy: 'default',
  records: 1_204,
  changed: 310,
  dropped: 2,
  repeatable: false,
  pseudonyms: null,
  kinds: [
    {
      kind: 'email',
      title: 'e-mail address',
      action: 'replace',
      covers: '',
      misses: '',
      found: 12,
      records: 11,
      measured: { right: 9, missed: 1, false: 0 },
    },
    {
      kind: 'name',
      title: "person's name",
      action: 'pseudonym',
      covers: '',
      misses: '',
      found: 1_300,
      records: 301,
      measured: { right: 45, missed: 55, false: 3 },
    },
  ],
  kept: ['age'],
  limits: [],
  measured: { sentences: 80, right: 54, missed: 56, false: 3 },
  reused: false,
}

test('what would be done', () => {
  expect(dataRedactLines(redaction)).toMatchInlineSnapshot(`
    [
      "claims.jsonl · 1,204 records · policy default, 2 kinds",
      "",
      "  name   1,300  in 301 records  made-up value  person's name",
      "  email  12     in 11 records   [EMAIL]        e-mail address",
      "",
      "found     1,312 finds in 312 of 1,204 records · 310 to change · 2 to drop",
      "missed    what has no such form, and no such words around it. How much that is, measured on",
      "          80 sentences that the detectors were not made with:",
      "            name       45 of 100 (45 %) found  3 found that is none",
      "            all kinds  54 of 110 (49 %) found  3 found that is none",
      "          Not looked at: pictures, sound, files behind links; names in other scripts than Latin, Greek",
      "          and Cyrillic.",
      "left      alone as nobody's: example.com, 555-01xx, private and documentation IP addresses, cards for tests",
      "kept      not looked for by this policy: age",
      "next      hone data redact claims.jsonl --to claims.redacted.jsonl",
    ]
  `)
})

test('what was done', () => {
  const done = {
    ...redaction,
    to: 'out.jsonl',
    report: 'finds.jsonl',
    pseudonyms: 'file',
    repeatable: true,
  } as const
  expect(dataRedactLines(done).filter((line) => /^(?:found|made|written|report|next)/.test(line)))
    .toMatchInlineSnapshot(`
    [
      "found     1,312 finds in 312 of 1,204 records · 310 changed · 2 dropped",
      "made up   the same value gets the same one in the whole file,",
      "written   out.jsonl",
      "report    finds.jsonl, without the values",
      "next      read some of it: less out.jsonl",
    ]
  `)
})

test('nothing found is no promise', () => {
  const none = {
    ...redaction,
    kinds: redaction.kinds.map((kind) => ({ ...kind, found: 0 })),
    changed: 0,
    dropped: 0,
  }
  expect(dataRedactLines(none).at(-1)).toBe(
    'next      nothing was found; read some of it before you rely on that: less claims.jsonl',
  )
})
