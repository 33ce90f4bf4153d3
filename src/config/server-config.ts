import { stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { HoneError } from '../core/errors.ts'
import type { JsonSchema } from './config-schema.ts'
import { parseYamlFile } from './parse-yaml-file.ts'
import { readText } from './read-text.ts'

/** `hone.server.yaml`, defaults filled in. */
export interface ServerConfig {
  readonly schema: 1
  readonly listen: {
    readonly host: string
    readonly port: number
    /** Paths, from the folder of the file that names them. */
    readonly tls?: { readonly certificate: string; readonly key: string }
  }
  /** `postgres://…`; without it a file in the home. */
  readonly database?: string
  /** Another S3 that jobs read from and write to; without it, files in the home. */
  readonly objects?: {
    readonly endpoint: string
    readonly region: string
    /** Whether a bucket stands in the path or in the host's name. */
    readonly addressing: 'path' | 'virtual'
  }
  readonly models: {
    /** Local base of every base of a service that is not listed. */
    readonly default: string
    /** Local base by the service's id. */
    readonly map: Readonly<Record<string, string>>
  }
  readonly training: { readonly workers: number }
  readonly serving: {
    readonly models: number
    /** MiB; default: half of the machine's. */
    readonly memory?: number
    readonly waiting: number
    readonly connections: number
    /** Seconds. */
    readonly drain: number
    /** Whether models that did not pass their gate may be deployed. */
    readonly gate: 'obey' | 'ignore'
  }
  readonly lifecycle: 'as-of-2025' | 'today'
  /** Twelve digits that stand in ARNs. */
  readonly account: string
}

const schema = z
  .strictObject({
    schema: z.literal(1).describe('Version of this form'),
    listen: z
      .strictObject({
        host: z
          .string()
          .min(1)
          .default('127.0.0.1')
          .describe('Address to listen at. Others than loopback need keys, and tls or --public'),
        port: z.int().min(0).max(65_535).default(4290).describe('Port; 0 takes a free one'),
        tls: z
          .strictObject({
            certificate: z.string().min(1).describe('File of the certificate and those above it, PEM'),
            key: z.string().min(1).describe('File of its private key, PEM'),
          })
          .exactOptional()
          .describe('Speak TLS. Files are looked for from the folder of these settings'),
      })
      .prefault({})
      .describe('Where the server listens'),
    database: z
      .string()
      .regex(/^postgres(ql)?:\/\//, 'must be the address of a Postgres database')
      .exactOptional()
      .describe('Address of a Postgres database that several servers share. Default: a file in the home'),
    objects: z
      .strictObject({
        endpoint: z
          .string()
          .regex(
            /^https?:\/\/[^\s/?#@]+\/?$/,
            'must be the address of an S3, such as https://s3.eu-central-1.amazonaws.com',
          )
          .describe('Address of the S3'),
        region: z.string().min(1).default('us-east-1').describe('Region that requests are signed for'),
        addressing: z
          .enum(['path', 'virtual'])
          .default('path')
          .describe('Whether a bucket stands in the path or in the name of the host'),
      })
      .exactOptional()
      .describe(
        "Another S3 that jobs read from and write to. Default: files in the home, by the server's own S3",
      ),
    models: z
      .strictObject({
        default: z
          .string()
          .min(1)
          .default('smollm2-135m-instruct')
          .describe('Local base that stands in for every base of a service that is not in map'),
        map: z
          .record(z.string().min(1), z.string().min(1))
          .default({})
          .describe("Local base by the service's id of a base, such as amazon.nova-lite-v1:0:300k"),
      })
      .prefault({})
      .describe('Which local bases stand in for which bases of services'),
    training: z
      .strictObject({
        workers: z
          .int()
          .min(0)
          .max(64)
          .default(1)
          .describe('Jobs that this server trains at once; 0 leaves them to others'),
      })
      .prefault({})
      .describe('How jobs are run'),
    serving: z
      .strictObject({
        models: z
          .int()
          .min(1)
          .max(10_000)
          .default(200)
          .describe('Models that are held in memory at once; those of one base share its weights'),
        memory: z
          .int()
          .min(1)
          .exactOptional()
          .describe(
            "MiB that the weights of models in memory may take; the one that was idle longest makes room. Default: half of the machine's",
          ),
        waiting: z
          .int()
          .min(1)
          .max(100_000)
          .default(2000)
          .describe('Requests that wait for each base; more are answered with 429. Keys take turns'),
        connections: z.int().min(1).max(100_000).default(2000).describe('Connections that are open at once'),
        drain: z
          .int()
          .min(0)
          .max(3600)
          .default(60)
          .describe('Seconds that requests under way are given to end when the server is stopped'),
        gate: z
          .enum(['obey', 'ignore'])
          .default('obey')
          .describe(
            'Whether models that hone gate did not promote are refused where they are to be deployed',
          ),
      })
      .prefault({})
      .describe('How requests are answered'),
    lifecycle: z
      .enum(['as-of-2025', 'today'])
      .default('as-of-2025')
      .describe('Whether bases that their service has retired can be tuned, as when they could, or not'),
    account: z
      .string()
      .regex(/^\d{12}$/, 'must be twelve digits')
      .default('000000000000')
      .describe('Account number that ARNs carry'),
  })
  .describe('How hone serve works; every key may be left out')

const serverConfigSchema: z.ZodType<ServerConfig> = schema

/** The JSON Schema (2020-12) of `hone.server.yaml`, for editors. */
function serverConfigJsonSchema(): JsonSchema {
  return { title: 'hone.server.yaml', ...z.toJSONSchema(serverConfigSchema, { io: 'input' }) }
}

/** Name of the file in the home. */
const serverConfigName = 'hone.server.yaml'

/**
 * Reads the server's settings: the file that is named, else the one in the home, else the defaults.
 *
 * @returns the settings, and the file they were read from
 * @throws HoneError `E_CONFIG` with every problem and its line
 */
export async function readServerConfig(
  home: string,
  named?: string,
): Promise<{ readonly config: ServerConfig; readonly file: string | undefined }> {
  const file = named === undefined ? join(home, serverConfigName) : resolve(named)
  const isThere = (await stat(file).catch(() => undefined)) !== undefined
  if (!isThere && named === undefined) {
    return { config: serverConfigSchema.parse({ schema: 1 }), file: undefined }
  }
  const text = await readText(file)
  if (typeof text !== 'string') {
    throw new HoneError('E_CONFIG', text.problem, { at: { file }, hint: 'name a hone.server.yaml' })
  }
  const { config } = parseYamlFile(text, file, {
    schema: serverConfigSchema,
    jsonSchema: serverConfigJsonSchema,
  })
  return { config: withPaths(config, dirname(file)), file }
}

function withPaths(config: ServerConfig, folder: string): ServerConfig {
  const { tls } = config.listen
  if (tls === undefined) return config
  const found = { certificate: resolve(folder, tls.certificate), key: resolve(folder, tls.key) }
  return { ...config, listen: { ...config.listen, tls: found } }
}
