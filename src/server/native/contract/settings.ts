import { z } from 'zod'
import { count, time, whole } from './common.ts'
import { operations } from './operation.ts'

export const key = z
  .object({
    id: z.string(),
    kind: z
      .enum(['aws', 'bearer'])
      .meta({ description: 'a pair that signs, or a key that is sent as it is' }),
    user: z.string(),
    allow: z.array(z.string()),
    created: time,
    expires: time.nullable(),
    revoked: time.nullable(),
  })
  .meta({ id: 'Key' })

export const madeKey = z
  .object({
    id: z.string(),
    user: z.string(),
    allow: z.array(z.string()),
    secret: z.string().optional().meta({ description: 'of a pair; never shown again' }),
    key: z.string().optional().meta({ description: 'the key itself; never shown again' }),
  })
  .meta({ id: 'MadeKey' })

export const settings = z
  .object({
    hone: z.string(),
    home: z.string(),
    account: z.string(),
    configFile: z
      .string()
      .nullable()
      .meta({ description: 'where the settings were read from; null for the defaults' }),
    isLocal: z.boolean().meta({ description: 'whether only this machine reaches the server' }),
    lifecycle: z.enum(['as-of-2025', 'today']),
    trainingWorkers: count,
    serving: z.object({
      models: count.meta({ description: 'models in memory at once' }),
      memory: z
        .number()
        .nullable()
        .meta({ description: "MiB that they may take; null for half of the machine's" }),
      waiting: count.meta({ description: 'requests that may wait for each base' }),
      connections: count,
      drain: z.number().meta({ description: 'seconds that requests have to end when the server stops' }),
    }),
    defaultBase: z.string(),
    modelMap: z
      .array(
        z.object({ service: z.string(), identifier: z.string(), profile: z.string(), localBase: z.string() }),
      )
      .meta({ description: 'which local base stands in for which base of a service' }),
  })
  .meta({ id: 'Settings' })

export const endpoint = z
  .object({
    id: z.string(),
    name: z.string(),
    kind: z.enum(['provisioned', 'deployment']),
    state: z.string(),
    model: z.string().nullable().meta({ description: 'id of the model in the home; null for a base' }),
    base: z.string(),
    units: count.nullable().meta({ description: 'answers at once, by unit; null without a limit' }),
    createdAt: time,
  })
  .meta({ id: 'Endpoint' })

export const auditEntry = z
  .object({
    at: time,
    keyId: z.string(),
    action: z.string(),
    resource: z.string(),
    outcome: z.string(),
  })
  .meta({ id: 'AuditEntry' })

export const settingsOperations = operations({
  getSettings: {
    method: 'GET',
    path: '/api/settings',
    summary: 'Limits, the model map, and where they were read from',
    action: 'read',
    answer: { kind: 'json', schema: settings },
  },
  listEndpoints: {
    method: 'GET',
    path: '/api/endpoints',
    summary: 'What traffic calls: provisioned throughputs and deployments, whatever API made them',
    action: 'read',
    answer: {
      kind: 'json',
      schema: z.object({ endpoints: z.array(endpoint) }).meta({ id: 'EndpointList' }),
    },
  },
  listKeys: {
    method: 'GET',
    path: '/api/keys',
    summary: 'Keys with what they may do; never their secrets',
    action: 'admin',
    answer: { kind: 'json', schema: z.object({ keys: z.array(key) }).meta({ id: 'KeyList' }) },
  },
  createKey: {
    method: 'POST',
    path: '/api/keys',
    summary: 'Makes a key; its secret is answered this once',
    action: 'admin',
    body: z
      .strictObject({
        user: z
          .string()
          .min(1)
          .max(64)
          .regex(/^[\w+=,.@-]+$/),
        allow: z.array(z.string().min(1).max(300)).min(1).max(50).default(['invoke']),
        kind: z.enum(['aws', 'bearer']).default('bearer'),
      })
      .meta({ id: 'CreateKey' }),
    answer: { kind: 'json', schema: madeKey, status: 201 },
  },
  revokeKey: {
    method: 'DELETE',
    path: '/api/keys/{id}',
    summary: 'A key that is revoked works nowhere any more; it stays in the list',
    action: 'admin',
    answer: { kind: 'json', schema: z.object({ id: z.string() }).meta({ id: 'RevokedKey' }) },
  },
  listAudit: {
    method: 'GET',
    path: '/api/audit',
    summary: 'Who changed what, newest first; never what was said',
    action: 'admin',
    query: z.object({
      limit: whole(1, 1000).default(100),
      after: z.string().max(200).optional(),
      keyId: z.string().max(200).optional().meta({ description: 'only what this key did' }),
      search: z
        .string()
        .max(200)
        .optional()
        .meta({ description: 'text in the action, the resource or the outcome' }),
    }),
    answer: {
      kind: 'json',
      schema: z
        .object({ entries: z.array(auditEntry), next: z.string().nullable() })
        .meta({ id: 'AuditLog' }),
    },
  },
})
