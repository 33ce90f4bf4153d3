import { labelled } from './labelled.ts'

/** Says of an outcome that an earlier run found it. */
export const reusedLines = ({ reused }: { readonly reused: boolean }): string[] =>
  reused
    ? labelled('reused', ['content and settings are those of an earlier run (--fresh does it again)'])
    : []
