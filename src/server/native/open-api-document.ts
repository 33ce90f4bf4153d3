import { z } from 'zod'
import { packageVersion } from '../../lib/package-version.ts'
import { allOperations } from './contract/all-operations.ts'
import { apiError, progress } from './contract/common.ts'
import type { Answer, Operation } from './contract/operation.ts'

type Json = Readonly<Record<string, unknown>>

/** Schemas that have a name, gathered while they are met. */
class Components {
  readonly schemas: Record<string, Json> = {}

  /** A schema as JSON Schema 2020-12; parts with an id stand among the components. */
  of(schema: z.ZodType, io: 'input' | 'output'): Json {
    const {
      $schema: _,
      $defs = {},
      ...json
    } = z.toJSONSchema(schema, {
      io,
      unrepresentable: 'any',
      // Clients have to bear members that later versions add.
      override: ({ jsonSchema }) => {
        if (io === 'output' && jsonSchema.additionalProperties === false)
          delete jsonSchema.additionalProperties
      },
    }) as Json & {
      readonly $defs?: Readonly<Record<string, Json>>
    }
    for (const [name, definition] of Object.entries($defs)) this.#add(name, definition)
    const { id, ...rest } = json as Json & { readonly id?: string }
    if (id === undefined) return relocated(json)
    this.#add(id, rest)
    return { $ref: `#/components/schemas/${id}` }
  }

  #add(name: string, schema: Json): void {
    const { id: _, ...definition } = schema
    const moved = relocated(definition)
    const known = this.schemas[name]
    if (known !== undefined && JSON.stringify(known) !== JSON.stringify(moved)) {
      throw new Error(`two schemas of the API are called ${name}`)
    }
    this.schemas[name] = moved
  }
}

/** With references to where an OpenAPI document keeps its schemas. */
function relocated(json: Json): Json {
  return JSON.parse(JSON.stringify(json).replaceAll('"#/$defs/', '"#/components/schemas/')) as Json
}

/** The OpenAPI 3.1 document of the API, made of the schemas that requests are read with. */
export function openApiDocument(): Json {
  const components = new Components()
  const errorSchema = components.of(apiError, 'output')
  const paths: Record<string, Record<string, Json>> = {}
  for (const [tag, table] of Object.entries(allOperations)) {
    for (const operation of Object.values(table) as readonly Operation[]) {
      paths[operation.path] ??= {}
      paths[operation.path]![operation.method.toLowerCase()] = operationObject(
        tag,
        operation,
        components,
        errorSchema,
      )
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Hone',
      version: packageVersion(),
      description: "Hone's own API: datasets, training, evaluations, models and keys of one home.",
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    security: [{ key: [] }],
    tags: Object.keys(allOperations).map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: { key: { type: 'http', scheme: 'bearer' } },
      schemas: Object.fromEntries(
        Object.entries(components.schemas).toSorted(([a], [b]) => (a < b ? -1 : 1)),
      ),
    },
  }
}

function operationObject(tag: string, operation: Operation, components: Components, errorSchema: Json): Json {
  const { id, summary, action, path, query, headers = {}, body, answer } = operation
  const labels = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }))
  const querySchema = query === undefined ? {} : components.of(query, 'input')
  const required = (querySchema['required'] ?? []) as readonly string[]
  const members = Object.entries((querySchema['properties'] ?? {}) as Readonly<Record<string, Json>>)
  const parameters = [
    ...labels,
    ...members.map(([name, schema]) => ({ name, in: 'query', required: required.includes(name), schema })),
    ...Object.entries(headers).map(([name, schema]) => ({
      name,
      in: 'header',
      required: false,
      schema: components.of(schema, 'input'),
    })),
  ]
  return {
    operationId: id,
    tags: [tag],
    summary,
    'x-hone-action': action,
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content:
              body === 'bytes'
                ? { 'application/octet-stream': { schema: { type: 'string', format: 'binary' } } }
                : { 'application/json': { schema: components.of(body, 'input') } },
          },
        }),
    responses: {
      ...answerObject(answer, components),
      default: { description: 'Refused', content: { 'application/json': { schema: errorSchema } } },
    },
  }
}

function answerObject(answer: Answer, components: Components): Json {
  const event = (name: string, schema: z.ZodType): Json => ({
    type: 'object',
    required: ['event', 'data'],
    properties: { event: { const: name }, data: components.of(schema, 'output') },
  })
  const stream = (events: Readonly<Record<string, z.ZodType>>): Json => ({
    schema: { type: 'string' },
    // Of each event: its type, and the JSON of its data.
    'x-hone-events': { oneOf: Object.entries(events).map(([name, schema]) => event(name, schema)) },
  })
  switch (answer.kind) {
    case 'json':
      return {
        [String(answer.status ?? 200)]: {
          description: 'Answered',
          content: { 'application/json': { schema: components.of(answer.schema, 'output') } },
        },
      }
    case 'steps':
      return {
        '200': {
          description: 'Answered when it is done; with `accept: text/event-stream` with progress meanwhile',
          content: {
            'application/json': { schema: components.of(answer.schema, 'output') },
            'text/event-stream': stream({ progress, result: answer.schema, error: apiError }),
          },
        },
      }
    case 'events':
      return {
        '200': { description: 'A stream of events', content: { 'text/event-stream': stream(answer.events) } },
      }
    case 'file':
    default:
      return {
        '200': {
          description: 'A file',
          content: { [answer.mediaType]: { schema: { type: 'string', format: 'binary' } } },
        },
      }
  }
}
