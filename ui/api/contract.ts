/** What the API takes and answers, made from its contract; the only thing that the page takes from elsewhere. */
export * from '../../examples/native-client/api-types.ts'
