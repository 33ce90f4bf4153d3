/**
 * The form of an ICD-10-CM code: a letter, a digit, a digit or letter, and up to four more behind a dot. Source: ICD-10-CM
 * Official Guidelines for Coding and Reporting FY 2025, section I.A.
 */
const form = /^([A-Z]\d[0-9A-Z])(?:\.?([0-9A-Z]{1,4}))?$/

/** The code in capitals with its dot, `J45.901` for `j45901`; undefined for what has not the form of one. */
export function icdCode(text: string): string | undefined {
  const match = form.exec(text.trim().toUpperCase())
  if (match === null) return undefined
  const [, category = '', rest] = match
  return rest === undefined ? category : `${category}.${rest}`
}

/** The category: the first three characters. */
export const icdCategory = (code: string): string => code.slice(0, 3)

/** A code and what it lies in, the code first: `J45.90`, `J45.9`, `J45`, `chapter 10`. */
export function icdLineage(code: string): string[] {
  const known = icdCode(code)
  if (known === undefined) return [code]
  const shorter = Array.from({ length: Math.max(0, known.length - 4) }, (_, at) =>
    known.slice(0, known.length - at),
  )
  const chapter = icdChapter(known)
  return [...shorter, icdCategory(known), ...(chapter === undefined ? [] : [`chapter ${chapter}`])]
}

/** First and last category of each chapter. Source: ICD-10-CM tabular list, FY 2025. */
const chapters: readonly (readonly [number: number, first: string, last: string])[] = [
  [1, 'A00', 'B99'],
  [2, 'C00', 'D49'],
  [3, 'D50', 'D89'],
  [4, 'E00', 'E89'],
  [5, 'F01', 'F99'],
  [6, 'G00', 'G99'],
  [7, 'H00', 'H59'],
  [8, 'H60', 'H95'],
  [9, 'I00', 'I99'],
  [10, 'J00', 'J99'],
  [11, 'K00', 'K95'],
  [12, 'L00', 'L99'],
  [13, 'M00', 'M99'],
  [14, 'N00', 'N99'],
  [15, 'O00', 'O9A'],
  [16, 'P00', 'P96'],
  [17, 'Q00', 'Q99'],
  [18, 'R00', 'R99'],
  [19, 'S00', 'T88'],
  [20, 'V00', 'Y99'],
  [21, 'Z00', 'Z99'],
  [22, 'U00', 'U85'],
]

/** The chapter of a code, 1 to 22; undefined where no chapter holds it. */
export function icdChapter(code: string): number | undefined {
  const category = icdCategory(code.toUpperCase())
  return chapters.find(([, first, last]) => category >= first && category <= last)?.[0]
}
