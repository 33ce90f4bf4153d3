/** What a failure means for the program's exit status. */
export const exitStatus = { ok: 0, gate: 1, input: 2, operation: 3, interrupted: 130 } as const

export type FailureKind = Exclude<keyof typeof exitStatus, 'ok'>

/**
 * Every code that Hone can answer with. A code is stable: it never changes its meaning, and a removed one is never used
 * again. `docs/errors.md` explains each one.
 */
export const errorCodes = {
  E_USAGE: 'input',
  E_KEY: 'input',
  E_NOT_FOUND: 'input',
  E_CONFIG: 'input',
  E_DATA: 'input',
  E_DATA_EMPTY: 'input',
  E_DATA_TOO_FEW: 'input',
  E_DATA_TOO_LONG: 'input',
  E_LABEL_UNSEEN: 'input',
  E_MODEL_UNKNOWN: 'input',
  E_MODEL_FILE: 'input',
  E_MODEL_UNSUPPORTED: 'input',
  E_TEMPLATE: 'input',
  E_CONSTRAINT: 'input',
  E_CHECKSUM: 'operation',
  E_GATE: 'gate',
  E_EXISTS: 'input',
  E_RESUME: 'input',
  E_MEMORY: 'input',
  E_DISK: 'operation',
  E_DOWNLOAD: 'operation',
  E_LOCKED: 'operation',
  E_PROVIDER: 'operation',
  E_BUDGET: 'input',
  E_DATABASE: 'operation',
  E_ADDRESS: 'operation',
  E_BUSY: 'operation',
  E_DEVICE: 'operation',
  E_NAN: 'operation',
  E_WORKER: 'operation',
  E_INTERNAL: 'operation',
  E_INTERRUPTED: 'interrupted',
} as const

export type ErrorCode = keyof typeof errorCodes

/** What a code means for the exit status. */
export const failureKind = (code: ErrorCode): FailureKind => errorCodes[code]
