import { z } from 'zod'

/** A text written in the file, or the name of a file that holds it. */
export type TextOrFile = string | { readonly file: string }

export const textOrFile: z.ZodType<TextOrFile> = z.union([
  z.string().min(1),
  z.strictObject({ file: z.string().min(1).describe('File that holds the text, relative to this one') }),
])
