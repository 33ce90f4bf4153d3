/** What goes wrong, as the API says it. */
export interface OpenAiError {
  readonly message: string
  readonly type: string
  /** The parameter that is wrong. */
  readonly param: string | null
  readonly code: string | null
}

/** Source: https://platform.openai.com/docs/guides/error-codes */
export const writeError = (error: OpenAiError): { readonly error: OpenAiError } => ({ error })

/** A JSON pointer, or `?name` of the query, as the API names a parameter: `messages[0].content`. */
export function parameterName(pointer: string | undefined): string | null {
  if (pointer === undefined || pointer === '') return null
  if (pointer.startsWith('?')) return pointer.slice(1)
  const parts = pointer.slice(1).split('/')
  const names = parts.map((part) => {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~')
    return /^\d+$/.test(name) ? `[${name}]` : `.${name}`
  })
  return names.join('').replace(/^\./, '')
}
