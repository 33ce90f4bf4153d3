import type { RedactionGate } from '../redact/require-redacted.ts'

/** What finds personal data. Loaded only where it is asked for: its detectors take time. */
export async function loadGate(): Promise<RedactionGate> {
  const { RedactionGate } = await import('../redact/require-redacted.ts')
  return new RedactionGate()
}
