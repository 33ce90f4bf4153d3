/** A refusal of the API: its code, what failed, where, and what to do. `E_UNREACHABLE` where no answer came. */
export class ApiError extends Error {
  readonly code: string
  readonly at: Readonly<Record<string, unknown>>
  readonly hint: string | undefined
  /** Of HTTP; 0 where no answer came. */
  readonly status: number

  constructor(
    status: number,
    failure: {
      readonly code: string
      readonly message: string
      readonly at?: Readonly<Record<string, unknown>>
      readonly hint?: string | undefined
    },
  ) {
    super(failure.message)
    this.name = 'ApiError'
    this.status = status
    this.code = failure.code
    this.at = failure.at ?? {}
    this.hint = failure.hint
  }
}

/** Anything thrown as an error that can be shown. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error
  if (error instanceof TypeError) {
    return new ApiError(0, {
      code: 'E_UNREACHABLE',
      message: `the server at ${location.host} does not answer`,
      hint: 'see whether hone serve still runs there',
    })
  }
  return new ApiError(0, {
    code: 'E_PAGE',
    message: error instanceof Error ? error.message : String(error),
    hint: 'reload the page; if it comes again, it is a mistake of the page',
  })
}
