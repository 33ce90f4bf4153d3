import { Ajv } from 'ajv'
import { expect, test } from 'vitest'
import type { DataProblems } from '../finding.ts'
import { describedRules } from './rule-table.ts'
import { toSarif } from './sarif.ts'

const text = { type: 'object', required: ['text'], properties: { text: { type: 'string', minLength: 1 } } }
const level = { enum: ['none', 'note', 'warning', 'error'] }

/** What the schema of SARIF 2.1.0 demands of the parts that are written, with nothing beside them. */
const schema = {
  type: 'object',
  additionalProperties: false,
  required: ['version', 'runs'],
  properties: {
    $schema: { type: 'string', format: 'uri' },
    version: { const: '2.1.0' },
    runs: {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['tool'],
        properties: {
          columnKind: { enum: ['utf16CodeUnits', 'unicodeCodePoints'] },
          tool: {
            type: 'object',
            additionalProperties: false,
            required: ['driver'],
            properties: {
              driver: {
                type: 'object',
                additionalProperties: false,
                required: ['name'],
                properties: {
                  name: { type: 'string' },
                  version: { type: 'string' },
                  rules: {
                    type: 'array',
                    uniqueItems: true,
                    items: {
                      type: 'object',
                      additionalProperties: false,
                      required: ['id'],
                      properties: {
                        id: { type: 'string' },
                        shortDescription: text,
                        helpUri: { type: 'string', pattern: '^https://' },
                        defaultConfiguration: { type: 'object', properties: { level } },
                      },
                    },
                  },
                },
              },
            },
          },
          results: {
            type: 'array',
            items: {
              type: 'object',
              additionalProperties: false,
              required: ['message'],
              properties: {
                ruleId: { type: 'string' },
                ruleIndex: { type: 'integer', minimum: -1 },
                level,
                message: text,
                properties: { type: 'object' },
                locations: {
                  type: 'array',
                  items: {
                    type: 'object',
                    additionalProperties: false,
                    properties: {
                      physicalLocation: {
                        type: 'object',
                        additionalProperties: false,
                        properties: {
                          artifactLocation: {
                            type: 'object',
                            properties: { uri: { type: 'string', pattern: '^[^ ]+$' } },
                          },
                          region: {
                            type: 'object',
                            additionalProperties: false,
                            properties: { startLine: { type: 'integer', minimum: 1 }, snippet: text },
                          },
                        },
                      },
                      logicalLocations: {
                        type: 'array',
                        items: { type: 'object', properties: { fullyQualifiedName: { type: 'string' } } },
                      },
                    },
                  },
                },
              },
            },
          },
        },
      },
    },
  },
}

const problems: DataProblems = {
  counts: { error: 1, warning: 1, note: 1 },
  byRule: {},
  findings: [
    {
      id: 'json/syntax',
      severity: 'error',
      at: { file: 'x', line: 3 },
      message: 'not JSON',
      hint: 'mend it',
      fix: 'goes',
    },
    {
      id: 'bedrock/role',
      severity: 'warning',
      at: { file: 'x', line: 4, pointer: '/a' },
      message: 'm',
      excerpt: '"y"',
    },
    { id: 'bedrock/lifecycle', severity: 'note', at: {}, message: 'retired' },
  ],
}

const log = (given: DataProblems): object =>
  toSarif({ problems: given }, { uri: 'my data/x.jsonl', version: '1.0.0', rules: describedRules() })

test('what is written is valid', () => {
  const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema)
  for (const given of [problems, { ...problems, findings: [] }]) {
    validate(log(given))
    expect(validate.errors).toBeNull()
  }
  expect(validate({ version: '2.0.0', runs: [] })).toBe(false)
})

test('each result names its rule, place and fix', () => {
  expect(log(problems)).toMatchObject({
    runs: [
      {
        tool: {
          driver: { rules: [{ id: 'bedrock/role' }, { id: 'json/syntax' }, { id: 'bedrock/lifecycle' }] },
        },
        results: [
          {
            ruleId: 'json/syntax',
            ruleIndex: 1,
            level: 'error',
            message: { text: 'not JSON; mend it' },
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: 'my%20data/x.jsonl' },
                  region: { startLine: 3 },
                },
              },
            ],
            properties: { fix: 'goes' },
          },
          { ruleIndex: 0, locations: [{ logicalLocations: [{ fullyQualifiedName: '/a' }] }] },
          { ruleIndex: 2 },
        ],
      },
    ],
  })
})
