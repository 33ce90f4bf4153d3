const steps: Readonly<Record<string, string>> = {
  import: 'import',
  save: 'hone data',
  fix: 'mending',
  redact: 'redaction',
  dedupe: 'taking duplicates out',
  split: 'split',
  add: 'an added example',
}

/** What made a version, in words. */
export const madeBy = (step: string): string => steps[step] ?? step
