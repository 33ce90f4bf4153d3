import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { errorCodes, exitStatus, type ErrorCode } from '../src/core/error-codes.ts'
import { literalsOf } from './testing/string-literals.ts'

/** Codes that nothing throws yet, each with the reason why it is kept. */
const reserved: Partial<Record<ErrorCode, string>> = {}

const codes = Object.keys(errorCodes) as ErrorCode[]
const document = readFileSync('docs/errors.md', 'utf8').replaceAll('\r\n', '\n')
const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.includes('testing/'))
  .filter((file) => file !== 'core/error-codes.ts' && file !== 'core/errors.ts')
  .map((file) => readFileSync(join('src', file), 'utf8'))

const known = sources.flatMap(literalsOf)
const isKnown = (text: string): boolean => known.some((literal) => literal.test(text))

/** Sections `### CODE`, each until the next heading, with the heading of level two that they stand under. */
const sections = document.split(/^## /m).flatMap((part) => {
  const [chapter = '', ...rest] = part.split(/^### /m)
  return rest.map((text) => ({ chapter: chapter.split('\n')[0] ?? '', text }))
})
const sectionOf = new Map(sections.map((section) => [section.text.split('\n')[0] ?? '', section]))

describe('docs/errors.md', () => {
  test('explains every code once, and no other', () => {
    expect(codes.length).toBeGreaterThan(10)
    expect([...sectionOf.keys()].toSorted()).toEqual(codes.toSorted())
    expect(sections).toHaveLength(codes.length)
  })

  test('gives each kind of failure its exit status', () => {
    const rows = [...document.matchAll(/^\| +(\d+) \| (\w+) +\|/gm)].map(([, status, kind]) => [
      kind,
      Number(status),
    ])
    expect(Object.fromEntries(rows)).toEqual(exitStatus)
  })

  test.each(codes)('%s stands in the chapter of its kind, with an example and what to do', (code) => {
    const { chapter = '', text = '' } = sectionOf.get(code) ?? {}
    expect(chapter.toLowerCase()).toContain(errorCodes[code])
    expect(text).toMatch(/\n```\nerror E_[A-Z_]+ {2}.+\n(?:.+\n)*```\n\nWhat to do: /)
  })

  test.each(codes)('%s: the example is an error that the program can give', (code) => {
    const [, shown = ''] = /```\nerror (.*?)\n```/s.exec(sectionOf.get(code)?.text ?? '') ?? []
    expect(shown.startsWith(`${code}  `)).toBe(true)
    const [first = '', ...rest] = shown.slice(code.length + 2).split('\n')
    const column = ' '.repeat(`error ${code}  `.length)
    expect(rest.filter((line) => !line.startsWith(column))).toEqual([])
    const below = rest.map((line) => line.slice(column.length))
    // Findings are listed in the message, indented under how many there are.
    const message = [first, ...below.filter((line) => line.startsWith('  '))]
    expect(known.length).toBeGreaterThan(500)
    expect(message.filter(isKnown)).not.toEqual([])
    expect(below.slice(-1).every(isKnown)).toBe(true)
  })
})

describe('error codes', () => {
  test.each(codes)('%s is thrown somewhere, or reserved with a reason', (code) => {
    // A comparison with a code throws nothing.
    const thrown = new RegExp(`(?<![!=]== )'${code}'`)
    const isThrown = sources.some((text) => thrown.test(text))
    expect(isThrown).toBe(reserved[code] === undefined)
  })
})
