import { z } from 'zod'
import { isHostedName, type HostedConnection } from '../core/hosted-model.ts'

/** What follows `openai-compatible:` is the name that the service gives the model. */
export const hostedName = 'openai-compatible:[!-~]{1,200}'

const loopback = new Set(['localhost', '127.0.0.1', '[::1]'])

/** The keys with which a hosted model is reached. */
export const connectionKeys = (
  retried: string,
): {
  readonly url: z.ZodExactOptional<z.ZodURL>
  readonly keyVariable: z.ZodExactOptional<z.ZodString>
  readonly retries: z.ZodExactOptional<z.ZodInt>
  readonly concurrency: z.ZodExactOptional<z.ZodInt>
  readonly timeoutSeconds: z.ZodExactOptional<z.ZodNumber>
} => ({
  url: z
    .url({ protocol: /^https?$/ })
    .exactOptional()
    .describe(
      'Of a hosted model: what /chat/completions follows, such as https://api.openai.com/v1; the rows are sent there',
    ),
  keyVariable: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of an environment variable')
    .exactOptional()
    .describe('Of a hosted model: the environment variable that holds the key. Default: no key is sent'),
  retries: z
    .int()
    .min(0)
    .max(20)
    .exactOptional()
    .describe(`How often ${retried}, where the reason may pass. Default: 0, of a hosted model 4`),
  concurrency: z
    .int()
    .min(1)
    .max(256)
    .exactOptional()
    .describe('Of a hosted model: requests under way at once. Default: 4'),
  timeoutSeconds: z
    .number()
    .gt(0)
    .max(3600)
    .exactOptional()
    .describe('Of a hosted model: longest wait for an answer. Default: 120'),
})

/** What is wrong with the connection of a model, as zod has it; undefined where nothing is. */
export function connectionProblem({
  model,
  ...connection
}: Partial<HostedConnection> & { readonly model: string }):
  | { readonly path: string[]; readonly message: string }
  | undefined {
  const { url, keyVariable, concurrency, timeoutSeconds } = connection
  if (!isHostedName(model)) {
    const strange = Object.entries({ url, keyVariable, concurrency, timeoutSeconds }).find(
      ([, value]) => value !== undefined,
    )
    if (strange === undefined) return undefined
    return { path: [strange[0]], message: 'belongs to a hosted model only (openai-compatible:NAME)' }
  }
  if (url === undefined) return { path: ['url'], message: 'must be given for a hosted model' }
  const { username, password, protocol, hostname, search, hash } = new URL(url)
  if (username !== '' || password !== '' || search !== '' || hash !== '')
    return { path: ['url'], message: 'must hold no key, query or fragment; name a variable as keyVariable' }
  if (keyVariable !== undefined && protocol === 'http:' && !loopback.has(hostname))
    return { path: ['url'], message: 'must be https where a key is sent' }
  return undefined
}
