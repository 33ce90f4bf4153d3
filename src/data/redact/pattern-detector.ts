import { HoneError } from '../../core/errors.ts'
import { madeUpNumber } from './detectors/after-words.ts'
import type { Detector } from './detector.ts'
import { tokenFlag } from './detector.ts'

const longestPattern = 200
/** How many ways a pattern may have to match at one place. */
const mostWays = 1_000

const refuse = (pattern: string, why: string): never => {
  throw new HoneError('E_USAGE', `the pattern ${JSON.stringify(pattern.slice(0, 60))} ${why}`, {
    hint: 'use letters, digits, classes such as \\d or [A-Z], (?:a|b), and counts such as {6} or {6,8}',
  })
}

const atom = /\\[dwDWsSbt.\-/#\\()[\]{}+*?^$|]|\[(?:\\.|[^\]\\])+\]|[^\\[\](){}*+?|]/y
const count = /\{(\d{1,3})(?:,(\d{1,3}))?\}|\?/y

/**
 * A pattern that a user gave, refused unless it is certain to take time that grows with the text only: no unlimited
 * repetition, no repeated groups, no look-around or back-reference, few ways to match.
 *
 * @throws HoneError `E_USAGE` that says why.
 */
export function safePattern(pattern: string): RegExp {
  if (pattern.length > longestPattern)
    refuse(pattern, `has ${pattern.length} characters; ${longestPattern} are allowed`)
  let ways = 1
  let matched = 0
  let level = 0
  for (let at = 0; at < pattern.length;) {
    if (pattern.startsWith('(?:', at)) {
      level++
      at += 3
      continue
    }
    const character = pattern.charAt(at)
    if (character === ')' || character === '|') {
      level -= character === ')' ? 1 : 0
      ways *= character === '|' ? 2 : 1
      at++
      if (character === ')' && /^[*+?{]/.test(pattern.slice(at))) refuse(pattern, 'repeats a group')
      if (level < 0) refuse(pattern, 'closes a group that is not open')
      continue
    }
    atom.lastIndex = at
    const found = atom.exec(pattern)?.[0]
    if (found === undefined)
      return refuse(pattern, `has ${JSON.stringify(character)} at ${at + 1}, which is not allowed`)
    at += found.length
    const consumes = found === '\\b' || found === '^' || found === '$' ? 0 : 1
    count.lastIndex = at
    const repeated = count.exec(pattern)
    if (repeated !== null) {
      const least = Number(repeated[1] ?? 0)
      const most = Number(repeated[2] ?? repeated[1] ?? 1)
      if (most > 64 || least > most) refuse(pattern, `repeats ${least} to ${most} times; 64 is the most`)
      ways *= most - least + 1
      matched += consumes * least
      at += repeated[0].length
    } else matched += consumes
    if (ways > mostWays) refuse(pattern, `can match in more than ${mostWays} ways`)
  }
  if (level !== 0) refuse(pattern, 'leaves a group open')
  if (matched < 3) refuse(pattern, 'must have at least three characters')
  return new RegExp(
    `(?<![\\p{L}\\d_])(?:${pattern.replaceAll(/\\-(?![^[]*\])/g, '-')})(?![\\p{L}\\d_])`,
    'gu',
  )
}

/** Finds medical record numbers by a pattern, in runs without a space that hold a digit. */
export function patternDetector(pattern: string): Detector {
  const expression = safePattern(pattern)
  return {
    kind: 'mrn',
    group: 'health',
    title: 'medical record number',
    covers: `what matches ${pattern}`,
    misses: 'values with a space',
    token: {
      flags: tokenFlag.digit,
      find({ text }, start, end, found) {
        for (const match of text.slice(start, Math.min(end, start + 512)).matchAll(expression)) {
          if (match[0] !== '' && !match[0].startsWith('XX'))
            found(start + match.index, start + match.index + match[0].length)
        }
      },
    },
    pseudonym: madeUpNumber,
  }
}
