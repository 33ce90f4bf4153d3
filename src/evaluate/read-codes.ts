import { icdCode } from './icd-10/icd-code.ts'
import { readJson } from './read-json.ts'
import { unreadable, type Reading } from './reading.ts'

/** What says that no code applies. */
const none = /^(?:none|no codes?|n\/a)\.?$/i

/**
 * Reads codes: a JSON list of texts, or codes with commas, semicolons or line breaks between them. Case and the dot are free.
 * What has not the form of a code is kept as written, in capitals, and counts as a wrong code.
 */
export function readCodes(answer: string): Reading {
  const text = answer.trim()
  const parts = text.startsWith('[') ? listOf(text) : none.test(text) ? [] : text.split(/[,;\n]/)
  if (parts === undefined) return unreadable('JSON that is no list of codes')
  const codes = parts.map((part) => part.trim()).filter((part) => part !== '')
  // A sentence is no code; counting it as one would hide that the form was not kept.
  if (codes.some((code) => /\s/.test(code))) return unreadable('words beside the codes')
  const unique = [...new Set(codes.map((code) => icdCode(code) ?? code.toUpperCase()))]
  return { readable: true, read: unique.toSorted().join(' '), codes: unique }
}

function listOf(text: string): string[] | undefined {
  const parsed = readJson(text)
  if (!parsed.readable || !Array.isArray(parsed.value)) return undefined
  const items: readonly unknown[] = parsed.value
  const texts = items.filter((item) => typeof item === 'string')
  return texts.length === items.length ? texts : undefined
}
