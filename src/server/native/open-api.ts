import { route, type ApiRoute } from '../json-api/api-route.ts'
import { openApiDocument } from './open-api-document.ts'

/** The description of the API, which tells nothing of this home and is anyone's. */
export const openApiRoutes = (): ApiRoute[] => {
  let text: string | undefined
  return [
    route({
      name: 'getOpenApi',
      method: 'GET',
      path: '/api/openapi.json',
      action: 'anyone',
      answer: async () => {
        text ??= JSON.stringify(openApiDocument())
        return { content: { type: 'application/json', body: text } }
      },
    }),
  ]
}
