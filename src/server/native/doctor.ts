import type { ApiRoute } from '../json-api/api-route.ts'
import { doctorOperations } from './contract/doctor.ts'
import type { NativeContext } from './native-context.ts'
import { nativeRoute } from './native-route.ts'

export const doctorRoutes = ({ services }: NativeContext): ApiRoute[] => [
  nativeRoute(doctorOperations.getDoctor, ({ signal }) => services.doctor({ signal })),
]
