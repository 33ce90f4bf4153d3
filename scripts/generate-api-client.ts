// Writes the types of Hone's own API from its OpenAPI document, with a client of one function:
//   npx tsx scripts/generate-api-client.ts http://127.0.0.1:4290/api/openapi.json|FILE OUT.ts
import { readFile, writeFile } from 'node:fs/promises'
import { pathToFileURL } from 'node:url'

interface Schema {
  readonly $ref?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
  readonly type?: string | readonly string[]
  readonly items?: Schema
  readonly prefixItems?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: Schema | boolean
  readonly description?: string
}

interface Content {
  readonly schema: Schema
  readonly 'x-hone-events'?: Schema
}

interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly parameters?: readonly {
    readonly name: string
    readonly in: string
    readonly required: boolean
    readonly schema: Schema
  }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, Content>> }
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Content>> }>>
}

export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}

/** The source of the types of a document, and of where its operations are. */
export function apiTypesSource(document: ApiDocument): string {
  const schemas = Object.entries(document.components.schemas).map(
    ([name, schema]) => `export type ${name} = ${typeOf(schema)}\n`,
  )
  const operations = Object.values(document.paths).flatMap((methods) =>
    Object.values(methods).map(operationType),
  )
  const places = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => {
      const { operationId, responses } = operation
      const [, answered] = Object.entries(responses).find(([status]) => status.startsWith('2')) ?? []
      const isJson = answered?.content?.['application/json'] !== undefined
      return `  ${operationId}: { method: '${method.toUpperCase()}', path: '${path}', isJson: ${isJson} },\n`
    }),
  )
  return [
    '// Made from the OpenAPI document by scripts/generate-api-client.ts. Do not change it by hand.\n',
    ...schemas,
    `\nexport interface Operations {\n${operations.join('')}}\n`,
    `\nexport const places: { readonly [Id in keyof Operations]: { readonly method: string; readonly path: string; readonly isJson: boolean } } = {\n${places.join('')}}\n`,
  ].join('\n')
}

function operationType({ operationId, summary, parameters = [], requestBody, responses }: Operation): string {
  const members = (where: string): string[] =>
    parameters
      .filter((parameter) => parameter.in === where)
      .map(({ name, required, schema }) => `${JSON.stringify(name)}${required ? '' : '?'}: ${typeOf(schema)}`)
  const content = requestBody?.content ?? {}
  const body =
    'application/json' in content
      ? [`body: ${typeOf(content['application/json'].schema)}`]
      : 'application/octet-stream' in content
        ? ['body: Uint8Array | Blob']
        : []
  const [, answered] = Object.entries(responses).find(([status]) => status.startsWith('2')) ?? []
  const answers = answered?.content ?? {}
  const json = answers['application/json']?.schema
  const events = answers['text/event-stream']?.['x-hone-events']
  const lines = [
    ...part('path', members('path')),
    ...part('query', members('query')),
    ...part('headers', members('header')),
    ...body,
    `answer: ${json === undefined ? (events === undefined ? 'Response' : 'undefined') : typeOf(json)}`,
    ...(events === undefined ? [] : [`events: ${(events.oneOf ?? []).map(eventType).join(' | ')}`]),
  ]
  return `  /** ${summary.replaceAll('*/', '* /')} */\n  ${operationId}: {\n${lines.map((line) => `    ${line}\n`).join('')}  }\n`
}

const part = (name: string, list: readonly string[]): string[] =>
  list.length === 0 ? [] : [`${name}: { ${list.join('; ')} }`]

const eventType = ({ properties = {} }: Schema): string =>
  `{ event: ${JSON.stringify(properties['event']?.const)}; data: ${typeOf(properties['data'])}; id?: string }`

/** A JSON Schema as a type of TypeScript; what it cannot say, such as ranges, is left out. */
function typeOf(schema: Schema | boolean | undefined): string {
  if (typeof schema === 'boolean' || schema === undefined) return 'unknown'
  if (schema.$ref !== undefined) return schema.$ref.split('/').at(-1) ?? 'unknown'
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  const union = schema.anyOf ?? schema.oneOf
  if (union !== undefined) return `(${union.map(typeOf).join(' | ')})`
  if (schema.allOf !== undefined) return `(${schema.allOf.map(typeOf).join(' & ')})`
  const { type } = schema
  if (typeof type === 'object') return type.map((each) => typeOf({ ...schema, type: each })).join(' | ')
  switch (type) {
    case 'string':
      return 'string'
    case 'number':
    case 'integer':
      return 'number'
    case 'boolean':
      return 'boolean'
    case 'null':
      return 'null'
    case 'array':
      return schema.prefixItems === undefined
        ? `readonly (${typeOf(schema.items)})[]`
        : `readonly [${schema.prefixItems.map(typeOf).join(', ')}]`
    case 'object':
      return objectType(schema)
    case undefined:
    default:
      return 'unknown'
  }
}

function objectType({ properties = {}, required = [], additionalProperties }: Schema): string {
  const members = Object.entries(properties).map(([name, schema]) => {
    const about =
      schema.description === undefined ? '' : `/** ${schema.description.replaceAll('*/', '* /')} */ `
    const isRequired = required.includes(name)
    return `${about}readonly ${JSON.stringify(name)}${isRequired ? '' : '?'}: ${typeOf(schema)}${isRequired ? '' : ' | undefined'}`
  })
  if (members.length === 0) return `Readonly<Record<string, ${typeOf(additionalProperties)}>>`
  const object = `{ ${members.join('; ')} }`
  const isOpen = typeof additionalProperties === 'object'
  return isOpen ? `(${object} & Readonly<Record<string, unknown>>)` : object
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [source = '', out = ''] = process.argv.slice(2)
  const text = /^https?:/.test(source) ? await (await fetch(source)).text() : await readFile(source, 'utf8')
  await writeFile(out, apiTypesSource(JSON.parse(text) as ApiDocument))
}
